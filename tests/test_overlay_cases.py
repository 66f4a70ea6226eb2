"""Overlay cases of other projects, valid and not, as parcels: no wrong area without a mark.

Each pair is put down as two programmes and as one. Where both polygons are valid the figures have to be those that the
case expects; where one is not, the figure may differ from what the case calls right only if something says so: a
finding, a line of the repaired, or of the unmeasured.
"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import affinity

from landkit import account, check

CASES = Path(__file__).parents[2] / "shared" / "corpus" / "overlay_cases.jsonl"
EAST, NORTH = 500_000.0, 3_220_000.0  # on the central meridian, where the plane and the ellipsoid agree best
SIDE = 1_000.0  # metres that a case is drawn across
OPERATIONS = ("union", "intersection", "difference", "symdifference", "overlayareatest", "unionarea", "isvalid")

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="the corpus is not here")


def cases():
    if not CASES.is_file():
        return []
    lines = CASES.read_text(encoding="utf-8").splitlines()
    held = [case for case in map(json.loads, lines) if case["op"].startswith(OPERATIONS)]
    # Operations on one pair are many; the pair is tried once.
    return list({(case.get("a"), case.get("b")): case for case in held}.values())


def read(text):
    """Return the polygons of a case, None where it holds none that can be read."""
    try:
        shape = shapely.from_wkt(text) if text else None
    except shapely.errors.GEOSException:
        return None
    held = shape is not None and shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_empty
    return shape if held and shapely.area(shape) < 1e300 else None


def placed(shapes, place):
    """Return shapes as large as parcels, at a place of their own in the plane."""
    west, south, east, north = shapely.total_bounds(shapes)
    scale = SIDE / max(east - west, north - south)
    across, along = EAST + 2 * SIDE * (place % 20), NORTH + 2 * SIDE * (place // 20)
    matrix = [scale, 0, 0, scale, across - west * scale, along - south * scale]
    return [affinity.affine_transform(shape, matrix) for shape in shapes]


def enclosed(shape):
    """Return the land that a valid shape covers, or that each reading of an invalid one does."""
    if shape.is_valid:
        return {shape.area}
    readings = (shapely.make_valid(shape, method=method) for method in ("structure", "linework"))
    return {shape.area, *(reading.area for reading in readings)}


@pytest.fixture(scope="module")
def pairs():
    """Each case's parcels, in the plane, by its id."""
    found = {}
    for place, case in enumerate(cases()):
        given = [shape for shape in (read(case.get("a")), read(case.get("b"))) if shape is not None]
        if given and np.ptp(shapely.total_bounds(given).reshape(2, 2), axis=0).max() > 0:
            found[case["id"]] = placed(given, place)
    return found


@pytest.mark.parametrize("programmes", [1, 2])
def test_no_area_is_wrong_without_a_mark(pairs, programmes):
    rows = [(case, f"{case}/{place}", place, s) for case, shapes in pairs.items() for place, s in enumerate(shapes)]
    table = pd.DataFrame(rows, columns=["case", "id", "programme_no", "geometry"])
    table["programme_no"] = table["programme_no"] % programmes
    layers = {
        f"L{number}": gpd.GeoDataFrame(own[["case", "id"]], geometry=list(own["geometry"]), crs="EPSG:4549")
        for number, own in table.groupby("programme_no")
    }
    answer = account(layers, by=["case"], method="planar")
    figures = answer.account.rows.assign(case=answer.account.groups["case"].to_numpy()[answer.account.rows["group"]])
    figures = figures.set_index("case")[["gross", "net"]]
    report = check(layers)
    told = (name for ids in report.findings["ids"] for name in ids)
    marked = {*answer.repaired["id"], *answer.unmeasured["id"], *told}
    assert len(pairs) > 200
    wrong = []
    for case, shapes in pairs.items():
        for place, shape in enumerate(shapes):
            readings = enclosed(shape)
            if max(readings) - min(readings) > 1 and f"{case}/{place}" not in marked:
                wrong.append(case)
        if all(shape.is_valid for shape in shapes):
            whole = sum(shape.area for shape in shapes)
            union = whole - (shapely.intersection(*shapes).area if len(shapes) == 2 else 0)
            held = figures.loc[case]
            if abs(held["gross"] - whole) > 1e-6 * whole or abs(held["net"] - union) > 1e-6 * whole + 0.01:
                wrong.append(case)
    assert wrong == []
