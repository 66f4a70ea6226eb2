"""Stages at a date, lists at a date, and the stages one can ask for."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landkit import words
from landkit.errors import InputError, UsageError
from landkit.schema import schema
from landkit.stages import (
    check_stages,
    current_items,
    on_list,
    parse_stage_option,
    reached,
    stage_problems,
    stage_table,
)

LAYERS = schema().layers


def events(*rows: tuple) -> pd.DataFrame:
    """Return an event table from (event_no, id, stage, day, evidence, reverses)."""
    table = pd.DataFrame(
        rows, columns=["event_no", "id", "stage", "event_date", "evidence_no", "reverses"], dtype=object
    )
    table["event_date"] = pd.to_datetime(table["event_date"])
    return table.assign(layer="reclaim")


FRAME = pd.DataFrame({"编号": ["S1", "S2", "S3", "S4"], "stage": [None, "净地入库", "signed", "signed"]})
EVENTS = events(
    ("E1", "S1", "signed", "2022-02-01", "doc", None),
    ("E2", "S1", "vacated", "2022-05-01", None, None),
    ("E3", "S1", "vacated", "2022-06-15", "doc", None),
    ("E4", "S1", "reclaimed", "2022-08-01", "doc", None),
    ("E5", "S4", "assessed", "2022-03-01", None, None),
)


def at(day: str | None, frame=FRAME, table=EVENTS) -> pd.DataFrame:
    return stage_table("reclaim", frame, table, as_of=None if day is None else date.fromisoformat(day))


def test_the_stage_is_the_highest_rung_with_an_event_by_that_day():
    for day, stage in (
        ("2022-01-31", None),
        ("2022-02-01", "signed"),
        ("2022-05-01", "vacated"),
        ("2022-08-01", "reclaimed"),
    ):
        found = at(day).loc[0, "stage"]
        assert (None if pd.isna(found) else found) == stage
    assert at(None)["stage"].tolist() == ["reclaimed", "reclaimed", "signed", "assessed"]
    assert at(None)["rank"].tolist() == [7, 7, 3, 1]


def test_a_claim_counts_only_where_no_event_speaks_and_is_marked_undated():
    assert at(None)["undated"].tolist() == [False, True, True, False]
    # S4 is claimed signed, but its one event lies in March: before that it had no stage at all
    assert pd.isna(at("2022-01-01").loc[3, "stage"])


def test_a_rung_is_dated_by_its_first_event_and_proven_by_any():
    table = at("2022-05-31")
    assert (table.loc[0, "event_date"], table.loc[0, "without_evidence"]) == (pd.Timestamp("2022-05-01"), True)
    table = at("2022-06-15")
    assert (table.loc[0, "event_date"], table.loc[0, "without_evidence"]) == (pd.Timestamp("2022-05-01"), False)
    assert at(None).loc[3, "without_evidence"]
    assert not at(None).loc[1, "without_evidence"]


def test_a_corrected_event_never_was_and_correcting_the_correction_brings_it_back():
    wrong = events(
        ("E1", "S1", "signed", "2022-02-01", "d", None),
        ("E2", "S1", "demolished", "2022-03-01", "d", None),
        ("E3", "S1", "signed", "2022-09-01", "d", "E2"),
    )
    assert at("2022-04-01", table=wrong).loc[0, "stage"] == "signed"
    again = pd.concat([wrong, events(("E4", "S1", "signed", "2022-10-01", "d", "E3"))])
    assert at("2022-04-01", table=again).loc[0, "stage"] == "demolished"
    circle = events(("E1", "S1", "signed", "2022-02-01", "d", "E2"), ("E2", "S1", "signed", "2022-02-01", "d", "E1"))
    with pytest.raises(InputError) as caught:
        at(None, table=circle)
    assert caught.value.key == "stage.circle"


def test_a_long_chain_of_corrections_is_followed_to_its_end():
    chain = events(*((f"E{n}", "S1", "signed", "2022-01-01", "d", f"E{n - 1}" if n else None) for n in range(3000)))
    assert at(None, table=chain).loc[0, "stage"] == "signed"


def test_ladders_follow_the_mode_of_the_row():
    frame = pd.DataFrame(
        {"id": ["V1", "V2", "V3"], "mode": ["拆除重建", "综合整治", None], "stage": ["clear", "accepted", "under_way"]}
    )
    table = pd.DataFrame(
        [("E1", "V1", "cleared", "2022-03-01", "d", None, "urban_village")],
        columns=["event_no", "id", "stage", "event_date", "evidence_no", "reverses", "layer"],
    ).assign(event_date=pd.Timestamp("2022-03-01"))
    found = stage_table("urban_village", frame, table)
    assert found["rank"].tolist() == [4, 2, -1]
    layer = LAYERS["urban_village"]
    assert reached(found, "cleared", layer).tolist() == [True, False, False]
    assert reached(found, ("cleared", "accepted"), layer).tolist() == [True, True, False]
    assert reached(found, "signing", layer).tolist() == [True, False, False]


def test_what_cannot_be_used_is_listed_and_not_lost():
    frame = pd.DataFrame({"id": ["S1", "S2"], "stage": ["flying", "signed"]})
    table = events(
        ("E1", "S9", "signed", "2022-02-01", "d", None),
        ("E2", "S1", "flying", "2022-02-01", "d", None),
        ("E3", "S1", "signed", None, "d", None),
        ("E4", "S1", "signed", "2022-02-01", "d", "E77"),
    )
    problems = {(p.kind, p.id, p.what) for p in stage_problems("reclaim", frame, table)}
    assert problems == {
        ("event_without_row", "S9", "E1"),
        ("event_off_ladder", "S1", "flying"),
        ("event_without_date", "S1", "E3"),
        ("event_corrects_nothing", "S1", "E77"),
        ("stage_off_ladder", "S1", "flying"),
    }
    assert stage_problems("district", frame, table) == []


def test_a_layer_without_a_ladder_has_no_stages():
    for name in ("district", "some_file"):
        table = stage_table(name, FRAME, EVENTS)
        assert table["stage"].isna().all()
        assert (table["rank"] == -1).all()


def test_the_index_is_kept_and_empty_frames_pass():
    frame = FRAME.set_index(pd.Index([7, 3, 9, 1]))
    assert at(None, frame=frame).index.equals(frame.index)
    assert at(None, frame=frame).loc[7, "stage"] == "reclaimed"
    assert stage_table("reclaim", FRAME.iloc[:0], EVENTS).empty
    assert at(None, table=None)["undated"].tolist() == [False, True, True, True]


# --- lists ---------------------------------------------------------------------------------------------------------


def lines(*rows: tuple) -> pd.DataFrame:
    """Return list lines from (list_no, id, change, day)."""
    table = pd.DataFrame(rows, columns=["list_no", "id", "change", "change_date"], dtype=object)
    return table.assign(
        target="T01", layer="reclaim", change_date=pd.to_datetime(table["change_date"]), change_doc=None
    )


LINES = lines(
    ("L1", "S1", "原计划", None),
    ("L2", "S2", "原计划", None),
    ("L2", "S2", "调出", "2022-05-10"),
    ("L3", "S3", "新增", "2022-04-01"),
    ("L4", "S4", "调出", "2022-06-01"),
    ("L5", None, "原计划", None),
)


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2022-03-31", ["L1", "L2", "L4", "L5"]),
        ("2022-04-01", ["L1", "L2", "L3", "L4", "L5"]),
        ("2022-05-09", ["L1", "L2", "L3", "L4", "L5"]),
        ("2022-05-10", ["L1", "L3", "L4", "L5"]),
        ("2022-06-01", ["L1", "L3", "L5"]),
        (None, ["L1", "L3", "L5"]),
    ],
)
def test_lines_stand_from_their_addition_to_their_removal(day, standing):
    as_of = None if day is None else date.fromisoformat(day)
    assert sorted(current_items(LINES, as_of=as_of)["list_no"]) == standing
    assert on_list("reclaim", FRAME, LINES, as_of=as_of).tolist() == [
        name in standing for name in ("L1", "L2", "L3", "L4")
    ]


def test_an_item_may_come_back_and_an_undated_removal_holds_from_the_start():
    back = pd.concat([LINES, lines(("L2", "S2", "新增", "2022-07-01"))])
    assert "L2" in set(current_items(back, as_of=date(2022, 7, 1))["list_no"])
    assert "L2" not in set(current_items(back, as_of=date(2022, 6, 30))["list_no"])
    assert current_items(lines(("L1", "S1", "调出", None)), as_of=date(2000, 1, 1)).empty


def test_rows_marked_off_never_count_and_unlisted_rows_do():
    frame = FRAME.assign(off_list=pd.array([True, None, False, False], dtype="boolean"))
    assert on_list("reclaim", frame, None).tolist() == [False, True, True, True]
    assert on_list("reclaim", frame, LINES, as_of=date(2022, 4, 1)).tolist() == [False, True, True, True]
    assert on_list("small_plot", frame, LINES).tolist() == [False, True, True, True]


# --- the option ----------------------------------------------------------------------------------------------------


def test_stages_are_asked_for_by_id_or_in_chinese():
    asked = parse_stage_option("reclaim=reclaimed, lowefficiency=验收销号,urban_village=cleared|accepted", LAYERS)
    assert asked == {
        "reclaim": ("reclaimed",),
        "lowefficiency": ("accepted",),
        "urban_village": ("cleared", "accepted"),
    }


@pytest.mark.parametrize(
    ("text", "key", "named"),
    [
        ("reclaim", "stage.option", "reclaim"),
        ("reclaim=", "stage.option", "reclaim="),
        ("", "stage.option", ""),
        ("reclaim=signed,reclaim=vacated", "stage.option", "reclaim=vacated"),
        ("district=signed", "stage.layer", "small_plot"),
        ("nowhere=signed", "stage.layer", "reclaim"),
        ("reclaim=accepted", "stage.unknown", "reclaimed 净地入库"),
        ("urban_village=done", "stage.unknown", "accepted 验收"),
    ],
)
def test_an_unknown_layer_or_stage_lists_what_there_is(text, key, named):
    with pytest.raises(UsageError) as caught:
        parse_stage_option(text, LAYERS)
    assert caught.value.key == key
    for lang in words.LANGUAGES:
        assert named in caught.value.message(lang) + caught.value.hint(lang)


def test_check_stages_gives_ids():
    assert check_stages("small_plot", ["完成"], LAYERS) == ("done",)


# --- random histories against a plain reading of the rule -----------------------------------------------------------

LADDER = [rung.id for rung in LAYERS["reclaim"].stages]
HISTORY = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.integers(0, len(LADDER) - 1),
        st.integers(0, 300),
        st.booleans(),
        st.one_of(st.none(), st.integers(0, 8)),
    ),
    max_size=9,
)


@settings(max_examples=150, deadline=None)
@given(history=HISTORY, day=st.integers(0, 300))
def test_random_histories_follow_the_rule(history, day):
    start = date(2022, 1, 1)
    # an event corrects an earlier one only, as in a table that is added to
    rows = [
        (f"E{n}", row, LADDER[rung], (start + timedelta(offset)).isoformat(), "d" if proven else None,
         f"E{target}" if target is not None and target < n else None)
        for n, (row, rung, offset, proven, target) in enumerate(history)
    ]  # fmt: skip
    standing = {}
    for n in reversed(range(len(rows))):
        standing[f"E{n}"] = not any(later[5] == f"E{n}" and standing[later[0]] for later in rows[n + 1 :])
    frame = pd.DataFrame({"id": ["A", "B"], "stage": ["assessed", None]})
    as_of = start + timedelta(day)
    table = stage_table("reclaim", frame, events(*rows), as_of=as_of)
    for position, row in enumerate(["A", "B"]):
        told = [r for r in rows if r[1] == row]
        mine = [r for r in told if standing[r[0]] and r[3] <= as_of.isoformat()]
        best = max((LADDER.index(r[2]) for r in mine), default=-1)
        if not told and row == "A":
            best = LADDER.index("assessed")
        assert table.loc[position, "rank"] == best
        assert table.loc[position, "undated"] == (not told and row == "A")
        tops = [r for r in mine if LADDER.index(r[2]) == best]
        if tops:
            assert table.loc[position, "event_date"] == pd.Timestamp(min(r[3] for r in tops))
            assert table.loc[position, "without_evidence"] == all(r[4] is None for r in tops)
