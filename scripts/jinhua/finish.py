"""What the rows say at the end of the year: the stage reached, and the counts that go with it."""

from __future__ import annotations

from typing import Any

from jinhua.dice import Dice
from jinhua.rows import Row
from jinhua.slips import UNDATED
from landkit.schema import schema


def finish(rows: list[Row], events: list[dict[str, Any]]) -> None:
    """Fill the stage of every row with a ladder, and the households, areas and leftovers that follow from it."""
    reversed_events = {entry["reverses"] for entry in events}
    valid = [entry for entry in events if entry["event_no"] not in reversed_events]
    reached: dict[tuple[str, str], set[str]] = {}
    for entry in valid:
        reached.setdefault((entry["layer"], entry["id"]), set()).add(entry["stage"])
    for row in rows:
        layer = schema().layers[row.layer]
        if not layer.stages:
            continue
        ladder = [rung.id for rung in layer.ladder(row.values.get("mode"))]
        stages = {"accepted"} if row.id == UNDATED else reached[row.layer, row.id]
        rung = max(ladder.index(stage) for stage in stages)
        row.values["stage"] = ladder[rung]
        _follow(row, rung)


def _follow(row: Row, rung: int) -> None:
    dice = Dice(f"finish/{row.layer}/{row.id}")
    values = row.values
    if row.layer == "lowefficiency":
        values["remediated_mu"] = round(values["area_doc_mu"] * dice.uniform(0.93, 1.0), 2) if rung >= 4 else None
        values["not_started_reason"] = None if rung else dice.pick(("1", "2", "3"))
    if row.layer == "urban_village" and values["mode"] == "综合整治":
        rung = 0  # nobody moves out
    if row.layer == "urban_village":
        _households(values, rung, dice, first=1)
        values["demolished_m2"] = _share_of(values["building_m2"], rung - 3, dice)
        values["resettled_households"] = round(values["households"] * dice.uniform(0.5, 1)) if rung == 6 else 0
        values["leftover_open"] = 0 if rung >= 4 else dice.integer(1, 7)
    if row.layer == "renewal_project":
        _households(values, rung, dice, first=2)
        values["demolished_households"] = values["vacated_households"] if rung >= 4 else 0
        values["demolished_m2"] = _share_of(values["building_m2"], rung - 4, dice)
        values["net_ready_mu"] = round(values["area_doc_mu"] * 0.97, 2) if rung >= 5 else 0.0
        values["zuodi_mu"] = values["area_doc_mu"] if rung >= 4 else 0.0


def _households(values: dict[str, Any], rung: int, dice: Dice, *, first: int) -> None:
    """Fill signed and vacated households: part of them at their own rung, all above it, none below."""
    households = values["households"]
    values["signed_households"] = round(_share_of(households, rung - first, dice))
    values["vacated_households"] = min(
        round(_share_of(households, rung - first - 1, dice)), values["signed_households"]
    )


def _share_of(whole: float, above: int, dice: Dice) -> float:
    part = dice.uniform(0.45, 0.95)
    return float(round(0 if above < 0 else whole * part if above == 0 else whole))
