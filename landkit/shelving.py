"""Delivered layers put into a workspace: which layer takes them, what they add to it, and what is kept out."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landkit.admission import Admitted, Surroundings, admit, receipt, row_number
from landkit.crs import Plane, read_plane, read_source
from landkit.errors import InputError, UsageError
from landkit.intake import Intake, returned_rows
from landkit.layer_file import table_bytes
from landkit.mapping import guess_layer
from landkit.matching import Joined, join
from landkit.measure.rings import BoolArray
from landkit.merging import Merged, merge
from landkit.receipts import Finding, LayerReceipt
from landkit.schema import id_column, schema
from landkit.sources import SourceLayer
from landkit.stage_columns import events_of
from landkit.words import Phrase
from landkit.workspace import Workspace

TAKEN, MADE_TAKEN = "id_taken", "id_made_taken"  # why a row is kept out: reasons of the words
_MOST_CONFLICTS = 50  # told one by one


class Shelves:
    """The layers of a workspace while a file is taken in.

    Parameters
    ----------
    workspace
        Opened within the transaction.
    profiles
        What each kind of source and layer remembers of its columns: (kind, layer) -> delivered column -> field.
    layer, crs, join, update, overlaps
        As `landkit.import_delivery`.
    reviewed
        What persons have decided about doubtful matches, by layer.
    recorded_at
        The time that events are registered under.

    Attributes
    ----------
    changed
        The layers and tables that have to be written, by id.
    mapped
        The columns of each layer taken: (kind, layer) -> delivered column -> field.
    reviews
        What a person has to decide, by layer.
    """

    def __init__(
        self, workspace: Workspace, *, profiles: dict[tuple[str, str], dict[str, str]], layer: str | None,
        crs: str | None, join: bool, update: bool, overlaps: bool, reviewed: dict[str, pd.DataFrame],
        recorded_at: datetime,
    ) -> None:  # fmt: skip
        self.workspace = workspace
        self.profiles = profiles
        self.layer, self.crs, self.join, self.update, self.overlaps = layer, crs, join, update, overlaps
        self.reviewed, self.recorded_at = reviewed, recorded_at
        self.plane: Plane = read_plane(workspace.zone.crs)
        self.changed: dict[str, pd.DataFrame] = {}
        self.mapped: dict[tuple[str, str], dict[str, str]] = {}
        self.reviews: dict[str, Joined] = {}

    def take(self, layer: SourceLayer) -> LayerReceipt:
        """Take a delivered layer in.

        Raises
        ------
        UsageError
            No layer of the workspace is named, or none of that name is known; or it is a ledger, and it is not said
            whether its rows are to be matched.
        InputError, CrsError
            It cannot be taken whole: its system is missing or refused, or it has shapes and the layer has none.
        """
        target, found = self._target(layer)
        known = schema().layers.get(target)
        if known is not None and known.kind == "table":
            return self._take_table(layer, target, found)
        admitted = admit(
            layer, target=target, around=self._surroundings(target), crs=self.crs,
            profile=self._profile(layer, target), overlaps=self.overlaps,
        )  # fmt: skip
        self._remember(layer, target, admitted)
        existing = self._existing(target)
        rows = admitted.intake.accepted
        if existing is not None and existing.crs is not None and existing.crs != rows.crs:
            read_source(existing.crs, name=target)  # a datum that rows cannot be carried to is refused
            rows = rows.to_crs(existing.crs)
        joined: list[Finding] = []
        made = _made(admitted, rows)
        if self.join and not layer.has_shapes and existing is not None:
            admitted, rows, joined = self._joined(admitted, rows, existing, target)
            # a row that was matched goes by the id of its parcel
            made = _made(admitted, rows) & (rows["id"] == admitted.intake.accepted["id"].reindex(rows.index)).to_numpy()
        merged = merge(existing, rows, update=self.update, fill=self.join, made=made)
        if merged.changed:
            self.changed[target] = merged.frame
        joined += self._add_events(layer, rows[~merged.kept_out], target)
        findings = (*found, *admitted.findings, *joined, *_conflicts(layer, merged, rows, update=self.update))
        for reason, which in ((TAKEN, merged.kept_out & ~made), (MADE_TAKEN, merged.kept_out & made)):
            admitted = _sent_back(admitted, admitted.intake.accepted.index.isin(rows.index[which]), reason)
        return receipt(admitted, target, merged=merged, findings=findings)

    def _target(self, layer: SourceLayer) -> tuple[str, list[Finding]]:
        """Return the layer that takes the rows, and how that was found."""
        known = schema().layers
        if self.layer is not None:
            if self.layer not in known and self.layer not in self.workspace.layers:
                raise UsageError("intake.no_such_layer", layer=self.layer, layers=", ".join(known))
            return self.layer, []
        columns = [str(name) for name in layer.frame.columns.drop(layer.frame.geometry.name)]
        stem = layer.path.stem if layer.name == layer.path.stem else f"{layer.path.stem} {layer.name}"
        guess, evidence = guess_layer(columns, stem)
        if guess is None:
            fitting = [one for one in known.values() if not layer.has_shapes or one.kind != "table"]
            names = ", ".join(f"{one.id} {one.zh}" for one in fitting)
            raise UsageError("intake.which_layer", file=layer.path, rows=len(layer.frame), layers=names)
        if self._is_ledger(layer, guess) and not self.join:
            raise UsageError("intake.ledger", file=layer.path, layer=guess, rows=len(layer.frame))
        return guess, [Finding(evidence.key, "info", layer.name, values=evidence.values)]

    def _is_ledger(self, layer: SourceLayer, target: str) -> bool:
        """Return whether rows without shapes come to a layer that has some: which of them they mean is to be said."""
        if layer.has_shapes or _is_returned(layer) or schema().layers[target].kind == "table":
            return False
        return _drawn(self._existing(target)) is not None

    def _profile(self, layer: SourceLayer, target: str) -> dict[str, str]:
        """Return what is remembered of the columns; returned rows have their ids in the column ``id``."""
        known = self.profiles.get((layer.kind, target), {})
        if not _is_returned(layer):
            return known
        return {column: field for column, field in known.items() if field != "id"}

    def _remember(self, layer: SourceLayer, target: str, admitted: Admitted) -> None:
        if admitted.fields is not None and not _is_returned(layer):
            self.mapped[layer.kind, target] = admitted.fields.fields

    def _surroundings(self, target: str) -> Surroundings:
        zone = self.workspace.zone
        districts = self._existing(zone.districts) if zone.districts is not None else None
        reference = self._existing(target) if target != zone.districts else None
        return Surroundings(self.plane, zone.aoi, _drawn(districts), _drawn(reference))

    def _existing(self, layer_id: str) -> gpd.GeoDataFrame | None:
        if layer_id in self.changed:
            return gpd.GeoDataFrame(self.changed[layer_id])
        return self.workspace.layer(layer_id) if layer_id in self.workspace.layers else None

    def _table(self, table_id: str) -> pd.DataFrame | None:
        if table_id in self.changed:
            return self.changed[table_id]
        return self.workspace.table(table_id) if table_id in self.workspace.layers else None

    # -- tables --------------------------------------------------------------------------------------------------------

    def _take_table(self, layer: SourceLayer, target: str, found: list[Finding]) -> LayerReceipt:
        """Take rows of a table: those that it has not yet."""
        if layer.has_shapes:
            raise InputError("intake.shapes_in_table", file=layer.path, layer=target)
        profile = self._profile(layer, target)
        admitted = admit(layer, target=target, around=Surroundings(self.plane), profile=profile, overlaps=False)
        self._remember(layer, target, admitted)
        rows = pd.DataFrame(admitted.intake.accepted.drop(columns="geometry"))
        fresh = self._append(target, rows)
        findings = (*found, *admitted.findings)
        return receipt(admitted, target, unchanged=len(rows) - fresh, findings=findings)

    def _append(self, table_id: str, rows: pd.DataFrame) -> int:
        """Add the rows that the table has not; return how many."""
        held = self._table(table_id)
        said = rows.dropna(axis="columns", how="all")
        if held is None or held.empty:
            fresh = said
        else:
            common = [name for name in said.columns if name in held.columns]
            there = set(_keyed(held[common], table_id))
            fresh = said[[key not in there for key in _keyed(said[common], table_id)]]
        if len(fresh):
            known = schema().layers[table_id].fields
            joined = fresh if held is None else pd.concat([held, fresh], ignore_index=True)
            self.changed[table_id] = joined.reindex(columns=list(dict.fromkeys([*known, *joined.columns])))
        return len(fresh)

    # -- events --------------------------------------------------------------------------------------------------------

    def _add_events(self, layer: SourceLayer, rows: gpd.GeoDataFrame, target: str) -> list[Finding]:
        """Turn stage columns with dates into events; return what contradicts what was known."""
        known = schema().layers.get(target)
        if known is None or not known.stages:
            return []
        events, problems = events_of(
            pd.DataFrame(rows.drop(columns="geometry")), target, recorded_at=self.recorded_at,
            source=layer.path.name, events=self._table("event"),
        )  # fmt: skip
        if len(events):
            self._append("event", events)
        counted = [Finding("intake.events", "info", layer.name, values={"count": len(events)})] if len(events) else []
        return counted + [_told(layer, problem) for problem in problems.to_dict("records")]

    # -- ledgers -------------------------------------------------------------------------------------------------------

    def _joined(
        self, admitted: Admitted, rows: gpd.GeoDataFrame, existing: gpd.GeoDataFrame, target: str
    ) -> tuple[Admitted, gpd.GeoDataFrame, list[Finding]]:
        """Give ledger rows the ids of their parcels; rows in doubt are returned, and wait on the review sheet."""
        layer = admitted.layer
        ledger = pd.DataFrame(rows.drop(columns="geometry")).assign(id=_delivered_ids(admitted, rows["id"]))
        joined = join(ledger, existing, layer_id=target, reviewed=self.reviewed.get(target))
        findings = [
            _finding(layer, "intake.joined", row=line["row"], id=line["id"], values={"id": line["id"], "by": _by(line)})
            for line in joined.accepted.to_dict("records")
        ]
        doubtful = joined.review["row"].unique()
        if len(doubtful):
            self.reviews[target] = joined
            values = {"count": len(doubtful), "file": "review/"}
            findings.append(Finding("intake.review", "warning", layer.name, values=values))
        if len(joined.unmatched):
            values = {"count": len(joined.unmatched)}
            findings.append(Finding("intake.unmatched", "warning", layer.name, values=values))
        drawn = existing.loc[existing.geometry.notna().to_numpy(), id_column(map(str, existing.columns)) or "id"]
        links = joined.links[joined.links["id"].isin(drawn.astype("str"))]  # a row of the ledger itself is no land
        if len(links):
            self._append("enterprise_parcel", links)
        findings += _shared(layer, joined)
        kept = _as_parcels(rows, joined)
        return _sent_back(admitted, rows.index.isin(doubtful), "in_doubt"), kept, findings


def _by(line: Mapping[Hashable, Any]) -> Phrase:
    return Phrase(f"intake.by.{line['by']}")


def _is_returned(layer: SourceLayer) -> bool:
    return "returned" in layer.header


def _delivered_ids(admitted: Admitted, ids: pd.Series[str]) -> pd.Series[str]:
    """Return the ids of rows as the ledger has them: none where one was made, several times where it has them so."""
    changes = admitted.intake.changes.set_index("row")["change"]
    made, twice = (ids.index.isin(changes.index[changes == name]) for name in ("id_made", "id_twice"))
    return ids.where(~twice, ids.str.rsplit("~", n=1).str[0]).mask(made)


def _made(admitted: Admitted, rows: gpd.GeoDataFrame) -> BoolArray:
    """Return which rows, shape (n,), have an id that was made of their place in the file."""
    changes = admitted.intake.changes
    return np.asarray(rows.index.isin(changes.loc[changes["change"] == "id_made", "row"]))


def _shared(layer: SourceLayer, joined: Joined) -> Iterator[Finding]:
    """Yield the parcels that several rows speak of: what these say of the parcel is not taken."""
    counts = joined.accepted["id"].value_counts()
    for name, count in counts[counts > 1].sort_index().items():
        yield Finding("intake.shared", "warning", layer.name, id=str(name), values={"id": name, "count": count})


def _as_parcels(rows: gpd.GeoDataFrame, joined: Joined) -> gpd.GeoDataFrame:
    """Return ledger rows under the ids of their parcels, and those without one as they are.

    Of a row with several parcels only what holds for each is passed on, no area and no amount; of a parcel with several
    rows nothing, since it is not known which of them it means: both are in the links.
    """
    pairs = joined.accepted[["row", "id"]]
    pairs = pairs[~pairs["id"].duplicated(keep=False)]
    told = rows.loc[pairs["row"]].copy()
    told["id"] = pairs["id"].to_numpy()
    shared = pairs["row"].duplicated(keep=False).to_numpy()
    for name in told.columns.drop(["id", "geometry"]):
        if pd.api.types.is_numeric_dtype(told[name]) and not pd.api.types.is_bool_dtype(told[name]):
            told[name] = told[name].mask(shared)
    return gpd.GeoDataFrame(pd.concat([told, rows.loc[joined.unmatched["row"]]]), geometry="geometry", crs=rows.crs)


def _told(layer: SourceLayer, problem: Mapping[Hashable, Any]) -> Finding:
    """Return what contradicts among the events of a row, or of a whole column."""
    row, name = problem["row"], problem["id"]
    number = 0 if pd.isna(row) else row_number(layer, int(row))
    named = "" if pd.isna(name) else str(name)
    return Finding(problem["reason"], "warning", layer.name, row=number, id=named, values=problem["values"])


def _finding(layer: SourceLayer, key: str, *, row: Any, id: Any, values: dict[str, Any]) -> Finding:
    return Finding(key, "info", layer.name, row=row_number(layer, int(row)), id=str(id), values=values)


def _drawn(frame: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the rows that have a shape, None where none has."""
    if frame is None or frame.geometry.isna().all():
        return None
    return frame[frame.geometry.notna()]


