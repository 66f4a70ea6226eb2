"""Cells as the schema types them; nothing that was delivered is lost."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from landkit.mapping import convert, map_fields


def converted(columns: dict, layer: str = "reclaim", **options):
    frame = pd.DataFrame(columns)
    return convert(frame, map_fields(frame.columns, layer, **options), layer)


def test_hectares_become_mu_and_stay_beside():
    found = converted({"用地面积(公顷)": ["3.2", "15亩", None]})
    assert found.frame["area_doc_mu"].tolist()[:2] == [48.0, 15.0]  # 1 ha = 15 mu; the cell's own unit is nearer
    assert found.frame["area_doc_mu"].isna().tolist() == [False, False, True]
    assert found.frame["用地面积(公顷)"].tolist()[:2] == ["3.2", "15亩"]
    assert found.problems.empty


@pytest.mark.parametrize(
    ("heading", "cell", "field", "value"),
    [
        ("用地面积(亩)", 12.5, "area_doc_mu", 12.5),
        ("用地面积(平方米)", 2000, "area_doc_mu", 3.0),
        ("建筑面积(万㎡)", 1.5, "building_m2", 15000.0),
        ("补偿金额(亿元)", 0.25, "compensation_wan", 2500.0),
        ("补偿金额(元)", 25000, "compensation_wan", 2.5),
        ("证载面积(亩)", 3, "cert_m2", 2000.0),
    ],
)
def test_units_of_headings(heading, cell, field, value):
    found = converted({heading: [cell]}).frame
    assert found[field].tolist() == [pytest.approx(value, rel=1e-15)]
    assert (heading in found.columns) == (value != cell)


@given(st.lists(st.floats(0.01, 1e6), min_size=1))
def test_square_metres_and_mu_agree(areas):
    found = converted({"用地面积(平方米)": areas}).frame["area_doc_mu"]
    assert found.tolist() == [pytest.approx(area * 15 / 10000, rel=1e-12) for area in areas]


def test_a_bad_cell_is_a_problem_and_stays_beside():
    found = converted({"编号": ["a", "b"], "用地面积(亩)": ["约12亩", "3"], "计划完成时间": ["6/1/2022", "2022-6-1"]})
    assert found.frame["area_doc_mu"].isna().tolist() == [True, False]
    assert found.frame["due_date"].tolist()[1] == pd.Timestamp(2022, 6, 1)
    assert found.frame["用地面积(亩)"].tolist() == ["约12亩", "3"]
    assert found.problems.to_numpy().tolist() == [
        [0, "用地面积(亩)", "约12亩", "mapping.problem.number"],
        [0, "计划完成时间", "6/1/2022", "mapping.problem.date"],
    ]


def test_types_of_the_schema():
    found = converted(
        {
            "标识码": [1.0, 2.0],
            "部分收回": ["是", "否"],
            "取得方式": ["出让", "偷来"],
            "状态": ["签约", "signed"],
            "计划年度": ["2022", "2022.5"],
            "备注": [" 甲 ", ""],
        }
    )
    frame = found.frame
    assert frame["id"].tolist() == ["1", "2"]
    assert frame["partial"].tolist() == [True, False]
    assert frame["tenure"].isna().tolist() == [False, True]
    assert frame["stage"].tolist() == ["signed", "signed"]
    assert frame["plan_year"].tolist()[0] == 2022
    assert frame["note"].isna().tolist() == [False, True]
    assert frame["note"].tolist()[0] == "甲"
    assert sorted(zip(found.problems["row"], found.problems["reason"], strict=True)) == [
        (1, "mapping.problem.term"),
        (1, "mapping.problem.whole"),
    ]


def test_sets_and_labels_of_a_domain():
    frame = converted(
        {"低效用地类型": ["低效产业用地", "towns"], "认定情形": ["低产出、违建", "闲置"]}, "lowefficiency"
    )
    assert frame.frame["category"].tolist() == ["industries", "towns"]
    assert frame.frame["cause"].tolist()[0] == "低产出|违建"
    assert frame.problems["value"].tolist() == ["闲置"]


def test_a_code_that_a_spreadsheet_took_for_a_number_has_lost_digits():
    found = converted({"统一社会信用代码": pd.Series([1.13300000025e17, "91350100M000100Y43"], dtype=object)})
    assert found.frame["uscc"].isna().tolist() == [True, False]
    assert found.problems["reason"].tolist() == ["mapping.problem.digits"]


def test_a_delivered_name_never_hides_a_field():
    profile = {"地块": "name"}
    frame = converted({"地块": ["甲"], "name": ["乙"], "NAME": ["丙"]}, profile=profile).frame
    assert frame["name"].tolist() == ["甲"]
    assert sorted(frame.columns) == ["NAME_delivered_delivered", "name", "name_delivered"]


def test_geometry_labels_and_unmapped_columns_stay():
    frame = gpd.GeoDataFrame(
        {"编号": ["a"], "x": [date(2022, 1, 1)]}, geometry=[Point(1, 2)], crs="EPSG:4490", index=[7]
    )
    found = convert(frame, map_fields(["编号", "x"], "reclaim"), "reclaim").frame
    assert isinstance(found, gpd.GeoDataFrame)
    assert (found.crs, found.index.tolist(), found.geometry.iloc[0]) == (frame.crs, [7], Point(1, 2))
    assert found["x"].tolist() == [date(2022, 1, 1)]


def test_a_month_stands_for_its_end_and_stays_beside():
    frame = converted({"计划完成时间": ["2022年6月"]}).frame
    assert frame["due_date"].tolist() == [pd.Timestamp(2022, 6, 30)]
    assert frame["计划完成时间"].tolist() == ["2022年6月"]


def test_an_empty_delivery():
    found = converted({"编号": pd.Series([], dtype=object), "面积(亩)": pd.Series([], dtype=object)})
    assert list(found.frame.columns) == ["id", "area_doc_mu"]
    assert found.problems.empty
