"""The join of ledger rows to parcels: by what, what goes to a person, and how that is replayed."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit.errors import InputError
from landkit.matching import ACCEPTED, GAP, REVIEW, join, row_keys

A, B = "91350100M000100Y43", "91110000600037341L"  # both published as valid
CERT = "浙(2021)金华市不动产权第0012345号"
CERT2 = "浙(2021)金华市不动产权第0012346号"
UNIT = "330702001001GB00012W00000000"
HOUSE = "330702001001GB00012F00010001"


def rows(*records: dict) -> pd.DataFrame:
    columns = ["id", "enterprise", "uscc", "cert_no", "bdcdyh", "area_doc_mu", "township"]
    kinds = dict.fromkeys(columns, "str") | {"area_doc_mu": "float64"}
    return pd.DataFrame(list(records), columns=columns).astype(kinds)


def outcome(ledger: pd.DataFrame, parcels: pd.DataFrame, **options) -> dict[int, tuple]:
    """Return row -> (what happened, by what or why, parcels)."""
    joined = join(ledger, parcels, layer_id="reclaim", **options)
    found = {row: ("unmatched", reason, []) for row, reason in joined.unmatched[["row", "reason"]].to_numpy().tolist()}
    for name, frame, said in (("accepted", joined.accepted, "by"), ("review", joined.review, "reason")):
        for row, lines in frame.groupby("row"):
            assert lines[said].nunique() == 1
            found[row] = (name, lines[said].iloc[0].rsplit(".", 1)[-1], lines["id"].tolist())
    assert sorted(found) == sorted(ledger.index)
    assert len(set(joined.accepted["row"]) | set(joined.review["row"])) + len(joined.unmatched) == len(ledger)
    assert (joined.accepted["by"] != "").all()
    return found


@pytest.mark.parametrize(
    ("row", "parcel", "by"),
    [
        ({"cert_no": "浙（2021）金华市不动产权第12345号"}, {"cert_no": CERT}, "cert_no"),
        ({"bdcdyh": HOUSE}, {"bdcdyh": UNIT}, "bdcdyh"),
        ({"uscc": A.lower()}, {"uscc": A}, "uscc"),
        ({"id": "R-1"}, {}, "id"),
        ({"enterprise": "甲机械有限责任公司"}, {"enterprise": "甲机械有限公司"}, "name"),
        ({"enterprise": "乙公司（原甲机械厂）"}, {"enterprise": "甲机械厂"}, "former_name"),
        (
            {"enterprise": "东方机械有限公司", "area_doc_mu": 10.4},
            {"enterprise": "金华市东方机械有限公司", "area_doc_mu": 10},
            "similarity",
        ),
    ],
)
def test_what_a_row_is_accepted_by(row, parcel, by):
    found = outcome(rows(row), rows({"id": "R-1", **parcel}, {"id": "R-2", "enterprise": "另一家塑料制品厂"}))
    assert found == {0: ("accepted", by, ["R-1"])}


@pytest.mark.parametrize(
    ("row", "parcel", "why"),
    [
        ({"cert_no": CERT, "uscc": A}, {"cert_no": CERT, "uscc": B}, "keys_differ"),
        ({"uscc": A, "cert_no": CERT}, {"uscc": A, "cert_no": CERT2}, "keys_differ"),
        ({"id": "R-1", "uscc": A}, {"uscc": B}, "keys_differ"),
        ({"enterprise": "甲公司", "uscc": A}, {"enterprise": "甲公司", "uscc": B}, "keys_differ"),
        ({"id": "R-1", "enterprise": "甲公司"}, {"enterprise": "乙公司"}, "names_differ"),
        ({"enterprise": "东方机械有限公司"}, {"enterprise": "金华市东方机械有限公司"}, "similar"),
        (
            {"enterprise": "东方机械有限公司", "area_doc_mu": 10.6},
            {"enterprise": "金华市东方机械有限公司", "area_doc_mu": 10},
            "similar",
        ),
        (
            {"enterprise": "东方机械有限公司", "area_doc_mu": 10},
            {"enterprise": "东方机械股份有限公司", "area_doc_mu": 10},
            "similar",
        ),
        (
            {"enterprise": "义乌市东方机械有限公司", "area_doc_mu": 10},
            {"enterprise": "金华市东方机械有限公司", "area_doc_mu": 10},
            "similar",
        ),
        (
            {"enterprise": "东方机械有限公司", "area_doc_mu": 10, "township": "甲街道"},
            {"enterprise": "金华市东方机械有限公司", "area_doc_mu": 10, "township": "乙街道"},
            "similar",
        ),
    ],
)
def test_what_goes_to_a_person(row, parcel, why):
    found = outcome(rows(row), rows({"id": "R-1", **parcel}))
    assert found == {0: ("review", why, ["R-1"])}


def test_a_code_with_a_wrong_check_character_is_no_key():
    wrong = A[:-1] + "4"
    assert outcome(rows({"uscc": wrong}), rows({"id": "R-1", "uscc": wrong}))[0][0] == "unmatched"


def test_what_is_not_alike_is_rejected():
    assert outcome(rows({"enterprise": "东方机械有限公司"}), rows({"id": "R-1", "enterprise": "南山塑料制品厂"})) == {
        0: ("unmatched", "", [])
    }


def test_a_line_number_is_no_id():
    parcels = rows({"id": "1", "area_doc_mu": 10}, {"id": "2", "area_doc_mu": 20})
    found = outcome(rows({"id": "1", "area_doc_mu": 10}, {"id": "2", "area_doc_mu": 30}), parcels)
    assert found == {0: ("accepted", "id", ["1"]), 1: ("review", "serial", ["2"])}


def test_a_name_that_stands_twice_on_either_side_is_not_accepted():
    one, two = rows({"enterprise": "甲公司"}), rows({"enterprise": "甲公司"}, {"enterprise": "甲公司"})
    assert outcome(two, rows({"id": "R-1", "enterprise": "甲公司"})) == {
        0: ("review", "several_names", ["R-1"]),
        1: ("review", "several_names", ["R-1"]),
    }
    parcels = rows({"id": "R-1", "enterprise": "甲公司"}, {"id": "R-2", "enterprise": "甲公司"})
    assert outcome(one, parcels) == {0: ("review", "several_names", ["R-1", "R-2"])}


def test_without_a_clear_lead_nothing_is_accepted():
    parcels = rows(
        {"id": "R-1", "enterprise": "金华市东方机械有限公司", "area_doc_mu": 10},
        {"id": "R-2", "enterprise": "义乌市东方机械有限公司", "area_doc_mu": 10},
    )
    found = outcome(rows({"enterprise": "东方机械有限公司", "area_doc_mu": 10}), parcels)
    assert found == {0: ("review", "similar", ["R-1", "R-2"])}


def test_a_parcel_that_a_key_gave_away_is_not_given_again_by_likeness():
    parcels = rows({"id": "R-1", "enterprise": "金华市东方机械有限公司", "area_doc_mu": 10, "cert_no": CERT})
    ledger = rows({"cert_no": CERT, "enterprise": "承租人"}, {"enterprise": "东方机械有限公司", "area_doc_mu": 10})
    assert outcome(ledger, parcels)[1] == ("review", "similar", ["R-1"])


def test_several_parcels_of_one_firm():
    parcels = rows(
        {"id": "R-1", "uscc": A, "area_doc_mu": 10}, {"id": "R-2", "uscc": A, "area_doc_mu": 20}, {"id": "R-3"}
    )
    whole = rows({"uscc": A, "enterprise": "甲公司", "area_doc_mu": 30})
    joined = join(whole, parcels, layer_id="reclaim")
    assert joined.accepted["id"].tolist() == ["R-1", "R-2"]
    assert joined.accepted["diff_pct"].tolist() == [0, 0]
    assert joined.links[["uscc", "layer", "id"]].to_numpy().tolist() == [[A, "reclaim", "R-1"], [A, "reclaim", "R-2"]]
    assert joined.links[["name", "share"]].isna().all(axis=None)
    assert outcome(rows({"uscc": A, "area_doc_mu": 12}), parcels)[0][:2] == ("review", "several_parcels")
    both = rows({"uscc": A, "area_doc_mu": 20.5}, {"uscc": A, "area_doc_mu": 10.2})
    assert outcome(both, parcels) == {0: ("accepted", "uscc", ["R-2"]), 1: ("accepted", "uscc", ["R-1"])}
    unclear = rows({"uscc": A, "area_doc_mu": 10.1}, {"uscc": A, "area_doc_mu": 10.2})
    assert {said[:2] for said in outcome(unclear, parcels).values()} == {("review", "several_rows")}
    certain = rows({"uscc": A, "cert_no": CERT})
    parcels.loc[1, "cert_no"] = CERT
    assert outcome(certain, parcels) == {0: ("accepted", "cert_no", ["R-2"])}


def test_tenants_of_one_parcel():
    ledger = rows({"cert_no": CERT, "enterprise": "甲公司", "uscc": A}, {"cert_no": CERT, "enterprise": "乙公司"})
    links = join(ledger, rows({"id": "R-1", "cert_no": CERT}), layer_id="reclaim").links
    assert links["uscc"].tolist()[0] == A
    assert links["uscc"].isna().tolist() == [False, True]
    assert links["name"].tolist()[1] == "乙公司"
    assert links["id"].tolist() == ["R-1", "R-1"]


def test_several_certificates_in_a_cell():
    parcels = rows({"id": "R-1", "cert_no": CERT}, {"id": "R-2", "cert_no": CERT2})
    assert outcome(rows({"cert_no": f"{CERT}、{CERT2}"}), parcels) == {0: ("accepted", "cert_no", ["R-1", "R-2"])}


LEDGER = rows(
    {"enterprise": "东方机械有限公司", "area_doc_mu": 10},
    {"enterprise": "西山塑业有限公司", "area_doc_mu": 20},
    {"enterprise": "南湖电器有限公司", "area_doc_mu": 30},
    {"enterprise": "北辰五金有限公司", "area_doc_mu": 40},
)
PARCELS = rows(
    {"id": "R-1", "enterprise": "东方机械厂"},
    {"id": "R-2", "enterprise": "西山塑业厂"},
    {"id": "R-3", "enterprise": "南湖电器厂"},
    {"id": "R-4", "enterprise": "北辰五金厂"},
    {"id": "R-9"},
)


def decided(*said: str) -> pd.DataFrame:
    review = join(LEDGER, PARCELS, layer_id="reclaim").review
    assert len(review) == 4
    return review.assign(decision=list(said))[["key", "id", "decision"]]


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(4)))
def test_decisions_are_replayed_in_any_order(order):
    found = outcome(LEDGER.iloc[order], PARCELS, reviewed=decided("yes", "no", "R-9", "R-7"))
    assert found == {
        0: ("accepted", "review", ["R-1"]),
        1: ("unmatched", "", []),
        2: ("accepted", "review", ["R-9"]),
        3: ("review", "unknown_id", ["R-4"]),
    }


def test_a_refusal_holds_against_a_key_as_well():
    ledger, parcels = rows({"cert_no": CERT, "enterprise": "甲"}), rows({"id": "R-1", "cert_no": CERT})
    said = pd.DataFrame({"key": row_keys(ledger), "id": ["R-1"], "decision": ["no"]})
    assert outcome(ledger, parcels, reviewed=said) == {0: ("unmatched", "", [])}


def test_yes_and_no_to_one_pair_is_an_error():
    said = pd.concat([decided("yes", "no", "no", "no"), decided("no", "no", "no", "no")])
    with pytest.raises(InputError, match="both yes and no"):
        join(LEDGER, PARCELS, layer_id="reclaim", reviewed=said)


def test_a_row_is_known_by_what_it_says_and_not_by_its_place():
    keys = row_keys(LEDGER)
    assert row_keys(LEDGER.iloc[::-1]).sort_index().tolist() == keys.tolist()
    assert keys.is_unique
    twins = rows({"enterprise": "甲"}, {"enterprise": "甲"})
    assert row_keys(twins).is_unique
    assert row_keys(rows({"cert_no": "浙（2021）金华市不动产权第12345号", "area_doc_mu": 1})).tolist() == [
        f"cert={CERT};mu=1.0000"
    ]


def test_parcels_need_ids_of_their_own():
    with pytest.raises(InputError, match="R-1"):
        join(LEDGER, rows({"id": "R-1"}, {"id": "R-1"}), layer_id="reclaim")


def test_measured_areas_may_stand_for_those_of_the_ledger():
    ledger = rows({"enterprise": "东方机械有限公司", "area_doc_mu": 10})
    parcels = rows({"id": "R-1", "enterprise": "金华市东方机械有限公司"})
    assert outcome(ledger, parcels, parcel_mu=pd.Series([10.1]))[0][:2] == ("accepted", "similarity")


def test_empty_sides():
    joined = join(rows(), rows(), layer_id="reclaim")
    assert [len(part) for part in (joined.accepted, joined.review, joined.unmatched, joined.links)] == [0, 0, 0, 0]


def test_the_thresholds_are_those_of_the_documents():
    assert (ACCEPTED, GAP, REVIEW) == (96, 10, 70)


def test_a_parcel_need_not_be_called_like_its_firm():
    parcels = pd.DataFrame({"id": ["S-131"], "name": ["秋滨地块S-131"]})
    ledger = pd.DataFrame({"id": ["S-131"], "enterprise": ["企业006"]})
    joined = join(ledger, parcels, layer_id="reclaim")
    assert joined.accepted[["id", "by"]].values.tolist() == [["S-131", "id"]]


def test_the_id_tells_equal_plots_of_one_firm_apart():
    code = "91990000990000017L"
    both = pd.DataFrame({"id": ["S-1", "S-2"], "uscc": [code, code], "area_doc_mu": [15.0, 15.0]})
    joined = join(both, both, layer_id="reclaim")
    assert joined.accepted[["row", "id", "by"]].values.tolist() == [[0, "S-1", "uscc"], [1, "S-2", "uscc"]]
