"""A person's decisions about rows that contradict one another: logged, replayed with every figure, reversible.

``decisions.csv`` is only ever added to. A decision never changes a layer; it changes what is selected from it, and only
as long as its rows are those that it was taken about.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landkit.errors import InputError, UsageError
from landkit.locking import now
from landkit.measure.rings import Geometries
from landkit.stages import row_ids
from landkit.store import exclusive, require_unchanged
from landkit.workspace import Workspace, open_workspace

FILE = "decisions.csv"
KEEP, DROP, ACCEPT, UNDO = "keep", "drop", "accept", "undo"
_RULE = re.compile(r"(keep|drop)\s+(\S.*)|accept")
_COMMAS = re.compile("[,，、]")


@dataclass(frozen=True)
class Decision:
    """What a person decided.

    Attributes
    ----------
    decision_no
        ``D-1``, ``D-2``, …
    time
        ISO 8601, with the offset from UTC.
    layer
        The layer of the rows.
    ids
        The rows.
    rule
        ``keep`` (shared land belongs to `target`), ``drop`` (`target` is not counted), ``accept`` (it stands as it is)
        or ``undo``.
    target
        One of `ids`; empty for ``accept`` and ``undo``.
    by, note
        Who decided, and why.
    reverses
        The decision that this one takes back; empty where it is none of these.
    shapes
        A hash of the shapes that it was taken about.
    """

    decision_no: str
    time: str
    layer: str
    ids: tuple[str, ...]
    rule: str
    target: str
    by: str
    note: str
    reverses: str = ""
    shapes: str = ""


COLUMNS = tuple(field.name for field in fields(Decision))


def decide(
    ids: str | Sequence[str] = (),
    *,
    rule: str | None = None,
    by: str,
    note: str,
    layer: str | None = None,
    undo: str | None = None,
    workspace: str | PathLike[str] | Workspace | None = None,
) -> Decision:
    """Log a decision about rows of a layer, or take one back.

    Parameters
    ----------
    ids
        The rows, as a sequence or parted by commas.
    rule
        ``keep ID``: land that the rows share belongs to ID, the others are cut. ``drop ID``: ID is not counted.
        ``accept``: it is as it should be.
    by, note
        Who decides, and why.
    layer
        The layer of the rows, where ids of that name are in several.
    undo
        The number of the decision to take back; no `ids` and no `rule` then.
    workspace
        The workspace, its folder, or None to find it (``.``, then ``./layers``).

    Returns
    -------
    Decision
        As logged.

    Raises
    ------
    UsageError
        A row is not there, or there twice; the rule is not understood or contradicts a decision in force; the decision
        to take back is not in force.
    InputError, CrsError
        A layer or the log cannot be read.
    LockedError
        Another process writes the workspace.
    """
    for name, value in (("--by", by), ("--note", note)):
        if not value.strip():
            raise UsageError("decision.empty", option=name)
    root = (workspace if isinstance(workspace, Workspace) else open_workspace(workspace)).root
    chosen = _ids(ids)
    with exclusive(root, purpose="decide") as transaction:
        opened = open_workspace(root)
        log = read_decisions(opened)
        draft = Decision(f"D-{len(log) + 1}", now(), layer or "", chosen, rule or "", "", by.strip(), note.strip())
        made = _taken_back(draft, undo, log) if undo is not None else _decided(draft, opened, standing(opened))
        path = transaction.current(FILE)
        before = path.read_bytes() if path.is_file() else b""
        transaction.put(FILE, before + _lines(made, headed=not before))
    return made


def read_decisions(workspace: Workspace) -> list[Decision]:
    """Return all that was decided in a workspace, the oldest first.

    Raises
    ------
    InputError
        ``decisions.csv`` is damaged; the error has the line.
    LockedError
        The workspace was changed since it was opened.
    """
    path = workspace.root / FILE
    try:
        return _read(path) if path.is_file() else []
    finally:
        require_unchanged(workspace.root, workspace.version)


def standing(workspace: Workspace) -> list[Decision]:
    """Return the decisions of a workspace that were not taken back, the oldest first.

    Raises
    ------
    InputError, LockedError
        As `read_decisions`.
    """
    log = read_decisions(workspace)
    gone = {decision.reverses for decision in log}
    return [decision for decision in log if decision.rule != UNDO and decision.decision_no not in gone]


def in_force(workspace: Workspace) -> pd.DataFrame:
    """Return `standing` as a table with a column for each attribute; ``ids`` are tuples.

    Raises
    ------
    InputError, LockedError
        As `read_decisions`.
    """
    return pd.DataFrame([astuple(decision) for decision in standing(workspace)], columns=list(COLUMNS))


def labels_of(frame: gpd.GeoDataFrame, ids: Sequence[str]) -> list[Any]:
    """Return the label of the row of each id, None where there is none or more than one."""
    known = row_ids(frame)
    found = [frame.index[(known == wanted).to_numpy(dtype=bool, na_value=False)] for wanted in ids]
    return [labels[0] if len(labels) == 1 else None for labels in found]


def holds(decision: Decision, frame: gpd.GeoDataFrame) -> bool:
    """Return whether the rows of a decision are in `frame`, its layer, with the shapes that it was taken about."""
    labels = labels_of(frame, decision.ids)
    return None not in labels and _hash(frame, labels) == decision.shapes


# What is decided


def _ids(given: str | Sequence[str]) -> tuple[str, ...]:
    names = _COMMAS.split(given) if isinstance(given, str) else given
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _decided(draft: Decision, workspace: Workspace, earlier: Sequence[Decision]) -> Decision:
    if not draft.ids or not draft.rule:
        raise UsageError("decision.nothing")
    said = _RULE.fullmatch(draft.rule.strip())
    if said is None:
        raise UsageError("decision.rule", rule=draft.rule)
    rule, target = said[1] or ACCEPT, (said[2] or "").strip()
    if target and target not in draft.ids:
        raise UsageError("decision.target", rule=rule, target=target, ids=", ".join(draft.ids))
    if rule == KEEP and len(draft.ids) < 2:
        raise UsageError("decision.alone", target=target)
    layer, frame = _home(draft, workspace)
    made = replace(draft, layer=layer, rule=rule, target=target, shapes=_hash(frame, labels_of(frame, draft.ids)))
    for other in earlier:
        if _contradicts(made, other) and holds(other, frame):
            said_before = f"{other.rule} {other.target}".strip()
            raise UsageError("decision.contradicts", number=other.decision_no, rule=said_before, by=other.by)
    return made


def _home(draft: Decision, workspace: Workspace) -> tuple[str, gpd.GeoDataFrame]:
    """Return the one layer that holds all the rows."""
    if draft.layer:
        names = [workspace.polygons(draft.layer).id]
    else:
        names = [spec.id for spec in workspace.layers.values() if not spec.is_table]
    frames = {name: workspace.layer(name) for name in names}
    counts = {name: [int((row_ids(frame) == wanted).sum()) for wanted in draft.ids] for name, frame in frames.items()}
    whole = [name for name in names if all(counts[name])]
    if not whole:
        missing = [id_ for place, id_ in enumerate(draft.ids) if not any(counts[name][place] for name in names)]
        if missing:
            raise UsageError("decision.no_row", id=missing[0], layers=", ".join(names) or "-")
        raise UsageError("decision.apart", ids=", ".join(draft.ids))
    if len(whole) > 1:
        raise UsageError("decision.several_layers", ids=", ".join(draft.ids), layers=", ".join(whole))
    twice = [id_ for id_, count in zip(draft.ids, counts[whole[0]], strict=True) if count > 1]
    if twice:
        raise UsageError("decision.twice", id=twice[0], layer=whole[0])
    return whole[0], frames[whole[0]]


def _contradicts(new: Decision, old: Decision) -> bool:
    """Return whether two decisions say different things, or the same, about one pair of rows or one row."""
    if new.layer != old.layer or ACCEPT in (new.rule, old.rule):
        return new.layer == old.layer and new.rule == old.rule and {*new.ids} == {*old.ids}
    if KEEP in (new.rule, old.rule) and DROP in (new.rule, old.rule):
        return new.target == old.target
    if new.rule == DROP:
        return new.target == old.target
    return len({*new.ids} & {*old.ids}) > 1 and new.target in old.ids and old.target in new.ids


def _taken_back(draft: Decision, undo: str, log: Sequence[Decision]) -> Decision:
    if draft.ids or draft.rule:
        raise UsageError("decision.undo_alone")
    gone = {decision.reverses for decision in log}
    open_ = {d.decision_no: d for d in log if d.rule != UNDO and d.decision_no not in gone}
    if undo not in open_:
        raise UsageError("decision.not_in_force", number=undo, known=", ".join(open_) or "-")
    former = open_[undo]
    return replace(draft, layer=former.layer, ids=former.ids, rule=UNDO, reverses=undo)


def _hash(frame: gpd.GeoDataFrame, labels: Sequence[Any]) -> str:
    """Return a hash of the shapes of rows; a polygon and the same as the only part of a collection are the same."""
    shapes: Geometries = np.asarray(frame.geometry.loc[list(labels)].array, dtype=object)
    digest = hashlib.sha256()
    for shape in shapes:
        parts = [] if shape is None else [shapely.normalize(part) for part in shapely.get_parts(shape)]
        digest.update(b"|".join([b"shape", *sorted(shapely.to_wkb(part, byte_order=1) for part in parts)]))
    return digest.hexdigest()[:32]


# The log


def _lines(decision: Decision, *, headed: bool) -> bytes:
    with io.StringIO(newline="") as file:
        writer = csv.writer(file)
        if headed:
            writer.writerow(COLUMNS)
        writer.writerow([",".join(value) if isinstance(value, tuple) else value for value in astuple(decision)])
        return file.getvalue().encode("utf-8-sig" if headed else "utf-8")


def _read(path: Path) -> list[Decision]:
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            found = []
            for row in reader:
                if line > 1 or tuple(row) != COLUMNS:
                    found.append(_decision(row))
                line = reader.line_num + 1
    except (UnicodeDecodeError, csv.Error, OSError, ValueError) as error:
        raise InputError("decision.log", file=path, line=line) from error
    numbers = [decision.decision_no for decision in found]
    if numbers != [f"D-{number}" for number in range(1, len(found) + 1)]:
        raise InputError("decision.log", file=path, line=line)
    return found


def _decision(row: Sequence[str]) -> Decision:
    if len(row) != len(COLUMNS):
        raise ValueError(row)
    said = dict(zip(COLUMNS, row, strict=True))
    if said["rule"] not in (KEEP, DROP, ACCEPT, UNDO):
        raise ValueError(row)
    ids = tuple(said.pop("ids").split(","))
    return Decision(**said, ids=ids)
