"""A workspace says what it holds, and what is wrong with it down to the line."""

import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from landkit import workspace as room
from landkit.errors import InputError, LandkitError, UsageError
from landkit.inventory import layers
from landkit.settings import toml_error
from landkit.workspace import open_workspace, write_example

CHECKOUT = Path(__file__).parents[1] / "layers"
SETTINGS = """\
[zone]
name = "某区"
year = 2022
crs = "EPSG:4549"
aoi = [119.31, 28.90, 119.85, 29.30]
districts = "district"

[layers.district]
file = "district.geojson"

[layers.reclaim]
file = "reclaim.gpkg"
programme = true
area_official = "ledger"

[layers.event]
file = "event.csv"
"""
EVENTS = "event_no,layer,id,stage,event_date,recorded_at\nE1,reclaim,001,signed,2022-03-01,2022-03-02T08:00:00\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "landkit.toml").write_text(SETTINGS, encoding="utf-8")
    square = box(500_000, 3_218_000, 500_100, 3_218_100)  # 1 ha: 15 mu
    frame = gpd.GeoDataFrame({"id": ["001", "002"], "geom_source": ["survey", None]}, geometry=[square, None], crs=4549)
    frame.to_file(tmp_path / "reclaim.gpkg", layer="reclaim")
    frame.iloc[:1].to_crs(4490).to_file(tmp_path / "district.geojson")
    (tmp_path / "event.csv").write_text(EVENTS, encoding="utf-8-sig")
    return tmp_path


def rewritten(folder, old, new):
    text = (folder / "landkit.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "landkit.toml").write_text(text.replace(old, new), encoding="utf-8")


def refusal(call, *args):
    with pytest.raises(LandkitError) as caught:
        call(*args)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
        assert caught.value.hint(lang)
    return caught.value


def test_what_the_settings_say(folder):
    opened = open_workspace(folder)
    assert (opened.zone.name, opened.zone.name_en, opened.zone.year, opened.zone.crs) == (
        "某区",
        "某区",
        2022,
        "EPSG:4549",
    )
    assert opened.zone.aoi == (119.31, 28.90, 119.85, 29.30)
    assert opened.sliver_m2 == 1.0
    assert list(opened.layers) == ["district", "reclaim", "event"]
    assert opened.layers["reclaim"].programme
    assert opened.layers["reclaim"].area_official == "ledger"
    assert opened.layers["event"].is_table
    assert opened.plan_path == folder / "plan.toml"


def test_where_it_is_looked_for(folder, tmp_path_factory, monkeypatch):
    assert open_workspace(folder / "landkit.toml").root == folder
    monkeypatch.chdir(folder)
    assert open_workspace().zone.name == "某区"
    above = tmp_path_factory.mktemp("above")
    monkeypatch.chdir(above)
    error = refusal(open_workspace)
    assert error.exit_code == 2
    assert "landkit demo DIR" in error.hint("en")
    assert refusal(open_workspace, above).key == "workspace.not_there"
    folder.rename(above / "layers")
    assert open_workspace().root == Path("layers")


def test_layers_keep_every_row_and_tables_keep_their_text(folder):
    opened = open_workspace(folder)
    frame = opened.layer("reclaim")
    assert frame["id"].tolist() == ["001", "002"]
    assert frame.geometry.isna().tolist() == [False, True]
    events = opened.table("event")
    assert events["id"].tolist() == ["001"]
    assert events["event_date"].tolist() == [pd.Timestamp("2022-03-01")]
    assert events["recorded_at"].tolist() == [pd.Timestamp("2022-03-02 08:00")]
    assert refusal(opened.layer, "event").key == "workspace.is_table"
    assert refusal(opened.table, "reclaim").key == "workspace.is_layer"
    assert "district, reclaim, event" in refusal(opened.layer, "recliam").hint("en")


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ('crs = "EPSG:4549"', "crs = EPSG:4549", "workspace.toml", 4),
        ("programme = true", "programme = True", "workspace.toml", 13),
        ("year = 2022", 'year = "2022"', "workspace.value", 3),
        ("year = 2022", "year = true", "workspace.value", 3),
        ("year = 2022\n", "", "workspace.key_missing", 1),
        ("year = 2022", "year = 2022\nyaer = 1", "workspace.key_unknown", 4),
        ('crs = "EPSG:4549"', 'crs = "EPSG:3857"', "workspace.crs", 4),
        ('crs = "EPSG:4549"', 'crs = "Jinhua"', "workspace.crs", 4),
        ("[119.31, 28.90,", "[28.90, 119.31,", "workspace.aoi", 5),
        ('districts = "district"', 'districts = "event"', "workspace.districts", 6),
        ('"district.geojson"', '"gone.geojson"', "workspace.no_file", 9),
        ('"district.geojson"', '"../district.geojson"', "workspace.outside", 9),
        ('"district.geojson"', "'C:\\a.geojson'", "workspace.outside", 9),
        ('"district.geojson"', '"/etc/district.geojson"', "workspace.outside", 9),
        ('"district.geojson"', '"district.vrt"', "workspace.choice", 9),
        ("programme = true", "programe = true", "workspace.key_unknown", 13),
        ('area_official = "ledger"', 'area_official = "guess"', "workspace.choice", 14),
        ('"event.csv"', '"event.csv"\nprogramme = true', "workspace.programme", 18),
        ("[layers.event]", "[tolerance]\nsliver_m2 = -1\n[layers.event]", "workspace.value", 17),
        ("[zone]", "[Zone]", "workspace.key_unknown", 1),
    ],
)
def test_what_is_wrong_is_named_with_its_line(folder, old, new, key, line):
    rewritten(folder, old, new)
    error = refusal(open_workspace, folder)
    assert isinstance(error, InputError)
    assert (error.key, error.values["line"], error.exit_code) == (key, line, 5)


