"""Reference systems found, believed, corrected and refused: files around Jinhua made with pyproj alone."""

from __future__ import annotations

import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit.crs import Plane
from landkit.datum_shift import to_bd09, to_gcj02
from landkit.errors import CrsError, DatumError, UsageError
from landkit.georeference import locate
from landkit.sources.survey_txt import read_survey_txt

AOI = (119.31, 28.90, 119.85, 29.30)
PLANE = Plane(40)
MU = 10000 / 15
HEADER = {"坐标系": "2000国家大地坐标系", "几度分带": "3", "计量单位": "米"}


def parcels(count: int = 40, seed: int = 1) -> np.ndarray:
    """Return parcels in EPSG:4549 all over the area of interest."""
    random = np.random.default_rng(seed)
    to_plane = pyproj.Transformer.from_crs(4490, 4549, always_xy=True)
    east, north = to_plane.transform(random.uniform(119.4, 119.75, count), random.uniform(28.95, 29.2, count))
    return shapely.box(east, north, east + random.uniform(30, 300, count), north + random.uniform(30, 300, count))


TRUE = parcels()


def delivered(code: int, *, swapped: bool = False, shapes: np.ndarray = TRUE) -> np.ndarray:
    """Return parcels as a file in another system has them."""
    step = pyproj.Transformer.from_crs(4549, code, always_xy=True)

    def move(xy: np.ndarray) -> np.ndarray:
        moved = np.column_stack(step.transform(xy[:, 0], xy[:, 1]))
        return moved[:, ::-1] if swapped else moved

    return shapely.transform(shapes, move)


def find(shapes: np.ndarray, **said):
    question = {"declared": None, "header": {}, "aoi": AOI, "plane": PLANE, "name": "parcels.shp"}
    return locate(shapes, **(question | said))


def off(location, shapes: np.ndarray = TRUE) -> float:
    """Return the largest distance (m) of a vertex from where it belongs."""
    return float(np.abs(shapely.get_coordinates(location.shapes) - shapely.get_coordinates(shapes)).max())


def districts() -> gpd.GeoDataFrame:
    """Return two districts that hold all parcels and what lies within a kilometre of them."""
    groups = np.array_split(TRUE[np.argsort(shapely.bounds(TRUE)[:, 0])], 2)
    west, east = (shapely.union_all(shapely.buffer(group, 1000)) for group in groups)
    return gpd.GeoDataFrame({"name": ["甲", "乙"]}, geometry=[west, shapely.difference(east, west)], crs=4549)


# Files without a .prj, or with a wrong one: what they are in, and what else there is to know.
STRIPPED = [
    (4549, False, {}),
    (4549, True, {}),
    (4528, False, {}),
    (4528, True, {}),
    (4528, False, {"aoi": None}),
    (4527, False, {}),
    (4529, False, {}),
    (4498, False, {}),
    (4498, True, {}),
    (4490, False, {}),
    (4490, True, {}),
    (4326, False, {"aoi": None}),
    (3857, False, {}),
    (3857, True, {}),
    (4548, False, {"reference": gpd.GeoDataFrame(geometry=TRUE[:3], crs=4549)}),
    (4550, False, {"reference": gpd.GeoDataFrame(geometry=TRUE[5:6], crs=4549).to_crs(4490)}),
    (32650, False, {"reference": gpd.GeoDataFrame(geometry=TRUE, crs=4549)}),
    (32651, True, {"reference": gpd.GeoDataFrame(geometry=TRUE, crs=4549)}),
    (4548, False, {"header": {**HEADER, "带号": "39"}}),
    (4509, False, {"header": {**HEADER, "几度分带": "6", "带号": "20"}}),
    (4549, False, {"aoi": None, "header": {**HEADER, "带号": "40"}}),
    (4528, False, {"declared": 4549}),
    (4549, False, {"declared": 4528}),
    (4490, False, {"declared": 4549}),
    (4549, False, {"declared": 4326}),
    (4549, False, {"declared": 4548}),
    (4549, True, {"declared": 4549}),
    (4490, True, {"declared": 4490}),
    (4549, False, {"aoi": None, "districts": districts()}),
    (4549, False, {"aoi": (119.31, 28.9, 119.6, 29.3)}),
]


