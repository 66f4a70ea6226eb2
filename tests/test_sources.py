"""Every record of a delivered file is either read or named, and nothing but the file itself is read."""

import hashlib
import http.server
import json
import os
import shutil
import sqlite3
import struct
import threading
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from landkit.errors import CrsError, InputError, LandkitError, UsageError
from landkit.sources import list_columns, read_layers, screen
from landkit.sources.dbf import encoding_of
from landkit.sources.shapes import REASONS
from landkit.words import text

POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes and links as POSIX has them")
SQUARES = [box(500_000 + 20 * i, 3_218_000, 500_010 + 20 * i, 3_218_010) for i in range(4)]


def parcels(crs="EPSG:4549", shapes=SQUARES):
    count = len(shapes)
    return gpd.GeoDataFrame(
        {"DKBH": [f"P{i}" for i in range(count)], "企业名": ["低散乱企业"] * count, "mu": np.arange(count) / 4},
        geometry=list(shapes),
        crs=crs,
    )


def write(frame, path, **options):
    if path.suffix == ".gdb":
        options["driver"] = "OpenFileGDB"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyogrio remarks on missing systems and short names as it writes
        frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path, **options)
    return path


def only(path, **options):
    (layer,) = read_layers(path, **options)
    return layer


def reasons(layer):
    mask, unmeasured = screen(layer.frame, known=layer.unmeasured)
    assert len(mask) == mask.sum() + len(unmeasured)  # features in = measured + unmeasured
    return dict(zip(unmeasured["row"], unmeasured["reason"], strict=True))


def notes(layer):
    return [note.key for note in layer.notes]


def refusal(path, **options):
    with pytest.raises(LandkitError) as caught:
        read_layers(path, **options)
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.message(lang)
        assert Path(path).name in caught.value.message(lang)
        assert caught.value.hint(lang)
    return caught.value


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.geojson", "a.fgb", "a.parquet", "a.gdb", "a.tab", "a.mif"])
def test_the_same_parcels_come_out_of_every_kind_of_file(tmp_path, name):
    options = {"a.fgb": {"SPATIAL_INDEX": "NO"}, "a.tab": {"ENCODING": "UTF-8"}, "a.mif": {"ENCODING": "UTF-8"}}
    layer = only(write(parcels(), tmp_path / name, **options.get(name, {})))
    assert layer.name == "a"
    assert layer.frame.crs.to_epsg() == 4549 or "Gauss" in layer.frame.crs.to_wkt() or name[2:] in ("tab", "mif")
    assert list(layer.frame["DKBH"]) == ["P0", "P1", "P2", "P3"]
    assert set(layer.frame["企业名"]) == {"低散乱企业"}
    # MapInfo keeps coordinates on a grid of its own
    np.testing.assert_allclose(layer.frame.area, 100.0, rtol=1e-2 if name == "a.tab" else 1e-9)
    assert reasons(layer) == {}
    assert isinstance(layer.frame.index, pd.RangeIndex)


def test_gml_and_kml_are_read_and_nothing_is_written_beside_them(tmp_path):
    write(parcels(), tmp_path / "a.gml", driver="GML")
    write(parcels("EPSG:4490", [box(119, 29, 119.01, 29.01)]), tmp_path / "b.kml", driver="KML")
    (tmp_path / "a.xsd").unlink()
    assert len(only(tmp_path / "a.gml").frame) == 4
    assert only(tmp_path / "b.kml").name == "b"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gml", "b.kml"]


