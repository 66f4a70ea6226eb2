"""Parcels by district against GEOS' own overlay."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from cells import Grid, halves

from landkit.crs import Plane
from landkit.errors import ClosureError
from landkit.measure.area import METHODS, measure
from landkit.measure.overlay import OUTSIDE, split

PLANE = Plane(40)
EAST, NORTH = 461_000.0, 3_221_000.0
ORIGIN = np.array([EAST, NORTH])


def table(pieces):
    keys = list(zip(pieces.parcel.tolist(), pieces.district.tolist(), strict=True))
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, pieces.area.tolist(), strict=True))


def by_force(parcels, districts, method):
    whole = measure(parcels, PLANE, method=method)
    frames = [
        gpd.GeoDataFrame({name: range(len(s))}, geometry=s, crs="EPSG:4549")
        for name, s in (("p", parcels), ("d", districts))
    ]
    found = gpd.overlay(*frames, how="intersection", keep_geom_type=True)
    area = measure(found.geometry.to_numpy(), PLANE, method=method)
    expected = {(p, d): size for p, d, size in zip(found["p"], found["d"], area, strict=True) if size > 1e-5}
    inside = np.bincount(found["p"], area, minlength=len(parcels))
    return expected | {(p, OUTSIDE): rest for p, rest in enumerate(whole - inside) if rest > 1e-5}


def check(parcels, districts, method="planar"):
    area = measure(parcels, PLANE, method=method)
    pieces = split(parcels, area, districts, PLANE, method=method)
    found, expected = table(pieces), by_force(parcels, districts, method)
    assert {key for key, size in found.items() if size > 1e-5} == expected.keys()
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-7, abs=1e-5)
    assert np.bincount(pieces.parcel, pieces.area, minlength=len(area)) == pytest.approx(area, rel=1e-9, abs=1e-5)
    return found


def cells(columns, rows, size, *, rng=None, origin=(EAST, NORTH)):
    x, y = np.meshgrid(np.arange(columns + 1) * size, np.arange(rows + 1) * size, indexing="ij")
    xy = np.stack([x, y], axis=-1) + np.array(origin)
    if rng is not None:
        xy += rng.uniform(-0.3, 0.3, xy.shape) * size
    rings = np.stack([xy[:-1, :-1], xy[1:, :-1], xy[1:, 1:], xy[:-1, 1:]], axis=2)
    return np.asarray(shapely.polygons(rings.reshape(-1, 4, 2)))


def parcels_at_random(rng, count, spread, size):
    centre = rng.uniform(-0.1 * spread, 1.1 * spread, (count, 1, 2)) + ORIGIN
    angle = np.sort(rng.uniform(0, 2 * np.pi, (count, 7)))
    radius = rng.uniform(0.3, 1, (count, 7)) * size
    rings = centre + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    made = shapely.make_valid(shapely.polygons(rings), method="structure", keep_collapsed=False)
    return np.asarray(made[shapely.area(made) > 0.01])


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("method", ["planar", "ellipsoid"])
def test_random_parcels_and_districts(seed, method):
    rng = np.random.default_rng(seed)
    districts = cells(4, 3, 250.0, rng=rng)
    districts = districts[rng.random(len(districts)) < rng.choice([1.0, 0.6])]
    if len(districts) == 0:
        return
    check(parcels_at_random(rng, 80, 1000.0, rng.choice([5.0, 60.0, 400.0])), districts, method)


@pytest.mark.parametrize("seed", range(10))
def test_districts_that_follow_the_parcels(seed):
    rng = np.random.default_rng(seed)
    parcels = cells(12, 12, 30.0, rng=rng)
    district = rng.integers(-1, 3, 12)[np.arange(144) % 12]
    joined = np.array([shapely.union_all(parcels[district == number]) for number in range(3)], dtype=object)
    there = ~shapely.is_empty(joined)
    found = check(parcels, joined[there])
    # No parcel is cut, and each has its own district.
    numbers = np.cumsum(there) - 1
    assert set(found) == {(p, OUTSIDE if d < 0 else int(numbers[d])) for p, d in enumerate(district)}


def test_donut_island_and_a_district_smaller_than_a_parcel():
    outer = shapely.box(EAST, NORTH, EAST + 1000, NORTH + 1000)
    hole = shapely.box(EAST + 300, NORTH + 300, EAST + 700, NORTH + 700)
    island = shapely.box(EAST + 495, NORTH + 495, EAST + 505, NORTH + 505)
    districts = np.array([outer.difference(hole), island])
    parcels = np.array(
        [
            shapely.box(EAST + 310, NORTH + 310, EAST + 320, NORTH + 320),  # in the hole
            shapely.box(EAST + 290, NORTH + 400, EAST + 310, NORTH + 410),  # across its edge
            hole,  # the hole itself, with the island
            outer,
            shapely.box(EAST + 496, NORTH + 496, EAST + 497, NORTH + 497),  # in the island
            shapely.box(EAST - 50, NORTH - 50, EAST - 40, NORTH - 40),  # outside all
            shapely.box(EAST - 10, NORTH, EAST, NORTH + 10),  # outside, along the edge
        ]
    )
    assert check(parcels, districts) == pytest.approx(
        {
            (0, OUTSIDE): 100, (1, 0): 100, (1, OUTSIDE): 100, (2, 1): 100, (2, OUTSIDE): 159_900, (3, 0): 840_000,
            (3, 1): 100, (3, OUTSIDE): 159_900, (4, 1): 1, (5, OUTSIDE): 100, (6, OUTSIDE): 100,
        }
    )  # fmt: skip


def test_long_thin_parcels():
    districts = cells(20, 1, 100.0)
    strips = np.array(
        [
            shapely.affinity.rotate(shapely.box(EAST, NORTH, EAST + 2200, NORTH + 0.5), turn)
            for turn in (0.0, 0.5, 90.0, 45.0)
        ]
    )
    check(strips, districts)
    check(strips, districts, "ellipsoid")


def test_parcel_outside_the_box_of_its_neighbours_is_not_taken_for_inside():
    # Concave districts whose boundary box holds the parcel.
    ell = shapely.Polygon([(0, 0), (1000, 0), (1000, 100), (100, 100), (100, 1000), (0, 1000)])
    districts = shapely.transform(np.array([ell]), lambda xy: xy + ORIGIN)
    parcels = np.concatenate(
        [cells(1, 1, 5.0, origin=(EAST + x, NORTH + y)) for x in (50, 500, 98) for y in (50, 500, 98)]
    )
    check(parcels, districts)


@pytest.mark.parametrize("method", METHODS)
def test_pieces_of_a_parcel_add_up_by_every_method(method):
    grid = Grid(turn=20.0, size=700.0)
    parcel = np.array([grid.shape(halves((i, j) for i in range(3) for j in range(2)))])
    districts = np.array([grid.shape(halves([(0, 0), (0, 1)])), grid.shape(halves([(1, 0), (2, 0)]))])
    area = measure(parcel, PLANE, method=method)
    found = table(split(parcel, area, districts, PLANE, method=method))
    assert sum(found.values()) == pytest.approx(area[0], rel=1e-12)
    share = {key: size / area[0] for key, size in found.items()}
    assert share == pytest.approx({(0, 0): 1 / 3, (0, 1): 1 / 3, (0, OUTSIDE): 1 / 3}, rel=1e-5)


def test_rounding_of_a_cut_is_no_land():
    grid = Grid(turn=31.7)
    whole, half = halves((i, j) for i in range(6) for j in range(6)), halves((i, j) for i in range(6) for j in range(3))
    districts = np.array([grid.shape(half), grid.shape(whole - half)])
    parcels = np.array(
        [grid.shape(halves([(2, 2)])), grid.shape(halves([(2, 3)])), grid.shape(halves([(1, 2), (1, 3)]))]
    )
    area = shapely.area(parcels)
    assert table(split(parcels, area, districts, PLANE, method="planar")) == pytest.approx(
        {(0, 0): 100, (1, 1): 100, (2, 0): 100, (2, 1): 100}
    )


def test_parcels_without_area_have_no_piece():
    parcels = np.array([None, shapely.Polygon(), *cells(1, 1, 5.0)], dtype=object)
    pieces = split(parcels, np.array([np.nan, 0.0, 25.0]), cells(1, 1, 100.0), PLANE, method="planar")
    assert table(pieces) == {(2, 0): 25.0}
    assert table(split(parcels[:0], np.empty(0), cells(1, 1, 100.0), PLANE)) == {}
    assert table(split(parcels[2:], np.array([25.0]), np.empty(0, dtype=object), PLANE, method="planar")) == {
        (0, OUTSIDE): 25.0
    }


def test_districts_over_each_other_are_refused():
    parcel = cells(1, 1, 10.0, origin=(EAST + 95, NORTH + 10))
    districts = np.concatenate([cells(1, 1, 102.0), cells(1, 1, 100.0, origin=(EAST + 98, NORTH))])
    with pytest.raises(ClosureError) as caught:
        split(parcel, shapely.area(parcel), districts, PLANE, method="planar")
    assert caught.value.key == "overlay.excess"
    assert caught.value.values["area"] == pytest.approx(40)
