"""Which rows a question is about: a filter in OGC CQL2 text, answered in three-valued logic.

The text is parsed by the `cql2` package, translated into the few nodes of `landkit.conditions` and answered with array
comparisons; nothing of it is ever evaluated as code or SQL. A row whose answer is unknown is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

import cql2
import pandas as pd

from landkit.conditions import (
    COMPARISONS,
    EXACT,
    Among,
    Column,
    Compare,
    Condition,
    Either,
    Every,
    Flag,
    Like,
    Literal,
    Missing,
    Not,
    Operand,
    day,
    like_expression,
)
from landkit.errors import UsageError

# The parser is recursive and ends the process when its stack is full, and it reads an unfinished parenthesis twice at
# every level. With 8 MB of stack it still reads 800 parentheses, 2,000 NOT or comparisons in a chain and 8,000 AND; a
# thread on Windows has 1 MB. All the limits below reached at once need less than 0.4 MB.
MAX_LENGTH = 1 << 17
MAX_DEPTH = 10
MAX_CHAIN = 8
MAX_TERMS = 250
MAX_EFFORT = 1 << 21

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|'.*|\".*", re.DOTALL)
_PARENTHESIS = re.compile(r"[()]")
_LOGICAL = re.compile(r"and|or|[(),]", re.IGNORECASE)
_LINK = re.compile(r"not|like|between|in|is|div|[-+*/%^=<>|]", re.IGNORECASE)
_PLACE = re.compile(r"-->\s*(\d+):(\d+)")


@dataclass(frozen=True)
class Where:
    """A filter that has been read and understood.

    Attributes
    ----------
    text
        The filter as it was written.
    columns
        The names it uses, in the order of first use: all that a reader has to read.
    """

    text: str
    columns: tuple[str, ...]
    condition: Condition

    def mask(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Return which rows of `frame` the filter is true of, with its index.

        Raises
        ------
        UsageError
            If a column is missing or repeated, or if values of different kinds are compared.
        """
        _check_columns(self.columns, list(frame.columns))
        return pd.Series(self.condition.truth(frame).yes, index=frame.index, name=None)


def compile_where(text: str) -> Where:
    """Return the filter that a CQL2 text describes.

    Comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL, DATE('…'), TIMESTAMP('…') and booleans are understood.
    A column of dates also compares with a text 'YYYY-MM-DD'. Against a day, a time is taken by its day; against a
    moment, only a time with a zone has an answer.

    Raises
    ------
    UsageError
        If the text cannot be parsed, is too long or too deeply nested, holds a number that a double cannot keep apart
        from its neighbours, or uses a construct outside this list.
    """
    _guard(text)
    try:
        tree = cql2.parse_text(text).to_json()
    except cql2.ParseError as error:
        place = _PLACE.search(str(error))
        position = f"{place[1]}:{place[2]}" if place else "1:1"
        raise UsageError("where.syntax", text=_short(text), position=position) from None
    condition = _condition(tree)
    names: dict[str, None] = {}
    _collect(tree, names)
    return Where(text=text, columns=tuple(names), condition=condition)


def _guard(text: str) -> None:
    """Refuse what the parser might not survive, before it sees it."""
    if len(text) > MAX_LENGTH:
        raise UsageError("where.length", length=len(text), limit=MAX_LENGTH)
    bare = _QUOTED.sub(" ", text)
    depth = deepest = 0
    for sign in _PARENTHESIS.findall(bare):
        depth += 1 if sign == "(" else -1
        deepest = max(deepest, depth)
        if depth < 0:
            break
    if depth:
        raise UsageError("where.parentheses", text=_short(text))
    segments = _LOGICAL.split(bare)
    chain = max(len(_LINK.findall(segment)) for segment in segments)
    terms = len(re.findall(r"and|or", bare, re.IGNORECASE))
    if deepest > MAX_DEPTH or chain > MAX_CHAIN or terms > MAX_TERMS or len(text) << deepest > MAX_EFFORT:
        raise UsageError("where.nesting", text=_short(text), depth=MAX_DEPTH, terms=MAX_TERMS)


def _condition(node: Any) -> Condition:
    """Return the node as something true or false of a row."""
    if isinstance(node, bool) or (isinstance(node, dict) and "property" in node):
        return Flag(_operand(node))
    if not isinstance(node, dict) or "op" not in node:
        raise UsageError("where.not_a_condition", what=_name(node))
    op, args = node["op"], node["args"]
    if op in COMPARISONS:
        return _compare(op, args[0], args[1])
    if op in _BUILD:
        fewest, most = _ARITY[op]
        if not fewest <= len(args) <= most:  # and(a), like(a) and their kind are read as calls of functions
            raise UsageError("where.construct", what=f"{op}(…)")
        return _BUILD[op](args)
    raise UsageError("where.construct", what=op)


