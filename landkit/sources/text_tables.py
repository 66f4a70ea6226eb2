"""Text tables (csv, tsv, txt) as grids: encoding and delimiter found, quotes as they stand."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from landkit.errors import InputError
from landkit.sources.grid import Cell, Grid
from landkit.sources.layer import Note
from landkit.sources.sheets import check_filled

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (",", "\t", ";", "，", "|")
_SAMPLE = 60  # records that show the delimiter
_NAMED_DELIMITER = re.compile(r"sep=(.)", re.IGNORECASE)
_OPENING = (b"[", "【".encode(), "【".encode("gb18030"))
_CLOSING = (b"]", "】".encode(), "】".encode("gb18030"))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# What landkit's own CSV marks with an apostrophe, so that no spreadsheet takes a text for a formula
_GUARDED = re.compile(r"'[=+\-@\t\r\n'＝＋－＠]")
_LONGEST_FIELD = 2**31 - 1


def is_table_text(head: bytes) -> bool:
    """Return whether the first bytes are text of a table: no binary, and no survey, JSON or XML file."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text or _CONTROLS.search(head) or text.startswith((b"{", b"<", b"%PDF")):
        return False
    line = text.split(b"\n", 1)[0].strip()
    return not (line.startswith(_OPENING) and line.endswith(_CLOSING) and b"," not in line)  # [属性描述] and the like


def read_text_table(path: Path, *, encoding: str | None = None) -> Grid:
    """Return the cells of a text table, all of them texts.

    Raises
    ------
    InputError
        It cannot be opened, is no text in the encoding given or in any known, or is too large.
    """
    text, notes = _decoded(path, encoding)
    delimiter, text = _delimiter(text)
    records, is_broken = _records(text, delimiter)
    if is_broken:
        notes.append(Note("sheets.note.quotes"))
    rows = [[_cell(value) for value in record] for _, record in records]
    check_filled(path, path.stem, rows)
    return Grid(path.stem, rows, [line for line, _ in records], notes=tuple(notes))


def _decoded(path: Path, encoding: str | None) -> tuple[str, list[Note]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("files.unreadable", file=path, detail=error.strerror) from error
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    named = encoding or marked
    candidates = [named] if named else ["utf-8", "gb18030"]
    for name in candidates:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise InputError("sheets.encoding_unknown", file=path, encoding=name) from error
        if "\0" in text:
            break
        return text, [Note("sheets.note.gb18030")] if name == "gb18030" and not named else []
    raise InputError("sheets.encoding", file=path, encoding=" / ".join(candidates))


def _delimiter(text: str) -> tuple[str, str]:
    """Return the delimiter, and the text with an empty line for the one that names it, if one does."""
    first, _, rest = text.partition("\n")
    if named := _NAMED_DELIMITER.fullmatch(first.strip("\r")):
        return named[1], f"\n{rest}"
    scored = [(_regularity(text, delimiter), -rank) for rank, delimiter in enumerate(_DELIMITERS)]
    return _DELIMITERS[-max(scored)[1]], text


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    """Return the share of the first records that have the commonest number of fields (if several), and that number."""
    sample = io.StringIO(text[:1_000_000], newline="")
    csv.field_size_limit(_LONGEST_FIELD)
    records = [record for record, _ in zip(csv.reader(sample, delimiter=delimiter), range(_SAMPLE), strict=False)]
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return 0.0, 1
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / sum(1 for record in records if record), width


def _records(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], bool]:
    """Return each record with its line number, and whether quotes do not match.

    Where a quote is never closed, everything after it would be one cell: then quotes are characters like any other.
    """
    try:
        return _parsed(text, delimiter, strict=True), False
    except csv.Error as error:
        if "unexpected end" in str(error):
            return _parsed(text, delimiter, quoting=csv.QUOTE_NONE), True
    return _parsed(text, delimiter), True


def _parsed(
    text: str, delimiter: str, *, strict: bool = False, quoting: int = csv.QUOTE_MINIMAL
) -> list[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, quoting=quoting)  # type: ignore[arg-type]
    records, line = [], 1
    for record in reader:
        records.append((line, record))
        line = reader.line_num + 1
    return records


def _cell(text: str) -> Cell:
    stripped = text.strip()
    return (stripped[1:] if _GUARDED.match(stripped) else stripped) or None
