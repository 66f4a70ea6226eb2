"""The values in delivered cells: numbers with their units, dates, truths and terms, as planners write them.

Nothing is lost or guessed: a cell that holds something and cannot be read for certain is marked ``bad``, never turned
into a gap. A cell that conventionally stands for "nothing" (``—``, ``/``, ``无``) is a gap.
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from landkit.units import UNITS

Parsed: TypeAlias = "tuple[Any, str] | None"  # a value with its mark; None where the cell cannot be read

_BLANKS = frozenset(("", "-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "空", "n/a", "na", "#n/a", "null", "nan"))


@dataclass(frozen=True, eq=False)
class Numbers:
    """Cells read as numbers.

    Attributes
    ----------
    values
        In the unit asked for, NaN where the cell is a gap or bad.
    bad
        Cells that hold something that is no number, or one of another kind of unit.
    units
        The unit written inside the cell, empty where there was none.
    """

    values: pd.Series[float]
    bad: pd.Series[bool]
    units: pd.Series[str]


@dataclass(frozen=True, eq=False)
class Dates:
    """Cells read as dates.

    Attributes
    ----------
    values
        Wall-clock time in China; the last day of the month or year where the cell names only that.
    bad
        Cells that hold something that is no date, or could be two.
    precision
        ``day``, ``month``, ``year``, ``serial`` (a day given as a spreadsheet's number of days) or empty.
    """

    values: pd.Series[pd.Timestamp]
    bad: pd.Series[bool]
    precision: pd.Series[str]


@dataclass(frozen=True, eq=False)
class Truths:
    """Cells read as yes or no: ``values`` (boolean, with gaps) and ``bad``."""

    values: pd.Series[bool]
    bad: pd.Series[bool]


@dataclass(frozen=True, eq=False)
class Enums:
    """Cells read as terms of a domain: ``values`` (its ids, with gaps) and ``bad``."""

    values: pd.Series[str]
    bad: pd.Series[bool]


def numbers(series: pd.Series[Any], *, unit: str | None = None) -> Numbers:
    """Read cells as numbers: ``1,234.5``, ``１２.５亩``, ``3.2公顷``, ``1.2万``, ``0.5万方``, ``12.5 %``.

    Approximate figures (``约12亩``), ranges and sums are bad. A bare 万 means 万元 where amounts of money are asked
    for, and ten thousand elsewhere.

    Parameters
    ----------
    series
        Cells of any type.
    unit
        The unit of the result, as the schema words it (mu, m2, km2, ha, 万元, %, 户...); None for plain numbers. A
        number without a unit is taken to be in it already.
    """
    if series.dtype != bool and pd.api.types.is_numeric_dtype(series.dtype):
        figures = series.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
        values = pd.Series(figures, index=series.index, dtype="float64")
        bad = pd.Series(np.isinf(figures), index=series.index, dtype=bool)
        return Numbers(values.mask(bad), bad, pd.Series("", index=series.index, dtype="str"))
    cells, bad, units = _read_each(series, lambda cell: _number(cell, unit), math.nan)
    return Numbers(pd.Series(cells, index=series.index, dtype="float64"), bad, units)


def dates(series: pd.Series[Any]) -> Dates:
    """Read cells as dates: ``2022-6-1``, ``2022.6.1``, ``2022年6月1日``, ``20220601``, ``2022年6月``.

    Digits may be full-width or Chinese (``二〇二二年六月一日``), and a time of day may follow. A month or a year alone
    stands for its last day, and `Dates.precision` says so: what is reported for a month is certain when it is over.
    Two-digit years are read only where 年 follows (1950 to 2049). Bad are ``22.6.1``, ``6/1/2022`` and ``2022.1``
    (January, or a number cell that said 2022.10), every date without a year, and every day the calendar does not have.
    """
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        values = series if series.dt.tz is None else series.dt.tz_convert(_CHINA).dt.tz_localize(None)
        precision = pd.Series(np.where(series.isna(), "", "day"), index=series.index, dtype="str")
        return Dates(values, pd.Series(False, index=series.index, dtype=bool), precision)
    values, bad, precision = _read_each(series, _date, None)
    return Dates(pd.Series(pd.to_datetime(values), index=series.index).astype("datetime64[us]"), bad, precision)


def truths(series: pd.Series[Any]) -> Truths:
    """Read cells as yes or no: 是/否, 有/无, √/×, Y/N, true/false, 1/0."""
    if pd.api.types.is_bool_dtype(series.dtype):
        return Truths(series.astype("boolean"), pd.Series(False, index=series.index, dtype=bool))
    values, bad, _ = _read_each(series, _truth, None)
    return Truths(pd.Series(values, index=series.index, dtype="boolean"), bad)


def enums(series: pd.Series[Any], *, domain: Mapping[str, str]) -> Enums:
    """Read cells as terms of `domain` (id -> Chinese label), given as the id, the label, or the id before the label.

    A label that two ids share is bad.
    """
    terms: dict[str, set[str]] = {}
    for name, label in domain.items():
        for spelling in (name, label, f"{name}{label}", f"{name} {label}"):
            terms.setdefault(_plain(spelling).casefold(), set()).add(name)
    ids = {_plain(name).casefold(): name for name in domain}

    def read(cell: object) -> Parsed:
        text = _plain(_spelt(cell)).casefold()
        found = {ids[text]} if text in ids else terms.get(text, set())
        if len(found) == 1:
            return next(iter(found)), ""
        return (None, "") if not found and text in _BLANKS else None

    values, bad, _ = _read_each(series, read, None)
    return Enums(pd.Series(values, index=series.index, dtype="str"), bad)


def _read_each(
    series: pd.Series[Any], read: Callable[[Any], Parsed], gap: object
) -> tuple[list[Any], pd.Series[bool], pd.Series[str]]:
    """Return what `read` makes of each cell, which cells are bad, and the marks; each distinct cell is read once."""
    seen: dict[tuple[type, Hashable], Parsed] = {}
    values, bad, marks = [], [], []
    for cell, is_gap in zip(series.tolist(), series.isna().tolist(), strict=True):
        parsed: Parsed = (None, "")
        if not is_gap:
            key = (type(cell), cell)  # 1, 1.0 and True are equal to Python, and different cells
            if key not in seen:
                seen[key] = read(cell)
            parsed = seen[key]
        value, mark = (None, "") if parsed is None else parsed
        values.append(gap if value is None else value)
        bad.append(parsed is None)
        marks.append(mark)
    return (
        values,
        pd.Series(bad, index=series.index, dtype=bool),
        pd.Series(marks, index=series.index, dtype="str"),
    )


def _plain(text: str) -> str:
    """Return `text` with full-width and other compatibility characters as plain ones (１２ ㎡ as 12 m2)."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def _spelt(cell: object) -> str:
    """Return a cell as text, whole floats without their decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


# --- numbers

_SIMPLE = re.compile(r"[+-]?\d+(\.\d*)?")
_NUMBER = re.compile(
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?)"
    r"\s*(?P<many>[万亿]?)\s*(?P<unit>[^\d\s.,+-][^\d\s]*\d?)?",
    re.IGNORECASE,
)
_MANY = {"": 1, "万": 10**4, "亿": 10**8}
_SIGNS = str.maketrans({"−": "-", "﹣": "-", "﹢": "+"})
_AREAS = {
    name: UNITS[unit].square_metres
    for unit, names in {
        "mu": ("亩", "市亩", "mu"),
        "ha": ("公顷", "ha", "hm2"),
        "m2": ("平方米", "平米", "平方", "方", "m2", "m^2", "平"),
        "km2": ("平方公里", "平方千米", "km2"),
        "wanmu": ("wanmu",),
    }.items()
    for name in names
}
_MONEY = {"元": Fraction(1, 10**4), "wan": Fraction(1)}
_COUNTS = {
    "户": ("户",),
    "人": ("人",),
    "栋": ("栋", "幢"),
    "件": ("件", "个"),
    "台": ("台", "部"),
    "year": ("年",),
    "": ("户", "人", "栋", "幢", "件", "个", "台", "部", "家", "宗", "处", "项", "块"),
}


def _number(cell: object, unit: str | None) -> Parsed:
    if isinstance(cell, str):
        return _finite(float(cell), "") if cell.isascii() and _SIMPLE.fullmatch(cell) else _figure(cell, unit)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _finite(cell, "")
    return None


def _figure(cell: str, unit: str | None) -> Parsed:
    text = _plain(cell).translate(_SIGNS)
    if text.casefold() in _BLANKS:
        return None, ""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    many, written = found["many"], found["unit"] or ""
    factor = _factor(many, written.lower(), unit)
    if factor is None:
        return None
    number = found["number"].replace(",", "")
    # one rounding, after the exact product: 3.2 公顷 are 48 亩 and not 47.99999999999999
    value = float(number) if factor == 1 else Fraction(Decimal(number)) * factor
    return _finite(value, f"{many}{written}")


def _finite(value: float | Fraction, written: str) -> Parsed:
    try:
        number = float(value)
    except OverflowError:
        return None
    return (number, written) if math.isfinite(number) else None


def _factor(many: str, written: str, unit: str | None) -> Fraction | None:
    """Return what a number with its multiplier and written unit is multiplied by to be in `unit`, if it can be."""
    times = Fraction(_MANY[many])
    if unit in ("万元", "万元/亩"):
        return _money(times, many, written, per="/亩" if unit == "万元/亩" else "")
    if not written:
        return None if many and unit in ("%", "year") else times
    if unit in UNITS:
        return times * _AREAS[written] / UNITS[unit].square_metres if written in _AREAS else None
    if written == "%" and not many and unit in ("%", None):
        return Fraction(1) if unit == "%" else Fraction(1, 100)
    return times if written in _COUNTS.get(unit or "", (unit,)) else None


def _money(times: Fraction, many: str, written: str, *, per: str) -> Fraction | None:
    if written not in ("", "元", per, f"元{per}"):
        return None
    return Fraction(1) if not many and not written else times * _MONEY["元"]


# --- dates

_CHINA = timezone(timedelta(hours=8))
_EPOCH = datetime(1899, 12, 30)
_SERIALS = (20_000, 80_000)  # 1954 to 2119; below lie years, above nothing that a ledger holds
_YEARS = (1900, 2199)
_CLOCK = r"(?:[T\s]\s*(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_DAY = re.compile(r"(?P<y>\d{4})(?P<s>\s*[-./]\s*)(?P<m>\d{1,2})\s*[-./]\s*(?P<d>\d{1,2})" + _CLOCK)
_DAY_ZH = re.compile(r"(?P<y>\d{4}|\d{2})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?" + _CLOCK)
_DAY_RUN = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _CLOCK)
_MONTH = re.compile(r"(?P<y>\d{4})\s*[-./]\s*(?P<m>\d{1,2})\s*月?")
_MONTH_RUN = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})")
_MONTH_ZH = re.compile(r"(?P<y>\d{4}|\d{2})\s*年\s*(?P<m>\d{1,2})\s*月?\s*[底末]?")
_YEAR = re.compile(r"(?P<y>\d{4})\s*年?[底末]?")
_JANUARY_OR_OCTOBER = re.compile(r"\d{4}\.1")
_NUMERAL = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "O": 0}
_NUMERALS = re.compile(r"[〇零○O一二三四五六七八九十]+(?=\s*[年月日号])")


def _date(cell: object) -> Parsed:
    if isinstance(cell, datetime):
        return (cell if cell.tzinfo is None else cell.astimezone(_CHINA).replace(tzinfo=None)), "day"
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day), "day"
    if isinstance(cell, str | int | float) and not isinstance(cell, bool):
        return _dated(_NUMERALS.sub(_digits, _plain(_spelt(cell))))
    return None


def _dated(text: str) -> Parsed:
    if text.casefold() in _BLANKS:
        return None, ""
    for pattern in (_DAY, _DAY_ZH, _DAY_RUN):
        if found := pattern.fullmatch(text):
            return _day(found)
    if _JANUARY_OR_OCTOBER.fullmatch(text):
        return None
    for pattern in (_MONTH, _MONTH_ZH, _MONTH_RUN):
        if found := pattern.fullmatch(text):
            return _last_day(found["y"], int(found["m"]), "month")
    found = _YEAR.fullmatch(text)
    return _last_day(found["y"], 12, "year") if found else _serial(text)


def _day(found: re.Match[str]) -> Parsed:
    year = _full_year(found["y"])
    try:
        day = datetime(year, int(found["m"]), int(found["d"]))
        if found["clock"]:
            hour, _, rest = found["clock"].partition(":")
            day = datetime.fromisoformat(f"{day:%Y-%m-%d} {int(hour):02}:{rest}")
    except ValueError:
        return None
    if found["zone"]:
        zone = datetime.fromisoformat(f"2000-01-01T00:00{found['zone']}").tzinfo
        day = day.replace(tzinfo=zone).astimezone(_CHINA).replace(tzinfo=None)
    return (day, "day") if _YEARS[0] <= year <= _YEARS[1] else None


def _last_day(year: str, month: int, precision: str) -> Parsed:
    full = _full_year(year)
    if not (_YEARS[0] <= full <= _YEARS[1] and 1 <= month <= 12):
        return None
    return datetime(full, month, calendar.monthrange(full, month)[1]), precision


def _full_year(year: str) -> int:
    """Return the year of two or four digits: 50 to 99 are of the last century."""
    return int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 50 else 2000)


def _serial(text: str) -> Parsed:
    if not re.fullmatch(r"\d{5}(\.\d+)?", text) or not _SERIALS[0] <= float(text) <= _SERIALS[1]:
        return None
    return _EPOCH + timedelta(seconds=round(float(text) * 86_400)), "serial"


def _digits(found: re.Match[str]) -> str:
    """Return Chinese numerals as digits: 二〇二二 (a year, digit by digit), 三十一 (a day or a month)."""
    word = found[0]
    if "十" not in word:
        return "".join(str(_NUMERAL[character]) for character in word)
    tens, _, ones = word.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return word
    return str(10 * _NUMERAL.get(tens, 1) + _NUMERAL.get(ones, 0))


# --- truths

_TRUTHS = {
    **dict.fromkeys(("是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1"), True),
    **dict.fromkeys(("否", "无", "错", "×", "✗", "✘", "☒", "n", "no", "f", "false", "0"), False),
}


def _truth(cell: object) -> Parsed:
    text = _plain(_spelt(cell)).casefold()
    if text in _TRUTHS:
        return _TRUTHS[text], ""
    return (None, "") if text in _BLANKS else None