@pytest.mark.parametrize(("code", "swapped", "said"), STRIPPED)
def test_a_file_without_a_system_is_put_where_it_belongs(code, swapped, said):
    location = find(delivered(code, swapped=swapped), **said)
    assert off(location) < 1e-5
    assert location.swapped == swapped
    assert location.source is not None
    silent = location.how == "header" and not location.is_resolved
    assert silent or (location.is_resolved and location.notes)


@pytest.mark.parametrize("code", [4548, 4550, 4509, 32650, 32651])
def test_two_systems_a_kilometre_apart_are_not_told_by_luck(code):
    with pytest.raises(CrsError) as refused:
        find(delivered(code))
    assert refused.value.exit_code == 4
    utm, meridian = (32650, 4548) if code in (4548, 4509, 32650) else (32651, 4550)
    for lang in ("en", "zh"):
        assert f"--crs EPSG:{utm}" in refused.value.hint(lang)
        assert f"--crs EPSG:{meridian}" in refused.value.hint(lang)
        assert "EPSG:4549" in refused.value.message(lang)
        assert "EPSG:4549" not in refused.value.hint(lang)


@pytest.mark.parametrize("code", [4548, 32650])
def test_districts_decide_where_they_are_decisive(code):
    location = find(delivered(code), districts=districts())
    assert off(location) < 1e-5
    assert sum(location.candidates[1].districts.values()) < shapely.area(TRUE).sum() / MU * 0.9


def test_what_decided_is_said():
    known = gpd.GeoDataFrame(geometry=TRUE[:3], crs=4549)
    by_layer, by_district = find(delivered(4548), reference=known), find(delivered(4548), districts=districts())
    assert "3 of the shapes looked at are those of a known layer" in by_layer.notes[0].text("en")
    assert "仅按此落入片区" in by_district.notes[0].text("zh")
    assert "the only one that fits" in find(TRUE).notes[0].text("en")
    assert "the only one possible" in find(delivered(4528), aoi=None).notes[0].text("en")


def test_few_parcels_are_no_evidence_by_districts():
    # One that lies a kilometre south of all districts would be moved into them by the wrong system.
    south = districts().total_bounds[1]
    lone = shapely.transform(TRUE[:1], lambda xy: xy - [0, shapely.bounds(TRUE[0])[1] - south + 700])
    with pytest.raises(CrsError):
        find(delivered(32650, shapes=lone), districts=districts())


def test_a_prefix_is_taken_off_and_nothing_else():
    whole = shapely.box(40_462_310.48, 3_218_450.125, 40_462_410.48, 3_218_550.125)
    location = find(np.array([whole]), declared=4528)
    x, y = shapely.get_coordinates(whole).T
    assert shapely.get_coordinates(location.shapes).tolist() == np.column_stack([x - 40_000_000, y]).tolist()
    same = find(TRUE, declared=4549)
    assert same.shapes is not None
    assert shapely.equals_exact(same.shapes, TRUE).all()


def test_the_candidates_say_what_each_would_mean():
    location = find(delivered(4549), districts=districts())
    first, *others = location.candidates
    by_pyproj = gpd.GeoSeries(TRUE, crs=4549).to_crs(4490)
    geod = pyproj.Geod(ellps="GRS80")
    mu = sum(abs(geod.geometry_area_perimeter(shape)[0]) for shape in by_pyproj) / MU
    assert (first.crs, first.label, first.share_inside, first.offset_km) == ("EPSG:4549", "CM120", 1.0, 0.0)
    assert first.mu_inside == pytest.approx(mu, rel=1e-6)
    (west,) = [candidate for candidate in others if candidate.crs == "EPSG:4548"]
    assert (west.mu_inside, west.share_inside, west.direction) == (0.0, 0.0, "west")
    # A central meridian 3 degrees off moves the land by 3 degrees; what lies inside of the area is deducted.
    centre = np.median(shapely.get_coordinates(shapely.centroid(by_pyproj.to_numpy())), axis=0)
    _, _, metres = geod.inv(AOI[0] - 0.01, centre[1], centre[0] - 3, centre[1])
    assert west.offset_km == pytest.approx(metres / 1000, abs=1)
    chinese = [note.text("zh") for note in location.notes]
    assert any("① CM120（EPSG:4549） 全部在区内" in text and "采用 CM120（EPSG:4549）" in text for text in chinese)
    assert any("偏西" in text and "全部落在区外" in text for text in chinese)
    assert any("CGCS2000" in text for text in chinese[1:]), "the datum is assumed, and said so"


