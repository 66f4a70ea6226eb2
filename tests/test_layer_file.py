"""What a workspace writes is what it reads: every type, every row, every digit, and what others keep in the file."""

import json
import sqlite3
from contextlib import closing
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from landkit.errors import InputError, UsageError
from landkit.layer_file import ROW_NUMBER, table_bytes, write_layer
from landkit.schema import schema
from landkit.store import exclusive
from landkit.workspace import open_workspace

SETTINGS = """\
# ours
[zone] # 某区
name = "某区"
year = 2022
crs = "EPSG:4549"

[layers.control_line]  # kept as GeoJSON
file = "control_line.geojson"

[layers.zone_area]
file = "zone_area.parquet"
"""
SQUARE = box(500_000, 3_218_000, 500_010, 3_218_010)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "landkit.toml").write_text(SETTINGS, encoding="utf-8")
    frame = gpd.GeoDataFrame({"id": ["x"]}, geometry=[SQUARE], crs=4549)
    frame.to_file(tmp_path / "control_line.geojson")
    frame.to_parquet(tmp_path / "zone_area.parquet")
    return tmp_path


def staged(folder, **frames):
    with exclusive(folder, purpose="test") as transaction:
        workspace = open_workspace(folder)
        for name, frame in frames.items():
            workspace.stage(transaction, name, frame)
    return open_workspace(folder)


def every_type():
    return gpd.GeoDataFrame(
        {
            "id": pd.Series(["001", "002", None], dtype="str"),
            "households": pd.array([2**60 + 1, None, -3], dtype="Int64"),
            "count": pd.array([1, 2, 3], dtype="Int64"),
            "off_list": pd.array([True, None, False], dtype="boolean"),
            "own_flag": pd.array([True, False, False], dtype="boolean"),
            "all_unknown": pd.array([None] * 3, dtype="boolean"),
            "due_date": pd.to_datetime(["2022-03-01", None, "1899-12-31"]).astype("datetime64[us]"),
            "moment": pd.to_datetime(["2022-03-01T12:30:15", None, "2022-03-01T00:00:00"]).astype("datetime64[us]"),
            "area_doc_mu": [0.1, np.nan, 1 / 3],
            "note": pd.Series(["=1+1", None, ""], dtype="str"),
            "fid": pd.array([7, 7, None], dtype="Int64"),
            "geom": pd.Series(["a", "b", "c"], dtype="str"),
            "ogc_fid": pd.Series(["a", "b", "c"], dtype="str"),
            "名称（亩）": pd.Series(["甲", None, '"'], dtype="str"),
        },
        geometry=[Polygon([(500_000.1, 3_218_000), (500_010 + 1 / 3, 3_218_000), (500_005, 3_218_010)]), None, SQUARE],
        crs=4549,
    )  # fmt: skip


@pytest.mark.parametrize("rows", [3, 0], ids=["rows", "no rows"])
def test_a_new_layer_gives_back_every_type(folder, rows):
    frame = every_type().iloc[:rows]
    found = staged(folder, reclaim=frame).layer("reclaim")
    assert list(found.columns) == list(frame.columns)
    for name in frame.columns.drop("geometry"):
        pd.testing.assert_series_equal(found[name], frame[name])
    assert found.crs == frame.crs
    assert found.geometry.geom_equals_exact(frame.geometry, 0)[frame.geometry.notna()].all()
    assert found.geometry.isna().tolist() == frame.geometry.isna().tolist()


def test_what_was_read_is_written_as_it_was(folder):
    once = staged(folder, reclaim=every_type()).layer("reclaim")
    twice = staged(folder, reclaim=once).layer("reclaim")
    pd.testing.assert_frame_equal(pd.DataFrame(twice), pd.DataFrame(once))


def test_the_file_is_a_geopackage_as_qgis_wants_it(folder):
    staged(folder, reclaim=every_type())
    info = pyogrio.read_info(folder / "reclaim.gpkg")
    assert (info["layer_name"], info["geometry_type"], info["features"]) == ("reclaim", "Polygon", 3)
    with closing(sqlite3.connect(folder / "reclaim.gpkg")) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"GPKG"),)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM rtree_reclaim_geometry").fetchone() == (2,)


