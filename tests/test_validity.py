"""What is taken for valid without asking GEOS, and repairs against figures made by hand."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from landkit.measure.validity import repair, star_shaped

CASES = Path(__file__).parents[2] / "shared" / "corpus" / "overlay_cases.jsonl"


def is_star(*rings):
    """Ask `star_shaped` about closed rings, all in one call."""
    arrays = [np.asarray(ring, dtype=float) for ring in rings]
    starts = np.cumsum([0, *map(len, arrays[:-1])])
    x, y = np.concatenate(arrays).T
    return star_shaped(np.ascontiguousarray(x), np.ascontiguousarray(y), starts)


def closed(points):
    return [*points, points[0]]


# --- star_shaped ---------------------------------------------------------------------------------------------------

SIMPLE = {
    "square": closed([(0, 0), (10, 0), (10, 10), (0, 10)]),
    "triangle": closed([(0, 0), (10, 1), (3, 8)]),
    "turned": closed([(5, 0), (10, 5), (5, 10), (0, 5)]),
    "far away": closed([(40_461_000.0, 3_221_000.0), (40_461_000.1, 3_221_000), (40_461_000.1, 3_221_000.1)]),
    "collinear": closed([(0, 0), (4, 0), (10, 0), (10, 10), (0, 10)]),
    "hexagon": closed([(math.cos(k * math.pi / 3), math.sin(k * math.pi / 3)) for k in range(6)]),
}


@pytest.mark.parametrize("name", SIMPLE)
def test_plain_parcels_are_recognised_either_way_round(name):
    ring = SIMPLE[name]
    assert is_star(ring, ring[::-1], SIMPLE["square"]).tolist() == [True, True, True]


BROKEN = {
    "bow-tie": closed([(0, 0), (10, 10), (10, 0), (0, 10)]),
    "twice round": closed([(10, 0), (0, 10), (-10, 0), (0, -10), (12, 0), (0, 12), (-12, 0), (0, -12)]),
    "pentagram": closed([(math.cos(k * 4 * math.pi / 5), math.sin(k * 4 * math.pi / 5)) for k in range(5)]),
    "spike": closed([(0, 0), (10, 0), (20, 0), (10, 0), (10, 10), (0, 10)]),
    "spike through the mean": closed([(0, 0), (10, 0), (10, 5), (5, 5), (10, 5), (10, 10), (0, 10)]),
    "line": closed([(0, 0), (10, 0), (20, 0)]),
    "line and back": closed([(0, 0), (10, 10), (20, 20), (10, 10)]),
    "point": closed([(3, 3), (3, 3), (3, 3)]),
    "no number": closed([(0, 0), (10, 0), (np.nan, 10), (0, 10)]),
    "touches itself": closed([(0, 0), (10, 0), (5, 5), (10, 10), (0, 10), (5, 5)]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rings_are_not_vouched_for_and_spoil_no_neighbour(name):
    ring = BROKEN[name]
    good = SIMPLE["square"]
    assert is_star(good, ring, good, ring[::-1], good).tolist() == [True, False, True, False, True]


def never_wrong(rings):
    vouched = is_star(*rings)
    for ring, is_sure in zip(rings, vouched, strict=True):
        if is_sure:
            assert shapely.is_valid(shapely.Polygon(ring)), ring


coarse = st.integers(-4, 4)  # few places, so that vertices repeat, meet edges and line up
fine = st.floats(-1e3, 1e3, allow_nan=False).map(lambda v: v + 461_000.0)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(st.tuples(coarse, coarse), min_size=3, max_size=9).map(closed), min_size=1, max_size=6))
def test_never_vouches_for_an_invalid_ring_of_the_grid(rings):
    never_wrong(rings)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.tuples(fine, fine), min_size=3, max_size=7).map(closed), min_size=1, max_size=4))
def test_never_vouches_for_an_invalid_ring_of_the_plane(rings):
    never_wrong(rings)


@settings(max_examples=200, deadline=None)
@given(
    turns=st.sampled_from([1, 2, 3, -1, -2]),
    radii=st.lists(st.floats(0.01, 100), min_size=3, max_size=24),
    east=st.sampled_from([0.0, 500_000.0]),
    nudge=st.floats(-1e-9, 1e-9),
)
def test_spirals_and_stars(turns, radii, east, nudge):
    """Vertices at equal turns about a point: simple if they go round once, never if they go round more often."""
    angles = [2 * math.pi * turns * k / len(radii) + nudge for k in range(len(radii))]
    ring = closed([(east + r * math.cos(a), r * math.sin(a)) for r, a in zip(radii, angles, strict=True)])
    never_wrong([ring, ring[::-1]])
    if abs(turns) > 1:
        assert not is_star(ring)[0] or shapely.is_valid(shapely.Polygon(ring))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(SIMPLE)), st.data())
def test_a_ring_with_a_vertex_repeated_or_a_spike_inserted(name, data):
    ring = list(SIMPLE[name])
    at = data.draw(st.integers(0, len(ring) - 2))
    (x0, y0), (x1, y1) = ring[at], ring[at + 1]
    reach = data.draw(st.floats(-2, 3))
    tip = (x0 + reach * (x1 - x0), y0 + reach * (y1 - y0))
    inserted = data.draw(st.sampled_from([[ring[at]], [tip], [tip, ring[at]], [tip, ring[at], tip]]))
    never_wrong([ring[: at + 1] + inserted + ring[at + 1 :]])


def test_most_parcels_are_recognised():
    """What is cheap is worth it only if it catches nearly all: convex parcels, at any place and angle."""
    rng = np.random.default_rng(4)
    hulls = []
    for _ in range(300):
        hull = shapely.MultiPoint(rng.uniform(0, 100, (12, 2)) + 461_000).convex_hull
        hulls.append(shapely.get_coordinates(hull))
    assert is_star(*hulls).all()


# --- repair --------------------------------------------------------------------------------------------------------

# The polygon, |shoelace| as delivered, and the land it encloses, both by hand.
REPAIRS = {
    # two triangles of 100 by 50, wound against each other
    "bow-tie": ("POLYGON ((0 0, 100 100, 100 0, 0 100, 0 0))", 0.0, 5_000.0),
    # lobes of 20 x 20 and 30 x 30 that meet in a crossing
    "unequal lobes": ("POLYGON ((0 0, 20 0, 20 50, 50 50, 50 20, 0 20, 0 0))", 500.0, 1_300.0),
    # two squares of 20 x 20 that overlap by 10 x 10, one ring, wound alike: counted twice as delivered
    "overlapping lobes": (
        "POLYGON ((0 0, 20 0, 20 20, 10 20, 10 10, 30 10, 30 30, 10 30, 10 20, 0 20, 0 0))", 800.0, 700.0,
    ),
    # what is drawn as a hole of 10 x 10 beside its shell of 100 x 100 is a part
    "hole outside its shell": (
        "POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0), (200 0, 210 0, 210 10, 200 10, 200 0))", 9_900.0, 10_100.0,
    ),
    # holes of 4 x 4 that overlap by 2 x 2, in 99 x 99
    "holes that overlap": (
        "POLYGON ((0 0, 99 0, 99 99, 0 99, 0 0), (1 1, 5 1, 5 5, 1 5, 1 1), (3 3, 7 3, 7 7, 3 7, 3 3))",
        9_769.0, 9_773.0,
    ),
    # an island drawn as one ring that touches itself at (50, 0) and encloses 20 x 40/2
    "a ring that touches itself": (
        "POLYGON ((0 0, 50 0, 40 20, 60 20, 50 0, 100 0, 100 100, 0 100, 0 0))", 9_800.0, 9_800.0,
    ),
    # two triangles of 1/2, wound against each other, that share an edge which the ring passes twice
    "lobes that share an edge": ("POLYGON ((1 0, 0 1, 0 0, 1 0, 0 1, 0 2, 1 0))", 0.0, 1.0),
    "spike": ("POLYGON ((0 0, 100 0, 150 0, 100 0, 100 100, 0 100, 0 0))", 10_000.0, 10_000.0),
    "line": ("POLYGON ((0 0, 100 0, 200 0, 0 0))", 0.0, 0.0),
    # parts of 100 x 100 that overlap by 50 x 100
    "parts that overlap": (
        "MULTIPOLYGON (((0 0, 100 0, 100 100, 0 100, 0 0)), ((50 0, 150 0, 150 100, 50 100, 50 0)))",
        20_000.0, 15_000.0,
    ),
    # a part of 100 x 100 and one that is a bow-tie of 20 x 20
    "a bow-tie among parts": (
        "MULTIPOLYGON (((0 0, 100 0, 100 100, 0 100, 0 0)), ((200 0, 220 20, 220 0, 200 20, 200 0)))",
        10_000.0, 10_200.0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REPAIRS)
@pytest.mark.parametrize("place", [(0, 0), (461_000, 3_221_000)])
def test_repairs_by_hand(name, place):
    text, before, after = REPAIRS[name]
    good = shapely.box(0, 0, 10, 10)
    shapes = np.array(
        [good, None, affinity.translate(shapely.from_wkt(text), *place), shapely.Point(1, 1)], dtype=object
    )
    found = repair(shapes)
    assert found.positions.tolist() == [2]
    assert found.before.tolist() == pytest.approx([before], abs=1e-4)
    mended = found.shapes[2]
    assert shapely.is_valid(mended)
    assert mended.area == pytest.approx(after, abs=1e-4)
    assert mended.geom_type in ("Polygon", "MultiPolygon")
    assert found.shapes[0] is good
    assert found.shapes[1] is None
    assert found.shapes[3] is shapes[3]
    assert not shapely.is_valid(shapes[2])  # what was delivered stays as it was


@pytest.mark.parametrize(
    "text",
    [
        "MULTIPOLYGON (((0 0, 100 0, 100 100, 0 100, 0 0)), EMPTY)",
        "MULTIPOLYGON (EMPTY, ((0 0, 100 0, 100 100, 0 100, 0 0)))",
        "POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0), EMPTY)",
    ],
)
def test_an_empty_part_or_hole_is_nothing(text):
    found = repair(np.array([shapely.from_wkt(text), shapely.box(0, 0, 1, 1)]))
    assert len(found.positions) == 0


def test_nothing_to_repair():
    shapes = np.array([shapely.box(0, 0, 10, 10), None, shapely.Polygon()], dtype=object)
    found = repair(shapes)
    assert found.shapes is shapes
    assert len(found.positions) == len(found.before) == 0
    assert len(repair(np.empty(0, dtype=object)).positions) == 0


def test_what_is_no_number_is_not_repaired_to_nothing():
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(0, 0), (np.nan, 0), (10, 10)])
        found = repair(np.array([broken], dtype=object))
    assert len(found.positions) == 0
    assert found.shapes[0] is broken


def test_a_repair_can_be_told_what_is_known():
    bow = shapely.from_wkt(REPAIRS["bow-tie"][0])
    found = repair(np.array([bow, bow]), known_valid=np.array([True, False]))
    assert found.positions.tolist() == [1]


# Places on no edge between points of a grid of whole numbers
EAST, NORTH = np.mgrid[0:57, 0:57] / 7 + np.array([0.010, 0.013])[:, np.newaxis, np.newaxis]


def winding(ring):
    """Return how often `ring` winds round each place: its edges that a ray to the east crosses, up less down."""
    total = np.zeros(EAST.shape, dtype=int)
    for (x0, y0), (x1, y1) in itertools.pairwise(ring):
        side = (x1 - x0) * (NORTH - y0) - (EAST - x0) * (y1 - y0)
        total += ((y0 <= NORTH) & (y1 > NORTH) & (side > 0)).astype(int)
        total -= ((y1 <= NORTH) & (y0 > NORTH) & (side < 0)).astype(int)
    return total


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=8).map(closed))
def test_land_enclosed_once_or_more_counts_once(ring):
    """Told place by place, without GEOS: land is where the ring winds round, once or twice, left or right."""
    polygon = shapely.Polygon(ring)
    found = repair(np.array([polygon]))
    mended = found.shapes[0]
    assert shapely.is_valid(mended)
    assert (len(found.positions) == 1) == (not shapely.is_valid(polygon))
    is_land = shapely.contains_xy(mended, EAST, NORTH)
    np.testing.assert_array_equal(is_land, winding(ring) != 0)


# --- cases of other projects ---------------------------------------------------------------------------------------


def cases(operation):
    if not CASES.exists():
        return []
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case["op"] == operation]


@pytest.mark.skipif(not CASES.exists(), reason="the corpus of overlay cases is not beside this checkout")
def test_validity_as_the_jts_suite_states_it():
    judged = 0
    for case in cases("isvalid"):
        shape = shapely.from_wkt(case["a"], on_invalid="ignore")
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
            continue
        judged += 1
        is_good = case["expected"] == "true"
        with np.errstate(invalid="ignore"):
            found = repair(np.array([shape]))
        if np.isfinite(shapely.area(shape)):
            assert (len(found.positions) == 0) == is_good, case["id"]
            assert shapely.is_valid(found.shapes[0]), case["id"]
        if shape.geom_type == "Polygon" and not shape.interiors and not shape.is_empty:
            assert is_good or not is_star(shapely.get_coordinates(shape))[0], case["id"]
    assert judged > 100


@pytest.mark.skipif(not CASES.exists(), reason="the corpus of overlay cases is not beside this checkout")
def test_unions_of_one_polygon_as_other_projects_state_them():
    """A union of one, invalid or not, is its repair."""
    judged = 0
    for case in cases("union_n") + cases("union") + cases("unionarea"):
        is_single = len(case.get("args_wkt") or [case["a"]]) == 1 and not case.get("b")
        area = case.get("expected_area") or (case["expected"] if case["op"] == "unionarea" else None)
        if not is_single or area is None:
            continue
        shape = shapely.from_wkt(case["a"])
        if shape.geom_type not in ("Polygon", "MultiPolygon"):
            continue
        judged += 1
        found = repair(np.array([shape])).shapes[0]
        assert found.area == pytest.approx(float(area), rel=1e-9), case["id"]
    assert judged > 5
