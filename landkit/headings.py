"""What a delivered heading says: a name, and the unit behind it."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from landkit.schema import Field
from landkit.units import UNITS

_AREA, _MONEY = "area", "money"
_M2 = {name: unit.square_metres for name, unit in UNITS.items()}
_WAN, _YI = 10**4, 10**8
# spelling -> what it measures, and its size in m2 or 万元
_UNITS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("亩", "市亩", "mu"), (_AREA, _M2["mu"])),
    **dict.fromkeys(("万亩", "wanmu"), (_AREA, _M2["wanmu"])),
    **dict.fromkeys(("公顷", "ha", "hm2"), (_AREA, _M2["ha"])),
    **dict.fromkeys(("平方米", "平米", "m2"), (_AREA, _M2["m2"])),
    **dict.fromkeys(("万平方米", "万平米", "万平方", "万方", "万m2"), (_AREA, _M2["m2"] * _WAN)),
    **dict.fromkeys(("平方公里", "平方千米", "km2"), (_AREA, _M2["km2"])),
    "元": (_MONEY, Fraction(1, _WAN)),
    "万元": (_MONEY, Fraction(1)),
    "亿元": (_MONEY, Fraction(_YI, _WAN)),
    "万元/亩": ("money per area", Fraction(1)),
    "%": ("%", Fraction(1)),
    **dict.fromkeys(("户", "人", "件", "台", "年", "家", "个", "宗", "处", "栋", "幢"), ("count", Fraction(1))),
}
_SPELT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_BRACKETED = re.compile(rf"(?P<name>.+?)[(\[](?:单位:?)?(?P<unit>{_SPELT})[)\]]", re.IGNORECASE)
_BEHIND = re.compile(rf"(?P<name>.+?)[/_,:;-]?(?P<unit>{_SPELT})", re.IGNORECASE)
_BRACKETS = str.maketrans("【】〔〕", "()()")


def plain(heading: str) -> str:
    """Return a heading half-width, in small letters, without blanks and the stars of mandatory columns."""
    return "".join(unicodedata.normalize("NFKC", heading).split()).translate(_BRACKETS).strip("*").casefold()


def name_and_unit(heading: str) -> tuple[str, str]:
    """Return a plain heading as its name and the unit behind it, bracketed or not; empty if there is none."""
    for pattern in (_BRACKETED, _BEHIND):
        if found := pattern.fullmatch(heading):
            return found["name"], found["unit"]
    return heading, ""


def read_unit(text: str) -> str:
    """Return the unit that a cell of a line of units names, empty if it names none: ``（亩）``, ``单位：公顷``."""
    bare = plain(text).strip("()[]").removeprefix("单位").lstrip(":")
    return bare if bare in _UNITS else ""


def read_units(text: str) -> list[str]:
    """Return the units that a line above a table names for all of it: ``亩、万元``."""
    return [unit for part in re.split(r"[、,，;；\s]+", text) if (unit := read_unit(part))]


def factor(unit: str, field: Field) -> Fraction | None:
    """Return what numbers in `unit` are multiplied by to be in the unit of `field`; None where they cannot be."""
    if field.type not in ("float", "int"):
        return None
    measured, size = _UNITS[unit.casefold()]
    if field.unit in UNITS:
        return size / _M2[str(field.unit)] if measured == _AREA else None
    if field.unit in _UNITS:
        wanted, whole = _UNITS[str(field.unit)]
        return size / whole if measured == wanted else None
    return size if measured == "count" else None
