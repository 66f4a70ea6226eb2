"""Tables as text: lined up for terminals, Chinese included, and as Markdown.

Whatever the data hold, a cell is one run of plain text here: control and direction characters go, and neither the
terminal's nor Markdown's nor HTML's syntax is obeyed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from rich.cells import cell_len, chop_cells

_GAP = 2
_NARROWEST = 8  # cells of a text column: four Chinese characters
_LONGEST_WORD = 16  # cells; longer words of a text column may be broken
_LONGEST_TERM = 10  # cells of a Chinese word that stay together: five characters, as in 去重后面积

# A run of ASCII is a word; a Chinese character is one by itself, but takes closing marks along, and opening ones too,
# which may not end or start a line.
_OPENING, _CLOSING = r"(\uff08《“‘【「『〔", r",;:?!)\uff0c\uff1b\uff1a\uff1f\uff01\uff09、。》”’】」』〕…%"
_WORD = re.compile(rf"[{_OPENING}]*(?:[!-~]+|[^\s!-~])[{_CLOSING}]*")
# A bracket opens a term of its own: names are broken before it rather than anywhere else.
_TERM = re.compile(r"(\s*)(\S[^\s(\uff08]*)")
_BREAKS = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"), " ")
_MARKDOWN = re.compile(r"([\\`*_\[\]~|$])")
_HTML = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}


@dataclass(frozen=True)
class Column:
    """A heading; the figures of a `numeric` column are set to the right and never broken."""

    title: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """Cells as they are to be read, a row each; the last `footers` rows are totals, set off by a rule."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    title: str | None = None
    footers: int = 0

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs a cell for every column")


def clean(text: str) -> str:
    """Return `text` on one line and without characters that steer a terminal or turn the reading direction.

    Line breaks and tabs become spaces; other control and format characters (escape, bidi, zero-width) are left out;
    half a surrogate pair, which no encoding can write, becomes U+FFFD.
    """
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text.replace("\r\n", "\n").translate(_BREAKS))


def render_text(table: Table, *, width: int, ascii_only: bool = False) -> str:
    """Return `table` as lines of text at most `width` cells wide, a Chinese character being two.

    Text columns are wrapped to fit. Where the figures do not fit side by side even so, the columns continue in further
    blocks that repeat the leading text columns. Nothing is cut: what is wider than `width` by itself is left so.

    Parameters
    ----------
    table
        Its cells and titles are cleaned here.
    width
        Of the terminal, in cells.
    ascii_only
        Draw the rules in ASCII; the data stay as they are.
    """
    cleaned = _cleaned(table)
    blocks = [_block(cleaned, picked, width, ascii_only) for picked in _bands(cleaned, width)]
    title = _wrapped(cleaned.title, width) if cleaned.title else []
    return "\n".join([*title, "\n\n".join(blocks)]) + "\n"


def render_markdown(table: Table) -> str:
    """Return `table` in GitHub's Markdown, its cells escaped, totals in bold."""
    cleaned = _cleaned(table)
    total_from = len(cleaned.rows) - cleaned.footers
    lines = [
        [_escaped(column.title) for column in cleaned.columns],
        ["---:" if column.numeric else "---" for column in cleaned.columns],
    ]
    for number, row in enumerate(cleaned.rows):
        mark = "**" if number >= total_from else ""
        lines.append([f"{mark}{_escaped(cell)}{mark}" if cell else "" for cell in row])
    title = f"**{_escaped(cleaned.title)}**\n\n" if cleaned.title else ""
    return title + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def markdown(text: str) -> str:
    """Return `text` on one line, nothing in it being Markdown or HTML."""
    return _escaped(clean(text))


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category in ("Cc", "Cf") else character


def _cleaned(table: Table) -> Table:
    # Spaces at the ends would undo right alignment, and Markdown's bold.
    return replace(
        table,
        columns=[replace(column, title=clean(column.title).strip()) for column in table.columns],
        rows=[[clean(cell).strip() for cell in row] for row in table.rows],
        title=None if table.title is None else clean(table.title).strip(),
    )


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text.translate(_HTML))


def _natural(table: Table, index: int) -> int:
    """Return the width at which no cell of the column wraps."""
    return max(1, *(cell_len(cell) for cell in (table.columns[index].title, *(row[index] for row in table.rows))))


