"""Edges that neighbours share, seen by what is left over.

An edge may be called left over by mistake (two keys in one sum), which costs a closer look; none may be missed.
"""

import numpy as np
import pytest
import shapely

from landkit.measure.contiguity import exposure

EAST, NORTH = 461_000.0, 3_221_000.0


def boxes(*corners):
    return np.array([shapely.box(EAST + a, NORTH + b, EAST + c, NORTH + d) for a, b, c, d in corners])


def exposed(shapes):
    found = exposure(shapes)
    return found.alone.tolist(), found.parcel.tolist()


def grid(side):
    return boxes(*((i, j, i + 1, j + 1) for i in range(side) for j in range(side)))


def rim(side):
    return [i * side + j for i in range(side) for j in range(side) if {i, j} & {0, side - 1}]


def test_of_a_cadastre_only_the_outline_is_left_over():
    alone, left = exposed(grid(6))
    assert alone == []
    assert set(rim(6)) <= set(left)


def test_inside_of_a_large_cadastre_needs_no_closer_look():
    alone, left = exposed(grid(50))
    assert alone == []
    assert set(rim(50)) <= set(left)
    assert len(left) < 2 * len(rim(50))


@pytest.mark.parametrize("seed", range(3))
def test_direction_and_first_vertex_of_rings_do_not_matter(seed):
    rng = np.random.default_rng(seed)

    def redraw(square):
        ring = np.roll(shapely.get_coordinates(square)[:-1], rng.integers(4), axis=0)
        return shapely.Polygon(ring[:: rng.choice([-1, 1])])

    alone, left = exposed(np.array([redraw(square) for square in grid(50)]))
    assert alone == []
    assert set(rim(50)) <= set(left)
    assert len(left) < 2 * len(rim(50))


def test_parcels_that_share_no_edge_stand_alone():
    # A corner in common is no edge in common.
    assert exposed(boxes((0, 0, 1, 1), (1, 1, 2, 2), (5, 5, 6, 6))) == ([0, 1, 2], [])


def test_hole_filled_by_another_parcel_is_no_edge_left_over():
    around = shapely.box(EAST, NORTH, EAST + 9, NORTH + 9).difference(
        shapely.box(EAST + 3, NORTH + 3, EAST + 6, NORTH + 6)
    )
    cadastre = np.concatenate([[around], boxes((3, 3, 6, 6)), grid(30)[900:]])
    alone, left = exposed(cadastre)
    assert alone == []
    assert 0 in left


def test_parts_of_a_parcel_are_told_as_one():
    parts = shapely.multipolygons(boxes((0, 0, 1, 1), (2, 0, 3, 1)))
    alone, left = exposed(np.array([parts, *boxes((1, 0, 2, 1))]))
    assert alone == []
    assert left == [0, 1]


@pytest.mark.parametrize("turn", [0.0, 1.0, 33.3])
def test_two_sides_of_a_t_junction_cancel(turn):
    # From the middle on rows are half a parcel further on: along one line every edge meets the middle of others.
    side = 40
    corners = [(2 * i + (j > 20), j, 2 * i + 2 + (j > 20), j + 1) for i in range(side) for j in range(side)]
    parcels = np.array([shapely.affinity.rotate(parcel, turn, origin=(EAST, NORTH)) for parcel in boxes(*corners)])
    alone, left = exposed(parcels)
    assert alone == []
    assert set(rim(side)) <= set(left)
    along = {i * side + j for i in range(2, side - 2) for j in (20, 21)}
    assert len(along & set(left)) < len(along) * 2 / 3
    assert len(left) < 2 * len(rim(side))


def test_bounds_hold_the_edges_left_over():
    found = exposure(boxes((0, 0, 1, 1), (1, 0, 2, 1)))
    assert found.parcel.tolist() == [0, 1]
    left, right = found.bounds - [EAST, NORTH, EAST, NORTH]
    assert left.tolist() == [0, 0, 1, 1]
    assert right.tolist() == [1, 0, 2, 1]


def test_edge_walked_twice_the_same_way_is_left_over():
    # The same parcel listed twice, between two neighbours: the neighbours' walks take away only one of the two.
    shapes = boxes((0, 0, 1, 1), (1, 0, 2, 1), (1, 0, 2, 1), (2, 0, 3, 1))
    assert {1, 2} <= {*exposed(shapes)[0], *exposed(shapes)[1]}


def test_nothing_and_null():
    assert exposed(np.empty(0, dtype=object)) == ([], [])
    assert exposed(np.array([None, shapely.Polygon()], dtype=object)) == ([], [])
