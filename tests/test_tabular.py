"""Spreadsheets and text tables, made here as people make them; every expected value is written by hand."""

import base64
import csv
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit import words
from landkit.errors import InputError
from landkit.products.csv_file import csv_bytes
from landkit.sources.grid import Grid, cell_text
from landkit.sources.table_header import find_header
from landkit.sources.table_rows import sort_rows
from landkit.sources.tables import read_table
from landkit.sources.tabular import is_table_text, is_workbook, read_tabular

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
HEADINGS = ["编号", "企业名称", "用地面积(亩)"]
SQUARE = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"


def book(path, rows, *, merges=(), errors=(), title="台账"):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merges:
        sheet.merge_cells(cells)
    for cell in errors:
        sheet[cell].data_type = "e"
    workbook.save(path)
    return path


def read_rows(folder, rows, **layout):
    return read_tabular(book(folder / "t.xlsx", rows, **layout))[0]


def read_text(folder, text, *, name="t.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_tabular(path)[0]


def table(layer):
    """Return the attributes as lists, None for every gap."""
    frame = layer.frame.drop(columns="geometry")
    return [[None if pd.isna(cell) else cell for cell in row] for row in frame.itertuples(index=False, name=None)]


def columns(layer):
    return [name for name in layer.frame.columns if name != "geometry"]


def said(layer, key):
    for lang in ("en", "zh"):
        assert all(note.text(lang) for note in layer.notes)
        assert all(words.text(remark.key, lang, **remark.values) for remark in layer.remarks.itertuples())
    notes = [note.values for note in layer.notes if note.key == key]
    return notes + [(remark.row, remark.values) for remark in layer.remarks.itertuples() if remark.key == key]


# --- the sheet


def test_a_plain_table(tmp_path):
    day = datetime(2022, 6, 1)
    layer = read_rows(tmp_path, [[*HEADINGS, "签约时间"], ["001", "甲", 12.5, day], ["002", "乙", 7, None]])
    assert layer.name == "台账"
    assert layer.kind == "XLSX"
    assert not layer.has_shapes
    assert layer.frame.crs is None
    assert layer.frame.geometry.isna().all()
    assert table(layer) == [["001", "甲", 12.5, day], ["002", "乙", 7.0, None]]
    assert [str(dtype) for dtype in layer.frame.dtypes] == ["str", "str", "float64", "datetime64[us]", "geometry"]
    assert layer.rows == [2, 3]
    assert layer.notes == ()
    assert layer.remarks.empty
    assert layer.header == {}


def test_titles_unit_and_a_header_of_two_rows_with_merged_cells(tmp_path):
    rows = [
        ["金华开发区企业用地收回台账"],
        ["单位：亩"],
        ["编号", "企业名称", "面积", None, "责任\n单位"],
        [None, None, "用地", "平方米", None],
        ["S-1", "甲", 12.5, 8333.33, "国资"],
    ]
    merges = ["A1:E1", "A2:E2", "A3:A4", "B3:B4", "C3:D3", "E3:E4"]
    layer = read_rows(tmp_path, rows, merges=merges)
    assert columns(layer) == ["编号", "企业名称", "面积 用地", "面积(平方米)", "责任单位"]
    assert table(layer) == [["S-1", "甲", 12.5, 8333.33, "国资"]]
    assert layer.header == {"title": "金华开发区企业用地收回台账", "unit": "亩"}
    assert said(layer, "sheets.note.header") == [{"file": "t.xlsx [台账]", "rows": "3-4"}]
    assert layer.rows == [5]


def test_a_header_of_two_rows_without_merged_ranges(tmp_path):
    layer = read_text(tmp_path, "编号,企业名称,面积,,备注\n,,亩,公顷,\nS-1,甲,15,1,\n")
    assert columns(layer) == ["编号", "企业名称", "面积(亩)", "面积(公顷)", "备注"]
    assert table(layer) == [["S-1", "甲", "15", "1", None]]


def test_totals_are_taken_out_and_compared_with_their_rows(tmp_path):
    rows = [
        HEADINGS,
        ["S-1", "甲", 12.5],
        ["S-2", "乙", 10],
        [None, "小 计", 22.5],
        ["S-3", "丙", 7.5],
        ["小计", None, 8],
        ["合 计", "3家", 31],
    ]
    layer = read_rows(tmp_path, rows)
    assert [row[0] for row in table(layer)] == ["S-1", "S-2", "S-3"]
    assert layer.header == {"control.用地面积(亩)": "31|30"}
    assert said(layer, "sheets.note.total_differs") == [
        {"file": "t.xlsx [台账]", "row": 6, "column": "用地面积(亩)", "declared": "8", "computed": "7.5", "unread": 0},
        {"file": "t.xlsx [台账]", "row": 7, "column": "用地面积(亩)", "declared": "31", "computed": "30", "unread": 0},
    ]
    assert said(layer, "sheets.note.totals_agree") == [{"file": "t.xlsx [台账]", "count": 1}]
    assert [note["text"] for note in said(layer, "sheets.note.total")] == ["小 计 22.5", "小计 8", "合 计 3家 31"]
    assert layer.rows == [2, 3, 5]


def test_a_total_that_stands_first_sums_up_what_follows(tmp_path):
    layer = read_rows(tmp_path, [HEADINGS, ["合计", None, 22.5], ["S-1", "甲", 12.5], ["S-2", "乙", 10]])
    assert layer.header == {"control.用地面积(亩)": "22.5|22.5"}
    assert len(layer.frame) == 2


def test_a_total_is_compared_as_far_as_its_decimals_go_and_to_two_at_least(tmp_path):
    rows = [HEADINGS, ["S-1", "甲", 0.1412], ["S-2", "乙", 0.2413]]
    for total, differs in ((0.38, 0), (0.3825, 0), (0.39, 1), (0.384, 1), (0.4, 1)):
        layer = read_rows(tmp_path, [*rows, ["合计", None, total]])
        assert len(said(layer, "sheets.note.total_differs")) == differs


def test_cells_that_a_sum_could_not_read_are_counted(tmp_path):
    layer = read_text(tmp_path, "编号,用地面积(亩)\nS-1,15\nS-2,十五亩\n合计,30\n")
    (note,) = said(layer, "sheets.note.total_differs")
    assert (note["declared"], note["computed"], note["unread"]) == ("30", "15", 1)


def test_rates_are_not_summed_and_units_in_cells_are(tmp_path):
    text = "编号,用地面积(亩),完成率\nS-1,15亩,50%\nS-2,1公顷,100%\n合计,30,75%\n"
    layer = read_text(tmp_path, text)
    assert layer.header == {"control.用地面积(亩)": "30|30"}
    assert table(layer) == [["S-1", "15亩", "50%"], ["S-2", "1公顷", "100%"]]


def test_a_total_without_a_value_is_said(tmp_path):
    layer = read_rows(tmp_path, [HEADINGS, ["S-1", "甲", 1], ["S-2", "乙", 2], ["合计", None, "=SUM(C2:C3)"]])
    lost = [{"file": "t.xlsx [台账]", "row": 4, "column": "用地面积(亩)"}]
    assert said(layer, "sheets.note.total_lost") == lost
    assert layer.header == {}


def test_a_record_whose_name_holds_the_word_is_no_total(tmp_path):
    headings = ["编号", "企业名称", "责任单位", "联系人", "用地面积(亩)"]
    rows = [headings, ["S-1", "合计", "国资", "张三", 1], ["S-2", "计划科技总计有限公司", None, None, 2]]
    assert len(read_rows(tmp_path, rows).frame) == 2


def test_blank_rows_footnotes_repeated_headers_and_column_numbers(tmp_path):
    rows = [
        ["企业用地台账"],
        [*HEADINGS, "备注"],
        ["1", "2", "3", "4"],
        ["S-1", "甲", 1, "无"],
        [],
        [*HEADINGS, "备注"],
        ["S-2", "乙", 2, "缓"],
        ["S-3"],
        [],
        ["制表人：张三", None, "审核人：李四"],
        ["注：1.面积按证载"],
        ["2.另行说明"],
    ]
    layer = read_rows(tmp_path, rows, merges=["A1:D1"])
    assert [row[0] for row in table(layer)] == ["S-1", "S-2", "S-3"]
    assert layer.rows == [4, 7, 8]
    assert said(layer, "sheets.note.repeated") == [{"file": "t.xlsx [台账]", "rows": "6"}]
    assert said(layer, "sheets.note.numbering") == [{"file": "t.xlsx [台账]", "rows": "3"}]
    assert said(layer, "sheets.note.footnotes") == [
        {"file": "t.xlsx [台账]", "text": "制表人：张三 审核人：李四 / 注：1.面积按证载 / 2.另行说明"}
    ]


def test_records_that_count_up_are_no_column_numbers(tmp_path):
    assert len(read_text(tmp_path, "a,b,c,d\n1,2,3,4\n2,3,4,5\n").frame) == 2


def test_merged_cells_give_their_text_to_every_row_and_their_number_to_the_first(tmp_path):
    rows = [[*HEADINGS, "责任单位"], ["S-1", "甲", 30, "国资"], ["S-2", "乙"], ["S-3", "丙"]]
    layer = read_rows(tmp_path, rows, merges=["C2:C3", "D2:D4"])
    assert table(layer) == [["S-1", "甲", 30, "国资"], ["S-2", "乙", None, "国资"], ["S-3", "丙", None, "国资"]]
    assert said(layer, "sheets.note.filled") == [{"file": "t.xlsx [台账]", "column": "责任单位", "count": 2}]
    assert said(layer, "sheets.remark.merged_number") == [
        (1, {"column": "用地面积(亩)", "cells": "C2:C3", "value": "30"})
    ]


def test_errors_formulas_and_lost_digits_are_remarked_with_their_cell(tmp_path):
    rows = [
        [*HEADINGS, "身份"],
        ["001", "甲", "#REF!", 330702199001011234],
        ["002", "乙", "=1+1", "x"],
        [3, "#N/A", 1, 4],
    ]
    layer = read_rows(tmp_path, rows, errors=["C2"])
    assert [row[2] for row in table(layer)] == [None, None, 1]
    assert table(layer)[2] == ["3", None, 1, "4"]
    assert said(layer, "sheets.remark.error") == [
        (0, {"cell": "C2", "column": "用地面积(亩)", "error": "#REF!"}),
        (2, {"cell": "B4", "column": "企业名称", "error": "#N/A"}),
    ]
    assert said(layer, "sheets.remark.formula") == [(1, {"cell": "C3", "column": "用地面积(亩)"})]
    ((row, values),) = said(layer, "sheets.remark.digits_lost")
    assert (row, values["cell"]) == (0, "D2")


def test_percentages_are_what_people_see(tmp_path):
    path = book(tmp_path / "t.xlsx", [["编号", "表决率"], ["S-1", 0.125], ["S-2", 1]])
    workbook = openpyxl.load_workbook(path)
    for cell in ("B2", "B3"):
        workbook.active[cell].number_format = "0.0%"
    workbook.save(path)
    assert [row[1] for row in table(read_tabular(path)[0])] == ["12.5%", "100%"]


def test_every_sheet_that_holds_anything_is_read_also_a_hidden_one(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.title = "空"
    for name in ("一月", "二月"):
        sheet = workbook.create_sheet(name)
        sheet.append(HEADINGS)
        sheet.append(["S-1", name, 1])
    workbook["二月"].sheet_state = "hidden"
    workbook.save(tmp_path / "t.xlsx")
    layers = read_tabular(tmp_path / "t.xlsx")
    assert [layer.name for layer in layers] == ["一月", "二月"]
    assert [len(said(layer, "sheets.note.hidden")) for layer in layers] == [0, 1]


def test_headings_of_blocks_are_no_records(tmp_path):
    rows = [[*HEADINGS, "备注"], ["一、秋滨片区"], ["S-1", "甲", 1], ["中央创新城"], ["S-2", "乙", 2], ["无账"]]
    layer = read_rows(tmp_path, rows, merges=["A4:D4"])
    assert [row[0] for row in table(layer)] == ["S-1", "S-2", "无账"]
    assert layer.header == {"section.2": "一、秋滨片区", "section.4": "中央创新城"}
    assert [note["row"] for note in said(layer, "sheets.note.section")] == [2, 4]


def test_rows_that_may_sum_up_others_are_records_and_said(tmp_path):
    layer = read_rows(tmp_path, [["序号", *HEADINGS[1:]], ["一", "秋滨", 3], [1, "甲", 1], [2, "乙", 2]])
    assert len(layer.frame) == 3
    assert said(layer, "sheets.note.ordinals") == [{"file": "t.xlsx [台账]", "rows": "2"}]


def test_a_list_of_fields_loses_none_to_its_header(tmp_path):
    layer = read_rows(tmp_path, [["字段", "含义"], ["a", "面积多少"], ["地块编号", "企业名称"], ["b", "c"]])
    assert columns(layer) == ["字段", "含义"]
    assert len(layer.frame) == 3


def test_a_second_table_below_the_first_is_said(tmp_path):
    other = ["宗地编号", "现状用途", "规划用途", "用地面积(亩)"]
    layer = read_rows(tmp_path, [HEADINGS, ["S-1", "甲", 1], [], other, ["Z-1", "工业", "商业", 2]])
    assert said(layer, "sheets.note.second_header") == [{"file": "t.xlsx [台账]", "row": 4}]
    assert len(layer.frame) == 3


def test_who_hands_in_a_sheet_is_no_unit(tmp_path):
    layer = read_rows(tmp_path, [["填报单位：国资公司"], ["(单位：亩、万元)"], HEADINGS, ["S-1", "甲", 1]])
    assert layer.header == {"title": "填报单位：国资公司", "unit": "亩、万元"}


def test_without_a_header_no_record_is_taken_for_one(tmp_path):
    layer = read_text(tmp_path, "1,2\n3,4\n")
    assert columns(layer) == ["A", "B"]
    assert table(layer) == [["1", "2"], ["3", "4"]]
    assert len(said(layer, "sheets.note.no_header")) == 1


def test_columns_of_one_name_and_without_a_name(tmp_path):
    layer = read_text(tmp_path, "编号,面积,面积,\nS-1,1,2,3\n")
    assert columns(layer) == ["编号", "面积", "面积_1", "D"]
    assert said(layer, "files.note.renamed") == [{"file": "t.csv", "name": "面积", "new": "面积_1"}]
    assert said(layer, "sheets.note.unnamed") == [{"file": "t.csv", "columns": "D"}]


def test_a_cell_beyond_the_header_is_kept(tmp_path):
    layer = read_text(tmp_path, "编号,面积\nS-1,1,多出\nS-2\n")
    assert table(layer) == [["S-1", "1", "多出"], ["S-2", None, None]]


def test_open_document(tmp_path):
    text = '<table:table-cell office:value-type="string"><text:p>{0}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="{0}"/>'
    rows = [map(text.format, HEADINGS), [text.format("001"), text.format("甲"), number.format(12.5)]]
    body = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:x"/>')
        package.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="台账">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    (layer,) = read_tabular(tmp_path / "t.ods")
    assert (layer.kind, layer.name, table(layer)) == ("ODS", "台账", [["001", "甲", 12.5]])


# A workbook of Excel 97: a merged title, two records that share a merged cell, a date, a total (zlib, base64)
OLD_WORKBOOK = (
    "eNrtWEtIVFEY/s69d5wZ8TE+QQMZjMwnqEG00amwbONkKVkR1JizCGOMIRcWqGWuRAgiomgjmODGatO7qF2LQKlFEBRatGqRgT0W6u3//3svjW"
    "bgQAnG/S7nP+f8r/Of899z7mNqMmt65HbhDJahHjoWTT9SEniKit/pBEBy0+SmU/uomC7WFfw+SmSKBw/TX3g5h5zvGWi4ZTwjCryncgSnEO6K"
    "RYNriJ0SQ0RxDHVEFa4TJwMFElW20ONCc4TeFM1HQrcLZ1hoHelOq8OYDIXLt9l38UGtWGQZYL93xeaNcGqQh+d8F/ddVJauBzviJyIn15mgyE"
    "jDKCihjdFYNM79TNxAKnCIUNXUVNXQMI1cSvYovppBYM7Z1U+DLn9t+QrE/7GU7/0D30dJXM6/pBlAP8xjskkGkYY9Bks0NdtSMjyPiBzZfjme"
    "ldpbGC7trm7bGn13gMVkkt/3vcWwJOmtsz1eKFZov/K5pxTj4TKQrPfsWO+36NxlHaiurlFQtd3SrCVzX+vIUCoPIOdIYMk5ki77K41oBzKlnS"
    "W7LEChzI9/ednU3hw6Kpx+eXZYT5hNPCGYOMcWZJwhEo9QlpSLRYXQ8+J1g7QLheaSJtUlzXl2Y/eA6FwQaQmNs0XwKrQ5oV1K7cFP++4VDX4I"
    "lVF7onHmTO7E69AIimnpOsierwFUqkp17SrjfsiplX0avRVa8NvJ5NMCduym/RjNxALvRUKW0Ce0RpDV4UsXC7WChRILplbPWU+rp4mt09OpZ9"
    "ijayv40sSXx9a3csM5eyyzYV9DOXzOjj3Q7IjYt77Miy5evDIHH/WUxNersYR9lNsRGCvYGmLLeWd9Q/QrNgIf7Qh0maEFHfVaNu5w0HS6/0Iq"
    "XLhw4cKFCxcuXCQHfsPS5A3Lerv22O/uXvu/zgKVRfc3yX+L/eii6zR9VO5CjOo4epK6f/LhUY4vtUob538ho41Gj6MT7RJHZ9L3L30rqMT5rN"
    "ow8Pe2ULLjLyYT5z8e/yeAvPAn"
)


def test_a_workbook_of_excel_97(tmp_path):
    (tmp_path / "t.xls").write_bytes(zlib.decompress(base64.b64decode(OLD_WORKBOOK)))
    (layer,) = read_tabular(tmp_path / "t.xls")
    assert (layer.kind, layer.name) == ("XLS", "台账")
    assert table(layer) == [["001", "甲", 12.5, datetime(2022, 6, 1)], ["002", "甲", 10.0, None]]
    assert layer.header == {"title": "企业用地收回台账", "control.用地面积(亩)": "22.5|22.5"}


WORDS = st.sampled_from(
    [*HEADINGS, "合计", "小计", "注：某", "制表人：某", "甲公司", "S-1", "1", "2022年6月", SQUARE, "#REF!", "单位：亩"]
)
CELLS = (
    st.none() | WORDS | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.datetimes() | st.text()
)


@settings(max_examples=300)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=12))
def test_every_row_of_any_sheet_is_accounted_for(rows):
    rows = [[cell or None if isinstance(cell, str) else cell for cell in row] for row in rows]
    grid = Grid("某", rows, list(range(1, len(rows) + 1)))
    header = find_header(grid)
    found = sort_rows(grid, header)
    left_out = [note.values for note in found.notes if note.key != "sheets.note.ordinals"]
    listed = [int(row) for values in left_out for row in str(values.get("rows", "")).split(", ") if row]
    listed += [place + 1 for place in found.sections]
    places = [*(grid.numbers[place] for place in found.records), *listed, *(total.place + 1 for total in found.totals)]
    footnotes = next((note.values["text"] for note in found.notes if note.key == "sheets.note.footnotes"), "")
    below = {row for row in range(header.bottom + 2, len(rows) + 1) if any(cell is not None for cell in rows[row - 1])}
    assert len(places) == len(set(places))
    for row in below - set(places):
        assert " ".join(cell_text(cell) for cell in rows[row - 1] if cell is not None) in footnotes
    assert set(places) <= below
    assert read_table(grid).numbers == [grid.numbers[place] for place in found.records]


