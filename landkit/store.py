"""What a workspace keeps is replaced under a lock, all of it or nothing, whatever ends the process on the way.

A transaction writes its files into a staging folder inside ``.landkit`` and brings them to the disk. The rename of that
folder to ``.landkit/commit`` is the moment from which the new state holds: before it everything is as it was, after it
whoever opens the workspace next completes what is left to do. Replaced versions stay in ``.landkit/history``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from landkit.commits import (
    FILES,
    HOME,
    KEPT,
    PUT,
    REMOVE,
    Commit,
    commit,
    finish,
    former_version,
    history,
    inner_name,
    is_half,
    last_commit,
    new_stage,
    refuse_open,
)
from landkit.errors import LockedError, UsageError
from landkit.locking import held, told

__all__ = [
    "HOME", "KEPT", "Commit", "Transaction", "exclusive", "history", "recover", "require_unchanged", "restore",
    "settled", "told",
]  # fmt: skip

_WAIT = 30.0  # seconds
_POLL = 0.05


class Transaction:
    """Changes to a workspace that take effect together.

    Attributes
    ----------
    root
        The folder of the workspace.
    number
        The number that the commit will have.
    purpose
        What it is for.
    changes
        What becomes of each name: ``put`` or ``remove``.
    """

    def __init__(self, root: Path, number: int, purpose: str) -> None:
        self.root = root
        self.number = number
        self.purpose = purpose
        self.changes: dict[str, str] = {}
        self.stage = new_stage(root)

    def file(self, name: str) -> Path:
        """Return where to write the new version of `name`; it has the same suffix.

        Parameters
        ----------
        name
            A path inside the workspace, with ``/`` between folders.

        Raises
        ------
        UsageError
            The name leads out of the workspace, or nothing can be written.
        LockedError
            Another program has the file open.
        """
        path = self._changed(name, PUT)
        with told(self.root / name):
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, name: str, data: bytes) -> None:
        """Make `data` the new version of `name`.

        Raises
        ------
        UsageError, LockedError
            As `file`.
        """
        path = self.file(name)
        with told(self.root / name):
            path.write_bytes(data)

    def remove(self, name: str) -> None:
        """Remove `name`; its last version stays in the history.

        Raises
        ------
        UsageError, LockedError
            As `file`.
        """
        path = self._changed(name, REMOVE)
        with told(self.root / name):
            path.unlink(missing_ok=True)

    def current(self, name: str) -> Path:
        """Return where to read `name` as this transaction will leave it; nothing is there where it will not exist.

        Raises
        ------
        UsageError
            The name leads out of the workspace.
        """
        inner = inner_name(self.root, name)
        return self.stage / FILES / inner if inner in self.changes else self.root / inner

    def _changed(self, name: str, change: str) -> Path:
        inner = inner_name(self.root, name)
        refuse_open(self.root / inner)
        self.changes[inner] = change
        return self.stage / FILES / inner


@contextlib.contextmanager
def exclusive(root: str | os.PathLike[str], *, purpose: str, wait: float = _WAIT) -> Iterator[Transaction]:
    """Be the only writer of a workspace; what is written is in place when the block ends, and discarded if it raises.

    Open the workspace inside the block: what was read before may have changed until the lock was got.

    Parameters
    ----------
    root
        The folder of the workspace.
    purpose
        What for, in a few words: whoever has to wait is told, and the history keeps it.
    wait
        Seconds to wait for another writer.

    Raises
    ------
    LockedError
        Another process writes for longer than `wait`, or another program has one of the files open.
    UsageError
        The disk is full or refuses. In either case what was there is unchanged.
    """
    folder = Path(root)
    home = folder / HOME
    with told(folder):
        home.mkdir(exist_ok=True)
    with held(home, purpose=purpose, wait=wait):
        with told(folder):
            finish(folder)
        transaction = Transaction(folder, last_commit(folder) + 1, purpose)
        try:
            yield transaction
            if transaction.changes:
                with told(folder):
                    commit(
                        folder,
                        transaction.stage,
                        transaction.number,
                        purpose=purpose,
                        changes=transaction.changes,
                    )
        finally:
            shutil.rmtree(transaction.stage, ignore_errors=True)


def settled(root: Path, *, wait: float = _WAIT) -> int:
    """Return the number of the last commit, after one that was interrupted is completed or one under way has ended.

    Raises
    ------
    LockedError
        Neither happens within `wait` seconds.
    """
    if is_half(root):
        recover(root, wait=wait)
    return last_commit(root)


def require_unchanged(root: Path, number: int) -> None:
    """Refuse to go on where a commit was made after the one of that number, or is under way.

    Raises
    ------
    LockedError
        What was read may be of two states of the workspace.
    """
    if is_half(root) or last_commit(root) != number:
        raise LockedError("store.changed", folder=root)


def recover(root: str | os.PathLike[str], *, wait: float = _WAIT) -> None:
    """Complete a commit that was interrupted; one that is under way is waited for.

    Raises
    ------
    LockedError
        It is not complete after `wait` seconds, or another program has one of its files open.
    """
    folder = Path(root)
    try:
        with held(folder / HOME, purpose="recover", wait=wait), told(folder):
            finish(folder)
    except UsageError as error:
        # Who may only read cannot complete it, but may see the one who writes do so.
        until = time.monotonic() + wait
        while is_half(folder):
            if time.monotonic() > until:
                raise LockedError("store.half", folder=folder) from error
            time.sleep(_POLL)


def restore(root: str | os.PathLike[str], number: int, *, leave: tuple[str, ...] = (), wait: float = _WAIT) -> int:
    """Put back what commit `number` replaced; files that it made are removed.

    Parameters
    ----------
    leave
        What the names of files begin with that stay as they are: logs, which are only ever added to.

    Returns
    -------
    int
        The number of the commit that does so.

    Raises
    ------
    UsageError
        There is no such commit, its versions are no longer kept, or a later one changed a file of it.
    LockedError
        As `exclusive`.
    """
    folder = Path(root)
    with exclusive(folder, purpose=f"restore {number}", wait=wait) as transaction:
        for name in _restorable(folder, number, leave):
            former = former_version(folder, number, name)
            if former.is_file():
                with told(folder / name):
                    shutil.copyfile(former, transaction.file(name))
            else:
                transaction.remove(name)
    return transaction.number


def _restorable(root: Path, number: int, leave: tuple[str, ...]) -> list[str]:
    commits = {found.number: found for found in history(root)}
    if number not in commits:
        raise UsageError("store.no_commit", number=number, known=", ".join(map(str, commits)) or "-")
    wanted = commits[number]
    names = [name for name in wanted.files if not name.startswith(leave)]
    for later in commits.values():
        both = sorted({*later.files} & {*names})
        if later.number > number and both:
            raise UsageError("store.touched_since", number=number, file=both[0], later=later.number)
    return names
