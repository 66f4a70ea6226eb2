"""Transactions on a workspace: all or nothing, one writer, nothing outside the folder, and the way back."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landkit import commits, store
from landkit.commits import HOME, KEPT, history, inner_name
from landkit.errors import InputError, LandkitError, LockedError, UsageError
from landkit.store import exclusive, recover, require_unchanged, restore, settled


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and HOME not in path.relative_to(folder).parts
    }


def refusal(call, *args, **options):
    with pytest.raises(LandkitError) as caught:
        call(*args, **options)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
        assert caught.value.hint(lang)
    return caught.value


def write(folder, *, wait=5.0, purpose="test", **files):
    with exclusive(folder, purpose=purpose, wait=wait) as transaction:
        for name, data in files.items():
            transaction.put(name.replace("__", "/").replace("_", "."), data)
    return transaction.number


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"old a")
    (tmp_path / "b.csv").write_bytes(b"old b")
    return tmp_path


def test_all_files_change_together_and_the_old_ones_are_kept(folder):
    with exclusive(folder, purpose="import x") as transaction:
        transaction.put("a.csv", b"new a")
        transaction.file("log/c.jsonl").write_bytes(b"new c")
        transaction.remove("b.csv")
        assert content(folder) == {"a.csv": b"old a", "b.csv": b"old b"}
    assert content(folder) == {"a.csv": b"new a", "log/c.jsonl": b"new c"}
    (made,) = history(folder)
    assert (made.number, made.purpose, set(made.files)) == (1, "import x", {"a.csv", "log/c.jsonl", "b.csv"})
    kept = folder / HOME / "history" / "1" / "files"
    assert content(kept) == {"a.csv": b"old a", "b.csv": b"old b"}
    assert sorted(path.name for path in (folder / HOME).iterdir()) == ["history", "lock"]


def test_an_exception_discards(folder):
    before = content(folder)

    def fail():
        with exclusive(folder, purpose="test") as transaction:
            transaction.put("a.csv", b"new")
            raise KeyError("x")

    with pytest.raises(KeyError):
        fail()
    assert content(folder) == before
    assert history(folder) == []
    assert list((folder / HOME).glob("stage-*")) == []


def test_nothing_staged_is_no_commit(folder):
    with exclusive(folder, purpose="test"):
        pass
    assert (settled(folder), history(folder)) == (0, [])


def test_what_is_staged_can_be_read_back(folder):
    with exclusive(folder, purpose="test") as transaction:
        assert transaction.current("a.csv").read_bytes() == b"old a"
        transaction.put("a.csv", b"new a")
        transaction.remove("b.csv")
        assert transaction.current("a.csv").read_bytes() == b"new a"
        assert not transaction.current("b.csv").exists()
        assert transaction.file("x.gpkg").suffix == ".gpkg"
        transaction.put("x.gpkg", b"")


def test_a_file_asked_for_and_never_written_is_no_commit(folder):
    def forget():
        with exclusive(folder, purpose="test") as transaction:
            transaction.put("a.csv", b"new a")
            transaction.file("c.csv")

    assert refusal(forget).key == "store.failed"
    assert content(folder) == {"a.csv": b"old a", "b.csv": b"old b"}


def test_what_is_written_beside_what_was_asked_for_is_no_commit(folder):
    def scatter():
        with exclusive(folder, purpose="test") as transaction:
            transaction.file("x.shp").write_bytes(b"1")
            transaction.file("x.shp").with_suffix(".dbf").write_bytes(b"2")

    with pytest.raises(ValueError, match=r"x\.dbf"):
        scatter()
    assert content(folder) == {"a.csv": b"old a", "b.csv": b"old b"}


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../a.csv", "x/../../a.csv", "/etc/x", "C:/x", "x\\y", "a.csv/", ".landkit/lock", ".LANDKIT/x",
     "con.csv", "NUL", "x.", "x ", "a\0b", "a\nb", "a?b", "sub"],
)  # fmt: skip
def test_names_that_lead_elsewhere_or_that_windows_refuses(folder, name):
    (folder / "sub").mkdir()
    with exclusive(folder, purpose="test") as transaction:
        if name == "a.csv/":  # the slash says nothing
            assert transaction.current(name) == folder / "a.csv"
            return
        for call in (transaction.file, transaction.remove, transaction.current):
            error = refusal(call, name)
            assert (type(error), error.key) == (UsageError, "store.name")


@given(st.text(max_size=30))
def test_whatever_the_name_it_stays_inside(name):
    root = Path(__file__).parent
    try:
        inner = inner_name(root, name)
    except UsageError:
        return
    assert (root / inner).resolve().is_relative_to(root.resolve())
    assert not inner.casefold().startswith(HOME + "/")


def test_links(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    try:
        (folder / "out").symlink_to(outside)
        (folder / "in.csv").symlink_to("a.csv")
    except OSError:
        pytest.skip("links need a right that this account has not")
    with exclusive(folder, purpose="test") as transaction:
        assert refusal(transaction.file, "out/x.csv").key == "store.name"
        transaction.put("in.csv", b"new a")
    assert (folder / "in.csv").is_symlink()
    assert (folder / "a.csv").read_bytes() == b"new a"


@pytest.mark.skipif(os.name != "posix", reason="permissions come from the folder there")
def test_a_new_version_has_the_permissions_of_the_old(folder):
    (folder / "a.csv").chmod(0o640)
    write(folder, a_csv=b"new")
    assert (folder / "a.csv").stat().st_mode & 0o777 == 0o640


# One writer


def test_who_has_to_wait_is_told_for_whom(folder):
    with exclusive(folder, purpose="import usb"):
        holder = json.loads((folder / HOME / "holder.json").read_text(encoding="utf-8"))
        assert (holder["pid"], holder["command"]) == (os.getpid(), "import usb")
        error = refusal(write, folder, wait=0.1, a_csv=b"x")
    assert (type(error), error.exit_code, error.key) == (LockedError, 6, "store.locked")
    assert str(os.getpid()) in error.message("en")
    assert "import usb" in error.message("zh")
    assert not (folder / HOME / "holder.json").exists()
    write(folder, a_csv=b"x")


def test_a_lock_ends_with_its_process(folder):
    script = (
        "import sys, time\nfrom landkit.store import exclusive\n"
        "with exclusive(sys.argv[1], purpose='stuck') as t:\n"
        "    t.put('a.csv', b'never')\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        assert "stuck" in refusal(write, folder, wait=0.1, a_csv=b"x").message("en")
        process.kill()
    write(folder, b_csv=b"new b")
    assert content(folder) == {"a.csv": b"old a", "b.csv": b"new b"}
    assert list((folder / HOME).glob("stage-*")) == []


def test_a_file_that_qgis_has_open(folder):
    (folder / "x.gpkg").write_bytes(b"old")
    (folder / "x.gpkg-wal").write_bytes(b"")
    with exclusive(folder, purpose="test") as transaction:
        for call in (transaction.file, transaction.remove):
            error = refusal(call, "x.gpkg")
            assert (type(error), error.values["beside"]) == (LockedError, "x.gpkg-wal")
    assert content(folder)["x.gpkg"] == b"old"

    def opened_meanwhile():
        (folder / "x.gpkg-wal").unlink()
        with exclusive(folder, purpose="test") as transaction:
            transaction.put("a.csv", b"new a")
            transaction.put("x.gpkg", b"new")
            (folder / "x.gpkg-journal").write_bytes(b"1")

    assert refusal(opened_meanwhile).key == "store.in_use"
    assert content(folder)["x.gpkg"] == b"old"
    assert content(folder)["a.csv"] == b"old a"


# Refusals of the system


def test_no_folder(tmp_path):
    error = refusal(write, tmp_path / "gone", a_csv=b"x")
    assert (type(error), error.exit_code) == (UsageError, 2)
    assert not isinstance(error, InputError)


@pytest.mark.parametrize("step", range(1, 12))
@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_refusal_at_any_step_leaves_the_old_state(folder, monkeypatch, step, links):
    """Whichever rename of a commit the system refuses, the files are all old, or all new and nothing is raised."""
    before = content(folder)
    real, count = commits._move, 0

    def refuse(source, target):
        nonlocal count
        count += 1
        if count == step:
            raise OSError(28, "No space left on device")
        real(source, target)

    def no_links(path, target):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(commits, "_move", refuse)
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)

    def change():
        with exclusive(folder, purpose="test") as transaction:
            transaction.put("a.csv", b"new a")
            transaction.remove("b.csv")
            transaction.put("c.csv", b"new c")

    after = {"a.csv": b"new a", "c.csv": b"new c"}
    try:
        change()
    except UsageError as error:
        assert error.key == "store.failed"  # noqa: PT017 - at some steps nothing fails
        settled(folder)
        assert content(folder) in (before, after)
        # Once everything is in place only the tidying up can fail.
        assert content(folder) == before or count > 5
    else:
        assert content(folder) == after
    monkeypatch.undo()
    assert write(folder, a_csv=b"next") >= 1
    assert content(folder)["a.csv"] == b"next"


class PowerCut(BaseException):
    """What no code can catch, as far as these tests go."""


def cut_at(step, monkeypatch):
    """Let no rename, link or new folder of a commit happen from the `step`-th on."""
    count = 0

    def counted(real):
        def call(*args, **options):
            nonlocal count
            count += 1
            if count >= step:
                raise PowerCut
            return real(*args, **options)

        return call

    for name in ("replace", "hardlink_to", "mkdir"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))


def refuse_links(path, target):
    raise OSError(95, "no links")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("step", range(1, 30))
def test_a_cut_at_any_step_leaves_one_state_or_the_other(folder, monkeypatch, step, links):
    before, after = content(folder), {"a.csv": b"new a", "sub/c.csv": b"new c"}
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse_links)
    with monkeypatch.context() as patch:
        cut_at(step, patch)
        try:
            with exclusive(folder, purpose="test") as transaction:
                transaction.put("a.csv", b"new a")
                transaction.remove("b.csv")
                transaction.put("sub/c.csv", b"new c")
        except PowerCut:
            reported = False
        else:
            reported = True
    settled(folder)
    assert content(folder) == after if reported else content(folder) in (before, after)
    if content(folder) == after:
        (made,) = history(folder)
        assert content(folder / HOME / "history" / str(made.number) / "files") == before
    write(folder, a_csv=b"next")
    assert content(folder)["a.csv"] == b"next"
    assert list((folder / HOME).glob("stage-*")) == []


# Readers


def interrupted(folder, monkeypatch):
    """Leave a commit half in place."""

    def cut(source, target):
        if source.name == "b.csv":
            raise PowerCut
        source.replace(target)

    with monkeypatch.context() as patch:
        patch.setattr(commits, "_move", cut)
        with pytest.raises(PowerCut):
            write(folder, a_csv=b"new a", b_csv=b"new b")
    assert content(folder) == {"a.csv": b"new a", "b.csv": b"old b"}


def test_a_reader_completes_what_was_interrupted(folder, monkeypatch):
    interrupted(folder, monkeypatch)
    assert settled(folder) == 1
    assert content(folder) == {"a.csv": b"new a", "b.csv": b"new b"}


def test_a_reader_that_may_not_write_never_sees_half(folder, monkeypatch):
    interrupted(folder, monkeypatch)

    def denied(*args, **options):
        raise UsageError("store.denied", file=folder)

    monkeypatch.setattr(store, "held", denied)
    error = refusal(recover, folder, wait=0.2)
    assert (type(error), error.key) == (LockedError, "store.half")
    # while someone who may is about it
    other = threading.Timer(0.3, lambda: (folder / HOME / "commit").rename(folder / HOME / "stage-x"))
    other.start()
    recover(folder, wait=10)
    other.join()


def test_a_gpkg_opened_between_interruption_and_recovery_is_not_replaced(folder, monkeypatch):
    interrupted(folder, monkeypatch)
    (folder / "b.csv-wal").write_bytes(b"")
    assert refusal(settled, folder).key == "store.in_use"
    (folder / "b.csv-wal").unlink()
    assert settled(folder) == 1


def test_a_reader_notices_a_commit(folder, monkeypatch):
    number = settled(folder)
    require_unchanged(folder, number)
    write(folder, a_csv=b"x")
    error = refusal(require_unchanged, folder, number)
    assert (type(error), error.key) == (LockedError, "store.changed")
    number = settled(folder)
    write(folder, a_csv=b"old a")
    interrupted(folder, monkeypatch)
    assert refusal(require_unchanged, folder, number + 1).key == "store.changed"


# The way back


def test_what_a_commit_replaced_comes_back(folder):
    before = content(folder)
    with exclusive(folder, purpose="import") as transaction:
        transaction.put("a.csv", b"new a")
        transaction.remove("b.csv")
        transaction.put("c.csv", b"new c")
    assert restore(folder, 1) == 2
    assert content(folder) == before
    assert restore(folder, 2) == 3
    assert content(folder) == {"a.csv": b"new a", "c.csv": b"new c"}


def test_a_later_change_is_not_undone_on_the_way(folder):
    write(folder, a_csv=b"1", purpose="first")
    write(folder, b_csv=b"2", purpose="second")
    write(folder, a_csv=b"3", purpose="third")
    error = refusal(restore, folder, 1)
    assert (type(error), error.values["file"], error.values["later"]) == (UsageError, "a.csv", 3)
    restore(folder, 2)
    assert content(folder) == {"a.csv": b"3", "b.csv": b"old b"}
    assert refusal(restore, folder, 9).key == "store.no_commit"


def test_the_history_is_bounded(folder):
    for turn in range(KEPT + 3):
        write(folder, a_csv=b"%d" % turn)
    assert [made.number for made in history(folder)] == list(range(4, KEPT + 4))
    assert refusal(restore, folder, 1).key == "store.no_commit"


# Four writers at once


def append_rows(folder, writer, rows):
    """Append rows one by one, as an import does: read under the lock, merge, write."""
    for row in range(rows):
        with exclusive(folder, purpose=f"writer {writer}", wait=120) as transaction:
            data = transaction.current("rows.csv").read_bytes()
            transaction.put("rows.csv", data + f"{writer},{row}\n".encode())


def test_four_writers_at_once(tmp_path):
    (tmp_path / "rows.csv").write_bytes(b"writer,row\n")
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=append_rows, args=(tmp_path, writer, 15)) for writer in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    rows = (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert sorted(rows) == sorted(f"{writer},{row}" for writer in range(4) for row in range(15))
    assert settled(tmp_path) == 60
