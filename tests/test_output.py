"""Files appear whole or not at all, and an old file survives every failure."""

import contextlib
import os
import stat
from pathlib import Path

import pytest

from landkit.errors import UsageError
from landkit.products.output import check_targets, write_all

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions, links and pipes as POSIX has them")
NOT_ROOT = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@contextlib.contextmanager
def refused(key, path):
    """Expect a usage error whose words name the path in both languages."""
    with pytest.raises(UsageError) as caught:
        yield caught
    assert caught.value.key == key
    assert caught.value.exit_code == 2
    for lang in ("en", "zh"):
        assert str(path) in caught.value.message(lang)
        assert caught.value.hint(lang)


def failing_on(call, number, error):
    """Wrap `call` so that its call number `number` raises `error`."""
    calls = []

    def wrapped(*args, **kwargs):
        calls.append(args)
        if len(calls) == number:
            raise error
        return call(*args, **kwargs)

    return wrapped


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "面积.csv"
    path.write_bytes(b"old")
    return path


FULL = OSError(28, "No space left on device")


def test_new_file(tmp_path):
    path = tmp_path / "片区 1.csv"
    write_all({path: b"a\r\n"}, force=False)
    assert path.read_bytes() == b"a\r\n"
    assert names(tmp_path) == ["片区 1.csv"]


def test_existing_file_needs_force(old):
    with refused("output.exists", old):
        write_all({old: b"new"}, force=False)
    assert old.read_bytes() == b"old"
    write_all({old: b"new"}, force=True)
    assert old.read_bytes() == b"new"
    assert names(old.parent) == [old.name]


def test_draft_lies_beside_and_keeps_the_ending(old, monkeypatch):
    seen = []
    replace = Path.replace

    def spy(self, target):
        seen.append((self, self.read_bytes(), Path(target).read_bytes()))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", spy)
    write_all({old: b"new"}, force=True)
    [(draft, content, before)] = seen
    assert draft.parent == old.parent
    assert draft.name.startswith(".tmp-")
    assert draft.suffix == ".csv"
    assert (content, before) == (b"new", b"old")


def test_synced_before_it_is_renamed(old, monkeypatch):
    order = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("fsync"), fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, target: (order.append("rename"), replace(self, target))[1])
    write_all({old: b"new"}, force=True)
    assert order[:2] == ["fsync", "rename"]
    assert order[2:] in (["fsync"], [])  # the folder, where it can be


@pytest.mark.parametrize("call", [(os, "replace"), (os, "fsync"), (Path, "open")])
@pytest.mark.parametrize(
    ("error", "key"), [(FULL, "output.failed"), (PermissionError(13, "Permission denied"), "output.denied")]
)
def test_failure_leaves_the_old_file_and_no_draft(old, monkeypatch, call, error, key):
    monkeypatch.setattr(*call, failing_on(getattr(*call), 1, error))
    with refused(key, old):
        write_all({old: b"new"}, force=True)
    monkeypatch.undo()
    assert old.read_bytes() == b"old"
    assert names(old.parent) == [old.name]


def test_reason_is_told(old, monkeypatch):
    monkeypatch.setattr(os, "fsync", failing_on(os.fsync, 1, FULL))
    with pytest.raises(UsageError) as caught:
        write_all({old: b"new"}, force=True)
    assert "No space left on device" in caught.value.message("en")


def test_interrupt_leaves_no_draft(old, monkeypatch):
    monkeypatch.setattr(os, "fsync", failing_on(os.fsync, 1, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write_all({old: b"new"}, force=True)
    assert old.read_bytes() == b"old"
    assert names(old.parent) == [old.name]


@POSIX
def test_folder_that_cannot_be_synced_is_no_failure(old, monkeypatch):
    monkeypatch.setattr(os, "fsync", failing_on(os.fsync, 2, OSError(22, "Invalid argument")))
    write_all({old: b"new"}, force=True)
    assert old.read_bytes() == b"new"


def test_folder_missing(tmp_path):
    path = tmp_path / "no" / "a.csv"
    with refused("output.folder", path):
        write_all({path: b""}, force=False)
    assert names(tmp_path) == []


def test_folder_is_a_file(old):
    path = old / "a.csv"
    with refused("output.folder", path):
        write_all({path: b""}, force=True)
    assert old.read_bytes() == b"old"


@pytest.mark.parametrize("force", [True, False])
def test_path_is_a_folder(tmp_path, force):
    with refused("output.kind", tmp_path):
        write_all({tmp_path: b""}, force=force)


@POSIX
def test_path_is_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with refused("output.kind", pipe):
        write_all({pipe: b""}, force=True)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@POSIX
@NOT_ROOT
def test_folder_without_permission(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with refused("output.denied", folder / "a.csv"):
        write_all({folder / "a.csv": b""}, force=False)


def test_name_too_long(tmp_path):
    path = tmp_path / ("x" * 300 + ".csv")
    with refused("output.failed", path):
        write_all({path: b""}, force=False)
    assert names(tmp_path) == []


@POSIX
def test_permissions_are_handed_on(old):
    old.chmod(0o600)
    write_all({old: b"new"}, force=True)
    assert stat.S_IMODE(old.stat().st_mode) == 0o600


@POSIX
def test_link_stays_a_link(old, tmp_path):
    link = tmp_path / "latest.csv"
    link.symlink_to(old)
    write_all({link: b"new"}, force=True)
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


# --- several files ------------------------------------------------------------------------------------------------


def test_set(tmp_path):
    files = {tmp_path / "a.csv": b"1", tmp_path / "a.json": b"2"}
    write_all(files, force=False)
    assert {path: path.read_bytes() for path in files} == files
    assert names(tmp_path) == ["a.csv", "a.json"]


def test_set_with_one_name_taken_writes_nothing(old):
    other = old.with_suffix(".json")
    with refused("output.exists", old):
        write_all({other: b"{}", old: b"new"}, force=False)
    assert names(old.parent) == [old.name]
    assert old.read_bytes() == b"old"


def test_set_whose_second_file_does_not_fit_changes_nothing(old, monkeypatch):
    other = old.with_suffix(".json")
    monkeypatch.setattr(os, "fsync", failing_on(os.fsync, 2, FULL))
    with refused("output.failed", other):
        write_all({old: b"new", other: b"{}"}, force=True)
    assert old.read_bytes() == b"old"
    assert names(old.parent) == [old.name]


def test_set_half_in_place_says_so(old, monkeypatch):
    other = old.with_suffix(".json")
    monkeypatch.setattr(Path, "replace", failing_on(Path.replace, 2, FULL))
    with refused("output.partly", other) as caught:
        write_all({old: b"new", other: b"{}"}, force=True)
    assert str(old) in caught.value.message("zh")
    assert names(old.parent) == [old.name]


def test_same_file_twice(tmp_path):
    (tmp_path / "sub").mkdir()
    again = tmp_path / "sub" / ".." / "a.json"
    with refused("output.twice", again):
        write_all({tmp_path / "a.json": b"1", again: b"2"}, force=True)
    assert names(tmp_path) == ["sub"]


def test_targets_can_be_checked_beforehand(old):
    with refused("output.exists", old):
        check_targets([old], force=False)
    assert check_targets([old], force=True) == {old: old.resolve()}
    assert old.read_bytes() == b"old"
