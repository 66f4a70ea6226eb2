"""Zones, planes and what is carried to them, against the EPSG table, PROJ and plain geometry."""

import csv
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit.crs import Plane, carry, choose_plane, read_plane, read_source
from landkit.errors import CrsError, DatumError, InputError, UsageError

TABLE = Path(__file__).parents[2] / "shared" / "domain" / "epsg_china_gk.csv"
ZONES = range(25, 46)


def source(crs):
    return read_source(crs, name="layer")


@pytest.mark.parametrize("zone", ZONES)
def test_every_three_degree_zone(zone):
    """EPSG: prefixed 4513 to 4533, plain 4534 to 4554, central meridian three times the zone."""
    plain, prefixed = 4534 + zone - 25, 4513 + zone - 25
    plane = Plane(zone)
    assert plane.central_meridian == 3 * zone
    assert plane.name == f"EPSG:{plain}"
    assert plane.crs.to_epsg() == plain
    assert pyproj.CRS(plain).name.endswith(f"CM {3 * zone}E")
    assert pyproj.CRS(prefixed).name.endswith(f"zone {zone}")
    assert read_plane(plain) == read_plane(f"EPSG:{prefixed}") == plane
    assert source(plain).prefix == 0
    assert source(prefixed).prefix == zone * 1_000_000
    for code in (plain, prefixed):
        esri = source(pyproj.CRS(code).to_wkt("WKT1_ESRI"))
        assert (esri.plane, esri.prefix) == (source(code).plane, source(code).prefix)


