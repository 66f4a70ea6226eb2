"""Where results go: to stdout so that whoever reads it gets all of it, or to files that appear whole."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

from landkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_TERMINAL = 160  # columns of a table in a pipe or a file, where COLUMNS does not say otherwise


def width() -> int:
    """Return the columns that a table may take: those of ``COLUMNS``, else of the terminal, else 160."""
    return shutil.get_terminal_size((_NO_TERMINAL, 24)).columns


def deliver(text: str, *, form: str, output: Path | None, force: bool, beside: str | None = None) -> None:
    """Print `text`, or write it to `output`, in UTF-8.

    Parameters
    ----------
    form
        ``csv`` is given a byte order mark, without which spreadsheets take it for the system's own encoding.
    output, force
        As the options of these names.
    beside
        The basis of the figures, written as ``.json`` beside `output`; it is not printed.

    Raises
    ------
    UsageError
        If a file exists and `force` is not given, or cannot be written.
    """
    text = text.removeprefix("\ufeff")
    if output is None:
        _print(text, form)
        return
    from landkit.products.output import write_all

    files = {output: _encoded(text, form)}
    if beside is not None:
        files[output.with_suffix(".json")] = beside.encode()
    write_all(files, force=force)


def _encoded(text: str, form: str) -> bytes:
    # Half a surrogate pair has no UTF-8: it is spelt out rather than dropped.
    return text.encode("utf-8-sig" if form == "csv" else "utf-8", errors="backslashreplace")


def _print(text: str, form: str) -> None:
    if sys.stdout is None:  # `>&-`, or a Windows program without a console
        raise UsageError("output.failed", path="<stdout>", reason="closed")
    if form == "csv" and not sys.stdout.isatty():
        # `landkit … > figures.csv` makes the same file as `-o figures.csv`, whatever the console's encoding.
        with refused():
            sys.stdout.flush()
            sys.stdout.buffer.write(_encoded(text, form))
            sys.stdout.buffer.flush()
        return
    with refused():
        sys.stdout.write(_escaped(text) if form == "json" else text)
        sys.stdout.flush()


@contextlib.contextmanager
def refused() -> Iterator[None]:
    """Turn the system's refusal to take output into words; a reader that has read enough (``| head``) is no error."""
    try:
        yield
    except OSError as error:
        _let_go_of_stdout()
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # the second is how Windows says it
            raise UsageError("output.failed", path="<stdout>", reason=error.strerror) from error


def _let_go_of_stdout() -> None:
    """Send what is left to nowhere: the interpreter flushes once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _escaped(text: str) -> str:
    """Return JSON whose characters stdout can all write; the others become escapes that every reader undoes."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        # Outside strings JSON is ASCII, so that what is not can be escaped where it stands.
        return "".join(letter if letter.isascii() else json.dumps(letter)[1:-1] for letter in text)
    return text
