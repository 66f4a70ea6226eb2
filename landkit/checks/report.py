"""`landkit check`: all findings of a ledger, each with the mu by which it could move the figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from os import PathLike
from typing import Any

import pandas as pd

import landkit
from landkit.books import MU
from landkit.checks.areas import areas, without_shape
from landkit.checks.coverings import coverings
from landkit.checks.fields import fields
from landkit.checks.finds import together
from landkit.checks.gaps import gaps
from landkit.checks.moved import moved
from landkit.checks.places import control_lines, outside, registered_district
from landkit.checks.registry import SEVERITIES, registry
from landkit.checks.rings import rings
from landkit.checks.stages import stages
from landkit.checks.subjects import Chosen, Land, Layers, choose
from landkit.decisions import DROP, Decision, holds, standing
from landkit.errors import UsageError
from landkit.sources import Note
from landkit.units import to_m2
from landkit.workspace import Workspace

Progress = Callable[[str], None]
_OF_TWO = ("overlap", "duplicate", "nested")
_GRAIN = 1e-9  # part of an area that the rounding of sums may make


@dataclass(frozen=True)
class Report:
    """What is wrong with a ledger.

    Attributes
    ----------
    findings
        A line for each, the highest price first: ``finding`` (its id, the same in every run), ``check``, ``severity``,
        ``fixer``, ``dimension``, ``layer``, ``ids`` (a tuple), ``mu`` (its price), ``values`` (fill the words
        ``check.<check>.text``), ``settled`` (the number of the decision, or ""), ``before`` and ``after`` (shapes of
        the plane, or None).
    at_stake_mu
        The sum of the prices of findings that no decision settles. It bounds the error of the headline.
    gate_mu
        What may be at stake at most; None without a gate.
    basis
        ``method``, ``plane``, ``unit``, ``as_of``, ``rows``, ``layers``, ``tolerance`` and ``version``.
    sources
        ``layer``, ``path``, ``sha256`` and ``features`` of each layer read from a file.
    notes
        What else to know.
    """

    findings: pd.DataFrame
    at_stake_mu: float
    gate_mu: float | None
    basis: dict[str, Any]
    sources: list[dict[str, Any]]
    notes: tuple[Note, ...]

    @property
    def is_open(self) -> bool:
        """Whether the figures may be published: there is no gate, or no more at stake than it lets through."""
        return self.gate_mu is None or self.at_stake_mu <= self.gate_mu * (1 + 2 * _GRAIN)


def check(
    layers: Layers = (),
    *,
    workspace: str | PathLike[str] | Workspace | None = None,
    source_layer: str | None = None,
    as_of: date | None = None,
    gate: str | float | None = None,
    progress: Progress | None = None,
) -> Report:
    """Find what is wrong with layers, and by how many mu each finding could move their net total.

    Parameters
    ----------
    layers
        Layers of the workspace by name, files of polygons, or frames; by default the programmes of the workspace.
    workspace
        The workspace, its folder, or None to find it (``.``, then ``./layers``).
    source_layer
        The layer to read, of a file with several.
    as_of
        The business date, of a workspace.
    gate
        The mu that may be at stake; also as text with its unit, ``1ha`` or ``500m2``. The report says whether it is
        open; the command line withholds the figure where not.
    progress
        Called with the name of each step as it begins.

    Raises
    ------
    UsageError
        An unknown layer, no workspace, or a gate that is no area.
    InputError
        A layer that cannot be read.
    CrsError
        A layer without a reference system.
    """
    limit = gate_mu(gate)
    chosen = choose(layers, workspace, source_layer=source_layer, as_of=as_of)
    tell = progress or (lambda _: None)
    tell("check.step.measure")
    land = Land.of(chosen.subjects(chosen.plane), chosen.plane)
    listed = _settled(_numbered(together(_found(chosen, land, as_of, tell))), chosen.workspace)
    parts = [subject.part for subject in land.subjects]
    tolerance = registry().tolerance
    basis = {
        "method": "ellipsoid", "plane": land.plane.name, "unit": "mu", "as_of": as_of.isoformat() if as_of else None,
        "layers": [part.selection.name for part in parts], "rows": sum(len(part.selection.frame) for part in parts),
        "tolerance": {name: getattr(tolerance, name) for name in type(tolerance).__dataclass_fields__},
        "version": landkit.__version__,
    }  # fmt: skip
    sources = [part.selection.source for part in parts if part.selection.source]
    notes = tuple(note for part in parts for note in (*part.selection.notes, *part.notes()))
    return Report(listed, _at_stake(listed), limit, basis, sources, notes)


def gate_mu(gate: str | float | None) -> float | None:
    """Return a gate in mu.

    Raises
    ------
    UsageError
        It is no area, or below nil.
    """
    if gate is None:
        return None
    text = str(gate).strip().lower()
    unit = next((name for name in ("mu", "ha", "m2") if text.endswith(name)), "")
    try:
        number = float(text.removesuffix(unit))
    except ValueError as error:
        raise UsageError("check.gate", value=gate) from error
    if not 0 <= number < float("inf"):
        raise UsageError("check.gate", value=gate)
    return number if unit in ("", "mu") else float(to_m2(number, unit=unit)) / MU


def _found(chosen: Chosen, land: Land, as_of: date | None, tell: Progress) -> Iterator[pd.DataFrame]:
    tell("check.step.shapes")
    found, land = rings(land)
    yield found
    doubly = coverings(land)
    tell("check.step.gaps")
    yield moved(doubly, gaps(land))
    tell("check.step.areas")
    yield areas(land)
    yield without_shape(land)
    tell("check.step.fields")
    yield fields(land)
    yield stages(land, chosen.books)
    tell("check.step.places")
    if chosen.workspace is not None and chosen.books is not None:
        if chosen.workspace.zone.aoi is not None:
            yield outside(land, chosen.workspace.zone.aoi)
        yield registered_district(land, chosen.books)
        yield control_lines(land, chosen.workspace, as_of)


def _numbered(found: pd.DataFrame) -> pd.DataFrame:
    """Return the findings as the report lists them: gathered, and each with its number and kind."""
    checks = registry().checks
    gathered = found["check"].map(lambda name: checks[name].gathered).astype(bool) if len(found) else found["mu"] > 0
    lines = pd.concat([found[~gathered], _gathered(found[gathered])], ignore_index=True)
    lines["mu"] *= 1 + _GRAIN
    lines["finding"] = [
        _number(*line) for line in zip(lines["check"], lines["layer"], lines["ids"], lines["detail"], strict=True)
    ]
    for column in ("severity", "fixer", "dimension"):
        lines[column] = [getattr(checks[name], column) for name in lines["check"]]
    return lines


def _settled(lines: pd.DataFrame, workspace: Workspace | None) -> pd.DataFrame:
    """Return the findings with the decisions that settle them, the highest price first, what is settled last."""
    decisions = standing(workspace) if workspace is not None else []
    frames = {name: workspace.layer(name) for name in {one.layer for one in decisions}} if workspace is not None else {}
    valid = [one for one in decisions if holds(one, frames[one.layer])]
    lines["settled"] = [
        next((one.decision_no for one in valid if _settles(one, check_id, layer, ids)), "")
        for check_id, layer, ids in zip(lines["check"], lines["layer"], lines["ids"], strict=True)
    ]
    rank = lines["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    last = lines["settled"] != ""
    keys = ["last", "cost", "rank", "check", "layer", "ids"]
    order = lines.assign(rank=rank, cost=-lines["mu"], last=last).sort_values(keys, kind="stable")
    columns = ["finding", "check", "severity", "fixer", "dimension", "layer", "ids", "mu", "values", "settled"]
    return order[[*columns, "before", "after"]].reset_index(drop=True)


def _settles(decision: Decision, check_id: str, layer: str, ids: tuple[str, ...]) -> bool:
    """Return whether a decision is about the rows of a finding, or drops one of two that claim the same land."""
    if decision.layer != layer:
        return False
    dropped = decision.rule == DROP and check_id in _OF_TWO and decision.target in ids
    return dropped or {*decision.ids} == {*ids}


def _gathered(found: pd.DataFrame) -> pd.DataFrame:
    lines = []
    for (name, layer, detail), group in found.groupby(["check", "layer", "detail"], sort=False):
        ids = tuple(dict.fromkeys(name for own in group["ids"] for name in own))
        first = group.iloc[0]
        line = {"check": name, "layer": layer, "row": first["row"], "ids": ids, "mu": float(group["mu"].sum())}
        values = {**first["values"], "count": len(group)}
        lines.append({**line, "claim": "", "detail": detail, "values": values, "before": None, "after": None})
    return pd.DataFrame(lines, columns=found.columns)


def _number(check_id: str, layer: str, ids: tuple[str, ...], detail: str) -> str:
    said = json.dumps([check_id, layer, list(ids), detail], ensure_ascii=True)
    return f"{check_id}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _at_stake(listed: pd.DataFrame) -> float:
    return float(listed.loc[listed["settled"] == "", "mu"].sum())
