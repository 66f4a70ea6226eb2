"""Survey boundary-point files: every quirk that files are known to have is read, said, or given back, and what landkit
writes it reads again as the same rings."""

from __future__ import annotations

import json
import math
import random
import time
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from landkit.crs import Plane
from landkit.errors import CrsError, DatumError, InputError, UsageError
from landkit.products.survey_txt import PROFILES, Profile, survey_txt_bytes
from landkit.sources.layer import Note, SourceLayer
from landkit.sources.survey_txt import is_survey_txt, read_survey_txt
from landkit.words import text

SAMPLES = Path(__file__).parents[2] / "shared" / "domain" / "survey-txt"
PLANE = Plane(40)
HEADER = """[属性描述]
格式版本号=1.01版本
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=40
精度=0.001
转换参数=0,0,0,0,0,0,0
[地块坐标]
"""
# 100 m by 80 m
SQUARE = [(3218000, 40462000), (3218000, 40462100), (3217920, 40462100), (3217920, 40462000)]
RECORD = "5,0.8000,DK1,秋滨,面,H50G082089,工业用地,0601,@\n"


def points(corners, *, ring=1, first=1, close=True, label="J{}"):
    rows = [(label.format(first + i), ring, x, y) for i, (x, y) in enumerate(corners)]
    rows += [(label.format(first), ring, *corners[0])] if close else []
    return "".join(f"{name},{number},{x:.3f},{y:.3f}\n" for name, number, x, y in rows)


def remarks_of(layer):
    return [Note(key, values) for key, values in zip(layer.remarks["key"], layer.remarks["values"], strict=True)]


def read(tmp_path, content, *, name="a.txt", encoding=None):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode("gb18030"))
    (layer,) = read_survey_txt(file, encoding=encoding)
    assert isinstance(layer.frame.index, pd.RangeIndex)
    for lang in ("en", "zh"):  # every remark and note has its words
        assert all(note.text(lang) for note in (*remarks_of(layer), *layer.notes))
        assert all(text(f"reason.{reason}", lang) for reason in layer.unmeasured["reason"])
    json.dumps(list(layer.remarks["values"]))  # they leave the child process as JSON
    return layer


def keys(layer, row=None):
    rows = layer.remarks if row is None else layer.remarks[layer.remarks["row"] == row]
    return [key.removeprefix("survey.remark.") for key in rows["key"]]


def said(layer, key):
    (remark,) = (remark for remark in remarks_of(layer) if remark.key == f"survey.remark.{key}")
    return remark.values


def note_keys(layer):
    return [note.key.removeprefix("survey.note.") for note in layer.notes]


def shoelace(corners):
    """The area of corners (north, east) by hand, exactly."""
    pairs = [(Fraction(str(x)), Fraction(str(y))) for x, y in corners]
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(pairs, [*pairs[1:], pairs[0]], strict=True))
    return float(abs(twice) / 2)


# ---- the samples


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of the domain pages are not here")
@pytest.mark.parametrize(
    ("number", "hectares", "epsg", "encoding", "remarks"),
    [
        ("01", [1.1429, 1.3485], 4528, "gb18030", []),
        ("02", [8.3200], 4528, "utf-8-sig", []),
        ("03", [0.4312], 4549, "gb18030", ["unclosed", "area_unit"]),
        ("04", [1.7100], 2364, "gb18030", []),
        ("05", [1.1429], 4528, "utf-8", ["count", "swapped", "area_m2"]),
        ("06", [1.1447], 4498, "gb18030", []),
    ],
)
def test_a_sample_has_the_area_that_its_surveyor_declared(number, hectares, epsg, encoding, remarks):
    (file,) = SAMPLES.glob(f"{number}_*.txt")
    assert is_survey_txt(file.read_bytes()[:65_536])
    (layer,) = read_survey_txt(file)
    # hectares to four places: half a square metre
    np.testing.assert_allclose(layer.frame.area, np.array(hectares) * 10_000, atol=0.51)
    np.testing.assert_allclose(layer.frame["声明面积(公顷)"], hectares, atol=5.1e-5)
    assert layer.frame.crs.to_epsg() == epsg
    assert layer.header["encoding"] == encoding
    assert keys(layer) == remarks
    assert layer.frame.geometry.is_valid.all()
    assert len(layer.unmeasured) == len(layer.notes) == 0


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of the domain pages are not here")
def test_samples_have_the_parts_and_holes_that_are_drawn_in_them():
    (file,) = SAMPLES.glob("02_*.txt")
    (layer,) = read_survey_txt(file)
    first, second = layer.frame.geometry[0].geoms
    assert [len(first.interiors), len(second.interiors)] == [1, 0]
    # 260 m by 300 m, less 70 m by 80 m, and 90 m by 120 m
    assert first.area == pytest.approx(260 * 300 - 70 * 80, abs=0.3)
    assert second.area == pytest.approx(90 * 120)
    (file,) = SAMPLES.glob("04_*.txt")
    (layer,) = read_survey_txt(file)
    assert [part.area for part in layer.frame.geometry[0].geoms] == [
        pytest.approx(150 * 90),
        pytest.approx(60**2, abs=0.3),
    ]
    assert layer.header["[项目信息]项目所在县区代码"] == "330702"
    assert layer.frame[["TBLX", "DL", "GZQ", "GZH", "BZ"]].iloc[0].fillna("").tolist() == ["", "B", "C", "改造", "备注"]


# ---- what is read


def test_a_file_as_the_format_has_it(tmp_path):
    layer = read(tmp_path, HEADER + RECORD + points(SQUARE))
    assert layer.frame.drop(columns="geometry").to_dict("records") == [
        {
            "地块编号": "DK1",
            "地块名称": "秋滨",
            "声明面积(公顷)": 0.8,
            "声明面积原文": "0.8000",
            "界址点数": "5",
            "图形属性": "面",
            "图幅号": "H50G082089",
            "地块用途": "工业用地",
            "地类编码": "0601",
        }
    ]
    # east first, the zone kept, the direction kept
    assert list(layer.frame.geometry[0].exterior.coords)[:2] == [(40462000, 3218000), (40462100, 3218000)]
    assert layer.frame.area[0] == shoelace(SQUARE) == 8000
    assert layer.frame.crs == "EPSG:4528"
    assert (layer.name, layer.kind, len(layer.remarks), layer.notes) == ("a", "Survey TXT", 0, ())
    assert {
        key: layer.header[key] for key in ("zone", "degrees", "datum", "prefixed", "encoding", "带号", "转换参数")
    } == {
        "zone": "40",
        "degrees": "3",
        "datum": "CGCS2000",
        "prefixed": "yes",
        "encoding": "gb18030",
        "带号": "40",
        "转换参数": "0,0,0,0,0,0,0",
    }


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, newline):
    content = (HEADER + RECORD + points(SQUARE)).replace("\n", newline).encode(encoding)
    assert is_survey_txt(content[:200])
    layer = read(tmp_path, content)
    assert layer.frame["地块名称"].tolist() == ["秋滨"]
    assert layer.frame.area[0] == 8000