def test_kml_in_gbk(tmp_path):
    place = "<Placemark><name>低效地块</name><Polygon><outerBoundaryIs><LinearRing><coordinates>119,29 119.1,29 119.1,29.1 119,29</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"  # noqa: E501
    kml = f'<?xml version="1.0" encoding="GBK"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{place}</Document></kml>'
    (tmp_path / "a.kml").write_bytes(kml.encode("gbk"))
    assert list(only(tmp_path / "a.kml").frame["Name"]) == ["低效地块"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(tmp_path, encoding):
    kml = '<!DOCTYPE kml [<!ENTITY e SYSTEM "file:///etc/passwd">]><kml xmlns="http://www.opengis.net/kml/2.2"/>'
    (tmp_path / "a.kml").write_text(kml, encoding=encoding)
    assert refusal(tmp_path / "a.kml").key == "files.doctype"


@pytest.mark.parametrize("name", ["a.parquet", "a.gpkg", "a.shp", "a.geojson"])
def test_only_the_columns_asked_for(tmp_path, name):
    path = write(parcels(), tmp_path / name)
    assert list(only(path, columns=["mu", "not there"]).frame.columns) == ["mu", "geometry"]
    assert {"DKBH", "企业名", "mu"} <= set(list_columns(path)["a"])


def test_several_layers_and_the_choice_of_one(tmp_path):
    path = tmp_path / "多图层.gpkg"
    write(parcels(), path, layer="收回")
    write(parcels(), path, layer="整治")
    write(parcels(shapes=[Point(0, 0)]), path, layer="points")
    found = read_layers(path)
    assert [layer.name for layer in found] == ["收回", "整治"]
    assert all("points" in note.text() for layer in found for note in layer.notes)
    assert only(path, source_layer="整治").name == "整治"
    error = refusal(path, source_layer="points")
    assert isinstance(error, UsageError)
    assert "收回, 整治" in error.hint("zh")


def test_a_layer_of_undeclared_type_without_a_surface_is_left_out_and_named(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg", layer="polygons")
    write(parcels(shapes=[Point(0, 0), LineString([(0, 0), (1, 1)])]), path, layer="bits", geometry_type="Unknown")
    layer = only(path)
    assert layer.name == "polygons"
    assert any("bits" in note.text("zh") for note in layer.notes)


def test_rows_that_cannot_be_measured_are_named(tmp_path):
    shapes = [
        *SQUARES[:1], None, Polygon(), Point(1, 1), LineString([(0, 0), (1, 1)]), GeometryCollection([SQUARES[0]]),
        MultiPolygon(SQUARES[1:3]), box(0, 0, 1e12, 1),
    ]  # fmt: skip
    layer = only(write(parcels(shapes=shapes), tmp_path / "a.gpkg", geometry_type="Unknown"))
    expected = {1: "no_geometry", 2: "empty", 3: "point", 4: "line", 5: "collection", 7: "out_of_range"}
    assert reasons(layer) == expected
    assert all(text(f"reason.{reason}", lang) for reason in REASONS[1:] for lang in ("en", "zh"))


def test_degrees_beyond_the_globe():
    frame = gpd.GeoDataFrame(geometry=[box(119, 29, 120, 30), box(119, 89, 120, 91), box(-181, 0, 0, 1)], crs=4490)
    mask, unmeasured = screen(frame)
    assert mask.tolist() == [True, False, False]
    assert set(unmeasured["reason"]) == {"out_of_range"}


@given(st.data())
def test_any_coordinate_that_is_no_finite_number_is_found(data):
    count = data.draw(st.integers(3, 8))
    ring = np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, 2 * np.pi, count, endpoint=False)]) + 500_000
    corner, axis = data.draw(st.integers(1, count - 1)), data.draw(st.integers(0, 1))
    ring[corner, axis] = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        broken = shapely.polygons(shapely.linearrings(np.vstack([ring, ring[:1]]), handle_nan="allow"))
    mask, unmeasured = screen(gpd.GeoDataFrame(geometry=[SQUARES[0], broken, SQUARES[1]], crs=4549))
    assert mask.tolist() == [True, False, True]
    assert unmeasured.to_dict("list") == {"row": [1], "reason": ["not_finite"]}


@given(st.lists(st.sampled_from([SQUARES[0], None, Polygon(), Point(0, 0)]), max_size=12), st.sets(st.integers(0, 11)))
def test_screening_loses_no_row(shapes, given_up):
    given_up = sorted(row for row in given_up if row < len(shapes))
    known = pd.DataFrame({"row": np.array(given_up, dtype="int64"), "reason": ["cut_off"] * len(given_up)})
    mask, unmeasured = screen(gpd.GeoDataFrame(geometry=shapes, crs=4549), known=known)
    assert sorted([*np.flatnonzero(mask), *unmeasured["row"]]) == list(range(len(shapes)))
    assert list(unmeasured["row"]) == sorted(unmeasured["row"])
    assert unmeasured.loc[unmeasured["row"].isin(given_up), "reason"].eq("cut_off").all()


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.parquet", "a.shp"])
def test_a_readable_empty_layer_has_no_rows(tmp_path, name):
    layer = only(
        write(parcels(shapes=[]), tmp_path / name, **({} if "parquet" in name else {"geometry_type": "Polygon"}))
    )
    assert len(layer.frame) == 0
    assert reasons(layer) == {}


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet", "a.shp", "a.fgb"])
def test_no_reference_system(tmp_path, name):
    error = refusal(write(parcels(crs=None), tmp_path / name))
    assert isinstance(error, CrsError)
    assert error.exit_code == 4


