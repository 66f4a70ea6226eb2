"""Land in the wrong place: outside the area of interest, in another key area than registered, on a control line."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import shapely

from landkit.books import MU, Books
from landkit.checks.finds import finds, nothing, together
from landkit.checks.registry import registry
from landkit.checks.subjects import Land
from landkit.crs import carry, read_source
from landkit.districts import NOWHERE, Districts
from landkit.measure.area import measure
from landkit.measure.overlay import split
from landkit.measure.rings import land as polygons_of
from landkit.redlines import CONTROL_LINE, redline
from landkit.workspace import Workspace


def outside(land: Land, box: tuple[float, float, float, float]) -> pd.DataFrame:
    """Find rows with land outside the area of interest, a box in degrees; their price is that land."""
    drawn = np.array([shapely.box(*box)], dtype=object)
    zone = carry(drawn, read_source("EPSG:4490", name="aoi"), land.plane, densify=True)[0]
    shapely.prepare(zone)
    astray = np.flatnonzero(~shapely.covers(zone, land.shapes))
    mu = measure(polygons_of(shapely.difference(land.shapes[astray], zone)), land.plane) / MU
    kept = mu * MU >= registry().tolerance.least_m2
    astray, mu = astray[kept], mu[kept]
    found = []
    for layer in np.unique(land.layer[astray]):
        own = np.flatnonzero(land.layer[astray] == layer)
        ids = [(str(name),) for name in land.ids[astray[own]]]
        values = [{"outside_mu": float(part)} for part in mu[own]]
        name = land.subjects[layer].name
        found.append(finds("outside_aoi", name, land.label[astray[own]], ids, mu=mu[own], values=values))
    return together(found)


def registered_district(land: Land, books: Books) -> pd.DataFrame:
    """Find rows most of whose land lies in another key area than they are registered in.

    That moves land between key areas and leaves the total: the price is nil, and the land is told.
    """
    name = books.workspace.zone.districts
    if name is None:
        return nothing()
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


def control_lines(land: Land, workspace: Workspace, as_of: date | None) -> pd.DataFrame:
    """Find land on which a control line in force forbids what the programmes do, and land outside where it must lie.

    What breaks a rule is as `landkit redline` has it.
    """
    if CONTROL_LINE not in workspace.layers:
        return nothing()
    names = [subject.name for subject in land.subjects]
    broken = redline(names, workspace=workspace, as_of=as_of).broken
    labels = {subject.name: pd.Series(subject.ids.index, index=subject.ids) for subject in land.subjects}
    found = []
    for (layer, kind, rule), group in broken.groupby(["layer", "kind", "rule"]):
        values = [{"line": str(kind), "rule": f"check.rule.{rule}"}] * len(group)
        rows = labels[str(layer)].reindex(group["id"]).fillna(-1).astype("int64")
        mu = group["m2"].to_numpy() / MU
        ids = [(str(name),) for name in group["id"]]
        found.append(finds("control_line", str(layer), rows, ids, mu=mu, detail=f"{kind} {rule}", values=values))
    return together(found)
