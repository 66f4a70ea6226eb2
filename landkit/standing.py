"""How the targets of the plan stand at a date: counted, compared with the share of the year that is over, explained.

Every figure says what it rests on. A target that nothing measures has no figure; a scope is described and never met;
and the targets are never added up, for land that is taken back may be remediated land as well.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import combinations
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

import landkit
from landkit.books import MU, Book, Books, shared_m2
from landkit.errors import UsageError
from landkit.figures import PLAN_UNITS, Figure, Pile, figure, official_mu, pile
from landkit.items import Items, items_of
from landkit.measure.area import Method
from landkit.plan import Measure, Plan, Target, read_plan
from landkit.schema import Stage, schema
from landkit.sources import Note
from landkit.stages import stage_problems
from landkit.workspace import Workspace, open_workspace

ASSIGNMENTS = ("owner", "largest")
METHOD: Method = "ellipsoid"
MONTHS = 12


NONE = Pile(0, 0.0)


@dataclass(frozen=True)
class StageLine:
    """The items that stand at one rung, neither below nor above it, and the official area of their rows, if any."""

    stage: Stage | None
    count: int
    mu: float | None


@dataclass(frozen=True)
class Beside:
    """A figure shown beside a target's own."""

    measure: Measure
    figure: Figure


@dataclass(frozen=True)
class TargetStatus:
    """How one target stands.

    Attributes
    ----------
    actual
        The figure, None where nothing measures it.
    due_by_now
        For progress: the target times the completed months of its year / 12, all of it from the due date on.
    gap
        actual - due_by_now.
    share
        actual / target, for progress; may exceed 1.
    state
        progress: met, overdue, on_pace or behind; scope: described; context and ledger_only: shown; whatever has no
        figure: no_layer.
    stages
        The items at each rung; empty where the target declares no stage.
    districts
        For progress: the items that count, by key area.
    open_by_unit
        For progress: the items that do not count yet, by the responsible unit in their rows, most first; those whose
        rows name none, or that have no row, come last under None.
    without_shape, undated, without_evidence
        Of the items that count, those with a row that is only in the ledger, or whose stage has no event, or whose
        event names no document.
    """

    target: Target
    actual: float | None
    due_by_now: float | None
    gap: float | None
    share: float | None
    state: str
    stages: tuple[StageLine, ...] = ()
    districts: dict[str | None, int] = field(default_factory=dict)
    open_by_unit: dict[str | None, int] = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()
    without_shape: Pile = NONE
    undated: Pile = NONE
    without_evidence: Pile = NONE

    @property
    def missed(self) -> bool:
        """Whether it is due and not met."""
        return self.state == "overdue"


@dataclass(frozen=True)
class Stacking:
    """Land that two targets both count."""

    targets: tuple[str, str]
    mu: float


@dataclass(frozen=True)
class Status:
    """How a plan stands at a date."""

    plan: Plan
    as_of: date
    basis: dict[str, Any]
    targets: tuple[TargetStatus, ...]
    stacking: tuple[Stacking, ...]
    notes: tuple[Note, ...]

    def to_json(self, *, lang: str = "en") -> dict[str, Any]:
        """Return everything under the key of its contract, numbers unrounded; `lang` is that of the notes alone."""
        return {
            "landkit.status/v1": {
                "as_of": self.as_of.isoformat(),
                "plan": {
                    "title": self.plan.title,
                    "number": self.plan.number,
                    "published": self.plan.published.isoformat(),
                },
                "basis": self.basis,
                "targets": [_as_json(standing) for standing in self.targets],
                "stacking": [{"targets": list(pair.targets), "mu": pair.mu} for pair in self.stacking],
                "notes": [note.text(lang) for note in self.notes],
            }
        }

    @property
    def missed(self) -> tuple[TargetStatus, ...]:
        """The progress targets that are due and not met."""
        return tuple(target for target in self.targets if target.missed)


def status(
    workspace: Workspace | str | PathLike[str] | None = None, *, as_of: date | None = None, assign: str = "owner"
) -> Status:
    """Return how the targets of a workspace's plan stand.

    Parameters
    ----------
    workspace
        The layers, lists, events and plan: an open workspace, or what `landkit.open_workspace` takes.
    as_of
        The business date: later events and later changes of the lists are not seen. None for today.
    assign
        The key area that an item belongs to: ``owner``, the one it is registered in, or ``largest``, the one that holds
        most of its land (the registered one where it has no shape).

    Raises
    ------
    UsageError
        If `assign` is unknown, or there is no workspace.
    InputError, CrsError
        If the plan or a layer cannot be read.
    """
    if assign not in ASSIGNMENTS:
        raise UsageError("status.assign", assign=assign, known=", ".join(ASSIGNMENTS))
    day = as_of or date.today()
    opened = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    plan = read_plan(opened.plan_path)
    desk = _Desk(Books(opened, day), plan, assign)
    targets = tuple(desk.stands(target) for target in plan.targets)
    stacking = tuple(desk.stacking())
    return Status(plan, day, desk.basis(), targets, stacking, tuple(desk.notes(targets, stacking)))


