"""Overlaps against GEOS' own overlay, pair by pair."""

import random

import numpy as np
import pytest
import shapely
from cells import SIDE, Grid, halves, lands, truth
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit.measure.faces import overlaps
from landkit.measure.pairs import LEAST_OVERLAP, overlapping_pairs

EAST, NORTH = 461_000.0, 3_221_000.0
ORIGIN = np.array([EAST, NORTH])


def pairs_by_force(shapes):
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    area = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    return {(int(a), int(b)): size for a, b, size in zip(first, second, area, strict=True) if size >= LEAST_OVERLAP}


def pairs_of(shapes):
    found = overlapping_pairs(shapes)
    return dict(
        zip(zip(found.first.tolist(), found.second.tolist(), strict=True), shapely.area(found.shapes), strict=True)
    )


def check_pairs(shapes):
    expected, found = pairs_by_force(shapes), pairs_of(shapes)
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, rel=1e-7, abs=2 * LEAST_OVERLAP)
    return found


def area_of_union(shapes):
    # Far from the origin, or without a grid, GEOS' own union fails on some of these cases, and is wrong on others.
    return shapely.union_all(shapely.transform(shapes, lambda xy: xy - ORIGIN), grid_size=1e-9).area


def check_faces(shapes):
    faces = overlaps(shapes)
    area = shapely.area(faces.shapes)
    covers = np.bincount(faces.face, minlength=len(area))
    assert (np.diff(faces.face) >= 0).all()
    assert (covers >= 2).all()
    assert shapely.is_valid(faces.shapes).all()
    # No face overlaps another one, each is covered by what it names, and together they are what is covered twice.
    union = area_of_union(shapes)
    slack = 1e-9 * shapely.area(shapes).sum() + 100 * LEAST_OVERLAP
    assert shapely.area(shapes).sum() - ((covers - 1) * area).sum() == pytest.approx(union, abs=slack)
    assert area_of_union(faces.shapes) == pytest.approx(area.sum(), abs=slack)
    face, parcel = shapely.STRtree(shapes).query(faces.shapes, predicate="intersects")
    most = shapely.area(shapely.intersection(faces.shapes[face], shapes[parcel])) > area[face] / 2
    members = set(zip(face[most].tolist(), parcel[most].tolist(), strict=True))
    assert members == set(zip(faces.face.tolist(), faces.parcel.tolist(), strict=True))
    return faces


def star(rng, reach, spread):
    corners = rng.integers(3, 12)
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = rng.uniform(0.3, 1, corners) * reach
    x, y = rng.uniform(0, spread, 2) + ORIGIN
    ring = shapely.Polygon(np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)]))
    return shapely.make_valid(ring, method="structure", keep_collapsed=False)


@pytest.mark.parametrize("seed", range(120))
def test_random_stars(seed):
    rng = np.random.default_rng(seed)
    reach, count = rng.choice([3.0, 10.0, 30.0]), rng.integers(2, 24)
    shapes = np.array([star(rng, reach, 40.0) for _ in range(count)])
    check_pairs(shapes)
    check_faces(shapes)


def tessellation(columns, rows, *, size=10.0, turn=0.0, shift=(0.0, 0.0), jitter=0.0, rng=None):
    x, y = np.meshgrid(np.arange(columns + 1) * size, np.arange(rows + 1) * size, indexing="ij")
    xy = np.stack([x + shift[0], y + shift[1]], axis=-1)
    if jitter:
        xy += rng.uniform(-jitter, jitter, xy.shape)
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    xy = xy @ np.array([[cosine, sine], [-sine, cosine]]) + ORIGIN
    rings = np.stack([xy[:-1, :-1], xy[1:, :-1], xy[1:, 1:], xy[:-1, 1:]], axis=2)
    return np.asarray(shapely.polygons(rings.reshape(-1, 4, 2)))


OVERLAID = {
    "same": {},
    "one cell on": {"shift": (10.0, 0.0)},
    "half a cell on": {"shift": (5.0, 0.0)},
    "in the middle": {"columns": 3, "rows": 3, "shift": (30.0, 30.0)},
    "twice as coarse": {"columns": 5, "rows": 5, "size": 20.0},
    "half as coarse again": {"columns": 6, "rows": 6, "size": 15.0},
    "one parcel over all": {"columns": 1, "rows": 1, "size": 100.0},
    "strips": {"columns": 10, "rows": 1, "size": 10.0, "shift": (0.0, 40.0)},
    "another angle": {"turn": 9.0},
}


@pytest.mark.parametrize("turn", [0.0, 17.3])
@pytest.mark.parametrize("other", OVERLAID)
def test_two_cadastres_over_each_other(other, turn):
    options = {"columns": 10, "rows": 10, **OVERLAID[other]}
    options["turn"] = options.get("turn", 0.0) + turn
    shapes = np.concatenate([tessellation(10, 10, turn=turn), tessellation(**options)])
    assert check_pairs(shapes)
    check_faces(shapes)


@pytest.mark.parametrize("jitter", [1e-10, 1e-9, 1e-7, 1e-5, 1e-3])
def test_cadastre_that_came_back_from_another_system(jitter):
    rng = np.random.default_rng(4)
    again = tessellation(12, 12, turn=5.0, jitter=jitter, rng=rng)
    pairs = pairs_of(np.concatenate([tessellation(12, 12, turn=5.0), again]))
    assert {(place, place + 144) for place in range(144)} <= pairs.keys()


