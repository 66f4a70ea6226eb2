"""Key areas as a partition, against sets of half cells."""

import numpy as np
import pytest
import shapely
from cells import Grid, halves, lands
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit.crs import Plane
from landkit.districts import NOWHERE, Districts
from landkit.errors import CrsError

PLANE = Plane(40)
SQUARE = halves((i, j) for i in range(3) for j in range(3))


def partition(named, grid, **options):
    shapes = np.array([grid.shape(land) if land else None for _, land in named], dtype=object)
    return Districts.of(shapes, [name for name, _ in named], "EPSG:4549", PLANE, layer="d", **options)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("ABCD"), lands()), min_size=1, max_size=6), st.floats(0, 360))
def test_land_is_told_apart_by_the_districts_that_claim_it(named, turn):
    grid = Grid(turn=turn)
    found = partition(named, grid)
    names = list(dict.fromkeys(name for name, _ in named))
    claims = {name: frozenset().union(*(land for own, land in named if own == name)) for name in names}
    expected = {}
    for atom in frozenset().union(*claims.values()):
        label = tuple(name for name in names if atom in claims[name])
        expected[label] = expected.get(label, 0) + grid.size**2 / 2
    area = shapely.area(found.shapes)
    assert len(set(found.labels)) == len(found.labels) == len(area)
    assert found.labels[: len(names)] == tuple((name,) for name in names)
    land = {label: size for label, size in zip(found.labels, area, strict=True) if size > 1e-5}
    assert land == pytest.approx(expected, abs=1e-5)
    assert shapely.is_valid(found.shapes).all()
    assert shapely.union_all(found.shapes).area == pytest.approx(area.sum(), abs=1e-5)


def test_district_named_twice_is_one():
    far = halves([(5, 5)])
    found = partition([("A", SQUARE), ("B", far), ("A", halves([(2, 2), (3, 2)]))], Grid())
    assert found.labels == (("A",), ("B",))
    assert shapely.area(found.shapes).tolist() == pytest.approx([1000, 100])


def test_district_without_a_shape_keeps_its_number():
    found = partition([("A", None), ("B", SQUARE), ("C", None)], Grid())
    assert found.labels == (("A",), ("B",), ("C",))
    assert found.number(["C", "B", "A", None, "D", ""]).tolist() == [2, 1, 0, NOWHERE, NOWHERE, NOWHERE]
    area = np.nan_to_num(shapely.area(found.shapes))
    assert area.tolist() == pytest.approx([0, 900, 0])


def test_land_of_two_districts_has_no_number_of_its_own():
    found = partition([("A", SQUARE), ("B", SQUARE)], Grid())
    assert found.labels == (("A",), ("B",), ("A", "B"))
    assert shapely.area(found.shapes).tolist() == pytest.approx([0, 0, 900])
    assert found.number(["A", "B", "A + B"]).tolist() == [0, 1, NOWHERE]


def test_invalid_district_is_repaired_in_the_open():
    bow_tie = shapely.Polygon([(461000, 3221000), (461010, 3221010), (461010, 3221000), (461000, 3221010)])
    fine = shapely.box(461100, 3221000, 461110, 3221010)
    found = Districts.of(np.array([fine, bow_tie]), ["A", "B"], "EPSG:4549", PLANE, layer="d")
    assert found.repaired.tolist() == [1]
    assert shapely.area(found.shapes).tolist() == pytest.approx([100, 50])


@pytest.mark.parametrize(("crs", "reach"), [("EPSG:4549", 0.0), ("EPSG:4528", 40e6)])
def test_zone_prefix_makes_no_difference(crs, reach):
    box = shapely.box(461000 + reach, 3221000, 462000 + reach, 3222000)
    found = Districts.of(np.array([box]), ["A"], crs, PLANE, layer="d")
    assert shapely.bounds(found.shapes[0]).tolist() == pytest.approx([461000, 3221000, 462000, 3222000], abs=1e-6)


def test_edge_straight_in_degrees_keeps_its_course():
    # 0.3 degrees along a parallel bend by metres in the plane; a district of its two ends alone would be that far off.
    south, north = 29.0, 29.1
    box = np.array([shapely.box(119.4, south, 119.7, north)])
    shape = Districts.of(box, ["A"], "EPSG:4490", PLANE, layer="d").shapes[0]
    middle = np.column_stack(PLANE.forward(np.array([119.55, 119.55]), np.array([south, north])))
    assert shapely.boundary(shape).distance(shapely.multipoints(middle)) < 1e-3
    assert max(shapely.distance(shapely.boundary(shape), shapely.points(middle))) < 1e-3


def test_without_a_reference_system_is_refused():
    with pytest.raises(CrsError) as caught:
        Districts.of(np.array([shapely.box(0, 0, 1, 1)]), ["A"], None, PLANE, layer="d")
    assert caught.value.exit_code == 4
