"""The rows that a question is about: from files, from a workspace at a date, or from frames."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landkit.books import Book, Books
from landkit.decisions import Decision, standing
from landkit.errors import UsageError
from landkit.ledger_columns import FIELDS, LedgerColumns
from landkit.measure.rings import BoolArray
from landkit.plan import read_plan
from landkit.rulings import TAKEN_AWAY, apply_decisions
from landkit.schema import id_column, schema
from landkit.sources import Note, SourceLayer, list_columns, read_layers, screen
from landkit.sources.kinds import kind_of
from landkit.stages import parse_stage_option, reached
from landkit.where import Where
from landkit.words import Phrase
from landkit.workspace import Workspace

PROGRAMME, LAYER, DISTRICT, STAGE = "programme", "layer", "district", "stage"
DOC_MU = "area_doc_mu"


@dataclass(frozen=True, eq=False)
class Selection:
    """The chosen rows of one layer.

    Attributes
    ----------
    name
        The layer: its id in the workspace, else the file's stem or the layer's own name in it.
    frame
        The rows, with the labels that they have in the layer.
    unreadable
        Rows whose shape the reader gave up: ``row`` and ``reason``.
    source
        Where it was read from: ``layer``, ``path``, ``sha256``, ``features``; None for a frame.
    notes
        What to know about it.
    left
        Columns that were not read, since the question does not need them.
    facts
        By row of the layer, what has to be said of rows that count: a column of truth values called by the key of each
        note, and ``mu``, the area that the office reports; None where nothing has.
    """

    name: str
    frame: gpd.GeoDataFrame
    unreadable: pd.DataFrame
    source: dict[str, Any] | None = None
    notes: tuple[Note, ...] = ()
    left: tuple[str, ...] = ()
    facts: pd.DataFrame | None = None

    @cached_property
    def _screened(self) -> tuple[BoolArray, pd.DataFrame]:
        return screen(self.frame, known=self.unreadable)

    @property
    def usable(self) -> BoolArray:
        """Which rows have a shape that can be measured."""
        return self._screened[0]

    @property
    def faults(self) -> pd.DataFrame:
        """The other rows: ``row`` and ``reason``."""
        return self._screened[1]

    def doubts(self) -> Iterator[Note]:
        """Yield what the `facts` say of the rows that are chosen, with their number and area."""
        if self.facts is None:
            return
        facts = self.facts.loc[self.frame.index]
        for key in facts.columns.drop("mu"):
            mu = facts.loc[facts[key], "mu"]
            if len(mu):
                none = int(mu.isna().sum())
                area = Phrase("note.mu_partly" if none else "note.mu", {"mu": float(mu.sum()), "none": none})
                yield Note(key, {"layer": self.name, "count": len(mu), "area": area})

    @property
    def title(self) -> str:
        """What it is called in refusals: the file, with the layer where that has another name, else the layer."""
        if self.source is None:
            return self.name
        path = Path(self.source["path"])
        return str(path) if path.name.startswith(self.name) else f"{path} [{self.name}]"

    @property
    def columns(self) -> list[str]:
        """The names of its columns besides the shape, also of those that were not read."""
        own = [str(name) for name in self.frame.columns if name != self.frame.geometry.name]
        return [*own, *self.left]

    def ids(self, labels: Iterable[int] | None = None) -> list[str]:
        """Return the canonical id of rows, all by default, else ``#row`` (from 1); of repeated ids, ``id#row``."""
        rows = self.frame.index if labels is None else pd.Index(labels)
        column = id_column([str(name) for name in self.frame.columns])
        numbers = [f"#{label + 1}" for label in rows]
        if column is None or len(rows) == 0:
            return numbers
        repeated = self.frame[column].duplicated(keep=False).reindex(rows)
        given = self.frame[column].reindex(rows)
        return [
            number if pd.isna(value) or value == "" else f"{value}{number}" if twice else str(value)
            for value, number, twice in zip(given, numbers, repeated, strict=True)
        ]

    def where(self, condition: Where | None) -> Selection:
        """Return the rows that `condition` is true of; a column that the layer lacks is unknown there."""
        if condition is None:
            return self
        missing = [name for name in condition.columns if name not in self.frame.columns]
        known = self.frame.assign(**dict.fromkeys(missing, pd.NA))
        note = Note("note.where_column", {"layer": self.name, "columns": ", ".join(missing)})
        chosen = self.keep(condition.mask(known).to_numpy())
        return replace(chosen, notes=(*self.notes, note)) if missing else chosen

    def keep(self, mask: BoolArray) -> Selection:
        """Return the rows where `mask` holds."""
        frame = self.frame[mask]
        return replace(self, frame=frame, unreadable=self.unreadable[self.unreadable["row"].isin(frame.index)])