def test_utf16_with_its_mark_the_other_way_round(tmp_path):
    content = b"\xfe\xff" + (HEADER + RECORD + points(SQUARE)).encode("utf-16-be")
    assert is_survey_txt(content)
    assert read(tmp_path, content).frame["地块用途"].tolist() == ["工业用地"]


def test_an_encoding_asked_for_is_taken_or_refused(tmp_path):
    content = (HEADER + RECORD + points(SQUARE)).encode("gb18030")
    assert read(tmp_path, content, encoding="gbk").header["encoding"] == "gbk"
    for wrong in ("utf-8", "no-such-encoding", "base64"):
        with pytest.raises(InputError, match="its text is not"):
            read(tmp_path, content, encoding=wrong)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_that_ends_within_a_character_is_not_read_as_another_encoding(tmp_path, encoding):
    content = (RECORD + points(SQUARE) + "完").encode(encoding)
    for cut in range(1, len("完".encode(encoding.removesuffix("-sig")).removeprefix(b"\xff\xfe"))):
        layer = read(tmp_path, content[:-cut])
        assert (layer.frame["地块名称"][0], layer.header["encoding"]) == ("秋滨", encoding)
        assert note_keys(layer) == ["bytes"]


def test_bytes_that_are_no_text_are_said(tmp_path):
    content = (HEADER + RECORD + points(SQUARE)).encode("utf-8").replace("秋滨".encode(), b"\xe7\xa7\xff")
    layer = read(tmp_path, content)
    assert note_keys(layer) == ["bytes"]
    assert layer.header["encoding"] == "utf-8"
    assert "\ufffd" in layer.frame["地块名称"][0]
    assert layer.frame.area[0] == 8000


MESSY = [
    HEADER.replace("[", "【").replace("]", "】") + RECORD + points(SQUARE),
    HEADER.replace("[", "  ［").replace("]", "］\t") + RECORD + points(SQUARE),
    HEADER.replace("=", "＝") + RECORD + points(SQUARE),
    HEADER.replace("=", " = ") + "\n  \n" + RECORD + "\u3000\n" + points(SQUARE) + "\n\n",
    HEADER + RECORD.replace(",", "，").replace("@", "＠") + points(SQUARE).replace(",", "，"),
    HEADER + RECORD.replace(",", " ,\t") + points(SQUARE).replace(",", ",\t"),
    HEADER + RECORD + points(SQUARE).replace(",", "\t"),
    HEADER + RECORD + points(SQUARE).replace(",", "  "),
    HEADER + RECORD + points(SQUARE).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.,J"}),
    HEADER + RECORD.replace("@", "@,,,") + points(SQUARE).replace("\n", ",,,\n"),
    HEADER + RECORD.replace(",@", "@") + points(SQUARE),
    HEADER + RECORD + points(SQUARE, label="{}"),
    HEADER + RECORD + points(SQUARE, label="J{:02}"),
    HEADER + RECORD + points(SQUARE, label=""),
    HEADER + RECORD + points(SQUARE, ring=""),
    HEADER + RECORD + points(SQUARE).replace(",1,", ","),
    "\n".join(f'"{line}"' for line in (HEADER + RECORD + points(SQUARE)).splitlines()),
    "\n".join(line + "," * (8 - line.count(",")) for line in (HEADER + RECORD + points(SQUARE)).splitlines()),
]  # fmt: skip


@pytest.mark.parametrize("content", MESSY, ids=range(len(MESSY)))
def test_manners_of_writing_that_change_nothing(tmp_path, content):
    layer = read(tmp_path, content, name="a.csv")
    assert is_survey_txt(content.encode("gb18030"))
    assert layer.frame["声明面积(公顷)"].tolist() == [0.8]
    assert layer.frame["地类编码"].tolist() == ["0601"]
    assert layer.frame.area[0] == 8000
    assert layer.frame.crs == "EPSG:4528"
    assert keys(layer) == note_keys(layer) == []


def test_a_name_may_hold_a_comma(tmp_path):
    layer = read(tmp_path, HEADER + RECORD.replace("秋滨", "A，B") + points(SQUARE))
    assert (layer.frame["地块名称"][0], keys(layer)) == ("A，B", [])
    layer = read(tmp_path, HEADER + RECORD.replace("秋滨", "A,B,C") + points(SQUARE))
    assert (layer.frame["地块名称"][0], layer.frame["地类编码"][0], keys(layer)) == ("A,B,C", "0601", ["comma"])


@pytest.mark.parametrize(
    ("record", "remarks"),
    [
        ("0.8000,DK1,秋滨,面,H50,工业用地,0601,@", []),
        ("0.8公顷,DK1,秋滨,,H50,工业用地,0601,@", ["no_count", "kind", "area_unit"]),
        ("5,0.8,DK1,秋滨,面,H50,工业用地,0601,@", []),
        ("5,0.8,DK1,秋滨,面,H50,工业用地,0601,T,B,C,D,E,@", []),
        ("5,0.8,DK1,秋滨,面,H50,工业用地,0601,x,@", ["columns"]),
        ("5,0.8,DK1,秋滨,面,H50,工业用地,0601,T,B,C,D,E,x,y,@", ["columns"]),
        ("5,0.8,DK1,秋滨,面,H50,工业用地,0601", ["no_mark"]),
    ],
)
def test_layouts_of_a_record(tmp_path, record, remarks):
    layer = read(tmp_path, HEADER + record + "\n" + points(SQUARE))
    row = layer.frame.iloc[0]
    assert row[["地块编号", "地块名称", "图幅号", "地块用途", "地类编码"]].tolist() == [
        "DK1",
        "秋滨",
        "H50",
        "工业用地",
        "0601",
    ]
    assert row["声明面积(公顷)"] == 0.8
    assert sorted(keys(layer)) == sorted(remarks)
    if "T,B" in record:
        assert row[["TBLX", "DL", "GZQ", "GZH", "BZ"]].tolist() == ["T", "B", "C", "D", "E"]
    if "x" in record:
        assert row["其他列"] == ("x,y" if "y" in record else "x")


