"""What goes out comes back: rings, rows and Chinese text, read by others than those that wrote it."""

import csv
import io
import json
import struct
import subprocess
import sys
import warnings
from pathlib import Path

import fiona
import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon, box

import landkit
from landkit.cli.export import FORMATS
from landkit.cli.export import PROFILES as OFFERED
from landkit.errors import UsageError
from landkit.exporting import SUFFIXES, export
from landkit.products.csv_file import unguard
from landkit.products.outgoing import Outgoing
from landkit.products.shapefile import short_names
from landkit.products.survey_txt import PROFILES
from landkit.products.vector_files import geojson_file
from landkit.schema import schema
from landkit.sources.dxf import read_dxf
from landkit.sources.survey_txt import read_survey_txt

LAYERS = Path(__file__).parents[1] / "layers"
E, N = 466_000.0, 3_218_000.0
YARD = Polygon(box(0, 0, 90, 70).exterior, [box(20, 20, 40, 30).exterior])
SHAPES = [
    box(0, 0, 100.125, 60),
    YARD,
    MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30.001, 12)]),
    None,
    box(0, 0, 33, 44.4444),
]
SHAPES = [
    shape and shapely.transform(shape, lambda xy, at=place: xy + np.array([E + 200 * at, N]))
    for place, shape in enumerate(SHAPES)
]
NAMES = ["收回地块一", "“高畈”·—甲", "A,B\n=1+1", "有账无图", "𠮷家村"]


def rows(shapes=SHAPES, names=NAMES):
    count = len(shapes)
    return gpd.GeoDataFrame(
        {
            "id": [f"R-{i:03}" for i in range(count)],
            "name": pd.Series(names, dtype="str"),
            "area_doc_mu": [53.14, 0.1 + 0.2, None, 1e9 / 3, 12.0][:count],
            "plan_year": pd.array([2022, None, 2023, 2022, 2022][:count], dtype="Int64"),
            "due_date": pd.to_datetime(["2022-12-31", None, "2022-06-30", "2022-06-30", "2022-06-30"][:count]),
            "off_list": pd.array([True, None, False, False, False][:count], dtype="boolean"),
            "geom_source": ["survey", "placeholder", "cad", "none", "digitised"][:count],
            "经办人意见": pd.Series(["同意", None, "长" * 200, "无", "无"][:count], dtype="str"),
        },
        geometry=list(shapes),
        crs="EPSG:4549",
    )


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "工作区"
    folder.mkdir()
    rows().to_file(folder / "reclaim.gpkg", layer="reclaim")
    (folder / "event.csv").write_text("layer,id,stage,event_date\nreclaim,R-001,signed,2022-03-01\n", encoding="utf-8")
    (folder / "landkit.toml").write_text(
        '[zone]\nname = "测试"\nname_en = "test"\nyear = 2022\ncrs = "EPSG:4549"\n'
        '[layers.reclaim]\nfile = "reclaim.gpkg"\n[layers.event]\nfile = "event.csv"\n',
        encoding="utf-8",
    )
    return folder


def send(workspace, to, suffix=None, layer="reclaim", **options):
    path = workspace.parent / f"出件{suffix or SUFFIXES[to][0]}"
    return path, export(layer, to=to, output=path, workspace=workspace, **options)


def noted(receipt):
    return {note.key.removeprefix("export.note."): note.values for note in receipt.notes}


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def same_rings(found, expected, tolerance):
    for one, other in zip(found, expected, strict=True):
        if other is None:
            assert one is None or one.is_empty
            continue
        parts = zip(
            *(sorted(shapely.get_parts(shape), key=lambda part: part.bounds) for shape in (one, other)), strict=True
        )
        for left, right in parts:
            assert shapely.get_num_coordinates(left) == shapely.get_num_coordinates(right)
            assert left.hausdorff_distance(right) <= tolerance


# ---------------------------------------------------------------------------------------------------- each format back


