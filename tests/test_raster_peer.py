"""The ledger against cells counted by rasterio, which knows nothing of polygons once they are burnt in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from rasterio.enums import MergeAlg
from rasterio.features import rasterize
from rasterio.transform import from_origin

import landkit

# rasterio 1.4 multiplies its transforms the way that affine 3 announces to give up
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")

SIDE, CELL, WEST, SOUTH = 24, 20.0, 466_000.0, 3_218_000.0


def parcels(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return shapes with edges on the cells' edges: rectangles, some with a corner or a yard taken out."""
    shapes = []
    for _ in range(count):
        left, low = rng.integers(0, SIDE - 4, 2)
        wide, high = rng.integers(3, 9, 2)
        box = shapely.box(left, low, min(left + wide, SIDE), min(low + high, SIDE))
        taken = shapely.box(left + 1, low + 1, left + 2, low + 2 + rng.integers(0, 3))
        shapes.append(box - taken if rng.random() < 0.5 else box)
    return shapely.transform(np.array(shapes, dtype=object), lambda xy: xy * CELL + [WEST, SOUTH])


def covers(shapes: np.ndarray) -> np.ndarray:
    """Return how many of `shapes` cover each cell."""
    north = from_origin(WEST, SOUTH + SIDE * CELL, CELL, CELL)
    burnt = [(shape, 1) for shape in shapes]
    return rasterize(burnt, (SIDE, SIDE), transform=north, merge_alg=MergeAlg.add, dtype="int32").astype(int)


@pytest.mark.parametrize("seed", range(8))
def test_the_ledger_is_what_cells_say(seed):
    rng = np.random.default_rng(seed)
    layers = {name: parcels(rng, 12) for name in ("takeback", "remediate", "village")}
    frames = {name: gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4549") for name, shapes in layers.items()}
    found = landkit.account(frames, method="planar").account
    counts = np.stack([covers(shapes) for shapes in layers.values()])
    programmes = (counts > 0).sum(axis=0)
    expected = {
        "gross": counts.sum(),
        "net": (programmes > 0).sum(),
        "stacked": (programmes - 1).clip(0).sum(),
        "conflict": (counts - 1).clip(0).sum(),
    }
    assert {name: found.total[name] / CELL**2 for name in expected} == pytest.approx(expected, abs=1e-6)
    by_group = found.rows.set_index("group")
    for number, _name in enumerate(found.groups["layer"]):
        alone = (counts[number] > 0) & (programmes == 1)
        assert by_group.loc[number, "net"] / CELL**2 == pytest.approx((counts[number] > 0).sum(), abs=1e-6)
        assert by_group.loc[number, "exclusive"] / CELL**2 == pytest.approx(alone.sum(), abs=1e-6)
