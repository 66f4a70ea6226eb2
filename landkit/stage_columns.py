"""Stage columns and dates of a ledger as events: one for each row, stage and date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from landkit.headings import plain
from landkit.schema import Layer, Stage, schema
from landkit.stages import row_ids
from landkit.values import dates, truths

COLUMNS = ["event_no", "layer", "id", "stage", "event_date", "recorded_at", "recorded_by", "evidence_no", "reverses"]
PROBLEMS = ["row", "id", "column", "value", "reason", "values"]
_WHEN = ("时间", "日期")
_STAGE_DATES = ("阶段日期", "阶段时间", "当前阶段日期", "当前阶段时间", "进度日期")
_NUMBER = re.compile(r"E(\d+)")


@dataclass(frozen=True)
class StageColumns:
    """The columns that say when a stage was reached.

    Attributes
    ----------
    dates
        Column -> stage.
    evidence
        Column of document numbers -> stage.
    common_date, common_evidence
        Date and document of the stage that the column ``stage`` names; None where there is none.
    """

    dates: dict[str, str]
    evidence: dict[str, str]
    common_date: str | None
    common_evidence: str | None


@dataclass(frozen=True)
class _Event:
    """An event that a cell reports, its place and its rung on the ladder of the row.

    ``since`` is the first day that the cell may mean: where it names a month, `date` is the last one.
    """

    row: Any
    column: str
    id: str
    stage: Stage
    rank: int
    date: pd.Timestamp
    since: pd.Timestamp
    evidence: str | None


def stage_columns(columns: list[str], layer_id: str) -> StageColumns:
    """Return which delivered columns hold stage dates and the numbers of their documents.

    A stage's date is headed by its Chinese name with 时间 or 日期 behind, or as the schema lists; its document by that
    name with 文号 behind. A date or 文号 without the name of a stage belongs to the stage in the column ``stage``.
    """
    layer = schema().layers.get(layer_id)
    rungs = [] if layer is None else _rungs(layer)
    stage_of: dict[str, str] = {}
    document_of: dict[str, str] = {}
    for rung in rungs:
        names = [*(f"{rung.zh}{when}" for when in _WHEN), *rung.dates]
        stage_of |= dict.fromkeys([plain(name) for name in (rung.zh, *names)], rung.id)
        stems = {rung.zh, *(name.removesuffix(when) for name in names for when in _WHEN if name.endswith(when))}
        document_of |= {plain(f"{stem}{behind}"): rung.id for stem in stems for behind in ("文号", "佐证文号", "佐证")}
    event = schema().layers["event"].fields
    when = {plain(name) for name in (*event["event_date"].zh, *_STAGE_DATES)}
    documents = {plain(name) for name in event["evidence_no"].zh}
    common = [column for column in columns if plain(column) in when]
    common_documents = [column for column in columns if plain(column) in documents]
    return StageColumns(
        dates={column: stage_of[plain(column)] for column in columns if plain(column) in stage_of},
        evidence={column: document_of[plain(column)] for column in columns if plain(column) in document_of},
        common_date=common[0] if len(common) == 1 else None,
        common_evidence=common_documents[0] if len(common_documents) == 1 else None,
    )


def events_of(
    frame: pd.DataFrame,
    layer_id: str,
    *,
    recorded_at: datetime,
    source: str,
    events: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the events that the rows of a ledger report.

    An event that the workspace has already (same row, stage and date, no new document) is not repeated, and one that
    was corrected there does not come back. One whose date contradicts another is listed as delivered, and is among
    the problems.

    Parameters
    ----------
    frame
        Rows as `landkit.mapping.convert` returns them: canonical columns, and stage columns as delivered.
    layer_id
        The layer.
    recorded_at
        When they are entered.
    source
        What they come from: ``recorded_by``.
    events
        The whole event table of the workspace; the new ones are numbered after it.

    Returns
    -------
    tuple
        The events (columns as in ``event.csv``), and the problems: ``row`` (label; missing for a whole column), ``id``,
        ``column``, ``value``, ``reason`` (an entry of `landkit.words`) and ``values`` (what fills it).
    """
    layer = schema().layers.get(layer_id)
    known = pd.DataFrame(columns=COLUMNS) if events is None else events.reindex(columns=COLUMNS)
    found = stage_columns([str(name) for name in frame.columns], layer_id)
    if layer is None or not layer.stages:
        return pd.DataFrame(columns=COLUMNS), pd.DataFrame(columns=PROBLEMS)
    problems: list[dict[str, Any]] = []
    told = list(_told(frame, layer, found, problems))
    recorded = _Recorded(known[known["layer"] == layer_id], layer)
    fresh = list(_fresh(told, recorded, problems))
    problems += _contradictions(fresh, told, recorded, pd.Timestamp(recorded_at))
    first = 1 + max((int(m[1]) for m in map(_NUMBER.fullmatch, known["event_no"].dropna()) if m), default=0)
    rows = [
        (f"E{first + at:05}", layer_id, e.id, e.stage.id, e.date, pd.Timestamp(recorded_at), source, e.evidence, None)
        for at, e in enumerate(fresh)
    ]
    kinds = dict.fromkeys(COLUMNS, "str") | {"event_date": "datetime64[us]", "recorded_at": "datetime64[us]"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds), pd.DataFrame(problems, columns=PROBLEMS)


