"""Land in the wrong place: outside the area of interest, in another key area than registered, on a control line."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import shapely

from landkit.books import MU, Books
from landkit.checks.finds import finds, together
from landkit.checks.registry import registry
from landkit.checks.subjects import Land
from landkit.crs import carry, read_source
from landkit.districts import NOWHERE, Districts
from landkit.measure.area import measure
from landkit.measure.overlay import split
from landkit.measure.rings import FloatArray, Geometries, IntArray
from landkit.measure.rings import land as polygons_of
from landkit.measure.validity import repair

_CONTROL = "control_line"


def outside(land: Land, box: tuple[float, float, float, float]) -> pd.DataFrame:
    """Find rows with land outside the area of interest, a box in degrees; their price is that land."""
    drawn = np.array([shapely.box(*box)], dtype=object)
    zone = carry(drawn, read_source("EPSG:4490", name="aoi"), land.plane, densify=True)[0]
    shapely.prepare(zone)
    astray = np.flatnonzero(~shapely.covers(zone, land.shapes))
    mu = measure(polygons_of(shapely.difference(land.shapes[astray], zone)), land.plane) / MU
    return _by_layer(land, "outside_aoi", astray, mu, values=[{"outside_mu": float(part)} for part in mu])


def _by_layer(
    land: Land, check: str, rows: IntArray, mu: FloatArray, *, values: list[dict[str, object]], detail: str = ""
) -> pd.DataFrame:
    """Return the findings on rows, of those with land enough."""
    kept = [place for place, part in enumerate(mu) if part * MU >= registry().tolerance.least_m2]
    found = []
    for layer in np.unique(land.layer[rows[kept]]):
        own = [place for place in kept if land.layer[rows[place]] == layer]
        found.append(
            finds(
                check,
                land.subjects[layer].name,
                land.label[rows[own]],
                [(str(name),) for name in land.ids[rows[own]]],
                mu=mu[own],
                detail=detail,
                values=[values[place] for place in own],
            )
        )
    return together(found)


def registered_district(land: Land, books: Books) -> pd.DataFrame:
    """Find rows most of whose land lies in another key area than they are registered in.

    That moves land between key areas and leaves the total: the price is nil, and the land is told.
    """
    name = books.workspace.zone.districts
    if name is None:
        return finds("", "", [], [])
    book = books[name]
    shapes = np.asarray(book.source.frame.geometry.array, dtype=object).copy()
    shapes[~book.shaped] = None
    ids = [str(given) for given in book.rows["id"]]
    areas = Districts.of(shapes, ids, book.source.frame.crs, land.plane, layer=name)
    titles = dict(zip(ids, book.frame["name"].astype("str"), strict=True)) if "name" in book.frame.columns else {}
    known = {title: given for given, title in titles.items()} | {given: given for given in ids}
    pieces = split(land.shapes, land.area, areas.shapes, land.plane)
    order = np.argsort(pieces.area, kind="stable")
    home, most = np.full(len(land.shapes), NOWHERE), np.zeros(len(land.shapes))
    home[pieces.parcel[order]], most[pieces.parcel[order]] = pieces.district[order], pieces.area[order]
    found = []
    for layer, subject in enumerate(land.subjects):
        if "district" not in subject.part.usable.columns:
            continue
        rows = np.flatnonzero(land.layer == layer)
        registered = subject.part.usable["district"].astype("str").map(known).to_numpy(dtype=object)
        lies = np.array([areas.labels[at] if at != NOWHERE else () for at in home[rows]], dtype=object)
        wrong = [at for at in range(len(rows)) if isinstance(registered[at], str) and registered[at] not in lies[at]]
        values = [
            {
                "registered": titles.get(registered[at], registered[at]),
                "lies": ", ".join(titles.get(given, given) for given in lies[at]) or "-",
                "moved_mu": float(most[rows[at]]) / MU,
            }
            for at in wrong
        ]
        ids_of = [(str(land.ids[rows[at]]),) for at in wrong]
        found.append(finds("district", subject.name, land.label[rows[wrong]], ids_of, values=values))
    return together(found)


def control_lines(land: Land, books: Books, as_of: date | None) -> pd.DataFrame:
    """Find land on which a control line in force forbids what the programmes do, and land outside where it must lie."""
    if _CONTROL not in books:
        return finds("", "", [], [])
    book = books[_CONTROL]
    frame = book.frame
    if not {"kind", "rule"} <= set(frame.columns):
        return finds("", "", [], [])
    force = pd.Series(book.shaped, index=frame.index)
    if as_of is not None and "effective" in frame.columns:
        force &= ~(pd.to_datetime(frame["effective"]) > pd.Timestamp(as_of))
    given = np.asarray(book.source.frame.geometry.array, dtype=object).copy()
    given[~book.shaped] = None
    shapes = repair(carry(given, read_source(book.source.frame.crs, name=_CONTROL), land.plane, densify=True)).shapes
    found = []
    for (kind, rule), lines in frame[force & frame["rule"].isin(["forbid", "must_within"])].groupby(["kind", "rule"]):
        ground = shapely.union_all(shapes[lines.index])
        rows, mu = _inside(land, ground) if rule == "forbid" else _beyond(land, ground)
        values: list[dict[str, object]] = [{"line": str(kind), "rule": f"check.rule.{rule}"}] * len(rows)
        found.append(_by_layer(land, "control_line", rows, mu, values=values, detail=f"{kind} {rule}"))
    return together(found)


def _inside(land: Land, ground: shapely.Geometry) -> tuple[IntArray, FloatArray]:
    rows = np.sort(land.tree.query(ground, predicate="intersects"))
    return rows, _mu(land, shapely.intersection(land.shapes[rows], ground))


def _beyond(land: Land, ground: shapely.Geometry) -> tuple[IntArray, FloatArray]:
    shapely.prepare(ground)
    rows = np.flatnonzero(~shapely.covers(ground, land.shapes))
    return rows, _mu(land, shapely.difference(land.shapes[rows], ground))


def _mu(land: Land, shapes: Geometries) -> FloatArray:
    return np.asarray(np.nan_to_num(measure(polygons_of(shapes), land.plane)) / MU)