def test_headers_keep_whatever_they_hold(tmp_path):
    header = (
        "[项目信息]\n项目名称=a=b\n[属性描述]\n坐标系=2000国家大地坐标系\n新键=1\n新键=2\nzone=x\n一句话\n"
        "电邮=1,0.8,DK,名,面,,,@\n[附记]\n甲=乙\n[地块坐标]\n"
    )
    layer = read(tmp_path, header + RECORD + points(SQUARE))
    assert layer.header == {
        "[项目信息]项目名称": "a=b",
        "坐标系": "2000国家大地坐标系",
        "新键": "1",
        "新键#2": "2",
        "[属性描述]zone": "x",
        "[属性描述]#1": "一句话",
        "电邮": "1,0.8,DK,名,面,,,@",
        "[附记]甲": "乙",
        "datum": "CGCS2000",
        "degrees": "3",
        "zone": "40",
        "prefixed": "yes",
        "encoding": "gb18030",
    }
    assert layer.frame.crs is None  # the header names no zone


def test_a_file_without_any_heading(tmp_path):
    content = RECORD + points(SQUARE)
    assert is_survey_txt(content.encode("gb18030"))
    layer = read(tmp_path, content)
    assert layer.frame.area[0] == 8000
    assert layer.frame.crs is None


# ---- the reference system


@pytest.mark.parametrize(
    ("datum", "degrees", "zone", "prefix", "epsg"),
    [
        ("2000国家大地坐标系", "3", "40", True, 4528),
        ("国家2000", "3度带", "40", False, 4549),
        ("CGCS2000", "三度带", "40带", True, 4528),
        ("2000国家大地坐标系", "6", "20", True, 4498),
        ("2000国家大地坐标系", "6", "20", False, 4509),
        ("1980西安坐标系", "3", "40", True, 2364),
        ("80国家大地坐标系", "3", "40", False, 2385),
        ("西安80", "6", "20", True, 2334),
        ("1980西安坐标系", "6", "20", False, 2345),
        ("1954年北京坐标系", "3", "40", True, 2416),
        ("北京54", "3", "40", False, 2437),
        ("北京54坐标系", "6", "20", True, 21420),
        ("北京54坐标系", "6", "20", False, 21460),
        ("金华市独立坐标系", "3", "40", True, None),
        ("西安80转2000", "3", "40", True, None),
        ("WGS84", "3", "40", True, None),
        ("", "3", "40", True, None),
        ("2000国家大地坐标系", "", "40", True, None),
        ("2000国家大地坐标系", "3", "", True, None),
        ("2000国家大地坐标系", "3", "39", True, None),
        ("2000国家大地坐标系", "6", "40", True, None),
        ("2000国家大地坐标系", "3", "120", True, None),
    ],
)
def test_the_system_is_set_only_where_header_and_eastings_name_it(  # noqa: PLR0917
    tmp_path, datum, degrees, zone, prefix, epsg
):
    # codes from the arithmetic of domain.md section 3, written out
    header = HEADER.replace("坐标系=2000国家大地坐标系", f"坐标系={datum}").replace("带=3", f"带={degrees}")
    number = 20 if degrees == "6" and zone == "20" else 40
    shift = (number - 40 if prefix else -40) * 1_000_000
    corners = [(x, y + shift) for x, y in SQUARE]
    layer = read(tmp_path, header.replace("带号=40", f"带号={zone}") + RECORD + points(corners))
    assert (layer.frame.crs and layer.frame.crs.to_epsg()) == epsg
    assert layer.header["prefixed"] == ("yes" if prefix else "no")
    assert layer.frame.geometry[0].bounds[0] == 40462000 + shift
    if zone == "39":
        assert note_keys(layer) == ["zones"]
        assert "zone" not in layer.header
    if degrees == "6" and zone == "40":
        assert note_keys(layer) == ["zone_width"]


@pytest.mark.parametrize("change", [("计量单位=米", "计量单位=度"), ("高斯克吕格", "UTM")])
def test_another_plane_or_unit_names_no_system(tmp_path, change):
    layer = read(tmp_path, HEADER.replace(*change) + RECORD + points(SQUARE))
    assert (layer.frame.crs, note_keys(layer)) == (None, ["plane"])


def test_header_lines_that_are_missing_do_not_stand_in_the_way(tmp_path):
    header = "[属性描述]\n坐标系=2000国家大地坐标系\n分带=3度带\n带号=40\n[地块坐标]\n"
    assert read(tmp_path, header + RECORD + points(SQUARE)).frame.crs == "EPSG:4528"


def test_exchanged_axes_are_put_right_with_a_remark(tmp_path):
    for shift in (0, -40_000_000):
        corners = [(y + shift, x) for x, y in SQUARE]
        layer = read(tmp_path, HEADER + RECORD + points(corners))
        assert layer.frame.geometry[0].bounds == (40462000 + shift, 3217920, 40462100 + shift, 3218000)
        assert keys(layer) == ["swapped"]


def test_one_point_written_otherwise_gives_the_parcel_back(tmp_path):
    corners = [*SQUARE[:2], SQUARE[2][::-1], SQUARE[3]]
    layer = read(tmp_path, HEADER + RECORD + points(corners) + RECORD + points(SQUARE))
    assert layer.unmeasured.to_dict("records") == [{"row": 0, "reason": "survey_mixed"}]
    assert said(layer, "mixed")["line"] == 14
    assert layer.frame.geometry[0] is None
    assert layer.frame.area[1] == 8000


def test_coordinates_of_a_local_system_stay_as_written_without_a_system(tmp_path):
    corners = [(x - 3_200_000, y - 40_400_000) for x, y in SQUARE]
    layer = read(tmp_path, HEADER + RECORD + points(corners))
    assert layer.frame.geometry[0].bounds == (62000, 17920, 62100, 18000)
    assert layer.frame.crs is None
    assert note_keys(layer) == ["local"]
    # an easting has six digits behind its zone
    short = read(tmp_path, HEADER + RECORD + points([(x, y - 420_000) for x, y in SQUARE]))
    assert (short.frame.crs, note_keys(short)) == (None, ["local"])
    layer = read(tmp_path, HEADER + RECORD + points(corners) + RECORD + points(SQUARE))
    assert layer.unmeasured.to_dict("records") == [{"row": 0, "reason": "survey_range"}]
    assert layer.frame.crs == "EPSG:4528"