def test_geoparquet_without_a_crs_is_longitude_and_latitude_by_its_specification(tmp_path):
    import pyarrow.parquet as pq

    table = pq.read_table(write(parcels("OGC:CRS84", [box(119, 29, 119.1, 29.1)]), tmp_path / "a.parquet"))
    geo = json.loads(table.schema.metadata[b"geo"])
    del geo["columns"]["geometry"]["crs"]
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), tmp_path / "a.parquet")
    assert only(tmp_path / "a.parquet").frame.crs.to_string() == "OGC:CRS84"


def test_heights_are_dropped_and_said_to_be(tmp_path):
    layer = only(write(parcels(shapes=shapely.force_3d(SQUARES, 7.0)), tmp_path / "a.gpkg"))
    assert not layer.frame.has_z.any()
    assert notes(layer) == ["files.note.flattened"]


def test_whole_numbers_with_gaps_stay_whole(tmp_path):
    frame = parcels()
    frame["BSM"] = pd.array([330798000000000001, None, 3, 4], dtype="Int64")
    assert only(write(frame, tmp_path / "a.gpkg")).frame["BSM"].tolist() == [330798000000000001, pd.NA, 3, 4]


def test_a_column_called_like_the_geometry_or_like_another(tmp_path):
    path = tmp_path / "a.geojson"
    feature = {
        "type": "Feature",
        "properties": {"geometry": "as drawn"},
        "geometry": shapely.geometry.mapping(box(0, 0, 1, 1)),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    layer = only(path)
    assert layer.frame["geometry_1"].tolist() == ["as drawn"]
    assert notes(layer) == ["files.note.renamed"]


# --- files that are not what they say, or not files


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.shp", b"<OGRVRTDataSource><OGRVRTLayer><SrcDataSource>/etc/passwd</SrcDataSource>", "files.not_kind"),
        ("a.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>", "files.not_kind"),
        ("a.geojson", b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline"}', "files.not_kind"),
        ("a.json", b'{"type": "Topology", "objects": {}, "arcs": []}', "files.not_kind"),
        ("a.gpkg", b"", "files.not_kind"),
        ("a.gpkg", b"SQLite format 3\0", "files.broken"),
        ("a.parquet", b"PAR1....", "files.broken"),
        ("a.fgb", b"fgb\x03fgb\x01....", "files.broken"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Feature", ', "files.broken"),
        ("a.tab", b"!table\n!version 100\ncreate view a as select * from b", "files.not_kind"),
        ("a.kml", b"<html>no kml</html", "files.broken"),
        ("a.vrt", b"<OGRVRTDataSource/>", "files.unknown_kind"),
        ("a.zip", b"PK\x03\x04", "files.unknown_kind"),
    ],
)  # fmt: skip
def test_what_is_not_a_polygon_file_is_refused(tmp_path, name, content, key):
    (tmp_path / name).write_bytes(content)
    error = refusal(tmp_path / name)
    assert (error.key, error.exit_code) == (key, 5)


def test_missing_files_folders_and_drivers_prefixes(tmp_path):
    assert refusal(tmp_path / "a.gpkg").key == "files.missing"
    (tmp_path / "b.gpkg").mkdir()
    assert refusal(tmp_path / "b.gpkg").key == "files.not_regular"
    (tmp_path / "c.gdb").mkdir()
    assert refusal(tmp_path / "c.gdb").key == "files.not_kind"
    for name in ("/vsicurl/http://127.0.0.1/a.geojson", "PG:dbname=a.gpkg", "GeoJSON:a.geojson", "a\0.gpkg"):
        with pytest.raises(InputError, match="no such file"):
            read_layers(name)


@POSIX
def test_pipes_and_circular_links_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "a.geojson")
    assert refusal(tmp_path / "a.geojson").key == "files.not_regular"
    (tmp_path / "b.geojson").symlink_to("b.geojson")
    assert refusal(tmp_path / "b.geojson").key == "files.unreadable"


