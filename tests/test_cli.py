"""The manners of the command line, whatever the command."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from landkit import __version__, errors, units
from landkit.cli import COMMANDS, main
from landkit.cli.command import command as landkit_command
from landkit.cli.help import wrap
from landkit.cli.language import user_language
from landkit.cli.options import METHODS, UNITS
from landkit.cli.output import deliver, width
from landkit.words import text


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "landkit", *arguments]
    return subprocess.run(command, capture_output=True, env={**os.environ, **environment}, check=False)


# ---------------------------------------------------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "en"),
        (["--lang", "zh"], {"LANDKIT_LANG": "en", "LC_ALL": "en_US.UTF-8"}, "zh"),
        (["area", "--lang=zh"], {}, "zh"),
        (["--lang", "en", "area", "--lang", "zh"], {}, "zh"),
        (["area", "--", "--lang", "zh"], {}, "en"),
        (["area", "--lang"], {}, "en"),
        ([], {"LANDKIT_LANG": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
        ([], {"LANDKIT_LANG": "", "LANG": "zh_CN.GBK"}, "zh"),
        ([], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "de_DE"}, "zh"),
        ([], {"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_which_language(arguments, environment, expected, monkeypatch):
    monkeypatch.setattr("landkit.cli.language._windows_speaks_chinese", lambda: False)
    assert user_language(arguments, environment) == expected


def test_without_a_locale_windows_decides(monkeypatch):
    monkeypatch.setattr("landkit.cli.language._windows_speaks_chinese", lambda: True)
    assert user_language([], {}) == "zh"
    assert user_language([], {"LANG": "en_US"}) == "en"


@pytest.mark.parametrize(("arguments", "wished"), [(["--lang", "fr"], ""), ([], "fr")])
def test_a_language_that_landkit_does_not_speak_is_refused(arguments, wished, capsys, monkeypatch):
    monkeypatch.setenv("LANDKIT_LANG", wished)
    assert main([*arguments, "--help"]) == 2
    assert "'fr'" in capsys.readouterr().err


# -------------------------------------------------------------------------------------------------------------- help


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"landkit {__version__}\n"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("arguments", [["--help"], []])
def test_the_first_page_lists_the_commands(lang, arguments, capsys):
    assert main([*arguments, "--lang", lang]) == 0
    shown = capsys.readouterr().out
    for name in COMMANDS:
        assert f"  {name} " in shown
        assert text(f"help.{name}", lang)[:20] in shown


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("order", ["{command} --help --lang {lang}", "--lang {lang} {command} --help"])
def test_a_page_is_in_the_language_asked_for(command, lang, order, capsys):
    assert main(order.format(command=command, lang=lang).split()) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(text("cli.usage", lang))
    assert text("option.help", lang) in shown
    assert f"  landkit {command}" in shown.split(text("cli.examples", lang))[1]


@pytest.mark.parametrize("columns", [60, 80, 160])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_fit_the_terminal(columns, lang, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    for name in COMMANDS:
        main([name, "--help", "--lang", lang])
        lines = capsys.readouterr().out.splitlines()
        # Usage, examples and the spelling of an option are not broken: they are there to be copied.
        prose = [line for line in lines if not line.lstrip().startswith(("landkit", "-", text("cli.usage", lang)))]
        assert max(cell_len(line) for line in prose) <= columns


WORDS = st.text(alphabet="abc xyz 亩片区收回，。（）“” 12", max_size=200)


@given(WORDS, st.integers(8, 60))
def test_wrapping_loses_nothing_and_fits(paragraph, columns):
    lines = wrap(paragraph, columns)
    assert "".join("".join(lines).split()) == "".join(paragraph.split())
    for line in lines:
        pieces = line.split()
        assert cell_len(line) <= columns or len(pieces) == 1


def test_a_line_does_not_begin_with_a_closing_mark():
    assert wrap("按片区量算，去重后", 10) == ["按片区量", "算，去重后"]


# -------------------------------------------------------------------------------------------------------- bad usage


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["bogus"], "there is no command 'bogus'", f"the commands are: {', '.join(COMMANDS)}"),
        (["--bogus"], "landkit has no option --bogus", "landkit --help lists them"),
        (["doctor", "--formt", "json"], "landkit doctor has no option --formt", "perhaps --format is meant"),
        (["doctor", "--format", "yaml"], "--format: 'yaml' is not known", "choose one of: table, json"),
        (["doctor", "--format"], "--format needs a value", "landkit doctor --help"),
        (["demo", "x", "--force=1"], "--force takes no value", "landkit demo --help"),
        (["demo"], "DIR is missing", "landkit demo --help shows an example"),
        (["demo", "a", "b", "c"], "too many arguments: b c", "landkit demo --help"),
        (["status", "--as-of", "2022-02-30"], "--as-of: '2022-02-30' is no date", "2022-06-30"),
        (["status", "--as-of", "30.6.2022"], "--as-of: '30.6.2022' is no date", "2022-06-30"),
        (["area", "--digits", "-1"], "--digits: '-1' is no whole number", "digits"),
        (["area", "--digits", "²"], "--digits: '²' is no whole number", "digits"),
    ],
)
def test_bad_usage_ends_with_2_and_a_next_step(arguments, message, hint, capsys):
    assert main(arguments) == 2
    shown = capsys.readouterr()
    first, second = shown.err.splitlines()
    assert shown.out == ""
    assert first.startswith(f"landkit: {message}")
    assert hint in second


def test_bad_usage_in_chinese(capsys):
    assert main(["demo", "--lang", "zh"]) == 2
    assert capsys.readouterr().err == "landkit: 缺少 DIR\n  landkit demo --help 有示例\n"


def test_what_click_words_alone_is_still_bad_usage():
    @landkit_command("count")
    @click.option("--times", type=int)
    def count(times: int) -> None:
        pass

    with pytest.raises(errors.UsageError, match="'x' is not a valid integer"):
        count.main(["--times", "x"], standalone_mode=False)


# ------------------------------------------------------------------------------------------------- errors and defects


def raiser(error: BaseException):
    def fail(*arguments: object, **values: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.LandkitError, 1),
        (errors.UsageError, 2),
        (errors.GateError, 3),
        (errors.CrsError, 4),
        (errors.InputError, 5),
        (errors.DatumError, 5),
        (errors.LockedError, 6),
        (errors.ClosureError, 1),
    ],
)
def test_an_error_ends_with_the_exit_code_of_its_class(kind, code, capsys, monkeypatch):
    monkeypatch.setattr("landkit.workspace.write_example", raiser(kind("cli.date", option="x", value="y")))
    assert main(["demo", "x"]) == code
    assert capsys.readouterr().err == "landkit: x: 'y' is no date\n  write it as 2022-06-30\n"


def test_a_defect_is_named_in_a_line_and_traced_when_asked(capsys, monkeypatch):
    monkeypatch.setattr("landkit.workspace.write_example", raiser(ZeroDivisionError("oh")))
    assert main(["demo", "x"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("landkit: a defect of landkit: ZeroDivisionError in ")
    assert first.endswith(": oh")
    assert "LANDKIT_DEBUG=1" in second
    monkeypatch.setenv("LANDKIT_DEBUG", "1")
    assert main(["demo", "x"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupted_command_ends_with_130_and_no_trace(capsys, monkeypatch):
    monkeypatch.setattr("landkit.workspace.write_example", raiser(KeyboardInterrupt()))
    assert main(["demo", "x"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_control_and_direction_characters_never_reach_the_terminal(capsys):
    assert main(["\x1b[31mred\u202egpj.exe\r\n\x07"]) == 2
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 2
    assert not set(shown) & set("\x1b\u202e\r\x07")


# ------------------------------------------------------------------------------------------------ streams and widths


def test_a_reader_that_stops_reading_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "landkit", "doctor"]
    ended = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("form", ["table", "json"])
def test_output_that_does_not_arrive_is_told(form):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "landkit", "doctor", "--format", form]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"landkit: <stdout> was not written")


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "gbk"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "cp1252"}],
)
def test_chinese_never_ends_a_command(environment):
    page = run("doctor", "--lang", "zh", **environment)
    assert page.returncode == 0
    assert b"Traceback" not in page.stderr
    refusal = run("area", "没有这个文件.gpkg\U0001f600", "--lang", "zh", **environment)
    assert refusal.returncode in (2, 5)
    assert b"Error" not in refusal.stderr


class Console(io.TextIOWrapper):
    """A stdout of some encoding, strict as Python makes it."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="\n")

    def written(self) -> bytes:
        self.flush()
        return self.buffer.getvalue()


