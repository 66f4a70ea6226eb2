"""`landkit area` as people use it, by mistake and with malice: exit codes, the document, and safe output."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit.accounting import account
from landkit.cli import main
from landkit.products.area_document import area_document
from landkit.products.area_table import area_text
from landkit.units import UNITS
from landkit.words import text

EAST, NORTH = 461_000.0, 3_221_000.0
MU = 10_000 / 15
LAYERS = Path(__file__).parents[1] / "layers"


def box(x, y, width=100.0, height=100.0):
    """Return a rectangle in EPSG:4549, x and y from a corner in Jinhua: 60 by 100 metres are 9 mu."""
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def frame(*shapes, crs="EPSG:4549", **columns):
    return gpd.GeoDataFrame(columns or {"id": [f"R{i}" for i in range(len(shapes))]}, geometry=list(shapes), crs=crs)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder without a workspace, to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path


@pytest.fixture
def run(here, capsysbinary):
    """Return a function that runs ``landkit area`` and gives exit code, output and complaint."""

    def area(*arguments):
        code = main(["area", *map(str, arguments)])
        out, err = capsysbinary.readouterr()
        complaint = err.decode("utf-8")
        assert "Traceback" not in complaint
        if code != 0:
            assert out == b""
            assert len(complaint.splitlines()) == 2  # what happened, and what to do
        return code, out.decode("utf-8"), complaint

    return area


@pytest.fixture
def document(run):
    def answer(*arguments):
        code, out, complaint = run(*arguments, "--format", "json")
        assert code == 0, complaint
        return parsed(out)

    return answer


def parsed(written):
    def refuse(constant):
        raise AssertionError(constant)

    (found,) = json.loads(written, parse_constant=refuse).values()
    assert set(json.loads(written)) == {"landkit.area/v1"}
    check(found)
    return found


def check(found):
    """Hold a document to the contract: keys, types and identities."""
    assert list(found) == [
        "basis", "total", "rows", "shared", "closes", "repaired", "unmeasured", "sources", "notes"
    ]  # fmt: skip
    assert set(found["basis"]) >= {
        "method", "plane", "unit", "count", "assign", "as_of", "stage", "where", "districts", "geom_source", "version"
    }  # fmt: skip
    total, rows, shared = found["total"], found["rows"], found["shared"]
    assert list(total) == ["parcels", "gross", "counted_again", "stacked", "conflict", "net", "outside"]
    near = pytest.approx
    assert total["gross"] - total["counted_again"] == near(total["net"], abs=1e-6)
    assert total["stacked"] + total["conflict"] == near(total["counted_again"], abs=1e-6)
    assert sum(row["gross"] for row in rows) == near(total["gross"], abs=1e-6)
    extra = sum((len(entry["groups"]) - 1) * entry["area"] for entry in shared)
    assert sum(row["net"] for row in rows) == near(total["net"] + extra, abs=1e-6)
    assert sum(row["exclusive"] for row in rows) + sum(s["area"] for s in shared) == near(total["net"], abs=1e-6)
    for row in rows:
        assert row["exclusive"] + row["shared"] == near(row["net"], abs=1e-6)
        assert isinstance(row["parcels"], int)
        assert all(isinstance(row[name], float) for name in ("gross", "net", "exclusive", "shared", "counted"))
        assert row["ledger"] is None or isinstance(row["ledger"], float)
    assert found["closes"]["ok"] is True
    for entry in found["repaired"]:
        assert list(entry) == ["layer", "id", "before", "after"]
    for entry in found["unmeasured"]:
        assert set(entry) >= {"layer", "id", "row", "reason"}
        assert isinstance(entry["row"], int)
    for entry in found["sources"]:
        assert list(entry) == ["layer", "path", "sha256", "features"]
        assert re.fullmatch("[0-9a-f]{64}", entry["sha256"])
    assert all(isinstance(note, str) for note in found["notes"])


# ---- files that will not do


def test_missing_unreadable_and_other_files_are_refused_by_name(here, run):
    (here / "text.gpkg").write_text("no database", encoding="utf-8")
    (here / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (here / "empty.geojson").write_bytes(b"")
    (here / "half.geojson").write_text('{"type": "FeatureCollection", "features": [', encoding="utf-8")
    (here / "folder.gpkg").mkdir()
    frame(box(0, 0)).to_file(here / "cut.gpkg")
    (here / "cut.gpkg").write_bytes((here / "cut.gpkg").read_bytes()[:3000])
    for name in ("nothing.gpkg", "text.gpkg", "table.csv", "empty.geojson", "half.geojson", "folder.gpkg", "cut.gpkg"):
        code, _, complaint = run(name)
        assert (code, name in complaint) == (5, True), complaint


@pytest.mark.parametrize(
    ("crs", "code"),
    [("EPSG:2390", 5), ("EPSG:4610", 5), ("EPSG:2437", 5), ("EPSG:4214", 5), ("EPSG:26919", 5)],
)
def test_another_datum_is_refused_by_file(here, run, crs, code):
    frame(box(0, 0), crs=crs).to_file(here / "old.gpkg")
    found, _, complaint = run("old.gpkg")
    assert found == code
    assert "old.gpkg" in complaint


def test_no_system_and_one_without_a_datum_are_refused_by_file(here, run):
    frame(box(0, 0)).to_file(here / "bare.shp")
    (here / "bare.prj").unlink()
    code, _, complaint = run("bare.shp")
    assert (code, "bare.shp" in complaint) == (4, True)
    (here / "bare.prj").write_text(
        'PROJCS["x",GEOGCS["x",DATUM["unknown",SPHEROID["x",6378137,298.257222101]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["central_meridian",120],'
        'PARAMETER["scale_factor",1],PARAMETER["false_easting",500000],UNIT["metre",1]]',
        encoding="utf-8",
    )
    code, _, complaint = run("bare.shp")
    assert (code, "bare.shp" in complaint) == (4, True)


def test_what_is_larger_than_a_zone_is_refused_by_file_and_row(here, run):
    wide = [shapely.box(119.5, 29, 119.6, 29.1), shapely.box(87, 43, 88, 44), shapely.box(100, 30, 101, 31)]
    frame(*wide, crs="EPSG:4490").to_file(here / "country.gpkg")
    for method in ("ellipsoid", "planar", "survey", "geodesic"):
        code, _, complaint = run("country.gpkg", "--method", method)
        assert code == 5
        assert "country.gpkg: row 1" in complaint


def test_a_corrupt_workspace_names_file_and_line(here, run):
    shutil.copytree(LAYERS, here / "layers")
    settings_file = here / "layers" / "landkit.toml"
    good = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(good.replace("[tolerance]", "[tolerance"), encoding="utf-8")
    code, _, complaint = run()
    line = good.splitlines().index("[tolerance]") + 1
    assert code == 5
    assert "landkit.toml" in complaint
    assert re.search(rf"\b{line}\b", complaint)
    settings_file.write_text(good, encoding="utf-8")
    (here / "layers" / "plan.toml").write_text('[plan]\ntitle = "x\n', encoding="utf-8")
    code, _, complaint = run("reclaim", "--stage", "plan")
    assert code == 5
    assert "plan.toml" in complaint
    assert re.search(r"\b2\b", complaint)
    (here / "layers" / "reclaim.geojson").unlink()
    code, _, complaint = run("reclaim")
    assert (code, "reclaim.geojson" in complaint) == (5, True)


def test_a_number_that_breaks_the_reader_costs_its_row_only(here, document):
    """GDAL refuses the whole file over 1e400; it is read one feature after the other then."""
    square = [[119.6, 29.1], [119.61, 29.1], [119.61, 29.11], [119.6, 29.1]]
    text_of = [
        json.dumps(
            {"type": "Feature", "properties": {"id": i}, "geometry": {"type": "Polygon", "coordinates": [square]}}
        )
        for i in "ab"
    ]
    text_of[1] = text_of[1].replace("29.11", "1e400")
    (here / "a.geojson").write_text(
        f'{{"type": "FeatureCollection", "features": [{", ".join(text_of)}]}}', encoding="utf-8"
    )
    found = document("a.geojson", "--by", "id")
    assert [row["id"] for row in found["rows"]] == ["a"]
    assert [entry["row"] for entry in found["unmeasured"]] == [2]


# ---- questions that will not do


@pytest.mark.parametrize("arguments", [(), ("reclaim",), ("--by", "layer"), ("-w", "."), ("-w", "nowhere")])
def test_outside_a_workspace_nothing_is_measured(run, arguments):
    """Never the example's figures, though it is installed beside the code."""
    code, _, complaint = run(*arguments)
    assert code == 2
    assert "landkit demo DIR" in complaint