def test_parcels_with_and_without_their_zone(tmp_path):
    plain = [(x, y - 40_000_000) for x, y in SQUARE]
    layer = read(tmp_path, HEADER + RECORD + points(plain) + RECORD + points(SQUARE))
    assert layer.frame.geometry[0].equals(layer.frame.geometry[1])
    assert (keys(layer, 0), keys(layer, 1)) == (["prefix"], [])
    assert layer.header["prefixed"] == "mixed"
    layer = read(tmp_path, HEADER.replace("带号=40", "") + RECORD + points(plain) + RECORD + points(SQUARE))
    assert layer.frame.geometry[0].bounds[0] == 462000
    assert layer.frame.crs is None
    assert note_keys(layer) == ["mixed"]


def test_parameters_of_a_datum_shift_are_pointed_out(tmp_path):
    layer = read(tmp_path, HEADER.replace("0,0,0,0,0,0,0", "1.5,0,0,0,0,0,0") + RECORD + points(SQUARE))
    assert note_keys(layer) == ["parameters"]


# ---- rings

HOLE = [(3217980, 40462020), (3217980, 40462040), (3217960, 40462040), (3217960, 40462020)]  # 20 m by 20 m
ISLAND = [(3217975, 40462025), (3217975, 40462030), (3217970, 40462030)]  # 12.5 m2, inside the hole
ASIDE = [(3217800, 40462000), (3217800, 40462030), (3217790, 40462030), (3217790, 40462000)]  # 30 m by 10 m


def parcel(*rings):
    return HEADER + "," * 4 + "面,,,,@\n" + "".join(rings)


@pytest.mark.parametrize("numbers", [(1, 2, 3), (1, 1, 1), (1, 2, 1), (4, 5, 4), (3, 2, 1), ("", "", "")])
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
def test_what_is_a_hole_is_told_by_where_it_lies(tmp_path, numbers, order):
    rings = [points((SQUARE, HOLE, ASIDE)[which], ring=n) for which, n in zip(order, numbers, strict=True)]
    layer = read(tmp_path, parcel(*rings))
    parts = sorted(layer.frame.geometry[0].geoms, key=lambda part: part.area)
    assert [(part.area, len(part.interiors)) for part in parts] == [(300, 0), (8000 - 400, 1)]
    assert keys(layer) == []


def test_an_island_in_a_hole_is_land(tmp_path):
    layer = read(tmp_path, parcel(*(points(ring) for ring in (SQUARE, HOLE, ISLAND))))
    assert layer.frame.area[0] == 8000 - 400 + 12.5
    assert layer.frame.geometry[0].is_valid


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_a_hole_belongs_to_the_smallest_ring_around_it(tmp_path, order):
    sides = (100, 80, 60, 40)  # squares one in another: land, hole, land, hole
    nested = [[(3218000 + a, 40462000 + b) for a, b in ((-s, -s), (-s, s), (s, s), (s, -s))] for s in sides]
    layer = read(tmp_path, parcel(*(points(nested[which]) for which in order)))
    parts = sorted(layer.frame.geometry[0].geoms, key=lambda part: part.area)
    assert [(part.area, len(part.interiors)) for part in parts] == [(120**2 - 80**2, 1), (200**2 - 160**2, 1)]
    assert layer.frame.geometry[0].is_valid


def test_a_hole_in_a_ring_that_crosses_itself_stays_a_hole(tmp_path):
    # the two wings of the bow-tie take one another's area off
    tie = [(3218000, 40462000), (3218100, 40462100), (3218000, 40462100), (3218100, 40462000)]
    inner = [(3218045, 40462010), (3218045, 40462020), (3218055, 40462020), (3218055, 40462010)]
    layer = read(tmp_path, parcel(points(tie), points(inner)))
    assert layer.frame.geometry[0].geom_type == "Polygon"
    assert len(layer.frame.geometry[0].interiors) == 1


def test_open_rings_are_closed_and_said(tmp_path):
    layer = read(tmp_path, parcel(points(SQUARE, close=False, ring=1), points(HOLE, close=False, ring=2)))
    assert layer.frame.area[0] == 7600
    assert keys(layer) == ["unclosed", "unclosed"]
    # the same number, but the names start anew
    layer = read(tmp_path, parcel(points(SQUARE, close=False), points(ASIDE, close=False)))
    assert layer.frame.area[0] == 8300
    assert keys(layer) == ["unclosed", "unclosed"]


def test_a_closing_point_that_is_off_is_kept_and_said(tmp_path):
    layer = read(tmp_path, parcel(points(SQUARE, close=False), "J1,1,3218000.003,40462000.004\n"))
    assert said(layer, "gap")["gap"] == pytest.approx(0.005, abs=1e-6)
    # a wedge of 3 mm over 100 m and 4 mm over 80 m
    assert layer.frame.area[0] == pytest.approx(shoelace([*SQUARE, ("3218000.003", "40462000.004")]), abs=1e-6)


@pytest.mark.parametrize("after", ["", points(ASIDE), points(ASIDE, ring=2), points(ASIDE, first=5)])
def test_a_closing_point_that_stands_twice_is_left_out(tmp_path, after):
    again = "J1,1,3218000.000,40462000.000\n"
    layer = read(tmp_path, parcel(points(SQUARE), again, after))
    assert keys(layer) == ["closed_twice"]
    assert layer.frame.area[0] == (8300 if after else 8000)
    assert layer.frame.geometry[0].is_valid


def test_rings_that_touch_where_they_start_keep_their_corners(tmp_path):
    other = [SQUARE[0], (3218050, 40462000), (3218050, 40461950), (3218000, 40461950)]
    for first in (1, 5):
        layer = read(tmp_path, parcel(points(SQUARE), points(other, first=first)))
        assert (layer.frame.area[0], keys(layer)) == (8000 + 2500, [])
    layer = read(
        tmp_path, parcel(points(SQUARE), "J1,1,3218000.000,40462000.000\n", points(ASIDE, close=False, first=5))
    )
    assert (layer.frame.area[0], keys(layer)) == (8300, ["closed_twice", "unclosed"])