def test_a_shapefile_holds_rings_rows_and_chinese_text(workspace):
    path, receipt = send(workspace, "shp")
    table_bytes = path.with_suffix(".dbf").read_bytes()
    # a character beyond GBK: the whole is UTF-8, and says so
    assert path.with_suffix(".cpg").read_bytes() == b"UTF-8"
    assert "utf8" in noted(receipt)
    assert struct.unpack("<I", table_bytes[4:8])[0] == 5
    found = gpd.read_file(path)
    same_rings(found.geometry, SHAPES, 0)
    aliases = {row["column"]: row["field"] for row in table(path.with_name("出件.fields.csv"))}
    assert aliases["id"] == "BSM"
    assert found[aliases["id"]].tolist() == [f"R-{i:03}" for i in range(5)]
    assert [name for name in found[aliases["name"]] if name != NAMES[2]] == [*NAMES[:2], *NAMES[3:]]
    assert aliases["经办人意见"] == "JBRYJ"
    assert noted(receipt)["cut"] == {"column": "经办人意见", "count": 1}
    assert len(found["JBRYJ"].iloc[2].encode()) <= 254
    (whole,) = [row for row in table(path.with_name("出件.rest.csv")) if row["column"] == "经办人意见"]
    assert (whole["row"], whole["id"], whole["value"]) == ("3", "R-002", "长" * 200)
    assert found.crs.to_epsg() == 4549
    assert found["JHWCSJ"].iloc[0] == pd.Timestamp("2022-12-31")


def test_a_shapefile_is_gbk_where_it_can_be(workspace):
    rows(names=["收回地块一", "“高畈”·—甲", "乙", "有账无图", "丙"]).to_file(
        workspace / "reclaim.gpkg", layer="reclaim"
    )
    path, receipt = send(workspace, "shp")
    data = path.with_suffix(".dbf").read_bytes()
    assert (path.with_suffix(".cpg").read_bytes(), data[29]) == (b"GBK", 0x4D)
    assert "utf8" not in noted(receipt)
    # the table by hand: one field descriptor of 32 bytes each
    start, width = struct.unpack("<HH", data[8:12])
    fields = [data[at : at + 32] for at in range(32, start - 1, 32)]
    offsets = np.cumsum([1, *(field[16] for field in fields)])
    names = [field[:11].split(b"\0")[0].decode("ascii") for field in fields]
    at = names.index("DKMC")
    cells = [data[start + width * i + offsets[at] : start + width * i + offsets[at + 1]] for i in range(5)]
    assert [cell.rstrip(b" \0").decode("gbk") for cell in cells] == ["收回地块一", "“高畈”·—甲", "乙", "有账无图", "丙"]
    assert max(map(len, names)) <= 10
    with fiona.open(path) as collection:
        assert [feature.properties["DKMC"] for feature in collection] == [
            "收回地块一",
            "“高畈”·—甲",
            "乙",
            "有账无图",
            "丙",
        ]


def test_numbers_that_do_not_fit_a_shapefile_stand_beside_it(workspace):
    frame = rows()
    frame["大数"] = [1e-17, 1e20, 1.5, None, 3.0]
    frame["长码"] = pd.array([10**18 + 1, None, 5, 6, 7], dtype="Int64")
    frame["时刻"] = pd.to_datetime(["2022-12-31 10:20:30"] * 5)
    frame.to_file(workspace / "reclaim.gpkg", layer="reclaim")
    path, _ = send(workspace, "shp")
    rest = {(row["column"], row["row"]): row["value"] for row in table(path.with_name("出件.rest.csv"))}
    assert float(rest["大数", "1"]) == 1e-17
    assert float(rest["大数", "2"]) == 1e20
    assert rest["长码", "1"] == str(10**18 + 1)
    assert gpd.read_file(path)["SK"].tolist() == ["2022-12-31T10:20:30+00:00"] * 5  # as a GeoPackage has it


def test_geojson_is_rfc_7946_in_degrees(workspace):
    path, receipt = send(workspace, "geojson")
    document = json.loads(path.read_text(encoding="utf-8"))
    assert receipt.crs == "EPSG:4490"
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4490"
    assert [feature["properties"]["name"] for feature in document["features"]] == NAMES
    assert document["features"][3]["geometry"] is None
    assert document["features"][0]["properties"]["due_date"] == "2022-12-31"
    assert document["features"][1]["properties"]["due_date"] is None
    for shape in gpd.read_file(path).geometry.dropna():
        assert all(
            part.exterior.is_ccw and not any(ring.is_ccw for ring in part.interiors)
            for part in shapely.get_parts(shape)
        )
    # back by a way of its own: PROJ, not the projection that landkit carries
    back = pyproj.Transformer.from_crs(4490, 4549, always_xy=True).transform
    degrees = gpd.read_file(path).geometry
    found = [shape and shapely.transform(shape, lambda xy: np.column_stack(back(*xy.T))) for shape in degrees]
    same_rings(found, SHAPES, 2e-6)


