"""MapInfo files whose text is in a code page that they do not name, or name wrongly."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
from pyogrio.raw import read

from landkit.errors import InputError
from landkit.sources.kinds import Kind, read_head
from landkit.sources.layer import Note
from landkit.sources.records import FAILURES, Records, offline, one_line, read_gdal, unreadable
from landkit.sources.shapes import decode

_CHARSET = re.compile(rb'(^\s*!?charset\s+"?)([\w-]+)', re.IGNORECASE | re.MULTILINE)
_NEUTRAL = b"Neutral"  # GDAL hands such text over byte for byte
_CODECS = ("utf-8", "gb18030")


def read_mapinfo(path: Path, kind: Kind, *, codec: str | None = None) -> Records:
    """Read a file, with its text decoded by `codec`, or where the file names no code page by what its bytes can be.

    A `codec` holds only where the file names no code page; `neutral` makes it so.

    Raises
    ------
    InputError
        It is damaged.
    """
    charset = _CHARSET.search(read_head(path))
    if charset is not None and charset.group(2) != _NEUTRAL:
        return read_gdal(path, kind)
    try:
        with offline():
            meta, fids, wkb, columns = read(path.resolve(), encoding="ISO-8859-1", return_fids=True)
        nothing = np.full(len(fids), None, dtype=object)
        shapes, broken = decode(nothing if wkb is None else np.asarray(wkb, dtype=object))
    except (*FAILURES, NotImplementedError) as error:
        raise InputError("files.broken", file=path, kind=kind.name, detail=one_line(error)) from error
    names = [str(name) for name in meta["fields"]]
    texts = [*names, *(text for column in columns if column.dtype == object for text in column if text is not None)]
    basis = codec or _codec_of(b"\n".join(text.encode("latin-1") for text in texts if not text.isascii()))

    def decoded(text: str) -> str:
        return text.encode("latin-1").decode(basis, "replace")

    values = {
        decoded(name): pd.Series(column).map(decoded, na_action="ignore").astype("str")
        if column.dtype == object
        else pd.Series(column)
        for name, column in zip(names, columns, strict=True)
    }
    attributes = pd.DataFrame(values, index=pd.RangeIndex(len(shapes)))
    records = Records(attributes, shapes, unreadable(broken), fids, meta["crs"], str(meta["geometry_type"]))
    if codec is None and not all(text.isascii() for text in texts):
        found = {"utf-8": "utf8", "gb18030": "gb18030", "latin-1": "unknown"}[basis]
        records.notes.append(Note(f"files.note.encoding_{found}"))
    return records


def neutral(path: Path) -> None:
    """Make the file at `path`, a copy of one's own, name no code page."""
    path.write_bytes(_CHARSET.sub(rb"\g<1>" + _NEUTRAL, path.read_bytes(), count=1))


def _codec_of(data: bytes) -> str:
    for codec in _CODECS:
        try:
            data.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    return "latin-1"