def test_a_closing_line_with_one_coordinate_twice_is_the_first_point(tmp_path):
    layer = read(tmp_path, parcel(points(SQUARE, close=False), "J1,1,3218000.000,3218000.000\n", points(ASIDE)))
    assert keys(layer) == ["doubled"]
    assert layer.frame.area[0] == 8300


def test_points_that_repeat_the_one_before_stay(tmp_path):
    layer = read(tmp_path, parcel(points([SQUARE[0], SQUARE[0], *SQUARE[1:3], *SQUARE[2:]])))
    assert said(layer, "repeated")["count"] == 2
    assert layer.frame.area[0] == 8000
    assert shapely.get_num_coordinates(layer.frame.geometry[0]) == 7


def test_rings_that_overlap_are_said(tmp_path):
    shifted = [(x, y + 50) for x, y in SQUARE]
    layer = read(tmp_path, parcel(points(SQUARE), points(shifted)))
    assert keys(layer) == ["crossing"]
    layer = read(tmp_path, parcel(points(SQUARE), points(SQUARE)))
    assert keys(layer) == ["crossing"]
    assert layer.frame.area[0] == 16_000  # twice, not nothing: the repair and the checks come later


def test_the_number_of_points_may_count_the_closing_one_or_not(tmp_path):
    for declared, remarks in [("5", []), ("4", []), ("５", []), ("9", ["count"]), ("x", ["count"]), ("05", [])]:
        layer = read(tmp_path, HEADER + RECORD.replace("5,0.8", f"{declared},0.8") + points(SQUARE))
        assert keys(layer) == remarks, declared
        assert layer.frame["界址点数"][0] == declared


def test_points_and_lines_are_kept(tmp_path):
    content = HEADER + "".join(
        f"4,,{kind},,{kind},,,,@\n" + points(SQUARE[:2], close=False) + points(ASIDE[:2], ring=2, close=False)
        for kind in "点线"
    )
    layer = read(tmp_path, content)
    assert layer.frame.geometry[0].equals(MultiPoint([(y, x) for x, y in (*SQUARE[:2], *ASIDE[:2])]))
    assert layer.frame.geometry[1].equals(
        MultiLineString([[(y, x) for x, y in SQUARE[:2]], [(y, x) for x, y in ASIDE[:2]]])
    )
    assert keys(layer) == []


# ---- what cannot be read


def test_a_line_of_one_point_is_none(tmp_path):
    layer = read(tmp_path, HEADER + "1,,a,,线,,,,@\n" + points(SQUARE[:1], close=False))
    assert layer.unmeasured.to_dict("records") == [{"row": 0, "reason": "survey_ring"}]


def test_a_parcel_without_a_usable_ring_is_a_row(tmp_path):
    two = points(SQUARE[:2], close=False)
    layer = read(tmp_path, HEADER + RECORD + RECORD + two + RECORD + points(SQUARE))
    assert layer.unmeasured.to_dict("records") == [
        {"row": 0, "reason": "no_geometry"},
        {"row": 1, "reason": "survey_ring"},
    ]
    assert keys(layer, 1) == ["stub", "count"]
    assert len(layer.frame) == 3


def test_a_stub_beside_a_ring_is_said(tmp_path):
    layer = read(tmp_path, parcel(points(SQUARE), points(ASIDE[:2], ring=2, close=False)))
    assert said(layer, "stub") == {"parcel": "-", "line": 17, "count": 2}
    assert layer.frame.area[0] == 8000


@pytest.mark.parametrize(
    "bad",
    ["J3,1,32179x0,40462100", "J3,1,nan,40462100", "J3,1,1e999,1", "J3,1,3217920", "J3", "J3,1,4.0E7,3E6", "J,,a,b",
     "J3,1,1_000,2_000", "J3,1," + "9" * 400 + ",1"],
)  # fmt: skip
def test_a_corner_that_cannot_be_read_gives_the_parcel_back(tmp_path, bad):
    lines = points(SQUARE).splitlines()
    lines[2] = bad
    layer = read(tmp_path, HEADER + RECORD + "\n".join(lines) + "\n" + RECORD + points(SQUARE))
    assert layer.unmeasured.to_dict("records") == [{"row": 0, "reason": "survey_line"}]
    assert said(layer, "line") == {"parcel": "DK1", "line": 14, "text": bad[:60]}
    assert layer.frame.area[1] == 8000


def test_words_among_the_points_are_said_and_do_no_harm(tmp_path):
    layer = read(tmp_path, parcel("------\n", points(SQUARE), "完毕\n"))
    assert keys(layer) == ["line", "line"]
    assert layer.frame.area[0] == 8000


def test_numbers_of_boundary_marks_are_kept(tmp_path):
    content = HEADER + RECORD + points(SQUARE, label="T15-{}") + RECORD
    layer = read(tmp_path, content)
    assert layer.frame["界址点号"].fillna("").tolist() == ["T15-1,T15-2,T15-3,T15-4,T15-1", ""]
    assert "界址点号" not in read(tmp_path, HEADER + RECORD + points(SQUARE, label="JZ{:02}")).frame


def test_heights_behind_a_point_are_said(tmp_path):
    layer = read(tmp_path, parcel(points(SQUARE).replace("\n", ",35.2\n")))
    assert said(layer, "point_columns")["text"] == "35.2"
    assert layer.frame.area[0] == 8000


def test_lines_before_any_parcel_are_noted(tmp_path):
    layer = read(tmp_path, HEADER + points(SQUARE) + RECORD + points(SQUARE))
    assert note_keys(layer) == ["stray"] * 5
    assert len(layer.frame) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADER.encode(), "no parcel record"),
        ((HEADER + points(SQUARE)).encode(), "no parcel record"),
        (b"", "no survey boundary-point file"),
        (b"\0" * 1000, "no survey boundary-point file"),
        (bytes(range(256)) * 50, "no survey boundary-point file"),
        (b"name,x,y\na,1,2\n", "no survey boundary-point file"),
    ],
)
def test_files_without_parcels_are_refused_with_a_next_step(tmp_path, content, message):
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path, content)
    assert all(caught.value.hint(lang) for lang in ("en", "zh"))