def due_share(day: date, year: int) -> float:
    """Return the part of a year that is over, in completed months / 12: the last day of a month completes it."""
    if day.year != year:
        return float(day.year > year)
    last = day.day == monthrange(day.year, day.month)[1]
    return (day.month - 1 + last) / MONTHS


class _Desk:
    """Works the targets off, one by one, and keeps what the notes will have to say."""

    def __init__(self, books: Books, plan: Plan, assign: str) -> None:
        self.books, self.plan, self.assign = books, plan, assign
        self.items: dict[str, Items] = {}
        self.missing: dict[str, int] = {}

    def stands(self, target: Target) -> TargetStatus:
        measure = target.measure
        if measure is None or target.layer not in self.books:
            return _unmeasured(target)
        items = items_of(self.books, target, measure, self._other(measure))
        self.items[target.id] = items
        found = figure(items, measure, target.unit)
        self.missing[target.id] = found.missing
        due = self._due(target)
        rows = items.counted_rows
        facts = items.book.rows
        return TargetStatus(
            target=target,
            actual=found.value,
            due_by_now=due,
            gap=None if due is None or found.value is None else found.value - due,
            share=found.value / target.value if target.kind == "progress" and found.value is not None else None,
            state=self._state(target, found.value, due),
            stages=tuple(_stage_lines(items, measure)),
            districts=self._districts(items) if target.kind == "progress" else {},
            open_by_unit=items.open_by_unit() if target.kind == "progress" else {},
            beside=tuple(self._beside(target, shown) for shown in measure.beside),
            without_shape=pile(items, items.shapeless_rows if items.book.polygons else rows[:0]),
            undated=pile(items, rows[facts["undated"].to_numpy()[rows]]),
            without_evidence=pile(items, rows[facts["without_evidence"].to_numpy()[rows]]),
        )

    def stacking(self) -> Iterator[Stacking]:
        """Yield the land that two targets of area both rest on."""
        land = [
            target
            for target in self.plan.targets
            if target.id in self.items and target.kind == "progress" and target.unit in PLAN_UNITS
        ]
        shapes = {target.id: _shapes(self.items[target.id]) for target in land}
        for first, second in combinations(land, 2):
            both = shared_m2(shapes[first.id], shapes[second.id], self.books.plane) / MU
            if both > 0:
                yield Stacking((first.id, second.id), both)

    def basis(self) -> dict[str, Any]:
        """Return what all figures rest on."""
        zone = self.books.workspace.zone
        return {
            "method": METHOD,
            "plane": self.books.plane.name,
            "unit": "mu",
            "assign": self.assign,
            "zone": zone.name,
            "year": zone.year,
            "version": landkit.__version__,
            **self.books.provenance(),
        }

    def notes(self, targets: tuple[TargetStatus, ...], stacking: tuple[Stacking, ...]) -> Iterator[Note]:
        """Yield what a reader has to know before using the figures."""
        placeholders = self.books.provenance()["geom_source"].get("placeholder", 0)
        if placeholders:
            yield Note("status.note.placeholder", {"rows": placeholders})
        yield Note("status.note.pace")
        for pair in stacking:
            yield Note("status.note.stacking", {"first": pair.targets[0], "second": pair.targets[1], "mu": pair.mu})
        yield Note("status.note.no_sum")
        for standing in targets:
            yield from self._target_notes(standing)
        for book in self.books.opened():
            for problem in stage_problems(book.id, book.frame, self.books.events):
                yield Note(
                    f"status.note.{problem.kind}", {"layer": problem.layer, "id": problem.id, "what": problem.what}
                )

    def _target_notes(self, standing: TargetStatus) -> Iterator[Note]:
        target = standing.target
        items = self.items.get(target.id)
        if items is None:
            return
        if items.lost:
            yield Note("status.note.lost", {"target": target.id, "ids": ", ".join(items.lost)})
        if items.nowhere:
            yield Note("status.note.nowhere", {"target": target.id, "ids": ", ".join(items.nowhere)})
        if self.missing[target.id]:
            yield Note("status.note.missing", {"target": target.id, "rows": self.missing[target.id]})

    def _other(self, measure: Measure) -> Target | None:
        return self.plan.target(measure.items_of) if measure.items_of else None

    def _beside(self, target: Target, shown: Measure) -> Beside:
        items = items_of(self.books, target, shown, self._other(shown))
        unit = target.unit if shown.statistic != "ratio" else ""
        return Beside(shown, figure(items, shown, unit))

    def _due(self, target: Target) -> float | None:
        if target.kind != "progress":
            return None
        day = self.books.as_of
        if day is None or (target.due and day >= target.due):
            return target.value
        return target.value * due_share(day, self.books.workspace.zone.year)

    def _state(self, target: Target, actual: float | None, due: float | None) -> str:
        if actual is None:
            return "no_layer"
        if target.kind != "progress":
            return "described" if target.kind == "scope" else "shown"
        if target.met_by(actual):
            return "met"
        if self.books.as_of and target.due and target.due <= self.books.as_of:
            return "overdue"
        return "on_pace" if due is not None and actual >= due else "behind"

    def _districts(self, items: Items) -> dict[str | None, int]:
        """Return how many counted items belong to each key area: that with most of the official area of their rows."""
        homes = self._homes(items.book)
        kept = items.parts[items.parts["item"].map(items.done) & (items.parts["row"] >= 0)]
        rows = kept["row"].to_numpy()
        table = kept.assign(home=homes[rows], mu=items.book.rows["mu"].to_numpy()[rows])
        weights = table.groupby(["item", "home"], dropna=False, sort=False)["mu"].sum().reset_index()
        first = weights.sort_values("mu", ascending=False, kind="stable").drop_duplicates("item")
        counts = first["home"].value_counts(dropna=False, sort=False)
        return {None if not isinstance(name, str) else name: int(count) for name, count in counts.items()}

    def _homes(self, book: Book) -> NDArray[np.object_]:
        registered = book.rows["district"].to_numpy(dtype=object)
        districts = self.books.workspace.zone.districts
        if self.assign == "owner" or not book.polygons or districts is None or districts == book.id:
            return registered
        return self.books.largest(book, districts, registered)


