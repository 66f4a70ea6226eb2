"""Files that appear whole or not at all: written beside, brought to the disk, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from landkit.commits import sync_folder
from landkit.errors import UsageError


def write_all(files: Mapping[Path, bytes], *, force: bool) -> None:
    """Write files that belong together: none is put in place before all are on the disk.

    Whatever happens, each is the old one or the new one, whole. A file behind a symbolic link is replaced, not the
    link; a file that is replaced hands on its permissions.

    Parameters
    ----------
    files
        The bytes of each file, in a folder that exists.
    force
        Replace files that exist.

    Raises
    ------
    UsageError
        As `check_targets`; or if the disk refuses a file. Should it do so when others of the set are in place already,
        the error names those.
    """
    targets = check_targets(files, force=force)
    # The ending is kept: some programs go by it.
    drafts = {path: target.with_name(f".tmp-{secrets.token_hex(8)}{target.suffix}") for path, target in targets.items()}
    try:
        for path, data in files.items():
            with _told(path):
                _write_draft(drafts[path], data, like=targets[path])
        _put_in_place(drafts, targets)
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
    for folder in {target.parent for target in targets.values()}:
        sync_folder(folder)


def check_targets(paths: Iterable[Path], *, force: bool) -> dict[Path, Path]:
    """Return the real file behind each path, if all may be written; worth asking before a long computation.

    Raises
    ------
    UsageError
        If a file exists and `force` is not given, a folder is missing or may not be read, a path is a folder or a
        device, or two paths are the same file.
    """
    targets: dict[Path, Path] = {}
    for path in paths:
        target = Path(os.path.realpath(path))
        if target in targets.values():
            raise UsageError("output.twice", path=str(path))
        with _told(path):
            if target.exists() and not target.is_file():
                raise UsageError("output.kind", path=str(path))
            if target.exists() and not force:
                raise UsageError("output.exists", path=str(path))
            if not target.parent.is_dir():
                raise UsageError("output.folder", path=str(path))
        targets[path] = target
    return targets


def _write_draft(draft: Path, data: bytes, *, like: Path) -> None:
    with draft.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    # On Windows permissions come from the folder, and a read-only draft could be neither renamed nor removed.
    if os.name == "posix" and like.exists():
        shutil.copymode(like, draft)


def _put_in_place(drafts: Mapping[Path, Path], targets: Mapping[Path, Path]) -> None:
    placed: list[str] = []
    for path, target in targets.items():
        try:
            drafts[path].replace(target)
        except OSError as error:
            if not placed:
                raise _refusal(path, error) from error
            written = ", ".join(placed)
            raise UsageError("output.partly", path=str(path), reason=_reason(error), written=written) from error
        placed.append(str(path))


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn the system's refusal into words that name the path that the user gave."""
    try:
        yield
    except OSError as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: OSError) -> UsageError:
    if isinstance(error, PermissionError):
        return UsageError("output.denied", path=str(path))
    return UsageError("output.failed", path=str(path), reason=_reason(error))


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