def test_what_is_stored_in_degrees_goes_out_untouched(tmp_path):
    path = tmp_path / "x.geojson"
    export("reclaim", to="geojson", output=path, workspace=LAYERS)
    ours, theirs = (json.loads(file.read_text(encoding="utf-8")) for file in (path, LAYERS / "reclaim.geojson"))
    assert [f["properties"] for f in ours["features"]] == [f["properties"] for f in theirs["features"]]
    same_rings(*(gpd.read_file(file).geometry for file in (path, LAYERS / "reclaim.geojson")), 0)


@pytest.mark.parametrize(("to", "read"), [("gpkg", gpd.read_file), ("parquet", gpd.read_parquet)])
def test_gpkg_and_parquet_hold_all_of_it(workspace, to, read):
    path, receipt = send(workspace, to)
    found = read(path)
    same_rings(found.geometry, SHAPES, 0)
    expected = rows()
    assert found.columns.tolist() == expected.columns.tolist()
    for name in ("id", "name", "经办人意见", "geom_source"):
        assert found[name].fillna("-").tolist() == expected[name].fillna("-").tolist()
    assert found["area_doc_mu"].fillna(-1).tolist() == expected["area_doc_mu"].fillna(-1).tolist()
    assert (
        pd.to_datetime(found["due_date"]).fillna(pd.Timestamp(0)).tolist()
        == expected["due_date"].fillna(pd.Timestamp(0)).tolist()
    )
    assert found["plan_year"].fillna(-1).tolist() == [2022, -1, 2023, 2022, 2022]
    assert found["off_list"].astype("boolean").fillna(value=False).tolist() == [True, False, False, False, False]
    assert found.crs.to_epsg() == 4549
    assert list(receipt.files) == [path]


def test_csv_holds_shapes_as_text(workspace):
    path, _ = send(workspace, "csv")
    found = table(path)
    same_rings([shapely.from_wkt(row["wkt"]) if row["wkt"] else None for row in found], SHAPES, 0)
    assert [unguard(row["name"]) for row in found] == NAMES
    assert float(found[1]["area_doc_mu"]) == 0.1 + 0.2
    assert [row["due_date"] for row in found] == ["2022-12-31", "", "2022-06-30", "2022-06-30", "2022-06-30"]


def test_a_drawing_comes_back_as_the_same_parcels(workspace):
    path, receipt = send(workspace, "dxf")
    (layer,) = read_dxf(path)
    frame = layer.frame[layer.frame["图层"].str.startswith("企业用地收回")]
    parts = [part for shape in SHAPES if shape is not None for part in shapely.get_parts(shape)]
    same_rings(sorted(frame.geometry, key=lambda s: s.bounds), sorted(parts, key=lambda s: s.bounds), 1e-9)
    by_id = dict(zip(frame["扩展数据"].str.removeprefix("LANDKIT: "), frame.itertuples(), strict=False))
    area = landkit.areas(rows().geometry[[0]], plane="EPSG:4549").iloc[0]
    assert by_id["R-000"].文字 == f"R-000 收回地块一 {area / 1e4:.4f}公顷"
    assert by_id["R-004"].文字.startswith("R-004 𠮷家村 ")
    assert by_id["R-001"].图层 == "企业用地收回_示意"  # an illustrative shape says so
    assert layer.header["version"] == "AC1021"  # for the character beyond 16 bits
    assert noted(receipt)["rows_aside"]["count"] == 1
    rest = table(path.with_name("出件.dxf-rows.csv"))
    assert [row["id"] for row in rest] == [f"R-{i:03}" for i in range(5)]
    # a third reader
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lines = gpd.read_file(path)
    rings = lines[lines.geom_type == "LineString"].geometry
    assert sorted(round(Polygon(ring.coords).area, 6) for ring in rings) == sorted(
        round(Polygon(ring).area, 6) for part in parts for ring in (part.exterior, *part.interiors)
    )


def test_a_drawing_is_in_gbk_where_it_can_be(workspace):
    rows(names=["收回\\地块{一}", "高畈^甲", "乙ő", "有账无图", "丙"]).to_file(
        workspace / "reclaim.gpkg", layer="reclaim"
    )
    path, _ = send(workspace, "dxf")
    (layer,) = read_dxf(path)
    assert (layer.header["codepage"], layer.header["version"]) == ("ANSI_936", "AC1018")
    assert "企业用地收回".encode("gbk") in path.read_bytes()
    words = " ".join(layer.frame["文字"].dropna())
    assert all(name in words for name in ("收回\\地块{一}", "高畈^甲", "乙ő", "丙"))