def _compare(op: str, left: Any, right: Any) -> Compare:
    first, second = _operand(left), _operand(right)
    if isinstance(first, Literal) and isinstance(second, Literal):
        raise UsageError("where.constant", what=f"{_name(left)} {op} {_name(right)}")
    return Compare(op, first, second)


def _among(args: list[Any]) -> Condition:
    if not isinstance(args[1], list):
        raise UsageError("where.construct", what="IN without a list")
    return Among(_column(args[0], "IN"), tuple(_operand(item) for item in args[1]))


def _between(args: list[Any]) -> Condition:
    item, low, high = args
    return Every((_compare(">=", item, low), _compare("<=", item, high)))


def _like(args: list[Any]) -> Condition:
    item, pattern = args
    if not isinstance(pattern, str):
        raise UsageError("where.construct", what="LIKE without a quoted pattern")
    like_expression(pattern)  # a broken escape is a fault of the text, found before any data is read
    return Like(_column(item, "LIKE"), pattern)


_BUILD: dict[str, Callable[[list[Any]], Condition]] = {
    "and": lambda args: Every(tuple(_condition(arg) for arg in args)),
    "or": lambda args: Either(tuple(_condition(arg) for arg in args)),
    "not": lambda args: Not(_condition(args[0])),
    "in": _among,
    "between": _between,
    "like": _like,
    "isNull": lambda args: Missing(_column(args[0], "IS NULL")),
}
_ARITY = {"and": (2, MAX_TERMS + 1), "or": (2, MAX_TERMS + 1), "not": (1, 1), "isNull": (1, 1)}
_ARITY |= {"in": (2, 2), "between": (3, 3), "like": (2, 2)}


def _column(node: Any, construct: str) -> Column:
    operand = _operand(node)
    if not isinstance(operand, Column):
        raise UsageError("where.constant", what=f"{_name(node)} {construct}")
    return operand


def _operand(node: Any) -> Operand:
    """Return the node as a value; what computes, nests or draws is refused by its name."""
    match node:
        case {"property": str(name)}:
            return Column(name)
        case bool():
            return Literal("bool", node)
        case str():
            return Literal("text", node)
        case int() | float():
            return Literal("number", _number(node))
        case {"date": str(text)}:
            return Literal("day", day(text))
        case {"timestamp": str(text)}:
            return Literal("moment", _moment(text))
        case None:
            raise UsageError("where.null")
        case {"op": str(op)} if op in COMPARISONS or op in _BUILD:
            raise UsageError("where.nested_comparison", what=op)
        case _:
            raise UsageError("where.construct", what=_name(node))


def _number(value: float) -> int | float:
    if not abs(value) < EXACT:  # cql2 reads every number as a double, so this one may not be the one that was written
        raise UsageError("where.number", limit=EXACT)
    return int(value) if float(value).is_integer() else value


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("where.date", text=_short(text)) from None
    # cql2 writes every timestamp in UTC, so one without a zone is one that it did not recognise
    if moment.tzinfo is None:
        raise UsageError("where.date", text=_short(text))
    return moment.astimezone(UTC).replace(tzinfo=None)


def _collect(node: Any, names: dict[str, None]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect(item, names)
    elif isinstance(node, dict):
        if "property" in node:
            names[node["property"]] = None
        _collect(node.get("args"), names)


def _name(node: Any) -> str:
    """Return what a node is called by the person who wrote it."""
    match node:
        case {"op": str(name)} | {"type": str(name)}:
            return name
        case {"property": str(name)}:
            return f'"{name}"'
        case dict():
            return str(next(iter(node))).upper()
        case list():
            return "(…, …)"
    return f"'{_short(node)}'" if isinstance(node, str) else str(node)


def _short(text: str, width: int = 80) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _check_columns(names: tuple[str, ...], present: list[Hashable]) -> None:
    for name in names:
        if name not in present:
            near = get_close_matches(name, [str(label) for label in present], n=3, cutoff=0.6)
            raise UsageError("where.column", column=name, nearest=", ".join(near or map(str, present[:12])))
        if present.count(name) > 1:
            raise UsageError("where.repeated", column=name)
