"""Returned items: what a person gets back, puts right and imports again."""

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from shapely import Point, box
from test_importing import FLAT, E, N, at, direct, parcels, rows, survey, taken, ws  # noqa: F401 - fixtures

from landkit.admission import Surroundings, admit, receipt
from landkit.importing import import_delivery
from landkit.products.returned_sheet import returned_bytes
from landkit.receipts import FileReceipt, Receipt
from landkit.sources.delivery import read_delivery


def sheet_of(path):
    (sheet,) = openpyxl.load_workbook(path).worksheets
    return sheet


def fill(path, heading, value, *, row=2):
    book = openpyxl.load_workbook(path)
    (sheet,) = book.worksheets
    column = [cell.value for cell in sheet[1]].index(heading) + 1
    sheet.cell(row, column, value)
    book.save(path)


def test_a_returned_row_says_where_why_and_what_to_do(ws, tmp_path):  # noqa: F811
    taken(parcels(tmp_path / "收回.gpkg", [at(0, 0), Point(E, N)], 编号=["A", "B"], 备注=["x", "=1+1"]), ws)
    sheet = sheet_of(ws / "returned" / "returned-0001.xlsx")
    head, line = ([cell.value for cell in row] for row in sheet.iter_rows())
    told = dict(zip(head, line, strict=True))
    assert head[:7] == ["来件", "来件图层", "行号", "退回原因", "处理办法", "来件类型", "id"]
    assert (told["来件"], told["行号"], told["id"]) == ("收回.gpkg", 2, "B")
    assert told["处理办法"] == "请以面图形提供。"
    assert told["备注"] == "'=1+1"
    assert told["WKT"] == f"SRID=4549;POINT ({E} {N})"
    layer = gpd.read_file(ws / "returned" / "returned-0001.gpkg")
    assert (layer.crs.to_epsg(), layer.geometry[0].wkt) == (4549, f"POINT ({E} {N})")


def test_a_sheet_put_right_is_taken_as_the_delivery_it_came_from(ws, tmp_path):  # noqa: F811
    taken(parcels(tmp_path / "收回.gpkg", [at(0, 0), Point(E, N)], 编号=["A", "B"], 备注=["x", "=1+1"]), ws)
    path = ws / "returned" / "returned-0001.xlsx"
    fill(path, "WKT", f"SRID=4549;{at(100, 0).wkt}")
    into = taken(path, ws)
    assert (into.layers[0].target, into.accepted, into.quarantined) == ("reclaim", 1, 0)
    row = rows(ws).loc["B"]
    assert row["note"] == "=1+1"
    assert row.geometry.area == 2500
    assert not {"来件", "行号", "退回原因", "处理办法", "来件类型", "WKT"} & set(row.index)


def test_serial_numbers_keep_the_name_of_their_file(ws, tmp_path):  # noqa: F811
    taken(survey(tmp_path / "收回6月.txt"), ws)
    july = survey(tmp_path / "收回6月.txt", hectares="1.0001")
    assert taken(july, ws).quarantined == 1
    path = ws / "returned" / "returned-0002.xlsx"
    again = taken(path, ws, update=True)
    assert (again.accepted, again.layers[0].updated) == (1, 1)
    assert list(rows(ws).index) == ["收回6月-1"]
    assert rows(ws)["survey_m2"].iloc[0] == pytest.approx(10001)


def test_a_shape_too_long_for_a_cell_is_not_lost_as_none(tmp_path):
    ring = Point(E, N).buffer(100, quad_segs=2000)
    source = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"id": ["A"]}, geometry=[shapely.union(ring, box(E, N, E + 1, N + 1))], crs=4549).to_file(source)
    (layer,) = read_delivery(source)
    one = admit(layer, target=None, around=Surroundings())
    whole = receipt(one, "")
    back = layer.frame.assign(row=1, reason="not_taken")
    told = FileReceipt(source, "GeoPackage", layers=(whole.__class__(**{**whole.__dict__, "returned": back}),))
    path = tmp_path / "r.xlsx"
    path.write_bytes(returned_bytes(Receipt((told,)))[".xlsx"])
    (read,) = read_delivery(path)
    assert list(read.unmeasured["reason"]) == ["unreadable"]


def test_out_mode_returns_beside_the_package(tmp_path):
    file = tmp_path / "a.parquet"
    frame = gpd.GeoDataFrame({"n": [1.0, float("inf")]}, geometry=[at(0, 0), FLAT], crs=4549)
    frame.to_parquet(file)
    made = import_delivery(file, out=tmp_path / "o.gpkg")
    assert made.files[0].quarantined == 1
    assert [path.name for path in made.written] == ["o.gpkg", "o-returned.xlsx", "o-returned.gpkg"]
    told = pd.read_excel(tmp_path / "o-returned.xlsx", engine="openpyxl")
    assert list(told["行号"]) == [2]
    assert str(told["n"][0]) == "inf"
