"""What of a folder is a delivery: its files without those that belong to another one."""

from __future__ import annotations

import os
from pathlib import Path

from landkit.errors import InputError
from landkit.sources.kinds import KINDS

# What offices, systems and GIS programs leave beside a delivery
_LEFT_BEHIND = ("thumbs.db", "desktop.ini", ".ds_store")
_TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
_BESIDE = (".sbn", ".sbx", ".shp.xml", ".aux.xml", ".qmd", ".qml", ".qix", ".gpkg-wal", ".gpkg-shm", ".xml", ".ovr")


def deliveries(path: Path) -> list[Path]:
    """Return the files to read at `path`, in the order of their names: itself, or for a folder all files below it.

    Spreadsheets come last, since ledgers speak of the land that the others bring. Left out are hidden files, those of
    open documents (``~$``), and what belongs to a file beside it. A ``.gdb`` folder is one delivery. Links and devices
    are listed, for the reader to refuse by name; links to folders are not followed.

    Raises
    ------
    InputError
        There is nothing at `path`, or the folder holds no file.
    """
    if not os.path.lexists(path):
        raise InputError("files.missing", file=path)
    if path.is_symlink() or not path.is_dir() or path.suffix.lower() == ".gdb":
        return [path]
    found = sorted(_below(path), key=lambda file: (file.suffix.lower() in _TABLES, str(file).casefold()))
    if not found:
        raise InputError("intake.empty_folder", folder=path)
    return found


def _below(folder: Path) -> list[Path]:
    entries = sorted(folder.iterdir())
    names = {entry.name.casefold() for entry in entries}
    found: list[Path] = []
    for entry in entries:
        name = entry.name.casefold()
        if name.startswith((".", "~$", "__macosx")) or name in _LEFT_BEHIND or _belongs(name, names):
            continue
        if entry.is_dir() and not entry.is_symlink() and entry.suffix.lower() != ".gdb":
            found += _below(entry)
        else:
            found.append(entry)
    return found


def _belongs(name: str, names: set[str]) -> bool:
    """Return whether a file is a part of another one beside it."""
    stem = name.split(".", maxsplit=1)[0] if name.endswith(_BESIDE) else name.rpartition(".")[0]
    for kind in KINDS:
        leads = [stem + suffix for suffix in kind.suffixes if stem + suffix in names and stem + suffix != name]
        if leads and name.endswith((*kind.sidecars, *_BESIDE)):
            return True
    return False