class _Recorded:
    """The events that the workspace has of a layer, by row."""

    def __init__(self, events: pd.DataFrame, layer: Layer) -> None:
        corrected = set(events["reverses"].dropna())
        ranks = {
            name: rank
            for ladder in (*layer.ladders.values(), layer.stages)
            for rank, rung in enumerate(ladder)
            for name in (rung.id, rung.zh)
        }
        self.stages = {name: rung.id for rung in _rungs(layer) for name in (rung.id, rung.zh)}
        self.corrected: dict[tuple[str, str, pd.Timestamp], bool] = {}
        self.documents: dict[tuple[str, str, pd.Timestamp], set[str]] = {}
        self.standing: dict[str, list[tuple[int, str, pd.Timestamp]]] = {}
        for event in events.dropna(subset=["event_date", "stage"]).to_dict("records"):
            stage = self.stages.get(event["stage"], event["stage"])
            key = (str(event["id"]), stage, pd.Timestamp(event["event_date"]))
            stands = event["event_no"] not in corrected
            self.corrected[key] = self.corrected.get(key, True) and not stands
            if not pd.isna(event["evidence_no"]):
                self.documents.setdefault(key, set()).add(str(event["evidence_no"]))
            if stands and event["stage"] in ranks:
                self.standing.setdefault(key[0], []).append((ranks[event["stage"]], stage, key[2]))


def _told(frame: pd.DataFrame, layer: Layer, found: StageColumns, problems: list[dict[str, Any]]) -> Iterator[_Event]:
    """Yield what the cells report, and add what cannot be used to `problems`."""
    sources = list(found.dates.items())
    if found.common_date is not None and "stage" in frame.columns:
        sources.append((found.common_date, ""))
    if found.common_evidence is not None and len(sources) != 1:
        column = found.common_evidence
        problems.append(_problem(None, "", column, "", "mapping.event.evidence", column=column))
    if not sources:
        return
    ids = row_ids(frame)
    modes = frame["mode"] if layer.ladders and "mode" in frame.columns else pd.Series(None, index=frame.index)
    ladders = [layer.ladder(None if pd.isna(mode) else str(mode)) for mode in modes]
    for column, stage in sources:
        read = dates(frame[column])
        yes = truths(frame[column]).values.fillna(False)
        no = ~truths(frame[column]).values.fillna(True)
        wanted = [stage] * len(frame) if stage else frame["stage"].astype("str").fillna("").tolist()
        documents = _documents(frame, found, stage, alone=len(sources) == 1)
        told = frame[column].notna() & (read.values.notna() | read.bad) & ~no
        cells = zip(
            frame.index, frame[column], told, read.values, read.bad, read.precision, yes, ids, ladders, wanted,
            documents, strict=True,
        )  # fmt: skip
        for row, cell, is_told, when, bad, precision, is_yes, name, ladder, rung, document in cells:
            if not is_told:
                continue
            rank = next((n for n, step in enumerate(ladder) if rung in (step.id, step.zh)), -1)
            label = next((step.zh for step in _rungs(layer) if rung in (step.id, step.zh)), rung)
            if pd.isna(name):
                problems.append(_problem(row, "", column, cell, "mapping.event.no_id"))
            elif is_yes:
                problems.append(_problem(row, name, column, cell, "mapping.event.undated", stage=label))
            elif bad:
                problems.append(_problem(row, name, column, cell, "mapping.event.date"))
            elif rank < 0:
                problems.append(_problem(row, name, column, cell, "mapping.event.off_ladder", stage=label))
            else:
                day = when.normalize()
                yield _Event(row, column, name, ladder[rank], rank, day, _first_day(day, precision), document)


