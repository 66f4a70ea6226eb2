"""The numbers by which the register knows firms, land and certificates, and those by which it knows people.

A checksum says that a number was copied right, never that it was issued. Cells that hold nothing are not valid, and
stay missing where they are normalised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# GB 32100-2015: digits and capitals without I, O, S, V, Z; the i-th weight is 3^(i-1) mod 31.
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)])
_USCC = rf"[1-9A-Y][1-9A-Y]\d{{6}}[{_USCC_SIGNS}]{{10}}"
# GB 11714-1997: A is 10 and Z is 35.
_ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ORGANISATION = r"[0-9A-Z]{8}[0-9X]"
# GB 11643-1999, ISO 7064 MOD 11-2: the weights are the powers of two from 2^17 down.
_CITIZEN_WEIGHTS = np.array([pow(2, 17 - i, 11) for i in range(17)])
_CITIZEN_CHECKS = "10X98765432"
_CITIZEN = r"(?:[1-6]\d|71|8[123])\d{15}[0-9X]"
# GB/T 37346-2019: county 6, cadastral area 3, sub-area 3, kind of parcel 2, its number 5, fixture 1 + 8.
_UNIT_NO = r"\d{12}[GJZ][A-Z]\d{5}(?:[FLQ]\d{8}|W0{8})"
UNIT_LAND = 19  # the characters of a real-estate unit that name its land
_MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z.])")
_CITIZEN_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")

_CERTIFICATE = re.compile(r"([\u4e00-\u9fff]{1,3})\((\d{4})\)([\u4e00-\u9fff]{2,20}不动产权第)(\d{1,7})号?")
_OLD_CERTIFICATE = re.compile(
    r"[\u4e00-\u9fff]{1,10}(?:国用|集用|集有|土国用|房权证)[\u4e00-\u9fff]*\(?\d{4}\)?[^\s]*\d+号?"
)
_BRACKETS = str.maketrans("[]{}<>〔〕【】〈〉《》「」", "()()()()()()()()")
_BETWEEN = re.compile(r"(?<=号)[、,;/与和及&|]+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\uff0d_-]")


def normalise_code(codes: pd.Series[Any]) -> pd.Series[str]:
    """Return codes in half-width capitals, without blanks and hyphens; missing where nothing is left."""
    return _each(codes, _plain_code)


def is_valid_uscc(codes: pd.Series[Any]) -> pd.Series[bool]:
    """Return which cells are a unified social credit code whose check character holds (GB 32100-2015, modulo 31).

    One wrong character, and two neighbours exchanged, are always found. The region is not looked up.
    """
    return _checked(codes, _USCC, 18, _uscc_holds)


def is_valid_organisation_code(codes: pd.Series[Any]) -> pd.Series[bool]:
    """Return which cells are an organisation code, with or without its hyphen (GB 11714-1997, modulo 11).

    One wrong digit is always found; two letters eleven apart are the same to the formula.
    """
    return _checked(codes, _ORGANISATION, 9, _organisation_holds)


def is_valid_unit_no(codes: pd.Series[Any]) -> pd.Series[bool]:
    """Return which cells have the build of a real-estate unit number of 28 characters (GB/T 37346, no checksum)."""
    built: pd.Series[bool] = normalise_code(codes).str.fullmatch(_UNIT_NO).fillna(False).astype(bool)
    return built


def is_valid_citizen_id(codes: pd.Series[Any]) -> pd.Series[bool]:
    """Return which cells are a citizen's number of 18 characters: province, a day of birth, ISO 7064 MOD 11-2."""
    return _checked(codes, _CITIZEN, 18, _citizen_holds)


def normalise_certificate(cells: pd.Series[Any]) -> pd.Series[str]:
    """Return certificate numbers in one spelling, several of a cell parted by ``|``.

    Half-width, round brackets, no blanks; of a 不动产权 certificate the number has seven digits and 号 behind it. What
    follows 号 after a comma or the like is another certificate; a bare number there is kept as it stands.
    """
    return _each(cells, _plain_certificate)


def is_valid_certificate(cells: pd.Series[Any]) -> pd.Series[bool]:
    """Return which cells are one certificate, of the present form or of an old one (国用, 集用, 房权证)."""
    plain = _each(cells, _plain_certificate).fillna("")
    return pd.Series([is_certificate(text) for text in plain], index=cells.index, dtype=bool)


def is_certificate(text: str) -> bool:
    """Return whether a normalised text is one certificate."""
    return bool(_CERTIFICATE.fullmatch(text) or ("|" not in text and _OLD_CERTIFICATE.fullmatch(text)))