def test_a_sample_speaks_for_all():
    many = parcels(3000)
    location = find(delivered(4549, shapes=many))
    whole = find(many, declared=4549)
    assert location.candidates[0].mu_inside == pytest.approx(whole.candidates[0].mu_inside, rel=1e-12)
    assert location.candidates[0].mu_inside == pytest.approx(shapely.area(many).sum() / MU, rel=1e-4)


def test_what_lies_partly_outside_is_taken_and_said():
    east = (119.31, 28.9, 119.6, 29.3)
    location = find(TRUE, aoi=east)
    share = location.candidates[0].share_inside
    centres = shapely.get_coordinates(shapely.centroid(gpd.GeoSeries(TRUE, crs=4549).to_crs(4490).to_numpy()))
    inside = centres[:, 0] < 119.61
    assert share == pytest.approx(shapely.area(TRUE[inside]).sum() / shapely.area(TRUE).sum(), abs=0.02)
    assert f"{100 * share:.1f} %" in location.notes[-1].text("en")


def test_less_than_half_inside_is_not_enough():
    with pytest.raises(CrsError) as refused:
        find(TRUE, aoi=(119.31, 28.9, 119.45, 29.3))
    assert "--crs EPSG:4549" in refused.value.hint("en")


def test_data_elsewhere_are_believed_if_they_say_so():
    elsewhere = (116.0, 39.5, 117.0, 40.5)
    location = find(TRUE, declared=4549, aoi=elsewhere)
    assert (location.how, off(location)) == ("declared", 0.0)
    assert "outside" in location.notes[-1].text("en")
    with pytest.raises(CrsError, match="none puts the land inside"):
        find(TRUE, aoi=elsewhere)


def test_a_declared_system_is_not_believed_where_another_puts_the_land_next_door():
    next_door = (119.0, 28.9, 119.35, 29.3)
    for code, declared in ((4490, 3857), (4549, 4548)):
        with pytest.raises(CrsError, match="doubtful") as refused:
            find(delivered(code), declared=declared, aoi=next_door)
        assert f"--crs EPSG:{code}" in refused.value.hint("en")


def test_six_digits_alone_fit_any_meridian():
    with pytest.raises(CrsError, match="any central meridian") as refused:
        find(TRUE, aoi=None)
    assert "--crs EPSG:4549" in refused.value.hint("en")


def test_web_mercator_looks_like_zone_13():
    with pytest.raises(CrsError) as refused:
        find(delivered(3857), aoi=None)
    for code in (3857, 4491):
        assert f"--crs EPSG:{code}" in refused.value.hint("zh")


def test_a_prefix_behind_is_not_enough_without_an_area():
    # Web Mercator of American Samoa, as in a file of GDAL's tests, has such numbers.
    with pytest.raises(CrsError) as refused:
        find(delivered(4528, swapped=True), aoi=None)
    assert "--crs EPSG:4528" in refused.value.hint("en")


@pytest.mark.parametrize("shift", [[400_000, 3_100_000], [457_000, 3_190_000]])
def test_a_local_system_is_not_guessed(shift):
    local = shapely.transform(TRUE, lambda xy: xy - shift)
    for aoi in (AOI, None):
        with pytest.raises(CrsError, match="none that landkit knows") as refused:
            find(local, aoi=aoi)
        assert "独立坐标系" in refused.value.hint("zh")
    with pytest.raises(CrsError, match="cannot have such coordinates"):
        find(local, declared=4549)


def test_a_drawing_about_its_own_origin_is_not_in_degrees():
    drawing = np.array([shapely.box(100, 20, 140, 60), shapely.box(140, 20, 170, 60)])
    with pytest.raises(CrsError, match="none that landkit knows"):
        find(drawing, aoi=None)