def _keyed(frame: pd.DataFrame, table_id: str) -> list[tuple[str, ...]]:
    """Return the rows of a table as its file would say them: read from there, a figure without a field is a text."""
    text = table_bytes(frame, schema().layers[table_id].fields).decode("utf-8")
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))][1:]


def _sent_back(admitted: Admitted, back: BoolArray, reason: str) -> Admitted:
    """Return what was admitted with some of its accepted rows, shape (n,), among the returned ones."""
    if not back.any():
        return admitted
    intake = admitted.intake
    labels = intake.accepted.index[back]
    why = pd.Series(reason, index=labels, dtype="str")
    ids = intake.accepted["id"]
    # an id that belongs to another row is not put on the sheet that comes back
    rows = returned_rows(admitted.layer, why, ids=ids.mask(ids.index.isin(labels)) if reason == MADE_TAKEN else ids)
    returned = pd.concat([intake.returned, rows]) if len(intake.returned) else rows
    return replace(admitted, intake=Intake(intake.accepted[~back], returned, intake.changes))


def _conflicts(layer: SourceLayer, merged: Merged, rows: gpd.GeoDataFrame, *, update: bool) -> Iterator[Finding]:
    for conflict in merged.conflicts.head(_MOST_CONFLICTS).to_dict("records"):
        at = int(conflict["position"])
        told = {name: _shown(conflict[name]) for name in ("id", "column", "old", "new")}
        replaced = merged.updated[at] and update
        key = "intake.replaced" if replaced else "intake.differs"
        row = row_number(layer, int(rows.index[at]))
        yield Finding(key, "warning", layer.name, row=row, id=told["id"], values=told)
    if len(merged.conflicts) > _MOST_CONFLICTS:
        count = len(merged.conflicts) - _MOST_CONFLICTS
        yield Finding("intake.differ", "warning", layer.name, values={"count": count})


def _shown(value: Any) -> str:
    """Return a value short enough for a line; of a shape its area."""
    if hasattr(value, "area"):
        return f"{value.area:.2f} m²"
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