def test_unknown_columns_are_refused_with_those_there_are(here, run):
    frame(box(0, 0), 编号=["1"], 类别=["a"], status=["b"]).to_file(here / "a.gpkg")
    frame(box(0, 0), name=["x"], 片区=["y"]).to_file(here / "d.gpkg")
    for arguments in (
        ("--by", "nope"), ("--by", "status,nope"), ("--by", "Status"), ("--where", "nope = 1"), ("--by", "geometry"),
        ("--where", "geometry IS NULL"), ("--by", "district"), ("--by", "stage"),
    ):  # fmt: skip
        code, _, complaint = run("a.gpkg", *arguments)
        assert code == 2
        assert "status" in complaint
        assert "类别" in complaint
    code, _, complaint = run("a.gpkg", "--districts", "d.gpkg", "--district-field", "nope")
    assert (code, "片区" in complaint) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--count", "priority:a"),
        ("--count", "priority:"),
        ("--count", "priority"),
        ("--count", "priority:a,a"),
        ("--count", "priority:a,nope"),
        ("--count", "twice"),
        ("--count", ""),
        ("--count", "once:a,b"),
        ("--assign", "nearest"),
        ("--method", "acreage"),
        ("--unit", "acre"),
        ("--digits", "-1"),
        ("--digits", "x"),
        ("--format", "xml"),
        ("--by", ""),
        ("--by", " , "),
        ("--as-of", "2022-06-30"),
        ("--as-of", "2022-13-01"),
        ("--stage", "plan"),
        ("--source-layer", "nope"),
        ("--districts", "missing"),
        ("--where", ""),
        ("--where", "id = 'a'; DROP TABLE a"),
        ("--where", "(" * 5000),
        ("--where", "a" * 100_000),
        ("--where", "__import__('os')"),
        ("--where", "id > 1"),
        ("--nope",),
    ],
)
def test_wrong_options_are_refused(here, run, arguments):
    frame(box(0, 0)).to_file(here / "a.gpkg")
    assert run("a.gpkg", *arguments)[0] == (5 if arguments[0] == "--districts" else 2)