def test_parts_stay_parts(folder):
    shapes = [MultiPolygon([SQUARE, box(1, 1, 2, 2)]), SQUARE]
    frame = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs=4549)
    found = staged(folder, reclaim=frame).layer("reclaim")
    assert found.geometry.geom_type.tolist() == ["MultiPolygon"] * 2
    assert found.geometry.geom_equals(frame.geometry).all()
    assert pyogrio.read_info(folder / "reclaim.gpkg")["geometry_type"] == "MultiPolygon"


@pytest.mark.parametrize("layer", ["control_line", "zone_area"])
def test_a_layer_keeps_its_format_and_every_digit(folder, layer):
    frame = every_type().to_crs(4490)
    before = (folder / "landkit.toml").read_bytes()
    opened = staged(folder, **{layer: frame})
    found = opened.layer(layer)
    assert opened.layers[layer].path.suffix in (".geojson", ".parquet")
    assert (folder / "landkit.toml").read_bytes() == before
    assert found.geometry.geom_equals_exact(frame.geometry, 0)[frame.geometry.notna()].all()
    assert found["due_date"].tolist()[0] == pd.Timestamp("2022-03-01")
    assert found["off_list"].dtype == "boolean"
    assert found["area_doc_mu"].tolist()[2] == 1 / 3
    if layer == "control_line":
        properties = json.loads((folder / "control_line.geojson").read_text(encoding="utf-8"))["features"][0]
        assert properties["properties"]["due_date"] == "2022-03-01"


def test_other_layers_and_styles_of_a_geopackage_stay(folder):
    text = SETTINGS + '\n[layers.reclaim]\nfile = "all.gpkg"\n\n[layers.small_plot]\nfile = "all.gpkg"\n'
    (folder / "landkit.toml").write_text(text, encoding="utf-8")
    frame = gpd.GeoDataFrame({"id": ["old"]}, geometry=[SQUARE], crs=4549)
    for layer in ("reclaim", "small_plot"):
        frame.to_file(folder / "all.gpkg", layer=layer)
    with closing(sqlite3.connect(folder / "all.gpkg")) as connection:
        connection.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_name, f_geometry_column, style)")
        connection.execute("INSERT INTO layer_styles VALUES (1, 'reclaim', 'geom', 'red')")
        connection.commit()
    opened = staged(folder, reclaim=frame.assign(id="new"))
    assert opened.layer("reclaim")["id"].tolist() == ["new"]
    assert opened.layer("small_plot")["id"].tolist() == ["old"]
    with closing(sqlite3.connect(folder / "all.gpkg")) as connection:
        (column,) = connection.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name='reclaim'"
        ).fetchone()
        assert connection.execute("SELECT * FROM layer_styles").fetchall() == [(1, "reclaim", column, "red")]


def test_a_new_layer_gets_a_section_and_the_rest_stays(folder):
    opened = staged(folder, reclaim=every_type(), district=every_type(), own_layer=every_type())
    text = (folder / "landkit.toml").read_text(encoding="utf-8")
    assert text.replace('districts = "district"\n', "").startswith(SETTINGS)
    assert [spec.id for spec in opened.layers.values() if spec.programme] == ["reclaim"]
    assert opened.zone.districts == "district"
    assert opened.layers["own_layer"].path.name == "own_layer.gpkg"


