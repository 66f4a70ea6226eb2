"""The rows that a question is about: from files, from a workspace at a date, or from frames."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from os import PathLike
from typing import Any

import geopandas as gpd
import pandas as pd

from landkit.books import Books
from landkit.errors import UsageError
from landkit.measure.rings import BoolArray
from landkit.plan import read_plan
from landkit.schema import id_column, schema
from landkit.sources import Note, SourceLayer, list_columns, read_layers
from landkit.stages import parse_stage_option, reached
from landkit.where import Where
from landkit.workspace import Workspace

PROGRAMME, LAYER, DISTRICT, STAGE = "programme", "layer", "district", "stage"
DOC_MU = "area_doc_mu"
# What the ledger reads of a layer besides what it is asked for.
_ALWAYS = (DOC_MU, DISTRICT, "geom_source", PROGRAMME)


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
    """

    name: str
    frame: gpd.GeoDataFrame
    unreadable: pd.DataFrame
    source: dict[str, Any] | None = None
    notes: tuple[Note, ...] = ()

    @property
    def ids(self) -> list[str]:
        """The canonical id of each row, else ``#row`` (from 1); of rows with the same id, ``id#row``."""
        column = id_column([str(name) for name in self.frame.columns])
        numbers = [f"#{label + 1}" for label in self.frame.index]
        if column is None:
            return numbers
        given = self.frame[column]
        text = given.astype("str").where(given.notna(), None)
        repeated = given.duplicated(keep=False) & given.notna()
        return [
            number if value is None or pd.isna(value) or value == "" else f"{value}{number}" if twice else str(value)
            for value, number, twice in zip(text, numbers, repeated, strict=True)
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
    paths: Sequence[str | PathLike[str]], *, columns: Collection[str], source_layer: str | None = None
) -> list[Selection]:
    """Read the polygon layers of files, of each only `columns` and what the ledger needs.

    Raises
    ------
    UsageError, InputError, CrsError
        As `landkit.sources.read_layers`; and if two layers have one name.
    """
    found: list[Selection] = []
    for path in paths:
        listed = {name for names in list_columns(path, source_layer=source_layer).values() for name in names}
        wanted = {*columns, *_ALWAYS} & listed | {name for name in (id_column(sorted(listed)),) if name}
        found += [_of_source(layer) for layer in read_layers(path, source_layer=source_layer, columns=wanted)]
    names = [selection.name for selection in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        files = ", ".join(str(s.source["path"]) for s in found if s.name == twice[0] and s.source)
        raise UsageError("select.same_name", name=twice[0], files=files)
    return found


def _of_source(layer: SourceLayer) -> Selection:
    source = {"layer": layer.name, "path": str(layer.path), "sha256": layer.sha256, "features": len(layer.frame)}
    return Selection(layer.name, layer.frame, layer.unmeasured, source, layer.notes)


def from_frames(frames: Mapping[str, gpd.GeoDataFrame]) -> list[Selection]:
    """Take frames as layers; their rows are numbered anew from 0."""
    none = pd.DataFrame({"row": pd.Series(dtype="int64"), "reason": pd.Series(dtype="str")})
    return [Selection(name, frame.reset_index(drop=True), none) for name, frame in frames.items()]


def from_workspace(
    workspace: Workspace, names: Sequence[str] | None, *, as_of: date | None = None, stage: str | None = None
) -> list[Selection]:
    """Choose the rows of layers that stand on the lists at a date, and have come as far as `stage` asks.

    Parameters
    ----------
    workspace
        Where the layers are.
    names
        Layers; None for those marked ``programme = true``.
    as_of
        The business date; None for all events.
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
    chosen = list(names or (spec.id for spec in workspace.layers.values() if spec.programme))
    if not chosen:
        raise UsageError("select.no_programme", folder=workspace.root)
    books = Books(workspace, as_of)
    stages = _declared(workspace, stage)
    return [_at_date(books, name, stages.get(name)) for name in dict.fromkeys(chosen)]


def _declared(workspace: Workspace, stage: str | None) -> Mapping[str, tuple[str, ...]]:
    if stage is None:
        return {}
    declared: dict[str, tuple[str, ...]] = {}
    if stage.strip() == "plan":
        for target in read_plan(workspace.plan_path).targets:
            if target.layer and target.measure and target.measure.stage:
                declared.setdefault(target.layer, tuple(target.measure.stage))
    ladders = {name: layer for name, layer in schema().layers.items() if name in workspace.layers}
    return parse_stage_option(stage, ladders, declared=declared)


def _at_date(books: Books, name: str, stages: tuple[str, ...] | None) -> Selection:
    source = books.workspace.source(name)
    book = books[name]
    counts = book.rows["on_list"].to_numpy(dtype=bool)
    if stages:
        counts = counts & reached(book.rows, stages, schema().layers[name]).to_numpy()
    climbs = name in schema().layers and bool(schema().layers[name].stages)
    frame = book.frame.assign(stage=book.rows["stage"]) if climbs else book.frame
    selection = _of_source(source)
    notes = (*selection.notes, *_stage_notes(name, book.rows, counts, stages))
    return replace(selection, frame=frame, notes=notes).keep(counts)


def _stage_notes(name: str, rows: pd.DataFrame, counts: BoolArray, stages: tuple[str, ...] | None) -> Iterator[Note]:
    if off := int((~rows["on_list"]).sum()):
        yield Note("note.off_list", {"layer": name, "count": off})
    if not stages:
        return
    yield Note("note.stage", {"layer": name, "stages": "|".join(stages)})
    for kind in ("undated", "without_evidence"):
        doubtful = counts & rows[kind].to_numpy(dtype=bool)
        if doubtful.any():
            mu = float(rows.loc[doubtful, "mu"].sum())
            yield Note(f"note.{kind}", {"layer": name, "count": int(doubtful.sum()), "mu": mu})
