"""One writer at a time: a lock that ends with its process, and that says who holds it."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import secrets
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from landkit.errors import LandkitError, LockedError, UsageError

_LOCK, _HOLDER = "lock", "holder.json"
_SHARING = (32, 33)  # how Windows says that another program holds a file


@contextlib.contextmanager
def held(home: Path, *, purpose: str, wait: float) -> Iterator[None]:
    """Hold the lock that lies in the folder `home`.

    Parameters
    ----------
    home
        An existing folder.
    purpose
        What for; whoever has to wait is told.
    wait
        Seconds to wait for another holder.

    Raises
    ------
    LockedError
        Another process holds it for longer than that; it is named.
    UsageError
        Nothing may be written there.
    """
    lock = FileLock(home / _LOCK, timeout=wait)
    with told(home):
        try:
            lock.acquire()
        except Timeout as error:
            raise LockedError("store.locked", folder=home.parent, **_holder(home)) from error
    try:
        _sign(home, purpose)
        yield
    finally:
        with contextlib.suppress(OSError):
            (home / _HOLDER).unlink()
        lock.release()


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn the system's refusal into words that name `path`.

    Raises
    ------
    LockedError
        Another program holds the file.
    UsageError
        It may not be written, or the disk is full or broken.
    """
    try:
        yield
    except LandkitError:
        raise
    except OSError as error:
        if getattr(error, "winerror", None) in _SHARING:
            raise LockedError("store.in_use", file=path, beside="-") from error
        if isinstance(error, PermissionError):
            raise UsageError("store.denied", file=path) from error
        raise UsageError("store.failed", file=path, reason=error.strerror or str(error)) from error


def user_name() -> str:
    """Return the name of the system's account, ``?`` where it has none."""
    with contextlib.suppress(OSError, KeyError, ImportError):  # as in containers
        return getpass.getuser()
    return "?"


def now() -> str:
    """Return the time in ISO 8601, with the offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _sign(home: Path, purpose: str) -> None:
    """Say who holds the lock; it holds as well where that cannot be written."""
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "user": user_name(), "since": now(), "command": purpose}
    draft = home / f".tmp-{secrets.token_hex(8)}.json"
    with contextlib.suppress(OSError):
        try:
            draft.write_text(json.dumps(holder, ensure_ascii=False), encoding="utf-8")
            draft.replace(home / _HOLDER)
        finally:
            draft.unlink(missing_ok=True)


def _holder(home: Path) -> dict[str, object]:
    said: Any = None
    with contextlib.suppress(OSError, ValueError):
        said = json.loads((home / _HOLDER).read_text(encoding="utf-8"))
    known = said if isinstance(said, dict) else {}
    return {key: known.get(key, "?") for key in ("pid", "host", "user", "since", "command")}
