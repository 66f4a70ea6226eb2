"""What there is to know a row by on either side of a join: checked keys, names, township and area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from landkit.identifiers import (
    UNIT_LAND,
    is_certificate,
    is_valid_unit_no,
    is_valid_uscc,
    normalise_certificate,
    normalise_code,
)
from landkit.legal_names import Name, read_name
from landkit.stages import row_ids


@dataclass(frozen=True)
class Facts:
    """What a row is known by.

    Attributes
    ----------
    keys
        ``cert_no``, ``bdcdyh`` (its land: the first 19 characters) and ``uscc``: normalised, only those that are valid.
    id
        Empty where there is none.
    written, names
        The name as it stands, and as `landkit.legal_names` spells it: the present one, then former ones.
    firm
        Whether it is the name of an enterprise, not of a parcel.
    township
        Without blanks; empty where there is none.
    mu
        The area; None where there is none.
    """

    keys: Mapping[str, tuple[str, ...]]
    id: str
    written: str
    names: tuple[str, ...]
    firm: bool
    township: str
    mu: float | None

    @property
    def name(self) -> str:
        """The present name."""
        return self.names[0] if self.names else ""


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a join: the facts of its rows, by number."""

    facts: tuple[Facts, ...]

    def having(self, kind: str, values: Iterable[str]) -> set[int]:
        """Return the rows with one of `values` as ``cert_no``, ``bdcdyh``, ``uscc``, ``id`` or ``name``."""
        return {row for value in values for row in self._rows.get((kind, value), ())}

    @cached_property
    def _rows(self) -> dict[tuple[str, str], list[int]]:
        rows: dict[tuple[str, str], list[int]] = {}
        for number, fact in enumerate(self.facts):
            named = {("name", name) for name in fact.names} | {("id", fact.id)}
            for key in named | {(kind, value) for kind, values in fact.keys.items() for value in values}:
                rows.setdefault(key, []).append(number)
        return rows


def read_side(frame: pd.DataFrame, *, mu: pd.Series[float] | None = None) -> Side:
    """Return what the rows of `frame`, under canonical names, are known by.

    Parameters
    ----------
    mu
        Their areas; the column ``area_doc_mu`` where None.
    """
    codes = normalise_code(_column(frame, "uscc"))
    units = normalise_code(_column(frame, "bdcdyh"))
    certificates = normalise_certificate(_column(frame, "cert_no")).fillna("")
    firms, names = _column(frame, "enterprise"), _column(frame, "name")
    written = firms.fillna(names).fillna("")
    seen: dict[str, Name] = {text: read_name(text) for text in written.unique()}
    areas = pd.to_numeric(_column(frame, "area_doc_mu") if mu is None else mu.reindex(frame.index)).astype("float64")
    rows = zip(
        certificates,
        units.where(is_valid_unit_no(units)).str[:UNIT_LAND].fillna(""),
        codes.where(is_valid_uscc(codes)).fillna(""),
        row_ids(frame).str.strip().fillna(""),
        written,
        firms.notna(),
        _column(frame, "township").str.replace(r"\s", "", regex=True).fillna(""),
        areas.where(areas > 0),
        strict=True,
    )
    return Side(
        tuple(
            Facts(
                keys={
                    "cert_no": tuple(one for one in certificate.split("|") if is_certificate(one)),
                    "bdcdyh": (unit,) if unit else (),
                    "uscc": (code,) if code else (),
                },
                id=name,
                written=text,
                names=tuple(one for one in (seen[text].present, *seen[text].former) if one),
                firm=firm,
                township=township,
                mu=None if pd.isna(area) else float(area),
            )
            for certificate, unit, code, name, text, firm, township, area in rows
        )
    )


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name not in frame.columns:
        return pd.Series(None, index=frame.index, dtype="str")
    return frame[name] if pd.api.types.is_numeric_dtype(frame[name].dtype) else frame[name].astype("str")
