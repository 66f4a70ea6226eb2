"""The attribute table of a shapefile: its header, the encoding of its text, the records marked as deleted."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landkit.errors import InputError
from landkit.sources.kinds import sidecar

_CHINESE = "gb18030"  # holds all of GBK and GB 2312
# language driver ids of dBASE for the code pages met here; 0x57 says only "whatever the writing machine used"
_LANGUAGE_IDS = {0x4D: _CHINESE, 0x7A: _CHINESE, 0x4F: "big5", 0x78: "big5", 0x03: "cp1252"}
_CPG_ALIASES = {
    "936": _CHINESE,
    "gbk": _CHINESE,
    "gb2312": _CHINESE,
    "54936": _CHINESE,
    "950": "big5",
    "65001": "utf-8",
}
_DELETED = ord("*")


@dataclass(frozen=True)
class Dbf:
    """The attribute table of a shapefile: its header, and its records as bytes."""

    path: Path
    count: int
    header_length: int
    record_length: int
    language_id: int
    names: tuple[bytes, ...]
    text_slices: tuple[slice, ...]

    @cached_property
    def records(self) -> NDArray[np.uint8]:
        """The records that are there in full, shape (n, record length)."""
        whole = (self.path.stat().st_size - self.header_length) // self.record_length
        shape = (max(min(self.count, whole), 0), self.record_length)
        if 0 in shape:
            return np.empty(shape, dtype=np.uint8)
        return np.memmap(self.path, dtype=np.uint8, mode="r", offset=self.header_length, shape=shape)

    @property
    def deleted(self) -> NDArray[np.bool_]:
        """Which of the records are marked as deleted, shape (n,)."""
        return np.asarray(self.records[:, 0] == _DELETED)

    def text(self) -> list[NDArray[np.uint8]]:
        """Return the cells of each text field that hold anything but ASCII."""
        columns = [self.records[:, cut] for cut in self.text_slices]
        return [np.asarray(column[(column >= 0x80).any(axis=1)]) for column in columns]


def read_dbf(path: Path) -> Dbf:
    """Read the header of a ``.dbf`` file.

    Raises
    ------
    InputError
        It is cut short or no dBASE table.
    """
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            raise InputError("files.broken", file=path, kind="dBASE", detail="header")
        count = int.from_bytes(head[4:8], "little")
        header_length = int.from_bytes(head[8:10], "little")
        record_length = int.from_bytes(head[10:12], "little")
        fields = file.read(max(header_length - 32, 0))
    if header_length < 33 or record_length < 1:
        raise InputError("files.broken", file=path, kind="dBASE", detail="header")
    names, slices, start = [], [], 1
    for at in range(0, len(fields) - 31, 32):
        field = fields[at : at + 32]
        if field[0] == 0x0D:
            break
        names.append(field[:11].split(b"\0")[0])
        width = field[16] + (field[17] * 256 if field[11:12] == b"C" else 0)
        if field[11:12] == b"C":
            slices.append(slice(start, start + width))
        start += width
    return Dbf(path, count, header_length, record_length, head[29], tuple(names), tuple(slices))


@dataclass(frozen=True)
class Encoding:
    """How the text of a shapefile is encoded.

    Attributes
    ----------
    codec
        Python's name of it.
    basis
        What it rests on: ``cpg``, ``language_id``, ``utf8`` or ``gb18030`` (found in the bytes), ``ascii``,
        ``given`` (by a person) or ``unknown``.
    is_whole
        False where a value was cut in the middle of a character, as narrow fields do.
    """

    codec: str
    basis: str
    is_whole: bool


def encoding_of(path: Path) -> Encoding:
    """Return the encoding of a shapefile's text: that of the .cpg, else of the language id, else what its bytes can be.

    A claim that the bytes contradict is passed over.
    """
    table = sidecar(path, ".dbf")
    if table is None:
        return Encoding("utf-8", "ascii", True)
    dbf = read_dbf(table)
    cells = dbf.text()
    if all(name.isascii() for name in dbf.names) and not any(len(block) for block in cells):
        return Encoding("utf-8", "ascii", True)
    for codec, basis in _claims(path, dbf):
        fit = _fit(dbf.names, cells, codec)
        if fit is not None:
            return Encoding(codec, basis, fit)
    return Encoding("latin-1", "unknown", True)


def given_encoding(path: Path, codec: str) -> Encoding:
    """Return the encoding that a person named, whatever the files say."""
    table = sidecar(path, ".dbf")
    if table is None:
        return Encoding(codec, "given", True)
    dbf = read_dbf(table)
    return Encoding(codec, "given", bool(_fit(dbf.names, dbf.text(), codec)))


def _claims(path: Path, dbf: Dbf) -> list[tuple[str, str]]:
    claims = []
    cpg = sidecar(path, ".cpg")
    if cpg is not None and (codec := _cpg_codec(cpg)) is not None:
        claims.append((codec, "cpg"))
    if dbf.language_id in _LANGUAGE_IDS:
        claims.append((_LANGUAGE_IDS[dbf.language_id], "language_id"))
    # cp1252 fits nearly any bytes, and is what software writes that has not asked
    strong = [claim for claim in claims if claim[0] != "cp1252"]
    weak = [claim for claim in claims if claim[0] == "cp1252"]
    return [*strong, ("utf-8", "utf8"), *weak, (_CHINESE, "gb18030")]


def _cpg_codec(cpg: Path) -> str | None:
    claim = cpg.read_bytes()[:64].decode("ascii", "ignore").strip().lower()
    number = re.sub(r"^(ansi|oem|cp|windows-|ms)\s*", "", claim)
    if number in _CPG_ALIASES:
        return _CPG_ALIASES[number]
    name = re.sub(r"^8859[-_]?", "iso8859-", number) if number.startswith("8859") else number
    for candidate in (name, f"cp{name}"):
        try:
            found = codecs.lookup(candidate).name
        except (LookupError, ValueError):
            continue
        return "cp1252" if found in ("iso8859-1", "cp1252") else found
    return None


def _fit(names: tuple[bytes, ...], cells: list[NDArray[np.uint8]], codec: str) -> bool | None:
    """Return whether `codec` decodes every value whole (False: but for a last character cut off), None if not."""
    whole = True
    try:
        for block in cells:
            separated = np.pad(block, ((0, 0), (0, 1)), constant_values=0x0A)
            separated.tobytes().decode(codec)
        for name in names:
            name.decode(codec)
    except UnicodeDecodeError:
        whole = False
    if whole:
        return True
    # one by one: a codec that does not fit fails at the first few
    values = chain(names, (bytes(cell).rstrip(b" \0") for block in cells for cell in block))
    try:
        for value in values:
            codecs.getincrementaldecoder(codec)("strict").decode(value)
    except UnicodeDecodeError:
        return None
    return False