# --- text tables


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，", "|"])
def test_encoding_and_delimiter_are_found(tmp_path, encoding, delimiter):
    lines = [HEADINGS, ["001", "金华某某有限公司", "12.5"], ["002", "另一公司", "7"]]
    layer = read_text(tmp_path, "\r\n".join(delimiter.join(line) for line in lines), encoding=encoding)
    assert columns(layer) == HEADINGS
    assert table(layer) == lines[1:]
    assert len(said(layer, "sheets.note.gb18030")) == (encoding == "gb18030")


def test_a_delimiter_inside_texts_is_not_the_delimiter(tmp_path):
    layer = read_text(tmp_path, '编号,备注\nS-1,"甲，乙，丙"\nS-2,"一,二"\n')
    assert table(layer) == [["S-1", "甲，乙，丙"], ["S-2", "一,二"]]


def test_a_named_delimiter_and_the_lines_of_records(tmp_path):
    layer = read_text(tmp_path, 'sep=;\n编号;备注\nS-1;"两\n行"\nS-2;x\n')
    assert table(layer) == [["S-1", "两\n行"], ["S-2", "x"]]
    assert layer.rows == [3, 5]


def test_a_quote_that_is_never_closed_swallows_nothing(tmp_path):
    layer = read_text(tmp_path, '编号,备注\nS-1,"开\nS-2,x\n')
    assert table(layer) == [["S-1", '"开'], ["S-2", "x"]]
    assert len(said(layer, "sheets.note.quotes")) == 1