def test_layers_that_cannot_be_told_apart_are_refused(here, run):
    frame(box(0, 0)).to_file(here / "a.gpkg")
    (here / "sub").mkdir()
    shutil.copy(here / "a.gpkg", here / "sub" / "a.gpkg")
    assert run("a.gpkg", "a.gpkg")[0] == 2
    assert run("a.gpkg", Path("sub", "a.gpkg"))[0] == 2


def test_a_key_may_not_have_the_name_of_a_figure(here, run):
    frame(box(0, 0), net=["x"], ledger=["y"]).to_file(here / "a.gpkg")
    for name in ("net", "ledger"):
        code, _, complaint = run("a.gpkg", "--by", name)
        assert (code, name in complaint) == (2, True)


# ---- output files


def test_an_output_that_is_taken_is_refused_before_anything_is_read(here, run):
    (here / "taken.json").write_text("old", encoding="utf-8")
    (here / "folder").mkdir()
    for arguments in (
        ("-o", "taken.json"), ("-o", "folder"), ("-o", "no/such/folder.json"), ("-o", ""),
        ("-o", "taken.csv", "--format", "csv"), ("-o", "new.json", "--format", "csv"),
    ):  # fmt: skip
        # the file to measure does not exist: only the output can be what is refused
        assert run("nothing.gpkg", *arguments)[0] == 2
    assert {path.name for path in here.iterdir()} == {"taken.json", "folder"}
    assert (here / "taken.json").read_text(encoding="utf-8") == "old"


def test_csv_has_its_basis_beside_it(here, run):
    frame(box(0, 0)).to_file(here / "a.gpkg")
    assert run("a.gpkg", "-o", "t.csv", "--format", "csv") == (0, "", "")
    assert (here / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    first = parsed((here / "t.json").read_text(encoding="utf-8"))
    assert first["total"]["parcels"] == 1
    assert run("a.gpkg", "-o", "t.csv", "--format", "csv")[0] == 2
    assert run("a.gpkg", "-o", "t.csv", "--format", "csv", "--force")[0] == 0


def test_what_is_measured_is_never_written_over(here, run):
    frame(box(0, 0)).to_file(here / "a.json", driver="GeoJSON")
    before = (here / "a.json").read_bytes()
    for arguments in (("-o", "a.json"), ("-o", "a.csv", "--format", "csv"), ("-o", "./A/../a.json")):
        (here / "A").mkdir(exist_ok=True)
        assert run("a.json", *arguments, "--force")[0] == 2
    assert (here / "a.json").read_bytes() == before


# ---- unmeasured rows


def test_rows_that_cannot_be_measured_are_listed_with_their_reason(here, document):
    with np.errstate(invalid="ignore"):
        infinite = shapely.Polygon([(EAST, NORTH), (EAST + 1, np.inf), (EAST + 2, NORTH)])
        no_number = shapely.Polygon([(EAST, NORTH), (np.nan, NORTH + 1), (EAST + 2, NORTH), (EAST + 3, NORTH + 4)])
    odd = {
        "no_geometry": [None],
        "empty": [shapely.Polygon(), shapely.MultiPolygon()],
        "point": [shapely.Point(EAST, NORTH), shapely.MultiPoint([(EAST, NORTH)])],
        "line": [shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)])],
        "not_finite": [infinite, no_number],
        "out_of_range": [shapely.box(1e12, 0, 2e12, 1)],
        "too_far": [
            shapely.box(0, 0, 10, 10),
            shapely.box(119.6, 29.1, 119.7, 29.2),  # degrees taken for metres
            shapely.box(NORTH, EAST, NORTH + 10, EAST + 10),  # x and y swapped
            shapely.box(EAST + 4e7, NORTH, EAST + 4e7 + 10, NORTH + 10),  # a zone prefix that the system has not
            shapely.box(EAST, 1.1e7, EAST + 10, 1.2e7),
        ],
        "no_area": [shapely.Polygon([(EAST, NORTH)] * 4)],
    }
    shapes = [box(0, 0), *(shape for several in odd.values() for shape in several)]
    reasons = [text(f"reason.{reason}") for reason, several in odd.items() for _ in several]
    frame(*shapes, area_doc_mu=[15.0] * len(shapes)).to_file(here / "a.gpkg")
    found = document("a.gpkg")
    assert found["total"]["parcels"] == 1
    assert found["rows"][0]["ledger"] == pytest.approx(15)
    assert [(entry["row"], entry["id"], entry["reason"]) for entry in found["unmeasured"]] == [
        (row, f"#{row}", reason) for row, reason in enumerate(reasons, start=2)
    ]
    assert found["repaired"] == []
    for method in ("planar", "survey", "geodesic"):
        assert len(document("a.gpkg", "--method", method)["unmeasured"]) == len(reasons)