@given(st.text(alphabet='[]="\n#aä金 1.', max_size=40))
def test_a_corrupt_file_always_has_a_line_within_it(text):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = toml_error(Path("landkit.toml"), text, error)
        assert 1 <= found.values["line"] <= text.count("\n") + 1
        assert "(at" not in found.values["detail"]


def test_encodings_of_the_settings(folder):
    text = (folder / "landkit.toml").read_text(encoding="utf-8").replace("\n", "\r\n")
    (folder / "landkit.toml").write_bytes(text.encode("utf-8-sig"))
    assert open_workspace(folder).zone.name == "某区"
    (folder / "landkit.toml").write_bytes(text.encode("gbk"))
    assert refusal(open_workspace, folder).values["line"] == 2


@pytest.mark.skipif(not hasattr(Path, "symlink_to"), reason="no links here")
def test_a_link_out_of_the_workspace(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "a.geojson"
    (folder / "district.geojson").rename(outside)
    try:
        (folder / "district.geojson").symlink_to(outside)
    except OSError:
        pytest.skip("links need a right that this account has not")
    assert refusal(open_workspace, folder).key == "workspace.outside"


@pytest.mark.parametrize(
    ("content", "key", "line"),
    [
        ("event_no,event_date\nE1,2022-03-01\nE2,2022-02-30\n", "workspace.cell", 3),
        ("event_no,event_date\nE1,2022-03-01,signed\n", "workspace.ragged", 2),
        ('event_no,event_date\n"E1,2022-03-01\n', "workspace.csv", None),
        ("event_no,event_no\nE1,E1\n", "workspace.headings", None),
        ("", "workspace.headings", None),
    ],
)
def test_tables_with_faults(folder, content, key, line):
    (folder / "event.csv").write_text(content, encoding="utf-8")
    error = refusal(open_workspace(folder).table, "event")
    assert (error.key, error.values.get("line"), error.exit_code) == (key, line, 5)


def test_a_table_in_gbk_is_refused(folder):
    (folder / "event.csv").write_text("event_no,recorded_by\nE1,登记员\n", encoding="gbk")
    assert refusal(open_workspace(folder).table, "event").key == "workspace.csv"


def test_every_type_of_the_schema(folder):
    (folder / "enterprise.csv").write_text(
        "uscc,name,above_scale,eval_year,tax_wan,own\n0123,企业,是,2021,70.9,1\n0124,=1+1,,,,\n", encoding="utf-8"
    )
    rewritten(folder, "[layers.event]", '[layers.enterprise]\nfile = "enterprise.csv"\n[layers.event]')
    table = open_workspace(folder).table("enterprise")
    assert table["uscc"].tolist() == ["0123", "0124"]
    assert table["name"].tolist() == ["企业", "=1+1"]
    assert table["above_scale"].tolist() == [True, pd.NA]
    assert table["eval_year"].tolist() == [2021, pd.NA]
    assert table["tax_wan"].tolist()[0] == 70.9
    assert table["own"].dtype == "str"
    assert table.iloc[1].isna().sum() == 4
    for bad in ("nan", "inf", "七十"):
        (folder / "enterprise.csv").write_text(f"uscc,tax_wan\n1,{bad}\n", encoding="utf-8")
        assert refusal(open_workspace(folder).table, "enterprise").key == "workspace.cell"


def test_the_summary_counts_rows_land_and_certainty(folder):
    rows = layers(open_workspace(folder)).set_index("layer")
    assert rows.loc["reclaim", "rows"] == 2
    # on the ellipsoid at the central meridian the plane is true to scale
    assert rows.loc["reclaim", "area_m2"] == pytest.approx(10_000, rel=1e-6)
    assert rows.loc["district", "area_m2"] == pytest.approx(10_000, rel=1e-6)
    assert rows.loc["reclaim", "no_shape"] == 1
    assert rows.loc["reclaim", "geom_source"] == {"survey": 1, None: 1}
    assert rows.loc["reclaim", "crs"] == "EPSG:4549"
    assert rows.loc["event", "kind"] == "table"
    assert pd.isna(rows.loc["event", "area_m2"])


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_example_is_written_whole(tmp_path):
    written = write_example(tmp_path / "new" / "金华")
    assert content(written) == {
        name: data for name, data in content(CHECKOUT).items() if name.endswith((".toml", ".geojson", ".csv", ".md"))
    }
    opened = open_workspace(written)
    assert opened.zone.name == "金华开发区"
    assert {spec.id for spec in opened.layers.values() if spec.programme} <= set(opened.layers)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert write_example(empty) == empty
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_there_is_left_unless_forced(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "landkit.toml").write_text("mine", encoding="utf-8")
    error = refusal(write_example, tmp_path)
    assert isinstance(error, UsageError)
    assert (tmp_path / "landkit.toml").read_text(encoding="utf-8") == "mine"
    write_example(tmp_path, force=True)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert open_workspace(tmp_path).zone.year == 2022
    assert refusal(write_example, tmp_path / "mine.txt").key == "workspace.target_file"


def test_after_a_failure_there_is_no_half_workspace(tmp_path, monkeypatch):
    class Unreadable:
        name = "zone_area.geojson"

        def read_bytes(self):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(room, "_example_files", lambda: [*CHECKOUT.glob("*.toml"), Unreadable()])
    assert refusal(write_example, tmp_path / "new").key == "workspace.target_failed"
    assert list(tmp_path.iterdir()) == []
