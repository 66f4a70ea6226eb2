"""The figure behind a target: counted, summed, measured or divided, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from landkit.books import MU, Book, net_m2
from landkit.errors import InputError
from landkit.field_claims import fields_of
from landkit.items import IntArray, Items
from landkit.plan import Measure
from landkit.schema import schema
from landkit.units import UNITS, convert, to_m2

# The area units of plans, as they are written there.
PLAN_UNITS = {"亩": "mu", "万亩": "wanmu", "公顷": "ha", "平方公里": "km2", "平方米": "m2"}


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes
    ----------
    value
        None where nothing measures it: no row, no shape, no value.
    unit
        As in the plan, or the unit of the field.
    missing
        Rows that count but have no value for it.
    """

    value: float | None
    unit: str
    missing: int = 0


@dataclass(frozen=True)
class Pile:
    """Items set apart, with the area that the office reports for their rows: None where it reports none for any."""

    items: int
    mu: float | None


def figure(items: Items, measure: Measure, unit: str) -> Figure:
    """Return the figure of a measure in the plan's `unit`, where that is of its kind, else in the field's own."""
    if measure.statistic in ("items", "distinct"):
        return Figure(int(items.done.sum()), unit)
    if measure.statistic == "sum":
        return _sum(items, str(measure.field), unit)
    if measure.statistic == "ratio":
        return _ratio(items, str(measure.numerator), str(measure.denominator), unit)
    return _land(items, unit, by_ledger=measure.statistic == "net")


def pile(items: Items, rows: IntArray) -> Pile:
    """Return how many counted items have one of `rows`, and the official area of these rows in mu."""
    count = items.standing_on(rows)
    return Pile(count, official_mu(items.book, rows) if count else 0.0)


def official_mu(book: Book, rows: IntArray) -> float | None:
    """Return the area that the office reports for `rows` of a layer in mu, None where it reports none at all."""
    reported = book.rows["mu"].to_numpy()[rows]
    return None if np.isnan(reported).all() else float(np.nansum(reported))


def column(book: Book, name: str) -> pd.Series[float]:
    """Return a column of numbers; ``area_official`` stands for the area that the office reports, in mu.

    Raises
    ------
    InputError
        If the layer has no such column, or a value in it is no number.
    """
    if name == "area_official":
        return book.rows["mu"]
    if name not in book.frame.columns:
        if name not in fields_of(book.id):
            raise InputError("plan.column", layer=book.id, column=name)
        # a field that no delivery has filled yet
        return pd.Series(np.nan, index=book.frame.index)
    given = book.frame[name]
    values: pd.Series[float] = pd.to_numeric(given, errors="coerce").astype(float)
    odd = np.flatnonzero(given.notna() & values.isna())
    if len(odd):
        value = given.iloc[odd[0]]
        raise InputError("plan.not_number", layer=book.id, row=int(odd[0]) + 1, column=name, value=value)
    return values


def _sum(items: Items, name: str, unit: str) -> Figure:
    values = column(items.book, name).to_numpy()[items.counted_rows]
    known = ~np.isnan(values)
    if len(values) and not known.any():
        return Figure(None, unit, len(values))
    total, shown = _in_unit(float(values[known].sum()), _unit_of(items.book, name), unit)
    return Figure(total, shown, int((~known).sum()))


def _ratio(items: Items, numerator: str, denominator: str, unit: str) -> Figure:
    """Return the sum of one column over the sum of another, of the rows that have both."""
    above = column(items.book, numerator).to_numpy()[items.counted_rows]
    below = column(items.book, denominator).to_numpy()[items.counted_rows]
    both = ~np.isnan(above) & ~np.isnan(below)
    base = float(below[both].sum())
    value = float(above[both].sum()) / base if base > 0 else None
    return Figure(value, unit, int((~both).sum()))


def _land(items: Items, unit: str, *, by_ledger: bool) -> Figure:
    """Return the land under the counted rows, each place once; rows without a shape by the ledger, or not at all."""
    rows, shapeless = items.counted_rows, items.shapeless_rows
    shaped = np.setdiff1d(rows, shapeless)
    if len(rows) and not len(shaped) and not by_ledger:
        return Figure(None, unit, len(rows))
    square_metres = net_m2(items.book.shapes[shaped], items.book.plane)
    ledger = items.book.rows["mu"].to_numpy()[shapeless] if by_ledger else np.full(len(shapeless), np.nan)
    total, shown = _in_unit((square_metres + float(np.nansum(ledger)) * MU), "m2", unit)
    return Figure(total, shown, int(np.isnan(ledger).sum()))


def _unit_of(book: Book, name: str) -> str:
    if name == "area_official":
        return "mu"
    layer = schema().layers[book.id]
    return (layer.fields[name].unit if name in layer.fields else None) or ""


def _in_unit(value: float, given: str, wanted: str) -> tuple[float, str]:
    """Return an area in the plan's unit; what is none stays as it is, in its own unit or, having none, the plan's."""
    target = PLAN_UNITS.get(wanted)
    if given not in UNITS:
        return value, given or wanted
    if target is None:
        return value, next(name for name, unit in PLAN_UNITS.items() if unit == given)
    if target == given:
        return value, wanted
    return convert(to_m2(value, unit=given), unit=target), wanted
