"""Text that was decoded with the wrong code page: what it looks like, and which columns look so."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from landkit.sources.layer import Note, SourceLayer

# What no Chinese or English text holds: replacement marks, characters for private use
_STUMPS = re.compile("[\ufffd\ue000-\uf8ff]")
# Bytes of GBK or UTF-8 shown one by one, as a Western code page does
_WESTERN = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2,}"
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_WRONG_TURNS = (
    ("cp1252", "utf-8"),
    ("latin-1", "utf-8"),
    ("gb18030", "utf-8"),
    ("cp1252", "gb18030"),
    ("latin-1", "gb18030"),
)
_MOST_LOOKED_AT = 2_000
_LONGEST_SAMPLE = 40


def garbled_columns(layer: SourceLayer) -> list[Note]:
    """Return a note for each column whose name or text looks garbled, with a sample."""
    notes = []
    for position, name in enumerate(layer.frame.columns):
        if name == "geometry":
            continue
        sample = next((text for text in _texts(str(name), layer.frame.iloc[:, position]) if is_garbled(text)), None)
        if sample is not None:
            values: dict[str, object] = {
                "file": layer.member or layer.path.name,
                "column": str(name),
                "sample": sample[:_LONGEST_SAMPLE],
            }
            notes.append(Note("archive.note.garbled", values))
    return notes


def is_garbled(text: str) -> bool:
    """Return whether `text` looks as if decoded with the wrong code page."""
    if text.isascii():
        return False
    if _STUMPS.search(text):
        return True
    for wrong, right in _WRONG_TURNS:
        if wrong != "gb18030" and not _WESTERN.search(text):
            continue
        try:
            meant = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        if len(meant) < len(text) and len(_CHINESE.findall(meant)) * 2 >= sum(not char.isascii() for char in meant) > 0:
            return True
    return False


def _texts(name: str, column: pd.Series[Any]) -> list[str]:
    if not (pd.api.types.is_string_dtype(column.dtype) or column.dtype == object):
        return [name]
    # the values that are not there more than once, and not all of a long column
    values = column.drop_duplicates() if column.dtype != object else column
    return [name, *(value for value in values.head(_MOST_LOOKED_AT) if isinstance(value, str))]
