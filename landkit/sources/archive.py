"""zip archives, unpacked under names of our own.

The names in an archive come from whoever made it: they are looked at and shown, and never become paths. What it says
of its sizes is held against caps before anything is unpacked, and zipfile stops where a member is longer than said.
"""

from __future__ import annotations

import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from landkit.errors import InputError

MOST_MEMBERS = 10_000
MOST_BYTES = 4 << 30
# Deflate makes at most 1 of 1032; tables of blanks come near it, shapes and texts stay far below
MOST_RATIO, FREE_BYTES = 500, 64 << 20

_FAILURES = (
    zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError,
    OverflowError,
)  # fmt: skip
_ENCRYPTED, _UTF8_NAME, _UNIX = 0x2041, 0x800, 3
_DRIVE = re.compile(r"[A-Za-z]:")
_IN_GEODATABASE = re.compile(
    r"a[0-9a-f]{8}\.(gdbtable|gdbtablx|gdbindexes|freelist|(\w{1,80}\.)?(atx|spx))|gdb|timestamps", re.IGNORECASE
)


@dataclass
class Allowance:
    """What may still be unpacked of one delivery, archives within it included."""

    members: int = MOST_MEMBERS
    total: int = MOST_BYTES


@dataclass(frozen=True)
class Member:
    """A dataset out of an archive: where it lies now, and what it is called in there."""

    path: Path
    name: str


@dataclass
class _Dataset:
    """The members that belong together: their stem in the archive, and by extension the entry of each."""

    stem: str
    entries: dict[str, zipfile.ZipInfo] = field(default_factory=dict)


def unpack(
    path: Path, room: Path, *, sets: Mapping[str, Collection[str]], allowance: Allowance
) -> tuple[list[Member], list[str]]:
    """Unpack what can be read of an archive into `room`, a folder of one's own.

    Parameters
    ----------
    sets
        The extensions of the files that are to be read, each with those of the files that belong to it.

    Returns
    -------
    tuple
        The datasets in the order of the archive, and the names of what was left where it is.

    Raises
    ------
    InputError
        It is damaged, is encrypted, has a member that leads out of it or has no name of its own, or is too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = _names(path, archive.infolist(), allowance)
            datasets, left = _datasets(path, names, sets)
            _spend(path, [entry for dataset in datasets for entry in dataset.entries.values()], names, allowance)
            return [member for dataset in datasets for member in _write(path, archive, dataset, room, sets)], left
    except _FAILURES as error:
        if isinstance(error, InputError):
            raise
        detail = " ".join(str(error).split())[:200]
        raise InputError("archive.broken", file=path, detail=detail) from error


def _names(path: Path, entries: list[zipfile.ZipInfo], allowance: Allowance) -> dict[zipfile.ZipInfo, str]:
    """Return the name of each member that is a file, every one of them a harmless one."""
    allowance.members -= len(entries)
    if allowance.members < 0:
        raise InputError("archive.many", file=path, count=len(entries), most=MOST_MEMBERS)
    names: dict[zipfile.ZipInfo, str] = {}
    seen: set[str] = set()
    for entry in entries:
        name = _decoded(entry).replace("\\", "/")
        parts = name.split("/")
        if name.startswith("/") or _DRIVE.match(name) or ".." in parts or "\0" in name:
            raise InputError("archive.name", file=path, member=name)
        mode = stat.S_IFMT(entry.external_attr >> 16) if entry.create_system == _UNIX else 0
        if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InputError("archive.link", file=path, member=name)
        if entry.flag_bits & _ENCRYPTED:
            raise InputError("archive.encrypted", file=path, member=name)
        plain = "/".join(part for part in parts if part not in ("", "."))
        if name.endswith("/") or not plain:
            continue
        if plain.casefold() in seen:
            raise InputError("archive.twice", file=path, member=name)
        seen.add(plain.casefold())
        names[entry] = plain
    return names


def _decoded(entry: zipfile.ZipInfo) -> str:
    """Return the name of a member; where the archive does not say UTF-8, Chinese Windows wrote GBK."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.orig_filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.orig_filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return entry.orig_filename