@pytest.mark.parametrize("declared", [2385, 2364, 2437, 21420])
def test_old_datums_are_refused(declared):
    with pytest.raises(DatumError):
        find(TRUE, declared=declared)


@pytest.mark.parametrize("datum", ["80国家大地坐标系", "1980西安坐标系", "北京54", "Xian 1980"])
def test_old_datums_in_a_header_are_refused(datum):
    with pytest.raises(DatumError):
        find(delivered(4528), header={"坐标系": datum, "带号": "40"})


def test_a_header_with_a_local_system_is_refused():
    with pytest.raises(CrsError, match="金华独立坐标系"):
        find(TRUE, header={"坐标系": "金华独立坐标系"})


def test_the_samples_of_survey_offices_are_found():
    folder = Path(__file__).parents[2] / "shared" / "domain" / "survey-txt"
    if not folder.is_dir():
        pytest.skip("the samples are not here")
    expected = {"01": 4528, "02": 4528, "03": 4549, "04": None, "05": 4528, "06": 4498}
    for path in sorted(folder.glob("*.txt")):
        (layer,) = read_survey_txt(path)
        shapes = np.asarray(layer.frame.geometry.array, dtype=object)
        for declared in (layer.frame.crs, None):  # by what the reader makes of the header, and by the header itself
            said = {"declared": declared, "header": layer.header}
            if (code := expected[path.name[:2]]) is None:
                with pytest.raises(DatumError):
                    find(shapes, **said)
            else:
                location = find(shapes, **said)
                assert location.crs.to_epsg() == code, path.name
                assert location.candidates[0].share_inside == 1.0


def test_a_header_that_is_wrong_is_corrected_in_the_open():
    location = find(delivered(4528), header={**HEADER, "带号": "39"})
    assert (location.how, location.source.prefix) == ("corrected", 40_000_000.0)
    assert "所标坐标系有误" in location.notes[0].text("zh")
    assert off(location) < 1e-5


def test_a_system_without_a_datum_declares_nothing():
    bare = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +ellps=GRS80 +units=m"
    location = find(TRUE, declared=bare)
    assert (location.how, off(location)) == ("found", 0.0)
    assert "names no datum" in location.notes[0].text("en")
    local = 'LOCAL_CS["Jinhua city",UNIT["metre",1]]'
    with pytest.raises(CrsError):
        find(TRUE, declared=local)
    undefined = 'LOCAL_CS["Undefined Cartesian SRS",UNIT["metre",1]]'
    assert find(TRUE, declared=undefined).how == "found"


def test_what_the_user_says_holds():
    location = find(delivered(4548), given="EPSG:4548")
    assert (location.how, location.is_resolved) == ("given", False)
    assert off(location) < 1e-5
    wrong = find(TRUE, given="EPSG:4548")
    assert wrong.crs.to_epsg() == 4548
    assert "outside" in wrong.notes[-1].text("en")
    over = find(TRUE, declared=4548, given="EPSG:4549")
    assert "CM 117E" in over.notes[0].text("en")
    assert find(delivered(4528, swapped=True), given="EPSG:4528").swapped
    assert find(delivered(4490, swapped=True), given="EPSG:4490").swapped


def test_what_the_user_says_cannot_be():
    with pytest.raises(CrsError, match="cannot have such coordinates") as refused:
        find(delivered(4528), given="EPSG:4549")
    assert "--crs EPSG:4528" in refused.value.hint("en")
    with pytest.raises(DatumError):
        find(TRUE, given="EPSG:2385")
    with pytest.raises(UsageError):
        find(TRUE, given="EPSG:99999999")


def test_prefixed_and_plain_eastings_in_one_file_are_refused():
    mixed = np.concatenate([delivered(4528)[:20], TRUE[20:]])
    for said in ({}, {"declared": 4549}, {"declared": 4528}, {"given": "EPSG:4528"}):
        with pytest.raises(CrsError):
            find(mixed, **said)