def _unmeasured(target: Target) -> TargetStatus:
    return TargetStatus(target, actual=None, due_by_now=None, gap=None, share=None, state="no_layer")


def _shapes(items: Items) -> NDArray[np.object_]:
    rows = items.counted_rows
    return items.book.shapes[rows[items.book.shaped[rows]]]


def _stage_lines(items: Items, measure: Measure) -> Iterator[StageLine]:
    """Yield a line for every rung that holds an item, lowest first; a rung that two ladders share is one."""
    if not measure.stages:
        return
    layer = schema().layers[items.book.id]
    ladders = [layer.ladder(name or None) for name in ("", *layer.ladders)]
    rungs = {rung.id: rung for ladder in ladders for rung in ladder}
    stages = items.rungs(measure.rule)
    for name in ("", *rungs):
        here = items.parts[items.parts["item"].map(stages).fillna("") == name]
        if len(here):
            rows = here.loc[here["row"] >= 0, "row"].unique()
            yield StageLine(rungs.get(name), here["item"].nunique(), official_mu(items.book, rows))


def _as_json(standing: TargetStatus) -> dict[str, Any]:
    target = standing.target
    return {
        "id": target.id,
        "kind": target.kind,
        "what": target.what,
        "what_zh": target.what_zh,
        "quote": target.quote,
        "section": target.section,
        "words": target.words,
        "force": target.force,
        "test": target.test,
        "value": target.value if target.highest is None else [target.value, target.highest],
        "unit": target.unit,
        "due": target.due.isoformat() if target.due else None,
        "actual": standing.actual,
        "share": standing.share,
        "stages": [
            {
                "stage": line.stage.id if line.stage else None,
                "zh": line.stage.zh if line.stage else None,
                "en": line.stage.en if line.stage else None,
                "count": line.count,
                "mu": line.mu,
            }
            for line in standing.stages
        ],
        "districts": [{"district": name, "count": count} for name, count in standing.districts.items()],
        "due_by_now": standing.due_by_now,
        "gap": standing.gap,
        "lead_unit": target.lead_unit,
        "open_by_unit": [{"unit": unit, "count": count} for unit, count in standing.open_by_unit.items()],
        "state": standing.state,
        "beside": [
            {
                "statistic": beside.measure.statistic,
                "stage": list(beside.measure.stages) or None,
                "field": beside.measure.field,
                "value": beside.figure.value,
                "unit": beside.figure.unit,
            }
            for beside in standing.beside
        ],
        "without_shape": asdict(standing.without_shape),
        "undated": asdict(standing.undated),
        "without_evidence": asdict(standing.without_evidence),
        "note": target.note,
    }
