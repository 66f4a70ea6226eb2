r"""A DXF file as plain ASCII: its text decoded, binary form spelt out, entities too bare for the reader completed.

DXF says itself how a character beyond ASCII is written (``\U+4E2D``), so that whatever reads the result needs no
encoding.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ezdxf.lldxf.const import DXFError
from ezdxf.lldxf.tagger import binary_tags_loader
from ezdxf.tools.codepage import toencoding

from landkit.errors import InputError
from landkit.sources.kinds import BINARY_DXF, is_dwg, is_dxf

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CHINESE = "gb18030"  # holds all of GBK and GB 2312
_UNICODE_SINCE = "AC1021"  # AutoCAD 2007
_MARKED_SINCE = "AC1012"  # release 13: entities have parts, each with its marker
_FIRST_MARKED_READ = "AC1015"
# Entities that the reader refuses without the marker of their part; some programs leave it out.
_MARKERS = {"LWPOLYLINE": "AcDbPolyline", "MTEXT": "AcDbMText", "SPLINE": "AcDbSpline", "HATCH": "AcDbHatch"}
_PARTS = ("VERTEX", "SEQEND", "ATTRIB")  # of the entity before them
_KEPT = ("$ACADVER", "$DWGCODEPAGE", "$INSUNITS")

# What the reader raises over a bad file
FAILURES = (
    DXFError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError, AssertionError,
    RecursionError, struct.error,
)  # fmt: skip

Tag = tuple[str, str]


@dataclass(frozen=True)
class PlainDrawing:
    """A drawing in plain ASCII, and what it says of itself.

    Attributes
    ----------
    data
        The drawing.
    header
        The header variables ``$ACADVER``, ``$DWGCODEPAGE`` and ``$INSUNITS`` that it has.
    codec
        Python's name of the encoding of its text.
    basis
        What that rests on: ``given``, ``version`` (2007 and later are UTF-8), ``codepage``, ``found`` (in the
        bytes, against what the header says or because it says nothing), ``ascii``, or ``unfit`` where no encoding
        fits every byte.
    counts
        How many entities of each type its section ENTITIES has, or lie in no section.
    completed
        How many entities lacked a marker, which was added.
    """

    data: bytes
    header: dict[str, str]
    codec: str
    basis: str
    counts: Counter[str]
    completed: int


def read_plain(path: Path, *, encoding: str | None = None) -> PlainDrawing:
    """Read a DXF file as plain ASCII.

    Parameters
    ----------
    encoding
        Of its text; where None, UTF-8 from version 2007 on, else what its code page says, unless its bytes say
        otherwise.

    Raises
    ------
    InputError
        It cannot be opened, is no DXF, or its text is not in `encoding`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("files.unreadable", file=path, detail=error.strerror) from error
    if is_dwg(data):
        raise InputError("drawing.dwg", file=path)
    if not is_dxf(data):
        raise InputError("files.not_kind", file=path, kind="DXF")
    if data.startswith(BINARY_DXF):
        data = _spelt_out(path, data)
    data = data.removeprefix(b"\xef\xbb\xbf")
    codec, basis = _encoding(path, data, encoding)
    text = data.decode(codec, "replace" if basis == "unfit" else "strict")
    tags = list(_tags(text))
    header = _header(tags)
    completed, count, counts = _completed(tags)
    version = header.get("$ACADVER", "")
    if version < _MARKED_SINCE and any(value == "AcDbEntity" for code, value in completed if code == "100"):
        completed = _as_version(completed, _FIRST_MARKED_READ)
    plain = _BEYOND_ASCII.sub(_escaped, "".join(f"{code}\n{value}\n" for code, value in completed))
    return PlainDrawing(plain.encode("ascii"), header, codec, basis, counts, count)


def _spelt_out(path: Path, data: bytes) -> bytes:
    """Return a binary drawing as text, in its own encoding."""
    version = re.search(rb"\$ACADVER\0.{1,2}(AC\d{4})", data[:1024], re.DOTALL)
    page = re.search(rb"\$DWGCODEPAGE\0.{1,2}?([A-Za-z][\w-]+)\0", data[:1024], re.DOTALL)
    is_unicode = version is not None and version[1].decode() >= _UNICODE_SINCE
    codec = "utf-8" if is_unicode else toencoding(page[1].decode() if page else "")
    lines = []
    try:
        for code, value in binary_tags_loader(data, errors="surrogateescape"):
            shown = value.hex().upper() if isinstance(value, bytes) else str(value)
            lines.append(f"{code}\n{shown}\n".encode(codec, "surrogateescape"))
    except FAILURES as error:
        raise InputError("files.broken", file=path, kind="DXF", detail=type(error).__name__) from error
    return b"".join(lines)