@pytest.mark.skipif(not TABLE.exists(), reason="the table of EPSG codes is not beside this checkout")
def test_the_table_of_codes():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 96
    for row in rows:
        for column in ("epsg_zone_prefixed", "epsg_no_prefix"):
            code = int(row[column])
            if row["datum"] != "CGCS2000":
                with pytest.raises(DatumError):
                    source(code)
            elif row["zone_width_deg"] == "3":
                found = source(code)
                assert found.plane == Plane(int(row["zone"]))
                assert found.plane.central_meridian == int(row["central_meridian"])
                whole = float(row["false_easting_prefixed"]) if column == "epsg_zone_prefixed" else 500_000.0
                assert found.prefix == whole - 500_000
            else:
                # a plain 6-degree plane is the 3-degree plane of the same meridian, metre for metre
                meridian = int(row["central_meridian"])
                assert source(code).plane in (None, Plane(meridian // 3))


@pytest.mark.parametrize("zone", [25, 40, 45])
def test_the_projection_is_that_of_epsg(zone):
    longitude = np.array([3.0 * zone, 3 * zone - 1.5, 3 * zone + 3.0])
    latitude = np.array([18.0, 29.1, 54.0])
    there = pyproj.Transformer.from_crs(4490, 4534 + zone - 25, always_xy=True)
    east, north = Plane(zone).forward(longitude, latitude)
    np.testing.assert_allclose((east, north), there.transform(longitude, latitude), atol=1e-8)
    np.testing.assert_allclose(Plane(zone).inverse(east, north), (longitude, latitude), atol=1e-12)


@pytest.mark.parametrize(("zone", "meridian"), [(0, 0), (1, 3), (60, 180), (61, -177), (80, -120), (119, -3)])
def test_planes_outside_china_are_named_by_their_meridian(zone, meridian):
    plane = Plane(zone)
    assert plane.central_meridian == meridian
    assert plane.name == f"CGCS2000 3-degree Gauss-Kruger CM {meridian}"
    east, north = plane.forward(np.array([meridian + 0.5]), np.array([10.0]))
    assert 554_000 < east[0] < 555_000
    back = pyproj.Transformer.from_crs(plane.crs, plane.crs.geodetic_crs, always_xy=True).transform(east, north)
    away = (float(back[0][0]) - meridian) % 360
    assert (away, back[1][0]) == pytest.approx((0.5, 10.0), abs=1e-12)


def test_prefixed_to_plain_is_a_shift_and_nothing_else():
    shapes = np.array([shapely.box(40_461_000.125, 3_221_000.5, 40_461_100.25, 3_221_100.75), None])
    found = carry(shapes, source(4528), Plane(40))
    assert found[1] is None
    wanted = shapely.get_coordinates(shapes[0]) - [40_000_000, 0]
    assert (shapely.get_coordinates(found[0]) == wanted).all()
    assert carry(shapes, source(4549), Plane(40)) is shapes


@pytest.mark.parametrize("crs", [4490, 4326, "OGC:CRS84", 4480, 4498, 4509, 4548, 32650, 3857])
def test_points_are_carried_as_proj_does(crs):
    wanted = np.array([[461_000.0, 3_221_000.0], [500_000.0, 3_221_000.0], [520_000.0, 3_300_000.0]])
    there = np.column_stack(pyproj.Transformer.from_crs(4549, 4490, always_xy=True).transform(*wanted.T))
    if not pyproj.CRS(crs).is_geographic:
        system = pyproj.CRS(crs)
        there = np.column_stack(
            pyproj.Transformer.from_crs(system.geodetic_crs, system, always_xy=True).transform(*there.T)
        )
    found = carry(np.array([shapely.MultiPoint(there)]), source(crs), Plane(40))
    np.testing.assert_allclose(shapely.get_coordinates(found[0]), wanted, atol=1e-6)  # WGS 84 is 0.1 mm flatter


EDGES = [
    ("EPSG:4490", (119.3, 53.8), (119.9, 53.8)),  # along a parallel, where it bends most
    ("EPSG:4490", (118.6, 29.1), (118.61, 29.35)),
    ("EPSG:4326", (121.4, 40.0), (120.9, 40.3)),
    ("EPSG:3857", (13_280_000.0, 7_120_000.0), (13_330_000.0, 7_121_000.0)),
    ("EPSG:32650", (690_000.0, 3_220_000.0), (740_000.0, 3_240_000.0)),
    ("EPSG:4498", (20_700_000.0, 3_220_000.0), (20_750_000.0, 3_240_000.0)),
    ("EPSG:4548", (700_000.0, 3_220_000.0), (750_000.0, 3_240_000.0)),
]


@pytest.mark.parametrize(("crs", "begin", "end"), EDGES)
def test_a_densified_edge_keeps_its_course_within_a_millimetre(crs, begin, end):
    """Its true course, cut 30 times finer than landkit cuts it, lies on the carried line."""
    line = shapely.LineString([begin, end])
    carried = carry(np.array([line]), source(crs), Plane(40), densify=True)[0]
    fine = shapely.segmentize(line, line.length / (30 * len(carried.coords)))
    course = shapely.points(shapely.get_coordinates(carry(np.array([fine]), source(crs), Plane(40))[0]))
    off = shapely.distance(course, carried).max()
    assert off < 1e-3
    bare = carry(np.array([line]), source(crs), Plane(40))[0]
    assert len(bare.coords) == 2
    assert shapely.distance(course, bare).max() > 5e-3  # it would be off without


@pytest.mark.parametrize(
    "text",
    [
        "MULTIPOLYGON (((119.5 29, 119.6 29, 119.6 29.1, 119.5 29)), EMPTY)",
        "POLYGON ((119.5 29, 119.6 29, 119.6 29.1, 119.5 29), EMPTY)",
        "MULTILINESTRING ((119.5 29, 119.6 29), EMPTY)",
        "MULTIPOLYGON (((119.5 29, 119.6 29, 119.6 29.1, 119.5 29)), ((119 29, 119 29, 119 29, 119 29)))",
        "POLYGON ((119.5 29, 119.6 29, 119.6 29.1, 119.5 29), (119.59 29, 119.59 29, 119.59 29, 119.59 29))",
        "MULTIPOLYGON (EMPTY, EMPTY)",
        "POLYGON EMPTY",
        "POLYGON ((119.5 29, 119.5 29, 119.5 29, 119.5 29))",
        "POINT (119.5 29)",
    ],
)
def test_densifying_survives_what_has_no_extent(text):
    """GEOS' own way to add vertices kills the process on an empty part, and fails on one of a single place."""
    shape = shapely.from_wkt(text)
    found = carry(np.array([shape, None]), source(4490), Plane(40), densify=True)
    assert found[1] is None
    assert found[0].is_empty == shape.is_empty
    assert found[0].length == pytest.approx(carry(np.array([shape]), source(4490), Plane(40))[0].length, rel=1e-6)


def test_densifying_is_not_wasteful():
    """20 km: 1 mm would allow pieces of 190 m at 54 N, so 150 m and no less, where a degree is a degree."""
    line = shapely.LineString([(119.5, 29.0), (119.5, 29.18)])
    assert len(carry(np.array([line]), source(4490), Plane(40), densify=True)[0].coords) < 200


# --- choosing ------------------------------------------------------------------------------------------------------


def chosen(*layers):
    return choose_plane([(source(crs), bounds) for crs, bounds in layers])


METRES = (460_000.0, 3_220_000.0, 470_000.0, 3_230_000.0)


def test_the_plane_that_all_data_share():
    prefixed = (40_460_000.0, *METRES[1:2], 40_470_000.0, *METRES[3:])
    assert chosen((4549, METRES)) == Plane(40)
    assert chosen((4549, METRES), (4528, prefixed)) == Plane(40)
    assert chosen((4548, (740_000.0, 3_220_000.0, 760_000.0, 3_230_000.0))) == Plane(39)


def test_else_the_zone_of_the_centre_of_all():
    assert chosen((4490, (119.3, 28.9, 119.9, 29.3))) == Plane(40)
    assert chosen((4326, (118.3, 28.9, 118.6, 29.3))) == Plane(39)
    assert chosen((4549, METRES), (4490, (116.0, 29.0, 116.1, 29.1))) == Plane(39)  # 116.0 to 119.7: centre 117.8
    assert chosen((4549, METRES), (4548, (740_000.0, 3_220_000.0, 760_000.0, 3_230_000.0))) == Plane(40)
    assert chosen((3857, (13_300_000.0, 3_380_000.0, 13_320_000.0, 3_390_000.0))) == Plane(40)


@settings(max_examples=60, deadline=None)
@given(st.floats(-179, 179), st.floats(0.001, 0.9), st.floats(-60, 60))
def test_the_zone_is_that_of_the_nearest_meridian(west, wide, south):
    plane = chosen((4490, (west, south, west + wide, south + 0.5)))
    away = abs(west + wide / 2 - plane.central_meridian)
    assert min(away, 360 - away) <= 1.5 + 1e-9


def test_no_land_chooses_no_plane():
    with pytest.raises(InputError) as caught:
        chosen((4490, (np.nan,) * 4))
    assert caught.value.key == "crs.out_of_range"


# --- what is taken and what is refused ------------------------------------------------------------------------------

TMERC = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +units=m"


@pytest.mark.parametrize(
    "crs", [4490, 4326, 4480, 4979, 9518, 4549, 4528, 32650, 3857, "OGC:CRS84", "+proj=longlat +datum=WGS84"]
)
def test_the_two_datums_are_taken(crs):
    found = source(crs)
    assert len(found.crs.axis_info) == 2


@pytest.mark.parametrize("code", [4610, 2385, 2364, 2349, 2327, 2338])
@pytest.mark.parametrize("written", ["WKT1_ESRI", "WKT2_2019", "WKT1_GDAL"])
def test_xian_1980_is_refused_by_name(code, written):
    with pytest.raises(DatumError, match="Xian 1980") as caught:
        source(pyproj.CRS(code).to_wkt(written))
    assert (caught.value.key, caught.value.exit_code) == ("crs.old_datum", 5)


@pytest.mark.parametrize("code", [4214, 2437, 2416, 21413, 21453])
@pytest.mark.parametrize("written", ["WKT1_ESRI", "WKT2_2019", "WKT1_GDAL"])
def test_beijing_1954_is_refused_by_name(code, written):
    with pytest.raises(DatumError, match="Beijing 1954"):
        source(pyproj.CRS(code).to_wkt(written))


def test_an_old_datum_with_parameters_is_refused_as_well():
    """TOWGS84 in a file is nobody's published transformation."""
    bound = pyproj.CRS(
        'GEOGCS["Xian 1980",DATUM["Xian_1980",SPHEROID["IAG 1975",6378140,298.257],TOWGS84[24,-123,-94,0,0,0,1]],'
        'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
    )
    assert bound.is_bound
    with pytest.raises(DatumError, match="Xian 1980"):
        source(bound)


@pytest.mark.parametrize("crs", [4269, 4267, 26918, 4555, 4283, 27700, f"{TMERC} +datum=NAD83"])
def test_any_other_datum_is_refused(crs):
    with pytest.raises(DatumError) as caught:
        source(crs)
    assert caught.value.key == "crs.other_datum"


@pytest.mark.parametrize(
    "crs",
    [
        f"{TMERC} +ellps=GRS80",
        f"{TMERC} +ellps=GRS80 +towgs84=0,0,0",
        f"{TMERC} +ellps=krass +towgs84=22,-118,30.5,0,0,0,0",
        "+proj=longlat +ellps=GRS80",
        'LOCAL_CS["x",UNIT["metre",1]]',
        "EPSG:4479",
    ],
)
def test_what_names_no_datum_or_no_surface_is_ambiguous(crs):
    with pytest.raises(CrsError) as caught:
        source(crs)
    assert (caught.value.key, caught.value.exit_code) == ("crs.ambiguous", 4)


def test_no_system_is_missing():
    with pytest.raises(CrsError, match=r"parcels\.shp") as caught:
        read_source(None, name="parcels.shp")
    assert caught.value.key == "crs.missing"


@pytest.mark.parametrize(
    "crs",
    [
        4490,
        32650,
        3857,
        "nonsense",
        f"{TMERC} +datum=WGS84".replace("k=1", "k=0.9996"),
        f"{TMERC} +datum=WGS84".replace("lon_0=120", "lon_0=119.6"),
        f"{TMERC} +datum=WGS84".replace("x_0=500000", "x_0=400000"),
        f"{TMERC} +datum=WGS84".replace("y_0=0", "y_0=-3000000"),
        f"{TMERC} +datum=WGS84".replace("lat_0=0", "lat_0=29"),
        f"{TMERC} +datum=WGS84".replace("units=m", "units=us-ft"),
    ],
)
def test_a_working_plane_is_a_three_degree_plane(crs):
    with pytest.raises(UsageError) as caught:
        read_plane(crs)
    assert caught.value.key == "crs.no_plane"


def test_a_length_in_units_of_the_system():
    assert source(4549).units(150.0) == 150.0
    degrees = source(4490).units(150.0)
    # nowhere is a degree longer than 111.7 km, so that the piece is never longer than asked by more than 0.4 %
    assert 150 / 111_700 < degrees <= 150 / 111_320


def test_the_middle_is_that_of_the_parcels_and_not_of_their_extent():
    parcels = np.array([[119.5 + d, 29.0, 119.6 + d, 29.1] for d in (0.0, 0.1, 0.2)] + [[0.0, 0.0, 0.001, 0.001]])
    assert chosen((4490, parcels)) == Plane(40)
    assert chosen((4490, parcels[:0])) == Plane(0)