def test_what_is_no_file_is_refused(tmp_path):
    for path, message in ((tmp_path / "none.txt", "no such file"), (tmp_path, "not a regular file")):
        with pytest.raises(InputError, match=message):
            read_survey_txt(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b,c,d,e,f,g,h@example\n", b"\x89PNG\r\n", b"name,x,y\n1,2,3\n", "[项目信息]\n".encode(), b"\xff\xfe"],
)
def test_other_files_are_not_taken_for_survey_files(content):
    assert not is_survey_txt(content)


# ---- areas


@pytest.mark.parametrize(
    ("declared", "hectares", "remarks"),
    [
        ("0.8000", 0.8, []),
        ("０．８", 0.8, []),
        ("0.8公顷", 0.8, ["area_unit"]),
        ("0.8 ha", 0.8, ["area_unit"]),
        ("8000平方米", 0.8, ["area_unit"]),
        ("8000㎡", 0.8, ["area_unit"]),
        ("12亩", 0.8, ["area_unit"]),
        ("8000", 0.8, ["area_m2"]),
        ("0.8008", 0.8008, []),  # 8 m2 or 0.1 % of 8008 m2
        ("0.8009", 0.8009, ["area_differs"]),
        ("0.9", 0.9, ["area_differs"]),
        ("8000公顷", 8000, ["area_unit", "area_differs"]),
        ("", math.nan, []),
        ("约0.8", math.nan, ["area_unread"]),
        ("0.8丈", math.nan, ["area_unread"]),
        ("-0.8", math.nan, ["area_unread"]),
        ("nan", math.nan, ["area_unread"]),
        ("1.2.3", math.nan, ["area_unread"]),
        ("9" * 25, math.nan, ["area_unread"]),
    ],
)
def test_declared_areas_are_read_and_compared(tmp_path, declared, hectares, remarks):
    layer = read(tmp_path, HEADER + RECORD.replace("0.8000", declared) + points(SQUARE))
    np.testing.assert_allclose(layer.frame["声明面积(公顷)"][0], hectares, rtol=1e-12)
    assert layer.frame["声明面积原文"].fillna("")[0] == declared
    assert keys(layer) == remarks


def test_a_square_metre_is_let_pass_whatever_the_share(tmp_path):
    small = [(3218000, 40462000), (3218000, 40462010), (3217995, 40462010), (3217995, 40462000)]  # 50 m2
    for declared, remarks in [("0.0050", []), ("0.0051", []), ("0.0052", ["area_differs"])]:
        record = RECORD.replace("0.8000", declared)
        assert keys(read(tmp_path, HEADER + record + points(small))) == remarks


# ---- hostile input


def test_ten_million_columns_and_lines_without_end_take_no_time(tmp_path):
    started = time.process_time()
    many = "1," * 5_000_000
    layer = read(tmp_path, HEADER + many + "@\n" + RECORD + points(SQUARE) + many + "\n" + "[" * 1_000_000 + "\n")
    assert len(layer.frame) == 2
    blank = " " * 1_000_000
    read(tmp_path, "[" + blank + "\n" + blank + "=" + blank + "\n" + HEADER + RECORD + blank + "1" * 1_000_000)
    assert time.process_time() - started < 10


def test_thousands_of_rings_take_time_in_proportion(tmp_path):
    def nested(count):
        rings = []
        for step in range(count):
            a, b = 3200000 + step, 3300000 - step
            rings.append(
                points([(a, 40400000 + step), (a, 40500000 - step), (b, 40500000 - step), (b, 40400000 + step)])
            )
        return parcel(*rings)

    started = time.process_time()
    layer = read(tmp_path, nested(1000))
    assert len(layer.frame.geometry[0].geoms) == 500
    layer = read(tmp_path, nested(5001))
    assert layer.unmeasured["reason"].tolist() == ["survey_rings"]
    assert time.process_time() - started < 10


def test_three_hundred_damaged_files_are_read_or_refused(tmp_path):
    chance = random.Random(20_220_627)  # noqa: S311 - the same damage every time
    sound = [
        (HEADER + RECORD + points(SQUARE) + RECORD.replace("DK1", "DK2") + points(ASIDE) + points(HOLE, ring=2)).encode(
            encoding
        )
        for encoding in ("gb18030", "utf-8-sig", "utf-16")
    ]
    words = ["@", "\n", ",", "，", "[", "]", "=", "面", "nan", "-", "\0", "9" * 50, "J1,1,", "@\n", "[地块坐标]\n"]
    file = tmp_path / "a.txt"
    outcomes, refused = {"read": 0, "counted": 0}, []
    for _ in range(300):
        data = bytearray(chance.choice(sound))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data) + 1)
            what = chance.randrange(5)
            if what == 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            elif what == 1:
                del data[at : at + chance.randint(1, 60)]
            elif what == 2:
                data[at:at] = chance.choice(words).encode("gb18030")
            elif what == 3:
                data[at:at] = data[at : at + chance.randint(1, 200)]
            else:
                del data[at:]
                data += b"\n"
        file.write_bytes(data)
        is_survey_txt(bytes(data))
        try:
            (layer,) = read_survey_txt(file)
        except InputError as error:
            refused.append(error.message("en") + error.hint("zh"))
            continue
        outcomes["read"] += 1
        assert isinstance(layer, SourceLayer)
        shapeless = layer.frame.geometry.isna()
        assert sorted(layer.unmeasured["row"]) == list(layer.frame.index[shapeless])
        assert set(layer.remarks["row"]) <= set(layer.frame.index)
        json.dumps([list(layer.remarks["values"]), layer.header])
        expected = records_in(data.decode(layer.header["encoding"], "replace"))
        if expected is not None:
            assert len(layer.frame) - keys(layer).count("no_mark") == expected
            outcomes["counted"] += 1
    assert outcomes["read"] + len(refused) == 300
    assert outcomes["read"] > 200
    assert outcomes["counted"] > 150


