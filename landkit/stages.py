"""How far each row had come at a date, and whether it stood on the approved list.

A parcel climbs the ladder of its layer by dated events that are added to and never edited. The stage at a date is the
highest rung with an event on or before it. What a delivery merely claims in its column ``stage`` counts where no event
says anything, and is marked as undated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from landkit.errors import InputError, UsageError
from landkit.schema import Layer, Stage, id_column, schema

ORIGINAL, REMOVED = "原计划", "调出"
ITEM_KEY = ["target", "list_no", "layer", "id"]


@dataclass(frozen=True)
class StageProblem:
    """Something said about a stage that could not be used: `kind` is a key of the words of status."""

    kind: str
    layer: str
    id: str
    what: str


def stage_table(
    layer_id: str, frame: pd.DataFrame, events: pd.DataFrame | None, *, as_of: date | None = None
) -> pd.DataFrame:
    """Return the stage of every row of a layer at a date.

    Parameters
    ----------
    layer_id
        The layer; its ladder is that of the schema, chosen row by row where it depends on the column ``mode``.
    frame
        The rows. Their ids are found by alias.
    events
        The event table of the workspace, of all layers; None where there is none.
    as_of
        The business date; None for all events.

    Returns
    -------
    With the index of `frame`: ``stage`` (id of the rung or missing), ``rank`` (its place on the row's own ladder from
    0, else -1), ``event_date`` (when the rung was first reached), ``undated`` (claimed by the delivery alone),
    ``without_evidence`` (no event of that rung names a document) and ``ladder`` (the mode whose ladder the row climbs,
    "" for the layer's own).

    Raises
    ------
    InputError
        If events correct one another in a circle.
    """
    layer = schema().layers.get(layer_id)
    table = _empty_table(frame.index)
    if layer is None or not (layer.stages or layer.ladders):
        return table
    table["ladder"] = _ladder_names(layer, frame)
    ids = row_ids(frame)
    climbed, spoken_of = _climbed(layer, _of_layer(events, layer_id), ids, table["ladder"], as_of)
    if not climbed.empty:
        table.loc[climbed.index, ["rank", "event_date", "without_evidence"]] = climbed
    claimed = _claimed_ranks(layer, frame, table["ladder"])
    alone = (claimed >= 0) & ~spoken_of
    table.loc[alone, "rank"] = claimed[alone]
    table["undated"] = alone
    table["stage"] = [
        _rungs(layer, ladder)[rank].id if rank >= 0 else None
        for ladder, rank in zip(table["ladder"], table["rank"], strict=True)
    ]
    return table.astype({"stage": "str"})


def stage_problems(layer_id: str, frame: pd.DataFrame, events: pd.DataFrame | None) -> list[StageProblem]:
    """Return what events and delivered stages of a layer say that cannot be used, so that none of it is lost."""
    layer = schema().layers.get(layer_id)
    if layer is None or not (layer.stages or layer.ladders):
        return []
    ladders = _ladder_names(layer, frame)
    ids = row_ids(frame)
    ladder_of = dict(zip(ids, ladders, strict=True))
    problems = []
    own = _of_layer(events, layer_id)
    numbers = set(own["event_no"].dropna())
    for event in own.to_dict("records"):
        row = str(event["id"])
        if row not in ladder_of:
            problems.append(StageProblem("event_without_row", layer_id, row, str(event["event_no"])))
        elif _rank(_rungs(layer, ladder_of[row]), event["stage"]) < 0:
            problems.append(StageProblem("event_off_ladder", layer_id, row, str(event["stage"])))
        if pd.isna(event["event_date"]):
            problems.append(StageProblem("event_without_date", layer_id, row, str(event["event_no"])))
        if not pd.isna(event["reverses"]) and event["reverses"] not in numbers:
            problems.append(StageProblem("event_corrects_nothing", layer_id, row, str(event["reverses"])))
    if "stage" in frame.columns:
        unread = frame["stage"].notna() & (_claimed_ranks(layer, frame, ladders) < 0)
        problems += [
            StageProblem("stage_off_ladder", layer_id, row, str(value))
            for row, value in zip(ids[unread], frame.loc[unread, "stage"], strict=True)
        ]
    return problems


def reached(table: pd.DataFrame, stages: str | Sequence[str], layer: Layer) -> pd.Series[bool]:
    """Return which rows of a `stage_table` had reached a stage, or a later one.

    Where the ladder depends on the row, `stages` may name a rung of each: the one on the row's ladder is meant. A row
    whose ladder has none of them has not reached it.
    """
    wanted = (stages,) if isinstance(stages, str) else tuple(stages)
    least = {name: _first_rank(_rungs(layer, name), wanted) for name in table["ladder"].unique()}
    threshold = table["ladder"].map(least)
    return (threshold >= 0) & (table["rank"] >= threshold)


def parse_stage_option(text: str, ladders: Mapping[str, Layer]) -> dict[str, tuple[str, ...]]:
    """Return what ``--stage`` asks for: the rungs that count, by layer.

    `text` is ``reclaim=reclaimed,lowefficiency=accepted`` (``|`` parts rungs of different ladders of one layer).

    Raises
    ------
    UsageError
        If a layer or a stage is unknown; the rungs are listed.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for part in text.split(","):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not sign or not value or name in chosen:
            raise UsageError("stage.option", part=part.strip())
        chosen[name] = check_stages(name, value.split("|"), ladders)
    return chosen


def check_stages(layer_id: str, names: Sequence[str], ladders: Mapping[str, Layer]) -> tuple[str, ...]:
    """Return the ids of rungs named by id or in Chinese.

    Raises
    ------
    UsageError
        If the layer has no ladder, or none of its ladders has such a rung.
    """
    layer = ladders.get(layer_id)
    if layer is None or not (layer.stages or layer.ladders):
        known = ", ".join(name for name, entry in ladders.items() if entry.stages)
        raise UsageError("stage.layer", layer=layer_id, known=known)
    every = [rung for ladder in (layer.stages, *layer.ladders.values()) for rung in ladder]
    found = []
    for name in names:
        match = next((rung.id for rung in every if name.strip() in (rung.id, rung.zh)), None)
        if match is None:
            listed = ", ".join(dict.fromkeys(f"{rung.id} {rung.zh}" for rung in every))
            raise UsageError("stage.unknown", layer=layer_id, stage=name.strip(), rungs=listed)
        found.append(match)
    return tuple(found)


def current_items(plan_items: pd.DataFrame, *, as_of: date | None = None) -> pd.DataFrame:
    """Return the lines of the approved lists that stand at a date, one per target, list item and row.

    Added and substituted lines count from their change date on, removed ones no longer from theirs on. A line without a
    change date stands, or is gone, from the beginning.
    """
    lines = plan_items.reset_index(drop=True)
    when = lines["change_date"] if "change_date" in lines.columns else pd.Series(pd.NaT, index=lines.index)
    when = pd.to_datetime(when).where(lines["change"] != ORIGINAL).sort_values(kind="stable", na_position="first")
    lines = lines.loc[when.index]
    keys = lines[ITEM_KEY[0]].astype("str").fillna("")
    for name in ITEM_KEY[1:]:
        keys = keys + "\0" + lines[name].astype("str").fillna("")
    past = pd.Series(True, index=when.index) if as_of is None else ~(when >= _day_after(as_of))
    last = past & ~keys.where(past).duplicated(keep="last")
    first = ~past & ~keys.where(~past).duplicated(keep="first") & ~keys.isin(keys[past])
    # what is only removed later had stood there until then
    removed = lines["change"] == REMOVED
    return lines[(last & ~removed) | (first & removed)].sort_index().reset_index(drop=True)


def on_list(
    layer_id: str, frame: pd.DataFrame, plan_items: pd.DataFrame | None, *, as_of: date | None = None
) -> pd.Series[bool]:
    """Return which rows count at a date: those marked ``off_list`` never, listed ones while a line of theirs stands.

    A row that no list speaks of counts.
    """
    counts = ~_marked_off(frame)
    if plan_items is None or plan_items.empty:
        return counts
    ids = row_ids(frame)
    own = plan_items[plan_items["layer"] == layer_id]
    listed = ids.isin(own["id"].dropna())
    standing = ids.isin(current_items(own, as_of=as_of)["id"].dropna())
    return counts & (~listed | standing)


def row_ids(frame: pd.DataFrame) -> pd.Series[str]:
    """Return the canonical id of every row as text, missing where there is none."""
    column = id_column([str(name) for name in frame.columns])
    if column is None:
        return pd.Series(pd.NA, index=frame.index, dtype="str")
    return frame[column].astype("str")


def _day_after(day: date) -> pd.Timestamp:
    return pd.Timestamp(day) + pd.Timedelta(days=1)


def _marked_off(frame: pd.DataFrame) -> pd.Series[bool]:
    if "off_list" not in frame.columns:
        return pd.Series(False, index=frame.index)
    return frame["off_list"].map({True: True, False: False}).fillna(False).astype(bool)


def _empty_table(index: pd.Index) -> pd.DataFrame:
    count = len(index)
    return pd.DataFrame(
        {
            "stage": pd.Series([None] * count, index=index, dtype="str"),
            "rank": np.full(count, -1, dtype="int64"),
            "event_date": pd.Series(pd.NaT, index=index, dtype="datetime64[us]"),
            "undated": np.zeros(count, dtype=bool),
            "without_evidence": np.zeros(count, dtype=bool),
            "ladder": pd.Series("", index=index, dtype="str"),
        },
        index=index,
    )


def _of_layer(events: pd.DataFrame | None, layer_id: str) -> pd.DataFrame:
    columns = ["layer", "id", "stage", "event_date", "evidence_no", "event_no", "reverses"]
    if events is None:
        return pd.DataFrame(columns=columns)
    return events[events["layer"] == layer_id].reindex(columns=columns)


def _ladder_names(layer: Layer, frame: pd.DataFrame) -> pd.Series[str]:
    if not layer.ladders or "mode" not in frame.columns:
        return pd.Series("", index=frame.index, dtype="str")
    return frame["mode"].where(frame["mode"].isin(list(layer.ladders)), "").fillna("").astype("str")


def _rungs(layer: Layer, ladder: str) -> tuple[Stage, ...]:
    return layer.ladder(ladder or None)


def _rank(rungs: Sequence[Stage], name: object) -> int:
    return next((rank for rank, rung in enumerate(rungs) if name in (rung.id, rung.zh, rung.en)), -1)


def _first_rank(rungs: Sequence[Stage], names: Sequence[str]) -> int:
    return min((rank for rank in (_rank(rungs, name) for name in names) if rank >= 0), default=-1)


def _claimed_ranks(layer: Layer, frame: pd.DataFrame, ladders: pd.Series[str]) -> pd.Series[int]:
    if "stage" not in frame.columns:
        return pd.Series(-1, index=frame.index)
    pairs = zip(ladders, frame["stage"], strict=True)
    ranks = [-1 if pd.isna(stage) else _rank(_rungs(layer, ladder), stage) for ladder, stage in pairs]
    return pd.Series(ranks, index=frame.index, dtype="int64")


def _climbed(
    layer: Layer, events: pd.DataFrame, ids: pd.Series[str], ladders: pd.Series[str], as_of: date | None
) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Return the rung that events take each row to, and which rows events speak of at all."""
    spoken_of = ids.isin(events["id"].dropna())
    rows = pd.DataFrame({"row": ids.index, "id": ids.to_numpy(), "ladder": ladders.to_numpy()})
    valid = events[_standing(events) & events["event_date"].notna()]
    if as_of is not None:
        valid = valid[valid["event_date"] < _day_after(as_of)]
    met = rows.merge(valid[["id", "stage", "event_date", "evidence_no"]], on="id")
    met["rank"] = [_rank(_rungs(layer, name), stage) for name, stage in zip(met["ladder"], met["stage"], strict=True)]
    met = met[met["rank"] >= 0]
    if met.empty:
        return pd.DataFrame(), spoken_of
    top = met[met["rank"] == met.groupby("row")["rank"].transform("max")]
    grouped = top.assign(proven=top["evidence_no"].notna() & (top["evidence_no"] != "")).groupby("row")
    climbed = pd.DataFrame(
        {
            "rank": grouped["rank"].first(),
            "event_date": grouped["event_date"].min(),
            "without_evidence": ~grouped["proven"].any(),
        }
    )
    return climbed, spoken_of


def _standing(events: pd.DataFrame) -> pd.Series[bool]:
    """Return which events no other standing event corrects, whenever that was: what was wrong was never so."""
    corrected_by: dict[str, list[str]] = {}
    for number, corrected in zip(events["event_no"], events["reverses"], strict=True):
        if not pd.isna(corrected) and corrected != "":
            corrected_by.setdefault(corrected, []).append(number)
    verdicts: dict[str, bool] = {}
    for number in events["event_no"]:
        _judge(number, corrected_by, verdicts)
    return events["event_no"].map(verdicts).astype(bool)


def _judge(number: str, corrected_by: Mapping[str, list[str]], verdicts: dict[str, bool]) -> None:
    """Settle whether an event stands, after the ones that correct it; a stack, for chains may be long."""
    open_events = [number]
    while open_events:
        current = open_events[-1]
        later = corrected_by.get(current, [])
        waiting = [other for other in later if other not in verdicts]
        if current in verdicts or not waiting:
            verdicts.setdefault(current, not any(verdicts[other] for other in later))
            open_events.pop()
        elif any(other in open_events for other in waiting):
            raise InputError("stage.circle", event=current)
        else:
            open_events.extend(waiting)