@pytest.mark.parametrize("profile", [None, *PROFILES])
def test_a_boundary_point_file_comes_back(workspace, profile):
    path, receipt = send(workspace, "survey-txt", profile=profile)
    (layer,) = read_survey_txt(path)
    same_rings(unprefixed(layer.frame.geometry), SHAPES, 0.0005 + 1e-9)
    assert noted(receipt)["rounded"] == {"digits": 3}
    assert len(table(path.with_name("出件.txt-rows.csv"))) == 5


def unprefixed(shapes):
    return [
        None if shape is None else shapely.transform(shape, lambda xy: xy - [xy[0, 0] // 1e6 * 1e6, 0])
        for shape in shapes
    ]


@pytest.mark.parametrize("to", ["survey-txt", "dxf", "shp", "csv", "gpkg", "parquet"])
def test_a_zone_prefix_is_the_asked_one(workspace, to):
    path, receipt = send(workspace, to, crs="EPSG:4528")
    assert receipt.crs == "EPSG:4528"
    if to == "survey-txt":
        assert f",{N:.3f},40{E:.3f}" in path.read_text(encoding="gb18030")
        return
    if to == "csv":
        shapes = [shapely.from_wkt(row["wkt"]) if row["wkt"] else None for row in table(path)]
    else:
        shapes = (
            read_dxf(path)[0].frame
            if to == "dxf"
            else gpd.read_parquet(path)
            if to == "parquet"
            else gpd.read_file(path)
        ).geometry
    assert np.floor(min(shape.bounds[0] for shape in shapes if shape is not None)) == 40_000_000 + E


rings = st.lists(st.tuples(st.integers(0, 359), st.floats(1, 500)), min_size=3, max_size=12, unique_by=lambda p: p[0])


@given(rings)
def test_any_ring_comes_back_from_degrees(points):
    corners = [(E + r * np.cos(np.radians(a)), N + r * np.sin(np.radians(a))) for a, r in sorted(points)]
    shape = Polygon(corners)
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shape], crs="EPSG:4549")
    degrees = frame.to_crs(4490)
    layer = Outgoing("reclaim", "地块", degrees, schema().common, np.array([1.0]), np.array([False]))
    (data,) = geojson_file(layer, Path("x.geojson")).files.values()
    found = gpd.read_file(io.BytesIO(data)).to_crs(4549).geometry.iloc[0]
    assert found.normalize().equals_exact(shape.normalize(), 3e-6) or not shape.is_valid


# ------------------------------------------------------------------------------------------------------- short names


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=40, unique=True))
def test_short_names_are_short_ascii_and_apart(columns):
    names = short_names(columns, schema().layers["reclaim"].fields)
    assert list(names) == columns
    assert len({name.upper() for name in names.values()}) == len(columns)
    assert all(name.isascii() and 1 <= len(name) <= 10 and name[0].isalpha() for name in names.values())


def test_short_names_are_codes_then_initials():
    fields = schema().layers["reclaim"].fields
    names = short_names(
        ["id", "name", "area_doc_mu", "geom_source", "MyField", "企业名称", "ID", "权属单位名称权属单位名称"], fields
    )
    assert list(names.values()) == ["BSM", "DKMC", "TZMJ", "TXLY", "MyField", "QYMC", "ID", "QSDWMCQSDW"]


# -------------------------------------------------------------------------------------------- what cannot go, and where


def test_shapes_that_are_no_polygons_stand_beside(workspace):
    shapes = [*SHAPES[:4], LineString([(E, N), (E + 1, N)])]
    rows(shapes).to_file(workspace / "reclaim.gpkg", layer="reclaim", engine="pyogrio", geometry_type="Unknown")
    path, receipt = send(workspace, "shp")
    assert noted(receipt)["shapes_aside"]["count"] == 1
    (row,) = table(path.with_name("出件.shapes.csv"))
    assert (row["id"], row["wkt"]) == ("R-004", f"LINESTRING ({E:.0f} {N:.0f}, {E + 1:.0f} {N:.0f})")
    assert receipt.shapeless == 2


def test_placeholders_are_told(workspace):
    _, receipt = send(workspace, "csv")
    assert receipt.placeholder == 1
    assert noted(receipt)["placeholder"] == {"count": 1}
    path, _ = send(workspace, "survey-txt", profile="extended")
    assert "示意图形" in path.read_text(encoding="gb18030")


