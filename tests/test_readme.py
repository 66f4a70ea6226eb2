"""What the README pages and the Python reference show is what the commands print, and what the examples return."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from pathlib import Path

import pytest

from landkit.cli import main

ROOT = Path(__file__).resolve().parents[1]
READ = {"README.md": "en", "README.zh-CN.md": "zh"}
TAUGHT = (*READ, "docs/api.md")
COLUMNS = "120"
LEFT_OUT = "…"  # a line of its own: anything, or nothing, stands there


def blocks(page: str, kind: str) -> list[str]:
    """Return the fenced blocks of a kind."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[tuple[str, str]]:
    """Return the commands of the console blocks, each with what the page says that it prints."""
    parts = [part for block in blocks(page, "console") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(part.partition("\n")[0], part.partition("\n")[2].strip("\n")) for part in parts]


def printed(shown: str) -> re.Pattern[str]:
    """Return a pattern of what a page shows, lines left out included."""
    lines = [r"(?:.*\n)*?" if line == LEFT_OUT else re.escape(line) + "\n" for line in shown.splitlines()]
    return re.compile("".join(lines))


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with the shipped workspace in it, before a terminal of a fixed width."""
    shutil.copytree(ROOT / "layers", tmp_path / "layers")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", COLUMNS)


@pytest.mark.parametrize("page", READ)
@pytest.mark.usefixtures("clone")
def test_the_commands_print_what_the_page_shows(page, capsys, monkeypatch):
    monkeypatch.setenv("LANDKIT_LANG", READ[page])
    shown = commands(page)
    assert {command.split()[1] for command, _ in shown} == {"area", "status", "layers", "demo", "doctor"}
    for command, text in shown:
        program, *arguments = shlex.split(command)
        assert program == "landkit"
        assert main(arguments) == 0, command
        out = capsys.readouterr().out
        assert printed(text).fullmatch(out), f"$ {command}\n{out}"


def test_both_pages_show_the_same_commands():
    english, chinese = ([command for command, _ in commands(page)] for page in READ)
    assert english == chinese


@pytest.mark.parametrize("page", TAUGHT)
@pytest.mark.usefixtures("clone")
def test_the_examples_return_what_the_page_shows(page):
    text = "\n".join(blocks(page, "pycon"))
    example = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert len(example.examples) > 3
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=report.append)
    assert result.failed == 0, "".join(report)