def _encoding(path: Path, data: bytes, given: str | None) -> tuple[str, str]:
    if given is not None:
        try:
            data.decode(given)
        except (UnicodeDecodeError, LookupError) as error:
            raise InputError("drawing.encoding", file=path, encoding=given) from error
        return given, "given"
    if data.isascii():
        return "utf-8", "ascii"
    fitting = (claim for claim in _claims(data) if _fits(data, claim[0]))
    return next(fitting, (_CHINESE, "unfit"))


def _claims(data: bytes) -> Iterator[tuple[str, str]]:
    version = re.search(rb"\$ACADVER\s+1\s+(AC\d{4})", data)
    is_unicode = version is not None and version[1].decode() >= _UNICODE_SINCE
    if is_unicode:
        yield "utf-8", "version"
    page = re.search(rb"\$DWGCODEPAGE\s+3\s+([\w-]+)", data)
    claimed = toencoding(page[1].decode("ascii", "ignore")) if page else "cp1252"
    codec = _CHINESE if claimed == "gbk" or (page and page[1].lower() == b"gb2312") else claimed
    if codec != "cp1252":
        yield codec, "found" if is_unicode else "codepage"
    yield "utf-8", "found"
    # 1252 is what programs write that have not asked, and it fits nearly any bytes; pairs of GB 2312 throughout are no
    # accident.
    if codec == "cp1252" and all(_fits(run, "gb2312") for run in _HIGH_RUN.findall(data)):
        yield _CHINESE, "found"
    if page is not None:
        yield codec, "codepage"
    yield _CHINESE, "found"


def _fits(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _tags(text: str) -> Iterator[Tag]:
    """Yield group code and value, up to the end of the drawing; comments are left out."""
    lines = iter(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    for code, value in zip(lines, lines, strict=False):
        if code.strip() == "999":
            continue
        yield code.strip(), value
        if code.strip() == "0" and value.strip() == "EOF":
            return


def _header(tags: list[Tag]) -> dict[str, str]:
    following = ((name.strip(), value.strip()) for (code, name), (_, value) in pairwise(tags) if code == "9")
    return {name: value for name, value in following if name in _KEPT}


def _completed(tags: list[Tag]) -> tuple[list[Tag], int, Counter[str]]:
    """Return the tags with the markers that were missing, how many were, and the entities by type."""
    starts = [place for place, (code, _) in enumerate(tags) if code == "0"]
    counts: Counter[str] = Counter()
    whole = tags[: starts[0]] if starts else list(tags)
    added, section = 0, ""
    for start, end in zip(starts, [*starts[1:], len(tags)], strict=True):
        kind, entity = tags[start][1].strip().upper(), tags[start:end]
        if kind == "SECTION":
            section = entity[1][1].strip().upper() if len(entity) > 1 else ""
        elif kind == "ENDSEC":
            section = ""
        elif section in ("ENTITIES", "") and kind not in ("EOF", *_PARTS):
            counts[kind] += 1
        whole.append(tags[start])
        if kind in _MARKERS and not any(code == "100" for code, _ in entity):
            whole += [("100", "AcDbEntity"), ("100", _MARKERS[kind])]
            added += 1
        whole += entity[1:]
    return whole, added, counts


def _as_version(tags: list[Tag], version: str) -> list[Tag]:
    for place in range(len(tags) - 1):
        if tags[place][0] == "9" and tags[place][1].strip() == "$ACADVER":
            return [*tags[: place + 1], ("1", version), *tags[place + 2 :]]
    head = [("0", "SECTION"), ("2", "HEADER"), ("9", "$ACADVER"), ("1", version), ("0", "ENDSEC")]
    return [*head, *tags]


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\U+{units[at : at + 2].hex().upper()}" for at in range(0, len(units), 2))