def test_nothing_to_measure_is_refused_and_an_empty_layer_is_none(here, run, document):
    frame(None, shapely.Polygon()).to_file(here / "none.gpkg", geometry_type="Polygon")
    code, _, complaint = run("none.gpkg")
    assert code == 5
    assert "none.gpkg" in complaint
    assert text("reason.no_geometry") in complaint
    assert text("reason.no_geometry", "zh") in run("none.gpkg", "--lang", "zh")[2]
    pyogrio.write_dataframe(frame().assign(id=[]), here / "empty.gpkg", geometry_type="Polygon")
    found = document("empty.gpkg")
    assert found["total"] == {**dict.fromkeys(found["total"], 0), "outside": None}
    assert found["rows"] == []
    assert found["basis"]["plane"] == "EPSG:4549"
    assert ["empty" in note for note in found["notes"]] == [True]
    for form in ("table", "csv", "md"):
        assert run("empty.gpkg", "--format", form)[0] == 0
    frame(box(0, 0)).to_file(here / "a.gpkg")
    found = document("a.gpkg", "--where", "id = 'no such'")
    assert (found["total"]["parcels"], found["notes"]) == (0, [text("note.none_chosen", layer="a")])
    assert run("a.gpkg", "--districts", "empty.gpkg", "--district-field", "id")[0] == 5


def test_ledger_areas_that_are_no_numbers_are_noted(here, document):
    given = ["15", "十五", "3,5", "", None, "inf", " 2 "]
    frame(*(box(200 * i, 0) for i in range(7)), area_doc_mu=given).to_file(here / "a.gpkg")
    found = document("a.gpkg")
    assert found["rows"][0]["ledger"] == pytest.approx(17)
    (note,) = found["notes"]
    assert "area_doc_mu" in note
    assert ": 3 (row 2: '十五')" in note


# ---- the document


def test_the_document_in_figures(here, document):
    """A 60 m wide parcel and one of 100 m that overlap by 20 m, both 100 m deep; districts part at 50 m."""
    kinds = {"id": ["a", "b", "a"], "kind": ["甲", "乙", "乙"], "area_doc_mu": [9.0, 15.0, None]}
    frame(box(0, 0, 60), box(40, 0), box(300, 0), **kinds).to_file(here / "a.gpkg")
    frame(box(0, -10, 50, 200), box(50, -10, 100, 200), name=["西", "东"]).to_file(here / "d.gpkg")
    found = document("a.gpkg", "--districts", "d.gpkg", "--by", "district,kind", "--method", "planar")
    mu = {key: value for key, value in found["total"].items() if key != "parcels"}
    assert mu == pytest.approx(
        {"gross": 39, "counted_again": 3, "stacked": 3, "conflict": 0, "net": 36, "outside": 15}, abs=1e-9
    )
    assert found["total"]["parcels"] == 3
    keys = [(row["district"], row["kind"], row["parcels"]) for row in found["rows"]]
    assert keys == [("西", "甲", 1), ("西", "乙", 1), ("东", "甲", 1), ("东", "乙", 1), (None, "乙", 1)]
    assert [row["gross"] for row in found["rows"]] == pytest.approx([7.5, 1.5, 1.5, 13.5, 15])
    assert [row["counted"] for row in found["rows"]] == pytest.approx([6, 0, 0, 12, 15])
    ledger = [row["ledger"] for row in found["rows"]]
    assert ledger[:4] == pytest.approx([7.5, 1.5, 1.5, 13.5])
    assert ledger[4] is None
    assert [(entry["district"], entry["groups"]) for entry in found["shared"]] == [
        ("西", [{"kind": "甲"}, {"kind": "乙"}]),
        ("东", [{"kind": "甲"}, {"kind": "乙"}]),
    ]
    assert [entry["area"] for entry in found["shared"]] == pytest.approx([1.5, 1.5])
    assert [source["layer"] for source in found["sources"]] == ["a", "d"]
    assert [source["features"] for source in found["sources"]] == [3, 2]
    counted = {
        policy: [
            row["counted"]
            for row in document("a.gpkg", "--by", "kind", "--count", policy, "--method", "planar")["rows"]
        ]
        for policy in ("once", "each", "split", "priority:甲,乙", "priority:乙,甲")
    }
    assert list(counted.values()) == [
        pytest.approx([6, 27]),
        pytest.approx([9, 30]),
        pytest.approx([7.5, 28.5]),
        pytest.approx([9, 27]),
        pytest.approx([6, 30]),
    ]
    assert document("a.gpkg", "--by", "kind")["basis"]["districts"] is None
    in_ha = document("a.gpkg", "--unit", "ha", "--digits", "0", "--method", "planar")
    assert in_ha["total"]["net"] == pytest.approx(2.4, abs=1e-12)