def records_in(content):
    """Count the records of a file whose heading is whole and the only one that follows the description."""
    lines = [
        line.strip(" \t\u3000\xa0\ufeff\u200b\v\f\0")
        for line in content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    if lines.count("[地块坐标]") != 1 or sum(line.startswith(("[", "【")) for line in lines) != 2:
        return None
    start = lines.index("[地块坐标]")
    if any("@" in line for line in lines[:start]):
        return None
    return sum(line.rstrip(" \t\u3000\xa0\ufeff\u200b\v\f\0,，").endswith(("@", "＠")) for line in lines[start:])


# ---- what is written


def frame_of(shapes, crs="EPSG:4549", **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs, index=pd.RangeIndex(len(shapes)))


def test_the_standard_file_to_the_letter():
    frame = frame_of(
        [box(500000, 3218000, 500100, 3218080).difference(box(500020, 3218020, 500040, 3218040))],
        地块编号=["DK1"],
        地块名称=["甲,乙\n丙"],
        地块用途=[None],
    )
    frame.geometry = [
        Polygon(
            [(500000, 3218000), (500000, 3218080), (500100, 3218080), (500100, 3218000)],
            [[(500020, 3218020), (500040, 3218020), (500040, 3218040.0004)]],
        )
    ]
    assert survey_txt_bytes(frame, profile=PROFILES["standard"], plane=PLANE).decode("gb18030").split("\r\n") == [
        "[属性描述]",
        "格式版本号=",
        "数据产生单位=",
        "数据产生日期=",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        "带号=40",
        "精度=0.001",
        "转换参数=0,0,0,0,0,0,0",
        "[地块坐标]",
        "9,0.7800,DK1,甲，乙 丙,面,,,,@",
        "J1,1,3218000.000,40500000.000",
        "J2,1,3218080.000,40500000.000",
        "J3,1,3218080.000,40500100.000",
        "J4,1,3218000.000,40500100.000",
        "J1,1,3218000.000,40500000.000",
        "J5,2,3218020.000,40500020.000",
        "J6,2,3218020.000,40500040.000",
        "J7,2,3218040.000,40500040.000",
        "J5,2,3218020.000,40500020.000",
        "",
    ]


def test_hectares_are_those_on_the_ellipsoid():
    """As with the Hangzhou plot of domain.md 1.3: 57,089.501 m2 in the plane, 57,088.889 m2 on the ellipsoid, so
    5.7089 ha and not 5.7090. Here by a rectangle as far from the meridian as gives that ratio."""
    radius2 = 6_350_000.0 * 6_384_000.0  # M N at 29 degrees north, to 1 in 500
    away = math.sqrt((57_089.501 / 57_088.889 - 1) * radius2)
    west, south = 500_000 - away - 100, 3_218_000
    frame = frame_of([box(west, south, west + 200, south + 57_089.501 / 200)])
    assert f"{frame.area[0] / 1e4:.4f}" == "5.7090"
    written = survey_txt_bytes(frame, profile=Profile(digits=6), plane=PLANE).decode("gb18030")
    assert "5,5.7089,,,面" in written


def test_layouts_that_are_written(tmp_path):
    row = {"地块编号": ["DK1"], "图幅号": ["H50"], "TBLX": ["甲"], "BZ": ["x,y"]}
    frame = frame_of([box(500000, 3218000, 500100, 3218080)], **row)
    records = {
        name: survey_txt_bytes(frame, profile=profile, plane=PLANE)
        .decode(profile.encoding)
        .split("坐标]")[1]
        .split()[0]
        for name, profile in PROFILES.items()
    }
    assert records == {
        "standard": "5,0.8000,DK1,,面,H50,,,@",
        "plain": "5,0.8000,DK1,,面,H50,,,@",
        "restart": "5,0.8000,DK1,,面,H50,,,@",
        "extended": "5,0.8000,DK1,,面,H50,,,甲,,,,x，y,@",
        "short": "0.8000,DK1,,面,H50,,,@",
        "utf8": "5,0.8000,DK1,,面,H50,,,@",
    }


@pytest.mark.parametrize(
    ("shape", "options", "error", "message"),
    [
        (GeometryCollection([Point(500000, 3218000)]), {}, InputError, "mixed collection"),
        (Polygon([(500000, 3218000), (500000, math.inf), (500010, 3218000)]), {}, InputError, "not a finite"),
        (box(500000, 3218000, 500000.0004, 3218000.0004), {}, InputError, "fall together"),
        (LineString([(500000, 3218000), (500000, 3218000.0001)]), {}, InputError, "fall together"),
        # the corner opposite the first one comes to lie on it
        (Polygon([(500000, 3218000), (500009, 3218009), (500000.3, 3218000.3), (500009, 3218005)]), {"digits": 0},
         InputError, "fall together"),
        (box(50000, 3218000, 50010, 3218010), {}, InputError, "is none that"),
        (box(500000, 0, 500010, 10), {}, InputError, "is none that"),
        (box(0, 0, 1, 1), {"digits": 9}, UsageError, "0 to 6 decimals"),
        (box(0, 0, 1, 1), {"columns": 7}, UsageError, "8, 9 or 13 columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(shape, options, error, message):
    with pytest.raises(error, match=message) as caught:
        survey_txt_bytes(frame_of([shape]), profile=Profile(**options), plane=PLANE)
    assert caught.value.hint("zh")


def test_systems_that_are_refused():
    shape = box(500000, 3218000, 500100, 3218080)
    with pytest.raises(DatumError):
        survey_txt_bytes(frame_of([shape], crs="EPSG:2385"), profile=Profile(), plane=PLANE)
    with pytest.raises(CrsError):
        survey_txt_bytes(frame_of([shape], crs=None), profile=Profile(), plane=PLANE)
    with pytest.raises(UsageError, match="no zone number"):
        survey_txt_bytes(frame_of([shape]), profile=Profile(), plane=Plane(20))


def test_a_header_comes_back(tmp_path):
    header = (
        "[项目信息]\n项目名称=a=b\n第一句\n第二句\n[属性描述]\n格式版本号=1.01版本\n数据产生单位=某院\n数据产生日期=2022-3-15\n坐标系=国家2000\n"
        "分带=6度带\n带号=20\n转换参数=,,,,,,\n新键=1\n新键=2\nzone=x\n[地块坐标]\n"
    )
    layer = read(tmp_path, header + RECORD + points([(x, y - 20_000_000) for x, y in SQUARE]))
    frame = layer.frame.set_crs("EPSG:4528", allow_override=True)
    frame.geometry = frame.geometry.translate(20_000_000)
    content = survey_txt_bytes(frame, profile=Profile(), plane=PLANE, header=layer.header)
    assert all(line.encode("gb18030") in content.split(b"\r\n") for line in ("第一句", "新键=1", "新键=2", "zone=x"))
    again = read(tmp_path, content)
    assert again.header == {
        **{key: value for key, value in layer.header.items() if key != "分带"},
        "几度分带": "3",
        "degrees": "3",
        "zone": "40",
        "带号": "40",
        "投影类型": "高斯克吕格",
        "计量单位": "米",
        "精度": "0.001",
    }
    assert again.frame.crs == "EPSG:4528"
    assert survey_txt_bytes(again.frame, profile=Profile(), plane=PLANE, header=again.header) == content


def test_a_header_does_not_overrule_the_coordinates():
    header = {"坐标系": "1980西安坐标系", "带号": "39", "几度分带": "6", "精度": "1", "投影带号": "20", "zone": "1"}
    frame = frame_of([box(500000, 3218000, 500100, 3218080)])
    with_it, without = (survey_txt_bytes(frame, profile=Profile(), plane=PLANE, header=h) for h in (header, None))
    assert with_it == without


def test_corners_that_come_to_coincide_are_written_once(tmp_path):
    corners = [(500000, 3218000), (500000, 3218080), (500100, 3218080), (500100, 3218080.0001), (500100, 3218000)]
    frame = frame_of([Polygon([*corners, (500000.0002, 3218000)])])
    layer = read(tmp_path, survey_txt_bytes(frame, profile=PROFILES["plain"], plane=PLANE))
    assert keys(layer) == []
    assert list(layer.frame.geometry[0].exterior.coords) == [*corners[:3], corners[4], corners[0]]


def test_rows_without_a_shape_points_and_lines_come_back(tmp_path):
    shapes = [
        None,
        Polygon(),
        Point(500000, 3218000),
        MultiPoint([(500000, 3218000), (500000, 3218000), (500010, 3218000)]),
        LineString([(500000, 3218000), (500010, 3218000)]),
        MultiLineString([[(500000, 3218000), (500010, 3218000)], [(500020, 3218000), (500030, 3218000)]]),
    ]
    for numbering in ("continue", "restart"):
        profile = Profile(numbering=numbering, prefix=False)
        content = survey_txt_bytes(frame_of(shapes), profile=profile, plane=PLANE)
        layer = read(tmp_path, content)
        assert layer.frame.geometry[:2].isna().all()
        assert all(a.equals_exact(b) for a, b in zip(layer.frame.geometry[2:], shapes[2:], strict=True))
        assert layer.frame["图形属性"].tolist() == ["面", "面", "点", "点", "线", "线"]


GRID = st.integers(-200_000, 200_000)  # millimetres


@st.composite
def rings(draw, west, south, size):
    """A star around a centre: corners in order of their angle never cross."""
    count = draw(st.integers(3, 9))
    radii = draw(st.lists(st.integers(size // 4, size // 2), min_size=count, max_size=count))
    turn = draw(st.floats(0, 6.28))
    corners = [
        (
            round(west + radius * math.cos(turn + 2 * math.pi * k / count)) / 1000,
            round(south + radius * math.sin(turn + 2 * math.pi * k / count)) / 1000,
        )
        for k, radius in enumerate(radii)
    ]
    return corners[:: draw(st.sampled_from([1, -1]))]


@st.composite
def parcels(draw):
    """Parts side by side, each with up to two holes and perhaps an island in one."""
    parts = []
    for number in range(draw(st.integers(1, 3))):
        x, y = 460_000_000 + 200_000 * number + draw(GRID) // 10, 3_218_000_000 + draw(GRID)
        frame = 80_000
        outer = [(x - frame, y - frame), (x + frame, y - frame), (x + frame, y + frame), (x - frame, y + frame)]
        holes = [draw(rings(x - 40_000 + 80_000 * k, y, 60_000)) for k in range(draw(st.integers(0, 2)))]
        parts.append(Polygon([(a / 1000, b / 1000) for a, b in outer], holes))
        if holes and draw(st.booleans()):
            parts.append(Polygon(draw(rings(x - 40_000, y, 6_000))))
    return MultiPolygon(parts) if len(parts) > 1 else parts[0]


PROFILE = st.builds(
    Profile,
    columns=st.sampled_from([8, 9, 13]),
    prefix=st.booleans(),
    encoding=st.sampled_from(["gb18030", "utf-8-sig"]),
    newline=st.sampled_from(["\r\n", "\n"]),
    digits=st.integers(3, 6),
    numbering=st.sampled_from(["continue", "restart"]),
    labels=st.sampled_from(["J1", "1", "J01"]),
    is_closed=st.booleans(),
)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), max_size=12)


@given(shapes=st.lists(parcels(), min_size=1, max_size=3), profile=PROFILE, name=NAMES, entry=NAMES)
def test_what_is_written_is_read_again(tmp_path_factory, shapes, profile, name, entry):
    frame = frame_of(shapes, 地块编号=[f"D{i}" for i in range(len(shapes))], 地块名称=[name] * len(shapes))
    content = survey_txt_bytes(frame, profile=profile, plane=PLANE, header={"数据产生单位": entry})
    layer = read(tmp_path_factory.mktemp("round"), content)
    east = 40_000_000 if profile.prefix else 0
    assert layer.frame.crs == ("EPSG:4528" if profile.prefix else "EPSG:4549")
    for shape, found in zip(shapes, layer.frame.geometry, strict=True):
        expected = rings_of(shape)
        got = rings_of(found)
        assert len(got) == len(expected)
        for (role, corners), (found_role, found_corners) in zip(expected, got, strict=True):
            assert found_role == role
            np.testing.assert_allclose(np.array(found_corners) - [east, 0], corners, atol=1e-7)
    assert set(keys(layer)) <= {"unclosed"}
    assert ("unclosed" in keys(layer)) == (not profile.is_closed)
    np.testing.assert_allclose(
        layer.frame["声明面积(公顷)"], [shape.area / 1e4 for shape in shapes], rtol=1e-4, atol=5.1e-5
    )
    assert layer.frame["地块名称"].fillna("")[0] == clean(name)
    assert layer.header["数据产生单位"] == clean(entry, comma=",")
    again = survey_txt_bytes(layer.frame, profile=profile, plane=PLANE, header=layer.header)
    assert again == content


def rings_of(shape):
    parts = shapely.get_parts(shape)
    return sorted(
        (role, [tuple(corner) for corner in shapely.get_coordinates(ring)])
        for part in parts
        for role, ring in [("outer", part.exterior), *(("hole", hole) for hole in part.interiors)]
    )


def clean(name, comma="，"):
    return name.replace(",", comma).strip("\ufeff\u200b")