def test_settings_that_cannot_be_added_to_are_left_alone(folder):
    text = 'layers = {}\n[zone]\nname = "x"\nyear = 2022\ncrs = "EPSG:4549"\n'
    (folder / "landkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        staged(folder, reclaim=every_type())
    assert caught.value.key == "store.settings"
    assert "[layers.reclaim]" in caught.value.hint("en")
    assert (folder / "landkit.toml").read_text(encoding="utf-8") == text
    assert not (folder / "reclaim.gpkg").exists()


def test_tables(folder):
    table = pd.DataFrame(
        {
            "event_no": ["E1", "E2"],
            "event_date": pd.to_datetime(["2022-03-01", None]),
            "recorded_at": pd.to_datetime(["2022-03-01T00:00:00", "2022-03-01T08:30:00"]),
            "document": ["a,\"b\"\r\nc", None],
            "own": ["=1", "0012"],
        }
    )  # fmt: skip
    opened = staged(folder, event=table)
    found = opened.table("event")
    assert opened.layers["event"].path.name == "event.csv"
    pd.testing.assert_frame_equal(found, table.astype(found.dtypes))
    enterprise = pd.DataFrame({"uscc": ["0123"], "above_scale": [True], "eval_year": [2021], "tax_wan": [0.1 + 0.2]})
    found = staged(folder, enterprise=enterprise).table("enterprise")
    assert (found["above_scale"].tolist(), found["eval_year"].tolist(), found["tax_wan"].tolist()) == (
        [True],
        [2021],
        [0.1 + 0.2],
    )


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(max_examples=50)
@given(st.lists(st.tuples(CELL, st.none() | st.floats(allow_nan=False, allow_infinity=False)), max_size=5))
def test_any_text_and_number_survives_a_table(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("w")
    (folder / "landkit.toml").write_text(SETTINGS.partition("[layers.")[0], encoding="utf-8")
    table = pd.DataFrame(rows, columns=["name", "tax_wan"])
    found = staged(folder, enterprise=table).table("enterprise")
    assert [None if pd.isna(value) else value for value in found["tax_wan"]] == [number for _, number in rows]
    assert ["" if pd.isna(value) else value for value in found["name"]] == [text for text, _ in rows]


def test_what_does_not_go_together(folder):
    frame = every_type()
    for layer, given_, key in (
        ("reclaim", pd.DataFrame({"id": ["x"]}), "workspace.is_layer"),
        ("event", frame, "workspace.is_table"),
        ("control_line", pd.DataFrame({"id": ["x"]}), "workspace.is_layer"),
        ("../x", frame, "store.layer_name"),
        ("a b", frame, "store.layer_name"),
    ):
        with pytest.raises(UsageError) as caught:
            staged(folder, **{layer: given_})
        assert caught.value.key in (key, "workspace.is_table")
    with pytest.raises(InputError) as caught:
        staged(folder, reclaim=frame.assign(NOTE="x"))
    assert (caught.value.key, caught.value.values["second"]) == ("store.columns", "NOTE")
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".gpkg") == []


def test_what_has_no_type_of_its_own_becomes_text(folder):
    frame = gpd.GeoDataFrame(
        {
            "id": ["a", "b"],
            "mixed": [1, "x"],
            "listed": [["甲", 1], None],
            "zoned": pd.to_datetime(["2022-03-01T12:30:00+08:00", None]),
            "day": [date(2022, 3, 1), None],
            "flag": np.array([True, None], dtype=object),
        },
        geometry=[SQUARE, None],
        crs=4549,
    )
    found = staged(folder, reclaim=frame).layer("reclaim")
    assert found["mixed"].tolist() == ["1", "x"]
    assert found["listed"].tolist()[0] == '["甲", 1]'
    assert found["zoned"].tolist()[0] == "2022-03-01T12:30:00+08:00"
    assert found["day"].tolist()[0] == pd.Timestamp("2022-03-01")
    assert found["flag"].tolist() == [True, pd.NA]


def test_a_layer_twice_in_one_transaction(folder):
    with exclusive(folder, purpose="test") as transaction:
        workspace = open_workspace(folder)
        workspace.stage(transaction, "reclaim", every_type())
        workspace.stage(transaction, "reclaim", every_type().iloc[:1])
    assert len(open_workspace(folder).layer("reclaim")) == 1


def test_reading_needs_no_column_of_ours(folder):
    opened = staged(folder, reclaim=every_type())
    assert set(opened.layer("reclaim", columns=["id", "due_date"]).columns) == {"id", "due_date", "geometry"}
    frame = opened.layer("reclaim").assign(**{ROW_NUMBER: [3, 2, 1]})
    assert ROW_NUMBER not in staged(folder, reclaim=frame).layer("reclaim").columns


def test_a_refusal_of_the_disk_is_told(folder, monkeypatch):
    def full(*args, **options):
        raise pyogrio.errors.DataSourceError("database or disk is full")

    monkeypatch.setattr(pyogrio, "write_dataframe", full)
    with pytest.raises(UsageError) as caught:
        write_layer(folder / "x.gpkg", every_type(), name="x", former=folder / "x.gpkg")
    assert caught.value.key == "store.failed"


def test_a_table_is_plain_text(folder):
    assert table_bytes(pd.DataFrame({"a": [], "b": []}), schema().common) == b"a,b\r\n"