def test_land_in_two_districts_is_refused_or_named_after_both(here, run, document):
    frame(box(0, 0)).to_file(here / "a.gpkg")
    frame(box(0, 0, 60), box(40, 0, 60), name=["A", "B"]).to_file(here / "d.gpkg")
    code, _, complaint = run("a.gpkg", "--districts", "d.gpkg")
    assert (code, "A + B" in complaint) == (5, True)
    found = document("a.gpkg", "--districts", "d.gpkg", "--allow-district-overlap", "--method", "planar")
    assert [row["district"] for row in found["rows"]] == ["A", "B", ["A", "B"]]
    assert [row["net"] for row in found["rows"]] == pytest.approx([6, 6, 3])
    for form in ("table", "csv", "md"):
        assert "A + B" in run("a.gpkg", "--districts", "d.gpkg", "--allow-district-overlap", "--format", form)[1]


def test_ids_and_repairs(here, document):
    bow = shapely.Polygon([(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100)])
    ids = ["A", None, "B", "B", ""]
    frame(bow, None, None, bow, None, 地块编号=ids).to_file(here / "a.gpkg")
    found = document("a.gpkg", "--method", "planar")
    assert [entry["id"] for entry in found["repaired"]] == ["A", "B#4"]
    assert [entry["after"] for entry in found["repaired"]] == pytest.approx([7.5, 7.5])
    assert [(entry["id"], entry["row"]) for entry in found["unmeasured"]] == [("#2", 2), ("B#3", 3), ("#5", 5)]


def test_rows_by_columns_of_every_kind(here, document):
    shapes = [box(200 * i, 0) for i in range(4)]
    columns = {
        "日期": pd.to_datetime(["2022-01-01", None, "2022-01-01", "2022-03-04"]),
        "flag": pd.array([True, False, None, True], dtype="boolean"),
        "number": [1, 2, 2, 3],
        "float": [0.5, np.nan, 0.5, 2.0],
        "状态": ["在建", None, "", "a,b"],
        "stage": list("sstt"),
        "layer": list("1234"),
        "a b": list("xxyy"),
        "list": [[1], [2], [1], None],
    }
    frame(*shapes, **columns).to_parquet(here / "a.parquet")

    def by(keys):
        rows = document("a.parquet", "--by", keys)["rows"]
        return [(*(row[key] for key in dict.fromkeys(keys.split(","))), row["parcels"]) for row in rows]

    assert by("日期") == [("2022-01-01", 2), (None, 1), ("2022-03-04", 1)]
    assert by("flag") == [(True, 2), (False, 1), (None, 1)]
    assert by("number") == [(1, 1), (2, 2), (3, 1)]
    assert by("float") == [(0.5, 2), (None, 1), (2.0, 1)]
    assert by("状态") == [("在建", 1), (None, 1), ("", 1), ("a,b", 1)]
    assert by("stage") == [("s", 2), ("t", 2)]
    assert by("layer") == [("a", 4)]
    assert by("programme") == [("a", 4)]
    assert by("a b,a b") == [("x", 2), ("y", 2)]
    assert by("list") == [("[1]", 2), ("[2]", 1), (None, 1), ("[3]", 1)] or by("list")[0] == ("[1]", 2)
    assert by("layer,programme,number")[0] == ("a", "a", 1, 1)
    frame(*shapes, programme=list("ppqq"), district=list("东西东西")).to_file(here / "b.gpkg")
    assert [row["programme"] for row in document("b.gpkg", "--by", "programme")["rows"]] == ["p", "q"]
    assert [row["district"] for row in document("b.gpkg", "--by", "district")["rows"]] == ["东", "西"]


