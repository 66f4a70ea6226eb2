"""Conditions on rows and their answers in three-valued logic.

A condition says of each row that it holds, that it does not, or neither: a missing value compares to *unknown*, and NOT
unknown is unknown. Values are compared with values of their own kind and never converted to another.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from landkit.errors import UsageError

Rows = npt.NDArray[np.bool_]

EXACT = 2**53  # from here on a double is not told apart from its neighbours

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?")

# what pandas finds in a column of objects, and what kind that is here
_INFERRED = {
    "string": "text",
    "boolean": "bool",
    "integer": "number",
    "floating": "number",
    "mixed-integer-float": "number",
    "decimal": "number",
    "date": "date",
    "datetime": "date",
    "datetime64": "date",
}

# kind of the column, kind of the literal: at what grain the two are compared
_TIMES = {("date", "day"): "day", ("zoned", "day"): "day", ("date", "clock"): "clock", ("zoned", "moment"): "moment"}
_GRAINS = {"day": "datetime64[D]", "clock": "datetime64[us]", "moment": "datetime64[us]"}


class Truth(NamedTuple):
    """What a condition says of each row; a row in neither array is unknown."""

    yes: Rows
    no: Rows


@dataclass(frozen=True)
class Column:
    """A value read from the row."""

    name: str

    def values(self, frame: pd.DataFrame) -> Values:
        """Return the column with its kind, read from its type and never from the look of its texts."""
        series = frame[self.name]
        if isinstance(series.dtype, pd.CategoricalDtype):
            series = series.astype(series.cat.categories.dtype)
        known = series.notna().to_numpy()
        return Values(f'"{self.name}"', _kind(series) if known.any() else "untyped", series, known)


@dataclass(frozen=True)
class Literal:
    """A value written in the filter."""

    kind: str
    value: Any

    def values(self, frame: pd.DataFrame) -> Values:
        """Return the value as one that is known in every row."""
        return Values(f"'{self.value}'", self.kind, self.value, np.ones(len(frame), dtype=bool))


Operand = Column | Literal


@dataclass(frozen=True)
class Values:
    """An operand met with a frame: a series, or one value for all rows."""

    label: str
    kind: str
    data: Any
    known: Rows

    def at(self, rows: Rows, kind: str) -> Any:
        """Return the values of `rows` as an array (or the one value) that compares as `kind`."""
        if not isinstance(self.data, pd.Series):
            return np.array(self.data.isoformat(), dtype=_GRAINS[kind]) if kind in _GRAINS else self.data
        chosen = self.data[rows]
        if kind not in _GRAINS:
            return chosen.to_numpy(dtype=float) if _is_decimal(chosen) else chosen.to_numpy()
        stamps = pd.to_datetime(chosen)
        if kind == "day":
            return stamps.dt.tz_localize(None).to_numpy().astype(_GRAINS[kind])
        if stamps.dt.tz is not None:
            stamps = stamps.dt.tz_convert(UTC).dt.tz_localize(None)
        return stamps.to_numpy().astype(_GRAINS[kind])


class Condition(Protocol):
    """A node that is true, false or unknown of a row."""

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return the answer for every row of `frame`."""


@dataclass(frozen=True)
class Compare:
    """Two operands and one of the six comparisons."""

    op: str
    left: Operand
    right: Operand

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return the comparison where both sides are known."""
        left, right = self.left.values(frame), self.right.values(frame)
        rows = left.known & right.known
        left, right = _as_time(left, right), _as_time(right, left)
        kind = _common_kind(left, right, ordered=self.op not in ("=", "<>"))
        if not rows.any():
            return _spread(rows, np.zeros(0, dtype=bool))
        first, second = left.at(rows, kind), right.at(rows, kind)
        if kind == "number":
            first, second = _exact(first, second)
        return _spread(rows, np.asarray(COMPARISONS[self.op](first, second), dtype=bool))


@dataclass(frozen=True)
class Among:
    """IN: equal to one of the items."""

    item: Operand
    choices: tuple[Operand, ...]

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return whether any of the equalities holds, in one pass where the choices are plain values of one kind."""
        values = self.item.values(frame)
        plain = [choice.value for choice in self.choices if isinstance(choice, Literal) and choice.kind == values.kind]
        if len(plain) < len(self.choices) or values.kind not in ("number", "text"):
            return _any(Compare("=", self.item, choice).truth(frame) for choice in self.choices)
        found = pd.Series(values.at(values.known, values.kind)).isin(plain)
        return _spread(values.known, found.to_numpy())


@dataclass(frozen=True)
class Like:
    """LIKE: % stands for any text, _ for one character, and a backslash takes the next character as it is."""

    item: Operand
    pattern: str

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return whether the whole text matches, case kept."""
        values = self.item.values(frame)
        if values.kind not in ("text", "untyped"):
            raise UsageError("where.type", left=values.label, left_kind=values.kind, right="LIKE", right_kind="text")
        if not values.known.any():
            return _spread(values.known, np.zeros(0, dtype=bool))
        codes, texts = pd.factorize(np.asarray(values.at(values.known, "text"), dtype=object))
        matcher = re.compile(like_expression(self.pattern), re.DOTALL)
        hits = np.array([matcher.fullmatch(text) is not None for text in texts], dtype=bool)
        return _spread(values.known, hits[codes])


@dataclass(frozen=True)
class Missing:
    """IS NULL: the one question that is never unknown."""

    item: Column

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return whether the row has no value."""
        empty = frame[self.item.name].isna().to_numpy()
        return Truth(empty, ~empty)