def test_one_shape_astray_is_named():
    many = parcels(300)
    many[7] = shapely.transform(many[7], lambda xy: xy + np.array([40_000_000.0, 0.0]))
    location = find(many, declared=4549)
    assert any("cannot be in" in note.text("en") for note in location.notes)
    assert find(many).crs.to_epsg() == 4549


def test_what_has_no_place_stays_what_it_is():
    held = np.array([None, shapely.Polygon(), TRUE[0], shapely.Polygon([(0, 0), (1, np.inf), (1, 0)])], dtype=object)
    location = find(held, declared=4549)
    assert location.shapes[0] is None
    assert location.shapes[1].is_empty
    assert location.candidates[0].share_inside == 1.0
    empty = find(held[:2])
    assert (empty.source, empty.plane, empty.how, empty.is_resolved) == (None, None, "empty", False)
    assert find(held[:2], declared=4528).source.prefix == 40_000_000.0
    assert find(np.empty(0, dtype=object), given="EPSG:4549").how == "empty"


def test_points_and_lines_have_a_place_too():
    for shapes in (shapely.centroid(TRUE), shapely.boundary(TRUE)):
        location = find(delivered(4490, shapes=shapes))
        assert off(location, shapes) < 1e-5
        assert (location.candidates[0].mu_inside, location.candidates[0].share_inside) == (0.0, 1.0)


def test_a_broken_ring_does_not_stop_the_search():
    bow = shapely.transform(
        shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), lambda xy: xy + shapely.bounds(TRUE[0])[:2]
    )
    assert find(np.array([bow, *TRUE])).crs.to_epsg() == 4549


def test_without_a_plane_the_data_have_their_own():
    assert find(delivered(4528), plane=None).plane == Plane(40)
    assert find(delivered(4326), plane=None, declared=4326).plane == Plane(40)
    assert find(delivered(4498), plane=None).plane == Plane(39)


@pytest.mark.parametrize(("shift", "name"), [(to_gcj02, "GCJ-02"), (to_bd09, "BD-09")])
def test_the_shift_of_a_web_map_is_suspected_and_not_undone(shift, name):
    known = gpd.GeoDataFrame(geometry=TRUE, crs=4549)
    traced = shapely.transform(delivered(4490), lambda xy: np.column_stack(shift(xy[:, 0], xy[:, 1])))
    location = find(traced, declared=4326, reference=known)
    assert [name in note.text("en") for note in location.notes] == [True]
    assert off(location) > 400
    clean = find(delivered(4490), declared=4326, reference=known)
    assert clean.notes == ()
    other = gpd.GeoDataFrame(geometry=parcels(seed=2), crs=4549)
    assert find(delivered(4490), declared=4326, reference=other).notes == ()


@settings(max_examples=40)
@given(
    code=st.sampled_from([4549, 4528, 4527, 4498, 4490, 3857, 4548, 32650]),
    swapped=st.booleans(),
    seed=st.integers(0, 10_000),
    count=st.integers(1, 30),
    width=st.floats(0.01, 0.5),
)
def test_it_is_right_or_refused(code, swapped, seed, count, width):
    random = np.random.default_rng(seed)
    longitude = 119.31 + random.uniform(0, width, count)
    to_plane = pyproj.Transformer.from_crs(4490, 4549, always_xy=True)
    east, north = to_plane.transform(longitude, 28.9 + random.uniform(0, width * 0.7, count))
    shapes = shapely.box(east, north, east + 50, north + 80)
    try:
        location = find(delivered(code, swapped=swapped, shapes=shapes))
    except CrsError:
        # Only what has a twin is refused.
        assert code in (4548, 32650)
    else:
        assert off(location, shapes) < 1e-5


def test_a_hundred_thousand_parcels_take_little():
    random = np.random.default_rng(3)
    corner = random.uniform([440_000, 3_200_000], [480_000, 3_235_000], (100_000, 2))
    many = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + 60, corner[:, 1] + 40)
    begin = time.process_time()
    location = find(many, declared=4549)
    spent = time.process_time() - begin
    assert location.candidates[0].share_inside == 1.0
    assert spent < 1.0, "0.1 s, and room for a busy machine"