# ---- systems and borders


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:4528", "EPSG:4509", "EPSG:32650"])
def test_any_system_of_the_datum_gives_the_same_land(here, document, crs):
    square = frame(box(0, 0), name=["d"])
    square.to_crs(crs).to_file(here / "other.gpkg")
    square.to_file(here / "a.gpkg")
    # other planes take the edges of a parcel as straight, which differ from these by less than a millimetre
    assert document("other.gpkg")["total"]["net"] == pytest.approx(document("a.gpkg")["total"]["net"], rel=1e-6)
    found = document("a.gpkg", "--districts", "other.gpkg")
    assert found["basis"]["plane"] == "EPSG:4549"
    assert found["total"]["outside"] == pytest.approx(0, abs=0.001)
    both = document("a.gpkg", "other.gpkg")
    assert both["total"]["net"] == pytest.approx(15, abs=0.01)
    assert both["total"]["stacked"] == pytest.approx(15, abs=0.01)


def test_land_on_a_zone_border_and_a_single_triangle(here, document):
    frame(shapely.box(118.499, 29, 118.501, 29.002), crs="EPSG:4490").to_file(here / "border.gpkg")
    assert document("border.gpkg")["total"]["parcels"] == 1
    frame(shapely.Polygon([(EAST, NORTH), (EAST + 1, NORTH), (EAST, NORTH + 1)])).to_file(here / "triangle.gpkg")
    assert document("triangle.gpkg", "--method", "planar")["total"]["net"] * MU == pytest.approx(0.5)


def test_key_areas_far_away(here, run, document):
    frame(box(0, 0)).to_file(here / "a.gpkg")
    china = [shapely.box(73, 36, 97, 49), shapely.box(118, 27, 123, 31)]
    frame(*china, crs="EPSG:4490", name=["west", "east"]).to_file(here / "china.gpkg")
    assert [row["district"] for row in document("a.gpkg", "--districts", "china.gpkg")["rows"]] == ["east"]
    world = [shapely.box(-180, -90, 0, 90), shapely.box(0, -90, 180, 90)]
    frame(*world, crs="EPSG:4326", name=["W", "E"]).to_file(here / "world.gpkg")
    code, _, complaint = run("a.gpkg", "--districts", "world.gpkg")
    assert (code, "world.gpkg" in complaint) == (5, True)
    frame(shapely.box(0, 0, 10, 10), None, name=["far", "none"]).to_file(here / "far.gpkg")
    found = document("a.gpkg", "--districts", "far.gpkg")
    assert [row["district"] for row in found["rows"]] == [None]
    assert len(found["notes"]) == 1


def test_a_hundred_and_fifty_districts(here, run, document):
    frame(box(0, 0), box(50, 50)).to_file(here / "a.gpkg")
    frame(*(box(i, 0, 1, 300) for i in range(150)), name=[f"d{i}" for i in range(150)]).to_file(here / "d.gpkg")
    found = document("a.gpkg", "--districts", "d.gpkg", "--method", "planar")
    assert [row["district"] for row in found["rows"]] == [f"d{i}" for i in range(150)]
    assert [row["gross"] for row in found["rows"]] == pytest.approx([0.15] * 50 + [0.3] * 50 + [0.15] * 50)
    assert run("a.gpkg", "--districts", "d.gpkg")[1].count("\n") > 150


# ---- names and other texts


def test_several_layers_of_a_file(here, run, document):
    for name in ("甲", "乙 b"):
        frame(box(0, 0), box(30, 0)).to_file(here / "m.gpkg", layer=name)
    assert [row["layer"] for row in document("m.gpkg")["rows"]] == ["甲", "乙 b"]
    assert [row["layer"] for row in document("m.gpkg", "--source-layer", "乙 b")["rows"]] == ["乙 b"]
    code, _, complaint = run("m.gpkg", "--source-layer", "nope")
    assert (code, "甲" in complaint) == (2, True)
    frame(box(0, 0)).to_file(here / "a.gpkg")
    assert run("a.gpkg", "--districts", "m.gpkg", "--district-field", "id")[0] == 2


def test_a_shapefile_in_gbk(here, document):
    frame(box(0, 0), box(200, 0), 名称=["高畈", "大园村"], 状态=["在建", "完成"]).to_file(
        here / "地块.shp", encoding="GBK"
    )
    (here / "地块.cpg").unlink()
    found = document("地块.shp", "--by", "名称", "--where", "状态 = '在建'")
    assert [row["名称"] for row in found["rows"]] == ["高畈"]
    assert found["sources"][0]["path"] == "地块.shp"


