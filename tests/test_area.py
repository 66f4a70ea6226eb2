"""Areas against a 50-digit reference, its quick double, geodesics, hand-made figures, and properties."""

import itertools
import warnings

import geopandas as gpd
import mpmath
import numpy as np
import pandas as pd
import pyproj
import pytest
import reference
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf
from shapely import affinity

from landkit.crs import Plane
from landkit.errors import CrsError, DatumError, InputError, UsageError
from landkit.measure.area import METHODS, areas, measure, measure_repaired, trapezoids
from landkit.measure.gauss import footpoint_latitude

PLANE = Plane(40)
# Northings of 18 and of 54 degrees north, from the meridian arc of any geodesy text.
SOUTH, NORTH = 1_991_000.0, 5_985_000.0
DEGREE = mpmath.pi / 180

# 1 m across; a scale makes them parcels.
SHAPES = {
    "square": shapely.box(-0.5, -0.5, 0.5, 0.5),
    "triangle": shapely.Polygon([(-0.5, -0.5), (0.5, -0.5), (0.1, 0.5)]),
    "sliver": shapely.box(-0.5, -0.005, 0.5, 0.005),
    "wedge": shapely.Polygon([(-0.5, 0.0), (0.5, 0.0), (0.2, 0.01)]),
    "holed": shapely.Polygon(
        SHELL := [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)], [[(-0.45, -0.4), (0.45, -0.3), (0.1, 0.45)]]
    ),
    "frame": shapely.Polygon(SHELL, [[(-0.49, -0.49), (-0.49, 0.49), (0.49, 0.49), (0.49, -0.49)]]),
    "parts": shapely.MultiPolygon(
        [shapely.box(-0.5, -0.5, -0.2, 0.1), shapely.Polygon([(0.0, 0.0), (0.5, 0.1), (0.3, 0.5)])]
    ),
    "L": shapely.Polygon([(-0.5, -0.5), (0.5, -0.5), (0.5, -0.4), (-0.4, -0.4), (-0.4, 0.5), (-0.5, 0.5)]),
}


def place(shape, *, size, turn, east, north):
    turned = affinity.rotate(shape, turn, origin=(0, 0))
    return affinity.translate(affinity.scale(turned, size, size, origin=(0, 0)), 500_000 + east, north)


def batch(size, reach, *, count, seed):
    """Return shapes of all kinds and angles from 18 to 54 N, half of them at the very edge of `reach`."""
    rng = np.random.default_rng(seed)
    room = reach - 0.71 * size
    distance = np.where(rng.random(count) < 0.5, room, rng.uniform(0, room, count)) * rng.choice([-1, 1], count)
    kinds = itertools.islice(itertools.cycle(SHAPES.values()), count)
    return np.array(
        [
            place(kind, size=size, turn=rng.uniform(0, 360), east=east, north=rng.uniform(SOUTH, NORTH))
            for kind, east in zip(kinds, distance, strict=True)
        ]
    )


def series(*shapes, crs="EPSG:4549", **options):
    return gpd.GeoSeries(list(shapes), crs=crs, **options)


BOX = shapely.box(461_000, 3_221_000, 461_100, 3_221_100)

# --- the reference itself ------------------------------------------------------------------------------------------


def test_reference_meridian_arc_is_the_elliptic_integral():
    for latitude in (mpf("0.5"), mpmath.mpc("0.51", "0.03"), mpmath.mpc("0.9", "-0.047")):
        sine, cosine = mpmath.sin(latitude), mpmath.cos(latitude)
        ratio = sine * cosine / mpmath.sqrt(1 - reference.E2 * sine**2)
        whole = reference.A * (mpmath.ellipe(latitude, reference.E2) - reference.E2 * ratio)
        assert abs(whole - reference.meridian_arc(latitude)) < mpf("1e-40")


def test_reference_projection_agrees_with_proj():
    proj = pyproj.Proj(proj="tmerc", lon_0=120, x_0=500_000, a=6_378_137, rf=298.257222101)
    for east, north in ((461_000, 3_221_000), (660_000, 2_000_000), (201_000, 5_984_000)):
        longitude, latitude = reference.geographic(east, north)
        found = (float(longitude / DEGREE) + 120, float(latitude / DEGREE))
        assert found == pytest.approx(proj(east, north, inverse=True), abs=2e-13)