def _first_day(day: pd.Timestamp, precision: str) -> pd.Timestamp:
    """Return the first day of the month or year that is meant, the day itself where that is."""
    if precision in ("month", "year"):
        return day.replace(day=1) if precision == "month" else day.replace(month=1, day=1)
    return day


def _documents(frame: pd.DataFrame, found: StageColumns, stage: str, *, alone: bool) -> list[str | None]:
    """Return the document of each row for a stage."""
    column = next((name for name, of in found.evidence.items() if of == stage), None)
    if column is None and alone:
        column = found.common_evidence
    if column is None:
        return [None] * len(frame)
    texts = frame[column].astype("str").str.strip()
    return [None if pd.isna(text) or text in ("", "/", "-", "无") else text for text in texts]


def _fresh(told: list[_Event], recorded: _Recorded, problems: list[dict[str, Any]]) -> Iterator[_Event]:
    """Yield the events that are not recorded yet, each once."""
    seen: set[tuple[str, str, pd.Timestamp, str | None]] = set()
    for event in told:
        key = (event.id, event.stage.id, event.date)
        if (*key, event.evidence) in seen:
            continue
        seen.add((*key, event.evidence))
        if recorded.corrected.get(key, False):
            # recorded once and found wrong: to repeat it would bring it back
            problems.append(_at(event, "mapping.event.corrected"))
        elif key not in recorded.corrected or (
            event.evidence and event.evidence not in recorded.documents.get(key, ())
        ):
            yield event


def _contradictions(
    fresh: list[_Event], told: list[_Event], recorded: _Recorded, now: pd.Timestamp
) -> Iterator[dict[str, Any]]:
    """Yield what the dates of `fresh` contradict: another stage, the same stage on another day, the calendar."""
    delivered: dict[str, list[_Event]] = {}
    for event in told:
        delivered.setdefault(event.id, []).append(event)
    names = {rung.id: rung.zh for event in told for rung in (event.stage,)}
    for event in fresh:
        beside = [(other.rank, other.stage.id, other.since) for other in delivered[event.id] if other is not event]
        before = recorded.standing.get(event.id, [])
        lower = max(((date, stage) for rank, stage, date in [*beside, *before] if rank < event.rank), default=None)
        higher = min(((date, stage) for rank, stage, date in before if rank > event.rank), default=None)
        same = next(
            (day for rank, _, day in [*before, *beside] if rank == event.rank and not event.since <= day <= event.date),
            None,
        )
        if lower and event.date < lower[0]:
            other = names.get(lower[1], lower[1])
            yield _at(event, "mapping.event.crossed", other=other, other_date=f"{lower[0]:%Y-%m-%d}")
        if higher and higher[0] < event.since:
            other = names.get(higher[1], higher[1])
            yield _at(event, "mapping.event.later", other=other, other_date=f"{higher[0]:%Y-%m-%d}")
        if same is not None:
            yield _at(event, "mapping.event.differs", other_date=f"{same:%Y-%m-%d}")
        if event.since > now:
            yield _at(event, "mapping.event.future")


def _rungs(layer: Layer) -> list[Stage]:
    return [rung for ladder in (layer.stages, *layer.ladders.values()) for rung in ladder]


def _at(event: _Event, reason: str, **values: str) -> dict[str, Any]:
    date = f"{event.date:%Y-%m-%d}"
    return _problem(event.row, event.id, event.column, date, reason, stage=event.stage.zh, date=date, **values)


def _problem(row: Any, name: str, at: str, value: object, reason: str, **values: str) -> dict[str, Any]:
    return {"row": row, "id": name, "column": at, "value": str(value), "reason": reason, "values": values}
