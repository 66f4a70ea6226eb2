"""The user's language, and text streams that no character can break."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from landkit.errors import UsageError
from landkit.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CHINESE = 0x04  # the primary language of a Windows LANGID


def user_language(args: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return ``--lang`` of `args`, else that of ``LANDKIT_LANG``, of the locale, of Windows, else English.

    Help and usage errors are written before click has read all options, so the option is looked for ahead of it.

    Raises
    ------
    UsageError
        If the option or ``LANDKIT_LANG`` names a language that landkit does not speak.
    """
    said = _said(args)
    if said is not None:
        return _known(said, "--lang")
    wished = environ.get("LANDKIT_LANG")
    if wished:
        return _known(wished, "LANDKIT_LANG")
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(variable):
            return "zh" if environ[variable].lower().startswith("zh") else "en"
    return "zh" if _windows_speaks_chinese() else "en"


def _said(args: Sequence[str]) -> str | None:
    """Return the last ``--lang`` before ``--``; where its value is missing, click says so later."""
    said = None
    for at, arg in enumerate(args):
        if arg == "--":
            break
        if arg == "--lang" and at + 1 < len(args):
            said = args[at + 1]
        elif arg.startswith("--lang="):
            said = arg.removeprefix("--lang=")
    return said


def _known(name: str, where: str) -> str:
    if name not in LANGUAGES:
        raise UsageError("cli.choice", option=where, value=name, choices=", ".join(LANGUAGES))
    return name


def _windows_speaks_chinese() -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == _CHINESE)
    return False


def steady_streams() -> None:
    """Let a console that lacks a character show its escape; by default Python ends the command there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