@pytest.mark.parametrize(("size", "east"), [(10, 299_000), (1_000, -160_000), (60_000, 80_000), (60_000, -250_000)])
def test_reference_agrees_with_itself(size, east):
    shape = place(SHAPES["wedge"], size=size, turn=37, east=east, north=3_221_000)
    once, twice = reference.exact_area(shape, order=8), reference.exact_area(shape, order=16)
    assert abs(once / twice - 1) < mpf("1e-30")
    quick = reference.quick_areas([shape])[0]
    assert abs(quick / twice - 1) < 2e-14  # of a wedge's doubles: they are exact, sums of them are not


def test_reference_agrees_with_geodesics_of_many_short_edges():
    shape = shapely.Polygon([(461_000, 3_221_000), (471_000, 3_222_000), (464_000, 3_230_000)])
    dense = shapely.get_coordinates(shapely.segmentize(shape, 40.0))
    proj = pyproj.Proj(proj="tmerc", lon_0=120, x_0=500_000, a=6_378_137, rf=298.257222101)
    geod = pyproj.Geod(a=6_378_137, rf=298.257222101)
    found, _ = geod.polygon_area_perimeter(*proj(dense[:, 0], dense[:, 1], inverse=True))
    assert abs(found) == pytest.approx(float(reference.exact_area(shape)), rel=1e-10)


# domain.md, 1.1: sheets of 1:10 000 and 1:50 000. South, north, degrees of longitude, m2.
SHEETS = [
    (mpf(29) + mpf(5) / 60, mpf(29) + mpf(15) / 120, mpf(1) / 16, 28_096_452.0505),
    (mpf(29), mpf(29) + mpf(1) / 6, mpf(1) / 4, 449_632_187.0756),
]


@pytest.mark.parametrize(("south", "north", "wide", "printed"), SHEETS)
def test_map_sheets(south, north, wide, printed):
    exact = (reference.authalic(north * DEGREE) - reference.authalic(south * DEGREE)) * wide * DEGREE
    assert float(exact) == pytest.approx(printed, abs=1e-4)
    corners = [(0, south), (wide, south), (wide, north), (0, north), (0, south)]
    longitude, latitude = np.radians(np.array(corners, dtype=float)).T
    found = trapezoids(longitude, latitude, np.array([0]))
    assert found[0] == pytest.approx(printed, abs=1e-4)
    # the reference longitude is free, and the way round gives the sign
    moved = trapezoids(longitude[::-1] + 2.0, latitude[::-1].copy(), np.array([0]))
    assert -moved[0] == pytest.approx(printed, abs=1e-4)


# --- accuracy ------------------------------------------------------------------------------------------------------

# metres across, km from the central meridian, relative error allowed (issue: figures to reach)
LIMITS = [
    (10, 160, 1e-8), (100, 160, 1e-9), (300, 160, 1e-9), (999, 160, 1e-9), (1_100, 160, 1e-9), (3_000, 160, 1e-9),
    (10_000, 160, 1e-9), (60_000, 160, 1e-8), (10, 300, 1e-8), (300, 300, 1e-8), (990, 300, 1e-8), (10_000, 300, 1e-8),
    (60_000, 300, 1e-8),
]  # fmt: skip


@pytest.mark.parametrize(("size", "reach", "limit"), LIMITS)
def test_ellipsoid_is_as_accurate_as_promised(size, reach, limit):
    shapes = batch(size, reach * 1000.0, count=120, seed=size + reach)
    wanted = reference.quick_areas(shapes, order=6)
    whole = measure(shapes, PLANE)  # one batch from 18 to 54 N
    np.testing.assert_allclose(whole, wanted, rtol=limit, atol=0)
    alone = np.concatenate([measure(shapes[i : i + 1], PLANE) for i in range(0, 120, 7)])
    np.testing.assert_allclose(alone, wanted[::7], rtol=limit, atol=0)


@pytest.mark.parametrize("kind", SHAPES)
def test_ellipsoid_against_fifty_digits(kind):
    for size, east, north, turn, limit in (
        (10, 158_000, 5_900_000, 11, 1e-8), (100, -159_000, 2_000_000, 23, 1e-9), (470, 159_000, 3_900_000, 45, 1e-9),
        (10_000, 100_000, 3_220_000, 67, 1e-9), (60_000, -90_000, 4_500_000, 80, 1e-8),
        (1_000, 299_000, 4_400_000, 50, 1e-8),
    ):  # fmt: skip
        shape = place(SHAPES[kind], size=size, turn=turn, east=east, north=north)
        found = measure(np.array([shape]), PLANE)[0]
        assert abs(found / reference.exact_area(shape, order=6) - 1) < limit