def test_formulas_are_texts_and_the_guard_of_our_own_csv_comes_off(tmp_path):
    cells = ["=1+1", "+a", "-b", "@c", "'d", "＝e", "'=f"]
    (tmp_path / "t.csv").write_bytes(
        csv_bytes(["编号", "备注"], [[f"S-{row}", cell] for row, cell in enumerate(cells)])
    )
    assert [row[1] for row in table(read_tabular(tmp_path / "t.csv")[0])] == cells


def test_the_encoding_given_is_obeyed(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("编号,名称\nS-1,甲\n".encode("gb18030"))
    assert table(read_tabular(path, encoding="gbk")[0]) == [["S-1", "甲"]]
    with pytest.raises(InputError, match="utf-8"):
        read_tabular(path, encoding="utf-8")
    with pytest.raises(InputError, match="no-such"):
        read_tabular(path, encoding="no-such")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(min_value=-1e9, max_value=1e9).map(lambda value: round(value, 4)), min_size=1, max_size=20))
def test_numbers_of_a_sheet_are_read_as_they_are(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("numbers")
    layer = read_rows(folder, [["编号", "面积"], *([f"S-{row}", value] for row, value in enumerate(values))])
    cells = [float(cell) for cell in layer.frame["面积"]]
    assert cells == values


@given(st.binary(max_size=60) | st.text(alphabet="ab\",;\t\n\r='1 点号", max_size=60).map(str.encode))
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        layers = read_tabular(path)
    except InputError:
        return
    assert layers


# --- shapes


def test_well_known_text(tmp_path):
    rows = [["编号", "坐标串"], ["a", SQUARE], ["b", "POLYGON Z ((0 0 1, 1 0 1, 1 1 1, 0 0 1))"], ["c", None]]
    layer = read_rows(tmp_path, rows)
    assert layer.has_shapes
    assert columns(layer) == ["编号"]
    assert layer.frame.area.tolist()[:2] == [100, 0.5]
    assert layer.frame.geometry.isna().tolist() == [False, False, True]
    assert not layer.frame.has_z.any()
    assert layer.unmeasured.empty


def test_well_known_text_that_cannot_be_read_stays_beside_its_row(tmp_path):
    rows = [
        ["编号", "geometry"],
        ["a", SQUARE],
        ["b", "POLYGON ((0 0, 1"],
        ["c", "CURVEPOLYGON (CIRCULARSTRING EMPTY)"],
    ]
    layer = read_rows(tmp_path, rows)
    assert layer.unmeasured.to_dict("list") == {"row": [1, 2], "reason": ["unreadable"] * 2}
    assert layer.frame["geometry_text"].tolist() == [row[1] for row in rows[1:]]
    assert layer.frame.geometry.isna().tolist() == [False, True, True]


def test_an_open_ring_is_closed_and_remarked(tmp_path):
    layer = read_rows(tmp_path, [["编号", "WKT"], ["a", "POLYGON ((0 0, 10 0, 10 10, 0 10))"]])
    assert layer.frame.area.tolist() == [100]
    assert said(layer, "sheets.remark.closed") == [(0, {})]


@pytest.mark.parametrize(("codes", "found"), [(("4549", "4549"), 4549), (("4549", "4550"), None), (("1", "1"), None)])
def test_a_reference_system_is_taken_only_where_every_shape_names_it(tmp_path, codes, found):
    layer = read_rows(tmp_path, [["编号", "WKT"], *(["a", f"SRID={code};{SQUARE}"] for code in codes)])
    assert (layer.frame.crs and layer.frame.crs.to_epsg()) == found
    assert layer.frame.area.tolist() == [100, 100]


def test_geojson_text(tmp_path):
    text = '{"type": "Polygon", "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 0]]]}'
    layer = read_rows(tmp_path, [["编号", "图形"], ["a", text], ["b", '{"type": "Polygon"']])
    assert layer.frame.area.tolist()[0] == 50
    assert layer.unmeasured["row"].tolist() == [1]


@pytest.mark.parametrize(
    ("headings", "first", "second", "key"),
    [
        (("经度", "纬度"), 119.6, 29.1, "size"),
        (("X坐标", "Y坐标"), 3218000.5, 469100.25, "size"),
        (("X坐标", "Y坐标"), 469100.25, 3218000.5, "size"),
        (("X坐标", "Y坐标"), 3218000.5, 40469100.25, "size"),
        (("东坐标", "北坐标"), 120.5, 310.5, "name"),
        (("x", "y"), 120.5, 310.5, "name"),
    ],
)
def test_pairs_of_coordinates_are_points(tmp_path, headings, first, second, key):
    layer = read_rows(
        tmp_path, [["名称", *headings], ["a", first, second], ["b", first, None], ["c", "未知", second], ["d"]]
    )
    assert len(said(layer, f"sheets.note.axes_{key}")) == 1
    east, north = sorted((first, second)) if second != 40469100.25 else (second, first)
    if key == "size" and north < 100:
        east, north = north, east
    if first == 119.6:
        east, north = first, second
    assert layer.frame.geometry[0] == shapely.Point(east, north)
    assert layer.frame.geometry.isna().tolist() == [False, True, True, True]
    assert layer.unmeasured["row"].tolist() == [1, 2]
    assert columns(layer) == ["名称", *headings]


LIST = ["宗地号", "点号", "圈号", "X坐标", "Y坐标", "权利人"]
NORTH, EAST = 3218000.0, 40469000.0


def ring(parcel, number, corners, *, owner="甲"):
    return [[parcel, f"J{name}", number, NORTH + y, EAST + x, owner] for name, (x, y) in enumerate(corners, 1)]


OUTER = [(0, 0), (0, 100), (100, 100), (100, 0), (0, 0)]
INNER = [(20, 20), (40, 20), (40, 40), (20, 40), (20, 20)]


def test_boundary_points_become_parcels(tmp_path):
    rows = [LIST, *ring("A", 1, OUTER), *ring("A", 2, INNER), *ring("B", 1, OUTER[:-1], owner="乙")]
    layer = read_rows(tmp_path, rows)
    assert table(layer) == [["A", "甲"], ["B", "乙"]]
    assert layer.frame.area.tolist() == [9600, 10000]
    assert layer.frame.total_bounds.tolist() == [EAST, NORTH, EAST + 100, NORTH + 100]
    assert layer.rows == [2, 12]
    assert said(layer, "sheets.note.point_list") == [{"file": "t.xlsx [台账]", "points": 14, "parcels": 2}]
    assert len(said(layer, "sheets.note.axes_size")) == 1
    assert [row for row, _ in said(layer, "survey.remark.unclosed")] == [1]


def test_a_parcel_named_once_and_what_differs_among_its_points(tmp_path):
    rows = [LIST, *ring("A", 1, OUTER)]
    for row in rows[2:]:
        row[0] = None
    rows[3][5] = "乙"
    layer = read_rows(tmp_path, rows)
    assert table(layer) == [["A", "甲"]]
    assert layer.frame.area.tolist() == [10000]
    assert said(layer, "sheets.note.parcel_above") == [{"file": "t.xlsx [台账]", "column": "宗地号", "count": 4}]
    assert said(layer, "sheets.remark.varies") == [(0, {"column": "权利人"})]


def test_a_parcel_with_a_point_that_cannot_be_read_has_no_shape(tmp_path):
    rows = [LIST, *ring("A", 1, OUTER), *ring("B", 1, OUTER)]
    rows[3][3] = "见图"
    layer = read_rows(tmp_path, rows)
    assert layer.frame.geometry.isna().tolist() == [True, False]
    assert layer.unmeasured.to_dict("list") == {"row": [0], "reason": ["unreadable"]}
    assert said(layer, "sheets.remark.point") == [(0, {"number": 4})]


def test_a_corner_that_is_only_missing_is_a_point_that_cannot_be_read(tmp_path):
    headings = ["宗地号", "圈号", "X坐标", "Y坐标"]
    rows = [[parcel, number, y, x] for parcel, _, number, y, x, _ in ring("A", 1, OUTER)]
    for gap in (["见图", None], [None, None]):
        layer = read_rows(tmp_path, [headings, *rows[:2], ["A", None if gap[0] else 1, *gap], *rows[2:]])
        assert layer.unmeasured["row"].tolist() == [0]


def test_a_parcel_without_any_point_is_a_row_without_a_shape(tmp_path):
    layer = read_rows(tmp_path, [LIST, *ring("A", 1, OUTER), ["B", None, None, None, None, "乙"]])
    assert table(layer) == [["A", "甲"], ["B", "乙"]]
    assert layer.frame.geometry.isna().tolist() == [False, True]
    assert layer.unmeasured.empty
    assert said(layer, "sheets.note.point_list")[0]["points"] == 5


def test_points_without_a_parcel_are_points_unless_the_sheet_is_of_a_boundary(tmp_path):
    rows = [["点号", "X坐标", "Y坐标"], *([name, y, x] for _, name, _, y, x, _ in ring("A", 1, OUTER))]
    assert read_rows(tmp_path, rows, title="控制点").frame.geom_type.tolist() == ["Point"] * 5
    assert read_rows(tmp_path, rows, title="界址点成果表").frame.area.tolist() == [10000]


# --- what is refused


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("t.xlsx", b"PK\x03\x04 and no more", "sheets.broken"),
        ("t.xlsx", b"no workbook", "files.not_kind"),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "sheets.broken"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "sheets.encrypted"),
        ("t.xls", b"<html><table><tr><td>1</td></tr></table></html>", "files.not_kind"),
        ("t.csv", b"", "files.not_kind"),
        ("t.csv", b" \n\n", "files.not_kind"),
        ("t.csv", b",,\n,,\n", "sheets.empty"),
        ("t.csv", b"a,b\n\xff\xff,1\n", "sheets.encoding"),
        ("t.csv", b"a\0b,c\n", "files.not_kind"),
        ("t.csv", b"PK\x03\x04", "files.not_kind"),
        ("t.txt", "[属性描述]\n坐标系=2000\n".encode("gbk"), "files.not_kind"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, content, key):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_tabular(path)
    assert caught.value.key == key
    assert caught.value.hint("zh")