@dataclass(frozen=True)
class Flag:
    """A boolean column, or TRUE or FALSE, as a condition of its own."""

    item: Operand

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return the boolean itself."""
        return Compare("=", self.item, Literal("bool", True)).truth(frame)


@dataclass(frozen=True)
class Not:
    """The contrary; unknown stays unknown."""

    arg: Condition

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return the contrary of the argument."""
        yes, no = self.arg.truth(frame)
        return Truth(no, yes)


@dataclass(frozen=True)
class Every:
    """AND: false where one is false, true where all are true, else unknown."""

    args: tuple[Condition, ...]

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return the conjunction."""
        yes, no = _any(Not(arg).truth(frame) for arg in self.args)
        return Truth(no, yes)


@dataclass(frozen=True)
class Either:
    """OR: true where one is true, false where all are false, else unknown."""

    args: tuple[Condition, ...]

    def truth(self, frame: pd.DataFrame) -> Truth:
        """Return the disjunction."""
        return _any(arg.truth(frame) for arg in self.args)


def like_expression(pattern: str) -> str:
    """Return the regular expression of a LIKE pattern.

    Every stretch between two % is looked for once, leftmost first (atomic groups), so that no text takes more than
    length times length steps.
    """
    stretches = [""]
    signs = iter(pattern)
    for sign in signs:
        if sign == "%":
            stretches.append("")
        elif sign == "_":
            stretches[-1] += "."
        else:
            stretches[-1] += re.escape(_escaped(signs, pattern) if sign == "\\" else sign)
    if len(stretches) == 1:
        return stretches[0]
    middle = "".join(f"(?>.*?{stretch})" for stretch in stretches[1:-1])
    return f"{stretches[0]}{middle}.*{stretches[-1]}"


def _escaped(signs: Iterator[str], pattern: str) -> str:
    following = next(signs, None)
    if following is None:
        raise UsageError("where.pattern", text=pattern)
    return following


def _kind(series: pd.Series) -> str:
    """Return what kind of values a column with at least one value holds."""
    dtype = series.dtype
    if pd.api.types.is_bool_dtype(dtype):
        return "bool"
    if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype):
        return "number"
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "zoned"
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return "date"
    if str(dtype) == "geometry":
        return "geometry"
    inferred = pd.api.types.infer_dtype(series, skipna=True)
    return _INFERRED.get(inferred, "mixed")


def _as_time(values: Values, other: Values) -> Values:
    """Return a quoted text that meets a column of dates as the day or the clock time that it writes."""
    if other.kind not in ("date", "zoned") or values.kind != "text" or isinstance(values.data, pd.Series):
        return values
    if _DAY.fullmatch(values.data):
        return replace(values, kind="day", data=day(values.data))
    if _CLOCK.fullmatch(values.data):
        return replace(values, kind="clock", data=_clock(values.data))
    raise UsageError("where.date", text=values.data)


def day(text: str) -> date:
    """Return the day that `text` writes as YYYY-MM-DD and in no other way."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError("where.date", text=text)


def _clock(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("where.date", text=text) from None


def _common_kind(left: Values, right: Values, *, ordered: bool) -> str:
    """Return how two operands compare, or refuse to guess."""
    kinds = (left.kind, right.kind)
    if "untyped" in kinds:
        return "untyped"
    if kinds[0] == kinds[1]:
        if kinds[0] in ("number", "text") or (kinds[0] == "bool" and not ordered):
            return kinds[0]
        if kinds[0] in ("date", "zoned"):
            return "clock" if kinds[0] == "date" else "moment"
    for column, literal in ((left, right), (right, left)):
        found = _TIMES.get((column.kind, literal.kind))
        if found:
            return found
    raise UsageError("where.type", left=left.label, left_kind=left.kind, right=right.label, right_kind=right.kind)


def _is_decimal(series: pd.Series) -> bool:
    return series.dtype == object and pd.api.types.infer_dtype(series, skipna=True) == "decimal"


def _exact(first: Any, second: Any) -> tuple[Any, Any]:
    """Return the numbers so that whole ones beyond 2^53 are not rounded to meet a double."""
    arrays = [side for side in (first, second) if isinstance(side, np.ndarray)]
    whole = [side for side in arrays if side.dtype.kind in "iu" and side.size]
    if len(arrays) == 2 and len(whole) == 1 and max(abs(int(whole[0].min())), abs(int(whole[0].max()))) >= EXACT:
        return first.astype(object), second.astype(object)
    return first, second


def _spread(rows: np.ndarray, answer: np.ndarray) -> Truth:
    """Return answers for the known rows as answers for all."""
    yes, no = np.zeros(rows.shape, dtype=bool), np.zeros(rows.shape, dtype=bool)
    yes[rows], no[rows] = answer, ~answer
    return Truth(yes, no)


def _any(answers: Iterator[Truth]) -> Truth:
    first = next(answers)
    yes, no = first.yes.copy(), first.no.copy()
    for answer in answers:
        yes |= answer.yes
        no &= answer.no
    return Truth(yes, no)
