"""Columns to fields: which evidence wins, what stays doubtful, and which layer a delivery is for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landkit import words
from landkit.errors import InputError
from landkit.mapping import guess_layer, map_fields
from landkit.schema import schema

KINDS = {"profile", "name", "alias", "code", "cut", "initials"}
RECLAIM = schema().layers["reclaim"].fields
DELIVERABLE = sorted(
    {name for field in RECLAIM.values() for name in (field.name, *field.zh, *field.also, *field.std)}
    | {
        "面积",
        "面积(公顷)",
        "面积（平方米）",
        "area_doc_m",
        "geom_sourc",
        "统一社会信",
        "签约时间",
        "QYMC",
        "qymc",
        "YDMJ",
        "X1",
    }
)


def doubts(found) -> dict[str, str]:
    return {doubt.column: doubt.key.rsplit(".", 1)[1] for doubt in found.doubtful}


@pytest.mark.parametrize(
    ("column", "field", "evidence"),
    [
        ("area_doc_mu", "area_doc_mu", "name"),
        ("AREA_DOC_MU", "area_doc_mu", "name"),
        ("企业名称", "enterprise", "alias"),
        ("*企业名称\n", "enterprise", "alias"),
        ("用地面积（亩）", "area_doc_mu", "alias"),
        ("用地面积(公顷)", "area_doc_mu", "alias"),
        ("用地面积 亩", "area_doc_mu", "alias"),
        ("建筑面积（万㎡）", "building_m2", "alias"),
        ("补偿金额/亿元", "compensation_wan", "alias"),
        ("QYMC", "enterprise", "code"),
        ("bdcqzsh", "cert_no", "code"),
        ("area_doc_m", "area_doc_mu", "cut"),
        ("geom_sourc", "geom_source", "cut"),
        ("统一社会信", "uscc", "cut"),
        ("TYSHXYDM", "uscc", "initials"),
        ("JZMJ", "building_m2", "initials"),
    ],
)
def test_a_column_is_known_by(column, field, evidence):
    found = map_fields([column], "reclaim")
    assert (found.fields, found.evidence) == ({column: field}, {column: evidence})


@pytest.mark.parametrize(
    ("column", "unit"),
    [("用地面积（亩）", "亩"), ("面积(单位：公顷)", "公顷"), ("土地面积/平方米", "平方米"), ("area_doc_mu", "mu")],
)
def test_the_unit_of_a_heading_is_kept(column, unit):
    found = map_fields([column], "reclaim")
    assert found.units == {column: unit}
    assert found.assumed == {}


def test_a_unit_that_nobody_states_is_said_to_be_assumed():
    assert map_fields(["证载面积"], "reclaim").assumed == {"证载面积": "m2"}


@pytest.mark.parametrize(
    ("columns", "doubtful"),
    [
        (["面积"], {"面积": "no_unit"}),
        (["YDMJ"], {"YDMJ": "no_unit"}),
        (["图形面积"], {"图形面积": "computed"}),
        (["QYMC", "企业名称"], {"QYMC": "taken"}),
        (["地块编号", "编号"], {"地块编号": "taken"}),
        (["面积(公顷)", "面积(平方米)"], {"面积(公顷)": "rivals", "面积(平方米)": "rivals"}),
        (["统一社会", "统一社会信"], {}),
    ],
)
def test_what_is_not_certain_stays_as_delivered(columns, doubtful):
    found = map_fields(columns, "reclaim")
    if doubtful:
        assert doubts(found) == doubtful
        assert not set(found.fields) & set(doubtful)
    else:
        assert len(found.fields) <= 1
    for doubt in found.doubtful:
        assert doubt.column in doubt.text("zh")
        assert doubt.column in doubt.text("en")


def test_a_unit_of_another_kind_is_no_evidence():
    assert map_fields(["面积(万元)", "备注(亩)"], "reclaim").unmapped == ("面积(万元)", "备注(亩)")


def test_the_delivery_s_own_field_comes_before_the_common_one():
    assert map_fields(["面积"], "approved_unsupplied").fields == {"面积": "area_mu"}
    assert map_fields(["片区名称", "片区编号"], "district").fields == {"片区名称": "name", "片区编号": "id"}
    assert map_fields(["片区名称"], "reclaim").fields == {"片区名称": "district"}


def test_a_layer_that_the_schema_does_not_know_has_the_common_fields():
    assert map_fields(["编号", "企业名称"], "something").fields == {"编号": "id"}


def test_the_profile_decides():
    profile = {"面积": "area_doc_mu [公顷]", "备注": "", "单位": "enterprise", "gone": "note"}
    found = map_fields(["面积", "备注", "单位", "企业名称"], "reclaim", profile=profile)
    assert found.fields == {"面积": "area_doc_mu", "单位": "enterprise"}
    assert found.units == {"面积": "公顷"}
    assert set(found.evidence.values()) == {"profile"}
    assert found.unmapped == ("备注",)
    assert doubts(found) == {"企业名称": "taken"}


def test_a_map_can_be_replayed_from_its_fields():
    columns = ["DKBH", "企业名称", "用地面积(公顷)", "TBMJ", "统一社会信", "补偿金额(亿元)"]
    first = map_fields(columns, "reclaim")
    again = map_fields(columns, "reclaim", profile=first.fields)
    assert (again.fields, again.units) == (first.fields, first.units)
    assert set(again.evidence.values()) == {"profile"}


def test_a_remembered_column_takes_its_unit_from_the_sheet_at_hand():
    remembered = map_fields(["用地面积"], "reclaim", sheet_unit="公顷").fields
    assert map_fields(["用地面积"], "reclaim", profile=remembered, sheet_unit="亩").units == {"用地面积": "亩"}
    assert doubts(map_fields(["用地面积"], "reclaim", profile=remembered)) == {"用地面积": "no_unit"}
    by_hand = map_fields(["面积A"], "reclaim", profile={"面积A": "area_doc_mu"}, sheet_unit="公顷")
    assert (by_hand.fields, by_hand.units) == ({"面积A": "area_doc_mu"}, {"面积A": "公顷"})


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        ({"a": "no_such_field"}, "mapping.profile_field"),
        ({"a": "area_geom_m2"}, "mapping.profile_field"),
        ({"a": "area_doc_mu [万元]"}, "mapping.profile_unit"),
        ({"a": "area_doc_mu [尺]"}, "mapping.profile_unit"),
        ({"a": "note", "b": "note"}, "mapping.profile_twice"),
        ({"a": "area_doc_mu [亩]"}, "mapping.profile_line"),
    ],
)
def test_a_wrong_profile_is_an_error(profile, key):
    with pytest.raises(InputError) as caught:
        map_fields(["a", "b"], "reclaim", profile=profile, units={"a": "公顷"})
    assert caught.value.key == key
    for lang in words.LANGUAGES:
        assert caught.value.message(lang)
        assert caught.value.hint(lang)


def test_two_columns_of_one_heading_are_an_error():
    with pytest.raises(InputError, match="same heading"):
        map_fields(["编号", "编号"], "reclaim")


def test_a_line_of_units_counts_like_a_heading():
    found = map_fields(["面积", "建筑面积"], "reclaim", units={"面积": "（公顷）", "建筑面积": "万平方米"})
    assert found.fields == {"面积": "area_doc_mu", "建筑面积": "building_m2"}
    assert found.units == {"面积": "公顷", "建筑面积": "万平方米"}
    assert doubts(map_fields(["面积(亩)"], "reclaim", units={"面积(亩)": "公顷"})) == {"面积(亩)": "unit"}


def test_the_unit_of_a_whole_sheet_is_for_columns_that_need_one():
    found = map_fields(["面积", "建筑面积", "补偿金额", "企业名称"], "reclaim", sheet_unit="亩、万元")
    assert found.fields == {"面积": "area_doc_mu", "补偿金额": "compensation_wan", "企业名称": "enterprise"}
    assert found.units == {"面积": "亩", "补偿金额": "万元"}
    assert doubts(found) == {"建筑面积": "unit"}


@given(st.lists(st.sampled_from(DELIVERABLE), unique=True, max_size=25))
def test_one_column_never_fills_two_fields_nor_two_columns_one(columns):
    found = map_fields(columns, "reclaim")
    assert len(set(found.fields.values())) == len(found.fields)
    places = [*found.fields, *found.unmapped, *(doubt.column for doubt in found.doubtful)]
    assert sorted(places) == sorted(columns)
    assert set(found.evidence) == set(found.fields)
    assert set(found.evidence.values()) <= KINDS
    assert set(found.fields.values()) <= set(RECLAIM)


@given(st.permutations(["DKBH", "编号", "企业名称", "QYMC", "权利人", "面积(亩)", "台账面积", "名称"]))
def test_the_order_of_columns_decides_nothing(columns):
    assert map_fields(columns, "reclaim").fields == {
        "编号": "id",
        "企业名称": "enterprise",
        "台账面积": "area_doc_mu",
        "名称": "name",
    }


@pytest.mark.parametrize("layer", [name for name, layer in schema().layers.items()])
def test_every_name_of_the_schema_finds_its_field(layer):
    for field in schema().layers[layer].fields.values():
        if field.required != "computed":
            for name in (field.name, *field.zh, *field.also):
                assert map_fields([name], layer).fields == {name: field.name}, name


@pytest.mark.parametrize(
    ("name", "columns", "layer"),
    [
        ("秋滨收回0627", [], "reclaim"),
        ("企业用地收回", [], "reclaim"),
        ("reclaim_2022-06", [], "reclaim"),
        ("低效地块", [], "lowefficiency"),
        ("2022年城中村改造", [], "urban_village"),
        ("小地块", ["面积"], "small_plot"),
        ("永久基本农田", [], "control_line"),
        ("秋滨片区收回", [], "reclaim"),
        ("十大片区", [], "district"),
        ("数据", ["低效用地类型", "合同容积率", "编号"], "lowefficiency"),
        ("企业台账6月", ["企业名称", "统一社会信用代码"], None),
        ("收回与低效", [], None),
        ("用地红线", [], None),
        ("收回", ["低效用地类型", "合同容积率"], None),
        ("数据", ["投资"], None),
        ("reclaimed", [], None),
        ("", [], None),
    ],
)
def test_a_layer_is_guessed_only_where_nothing_speaks_against_it(name, columns, layer):
    found, note = guess_layer(columns, name)
    assert found == layer
    assert note.text("zh") != note.text("en")