def _least(table: Table, index: int) -> int:
    """Return the width below which the column is not narrowed: figures and headings' words stay whole."""
    column = table.columns[index]
    heading = _longest_word(column.title)
    if column.numeric:
        return max(1, heading, *(cell_len(row[index]) for row in table.rows))
    words = max((_longest_word(row[index]) for row in table.rows), default=0)
    return min(_natural(table, index), max(_NARROWEST, heading, min(words, _LONGEST_WORD)))


def _longest_word(text: str) -> int:
    return max(
        (cell_len(word) if word.isascii() else min(cell_len(word), _LONGEST_TERM) for word in text.split()), default=0
    )


def _bands(table: Table, width: int) -> list[list[int]]:
    """Return the columns of each block: the leading text columns, then as many others as fit."""
    least = [_least(table, index) + _GAP for index in range(len(table.columns))]
    room = width + _GAP
    if sum(least) <= room:
        return [list(range(len(least)))]
    keys: list[int] = []
    for index, column in enumerate(table.columns):
        if column.numeric or (keys and sum(least[key] for key in keys) + least[index] > room // 2):
            break
        keys.append(index)
    narrow = _filled(least, keys, room)
    # Several blocks are needed anyway: where that takes no more of them, the names that they repeat stay whole.
    whole = [_natural(table, index) + _GAP if index in keys else size for index, size in enumerate(least)]
    wide = _filled(whole, keys, room)
    return wide if len(wide) <= len(narrow) else narrow


def _filled(sizes: Sequence[int], keys: list[int], room: int) -> list[list[int]]:
    """Return the columns of each block: `keys`, then as many others as fit."""
    bands: list[list[int]] = []
    free = 0
    for index in range(len(keys), len(sizes)):
        if not bands or sizes[index] > free:
            bands.append(list(keys))
            free = room - sum(sizes[key] for key in keys)
        bands[-1].append(index)
        free -= sizes[index]
    return bands or [keys]


def _widths(table: Table, picked: Sequence[int], width: int) -> list[int]:
    """Return the columns' widths: the widest ones are narrowed to a common level until all fit."""
    natural = [_natural(table, index) for index in picked]
    least = [_least(table, index) for index in picked]
    room = width - _GAP * (len(picked) - 1)
    level = max(natural)
    widths = natural
    while sum(widths) > room and level > 1:
        level -= 1
        widths = [max(low, min(high, level)) for low, high in zip(least, natural, strict=True)]
    return widths


def _block(table: Table, picked: Sequence[int], width: int, ascii_only: bool) -> str:
    widths = _widths(table, picked, width)
    # No verticals: a Chinese console may draw box characters two cells wide, which can then lengthen a rule but never
    # push a column out of line. This dash is one that GBK has.
    rule = ("-" if ascii_only else "─") * (sum(widths) + _GAP * (len(widths) - 1))
    numeric = [table.columns[index].numeric for index in picked]
    heading = [_wrapped(table.columns[index].title, size) for index, size in zip(picked, widths, strict=True)]
    tallest = max(map(len, heading))
    lines = _lines([[""] * (tallest - len(cell)) + cell for cell in heading], widths, numeric)
    lines.append(rule)
    for number, row in enumerate(table.rows):
        if table.footers and number == len(table.rows) - table.footers:
            lines.append(rule)
        cells = [_wrapped(row[index], size) for index, size in zip(picked, widths, strict=True)]
        lines += _lines(cells, widths, numeric)
    return "\n".join(lines)


def _lines(cells: Sequence[list[str]], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    """Return the lines of one row, whose cells are lists of lines."""
    lines = []
    for parts in zip_longest(*cells, fillvalue=""):
        placed = [_placed(*part) for part in zip(parts, widths, numeric, strict=True)]
        lines.append((" " * _GAP).join(placed).rstrip())
    return lines


def _placed(text: str, width: int, right: bool) -> str:
    blank = " " * (width - cell_len(text))
    return blank + text if right else text + blank


def _wrapped(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` cells, broken between words, or within one that is wider."""
    lines = [""]
    for space, term in _TERM.findall(text):
        words = [term] if cell_len(term) <= min(width, _LONGEST_WORD) else _WORD.findall(term)
        for number, word in enumerate(words):
            gap = space if number == 0 and lines[-1] else ""
            if cell_len(lines[-1] + gap + word) <= width:
                lines[-1] += gap + word
            else:
                pieces = chop_cells(word, width)
                lines = [*lines, *pieces] if lines[-1] else pieces
    return lines
