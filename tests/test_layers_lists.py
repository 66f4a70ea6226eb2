"""The shipped tables: enterprises, events, lists, and the plan they serve."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date, datetime

import pytest
import shapely
from shipped import (
    EVENTS,
    LAND,
    MU,
    PLAN,
    POLYGONS,
    PROGRAMMES,
    REVERSED,
    ROWS,
    SCHEMA,
    SOURCE,
    TARGETS,
    VALUES,
    flaw,
    items,
    ladder,
    reached,
    records,
)

# enterprises


def test_tax_per_mu_is_near_20_and_far_below_where_land_is_inefficient():
    firms = records("enterprise")
    above = [firm for firm in firms if firm["above_scale"] == "true"]
    assert {firm["eval_year"] for firm in firms} == {"2021"}
    assert ratio(above) == pytest.approx(20.0, abs=0.3)
    low = {v["enterprise"] for v in VALUES["lowefficiency"].values()}
    assert ratio([firm for firm in firms if firm["name"] in low]) < 6
    mean = sum(float(f["tax_wan"]) / float(f["eval_land_mu"]) for f in above) / len(above)
    assert abs(mean - 20) > 1  # a mean of ratios gives another figure


def ratio(firms: list[dict[str, str]]) -> float:
    return sum(float(firm["tax_wan"]) for firm in firms) / sum(float(firm["eval_land_mu"]) for firm in firms)


def test_no_enterprise_is_a_real_one():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]  # GB 32100-2015
    body_weights = [3, 7, 9, 10, 5, 8, 4, 2]  # GB 11714-1997
    firms = records("enterprise")
    assert len({firm["uscc"] for firm in firms}) == len(firms) == len({firm["name"] for firm in firms})
    for firm in firms:
        assert re.fullmatch(r"企业\d{3}", firm["name"])
        code = firm["uscc"]
        assert (len(code), code[2:8]) == (18, "990000")
        total = sum(weight * alphabet.index(sign) for weight, sign in zip(weights, code[:17], strict=True))
        assert alphabet[(31 - total % 31) % 31] == code[17]
        body = 11 - sum(w * alphabet.index(c) for w, c in zip(body_weights, code[8:16], strict=True)) % 11
        assert code[16] == {10: "X", 11: "0"}.get(body, str(body))


def test_every_holding_joins_an_enterprise_to_its_row():
    names = {firm["uscc"]: firm["name"] for firm in records("enterprise")}
    held = {(line["layer"], line["id"]): names[line["uscc"]] for line in records("enterprise_parcel")}
    owned = {
        (layer, name): values["enterprise"]
        for layer in ("reclaim", "lowefficiency")
        for name, values in VALUES[layer].items()
        if values["enterprise"]
    }
    assert held == owned
    assert all(names[values["uscc"]] == values["enterprise"] for values in VALUES["reclaim"].values())


# events


def test_every_event_refers_to_a_row_and_a_rung_and_was_entered_afterwards():
    numbers = [event["event_no"] for event in EVENTS]
    assert numbers == sorted(set(numbers))
    entered = [event["recorded_at"] for event in EVENTS]
    assert entered == sorted(entered)
    for event in EVENTS:
        assert event["stage"] in ladder(event["layer"], event["id"])
        happened = date.fromisoformat(event["event_date"])
        assert date(2021, 9, 1) <= happened <= date(2022, 12, 31)
        assert happened < datetime.fromisoformat(event["recorded_at"]).date()
        assert not event["evidence_no"] or event["evidence_no"].startswith(f"佐证-{happened.year}-")
    documents = [event["evidence_no"] for event in EVENTS if event["evidence_no"]]
    assert len(set(documents)) == len(documents)


def test_rungs_follow_one_another_in_time():
    climbs = defaultdict(list)
    for event in EVENTS:
        if event["event_no"] not in REVERSED and not event["reverses"]:
            climbs[event["layer"], event["id"]].append(event)
    for (layer, name), steps in climbs.items():
        rungs = [
            ladder(layer, name).index(e["stage"]) for e in sorted(steps, key=lambda e: (e["event_date"], e["event_no"]))
        ]
        assert rungs == list(range(len(rungs))), name


def test_the_stage_in_the_row_is_what_the_events_say_but_for_the_undated():
    highest: dict[str, int] = {}
    for event in EVENTS:
        if event["event_no"] not in REVERSED:
            rung = ladder(event["layer"], event["id"]).index(event["stage"])
            highest[event["id"]] = max(rung, highest.get(event["id"], 0))
    undated = set()
    for layer in PROGRAMMES:
        for name, values in VALUES[layer].items():
            if name in highest:
                assert values["stage"] == ladder(layer, name)[highest[name]], name
            else:
                undated.add(name)
    assert undated == flaw("a stage without any event")
    assert {VALUES["lowefficiency"][name]["stage"] for name in undated} == {"accepted"}


def test_events_without_evidence_and_corrected_ones_are_as_documented():
    assert {event["id"] for event in EVENTS if not event["evidence_no"]} == flaw("an event without evidence")
    by_number = {event["event_no"]: event for event in EVENTS}
    corrections = [event for event in EVENTS if event["reverses"]]
    assert {event["id"] for event in corrections} == flaw("a stage reported too early")
    for event in corrections:
        wrong = by_number[event["reverses"]]
        assert (wrong["id"], wrong["event_date"]) == (event["id"], event["event_date"])
        assert wrong["recorded_at"] < event["recorded_at"]
        rungs = ladder(event["layer"], event["id"])
        assert rungs.index(event["stage"]) < rungs.index(wrong["stage"])


def test_one_plot_is_carried_over():
    carried = {name for layer in PROGRAMMES for name, v in VALUES[layer].items() if v["plan_year"] != 2022}
    assert carried == flaw("carried over from 2021")
    assert all(VALUES["small_plot"][name]["note"] == "2021年结转" for name in carried)
    assert carried <= reached("small_plot", "under_way", "2021-12-31")


def test_one_enterprise_is_half_done_for_months():
    (late,) = flaw("an enterprise whose second parcel")
    item = next(rows for rows in items("T01").values() if late in rows)
    assert len(item) == 2
    assert item - {late} <= reached("reclaim", "reclaimed", "2022-02-28")
    assert late not in reached("reclaim", "reclaimed", "2022-04-30")


# lists


def test_every_list_line_refers_to_a_row_and_a_target():
    for line in records("plan_item"):
        assert line["target"] in TARGETS
        assert line["id"] in ROWS[line["layer"]]
        assert line["change"] in {"原计划", "替换", "调出"}
        assert (line["change"] == "原计划") == (line["change_date"] == "") == (line["change_doc"] == "")


def test_the_swap_keeps_120_enterprises_on_the_list():
    lines = [line for line in records("plan_item") if line["change"] != "原计划"]
    assert {line["id"] for line in lines if line["change"] == "调出"} == flaw("off the list since 2022-08-22")
    assert {line["id"] for line in lines if line["change"] == "替换"} == flaw("joined the list that day")
    off = {name for layer in PROGRAMMES for name, values in VALUES[layer].items() if values["off_list"]}
    assert off == flaw("off the list since 2022-08-22")
    assert {line["change_date"] for line in lines} == {"2022-08-22"}


def test_workshops_and_outdated_capacity_are_what_their_lists_say():
    for target, cause in (("T14", "低散乱"), ("T15", "落后产能")):
        listed = {name for rows in items(target).values() for name in rows}
        assert listed == {n for n, v in VALUES["lowefficiency"].items() if cause in v["cause"].split("|")}


DECLARED = {
    "T01": ("reclaim", "reclaimed"),
    "T03": ("small_plot", "done"),
    "T07": ("old_community", "started"),
    "T12": ("renewal_project", "announced"),
    "T13": ("lowefficiency", "accepted"),
    "T14": ("lowefficiency", "accepted"),
    "T15": ("lowefficiency", "accepted"),
    "T17": ("urban_village", "cleared"),
}


def done(target: str, day: str) -> int:
    layer, stage = DECLARED[target]
    there = reached(layer, stage, day)
    return sum(rows <= there for rows in items(target).values())


@pytest.mark.parametrize("target", DECLARED)
def test_progress_rises_month_by_month(target):
    months = [f"2022-{month:02d}-31" for month in range(1, 13)]
    counts = [done(target, month) for month in months]
    assert counts == sorted(counts)
    assert len(set(counts)) >= 5


def test_mid_year_stands_at_about_45_per_cent():
    assert done("T01", "2022-06-30") == 31
    assert done("T03", "2022-06-30") == 19
    for target in ("T01", "T03", "T07", "T12", "T13", "T14"):
        assert 0.4 < done(target, "2022-06-30") / len(items(target)) < 0.5
    accepted = reached("lowefficiency", "accepted", "2022-06-30") & LAND["lowefficiency"].keys()
    assert 0.4 < shapely.union_all([LAND["lowefficiency"][n] for n in accepted]).area / MU / 4000 < 0.6


def test_the_year_ends_with_most_targets_met_and_a_few_missed():
    end = {target: done(target, "2022-12-31") for target in DECLARED}
    assert {target for target, count in end.items() if count < TARGETS[target]["value"]} == {"T01", "T12", "T13", "T17"}
    assert end["T03"] == 44
    accepted = reached("lowefficiency", "accepted", "2022-12-31") & LAND["lowefficiency"].keys()
    assert shapely.union_all([LAND["lowefficiency"][n] for n in accepted]).area / MU > 4000


# the plan


def source_targets() -> list[dict[str, str]]:
    if not SOURCE.is_dir():
        pytest.skip("the plan and its targets.csv are not on this machine")
    with (SOURCE / "targets.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_plan_holds_every_target_word_for_word():
    rows = source_targets()
    assert list(TARGETS) == [row["id"] for row in rows]
    for row in rows:
        target = TARGETS[row["id"]]
        for column in ("kind", "unit", "test", "force", "quote", "section"):
            assert target[column] == row[column], (row["id"], column)
        assert target.get("words", "") == row["words"], row["id"]
        said = [float(part) for part in row["value"].split("..")]
        assert (target["values"] if len(said) == 2 else [target["value"]]) == said
        assert target["due"] == date(2022, 12, 31)
        assert "lead_unit" not in target


def test_every_quote_stands_in_the_plan_word_for_word():
    rows = source_targets()
    text = (SOURCE / "jinhua-2022-work-plan.txt").read_text(encoding="utf-8")
    assert all(TARGETS[row["id"]]["quote"] in text for row in rows)
    assert text.startswith(PLAN["plan"]["number"])
    assert PLAN["plan"]["title"] in text


def test_only_what_a_shipped_layer_holds_is_measured():
    shipped = {*POLYGONS, "enterprise"}
    for name, target in TARGETS.items():
        measure = target.get("measure")
        assert (measure is not None) == (target.get("layer") in shipped and target["kind"] != "ledger_only"), name
        if measure and "stage" in measure:
            layer = SCHEMA["layers"][target["layer"]]
            every = {rung["id"] for rungs in (layer["stages"], *layer.get("ladders", {}).values()) for rung in rungs}
            stages = measure["stage"] if isinstance(measure["stage"], list) else [measure["stage"]]
            assert set(stages) <= every, name
    stages = {name: TARGETS[name]["measure"]["stage"] for name in DECLARED}
    assert stages == {name: stage for name, (_, stage) in DECLARED.items()}