@pytest.mark.parametrize(
    "name",
    ["with space", "it's", "地块 (1)", "[b]x[-b]", "-dash", "%41", "#h", "a{0}b", "x.tar", "=1+1", "@x", "💥", "A:b"],
)
def test_file_names(here, run, document, name):
    if ":" in name and Path(name).drive:
        pytest.skip("no such file name here")
    frame(box(0, 0)).to_file(here / "a.gpkg")
    (here / "a.gpkg").rename(here / f"{name}.gpkg")
    _, out, _ = run("--format", "json", "--", f"{name}.gpkg")
    found = parsed(out)
    assert found["rows"][0]["layer"] == name
    for form in ("table", "csv", "md"):
        assert run("--format", form, "--", f"{name}.gpkg")[0] == 0


EVIL = [
    "\x1b[31mred\x1b[0m", "\x9b2Jx", '=HYPERLINK("http://x")', "<img src=x onerror=alert(1)>", "a|b\nc",
    "[bold]x[/bold]", "\u202eabc", "`x` *y*", 'a,b;c"d', "{0}", "@SUM(1)", "\x1b=1+1",
]  # fmt: skip


def test_what_the_data_say_steers_nothing(here, run):
    frame(box(0, 0, 300)).to_file(here / "a.gpkg")
    frame(*(box(i * 20, 0, 20) for i in range(len(EVIL))), name=EVIL).to_file(here / "d.gpkg")
    bow = shapely.Polygon([(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100)])
    frame(bow, None, id=EVIL[:2], 类=[EVIL[4], EVIL[3]], area_doc_mu=EVIL[:2]).to_file(here / "b.gpkg")
    for arguments in (
        ("a.gpkg", "--districts", "d.gpkg"),
        ("b.gpkg", "--by", "类"),
        ("b.gpkg", "--where", "id <> '\x1b'"),
    ):
        for form in ("table", "csv", "md", "json"):
            code, out, _ = run(*arguments, "--format", form)
            assert code == 0
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", out)
            if form == "md":
                assert not re.search(r"<|(?<!\\)`|^evil", out)
            if form == "csv":
                cells = [cell for row in csv.reader(io.StringIO(out.removeprefix("\ufeff"))) for cell in row]
                assert [cell for cell in cells if re.match(r"[=+@\t\r]", cell)] == []
    rows = parsed(run("a.gpkg", "--districts", "d.gpkg", "--format", "json")[1])["rows"]
    assert [row["district"] for row in rows] == [*EVIL, None]


# ---- the workspace


@pytest.fixture
def jinhua(here):
    shutil.copytree(LAYERS, here / "layers")
    return here / "layers"


def test_the_workspace_in_all_its_options(jinhua, document, run):
    found = document()
    assert [source["layer"] for source in found["sources"]] == [
        "reclaim", "small_plot", "lowefficiency", "urban_village", "old_community", "renewal_project", "district"
    ]  # fmt: skip
    assert found["basis"]["districts"] == "district"
    assert found["basis"]["geom_source"].get("placeholder", 0) > 0
    for arguments in (
        ("reclaim", "--by", "district,stage", "--as-of", "2022-06-30", "--unit", "ha", "--method", "planar"),
        ("lowefficiency", "--where", "cause LIKE '%低散乱%' AND area_doc_mu > 5", "--by", "township"),
        ("--stage", "reclaim=reclaimed,lowefficiency=accepted"),
        ("--stage", "plan", "--by", "layer,stage"),
        ("--assign", "owner", "--count", "split", "--by", "programme"),
        ("--assign", "largest", "--count", "priority:reclaim,lowefficiency"),
        ("--districts", "zone_area", "--allow-district-overlap", "--by", "district"),
    ):
        assert document(*arguments)["total"]["parcels"] > 0
    assert run("--lang", "zh")[0] == 0
    before = document("reclaim", "--as-of", "1999-01-01")
    assert before["basis"]["as_of"] == "1999-01-01"
    for arguments in (
        ("--stage", "reclaim=nope"), ("--stage", "nope=reclaimed"), ("--stage", "reclaim"), ("--stage", ""),
        ("nope",), ("event",), ("reclaim", "nope.gpkg"), ("--districts", "nope"),
    ):  # fmt: skip
        assert run(*arguments)[0] == 2


def test_a_folder_may_be_called_like_a_layer(jinhua, here, document):
    (here / "reclaim").mkdir()
    assert [source["layer"] for source in document("reclaim")["sources"]] == ["reclaim", "district"]


def test_a_row_astray_in_a_layer_is_unmeasured(jinhua, document):
    path = jinhua / "reclaim.geojson"
    held = json.loads(path.read_text(encoding="utf-8"))
    before = document("reclaim")
    place = next(i for i, feature in enumerate(held["features"]) if feature["geometry"])
    held["features"][place]["geometry"] = {"type": "Polygon", "coordinates": [[[0, 0], [1e-3, 0], [0, 1e-3], [0, 0]]]}
    path.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
    found = document("reclaim")
    assert found["total"]["parcels"] == before["total"]["parcels"] - 1
    assert place + 1 in [entry["row"] for entry in found["unmeasured"]]