def test_a_name_that_looks_like_an_option(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(parcels(), tmp_path / "-w.gpkg", layer="x")
    assert only("-w.gpkg").name == "-w"


def test_points_are_no_polygon_layer(tmp_path):
    assert refusal(write(parcels(shapes=[Point(0, 0)]), tmp_path / "a.shp")).key == "files.no_polygons"


# --- reference systems of GeoJSON


def with_crs(path, member):
    square = shapely.geometry.mapping(box(0, 0, 1, 1))
    features = f'"features": [{{"type": "Feature", "properties": {{}}, "geometry": {json.dumps(square)}}}]'
    path.write_text(f'{{"type": "FeatureCollection", {member} {features}}}', encoding="utf-8")
    return path


@pytest.fixture
def asked():
    """A server on this machine, and what it was asked for."""
    paths = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


@pytest.mark.parametrize("name", ['"crs"', '"\\u0063rs"'])
def test_a_linked_crs_is_not_followed(tmp_path, asked, name):
    url, paths = asked
    link = f'{name}: {{"type": "link", "properties": {{"href": "{url}/crs", "type": "proj4"}}}},'
    assert refusal(with_crs(tmp_path / "a.geojson", link)).key == "files.geojson_crs"
    assert paths == []


def test_a_gml_schema_is_not_fetched(tmp_path, asked):
    url, paths = asked
    path = write(parcels(), tmp_path / "a.gml", driver="GML")
    path.write_text(path.read_text(encoding="utf-8").replace("a.xsd", f"{url}/a.xsd"), encoding="utf-8")
    assert len(only(path).frame) == 4
    assert paths == []


def test_a_crs_that_nobody_knows_is_not_taken_for_longitude_and_latitude(tmp_path):
    unknown = '"crs": {"type": "name", "properties": {"name": "http://example.org/local"}},'
    assert refusal(with_crs(tmp_path / "a.geojson", unknown)).key == "files.geojson_crs"
    assert isinstance(refusal(with_crs(tmp_path / "a.geojson", '"crs": null,')), CrsError)
    assert only(with_crs(tmp_path / "a.geojson", "")).frame.crs.to_epsg() == 4326


def test_an_attribute_called_crs_is_no_reference_system(tmp_path):
    path = tmp_path / "a.geojson"
    square = shapely.geometry.mapping(box(500_000, 3_218_000, 500_010, 3_218_010))
    attributes = [{"crs": None}, {"crs": {"type": "link"}}]
    features = [{"type": "Feature", "properties": values, "geometry": square} for values in attributes]
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    # the reference system may also stand behind the features
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, "crs": named, "bbox": []}), "utf-8")
    assert only(path).frame.crs.to_epsg() == 4549


# --- shapefiles


@pytest.mark.parametrize(
    ("encoding", "cpg", "language_id", "basis"),
    [
        ("gbk", None, 0, "gb18030"),
        ("gbk", None, 0x4D, "language_id"),
        ("gbk", "936", 0, "cpg"),
        ("gbk", "UTF-8", 0, "gb18030"),
        ("utf-8", None, 0, "utf8"),
        ("utf-8", "UTF-8", 0, "cpg"),
        ("big5", "BIG5", 0, "cpg"),
    ],
)
def test_chinese_text_in_any_encoding(tmp_path, encoding, cpg, language_id, basis):
    frame = parcels().rename(columns={"企业名": "名"})
    frame["名"] = "金華開發區"
    path = write(frame, tmp_path / "a.shp", encoding=encoding)
    (tmp_path / "a.cpg").unlink(missing_ok=True)
    if cpg is not None:
        (tmp_path / "a.cpg").write_text(cpg, encoding="ascii")
    dbf = bytearray((tmp_path / "a.dbf").read_bytes())
    dbf[29] = language_id
    (tmp_path / "a.dbf").write_bytes(dbf)
    layer = only(path)
    assert list_columns(path) == {"a": ["DKBH", "名", "mu"]}
    assert layer.frame["名"].tolist() == ["金華開發區"] * 4
    assert encoding_of(path).basis == basis
    assert notes(layer) == ([f"files.note.encoding_{basis}"] if basis in ("utf8", "gb18030") else [])


