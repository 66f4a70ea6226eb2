"""What `landkit redline` answers: the land of programmes inside control lines in force, and what breaks a rule."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

import landkit
from landkit.books import Books
from landkit.crs import Geometries, Plane, read_plane
from landkit.districts import NOWHERE, Districts
from landkit.errors import InputError, UsageError
from landkit.measure.area import measure
from landkit.measure.faces import Faces, overlaps
from landkit.measure.overlay import Pieces, split
from landkit.measure.rings import BoolArray, FloatArray, IntArray
from landkit.measured import Part, measured
from landkit.selection import Selection, from_workspace
from landkit.sources import Note, screen
from landkit.workspace import Workspace, open_workspace

CONTROL_LINE = "control_line"
FORBID, MUST_WITHIN, WARN, INFO = "forbid", "must_within", "warn", "info"
RULES = (FORBID, MUST_WITHIN, WARN, INFO)
BREAKING = (FORBID, MUST_WITHIN)
INSIDE, OUTSIDE = "inside", "outside"
TOLERANCE_M2 = 1.0
_ROW = ("kind", "subkind", "rule", "part", "lines", "parcels", "m2")
_CONFLICT = ("layer", "id", "kind", "subkind", "rule", "part", "m2", "share", "lines")


@dataclass(frozen=True, eq=False)
class Answer:
    """Land and control lines; areas in m².

    Attributes
    ----------
    programmes
        The layers that were asked about.
    rows
        A line for each kind, subkind and rule of control lines in force, and for each kind that land must lie within
        one more, for what lies outside: ``kind``, ``subkind``, ``rule``, ``part`` (``inside`` or ``outside``),
        ``lines`` (their ids), ``parcels`` (with more than the tolerance there), ``m2`` (net over all programmes), and
        the net of each programme under its own name.
    conflicts
        A line for each parcel with more than the tolerance inside a line that forbids or warns, or outside those it
        must lie within: ``layer``, ``id``, ``kind``, ``subkind``, ``rule``, ``part``, ``m2``, ``share`` (of the
        parcel), ``lines``.
    basis
        Method, plane, date, tolerance, sources of shapes, version.
    repaired, unmeasured, sources, notes
        As those of `landkit.account`, the control lines among them.
    """

    programmes: tuple[str, ...]
    rows: pd.DataFrame
    conflicts: pd.DataFrame
    basis: dict[str, Any]
    repaired: pd.DataFrame
    unmeasured: pd.DataFrame
    sources: list[dict[str, Any]]
    notes: tuple[Note, ...]

    @property
    def broken(self) -> pd.DataFrame:
        """The conflicts by which a rule is broken, those of lines that merely warn left out."""
        return self.conflicts[self.conflicts["rule"].isin(BREAKING)]


def redline(
    layers: str | Sequence[str] = (),
    *,
    workspace: str | PathLike[str] | Workspace | None = None,
    as_of: date | None = None,
    tolerance_m2: float = TOLERANCE_M2,
) -> Answer:
    """Measure the land of programmes inside the control lines of a workspace.

    Parameters
    ----------
    layers
        Layers of the workspace; by default its programmes. Rows off the lists at the date are left out.
    workspace
        The workspace, its folder, or None to find it (``.``, then ``./layers``).
    as_of
        The business date: control lines that take effect later are left out. None for all of them.
    tolerance_m2
        A parcel may have this much land where it should not, before that is a conflict: boundaries of different
        surveys do not agree to the millimetre. Figures are not affected.

    Returns
    -------
    Answer
        The figures in m², on the ellipsoid.

    Raises
    ------
    UsageError
        No workspace, an unknown layer, no layer of control lines, or a tolerance that is no area.
    InputError, CrsError
        A layer cannot be read or measured; a control line has no kind, or a rule that is none.
    """
    if not (math.isfinite(tolerance_m2) and tolerance_m2 >= 0):
        raise UsageError("redline.tolerance", value=tolerance_m2)
    kept = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    if CONTROL_LINE not in kept.layers:
        raise UsageError("redline.no_lines", folder=kept.root)
    names = [layers] if isinstance(layers, str) else list(layers)
    books = Books(kept, as_of)
    selections = from_workspace(books, names)
    plane = read_plane(kept.zone.crs)
    parts = [measured(selection, plane, "ellipsoid", is_given=True) for selection in selections]
    lines = _Lines.of(from_workspace(books, [CONTROL_LINE])[0], plane, as_of)
    programmes = tuple(selection.name for selection in selections)
    figures: list[list[Any]] = []
    conflicts: list[dict[str, Any]] = []
    if lines.partition is not None:
        land = _Land.of(parts, lines.partition.shapes, plane)
        for region in lines.regions():
            figures.append(_figures(region, land, len(parts), tolerance_m2))
            conflicts += _conflicts(region, land, lines.partition.labels, tolerance_m2)
    held = sum((Counter(part.certainty) for part in parts), Counter[str]())
    return Answer(
        programmes,
        _table(figures, [*_ROW, *programmes]),
        _sorted(conflicts),
        {
            "method": "ellipsoid", "plane": plane.name, "as_of": as_of.isoformat() if as_of else None,
            "tolerance_m2": tolerance_m2, "lines": len(lines.ids), "geom_source": dict(held),
            "line_source": lines.certainty, "version": landkit.__version__,
        },
        pd.concat([part.repaired for part in parts], ignore_index=True),
        pd.concat([part.unmeasured for part in parts], ignore_index=True),
        [selection.source for selection in (*selections, lines.selection) if selection.source],
        (*(note for part in parts for note in (*part.selection.notes, *part.notes())), *lines.notes),
    )  # fmt: skip


@dataclass(frozen=True)
class _Region:
    """Where a rule applies: inside lines of one kind, or outside all those of a kind that land must lie within.

    `holds`, shape (p + 1,), says which parts of the partition belong to it; the last is the land in no line.
    """

    kind: str
    subkind: str | None
    rule: str
    part: str
    lines: tuple[str, ...]
    holds: BoolArray


@dataclass(frozen=True)
class _Lines:
    """The control lines in force: ``kind``, ``subkind`` and ``rule`` of each, by id, and the partition they make."""

    selection: Selection
    table: pd.DataFrame
    partition: Districts | None
    certainty: dict[str, int]
    notes: tuple[Note, ...]

    @property
    def ids(self) -> list[str]:
        return [str(name) for name in self.table.index]

    @classmethod
    def of(cls, selection: Selection, plane: Plane, as_of: date | None) -> _Lines:
        table, notes = _in_force(selection, as_of)
        chosen = selection.frame.loc[table["label"]]
        usable = screen(chosen, known=selection.unreadable[selection.unreadable["row"].isin(chosen.index)])[0]
        if not usable.all():
            ids = ", ".join(table.index[~usable])
            notes.append(Note("note.redline.without_shape", {"count": int((~usable).sum()), "ids": ids}))
        table, chosen = table[usable], chosen[usable]
        counts = Counter(chosen["geom_source"].fillna("unknown")) if "geom_source" in chosen.columns else {}
        if len(chosen) == 0:
            return cls(selection, table, None, {}, (*notes, Note("note.redline.none")))
        shapes = np.asarray(chosen.geometry.array, dtype=object)
        partition = Districts.of(shapes, list(table.index), chosen.crs, plane, layer=selection.title)
        if len(partition.repaired):
            ids = ", ".join(table.index[partition.repaired])
            notes.append(Note("note.redline.repaired", {"count": len(partition.repaired), "ids": ids}))
        return cls(selection, table, partition, dict(counts), (*selection.notes, *notes))

    def regions(self) -> Iterator[_Region]:
        """Yield the regions in the order of the rules, then as the lines come."""
        keys = self.table[["rule", "kind", "subkind"]].drop_duplicates()
        for rule in RULES:
            for kind in keys.loc[keys["rule"] == rule, "kind"].unique():
                own = self.table[(self.table["rule"] == rule) & (self.table["kind"] == kind)]
                for subkind, lines in own.groupby("subkind", sort=False):
                    yield self._region(kind, subkind or None, rule, INSIDE, lines)
                if rule == MUST_WITHIN:
                    yield self._region(kind, None, rule, OUTSIDE, own)

    def _region(self, kind: str, subkind: Any, rule: str, part: str, lines: pd.DataFrame) -> _Region:
        ids = tuple(map(str, lines.index))
        labels = self.partition.labels if self.partition is not None else ()
        holds = np.array([*(not set(label).isdisjoint(ids) for label in labels), False])
        return _Region(kind, subkind, rule, part, ids, ~holds if part == OUTSIDE else holds)


def _in_force(selection: Selection, as_of: date | None) -> tuple[pd.DataFrame, list[Note]]:
    """Return the lines in force at a date, by id, with the label of their row."""
    frame, title = selection.frame, selection.title
    for column in ("kind", "rule"):
        if column not in frame.columns:
            raise InputError("redline.column", layer=title, column=column)
    subkind = frame["subkind"] if "subkind" in frame.columns else pd.Series(None, index=frame.index, dtype=object)
    table = pd.DataFrame(
        {
            "kind": frame["kind"].astype("str").fillna("").str.strip(),
            "subkind": subkind.astype("str").fillna("").str.strip(),
            "rule": frame["rule"].astype("str").fillna("").str.strip(),
            "label": frame.index,
        }
    ).set_axis(pd.Index(selection.ids(), dtype="str"))
    effective = pd.Series(pd.NaT, index=table.index)
    if "effective" in frame.columns:
        moments = pd.to_datetime(frame["effective"], errors="coerce")
        # a GeoPackage gives midnight of the day as a moment in UTC
        days = moments if moments.dt.tz is None else moments.dt.tz_localize(None)
        effective = pd.Series(days.to_numpy(), index=table.index)
    notes = []
    later = effective > pd.Timestamp(as_of) if as_of is not None else effective.isna() & False
    if later.any():
        notes.append(Note("note.redline.later", {"count": int(later.sum()), "ids": ", ".join(table.index[later])}))
    undated = effective.isna()
    if undated.any():
        notes.append(
            Note("note.redline.undated", {"count": int(undated.sum()), "ids": ", ".join(table.index[undated])})
        )
    table = table[~later]
    _check_values(table, title)
    return table, notes


def _check_values(table: pd.DataFrame, title: str) -> None:
    for column, bad in (("kind", table["kind"] == ""), ("rule", ~table["rule"].isin(RULES))):
        if bad.any():
            line = table[bad].iloc[0]
            raise InputError(
                "redline.value", layer=title, row=int(line["label"]) + 1, column=column, value=str(line[column]),
                rules=", ".join(RULES),
            )  # fmt: skip


@dataclass(frozen=True)
class _Land:
    """All parcels by layer and id, and the faces where they overlap, each cut along the lines."""

    names: list[str]
    ids: list[str]
    layer: IntArray
    area: FloatArray
    faces: Faces
    pieces: Pieces
    face_pieces: Pieces

    @classmethod
    def of(cls, parts: Sequence[Part], ground: Geometries, plane: Plane) -> _Land:
        shapes: Geometries = np.concatenate([part.shapes for part in parts])
        area = np.concatenate([part.area for part in parts])
        layer = np.repeat(np.arange(len(parts)), [len(part.area) for part in parts])
        faces = overlaps(shapes)
        ids = [name for part in parts for name in part.selection.ids(part.usable.index)]
        return cls(
            [part.selection.name for part in parts], ids, layer, area, faces,
            split(shapes, area, ground, plane),
            split(faces.shapes, measure(faces.shapes, plane), ground, plane),
        )  # fmt: skip

    def inside(self, region: _Region) -> FloatArray:
        """Return the land (m²) of each parcel in a region."""
        held = self.pieces.area * region.holds[self.pieces.district]
        return np.asarray(np.bincount(self.pieces.parcel, held, minlength=len(self.area)), dtype=np.float64)

    def lines_on(self, labels: Sequence[tuple[str, ...]], region: _Region) -> dict[int, tuple[str, ...]]:
        """Return, by parcel, the ids of the region's lines that it lies in."""
        rank = {name: place for place, name in enumerate(region.lines)}
        names: dict[int, set[str]] = defaultdict(set)
        held = region.holds[self.pieces.district]
        for parcel, number in zip(self.pieces.parcel[held].tolist(), self.pieces.district[held].tolist(), strict=True):
            if number != NOWHERE:
                names[parcel].update(name for name in labels[number] if name in rank)
        return {parcel: tuple(sorted(found, key=rank.__getitem__)) for parcel, found in names.items()}

    def net(self, region: _Region, of: BoolArray) -> float:
        """Return the land (m²) that some parcels, shape (n,), cover in a region, each place once."""
        held = self.face_pieces.area * region.holds[self.face_pieces.district]
        shared = np.bincount(self.face_pieces.parcel, held, minlength=len(self.faces.shapes))
        covers = np.bincount(self.faces.face, of[self.faces.parcel], minlength=len(self.faces.shapes))
        again = float((shared * np.maximum(covers - 1, 0)).sum())
        return max(float(self.inside(region)[of].sum()) - again, 0.0)