def test_a_workbook_of_another_extension_is_read_by_its_content(tmp_path):
    path = book(tmp_path / "t.xlsx", [HEADINGS, ["S-1", "甲", 1]]).rename(tmp_path / "t.xls")
    assert read_tabular(path)[0].kind == "XLSX"


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9), st.integers(1, 40), st.randoms())
def test_a_damaged_workbook_is_read_or_refused(tmp_path_factory, place, count, random):
    path = book(tmp_path_factory.mktemp("damaged") / "t.xlsx", [HEADINGS, ["S-1", "甲", 1]])
    member = random.choice(
        ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]
    )

    def damage(text):
        start = place % len(text)
        return text[:start] + random.randbytes(count) + text[start + count :]

    try:
        layers = read_tabular(repacked(path, member, damage))
    except InputError:
        return
    assert layers


def repacked(path, member, change):
    """Change the text of one member of a package."""
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


def test_a_bomb_is_not_opened(tmp_path):
    path = book(tmp_path / "t.xlsx", [HEADINGS, ["S-1", "甲", 1]])
    repacked(path, "xl/worksheets/sheet1.xml", lambda text: text + b" " * (11 << 20))
    with pytest.raises(InputError) as caught:
        read_tabular(path)
    assert caught.value.key == "sheets.too_large_unpacked"


