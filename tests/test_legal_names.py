"""Names of firms: what is one spelling and what is another firm."""

from __future__ import annotations

import pytest

from landkit.legal_names import core, legal_form, may_be_one, normalise, read_name, regions, similarity


@pytest.mark.parametrize(
    "written",
    [
        "金华（中国）机械有限公司",
        "金华(中国)机械有限责任公司",
        " 金华 (中国) 机械 有限公司\n",
        "金华中国机械有限公司",
        "金华\x07中国\u200b机械有限公司",
        "金华（中国）机械有限公司（原金华机械厂）",
        "金华（中国）机械有限公司　曾用名：金华机械厂",
        "金华机械厂(现更名为金华中国机械有限公司)",
    ],
)
def test_spellings_of_one_name(written):
    assert normalise(written) == "金华中国机械有限公司"


def test_half_width_capitals():
    assert normalise("ａｂｃ电器有限公司") == "ABC电器有限公司"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("金华机械有限公司", "金华机械股份有限公司"),
        ("金华机械有限公司", "金华机械有限公司义乌分公司"),
        ("金华市机械有限公司", "义乌市机械有限公司"),
        ("浙江机械有限公司", "机械有限公司"),
        ("金华东方机械有限公司", "金华东力机械有限公司"),
    ],
)
def test_different_firms_stay_different(first, second):
    assert normalise(first) != normalise(second)


@pytest.mark.parametrize(
    ("written", "present", "former"),
    [
        ("甲公司（原乙公司）", "甲公司", ("乙公司",)),
        ("甲公司(原名:乙公司、丙公司)", "甲公司", ("乙公司", "丙公司")),
        ("甲公司，曾用名：乙公司", "甲公司", ("乙公司",)),
        ("乙公司（现甲公司）", "甲公司", ("乙公司",)),
        ("甲公司（原）", "甲公司原", ()),
        ("中原机械厂", "中原机械厂", ()),
        ("", "", ()),
    ],
)
def test_former_names(written, present, former):
    found = read_name(written)
    assert (found.present, found.former) == (present, former)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("甲有限公司", "limited"),
        ("甲股份有限公司", "joint_stock"),
        ("甲有限公司金华分公司", "branch"),
        ("甲投资中心有限合伙", "partnership"),
        ("甲电器厂", ""),
    ],
)
def test_legal_forms(name, form):
    assert legal_form(name) == form


def test_regions_and_core():
    assert regions("浙江省金华市婺城区东方机械有限公司") == ("浙江省", "金华市", "婺城区")
    assert core("浙江省金华市婺城区东方机械有限公司") == "东方机械"
    assert regions("好又多超市有限公司") == ()


@pytest.mark.parametrize(
    ("first", "second", "may"),
    [
        ("金华市东方机械有限公司", "东方机械有限公司", True),
        ("浙江金华市东方机械有限公司", "金华市东方机械", True),
        ("金华市东方机械有限公司", "义乌市东方机械有限公司", False),
        ("东方机械有限公司", "东方机械股份有限公司", False),
        ("东方机械有限公司", "东方机械有限公司分公司", False),
    ],
)
def test_what_names_exclude(first, second, may):
    assert may_be_one(first, second) == may == may_be_one(second, first)


def test_one_character_in_four_is_no_near_equality():
    # indel distance 2 of 8 characters
    assert similarity("东方机械有限公司", "东力机械有限公司") == pytest.approx(75)
    assert similarity("金华市东方机械有限公司", "东方机械有限公司") == 100