def test_a_name_cut_in_the_middle_of_a_character(tmp_path):
    path = write(parcels().rename(columns={"企业名": "低效用地名称"}), tmp_path / "a.shp")
    layer = only(path)
    assert [name for name in layer.frame.columns if name.startswith("低效用")] == list(layer.frame.columns[1:2])
    assert layer.frame.iloc[:, 1].tolist() == ["低散乱企业"] * 4
    assert "files.note.text_cut" in notes(layer)


def test_records_cut_off_are_counted(tmp_path):
    path = write(parcels(), tmp_path / "a.shp")
    path.write_bytes(path.read_bytes()[:-150])
    layer = only(path)
    assert len(layer.frame) == 4
    assert reasons(layer) == {2: "cut_off", 3: "cut_off"}


def test_shapes_without_attributes_are_counted(tmp_path):
    path = write(parcels(), tmp_path / "a.shp")
    dbf = bytearray((tmp_path / "a.dbf").read_bytes())
    dbf[4:8] = struct.pack("<I", 3)
    (tmp_path / "a.dbf").write_bytes(dbf)
    layer = only(path)
    assert len(layer.frame) == 4
    assert reasons(layer) == {3: "no_record"}


def test_deleted_records_stay_deleted_and_are_said_to_be(tmp_path):
    path = write(parcels(), tmp_path / "a.shp")
    dbf = bytearray((tmp_path / "a.dbf").read_bytes())
    header, length = struct.unpack("<HH", dbf[8:12])
    dbf[header + length] = ord("*")
    (tmp_path / "a.dbf").write_bytes(dbf)
    layer = only(path)
    assert layer.frame["DKBH"].tolist() == ["P0", "P2", "P3"]
    assert reasons(layer) == {}
    assert notes(layer) == ["files.note.deleted"]


def test_a_missing_index_is_named_and_none_is_written(tmp_path):
    path = write(parcels(), tmp_path / "a.shp")
    (tmp_path / "a.shx").unlink()
    assert refusal(path).key == "files.no_shx"
    assert not (tmp_path / "a.shx").exists()


def test_the_hash_is_that_of_the_set(tmp_path):
    path = write(parcels(), tmp_path / "a.shp")
    joined = b"".join((tmp_path / f"a{suffix}").read_bytes() for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"))
    assert only(path).sha256 == hashlib.sha256(joined).hexdigest()
    single = write(parcels(), tmp_path / "b.gpkg")
    assert only(single).sha256 == hashlib.sha256(single.read_bytes()).hexdigest()


# --- GeoPackages


def test_a_shape_that_no_reader_understands_is_told_from_one_that_is_not_there(tmp_path):
    path = write(parcels(shapes=[*SQUARES, None]), tmp_path / "a.gpkg")
    with sqlite3.connect(path) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE a SET geom = ? WHERE fid = 2", [b"garbage"])
    connection.close()
    assert reasons(only(path)) == {1: "unreadable", 4: "no_geometry"}


def test_a_view_is_not_read(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg")
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE a RENAME TO hidden")
        connection.execute("CREATE VIEW a AS SELECT * FROM hidden")
    connection.close()
    assert refusal(path).key == "files.only_views"


def test_a_count_that_lies_costs_nothing(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE gpkg_ogr_contents SET feature_count = 999999999")
    connection.close()
    assert len(only(path).frame) == 4


def test_one_bad_record_does_not_cost_the_others(tmp_path):
    """A FlatGeobuf cut off within a record breaks the bulk read: the records before it are kept, the others counted."""
    path = write(parcels(shapes=SQUARES * 5), tmp_path / "a.fgb", SPATIAL_INDEX="NO")
    path.write_bytes(path.read_bytes()[:-500])
    layer = only(path)
    found = reasons(layer)
    assert len(layer.frame) == 20
    assert set(found.values()) == {"unreadable"}
    assert 0 < len(found) < 20
    assert layer.frame["DKBH"][: 20 - len(found)].tolist() == [f"P{i}" for i in range(20 - len(found))]


def test_reading_leaves_the_input_alone(tmp_path):
    for name in ("a.gpkg", "a.shp", "a.gdb", "a.tab", "a.geojson"):
        write(parcels().rename(columns={"企业名": "name"}), tmp_path / name)
    shutil.copytree(tmp_path, tmp_path.with_name("copy"))
    for name in ("a.gpkg", "a.shp", "a.gdb", "a.tab", "a.geojson"):
        read_layers(tmp_path / name)
    before, after = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (tmp_path.with_name("copy"), tmp_path)
    )
    assert before == after