def test_three_layers_of_one_cadastre():
    faces = check_faces(np.concatenate([tessellation(8, 8, turn=3.0)] * 3))
    assert len(faces.shapes) == 64
    assert (np.bincount(faces.face) == 3).all()


@pytest.mark.parametrize("seed", range(40))
def test_random_cadastres_over_each_other(seed):
    rng = np.random.default_rng(seed)
    turn = rng.choice([0.0, rng.uniform(0, 90)])
    layers = []
    for _ in range(rng.integers(2, 4)):
        size = rng.choice([5.0, 10.0, 15.0])
        shift = rng.choice([0.0, 5.0, 10.0, rng.uniform(0, 10)], 2)
        jitter = rng.choice([0.0, 0.0, 2.0])
        layer = tessellation(*rng.integers(2, 7, 2), size=size, turn=turn, shift=shift, jitter=jitter, rng=rng)
        layers.append(layer[rng.random(len(layer)) < rng.choice([1.0, 0.8])])
    shapes = rng.permutation(np.concatenate(layers))
    check_pairs(shapes)
    check_faces(shapes)


def test_plain_cadastre_of_thousands_has_no_overlap():
    assert len(overlapping_pairs(tessellation(60, 50, turn=11.0)).first) == 0


def test_thousands_over_thousands():
    shapes = np.concatenate([tessellation(40, 38, turn=11.0), tessellation(40, 37, turn=11.0, shift=(10.0, 10.0))])
    assert len(check_pairs(shapes)) == 39 * 37


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(lands(), st.booleans()), min_size=2, max_size=10), st.floats(0, 360))
def test_half_cells(drawn, turn):
    grid = Grid(turn=turn)
    shapes = np.array([grid.shape(land, plain=plain) for land, plain in drawn])
    numbers = range(len(drawn))
    faces = check_faces(shapes)
    area = shapely.area(faces.shapes)
    found = {}
    for face in range(len(area)):
        members = frozenset(faces.parcel[faces.face == face].tolist())
        found[members] = found.get(members, 0.0) + area[face]
    weight = dict.fromkeys({atom for land, _ in drawn for atom in land}, grid.size**2 / 2)
    lands_of, nobody = [land for land, _ in drawn], [None] * len(drawn)
    shared = truth(lands_of, list(numbers), list(numbers), labels=lambda *_: "", weight=weight, docs=nobody)[2]
    assert found == pytest.approx({groups: size for (_, groups), size in shared.items()}, abs=1e-4)


# 447 once lost a face when it was moved, 378 had a broken one; 164 and 472 do not close when pairs are cut by thirds.
@pytest.mark.parametrize("seed", [164, 378, 447, 472, *range(60)])
def test_half_cells_turned_by_a_hair(seed):
    chance = random.Random(seed)  # noqa: S311

    def land():
        found = set()
        for _ in range(chance.randint(1, 3)):
            a, b = sorted((chance.randrange(SIDE), chance.randrange(SIDE)))
            c, d = sorted((chance.randrange(SIDE), chance.randrange(SIDE)))
            found |= halves((i, j) for i in range(a, b + 1) for j in range(c, d + 1))
        if chance.random() < 0.5:
            found.add((chance.randrange(SIDE), chance.randrange(SIDE), chance.randrange(2)))
        return frozenset(found)

    grid = Grid(
        east=chance.uniform(4e5, 6e5),
        north=chance.uniform(2.5e6, 4.5e6),
        turn=chance.choice([0, 1e-5, 1e-7, 1e-3, chance.uniform(0, 360)]),
        size=chance.choice([1, 10, 37.7]),
    )
    drawn = [land() for _ in range(chance.randint(3, 14))]
    shapes = np.array([grid.shape(own, plain=chance.random() < 0.6) for own in drawn])
    faces = overlaps(shapes)
    again = (np.bincount(faces.face, minlength=len(faces.shapes)) - 1) * shapely.area(faces.shapes)
    gross = sum(map(len, drawn)) * grid.size**2 / 2
    net = len(frozenset().union(*drawn)) * grid.size**2 / 2
    assert gross - again.sum() == pytest.approx(net, abs=1e-9 * gross + 1e-6)
    assert shapely.is_valid(faces.shapes).all()


def test_land_beside_a_common_edge_is_found():
    # Two parcels share land, an edge elsewhere and a corner: the edge and the corner are no land.
    comb = shapely.Polygon([(0, 0), (30, 0), (30, 10), (20, 10), (20, 5), (10, 5), (10, 10), (0, 10)])
    bar = shapely.Polygon([(0, 8), (10, 8), (10, 10), (20, 10), (20, 14), (0, 14)])
    shapes = shapely.transform(np.array([comb, bar]), lambda xy: xy + ORIGIN)
    faces = check_faces(shapes)
    assert shapely.area(faces.shapes).tolist() == pytest.approx([20])


def test_null_and_empty_cover_nothing():
    square = shapely.box(EAST, NORTH, EAST + 10, NORTH + 10)
    faces = overlaps(np.array([None, square, shapely.Polygon(), square], dtype=object))
    assert faces.parcel.tolist() == [1, 3]
    for few in (np.empty(0, dtype=object), np.array([square]), np.array([None], dtype=object)):
        assert len(overlaps(few).shapes) == 0