def _datasets(
    path: Path, names: dict[zipfile.ZipInfo, str], sets: Mapping[str, Collection[str]]
) -> tuple[list[_Dataset], list[str]]:
    known = sorted({*sets, *(suffix for parts in sets.values() for suffix in parts)}, key=len, reverse=True)
    datasets: dict[str, _Dataset] = {}
    left: list[str] = []
    for entry, name in names.items():
        if _is_junk(name):
            continue
        folder = _geodatabase(path, name)
        if folder is not None:
            base = name.rpartition("/")[2]
            if _IN_GEODATABASE.fullmatch(base):
                datasets.setdefault(f"{folder.casefold()}.gdb", _Dataset(folder)).entries[base] = entry
            continue
        suffix = next((suffix for suffix in known if name.lower().endswith(suffix)), None)
        stem = "" if suffix is None else name[: -len(suffix)]
        if suffix is None or not stem.rpartition("/")[2]:
            left.append(name)
        else:
            datasets.setdefault(stem.casefold(), _Dataset(stem)).entries[suffix] = entry
    whole = {
        key: found for key, found in datasets.items() if key.endswith(".gdb") or found.entries.keys() & sets.keys()
    }
    left += [names[entry] for key, found in datasets.items() if key not in whole for entry in found.entries.values()]
    return list(whole.values()), left


def _is_junk(name: str) -> bool:
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1].lower() in (".ds_store", "thumbs.db")


def _geodatabase(path: Path, name: str) -> str | None:
    """Return the name without ``.gdb`` of the geodatabase that a member belongs to."""
    parts = PurePosixPath(name).parts
    for number, part in enumerate(parts[:-1], start=1):
        if part.lower().endswith(".gdb"):
            return "/".join(parts[:number])[: -len(".gdb")]
    if parts[-1].lower().endswith((".gdbtable", ".gdbtablx")):
        return "/".join([*parts[:-1], path.name.split(".")[0]])  # its files without its folder
    return None


def _spend(
    path: Path, entries: Iterable[zipfile.ZipInfo], names: dict[zipfile.ZipInfo, str], allowance: Allowance
) -> None:
    for entry in entries:
        allowance.total -= entry.file_size
        if allowance.total < 0:
            raise InputError("archive.large", file=path, member=names[entry], most=MOST_BYTES >> 30)
        if entry.file_size > FREE_BYTES and entry.file_size > MOST_RATIO * entry.compress_size:
            raise InputError("archive.ratio", file=path, member=names[entry], size=entry.file_size >> 20)


def _write(
    path: Path, archive: zipfile.ZipFile, dataset: _Dataset, room: Path, sets: Mapping[str, Collection[str]]
) -> list[Member]:
    stem = room / f"member-{len(list(room.iterdir())):04}"
    if all(_IN_GEODATABASE.fullmatch(name) for name in dataset.entries):
        folder = stem.with_suffix(".gdb")
        folder.mkdir()
        for name, entry in dataset.entries.items():
            _extract(path, archive, entry, folder / name.lower() if "." not in name else folder / name)
        return [Member(folder, f"{dataset.stem}.gdb")]
    for suffix, entry in dataset.entries.items():
        _extract(path, archive, entry, stem.with_name(stem.name + suffix))
    parts = {part for suffix in dataset.entries for part in sets.get(suffix, ())}
    leads = [suffix for suffix in dataset.entries if suffix in sets and suffix not in parts]
    return [Member(stem.with_name(stem.name + suffix), dataset.stem + suffix) for suffix in leads]


def _extract(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    try:
        with archive.open(entry) as source, target.open("xb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except _FAILURES as error:
        detail = " ".join(str(error).split())[:200]
        raise InputError("archive.member", file=path, member=_decoded(entry), detail=detail) from error