# ---- what is shown adds up


@st.composite
def ledgers(draw):
    count = draw(st.integers(1, 7))
    side = st.floats(20, 300).map(lambda value: round(value, 3))
    shapes = [box(draw(side), draw(side), draw(side), draw(side)) for _ in range(count)]
    columns = {"kind": [draw(st.sampled_from(["x", "y", "z"])) for _ in shapes], "area_doc_mu": [1.0] * count}
    if draw(st.booleans()):
        columns["more"] = [draw(st.sampled_from(["p", "q"])) for _ in shapes]
    cuts = sorted(draw(st.sets(st.integers(10, 500), min_size=1, max_size=3)))
    strips = [box(low, 0, high - low, 450) for low, high in zip([0, *cuts], cuts, strict=False)]
    return frame(*shapes, **columns), frame(*strips, name=[f"d{i}" for i in range(len(strips))])


def figures(cells):
    return [float(cell.replace(",", "").strip("* ")) for cell in cells if cell.strip("* ")]


def tables_of(page, form):
    """Return the tables of a printed page, as lists of rows of figures, the total last; blank cells left out."""
    found = []
    for block in page.split("\n\n"):
        if form == "md":
            lines = [line.strip("|").split("|") for line in block.splitlines() if line.startswith("|")][2:]
        else:
            lines = [re.split(r"\s{2,}", line) for line in block.splitlines() if not line.startswith("─")]
            start = next((i for i, line in enumerate(lines) if len(line) > 1), len(lines))
            lines = lines[start + 1 :]
        if lines and lines[-1][0].strip("* ") == "Total":
            found.append(lines)
    return found


@settings(max_examples=60)
@given(
    ledgers(),
    st.sampled_from(sorted(UNITS)),
    st.integers(0, 3),
    st.sampled_from(["once", "each", "split", "priority:x,y"]),
    st.booleans(),
)
def test_displayed_parts_add_up_to_displayed_totals(data, unit, digits, count, with_districts):
    parcels, strips = data
    keys = ["kind", *(["more"] if "more" in parcels.columns else [])]
    if count.startswith("priority") and not {"x", "y"} <= set(parcels["kind"]):
        count = "split"
    answer = account(
        parcels, by=(["district"] if with_districts else []) + keys, districts=strips if with_districts else None,
        count=count, method="planar",
    )  # fmt: skip
    total = area_document(answer, unit=unit)["landkit.area/v1"]["total"]
    step = 10.0**-digits
    two_way = with_districts and len(keys) == 1
    for form in ("table", "md"):
        page = area_text(answer, form=form, unit=unit, digits=digits, width=400)
        first, *others = tables_of(page, form)
        body, foot = [row[1:] for row in first[:-1]], first[-1][1:]
        if two_way:
            rows = [figures(row) for row in body]
            sums = np.sum(rows, axis=0)
            assert sums == pytest.approx(figures(foot), abs=step / 100)
            for row in (*rows, figures(foot)):
                assert sum(row[:-1]) == pytest.approx(row[-1], abs=step / 100)
            assert abs(figures(foot)[-1] - total["net"]) <= step * 0.5000001
        else:
            names = len(answer.by) - 1
            rows = np.array([figures(row[names:]) for row in body])
            shown = figures(foot[names:] if form == "md" else foot)
            assert rows[:, 1].sum() == pytest.approx(shown[1], abs=step / 100)  # gross
            assert rows[:, 3].sum() == pytest.approx(shown[3], abs=step / 100)  # counted
            assert abs(shown[1] - total["gross"]) <= step * 0.5000001
            assert abs(shown[2] - total["net"]) <= step * 0.5000001
        for shared in others:
            assert sum(figures(row[-1:])[0] for row in shared[:-1]) == pytest.approx(
                figures(shared[-1][-1:])[0], abs=step / 100
            )
        closing = next(line for line in page.splitlines() if "gross " in line)
        gross, again, stacked, conflict, net = figures(
            re.search(
                r"gross (\S+) . counted again (\S+) \(stacked (\S+), conflict (\S+)\) = net (\S+)", closing
            ).groups()
        )
        assert gross - again == pytest.approx(net, abs=step / 100)
        assert stacked + conflict == pytest.approx(again, abs=step / 100)
    sheet = area_text(answer, form="csv", unit=unit, digits=digits)
    lines = list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff"))))[1:]
    column = len(answer.by) + 1
    assert abs(sum(float(line[column]) for line in lines) - total["gross"]) <= step * 0.5000001
