"""The steps by which staged files take the place of kept ones, each of which may be the last before a power cut.

Everything lies in ``.landkit``: ``stage-…`` is what a writer prepares, ``commit`` what holds but is not in place yet,
``history/NUMBER`` what commit NUMBER replaced. A reader sees that something changes by ``commit``, and that something
has changed by the highest number.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from landkit.errors import LockedError, UsageError
from landkit.locking import now, user_name

HOME = ".landkit"
KEPT = 20  # commits whose replaced versions are kept
FILES = "files"
PUT, REMOVE = "put", "remove"
_COMMIT, _HISTORY, _STAGE, _MANIFEST = "commit", "history", "stage-", "manifest.json"
_OPEN_ELSEWHERE = ("-wal", "-journal")  # what SQLite keeps beside a GeoPackage that a program has open
_PAUSES = (0.05, 0.2, 0.8, 0.0)  # seconds; a virus scanner lets go of a new file soon
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}


@dataclass(frozen=True)
class Commit:
    """A commit whose replaced versions are kept.

    Attributes
    ----------
    number
        Counted from 1.
    time
        When it was made, ISO 8601 with the offset from UTC.
    user
        Who made it, as the system calls them.
    purpose
        What for.
    files
        The names that it wrote or removed.
    """

    number: int
    time: str
    user: str
    purpose: str
    files: tuple[str, ...]


def history(root: str | os.PathLike[str]) -> list[Commit]:
    """Return the commits of a workspace whose replaced versions are kept, the oldest first."""
    folder = Path(root)
    manifests = [_manifest(_kept(folder, number)) for number in sorted(_numbers(folder))]
    return [
        Commit(said["number"], said["time"], said["user"], said["purpose"], tuple(said["changes"]))
        for said in manifests
        if said is not None
    ]


def last_commit(root: Path) -> int:
    """Return the number of the last commit, 0 where there is none."""
    return max(_numbers(root), default=0)


def is_half(root: Path) -> bool:
    """Return whether a commit is not in place yet."""
    return (root / HOME / _COMMIT).exists()


def former_version(root: Path, number: int, name: str) -> Path:
    """Return where the version of `name` lies that commit `number` replaced, if it did replace one."""
    return _kept(root, number) / FILES / name


def new_stage(root: Path) -> Path:
    """Return the name of a folder for staged files, in its folder `FILES`; it is not there yet."""
    return root / HOME / f"{_STAGE}{secrets.token_hex(8)}"


def inner_name(root: Path, name: str) -> str:
    """Return `name` as a path from the root with ``/`` between folders, links followed.

    Raises
    ------
    UsageError
        It is no plain name of a file inside the workspace on every system.
    """
    parts = PurePosixPath(name).parts
    if not parts or not all(_is_plain(part) for part in parts):
        raise UsageError("store.name", name=name, folder=root)
    real, top = (root / name).resolve(), root.resolve()
    if not real.is_relative_to(top) or real.is_dir():
        raise UsageError("store.name", name=name, folder=root)
    inner = real.relative_to(top)
    if inner.parts[0].casefold() == HOME:
        raise UsageError("store.name", name=name, folder=root)
    return inner.as_posix()


def _is_plain(part: str) -> bool:
    odd = any(ord(letter) < 32 or letter in '\\/:*?"<>|' for letter in part)
    return not odd and part == part.rstrip(". ") and part.split(".", maxsplit=1)[0].casefold() not in _DEVICES


def refuse_open(target: Path) -> None:
    """Refuse to replace a GeoPackage that a program has open: its unsaved part would be written over the new one.

    Raises
    ------
    LockedError
        A ``-wal`` or ``-journal`` lies beside it.
    """
    for ending in _OPEN_ELSEWHERE:
        beside = target.with_name(target.name + ending)
        if beside.exists():
            raise LockedError("store.in_use", file=target, beside=beside.name)


def commit(root: Path, stage: Path, number: int, *, purpose: str, changes: Mapping[str, str]) -> None:
    """Make what is staged the state of the workspace; under its lock.

    Parameters
    ----------
    root
        The workspace.
    stage
        A folder made with `new_stage`.
    number
        The number of the commit.
    purpose
        What for.
    changes
        `PUT` or `REMOVE` by name.

    Raises
    ------
    LockedError
        A program has one of the files open.
    OSError
        The system refuses; the old state holds.
    """
    stage.mkdir(exist_ok=True)
    for name, change in changes.items():
        refuse_open(root / name)
        if os.name == "nt" and (root / name).exists():
            (root / name).rename(root / name)  # refused while another program holds it
        if change == PUT:
            _settle_file(stage / FILES / name, like=root / name)
    _refuse_strays(stage, {name for name, change in changes.items() if change == PUT})
    manifest = {"number": number, "time": now(), "user": user_name(), "purpose": purpose, "changes": dict(changes)}
    (stage / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    _settle_file(stage / _MANIFEST, like=stage / _MANIFEST)
    for folder in (stage, *stage.rglob("*/")):
        sync_folder(folder)
    _move(stage, root / HOME / _COMMIT)  # from here on the new state holds
    sync_folder(root / HOME)
    try:
        _apply(root)
    except OSError:  # another program took a file meanwhile, or a folder lies on another disk
        _take_back(root)
        raise
    _clear(root)


def finish(root: Path) -> None:
    """Complete an interrupted commit, and remove what interrupted writers staged; under the lock of the workspace.

    Raises
    ------
    LockedError
        A program has one of the files open.
    OSError
        The system refuses.
    """
    if is_half(root):
        _apply(root)
        _clear(root)
    for stage in (root / HOME).glob(f"{_STAGE}*"):
        shutil.rmtree(stage, ignore_errors=True)


def _refuse_strays(stage: Path, names: set[str]) -> None:
    """Refuse files that were written beside those asked for: they would be lost."""
    inside = stage / FILES
    strays = {path.relative_to(inside).as_posix() for path in inside.rglob("*") if path.is_file()} - names
    if strays:
        raise ValueError(f"written beside what was staged: {', '.join(sorted(strays))}")


def _apply(root: Path) -> None:
    """Move every file of the commit into place; after an interruption it goes on where it was."""
    half = root / HOME / _COMMIT
    manifest = _manifest(half)
    if manifest is None:  # it was moved to the history: all is in place
        return
    kept = _kept(root, manifest["number"])
    kept.mkdir(parents=True, exist_ok=True)  # readers see by it that something changes
    for name, change in manifest["changes"].items():
        target, new, former = root / name, half / FILES / name, kept / FILES / name
        former.parent.mkdir(parents=True, exist_ok=True)
        if change == PUT and new.exists():
            refuse_open(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            _keep(target, former)
            _move(new, target)
        elif change == REMOVE and target.exists() and not former.exists():
            refuse_open(target)
            _move(target, former)
    for folder in {(root / name).parent for name in manifest["changes"]} | {kept.parent, kept, *kept.rglob("*/")}:
        sync_folder(folder)
    _move(half / _MANIFEST, kept / _MANIFEST)
    sync_folder(kept)


def _keep(target: Path, former: Path) -> None:
    """Keep the version at `target`, which a reader may be looking for at any moment, as `former`."""
    if former.exists() or not target.exists():
        return
    try:
        former.hardlink_to(target)  # so that the name is never without a file
    except OSError:  # not every disk has links
        _move(target, former)


def _take_back(root: Path) -> None:
    """Undo what `_apply` did before it was refused."""
    half = root / HOME / _COMMIT
    manifest = _manifest(half)
    if manifest is None:
        return
    kept = _kept(root, manifest["number"])
    for name, change in manifest["changes"].items():
        target, new, former = root / name, half / FILES / name, kept / FILES / name
        if change == PUT and not new.exists() and target.exists():
            _move(target, new)
        if former.exists():
            _move(former, target)
            former.unlink(missing_ok=True)  # renaming one link of a file to another leaves both
    _clear(root)


def _clear(root: Path) -> None:
    """End the commit, and forget the versions of old ones."""
    home = root / HOME
    done = new_stage(root)
    _move(home / _COMMIT, done)
    sync_folder(home)
    shutil.rmtree(done, ignore_errors=True)
    for number in sorted(_numbers(root))[:-KEPT]:
        shutil.rmtree(_kept(root, number), ignore_errors=True)


def _kept(root: Path, number: int) -> Path:
    return root / HOME / _HISTORY / str(number)


def _numbers(root: Path) -> list[int]:
    try:
        return [int(path.name) for path in (root / HOME / _HISTORY).iterdir() if path.name.isdecimal()]
    except OSError:
        return []


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def _settle_file(path: Path, *, like: Path) -> None:
    """Bring a file to the disk, with the permissions of the one that it replaces."""
    if os.name == "posix" and like.exists():
        path.chmod(stat.S_IMODE(like.stat().st_mode))
    handle = os.open(path, os.O_RDWR)  # Windows syncs only what may be written
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk; where that cannot be done (Windows, some networks) it comes later."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _move(source: Path, target: Path) -> None:
    """Rename in one step; on Windows after a pause if a virus scanner has just opened the file."""
    for pause in _PAUSES:
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt" or not pause:
                raise
            time.sleep(pause)
        else:
            return