DOCUMENT = {"name": "片区 é \U0001f600", "area": 1.5}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii", "cp1252"])
def test_json_reads_back_whatever_stdout_can_write(encoding, monkeypatch):
    console = Console(encoding)
    monkeypatch.setattr(sys, "stdout", console)
    deliver(json.dumps(DOCUMENT, ensure_ascii=False), form="json", output=None, force=False)
    assert json.loads(console.written().decode(encoding)) == DOCUMENT


def test_csv_on_stdout_is_the_file_that_o_writes(tmp_path, monkeypatch):
    console = Console("gbk")
    monkeypatch.setattr(sys, "stdout", console)
    page = "\ufeff片区,面积(亩)\r\n未落入片区 é,1.5\r\n"
    target = tmp_path / "t.csv"
    deliver(page, form="csv", output=None, force=False)
    deliver(page, form="csv", output=target, force=False, beside="{}")
    assert console.written() == target.read_bytes() == page.encode()
    assert (tmp_path / "t.json").read_text(encoding="utf-8") == "{}"


def test_a_taken_file_is_refused_and_nothing_is_written(tmp_path):
    (tmp_path / "t.json").write_text("mine", encoding="utf-8")
    with pytest.raises(errors.UsageError, match=r"t\.json"):
        deliver("a\r\n", form="csv", output=tmp_path / "t.csv", force=False, beside="{}")
    assert not (tmp_path / "t.csv").exists()


def test_the_width_of_tables(monkeypatch):
    monkeypatch.setenv("COLUMNS", "77")
    assert width() == 77
    monkeypatch.delenv("COLUMNS")
    monkeypatch.setattr(sys, "__stdout__", io.StringIO())
    assert width() == 160


# ----------------------------------------------------------------------------------------------------------- options


def test_the_options_name_what_the_library_knows():
    from landkit.measure import area

    assert tuple(units.UNITS) == UNITS
    assert area.METHODS == METHODS