def test_a_stray_cell_at_the_far_corner_is_refused_before_its_rectangle_is_made(tmp_path):
    path = book(tmp_path / "t.xlsx", [HEADINGS, ["S-1", "甲", 1]])
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    repacked(path, "xl/worksheets/sheet1.xml", lambda text: text.replace(b"</sheetData>", far))
    with pytest.raises(InputError) as caught:
        read_tabular(path)
    assert caught.value.key == "sheets.too_large"


def test_content_tests():
    assert is_workbook(b"PK\x03\x04....")
    assert is_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert not is_workbook("编号,面积".encode())
    for text in ("编号,面积\n1,2", "[a],[b]\n1,2", "点号\tX\tY"):
        assert is_table_text(text.encode())
        assert is_table_text(text.encode("gb18030"))
        assert is_table_text(text.encode("utf-16"))
    for text in ("[属性描述]\n坐标系=", " 【属性描述】\r\n", '{"type": "x"}', "<kml>", ""):
        assert not is_table_text(text.encode())
        assert not is_table_text(text.encode("gb18030"))
    assert not is_table_text(b"SQLite format 3\0")


# --- the corpus

TABLES = {"csv", "tsv", "txt", "xlsx", "ods"}
# What other readers count as records there: a header, and rows without anything in them
OTHERS_COUNT_MORE = {
    "inlineStr.xlsx": 1,
    "testcsvt.csv": 1,
    "test_missing_row1_data.xlsx": 250,
    "xlsx_no_geometry/a.xlsx": 1,
    "xlsx_wkt/a.xlsx": 1,
}
REFUSED = {
    "test_kspread.ods": "sheets.broken",  # its parser wants cells without line breaks between them
    "csv_survey_txt/a.txt": "files.not_kind",  # a survey file
    "xlsx_bomb/a.xlsx": "sheets.too_large_unpacked",
}


def corpus():
    if not CORPUS.exists():
        return []
    lines = (CORPUS / "manifest.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(row["path"], row["peer_n"]) for row in rows if row["kind"] in TABLES]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
@pytest.mark.parametrize(("name", "count"), corpus())
def test_corpus(name, count):
    refused = next((key for end, key in REFUSED.items() if name.endswith(end)), None)
    if refused:
        with pytest.raises(InputError) as caught:
            read_tabular(CORPUS / name)
        assert caught.value.key == refused
        return
    layers = read_tabular(CORPUS / name)
    other = next((more for end, more in OTHERS_COUNT_MORE.items() if name.endswith(end)), 0)
    assert sum(len(layer.frame) for layer in layers) >= int(count or 1) - other
    for layer in layers:
        assert len(layer.rows) == len(layer.frame)
        said(layer, "")