def from_files(
    paths: Sequence[str | PathLike[str]],
    *,
    columns: Collection[str],
    source_layer: str | None = None,
    for_ledger: bool = True,
) -> list[Selection]:
    """Read the polygon layers of files, of each only `columns`, the ids, and what the ledger needs.

    Parameters
    ----------
    columns
        Names as delivered.
    source_layer
        The layer to read, of a file with several.
    for_ledger
        Whether the fields of the ledger are needed, under whatever names they were delivered.

    Raises
    ------
    UsageError, InputError, CrsError
        As `landkit.sources.read_layers`; and if two layers have one name.
    """
    found: list[Selection] = []
    for path in paths:
        by_layer = list_columns(path, source_layer=source_layer)
        listed = {name for names in by_layer.values() for name in names}
        ids = {name for names in by_layer.values() if (name := id_column(names))}
        ledgers = {name: _ledger_columns(path, names) for name, names in by_layer.items()} if for_ledger else {}
        taken = {column for ledger in ledgers.values() for column in ledger.found.fields}
        wanted = {*columns, *((*FIELDS, PROGRAMME) if for_ledger else ())} & listed | ids | taken
        for layer in read_layers(path, source_layer=source_layer, columns=wanted):
            left = tuple(name for name in by_layer.get(layer.name, ()) if name not in wanted)
            selection = replace(_of_source(layer), left=left)
            found.append(_with_fields(selection, ledgers[layer.name]) if layer.name in ledgers else selection)
    names = [selection.name for selection in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        files = ", ".join(str(s.source["path"]) for s in found if s.name == twice[0] and s.source)
        raise UsageError("select.same_name", name=twice[0], files=files)
    return found


def _ledger_columns(path: str | PathLike[str], names: Collection[str]) -> LedgerColumns:
    return LedgerColumns.of(names, is_shapefile=kind_of(Path(path)).name == "Shapefile")


def _with_fields(selection: Selection, ledger: LedgerColumns) -> Selection:
    notes = (*selection.notes, *ledger.notes(selection.name))
    return replace(selection, frame=ledger.beside(selection.frame), notes=notes)


def _of_source(layer: SourceLayer) -> Selection:
    source = {"layer": layer.name, "path": str(layer.path), "sha256": layer.sha256, "features": len(layer.frame)}
    return Selection(layer.name, layer.frame, layer.unmeasured, source, layer.notes)


def from_frames(frames: Mapping[str, gpd.GeoDataFrame]) -> list[Selection]:
    """Take frames as layers; their rows are numbered anew from 0."""
    none = pd.DataFrame({"row": pd.Series(dtype="int64"), "reason": pd.Series(dtype="str")})
    return [Selection(name, frame.reset_index(drop=True), none) for name, frame in frames.items()]


def from_workspace(books: Books, names: Sequence[str] | None, *, stage: str | None = None) -> list[Selection]:
    """Choose the rows of layers that stand on the lists at a date, and have come as far as `stage` asks.

    Parameters
    ----------
    books
        Those of the workspace at the date.
    names
        Layers; None for those marked ``programme = true``.
    stage
        As the option: ``reclaim=reclaimed,lowefficiency=accepted``, or ``plan`` for the stages that the targets
        declare. Layers that it does not name keep all their rows.

    Raises
    ------
    UsageError
        A layer is unknown, or none is a programme; a stage is unknown.
    InputError, CrsError
        A layer cannot be read.
    """
    workspace = books.workspace
    if not (names or workspace.layers):
        return [_nothing_yet(workspace)]
    chosen = list(names or (spec.id for spec in workspace.layers.values() if spec.programme))
    if not chosen:
        raise UsageError("select.no_programme", folder=workspace.root)
    decisions = standing(workspace)
    asked = _rungs(workspace, dict.fromkeys(chosen), stage)
    return [_decided(_at_date(books, name, rungs), books[name], decisions) for name, rungs in asked.items()]


def _nothing_yet(workspace: Workspace) -> Selection:
    """Return what a workspace without any layer has to say: no rows, and why."""
    frame = gpd.GeoDataFrame({"id": pd.Series(dtype="str")}, geometry=[], crs=workspace.zone.crs)
    (empty,) = from_frames({workspace.root.resolve().name: frame})
    return replace(empty, notes=(Note("note.nothing_yet"),))


# What a row has to have reached: of those that the filter is true of, one of the stages (each of another ladder).
_Rung = tuple[Where | None, tuple[str, ...]]


def _rungs(workspace: Workspace, names: Iterable[str], stage: str | None) -> dict[str, list[_Rung]]:
    """Return, by layer, what rows have to have reached to count; an empty list where nothing is asked."""
    if stage is None:
        return {name: [] for name in names}
    if stage.strip() == "plan":
        targets = [target for target in read_plan(workspace.plan_path).targets if target.measure]
        declared: dict[str, list[_Rung]] = {name: [] for name in names}
        for target in targets:
            if target.layer in declared and target.measure and target.measure.stages:
                declared[target.layer].append((target.measure.where, target.measure.stages))
        return declared
    named = parse_stage_option(stage, schema().layers)
    absent = [name for name in named if name not in names]
    if absent:
        raise UsageError("select.stage", layer=absent[0], layers=", ".join(names))
    return {name: [(None, named[name])] if name in named else [] for name in names}


def _at_date(books: Books, name: str, rungs: Sequence[_Rung]) -> Selection:
    book = books[books.workspace.polygons(name).id]
    counts = book.rows["on_list"].to_numpy(dtype=bool)
    if rungs:
        counts = counts & np.logical_or.reduce([_reached(book, where, stages) for where, stages in rungs])
    climbs = name in schema().layers and bool(schema().layers[name].stages)
    frame = book.frame.assign(stage=book.rows["stage"]) if climbs else book.frame
    selection = _of_source(book.source)
    asked = list(dict.fromkeys(stage for _, stages in rungs for stage in stages))
    notes = (*selection.notes, *_stage_notes(name, book.rows, asked))
    facts = _facts(book.rows, by_stage=bool(asked), at_date=books.as_of is not None)
    return replace(selection, frame=frame, notes=notes, facts=facts).keep(counts)


def _decided(selection: Selection, book: Book, decisions: Sequence[Decision]) -> Selection:
    """Return the rows as people decided about them; the layer itself stays as it is."""
    if not any(decision.layer == book.id for decision in decisions):
        return selection
    applied = apply_decisions(book.frame, book.id, book.plane, decisions)
    rows = selection.frame.index
    cut = selection.frame.set_geometry(applied.frame.geometry.loc[rows])
    gone = pd.DataFrame({"row": list(applied.taken_away), "reason": TAKEN_AWAY}).astype(selection.unreadable.dtypes)
    decided = replace(
        selection,
        frame=cut,
        unreadable=pd.concat([selection.unreadable, gone], ignore_index=True),
        notes=(*selection.notes, *applied.notes),
    )
    return decided.keep(applied.counts[book.frame.index.get_indexer(rows)])


def _reached(book: Book, where: Where | None, stages: tuple[str, ...]) -> BoolArray:
    found = reached(book.rows, stages, schema().layers[book.id])
    if where is not None:
        found &= where.mask(book.frame)
    return found.to_numpy(dtype=bool)


def _stage_notes(name: str, rows: pd.DataFrame, stages: Sequence[str]) -> Iterator[Note]:
    if off := int((~rows["on_list"]).sum()):
        yield Note("note.off_list", {"layer": name, "count": off})
    if stages:
        yield Note("note.stage", {"layer": name, "stages": "|".join(stages)})


def _facts(rows: pd.DataFrame, *, by_stage: bool, at_date: bool) -> pd.DataFrame | None:
    """Return what has to be said of rows that count by their stage, or at a date that theirs is not tied to."""
    if by_stage:
        keys = {"note.undated": rows["undated"], "note.without_evidence": rows["without_evidence"]}
    elif at_date:
        keys = {"note.undated_at": rows["undated"]}
    else:
        return None
    return pd.DataFrame({**{key: flags.astype(bool) for key, flags in keys.items()}, "mu": rows["mu"]})
