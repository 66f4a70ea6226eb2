"""Stage columns and dates as events, and what the dates contradict."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from landkit import words
from landkit.mapping import convert, map_fields
from landkit.schema import schema
from landkit.stage_columns import COLUMNS, events_of, stage_columns

NOW = datetime(2022, 7, 1, 9, 30)


def read(columns: dict, layer: str = "reclaim", events: pd.DataFrame | None = None):
    frame = pd.DataFrame(columns, dtype=object)
    frame = convert(frame, map_fields(frame.columns, layer), layer).frame
    return events_of(frame, layer, recorded_at=NOW, source="台账6月.xlsx", events=events)


def told(events: pd.DataFrame) -> list[tuple]:
    return [(line["id"], line["stage"], f"{line['event_date']:%Y-%m-%d}") for line in events.to_dict("records")]


def reasons(problems: pd.DataFrame) -> list[tuple]:
    return [(line["id"], line["column"], line["reason"].rsplit(".", 1)[1]) for line in problems.to_dict("records")]


@pytest.mark.parametrize(
    ("column", "stage"),
    [
        ("签约时间", "signed"),
        ("签约日期", "signed"),
        ("腾空时间", "vacated"),
        ("拆除日期", "demolished"),
        ("注销日期", "deregistered"),
        ("净地入库时间", "reclaimed"),
        ("净地入库 时间", "reclaimed"),
    ],
)
def test_dates_of_stages(column, stage):
    assert stage_columns([column, "计划签约时间"], "reclaim").dates == {column: stage}


def test_no_heading_is_of_two_stages_or_of_a_stage_and_a_field():
    for layer in schema().layers.values():
        for ladder in (layer.stages, *layer.ladders.values()):
            names = [name for rung in ladder for name in rung.dates]
            assert len(names) == len(set(names))
            dates = {name for field in layer.fields.values() if field.type == "date" for name in field.zh}
            assert not dates & set(names)


def test_events_as_the_table_holds_them():
    events, problems = read({"编号": ["R-1", "R-2"], "签约时间": ["2022-3-1", None], "签约文号": ["文1", "文2"]})
    assert list(events.columns) == COLUMNS
    assert events.drop(columns="reverses").to_numpy().tolist() == [
        ["E00001", "reclaim", "R-1", "signed", pd.Timestamp(2022, 3, 1), pd.Timestamp(NOW), "台账6月.xlsx", "文1"]
    ]
    assert problems.empty


def test_the_stage_column_with_its_date():
    events, problems = read(
        {
            "编号": ["R-1", "R-2"],
            "当前阶段": ["签约", "腾空交地"],
            "阶段日期": ["2022-3-1", "2022-4-1"],
            "文号": ["甲", ""],
        }
    )
    assert told(events) == [("R-1", "signed", "2022-03-01"), ("R-2", "vacated", "2022-04-01")]
    assert events["evidence_no"].isna().tolist() == [False, True]
    assert problems.empty


def test_the_ladder_is_that_of_the_row():
    columns = {"编号": ["V-1", "V-2"], "改造方式": ["综合整治", "拆除重建"], "验收日期": ["2022-3-1"] * 2}
    events, problems = read(columns, "urban_village")
    assert told(events) == [("V-1", "accepted", "2022-03-01")]
    assert reasons(problems) == [("V-2", "验收日期", "off_ladder")]


def test_what_makes_no_event_is_said():
    events, problems = read(
        {"编号": ["R-1", "R-2", None, "R-4"], "拆除": ["√", "去年", "2022-1-1", "否"], "签约": [None, "/", None, None]}
    )
    assert events.empty
    assert reasons(problems) == [("R-1", "拆除", "undated"), ("R-2", "拆除", "date"), ("", "拆除", "no_id")]


def test_documents_of_no_certain_stage_are_said():
    columns = {"编号": ["R-1"], "签约时间": ["2022-3-1"], "腾空时间": ["2022-4-1"], "文号": ["甲"]}
    events, problems = read(columns)
    assert events["evidence_no"].isna().all()
    assert reasons(problems) == [("", "文号", "evidence")]


def test_crossed_dates_are_listed_and_said():
    events, problems = read({"编号": ["R-1"], "签约时间": ["2022-3-1"], "腾空时间": ["2022-2-1"]})
    assert told(events) == [("R-1", "signed", "2022-03-01"), ("R-1", "vacated", "2022-02-01")]
    assert reasons(problems) == [("R-1", "腾空时间", "crossed")]
    problem = problems.iloc[0]
    assert (
        words.text(problem["reason"], "zh", **problem["values"]) == "“腾空交地”（2022-02-01）早于“签约”（2022-03-01）"
    )


def test_a_month_contradicts_no_day_within_it():
    _, problems = read({"编号": ["R-1"], "签约时间": ["2022年3月"], "腾空时间": ["2022-3-20"]})
    assert problems.empty
    _, problems = read({"编号": ["R-1"], "签约时间": ["2022年4月"], "腾空时间": ["2022-3-20"]})
    assert reasons(problems) == [("R-1", "腾空时间", "crossed")]


def test_the_future_is_said():
    assert reasons(read({"编号": ["R-1"], "签约时间": ["2022-7-2"]})[1]) == [("R-1", "签约时间", "future")]


def test_what_is_recorded_is_not_repeated():
    ledger = {"编号": ["R-1", "R-1"], "签约时间": ["2022-3-1", "2022-3-1"], "腾空时间": ["2022-2-1", None]}
    first, problems = read(ledger)
    assert len(first) == 2
    assert len(problems) == 1
    again, problems = read(ledger, events=first)
    assert again.empty
    assert problems.empty
    more, _ = read({**ledger, "拆除日期": ["2022-5-1", None], "签约文号": ["文1", None]}, events=first)
    assert told(more) == [("R-1", "signed", "2022-03-01"), ("R-1", "demolished", "2022-05-01")]
    assert more["event_no"].tolist() == ["E00003", "E00004"]


def test_recorded_events_are_contradicted_and_corrected_ones_stay_corrected():
    recorded, _ = read({"编号": ["R-1", "R-2"], "腾空时间": ["2022-4-1", "2022-4-1"]})
    correction = recorded.iloc[[1]].assign(event_no="E00003", event_date=pd.Timestamp(2022, 5, 1), reverses="E00002")
    table = pd.concat([recorded, correction])
    columns = {"编号": ["R-1", "R-2"], "签约时间": ["2022-4-9", None], "腾空时间": ["2022-4-2", "2022-4-1"]}
    events, problems = read(columns, events=table)
    assert told(events) == [("R-1", "signed", "2022-04-09"), ("R-1", "vacated", "2022-04-02")]
    assert sorted(reasons(problems)) == [
        ("R-1", "签约时间", "later"),
        ("R-1", "腾空时间", "crossed"),
        ("R-1", "腾空时间", "differs"),
        ("R-2", "腾空时间", "corrected"),
    ]
    for problem in problems.to_dict("records"):
        assert words.text(problem["reason"], "en", **problem["values"])


def test_a_layer_without_stages_has_no_events():
    events, problems = read({"编号": ["D-1"], "签约时间": ["2022-1-1"]}, "district")
    assert (len(events), len(problems)) == (0, 0)
