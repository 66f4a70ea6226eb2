"""The words people read, in English and Chinese.

Each room has a module here whose ``ENTRIES`` maps a key to its ``(English, Chinese)`` pair. The terms are those of the
land office's own vocabulary; data values are never translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

LANGUAGES = ("en", "zh")
ROOMS = (
    "account",
    "archive",
    "area",
    "checks",
    "decisions",
    "drawing",
    "export",
    "figures",
    "files",
    "georeference",
    "intake",
    "mapping",
    "query",
    "redline",
    "sheets",
    "shell",
    "status",
    "store",
    "survey",
)


@dataclass(frozen=True)
class Phrase:
    """A key of the words, and what fills it, that fills a field of other words in whichever language they are read."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@cache
def entries() -> dict[str, tuple[str, str]]:
    """Return every key with its English and Chinese text."""
    merged: dict[str, tuple[str, str]] = {}
    for room in ROOMS:
        merged.update(import_module(f"landkit.words.{room}").ENTRIES)
    return merged


def text(key: str, lang: str = "en", **values: object) -> str:
    """Return the text of `key` in `lang` with its ``{fields}`` filled in.

    Raises
    ------
    KeyError
        If the key or one of its fields is unknown: a defect of landkit, never of the input.
    """
    said = {name: _said(value, lang) for name, value in values.items()}
    return entries()[key][LANGUAGES.index(lang)].format(**said)


def _said(value: object, lang: str) -> object:
    """Return a phrase, or several in a row, in `lang`; any other value as it is."""
    if isinstance(value, Phrase):
        return text(value.key, lang, **value.values)
    if isinstance(value, tuple):
        return "".join(str(_said(part, lang)) for part in value)
    return value