def test_ellipsoid_of_thin_wedges_holds_on_either_side_of_the_cut():
    """Long sides that are not cut at the same places: K's slope along an edge counts."""
    shapes = [
        place(SHAPES["wedge"], size=size, turn=turn, east=east, north=north)
        for size in (250, 499, 980, 1_020)
        for turn in range(0, 180, 30)
        for east in (-159_000, 159_000)
        for north in (2_100_000, 3_900_000, 5_800_000)
    ]
    np.testing.assert_allclose(measure(np.array(shapes), PLANE), reference.quick_areas(shapes), rtol=5e-10, atol=0)


def test_ellipsoid_south_of_the_equator_and_across_it():
    shapes = [place(SHAPES["triangle"], size=5_000, turn=20, east=9e4, north=n) for n in (-3_221_000.0, 0.0, 900.0)]
    np.testing.assert_allclose(measure(np.array(shapes), PLANE), reference.quick_areas(shapes), rtol=1e-10, atol=0)


# --- the other methods ---------------------------------------------------------------------------------------------


def test_planar_is_the_area_in_the_plane():
    shapes = [BOX, shapely.Polygon(BOX.exterior, [shapely.box(461_010, 3_221_010, 461_040, 3_221_050).exterior])]
    assert areas(series(*shapes), method="planar").tolist() == [10_000.0, 10_000.0 - 1_200.0]


def test_survey_approaches_the_ellipsoid_as_its_pieces_shrink():
    triangle = shapely.Polygon([(461_000, 3_221_000), (462_000, 3_221_000), (461_200, 3_222_000)])
    exact = float(reference.exact_area(triangle))
    error = {step: areas(series(triangle), method="survey", step=step).iloc[0] - exact for step in (80, 40, 20)}
    assert abs(error[80]) < 0.2
    assert error[80] / error[40] == pytest.approx(4, rel=0.1)  # but for the last, shorter piece
    assert error[40] / error[20] == pytest.approx(4, rel=0.1)
    assert abs(areas(series(triangle), method="survey").iloc[0] - exact) < 0.003  # at its own step


def test_geodesic_is_what_pyproj_says():
    holed = shapely.Polygon(BOX.exterior, [shapely.box(461_010, 3_221_010, 461_040, 3_221_050).exterior])
    two = shapely.MultiPolygon([BOX, affinity.translate(BOX, 5_000, 700)])
    geod = pyproj.Geod(a=6_378_137, rf=298.257222101)
    given_shapes = series(BOX, holed, two)
    wanted = [abs(geod.geometry_area_perimeter(shapely.orient_polygons(g))[0]) for g in given_shapes.to_crs(4490)]
    np.testing.assert_allclose(areas(given_shapes, method="geodesic"), wanted, atol=2e-5)


def test_methods_differ_as_domain_md_says():
    """domain.md, 1.2: the 1 km triangle at 119.6 E 29.1 N, 38.9 km west of the meridian (planar 3.74e-5 too large)."""
    east, north = PLANE.forward(np.array([119.6]), np.array([29.1]))
    shape = affinity.translate(shapely.box(-500, -500, 500, 500), east[0], north[0])
    found = {m: areas(series(shape), method=m).iloc[0] for m in METHODS}
    assert found["ellipsoid"] == pytest.approx(999_962.596, abs=6e-4)
    assert found["planar"] - found["ellipsoid"] == pytest.approx(37.40, abs=0.01)
    assert found["geodesic"] - found["ellipsoid"] == pytest.approx(0.002, abs=1e-3)
    assert found["survey"] - found["ellipsoid"] == pytest.approx(0, abs=1e-3)


# --- what comes in, what goes out ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_index_nothing_and_no_polygon(method):
    shapes = [BOX, None, shapely.Polygon(), shapely.Point(461_000, 3_221_000), BOX]
    frame = gpd.GeoDataFrame({"id": range(5)}, geometry=shapes, crs=4549, index=["a", "b", "a", 7, "c"])
    found = areas(frame, method=method)
    assert isinstance(found, pd.Series)
    assert found.dtype == np.float64
    assert found.index.equals(frame.index)
    assert found.isna().tolist() == [False, True, False, True, False]
    assert found.iloc[2] == 0
    assert found.iloc[0] == found.iloc[4] == pytest.approx(9_999.63, rel=1e-4)