def _figures(region: _Region, land: _Land, programmes: int, tolerance_m2: float) -> list[Any]:
    everything = np.ones(len(land.area), dtype=bool)
    return [
        region.kind, region.subkind, region.rule, region.part, region.lines,
        int((land.inside(region) > tolerance_m2).sum()), land.net(region, everything),
        *(land.net(region, land.layer == number) for number in range(programmes)),
    ]  # fmt: skip


def _conflicts(
    region: _Region, land: _Land, labels: Sequence[tuple[str, ...]], tolerance_m2: float
) -> list[dict[str, Any]]:
    """Return the parcels that break the rule of a region, or are warned by it."""
    if region.rule == INFO or (region.rule == MUST_WITHIN and region.part == INSIDE):
        return []
    area = land.inside(region)
    on = land.lines_on(labels, region) if region.part == INSIDE else {}
    return [
        {
            "layer": land.names[land.layer[parcel]], "id": land.ids[parcel],
            "kind": region.kind, "subkind": region.subkind, "rule": region.rule, "part": region.part,
            "m2": float(area[parcel]), "share": float(area[parcel] / land.area[parcel]), "lines": on.get(parcel, ()),
        }
        for parcel in np.flatnonzero(area > tolerance_m2).tolist()
    ]  # fmt: skip


def _sorted(conflicts: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the conflicts as a table: what breaks a rule first, the largest first."""
    ordered = sorted(conflicts, key=lambda row: (row["rule"] not in BREAKING, -row["m2"]))
    return _table([[row[name] for name in _CONFLICT] for row in ordered], list(_CONFLICT))


def _table(rows: list[list[Any]], columns: list[str]) -> pd.DataFrame:
    """Return a table in which no subkind is None."""
    at = columns.index("subkind")
    return pd.DataFrame(rows, columns=columns).assign(subkind=pd.Series([row[at] for row in rows], dtype=object))
