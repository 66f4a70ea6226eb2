"""Delivered polygons put in order: what is changed, with areas worked out by hand."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon

from landkit.measure.mending import mend

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]


def shapes(*given):
    found = np.empty(len(given), dtype=object)
    found[:] = given
    return found


def only_change(shape):
    mended = mend(shapes(shape))
    assert len(mended.changes) == 1
    return mended.shapes[0], mended.changes.iloc[0]


def test_what_is_in_order_is_not_touched():
    given = shapes(Polygon(SQUARE), None, Point(1, 2), Polygon(), shapely.LineString([(0, 0), (1, 1)]))
    mended = mend(given)
    assert len(mended.changes) == 0
    assert all(after is before for after, before in zip(mended.shapes, given, strict=True))


def test_a_point_given_twice_is_taken_out_and_the_area_stays():
    shape, change = only_change(Polygon([*SQUARE[:2], SQUARE[1], SQUARE[1], *SQUARE[2:]]))
    assert (change["change"], change["count"], change["before"], change["after"]) == ("repeated", 2, 100, 100)
    assert shapely.get_num_coordinates(shape) == 5


def test_a_bow_tie_has_the_land_of_its_two_triangles():
    # crossing at (5, 5): two triangles of base 10 and height 5; as signed sums they cancel
    shape, change = only_change(Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))
    assert (change["change"], change["before"], change["after"]) == ("ring", 0, 50)
    assert shape.is_valid


def test_a_spike_is_taken_off():
    shape, change = only_change(Polygon([(0, 0), (10, 0), (10, 10), (5, 10), (5, 30), (5, 10), (0, 10)]))
    assert (change["change"], change["before"], change["after"]) == ("spike", 100, 100)
    assert shape.equals(Polygon(SQUARE))


def test_a_spur_that_is_wider_than_a_spike_is_land():
    # 2 cm wide and 20 m long: 0.2 m2
    spur = Polygon([(0, 0), (10, 0), (10, 10), (5, 10), (4.99, 30), (4.98, 10), (0, 10)])
    assert len(mend(shapes(spur)).changes) == 0
    assert spur.area == pytest.approx(100.2)


def test_a_hole_that_turns_like_its_shell_is_turned():
    hole = [(2, 2), (4, 2), (4, 4), (2, 4)]
    shape, change = only_change(Polygon(SQUARE, [hole]))
    assert (change["change"], change["before"], change["after"]) == ("orientation", 96, 96)
    assert shape.exterior.is_ccw != shape.interiors[0].is_ccw
    assert len(mend(shapes(Polygon(SQUARE, [hole[::-1]]))).changes) == 0


def test_what_holds_no_land_becomes_empty():
    shape, change = only_change(Polygon([(0, 0), (5, 0), (10, 0), (0, 0)]))
    assert shape.is_empty
    assert (change["change"], change["after"]) == ("ring", 0)


def test_lobes_of_a_multipolygon_that_overlap_count_once():
    # two squares of 100 that share 5 x 10
    shape, change = only_change(MultiPolygon([Polygon(SQUARE), shapely.box(5, 0, 15, 10)]))
    assert (change["before"], change["after"], shape.area) == (200, 150, 150)


def test_a_coordinate_that_is_no_number_is_left_for_the_intake_to_return():
    with pytest.warns(RuntimeWarning, match="invalid value"):
        broken = Polygon([(0, 0), (float("nan"), 0), (10, 10), (0, 0)])
    mended = mend(shapes(broken, Polygon(SQUARE)))
    assert mended.shapes[0] is broken
    assert len(mended.changes) == 0


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=9), min_size=1, max_size=6
    )
)
def test_whatever_comes_is_valid_afterwards_and_told(rings):
    given = shapes(*(Polygon(ring) for ring in rings))
    mended = mend(given)
    assert shapely.is_valid(mended.shapes).all()
    told = set(mended.changes["position"])
    for position, (before, after) in enumerate(zip(given, mended.shapes, strict=True)):
        same = shapely.equals_exact(before, after, tolerance=0)
        assert same or position in told
        # a polygon that was valid keeps its land
        if before.is_valid:
            assert after.symmetric_difference(before).area < 1e-9
    # what was mended once is in order
    assert len(mend(mended.shapes).changes) == 0
