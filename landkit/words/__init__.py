"""The words people read, in English and Chinese.

Each room has a module here whose ``ENTRIES`` maps a key to its ``(English, Chinese)`` pair. The terms are those of the
land office's own vocabulary; data values are never translated.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

LANGUAGES = ("en", "zh")
ROOMS = ("area", "figures", "files", "query", "shell", "status")


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
    return entries()[key][LANGUAGES.index(lang)].format(**values)