def personal_data(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that hold a citizen's number or a mobile number, also within other text.

    Returns
    -------
    pd.DataFrame
        Columns ``row`` (label in `frame`), ``column`` and ``kind`` (``citizen_id`` or ``mobile``); the numbers
        themselves are not repeated.
    """
    found = [_personal(frame[name]).assign(column=str(name)) for name in frame.columns]
    told = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    return told.reindex(columns=["row", "column", "kind"])


def _personal(cells: pd.Series[Any]) -> pd.DataFrame:
    """Return the rows (column ``row``) of a column that hold a person's number, and its ``kind``."""
    texts = _texts(cells)
    # the exact patterns look around, which the quick engine cannot
    quick = r"\d{11}|1[3-9]\d[- ]\d{4}[- ]?\d{4}|1[3-9]\d{5}[- ]\d{4}"
    plain = _each(texts[texts.str.contains(quick).fillna(False).astype(bool)], _half)
    numbers = plain.map(_CITIZEN_IN_TEXT.findall).explode().dropna().astype("str")
    people = numbers.index[is_valid_citizen_id(numbers)].unique()
    phones = plain.index[plain.map(lambda text: _MOBILE.search(text) is not None).astype(bool)].unique()
    rows = [*((row, "citizen_id") for row in people), *((row, "mobile") for row in phones)]
    return pd.DataFrame(rows, columns=["row", "kind"])


def _texts(cells: pd.Series[Any]) -> pd.Series[str]:
    """Return the cells that could hold a number of eleven digits, as text; a column of floats as whole numbers."""
    if pd.api.types.is_bool_dtype(cells.dtype) or pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return pd.Series([], index=cells.index[:0], dtype="str")
    if pd.api.types.is_numeric_dtype(cells.dtype):
        values = pd.to_numeric(cells).astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
        whole = (np.abs(values) < 2**53) & (values == np.round(values)) & (values >= 1e10)
        return pd.Series(values[whole].astype("int64"), index=cells.index[whole]).astype("str")
    texts: pd.Series[str] = cells.dropna().astype("str")
    return texts


def _each(cells: pd.Series[Any], plain: Callable[[str], str]) -> pd.Series[str]:
    """Return what `plain` makes of each cell, each distinct one once; missing where that is nothing."""
    numbers, distinct = pd.factorize(cells)
    made = [plain(str(cell)) or None for cell in distinct]
    taken = np.array([*made, None], dtype=object)[numbers]  # -1, a gap, picks the last
    return pd.Series(taken, index=cells.index, dtype="str")


def _plain_code(text: str) -> str:
    return _DASHES.sub("", "".join(_half(text).split())).upper()


def _half(text: str) -> str:
    """Return `text` half-width, without the marks that take no room on the screen."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return plain if plain.isprintable() else "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc"))


def _plain_certificate(text: str) -> str:
    plain = _DASHES.sub("-", "".join(_half(" ".join(text.split())).split())).translate(_BRACKETS)
    parts = [part for part in _BETWEEN.split(plain) if part]
    return "|".join(_padded(part) for part in parts)


def _padded(text: str) -> str:
    found = _CERTIFICATE.fullmatch(text)
    return f"{found[1]}({found[2]}){found[3]}{int(found[4]):07}号" if found else text


def _checked(
    cells: pd.Series[Any], pattern: str, length: int, holds: Callable[[NDArray[np.uint32]], NDArray[np.bool_]]
) -> pd.Series[bool]:
    """Return which cells match `pattern` and keep what `holds` asks of their characters, a row of code points each."""
    codes = normalise_code(cells)
    built = codes.str.fullmatch(pattern).fillna(False).to_numpy(dtype=bool)
    letters = np.array(codes[built].tolist(), dtype=f"U{length}").view(np.uint32).reshape(-1, length)
    valid = np.zeros(len(codes), dtype=bool)
    valid[built] = holds(letters)
    return pd.Series(valid, index=cells.index, dtype=bool)


def _values(signs: str) -> NDArray[np.int64]:
    table = np.zeros(128, dtype=np.int64)
    table[[ord(sign) for sign in signs]] = np.arange(len(signs))
    return table


def _uscc_holds(letters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    values = _values(_USCC_SIGNS)[letters]
    return np.asarray((values[:, :17] @ _USCC_WEIGHTS + values[:, 17]) % 31 == 0)


def _organisation_holds(letters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    values = _values(_ORGANISATION_SIGNS)[letters]
    check = np.where(letters[:, 8] == ord("X"), 10, values[:, 8])
    return np.asarray((values[:, :8] @ _ORGANISATION_WEIGHTS + check) % 11 == 0)


def _citizen_holds(letters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    values = _values("0123456789")[letters]
    checks = np.array([ord(sign) for sign in _CITIZEN_CHECKS])
    agrees = checks[values[:, :17] @ _CITIZEN_WEIGHTS % 11] == letters[:, 17]
    births = values[:, 6:14] @ 10 ** np.arange(7, -1, -1)
    return np.asarray(agrees & np.fromiter((_is_birthday(int(day)) for day in births), dtype=bool, count=len(births)))


def _is_birthday(day: int) -> bool:
    try:
        born = date(day // 10000, day // 100 % 100, day % 100)
    except ValueError:
        return False
    return date(1800, 1, 1) <= born <= date.today()
