"""What `landkit area` answers: the golden ledger, and files, frames and the shipped workspace."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
import shipped

from landkit import account
from landkit.crs import Plane
from landkit.errors import CrsError, InputError, UsageError
from landkit.ledger import CLOSES_M2, NOWHERE
from landkit.measure.area import METHODS, measure

MU = 10000 / 15
GOLDEN = Path(__file__).parents[2] / "shared" / "golden"
EAST, NORTH = 461_000.0, 3_221_000.0
needs_golden = pytest.mark.skipif(not GOLDEN.is_dir(), reason="the golden ledger is not part of the project")


def box(x, y, width=100.0, height=100.0):
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def frame(shapes, crs="EPSG:4549", **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


def rows_of(answer, figure="net"):
    """Return a figure (m²) of each row, by the values of its keys."""
    found = answer.account
    key = [name for name in answer.by if name in found.groups.columns]
    told = {}
    for row in found.rows.to_dict("records"):
        label = () if row["district"] == NOWHERE else found.districts[row["district"]]
        group = tuple(
            None if pd.isna(found.groups[name][row["group"]]) else found.groups[name][row["group"]] for name in key
        )
        told[(label, *group)] = row[figure]
    assert len(told) == len(found.rows)
    return told


def refusal(*arguments, **options):
    with pytest.raises((UsageError, InputError, CrsError)) as caught:
        account(*arguments, **options)
    return caught.value.key, caught.value.exit_code


def note_keys(answer):
    return [note.key for note in answer.notes]


# --- the golden ledger ---------------------------------------------------------------------------------------------


def golden(**options):
    return account(
        str(GOLDEN / "accounting_parcels.geojson"),
        districts=str(GOLDEN / "accounting_districts.geojson"),
        district_field="district",
        **options,
    )


PLANAR = {
    "gross": 1350.0, "counted_again": 350.0077, "stacked": 100.0, "conflict": 250.0077, "net": 999.9923,
    "outside": 50.0, "A": 500.0, "B": 449.9923, "takeback": 599.9923, "remediate": 300.0, "village": 200.0,
    "shared": 100.0,
}  # fmt: skip
ELLIPSOID = {
    "gross": 1349.964135, "net": 999.965927, "outside": 49.998788, "A": 499.986319, "B": 449.980820,
    "takeback": 599.976532, "remediate": 299.991970, "village": 199.994638, "shared": 99.997213,
}  # fmt: skip


@needs_golden
@pytest.mark.parametrize(("method", "expected"), [("planar", PLANAR), ("ellipsoid", ELLIPSOID)])
def test_golden_ledger(method, expected):
    found = golden(by=["district", "programme"], method=method)
    by_district, by_programme = golden(by=["district"], method=method), golden(by=["programme"], method=method)
    told = {key: value / MU for key, value in found.account.total.items() if key != "parcels"}
    told |= {label[0]: net / MU for (label,), net in rows_of(by_district).items() if label}
    told |= {name: net / MU for (_, name), net in rows_of(by_programme).items()}
    told["shared"] = found.account.shared["area"].sum() / MU
    # Some planar figures are given to four places.
    loose = dict.fromkeys(("counted_again", "conflict", "net", "B", "takeback"), 6e-5) if method == "planar" else {}
    for key, value in expected.items():
        assert told[key] == pytest.approx(value, abs=loose.get(key, 1e-5)), key
    assert found.account.total["parcels"] == 12
    assert rows_of(by_district)[((),)] / MU == pytest.approx(expected["outside"], abs=1e-5)
    assert found.account.residual / MU < 1e-6


@needs_golden
def test_golden_figures_are_exact_by_construction():
    total = golden(by=["district", "programme"], method="planar").account.total
    # Two centimetres by the side of a square of 100 mu.
    twice = 0.02 * np.sqrt(100 * MU) / MU
    assert total["conflict"] / MU == pytest.approx(250 + twice, abs=1e-5)
    assert total["stacked"] / MU == pytest.approx(100, abs=1e-5)
    assert total["net"] / MU == pytest.approx(1000 - twice, abs=1e-5)


@needs_golden
def test_golden_rows_shared_land_and_repair():
    found = golden(by=["district", "programme"], method="planar")
    expected = {
        (("A",), "takeback"): 250, (("A",), "remediate"): 150, (("A",), "village"): 200,
        (("B",), "takeback"): 299.99225, (("B",), "remediate"): 150, ((), "takeback"): 50,
    }  # fmt: skip
    assert {key: net / MU for key, net in rows_of(found).items()} == pytest.approx(expected, abs=2e-5)
    (shared,) = found.account.shared.to_dict("records")
    assert found.account.districts[shared["district"]] == ("A",)
    assert {found.account.groups["programme"][group] for group in shared["groups"]} == {"takeback", "remediate"}
    (repaired,) = found.repaired.to_dict("records")
    assert (repaired["layer"], repaired["id"]) == ("accounting_parcels", "B1")
    assert (repaired["before"] / MU, repaired["after"] / MU) == pytest.approx((0, 50), abs=1e-5)
    assert len(found.unmeasured) == 0
    assert [source["features"] for source in found.sources] == [12, 2]


@needs_golden
@pytest.mark.parametrize("count", ["once", "each", "split", "priority:takeback,remediate"])
def test_golden_policies(count):
    found = golden(by=["district", "programme"], method="planar", count=count)
    extra = {"once": -100, "each": 100, "split": 0, "priority:takeback,remediate": 0}[count]
    assert found.counted.sum() / MU == pytest.approx(999.99225 + extra, abs=1e-4)


@needs_golden
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("assign", ["clip", "largest"])
def test_golden_ledger_closes_by_every_method(method, assign):
    found = golden(by=["district", "programme"], method=method, assign=assign)
    assert found.account.residual < CLOSES_M2
    assert found.account.total["net"] / MU == pytest.approx(ELLIPSOID["net"], abs=0.05)


# --- keys, columns, filters ----------------------------------------------------------------------------------------


@pytest.fixture
def two_layers(tmp_path):
    """A GeoPackage of two polygon layers and one of points."""
    file = tmp_path / "two.gpkg"
    frame([box(0, 0), box(50, 0)], status=["x", "y"], programme=["p", None]).to_file(
        file, layer="first", engine="pyogrio"
    )
    frame([box(0, 0, 50)], grade=[3]).to_file(file, layer="second", engine="pyogrio")
    frame([shapely.Point(EAST, NORTH)]).to_file(file, layer="wells", engine="pyogrio")
    return file


def test_layers_of_a_geopackage_are_programmes(two_layers):
    found = account(two_layers, method="planar")
    assert found.by == ("layer",)
    assert rows_of(found) == pytest.approx({((), "first"): 15_000, ((), "second"): 5_000})
    total = found.account.total
    assert (total["stacked"], total["conflict"], total["net"]) == pytest.approx((5_000, 5_000, 15_000))
    assert total["outside"] is None
    assert "files.note.layers_left" in note_keys(found)


def test_source_layer_selects_one(two_layers):
    assert account(two_layers, source_layer="second", method="planar").account.total["net"] == pytest.approx(5_000)
    assert refusal(two_layers, source_layer="third") == ("files.no_layer", 2)


def test_programme_is_the_column_where_one_has_that_name(two_layers):
    found = account(two_layers, by=["programme"], method="planar")
    # The second layer has no such column: there the layer is the programme.
    assert rows_of(found) == pytest.approx({((), "p"): 10_000, ((), None): 10_000, ((), "second"): 5_000})
    plain = account(frame([box(0, 0)], status=["x"]), by=["programme"], method="planar")
    assert rows_of(plain) == pytest.approx({((), "layer"): 10_000})


def test_rows_by_columns_of_which_some_layers_have_none(two_layers):
    found = account(two_layers, by=["layer", "status", "grade"], method="planar")
    assert rows_of(found) == pytest.approx(
        {((), "first", "x", None): 10_000, ((), "first", "y", None): 10_000, ((), "second", None, 3): 5_000}
    )


def test_unknown_columns_are_refused(two_layers):
    assert refusal(two_layers, by=["colour"]) == ("account.by", 2)
    assert refusal(two_layers, by=["district"]) == ("account.by", 2)  # no districts, and no such column
    assert refusal(two_layers, where="colour = 'red'") == ("where.column", 2)
    assert refusal(two_layers, districts=frame([box(0, 0)], label=["A"])) == ("account.district_field", 2)
    assert refusal(two_layers, districts=frame([box(0, 0)], label=["A"]), district_field="colour") == (
        "account.district_field",
        2,
    )
    assert refusal(two_layers, by=["geometry"]) == ("account.by", 2)


def test_unknown_choices_are_refused(two_layers):
    assert refusal(two_layers, count="most")[1] == 2
    assert refusal(two_layers, count="priority:first")[1] == 2
    assert refusal(two_layers, assign="nearest") == ("account.assign", 2)
    assert refusal(two_layers, method="spherical") == ("area.method", 2)


def test_where_keeps_the_rows_it_is_true_of(two_layers):
    found = account(two_layers, where="status = 'y'", method="planar")
    assert rows_of(found) == pytest.approx({((), "first"): 10_000})
    assert found.account.total["parcels"] == 1
    assert found.basis["where"] == "status = 'y'"


def test_questions_to_a_workspace_need_one(two_layers):
    assert refusal(two_layers, as_of=date(2022, 6, 30)) == ("account.needs_workspace", 2)
    assert refusal(two_layers, stage="plan") == ("account.needs_workspace", 2)
    assert refusal(frame([box(0, 0)]), stage="plan") == ("account.needs_workspace", 2)


def test_no_layers_outside_any_workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        account()
    assert caught.value.exit_code == 2


# --- forms of delivery ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plots.gpkg", "plots.shp", "plots.geojson", "plots.parquet"])
def test_every_form_gives_the_same(name, tmp_path):
    plots = frame([box(0, 0), box(50, 0), box(400, 0)], id=["a", "b", "c"], status=["x", "y", "x"])
    file = tmp_path / name
    if name.endswith("geojson"):
        plots = plots.to_crs("EPSG:4490")
        plots.to_file(file, engine="pyogrio", layer_options={"COORDINATE_PRECISION": "12"})
    elif name.endswith("parquet"):
        plots.to_parquet(file)
    else:
        plots.to_file(file, engine="pyogrio")
    districts = frame([box(0, 0, 125)], name=["A"])
    found = account(file, districts=districts, by=["district", "status"], method="planar")
    assert rows_of(found) == pytest.approx(
        {(("A",), "x"): 10_000, (("A",), "y"): 7_500, ((), "x"): 10_000, ((), "y"): 2_500}, rel=1e-6
    )
    (source,) = found.sources
    assert (source["layer"], source["features"], Path(source["path"]).name, len(source["sha256"])) == (
        "plots",
        3,
        name,
        64,
    )


def test_mapping_of_frames_and_their_index():
    plots = frame([box(0, 0), box(200, 0)], status=["x", "y"]).set_index(pd.Index([7, 9]))
    found = account({"one": plots, "two": frame([box(0, 0)])}, method="planar")
    assert rows_of(found) == pytest.approx({((), "one"): 20_000, ((), "two"): 10_000})
    assert found.account.total["stacked"] == pytest.approx(10_000)


def test_two_files_of_one_name_are_refused(tmp_path):
    files = [tmp_path / folder / "plots.gpkg" for folder in ("a", "b")]
    for file in files:
        file.parent.mkdir()
        frame([box(0, 0)]).to_file(file, engine="pyogrio")
    assert refusal(files) == ("select.same_name", 2)


@pytest.mark.parametrize("parcels", ["EPSG:4549", "EPSG:4528", "EPSG:4490"])
@pytest.mark.parametrize("districts", ["EPSG:4549", "EPSG:4528", "EPSG:4490"])
@pytest.mark.parametrize("method", ["planar", "ellipsoid"])
def test_parcels_and_districts_in_different_systems(parcels, districts, method):
    plots = frame([box(0, 0), box(50, 200)], status=["x", "y"])
    areas = frame([box(-50, -50, 150, 400), box(100, -50, 200, 400)], name=["A", "B"])
    found = account(plots.to_crs(parcels), districts=areas.to_crs(districts), method=method)
    pieces = [box(0, 0), box(50, 200, 50), box(100, 200, 50)]
    expected = measure(np.array(pieces), Plane(40), method=method)
    told = rows_of(found)
    # 450 m straight in degrees are 0.04 mm off the straight line of the plane.
    close = 1e-6 if districts == "EPSG:4490" else 1e-9
    assert told[(("A",), "layer")] == pytest.approx(expected[0] + expected[1], rel=close)
    assert told[(("B",), "layer")] == pytest.approx(expected[2], rel=close)
    assert sum(told.values()) == pytest.approx(expected.sum(), rel=1e-7)
    assert found.basis["plane"] == "EPSG:4549"


def test_frame_without_a_reference_system_is_refused():
    assert refusal(frame([box(0, 0)], crs=None))[1] == 4
    assert refusal(frame([box(0, 0)]), districts=frame([box(0, 0)], crs=None, name=["A"]))[1] == 4
    assert refusal(frame([box(0, 0)], crs="EPSG:2436"))[1] == 5  # Beijing 1954


# --- rows that cannot be measured ----------------------------------------------------------------------------------

with np.errstate(invalid="ignore"):
    ASTRAY = shapely.Polygon([(EAST, NORTH), (EAST + 10, np.nan), (EAST + 10, NORTH + 10), (EAST, NORTH)])
SPOILT = [
    (None, "no_geometry"),
    (shapely.Polygon(), "empty"),
    (shapely.Point(EAST, NORTH), "point"),
    (shapely.LineString([(EAST, NORTH), (EAST + 1, NORTH)]), "line"),
    (ASTRAY, "not_finite"),
    (shapely.Polygon([(EAST, NORTH), (EAST + 1, NORTH + 1), (EAST + 2, NORTH + 2), (EAST, NORTH)]), "no_area"),
]


def test_rows_without_a_usable_shape_are_listed():
    shapes = [box(0, 0), *(shape for shape, _ in SPOILT)]
    plots = frame(shapes, id=["a", "b", "c", None, "e", "b", "g"], area_doc_mu=[15.0, 1, 2, 3, 4, None, 6])
    found = account({"plots": plots}, method="planar")
    assert found.account.total["parcels"] == 1
    assert found.account.total["gross"] == pytest.approx(10_000)
    listed = found.unmeasured
    assert listed["reason"].tolist() == [reason for _, reason in SPOILT]
    assert listed["row"].tolist() == [2, 3, 4, 5, 6, 7]
    assert listed["id"].tolist() == ["b#2", "c", "#4", "e", "b#6", "g"]
    assert set(listed["layer"]) == {"plots"}
    assert listed["doc_m2"].tolist() == pytest.approx([MU, 2 * MU, 3 * MU, 4 * MU, np.nan, 6 * MU], nan_ok=True)


def test_rows_without_an_id_are_numbered():
    found = account({"plots": frame([box(0, 0), None], status=["x", "y"])}, method="planar")
    assert found.unmeasured["id"].tolist() == ["#2"]


@pytest.mark.parametrize("column", ["BSM", "编号", "dkbh", "图斑编号"])
def test_id_is_found_by_its_alias(column):
    found = account({"plots": frame([box(0, 0), None], **{column: ["R1", "R2"]})}, method="planar")
    assert found.unmeasured["id"].tolist() == ["R2"]


def test_filter_leaves_rows_their_number():
    plots = frame([None, box(0, 0), box(0, 0), None], status=["x", "y", "x", "y"])
    found = account(plots, where="status = 'y'", method="planar")
    assert found.unmeasured["row"].tolist() == [4]


def test_nothing_that_can_be_measured_is_refused():
    key, code = refusal(frame([shape for shape, _ in SPOILT]))
    assert (key, code) == ("account.nothing", 5)


def test_empty_layer_gives_zeroes_and_a_note():
    found = account({"plots": frame([box(0, 0)], status=["x"])[:0]})
    assert found.account.total["net"] == 0
    assert found.account.total["parcels"] == 0
    assert len(found.account.rows) == 0
    assert note_keys(found) == ["note.empty"]
    both = account({"plots": frame([box(0, 0)])[:0], "more": frame([box(0, 0)])}, method="planar")
    assert both.account.total["net"] == pytest.approx(10_000)
    assert note_keys(both) == ["note.empty"]


def test_repair_is_in_the_open():
    corners = [(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)]
    found = account({"plots": frame([box(100, 0), shapely.Polygon(corners)], id=["a", "b"])}, method="planar")
    assert found.repaired.to_dict("records") == [
        {"layer": "plots", "id": "b", "before": pytest.approx(0), "after": pytest.approx(50)}
    ]
    assert found.account.total["gross"] == pytest.approx(10_050)


# --- districts -----------------------------------------------------------------------------------------------------


def test_districts_over_each_other_are_refused_unless_allowed():
    areas = frame([box(0, 0, 60), box(50, 0, 50)], name=["A", "B"])
    assert refusal(frame([box(0, 0)]), districts=areas) == ("districts.overlap", 5)
    found = account(frame([box(0, 0)]), districts=areas, allow_district_overlap=True, method="planar", by=["district"])
    assert rows_of(found) == pytest.approx({(("A",),): 5_000, (("A", "B"),): 1_000, (("B",),): 4_000})
    assert "note.districts_overlap" in note_keys(found)


def test_overlap_of_districts_where_no_parcel_lies_is_no_matter():
    areas = frame([box(0, 0, 60, 300), box(60, 0, 50, 300), box(50, 200, 50, 100)], name=["A", "B", "B"])
    assert account(frame([box(0, 0)]), districts=areas, method="planar").account.total["outside"] == 0


def test_districts_named_twice_not_at_all_or_without_a_shape():
    areas = frame([box(0, 0, 20), box(20, 0, 20), box(40, 0, 20), None, box(60, 0, 20)], name=["A", None, "A", "B", ""])
    found = account(frame([box(0, 0)]), districts=areas, by=["district"], method="planar")
    assert rows_of(found) == pytest.approx({(("A",),): 4_000, (("#2",),): 2_000, (("#5",),): 2_000, ((),): 2_000})
    assert "note.districts_without_shape" in note_keys(found)


def test_districts_without_any_shape_are_refused():
    assert refusal(frame([box(0, 0)]), districts=frame([None, shapely.Polygon()], name=["A", "B"])) == (
        "account.no_districts",
        5,
    )


def test_an_owner_that_is_no_district_is_told_and_ids_that_became_floats_are_known():
    areas = frame([box(0, 0), box(100, 0)], id=[1, 2], name=["甲", "乙"])
    plots = frame([box(0, 0), box(100, 0), box(200, 0)], district=[2.0, None, 7.0])
    found = account(plots, districts=areas, by=["district"], assign="owner", method="planar")
    assert rows_of(found) == {(("乙",),): 10_000, ((),): 20_000}
    told = next(note for note in found.notes if note.key == "note.owner_unknown")
    assert told.values == {"layer": "layer", "count": 1, "names": "7"}


def test_an_owner_may_be_given_by_an_id_that_two_parts_of_a_district_share():
    areas = frame([box(0, 0), box(100, 0)], id=["D1", "D1"], name=["甲", "甲"])
    plots = frame([box(50, 0)], district=["D1"])
    found = account(plots, districts=areas, by=["district"], assign="owner", method="planar")
    assert rows_of(found) == {(("甲",),): 10_000}


def test_options_that_would_do_nothing_are_refused():
    plots = frame([box(0, 0)], district=["甲"])
    assert refusal(plots, assign="owner") == ("account.assign_nowhere", 2)
    assert refusal(plots, source_layer="x") == ("account.needs_file", 2)


def test_owner_is_read_from_the_column_district():
    areas = frame([box(0, 0, 40), box(40, 0, 60)], name=["A", "B"], id=["d1", "d2"])
    plots = frame([box(0, 0), box(200, 0), box(300, 0), box(400, 0)], district=["A", "d2", None, "Z"])
    found = account(plots, districts=areas, by=["district"], assign="owner", method="planar")
    assert rows_of(found) == pytest.approx({(("A",),): 10_000, (("B",),): 10_000, ((),): 20_000})
    assert found.account.total["outside"] == pytest.approx(20_000)
    assert refusal(frame([box(0, 0)]), districts=areas, assign="owner") == ("account.no_owner", 2)


def test_largest_gives_a_straddler_whole():
    areas = frame([box(0, 0, 40), box(40, 0, 60)], name=["A", "B"])
    found = account(
        frame([box(0, 0), box(-90, 200)]), districts=areas, by=["district"], assign="largest", method="planar"
    )
    assert rows_of(found) == pytest.approx({(("B",),): 10_000, ((),): 10_000})
    assert rows_of(found, "parcels") == {(("B",),): 1, ((),): 1}


def test_ledger_area_is_shared_out_pro_rata():
    areas = frame([box(0, 0, 40), box(40, 0, 60)], name=["A", "B"])
    plots = frame([box(0, 0), box(0, 0, 40)], area_doc_mu=[10.0, None])
    found = account(plots, districts=areas, by=["district"], method="planar")
    assert {key: value / MU for key, value in rows_of(found, "ledger").items()} == pytest.approx(
        {(("A",),): 4, (("B",),): 6}
    )
    assert rows_of(found, "parcels") == {(("A",),): 2, (("B",),): 1}
    assert found.account.total["parcels"] == 2


# --- the shipped workspace -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workspace():
    return account(workspace=shipped.LAYERS, method="planar")


def on_the_list(layer, name):
    return not shipped.VALUES[layer][name].get("off_list")


def shapes_of(layer):
    off = {line["id"] for line in shipped.records("plan_item") if line["layer"] == layer and line["change"] == "调出"}
    return np.array(
        [land for name, land in shipped.LAND[layer].items() if name not in off and on_the_list(layer, name)]
    )


def test_workspace_totals_by_plain_shapely(workspace):
    lands = {layer: shapes_of(layer) for layer in shipped.PROGRAMMES}
    everything = np.concatenate(list(lands.values()))
    total = workspace.account.total
    slack = 1e-9 * total["gross"] + 1e-3
    assert total["parcels"] == len(everything)
    assert total["gross"] == pytest.approx(shapely.area(everything).sum(), abs=slack)
    unions = {layer: shapely.union_all(shapes) for layer, shapes in lands.items()}
    net = shapely.union_all(everything).area
    assert total["net"] == pytest.approx(net, abs=slack)
    stacked = sum(union.area for union in unions.values()) - net
    assert total["stacked"] == pytest.approx(stacked, abs=slack)
    assert total["conflict"] == pytest.approx(total["gross"] - net - stacked, abs=slack)
    by_layer = rows_of(account(workspace=shipped.LAYERS, method="planar", by=["layer"]))
    assert by_layer == pytest.approx({((), layer): union.area for layer, union in unions.items()}, abs=slack)


def test_workspace_districts_by_plain_shapely(workspace):
    net = shapely.union_all(np.concatenate([shapes_of(layer) for layer in shipped.PROGRAMMES]))
    found = rows_of(account(workspace=shipped.LAYERS, method="planar", by=["district"]))
    names = {shipped.VALUES["district"][name]["name"]: land for name, land in shipped.LAND["district"].items()}
    expected = {((name,),): shapely.intersection(net, land).area for name, land in names.items()}
    # Boundaries of districts are straight in degrees, and drawn to a millimetre.
    assert found.keys() - {((),)} == {key for key, area in expected.items() if area > 1}
    assert {key: found[key] for key in found if key[0]} == pytest.approx(
        {key: area for key, area in expected.items() if area > 1}, rel=1e-4
    )
    assert sum(found.values()) == pytest.approx(net.area, rel=1e-9)
    assert workspace.account.total["outside"] == pytest.approx(found[((),)])


def test_workspace_areas_on_the_ellipsoid_by_geod():
    found = account(["reclaim"], workspace=shipped.LAYERS, by=["layer"])
    off = {
        line["id"] for line in shipped.records("plan_item") if line["layer"] == "reclaim" and line["change"] == "调出"
    }
    geod = pyproj.Geod(a=6378137, rf=298.257222101)
    area = sum(
        abs(geod.geometry_area_perimeter(shapely.normalize(land))[0])
        for name, land in shipped.SHAPES["reclaim"].items()
        if name not in off
    )
    assert found.account.total["gross"] == pytest.approx(area, rel=1e-6)


def test_workspace_lists_what_has_no_shape(workspace):
    without = {
        name for layer in shipped.PROGRAMMES for name in shipped.ROWS[layer] if name not in shipped.SHAPES[layer]
    }
    assert set(workspace.unmeasured["id"]) == without
    assert set(workspace.unmeasured["reason"]) == {"no_geometry"}
    assert workspace.repaired["id"].tolist() == ["L-038"]
    assert workspace.basis["geom_source"] == {"placeholder": workspace.account.total["parcels"]}


def test_workspace_at_a_date_and_stage():
    whole = account(["reclaim"], workspace=shipped.LAYERS, by=["stage"])
    june = account(
        ["reclaim"], workspace=shipped.LAYERS, by=["stage"], as_of=date(2022, 6, 30), stage="reclaim=reclaimed"
    )
    assert 0 < june.account.total["parcels"] < whole.account.total["parcels"]
    assert june.basis["as_of"] == "2022-06-30"
    assert "note.stage" in note_keys(june)
    assert refusal(["reclaim"], workspace=shipped.LAYERS, stage="reclaim=nonsense")[1] == 2
    assert refusal(["nosuch"], workspace=shipped.LAYERS)[1] == 2
    assert refusal(["reclaim", "x.gpkg"], workspace=shipped.LAYERS)[1] == 2


def test_an_empty_mapping_is_refused_and_no_other_data_measured():
    with pytest.raises(UsageError) as caught:
        account({})
    assert caught.value.key == "account.no_frames"


# --- what a review of the first issue found ------------------------------------------------------------------------


def notes_of(answer, key):
    return [note.text("en") for note in answer.notes if note.key == key]


def test_undated_rows_are_counted_after_the_filter_and_said_at_a_date(tmp_path):
    (tmp_path / "landkit.toml").write_text(
        '[zone]\nname = "区"\nname_en = "Zone"\nyear = 2022\ncrs = "EPSG:4549"\n'
        '[layers.reclaim]\nfile = "reclaim.geojson"\nprogramme = true\n[layers.event]\nfile = "event.csv"\n',
        encoding="utf-8",
    )
    plots = frame(
        [box(0, 0), box(200, 0), box(400, 0), box(600, 0)],
        id=["a", "b", "c", "d"], stage=["reclaimed"] * 4, area_doc_mu=[15.0, 14.0, None, 13.0],
    )  # fmt: skip
    plots.to_file(tmp_path / "reclaim.geojson", driver="GeoJSON")
    (tmp_path / "event.csv").write_text(
        "event_no,layer,id,stage,event_date,recorded_at,evidence_no,reverses\n"
        "E1,reclaim,d,reclaimed,2022-03-01,2022-03-01T10:00:00,,\n",
        encoding="utf-8",
    )
    asked = {"workspace": tmp_path, "stage": "reclaim=reclaimed"}
    whole, some = account(**asked), account(**asked, where="id = 'a'")
    (undated,) = notes_of(whole, "note.undated")
    assert undated.startswith("reclaim: rows counted by a delivered stage that no event dates: 3, 29.00 mu")
    assert undated.endswith("1 of them without an official area")
    assert len(notes_of(whole, "note.without_evidence")) == 1
    assert notes_of(some, "note.undated") == [
        "reclaim: rows counted by a delivered stage that no event dates: 1, 15.00 mu by the ledger"
    ]
    assert notes_of(some, "note.without_evidence") == []
    dated = account(workspace=tmp_path, as_of=date(2022, 6, 30), where="id <> 'c'")
    assert [text.partition(": ")[2] for text in notes_of(dated, "note.undated_at")] == [
        "rows whose stage no event dates, and that so count at any date: 2, 29.00 mu by the ledger"
    ]
    assert "note.undated_at" not in note_keys(account(workspace=tmp_path))


def test_tables_are_read_and_shapes_screened_once(monkeypatch):
    from landkit import selection
    from landkit.workspace import Workspace

    read, screened = [], []
    table, screen = Workspace.table, selection.screen

    def counted_table(self, layer_id):
        read.append(layer_id)
        return table(self, layer_id)

    def counted_screen(frame, **known):
        screened.append(len(frame))
        return screen(frame, **known)

    monkeypatch.setattr(Workspace, "table", counted_table)
    monkeypatch.setattr(selection, "screen", counted_screen)
    found = account(workspace=shipped.LAYERS, stage="reclaim=reclaimed")
    assert sorted(read) == ["event", "plan_item"]
    assert len(screened) == len(found.sources)


def test_a_parcel_astray_in_degrees_is_listed_and_does_not_move_the_plane():
    def degrees(west, south):
        return shapely.box(west, south, west + 1e-3, south + 1e-3)

    near = [degrees(119.6 + 0.01 * number, 29.1) for number in range(3)]
    found = account(frame([*near, degrees(0, 0)], crs="EPSG:4490", id=["a", "b", "c", "stray"]))
    assert found.basis["plane"] == "EPSG:4549"
    assert found.unmeasured[["id", "row", "reason"]].values.tolist() == [["stray", 4, "too_far"]]
    geod = pyproj.Geod(a=6378137, rf=298.257222101)
    # edges are straight in the plane, geodesics here: over 100 m they differ by parts in 1e9
    expected = sum(abs(geod.geometry_area_perimeter(shape)[0]) for shape in near)
    assert found.account.total["gross"] == pytest.approx(expected, rel=1e-6)
    # half of them elsewhere is no stray: no plane fits
    assert refusal(frame([near[0], degrees(0, 0)], crs="EPSG:4490")) == ("account.too_far", 5)


def test_a_shapefile_keeps_the_ledger_although_it_cuts_names(tmp_path):
    plots = frame([box(0, 0), box(200, 0)], area_doc_mu=[15.0, 14.0], geom_source=["placeholder", "survey"])
    cut = plots.rename(columns={name: name[:10] for name in plots.columns})
    cut.to_file(tmp_path / "plots.shp")
    found = account(tmp_path / "plots.shp", by=["geom_sourc"])
    ledger = {key[1]: area / MU for key, area in rows_of(found, "ledger").items()}
    assert ledger == pytest.approx({"placeholder": 15, "survey": 14})
    assert found.basis["geom_source"] == {"placeholder": 1, "survey": 1}
    assert notes_of(found, "note.column_in") == ["plots: column area_doc_m is taken as area_doc_mu, in mu"]
    assert notes_of(found, "note.column") == ["plots: column geom_sourc is taken as geom_source"]
    assert account(tmp_path / "plots.shp", where="geom_source = 'survey'").account.total["parcels"] == 1
    # elsewhere a name is whole: one that looks cut is another
    plots.rename(columns={"area_doc_mu": "area_doc_m"}).to_file(tmp_path / "plots.gpkg")
    other = account(tmp_path / "plots.gpkg")
    assert np.isnan(other.account.rows["ledger"]).all()
    assert not {"note.column", "note.column_in"} & set(note_keys(other))


@pytest.mark.parametrize(
    ("column", "values", "unit"),
    [
        ("台账面积", [15.0, 30.0], "mu"),
        ("面积（亩）", ["15", "30亩"], "亩"),
        ("用地面积(公顷)", [1.0, 2.0], "公顷"),
        ("占地面积/平方米", [10_000.0, 20_000.0], "平方米"),
    ],
)
def test_the_ledger_is_known_by_its_aliases_and_their_units(tmp_path, column, values, unit):
    names = {column: values, "片区": ["A", "B"], "图形来源": ["placeholder", "自绘"]}
    path = tmp_path / "plots.geojson"
    frame([box(0, 0), box(200, 0)], **names).to_file(path, driver="GeoJSON")
    halves = frame([box(0, 0, 150), box(150, 0, 150)], name=["A", "B"])
    found = account(path, districts=halves, assign="owner")
    assert [area / MU for area in rows_of(found, "ledger").values()] == pytest.approx([15, 30])
    assert found.basis["geom_source"] == {"placeholder": 1, "自绘": 1}  # what is no term stays as it was delivered
    said = notes_of(found, "note.column_in")
    assert said == [f"plots: column {column} is taken as area_doc_mu, in {unit}"]
    delivered = account(path, by=[column], where="片区 = 'A'")
    assert delivered.account.groups[column].tolist() == values[:1]


def test_what_could_be_the_ledger_and_is_not_certain_is_left_and_said(tmp_path):
    path = tmp_path / "plots.geojson"
    frame([box(0, 0)], 用地面积=[15.0]).to_file(path, driver="GeoJSON")
    found = account(path)
    assert np.isnan(found.account.rows["ledger"]).all()
    assert notes_of(found, "mapping.doubt.no_unit") == [
        "用地面积: could be area_doc_mu, but states no unit; kept as delivered"
    ]
    frame(
        [box(0, 0)],
        **{
            "面积(亩)": [
                "约15",
            ]
        },
    ).to_file(path, driver="GeoJSON")
    (unread,) = notes_of(account(path), "note.doc_unreadable")
    assert "约15" in unread


@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
def test_a_column_called_like_the_shapes_can_be_grouped_by(tmp_path, suffix):
    plots = frame([box(0, 0), box(200, 0)], kind=["x", "y"]).rename_geometry("geom")
    plots["geometry"] = ["示意", "实测"]
    path = tmp_path / f"plots.{suffix}"
    plots.to_parquet(path) if suffix == "parquet" else plots.to_file(path)
    found = account(path, by=["geometry_1"])
    assert found.account.groups["geometry_1"].tolist() == ["示意", "实测"]
    assert "files.note.renamed" in note_keys(found)
    assert account(path, where="geometry_1 = '实测'").account.total["parcels"] == 1