def test_a_table_goes_out_as_csv_alone(workspace):
    path, receipt = send(workspace, "csv", layer="event")
    assert table(path) == [{"layer": "reclaim", "id": "R-001", "stage": "signed", "event_date": "2022-03-01"}]
    assert (receipt.rows, receipt.crs) == (1, "")
    with pytest.raises(UsageError, match="is a table"):
        send(workspace, "shp", layer="event")


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"to": "kml", "output": "x.kml"}, "export.format"),
        ({"to": "shp", "output": "x.gpkg"}, "export.suffix"),
        ({"to": "shp", "output": "x.shp", "profile": "standard"}, "export.no_profile"),
        ({"to": "survey-txt", "output": "x.txt", "profile": "x"}, "export.profile"),
        ({"to": "geojson", "output": "x.geojson", "crs": "EPSG:4549"}, "export.crs_for"),
        ({"to": "dxf", "output": "x.dxf", "crs": "EPSG:4490"}, "export.crs_for"),
        ({"to": "shp", "output": "x.shp", "crs": "EPSG:3857"}, "export.crs_for"),
        ({"to": "shp", "output": "x.shp", "crs": "nonsense"}, "export.crs"),
        ({"to": "gpkg", "output": "工作区/reclaim.gpkg", "force": True}, "export.own_file"),
        ({"to": "csv", "output": "工作区/event.csv", "force": True}, "export.own_file"),
        ({"to": "csv", "output": "工作区/decisions.csv", "force": True}, "export.own_file"),
        ({"to": "csv", "output": "工作区/.landkit/x.csv"}, "export.own_file"),
    ],
)
def test_what_is_refused_writes_nothing(workspace, monkeypatch, options, key):
    monkeypatch.chdir(workspace.parent)
    before = {path: path.read_bytes() for path in workspace.parent.rglob("*") if path.is_file()}
    with pytest.raises(UsageError) as caught:
        export("reclaim", workspace=workspace, **options)
    assert caught.value.key == key
    assert {path: path.read_bytes() for path in workspace.parent.rglob("*") if path.is_file()} == before


def test_nothing_is_replaced_without_force_and_all_of_a_set_with_it(workspace):
    path = workspace.parent / "出件.shp"
    path.with_suffix(".dbf").write_bytes(b"mine")
    with pytest.raises(UsageError) as caught:
        send(workspace, "shp")
    assert caught.value.key == "output.exists"
    assert not path.exists()
    assert path.with_suffix(".dbf").read_bytes() == b"mine"
    _, receipt = send(workspace, "shp", force=True)
    assert all(file.exists() for file in receipt.files)
    assert path.with_name("出件.rest.csv").exists()
    rows(names=["甲"] * 5).drop(columns=["经办人意见", "area_doc_mu"]).to_file(
        workspace / "reclaim.gpkg", layer="reclaim"
    )
    send(workspace, "shp", force=True)
    assert not path.with_name("出件.rest.csv").exists()  # of the export before


# ------------------------------------------------------------------------------------------------------- command line


def test_the_command_offers_what_the_library_takes():
    assert tuple(SUFFIXES) == FORMATS
    assert tuple(PROFILES) == OFFERED


def test_the_command_says_what_it_wrote(workspace):
    path = workspace.parent / "x.shp"
    command = [
        sys.executable,
        "-m",
        "landkit",
        "export",
        "reclaim",
        "--to",
        "shp",
        "-o",
        str(path),
        "-w",
        str(workspace),
    ]
    run = subprocess.run([*command, "--lang", "zh"], capture_output=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stdout) == (0, "")
    assert "5 行已导出为 shp" in run.stderr
    assert "x.dbf" in run.stderr
    assert "示意图形" in run.stderr
    again = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert again.returncode == 2


@pytest.mark.parametrize("to", FORMATS)
def test_a_layer_without_rows_goes_out(workspace, to):
    rows().iloc[:0].to_file(workspace / "reclaim.gpkg", layer="reclaim")
    path, receipt = send(workspace, to)
    assert (receipt.rows, receipt.shapeless, receipt.placeholder) == (0, 0, 0)
    assert path.stat().st_size > 0


@pytest.mark.parametrize("to", FORMATS)
def test_rows_without_any_shape_go_out(workspace, to):
    rows([None] * 5).to_file(workspace / "reclaim.gpkg", layer="reclaim")
    path, receipt = send(workspace, to)
    assert (receipt.rows, receipt.shapeless) == (5, 5)
    if to == "shp":
        assert gpd.read_file(path)["BSM"].tolist() == [f"R-{i:03}" for i in range(5)]
