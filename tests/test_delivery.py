"""Every layer of any delivery, with every record; what cannot be read says what to do next."""

import hashlib
import json
import sqlite3
import struct
import warnings
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from landkit.errors import InputError, UsageError
from landkit.sources.contained import Reader
from landkit.sources.delivery import DELIVERED, read_delivery
from landkit.sources.garbled import is_garbled

SQUARES = [box(500_000 + 20 * i, 3_218_000, 500_010 + 20 * i, 3_218_010) for i in range(4)]


def parcels(crs="EPSG:4549", shapes=SQUARES):
    names = [f"企业{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame({"企业名": names, "mu": np.arange(len(shapes)) / 4}, geometry=list(shapes), crs=crs)


def write(frame, path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path, **options)
    return path


def only(path, **options):
    (layer,) = read_delivery(path, **options)
    assert layer.path == path
    assert isinstance(layer.frame.index, pd.RangeIndex)
    return layer


def notes(layer):
    assert all(note.text(lang) for note in layer.notes for lang in ("en", "zh"))
    return [note.key for note in layer.notes]


def refusal(path, **options):
    with pytest.raises(InputError) as caught:
        read_delivery(path, **options)
    for lang in ("en", "zh"):
        assert path.name in caught.value.message(lang)
        assert caught.value.hint(lang)
    return caught.value


def dump(folder):
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.geojson", "a.fgb", "a.parquet", "a.gdb", "a.mif", "a.geojsonl"])
@pytest.mark.parametrize("shape", [SQUARES[0], Point(500_000, 3_218_000), LineString([(0, 0), (1, 1)])])
def test_polygons_points_and_lines_of_any_kind_of_file(tmp_path, name, shape):
    options = {
        "a.gdb": {"driver": "OpenFileGDB"},
        "a.mif": {"ENCODING": "UTF-8"},
        "a.geojsonl": {"driver": "GeoJSONSeq"},
    }
    frame = parcels(None if name == "a.geojsonl" else "EPSG:4549", [shape] * 3)
    path = write(frame.rename(columns={"企业名": "name"}), tmp_path / name, **options.get(name, {}))
    before = dump(tmp_path)
    layer = only(path)
    assert len(layer.frame) == 3
    assert layer.frame.geometry.iloc[0].geom_type.removeprefix("Multi") == shape.geom_type
    assert layer.frame["name"].tolist() == ["企业0", "企业1", "企业2"]
    assert layer.has_shapes
    assert layer.kind in {kind.name for kind in DELIVERED}
    assert layer.name == "a"
    assert len(layer.sha256) == 64
    assert dump(tmp_path) == before


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.fgb", "a.gdb"])
def test_a_file_that_names_no_reference_system_is_read_without(tmp_path, name):
    options = {"driver": "OpenFileGDB"} if name == "a.gdb" else {}
    assert only(write(parcels(crs=None), tmp_path / name, **options)).frame.crs is None


def test_a_geojson_without_a_known_system_has_none(tmp_path):
    path = write(parcels(), tmp_path / "a.geojson")
    document = json.loads(path.read_text(encoding="utf-8"))
    document["crs"] = None
    path.write_text(json.dumps(document), encoding="utf-8")
    assert only(path).frame.crs is None


def test_plain_tables_and_several_layers(tmp_path):
    path = tmp_path / "台账.gpkg"
    write(parcels(), path, layer="收回")
    write(parcels(shapes=[Point(0, 0)]), path, layer="点")
    write(pd.DataFrame(parcels().drop(columns="geometry")).pipe(gpd.GeoDataFrame), path, layer="登记表")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE unlisted (a)")
        connection.execute("CREATE VIEW seen AS SELECT 1 AS a")
        connection.execute("CREATE TABLE layer_styles (a)")
    layers = {layer.name: layer for layer in read_delivery(path)}
    assert {name: (len(layer.frame), layer.has_shapes) for name, layer in layers.items()} == {
        "收回": (4, True), "点": (1, True), "登记表": (4, False),
    }  # fmt: skip
    (left,) = [note for note in layers["收回"].notes if note.key == "archive.note.layers_left"]
    assert "unlisted" in left.text("en")
    assert "seen" in left.text("en")
    assert "layer_styles" not in left.text("en")
    assert only(path, source_layer="登记表").frame["企业名"].tolist() == [f"企业{i}" for i in range(4)]
    with pytest.raises(UsageError) as caught:
        read_delivery(path, source_layer="整治")
    assert "登记表" in caught.value.hint("zh")


def test_the_table_of_a_geodatabase(tmp_path):
    path = tmp_path / "a.gdb"
    write(parcels().rename(columns={"企业名": "name"}), path, driver="OpenFileGDB", layer="polygons")
    table = gpd.GeoDataFrame(pd.DataFrame({"name": ["甲", "乙"]}))
    write(table, path, driver="OpenFileGDB", layer="ledger")
    found = {layer.name: (len(layer.frame), layer.has_shapes) for layer in read_delivery(path)}
    assert found == {"polygons": (4, True), "ledger": (2, False)}


def dbase(path, values, announced=None):
    """Write a table of one text field by its specification: 32 bytes, a field descriptor, a terminator, records."""
    count = len(values) if announced is None else announced
    head = struct.pack("<B3BIHH20x", 3, 126, 1, 1, count, 32 + 32 + 1, 11)
    field = struct.pack("<11sc4xB15x", "名称".encode("gbk"), b"C", 10)
    path.write_bytes(
        head + field + b"\r" + b"".join(b" " + value.encode("gbk").ljust(10) for value in values) + b"\x1a"
    )
    return path


def test_a_dbf_alone(tmp_path):
    layer = only(dbase(tmp_path / "台账.dbf", ["甲公司", "乙公司"]))
    assert not layer.has_shapes
    assert layer.kind == "dBASE"
    assert layer.frame["名称"].tolist() == ["甲公司", "乙公司"]
    assert "files.note.encoding_gb18030" in notes(layer)


def test_a_dbf_cut_off_keeps_a_row_for_each_record_announced(tmp_path):
    layer = only(dbase(tmp_path / "a.dbf", ["甲", "乙"], announced=5))
    assert len(layer.frame) == 5
    assert layer.unmeasured.to_dict("list") == {"row": [2, 3, 4], "reason": ["cut_off"] * 3}
    assert refusal(dbase(tmp_path / "b.dbf", ["甲"], announced=999_999_999)).key == "files.broken"


def test_a_dbf_beside_its_shapefile_is_a_part_of_it(tmp_path):
    write(parcels(), tmp_path / "a.shp")
    error = refusal(tmp_path / "a.dbf")
    assert "a.shp" in error.hint("zh")


def test_a_missing_index_is_made_elsewhere(tmp_path):
    path = write(parcels(shapes=[*SQUARES, None]), tmp_path / "a.shp", encoding="GBK")
    expected = only(path).frame
    (tmp_path / "a.shx").unlink()
    before = dump(tmp_path)
    layer = only(path)
    assert "archive.note.no_shx" in notes(layer)
    assert dump(tmp_path) == before
    pd.testing.assert_frame_equal(pd.DataFrame(layer.frame), pd.DataFrame(expected))


@pytest.mark.parametrize("name", ["a.shp", "a.mif", "a.tab"])
def test_an_encoding_that_is_named_stands_above_the_file(tmp_path, name):
    path = write(parcels().rename(columns={"企业名": "name"}), tmp_path / name, ENCODING="UTF-8")
    if name == "a.shp":
        (tmp_path / "a.cpg").write_text("ISO-8859-1", encoding="ascii")
        path = path.rename(tmp_path / "a.shp")
    assert only(path, encoding="utf-8").frame["name"].tolist() == [f"企业{i}" for i in range(4)]
    wrong = only(path, encoding="latin-1")
    assert wrong.frame["name"].iloc[0] == "企业0".encode().decode("latin-1")
    assert "archive.note.garbled" in notes(wrong)
    with pytest.raises(UsageError):
        read_delivery(path, encoding="no such")


def test_a_mapinfo_file_in_gbk_that_says_neutral(tmp_path):
    path = write(parcels().rename(columns={"企业名": "name"}), tmp_path / "a.mif", ENCODING="UTF-8")
    for file in (path, tmp_path / "a.mid"):
        text = file.read_text(encoding="utf-8").replace('"UTF-8"', '"Neutral"').replace("Version 1520", "Version 300")
        file.write_text(text, encoding="gbk", newline="\r\n")
    layer = only(path)
    assert layer.frame["name"].tolist() == [f"企业{i}" for i in range(4)]
    assert "files.note.encoding_gb18030" in notes(layer)


def test_what_a_program_still_holds_in_its_log_is_read_and_left(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        for trigger in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger[0]}"')
        connection.execute("UPDATE a SET mu = 7")
        connection.commit()
        before = dump(tmp_path)
        layer = only(path)
        after = dump(tmp_path)
    assert layer.frame["mu"].tolist() == [7.0] * 4
    assert "archive.note.open_elsewhere" in notes(layer)
    assert set(after) == set(before)
    assert all(after[name] == before[name] for name in before if not name.endswith("-shm"))


def test_a_geopackage_in_wal_mode_gets_no_files_beside_it(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    before = dump(tmp_path)
    assert len(only(path).frame) == 4
    assert dump(tmp_path) == before


def test_parquet_without_its_geo_metadata(tmp_path):
    frame = parcels()
    pd.DataFrame({"企业名": frame["企业名"], "geometry": frame.geometry.to_wkb()}).to_parquet(tmp_path / "a.parquet")
    layer = only(tmp_path / "a.parquet")
    assert layer.frame.crs is None
    assert layer.frame.geometry.area.tolist() == [100.0] * 4
    assert "archive.note.no_geo" in notes(layer)
    pd.DataFrame({"企业名": ["甲"]}).to_parquet(tmp_path / "b.parquet")
    assert not only(tmp_path / "b.parquet").has_shapes


def test_gpx_keeps_the_layers_that_hold_anything(tmp_path):
    point = '<wpt lat="29" lon="119"><name>甲</name></wpt>'
    gpx = f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{point}</gpx>'
    (tmp_path / "a.gpx").write_text(gpx, encoding="utf-8")
    assert [(layer.name, len(layer.frame)) for layer in read_delivery(tmp_path / "a.gpx")] == [("waypoints", 1)]


def test_a_flatgeobuf_cut_off_and_shapes_beyond_the_earth_are_refused(tmp_path):
    path = write(parcels(shapes=SQUARES * 5), tmp_path / "a.fgb", SPATIAL_INDEX="NO")
    path.write_bytes(path.read_bytes()[:-500])
    assert refusal(path).key == "archive.cut_off"
    assert refusal(write(parcels(shapes=[box(0, 0, 1e300, 1e300)]), tmp_path / "b.gpkg")).key == "archive.absurd"
    mixed = only(write(parcels(shapes=[box(0, 0, 1e300, 1e300), SQUARES[0]]), tmp_path / "c.gpkg"))
    assert len(mixed.frame) == 2


def test_text_files_are_told_apart_by_their_content(tmp_path):
    (tmp_path / "a.csv").write_text("企业,亩\n甲,1.5\n", encoding="gb18030")
    assert only(tmp_path / "a.csv").frame["企业"].tolist() == ["甲"]
    survey = (
        "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=40\n精度=0.01\n转换参数=0,0,0,0,0,0,0\n"
        "[地块坐标]\n4,1.0,1,地块,面,,,,@\n"
        "J1,1,3218000,40500000\nJ2,1,3218000,40500100\nJ3,1,3218100,40500100\nJ4,1,3218100,40500000\nJ1,1,3218000,40500000\n"
    )
    for name in ("b.txt", "c.csv"):
        (tmp_path / name).write_text(survey, encoding="gb18030")
        layer = only(tmp_path / name)
        assert layer.kind == "Survey TXT"
        assert layer.frame.geometry.area.tolist() == [10_000.0]


@pytest.mark.parametrize(
    ("name", "content", "key", "advice"),
    [
        ("a.rar", b"Rar!\x1a\x07", "files.refused", "zip"),
        ("a.7z", b"7z", "files.refused", "zip"),
        ("a.dwg", b"AC1032", "files.refused", "DXF"),
        ("a.dxf", b"AC1032\0\0", "files.refused", "DXF"),
        ("a.sqlite", b"\x9c encrypted", "files.refused", "GeoPackage"),
        ("a.db", b"SQLite format 3\0", "files.broken", "again"),
        ("a.mdb", b"", "files.refused", "GeoPackage"),
        ("a.vrt", b"<OGRVRTDataSource/>", "files.refused", "points to"),
        ("a.pkl", b"\x80\x04.", "files.refused", "GeoPackage"),
        ("a.topojson", b"{}", "files.refused", "GeoJSON"),
        ("a.docx", b"PK\x03\x04", "files.refused", "workbook"),
        ("a.shx", b"\0\0\x27\x0a", "files.refused", ".shp"),
        ("a.xyz", b"1 2 3", "files.unknown_kind", ".shp"),
        ("a.shp", b"<OGRVRTDataSource/>", "files.not_kind", "extension"),
        ("a.gpkg", b"", "files.not_kind", "extension"),
        ("a.zip", b"not a zip", "files.not_kind", "extension"),
        ("a.zip", b"PK\x03\x04 cut", "archive.broken", "archive"),
    ],
)
def test_what_is_not_read_says_what_to_do(tmp_path, name, content, key, advice):
    (tmp_path / name).write_bytes(content)
    error = refusal(tmp_path / name)
    assert error.key == key
    assert advice in error.hint("en")


# The characters of GB 2312, level 1: those that words are written with
COMMON = [bytes([row, cell]).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)]
CHINESE = st.text(st.sampled_from(COMMON), min_size=4, max_size=12)


@given(CHINESE)
def test_text_decoded_with_the_wrong_code_page_is_noticed(text):
    for right, wrong in (("utf-8", "latin-1"), ("gb18030", "latin-1")):
        assert is_garbled(text.encode(right).decode(wrong))
    assert is_garbled(text.encode("utf-8")[:-1].decode("utf-8", "replace"))
    assert is_garbled(text + "\ue123")


@pytest.mark.parametrize(
    "text",
    [
        "低散乱企业",
        "金华市婺城区秋滨街道",
        "Zürich",
        "café",
        "面积（㎡）",
        "1½",
        "Ελλάδα",
        "联通",
        "一",
        "",
        "é",
        "«x»",
        "10–20 m²",
    ],
)
def test_sound_text_is_not_suspected(text):
    assert not is_garbled(text)


@given(CHINESE)
def test_common_chinese_is_not_suspected(text):
    assert not is_garbled(text)


def test_no_path_of_the_reading_shows(tmp_path):
    """Errors over copies that are read in place of the delivered file name the delivered one."""
    path = write(parcels(), tmp_path / "a.shp")
    (tmp_path / "a.shx").unlink()
    (tmp_path / "a.dbf").write_bytes(b"short")
    with pytest.raises(InputError) as caught:
        read_delivery(path)
    assert caught.value.message("en").startswith(str(tmp_path / "a.dbf"))


RING = "[[0,0],[9,0],[9,9],[0,9]]"


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (f'"Polygon","coordinates":[{RING}]', 81),
        (f'"MultiPolygon","coordinates":[[{RING}],[[[20,0],[21,0],[21,1],[20,0]]]]', 81.5),
        (f'"Polygon","coordinates":[{RING},[[1,1],[1,2],[2,2],[2,1]]]', 80),
        (f'"Polygon","coordinates":[{RING.replace("]", ",5]").replace("],5]", "]]")}]', 81),
    ],
)
def test_a_ring_that_lacks_only_its_last_point_is_closed_with_a_remark(tmp_path, shape, area):
    path = tmp_path / "a.geojson"
    sound = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[0,0]}}'
    feature = f'{{"type":"Feature","properties":{{}},"geometry":{{"type":{shape}}}}}'
    path.write_text(f'{{"type":"FeatureCollection","features":[{sound},{feature}]}}', encoding="utf-8")
    with Reader() as reader:
        (layer,) = reader.read(path)
    assert layer.frame.geometry[1].area == area
    assert layer.remarks[["row", "key"]].values.tolist() == [[1, "archive.remark.closed"]]
    assert len(layer.unmeasured) == 0


def test_a_ring_of_two_points_is_not_made_up(tmp_path):
    path = tmp_path / "a.geojson"
    shape = '{"type":"Polygon","coordinates":[[[0,0],[9,0]]]}'
    path.write_text(f'{{"type":"Feature","properties":{{}},"geometry":{shape}}}', encoding="utf-8")
    layer = only(path)
    assert layer.frame.geometry[0] is None
    assert layer.unmeasured["reason"].tolist() == ["unreadable"]
    assert len(layer.remarks) == 0