@pytest.mark.parametrize("crs", [4490, 4549, 4528])
@pytest.mark.parametrize("shapes", [[], [None], [shapely.Polygon()], [shapely.LineString()]])
def test_a_layer_without_land_is_no_error(crs, shapes):
    found = areas(series(*shapes, crs=crs))
    assert len(found) == len(shapes)
    assert found.sum() == 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("odd", [(np.nan, 3_221_050), (461_050, np.nan), (np.inf, 3_221_050), (461_050, -np.inf)])
def test_a_coordinate_that_is_no_number_spoils_its_own_row_only(method, odd):
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(461_000, 3_221_000), odd, (461_100, 3_221_100)])
    found = areas(series(broken, BOX), method=method)
    assert np.isnan(found.iloc[0])
    assert found.iloc[1] == areas(series(BOX), method=method).iloc[0]


@pytest.mark.parametrize("method", METHODS)
def test_orientation_holes_and_parts(method):
    hole = shapely.box(461_020, 3_221_020, 461_060, 3_221_070)
    far = affinity.translate(BOX, 20_000, -3_000)
    whole, cut, there = areas(series(BOX, hole, far), method=method)
    for shell, ring in itertools.product(
        (BOX.exterior, BOX.exterior.reverse()), (hole.exterior, hole.exterior.reverse())
    ):
        holed = shapely.Polygon(shell, [ring])
        found = areas(series(holed, shapely.MultiPolygon([holed, far]), shapely.MultiPolygon([holed])), method=method)
        np.testing.assert_allclose(found, [whole - cut, whole - cut + there, whole - cut], rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_part_or_hole_is_nothing(method):
    parts = shapely.multipolygons([BOX, shapely.Polygon()])
    hollow = shapely.polygons(BOX.exterior, [shapely.linearrings(np.empty((0, 2)))])
    found = areas(series(parts, hollow, shapely.MultiPolygon(), BOX), method=method)
    assert found.tolist() == [found[3], found[3], 0.0, areas(series(BOX), method=method).iloc[0]]


def test_heights_are_passed_over():
    assert areas(series(shapely.force_3d(BOX, 55.0))).iloc[0] == areas(series(BOX)).iloc[0]


# The same land in every system, to the float of a coordinate
SYSTEMS = [
    "EPSG:4549", "EPSG:4528", "EPSG:4490", "EPSG:4326", "EPSG:4509", "EPSG:4498", "EPSG:32650", "EPSG:3857",
    "OGC:CRS84", "EPSG:4548", "EPSG:4550", "EPSG:4979",
]  # fmt: skip


LAND = (BOX, shapely.Polygon([(461_000, 3_221_000), (462_000, 3_221_000), (461_200, 3_222_000)]))


@pytest.fixture(scope="module")
def exact():
    return [float(reference.exact_area(shape)) for shape in LAND]


@pytest.mark.parametrize("crs", [*SYSTEMS, *(pyproj.CRS(c).to_wkt("WKT1_ESRI") for c in SYSTEMS[:8])])
def test_every_system_gives_the_same_land(crs, exact):
    there = series(*LAND).to_crs(crs)
    np.testing.assert_allclose(areas(there, plane="EPSG:4549"), exact, rtol=2e-10)
    np.testing.assert_allclose(areas(there, plane="EPSG:4528"), exact, rtol=2e-10)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4528", "EPSG:32650", "EPSG:3857", "OGC:CRS84"])
def test_without_a_plane_it_is_that_of_the_zone(crs, exact):
    np.testing.assert_allclose(areas(series(*LAND).to_crs(crs)), exact, rtol=2e-10)


@pytest.mark.parametrize("code", [4509, 4548])
def test_data_in_a_plane_are_measured_in_it(code, exact):
    """The plane of a neighbouring meridian: an edge that is straight in one bends in the other, here by 7e-7."""
    there = series(*LAND).to_crs(code)
    np.testing.assert_allclose(areas(there), [float(reference.exact_area(shape)) for shape in there], rtol=1e-9)
    assert 1e-7 < abs(areas(there).iloc[1] / exact[1] - 1) < 1e-6


TMERC = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +units=m"


@pytest.mark.parametrize("code", [2385, 2437, 4610, 4214, 2364, 2416, 4269, 4267, 4555, 26918])
@pytest.mark.parametrize("esri", [False, True])
def test_other_datums_are_refused(code, esri):
    system = pyproj.CRS(code)
    shape = BOX if system.is_projected else shapely.box(119, 29, 119.01, 29.01)
    with pytest.raises(DatumError) as caught:
        areas(gpd.GeoSeries([shape], crs=system.to_wkt("WKT1_ESRI") if esri else system))
    assert caught.value.exit_code == 5


@pytest.mark.parametrize(
    "crs",
    [
        None,
        f"{TMERC} +ellps=GRS80",
        f"{TMERC} +ellps=krass +towgs84=22,-118,30.5,0,0,0,0",
        "+proj=longlat +ellps=GRS80",
    ],
)
def test_a_system_that_names_no_datum_is_refused(crs):
    with pytest.raises(CrsError) as caught:
        areas(gpd.GeoSeries([BOX], crs=crs))
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("east", [199_999.0, 800_001.0])
def test_more_than_300_km_from_the_meridian_is_refused(method, east):
    near = shapely.box(500_000, 3e6, 500_010, 3_000_010)
    with pytest.raises(InputError, match="300 km") as caught:
        areas(series(near, affinity.translate(near, east - 500_005, 0)), method=method)
    assert caught.value.key == "crs.too_far"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("north", [1e12, -4e7, 10_002_000.0])
def test_past_a_pole_is_refused(method, north):
    absurd = shapely.Polygon([(461_000, 3_221_000), (461_050, north), (461_100, 3_221_100)])
    with pytest.raises(InputError) as caught:
        areas(series(absurd, BOX), method=method)
    assert caught.value.key == "crs.out_of_range"


@pytest.mark.parametrize("plane", ["EPSG:4490", "EPSG:32650", "nonsense", "EPSG:3857"])
def test_a_plane_must_be_one(plane):
    with pytest.raises(UsageError):
        areas(series(BOX), plane=plane)


def test_an_unknown_method_is_refused():
    with pytest.raises(UsageError, match="acreage"):
        areas(series(BOX), method="acreage")


def test_a_bow_tie_counts_as_its_two_lobes():
    bow = shapely.Polygon([(461_000, 3_221_000), (461_100, 3_221_100), (461_100, 3_221_000), (461_000, 3_221_100)])
    # its diagonals meet in the middle: two triangles of base 100 m and height 50 m
    lobes = [
        shapely.Polygon([(461_000, 3_221_000), (461_050, 3_221_050), (461_000, 3_221_100)]),
        shapely.Polygon([(461_100, 3_221_000), (461_050, 3_221_050), (461_100, 3_221_100)]),
    ]
    assert areas(series(bow), method="planar").iloc[0] == 5_000.0
    for method in METHODS:
        wanted = areas(series(*lobes), method=method).sum()
        assert areas(series(bow), method=method).iloc[0] == pytest.approx(wanted, rel=1e-11)
    found, repaired = measure_repaired(np.array([BOX, bow]), PLANE)
    assert repaired.positions.tolist() == [1]
    assert repaired.before.tolist() == [0.0]
    assert found[1] == pytest.approx(float(sum(reference.exact_area(lobe) for lobe in lobes)), rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_land_of_no_width_has_no_area(method):
    point = shapely.Polygon([(461_000, 3_221_000)] * 4)
    line = shapely.Polygon([(461_000, 3_221_000), (461_100, 3_221_000), (461_200, 3_221_000)])
    assert areas(series(point, line, BOX), method=method).tolist()[:2] == [0.0, 0.0]


# --- properties ----------------------------------------------------------------------------------------------------

angles = st.floats(0, 360)
easts = st.floats(-150_000, 150_000)
norths = st.floats(SOUTH, NORTH)
sizes = st.floats(10, 10_000)
kinds = st.sampled_from(sorted(SHAPES))


@st.composite
def parcels(draw):
    return place(SHAPES[draw(kinds)], size=draw(sizes), turn=draw(angles), east=draw(easts), north=draw(norths))


@settings(max_examples=40, deadline=None)
@given(st.lists(parcels(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_each_parcel_is_measured_by_itself(shapes, random):
    """The order of a batch changes no bit; company changes no more than the fit of the batch allows."""
    order = list(range(len(shapes)))
    random.shuffle(order)
    found = measure(np.array(shapes), PLANE)
    assert (measure(np.array(shapes)[order], PLANE) == found[order]).all()
    alone = [measure(np.array([shape]), PLANE)[0] for shape in shapes]
    np.testing.assert_allclose(found, alone, rtol=1e-10, atol=2e-9)  # 1e-9 m2: floats of a strip 10 m by 0.1 m


@settings(max_examples=40, deadline=None)
@given(kinds, sizes, angles, easts, norths)
def test_the_meridian_is_a_mirror(kind, size, turn, east, north):
    shape = place(SHAPES[kind], size=size, turn=turn, east=east, north=north)
    mirrored = affinity.affine_transform(shape, [-1, 0, 0, 1, 1_000_000, 0])
    left, right = measure(np.array([shape, mirrored]), PLANE)
    assert left == pytest.approx(right, rel=1e-9 if size > 100 else 1e-8)


@settings(max_examples=40, deadline=None)
@given(sizes, angles, easts, norths, st.floats(-0.4, 0.4))
def test_cutting_a_parcel_loses_no_land(size, turn, east, north, at):
    shape = place(SHAPES["square"], size=size, turn=turn, east=east, north=north)
    knife = place(shapely.box(-2, -2, 2, at), size=size, turn=turn + 7, east=east, north=north)
    pieces = np.array([shape, shape.intersection(knife), shape.difference(knife)])
    for method in ("ellipsoid", "planar"):
        whole, one, other = measure(pieces, PLANE, method=method)
        assert one + other == pytest.approx(whole, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(parcels(), st.floats(-100, 100))
def test_a_step_along_the_meridian_hardly_matters(shape, step):
    """K, and so the factor, changes by 1e-3 per 1000 km of northing times 6e-4: 1e-10 in 100 m."""
    here, there = measure(np.array([shape, affinity.translate(shape, 0, step)]), PLANE)
    assert there == pytest.approx(here, rel=1e-8)


def test_many_batches_are_many_batches():
    """More rings than are walked at a time, with holes and parts among them, in one call and one by one."""
    kinds_of_ring = batch(120, 150_000.0, count=4_500, seed=5)
    found = measure(kinds_of_ring, PLANE)
    np.testing.assert_allclose(found[::67], reference.quick_areas(kinds_of_ring[::67]), rtol=1e-9)
    np.testing.assert_allclose(measure(kinds_of_ring[4_050:4_120], PLANE), found[4_050:4_120], rtol=1e-10)


def test_nothing_warns_and_nothing_is_changed():
    land = series(BOX, None, affinity.scale(BOX, 30, 30))
    before = land.to_wkb()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for method in METHODS:
            areas(land, method=method)
    assert land.to_wkb().equals(before)


def test_the_footpoint_latitude_is_that_of_the_projection():
    northing = np.linspace(-9.9e6, 9.9e6, 199)
    latitude = Plane(40).inverse(np.full_like(northing, 500_000.0), northing)[1]
    np.testing.assert_allclose(footpoint_latitude(northing), np.radians(latitude), atol=1e-10)


@pytest.mark.parametrize("method", ["ellipsoid", "survey"])
def test_a_long_edge_elsewhere_does_not_change_how_a_broken_ring_counts(method):
    """GEOS repairs invalid polygons by buffering where it adds vertices: a bow tie would lose a lobe, unsaid."""
    bow = shapely.Polygon(np.array([(0, 0), (100, 60), (100, 0), (0, 100)]) + np.array([461_000, 3_221_000]))
    long = shapely.box(466_000, 3_221_000, 468_000, 3_221_100)
    found, repair = measure_repaired(np.array([bow, long]), PLANE, method=method)
    assert repair.positions.tolist() == [0]
    # two triangles, on x = 0 and on x = 100, that meet where the edges cross, at x = 62.5
    assert found[0] == pytest.approx((100 * 62.5 + 60 * 37.5) / 2, rel=1e-4)
    assert found[0] == pytest.approx(measure_repaired(np.array([bow]), PLANE, method=method)[0][0], rel=1e-9)
