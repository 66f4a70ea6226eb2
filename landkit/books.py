"""What the ledgers of a workspace say at a date: a layer is read, staged and measured once, when first asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from landkit.crs import FloatArray, Geometries, Plane, carry, read_plane, read_source
from landkit.inventory import certainty
from landkit.measure.area import measure, measure_repaired
from landkit.measure.faces import overlaps
from landkit.schema import id_column
from landkit.sources import screen
from landkit.sources.layer import hash_files
from landkit.stages import current_items, on_list, row_ids, stage_table
from landkit.units import UNITS
from landkit.workspace import Workspace

MU = float(UNITS["mu"].square_metres)


class Book:
    """One layer: its frame as delivered, and beside it what landkit makes of each row.

    Attributes
    ----------
    frame
        The layer as the workspace holds it, rows numbered from 0.
    source
        For polygons: the layer with what its reader had to say.
    rows
        A line for each row of the frame: ``id``, ``item`` (its list item, else its id, else its number), ``on_list``,
        ``mu`` (the area that the office reports for it), ``shaped``, ``district`` (registered), and the columns of
        `landkit.stages.stage_table`.
    """

    def __init__(self, books: Books, layer_id: str) -> None:
        workspace = books.workspace
        self.id = layer_id
        self.spec = workspace.layers[layer_id]
        self.polygons = not self.spec.is_table
        self.plane = books.plane
        if self.polygons:
            self.source = workspace.source(layer_id)
            self.frame: Any = self.source.frame
            self.shaped = screen(self.source.frame, known=self.source.unmeasured)[0]
        else:
            self.frame = workspace.table(layer_id)
            self.shaped = np.zeros(len(self.frame), dtype=bool)
        ids = row_ids(self.frame)
        numbers = pd.Series([f"#{row}" for row in range(len(self.frame))], index=self.frame.index, dtype="str")
        items = self.frame["list_no"].astype("str") if "list_no" in self.frame.columns else ids
        self.rows = stage_table(layer_id, self.frame, books.events, as_of=books.as_of).assign(
            id=ids,
            item=items.fillna(ids).fillna(numbers),
            on_list=on_list(layer_id, self.frame, books.plan_items, as_of=books.as_of),
            shaped=self.shaped,
            mu=self._official_mu(),
            district=self.frame["district"] if "district" in self.frame.columns else None,
        )

    @cached_property
    def shapes(self) -> Geometries:
        """The shapes in the working plane, valid, None or empty where a row has none."""
        return self._measured[1]

    @property
    def m2(self) -> FloatArray:
        """The area of each shape, NaN where there is none."""
        return self._measured[0]

    @cached_property
    def sha256(self) -> str:
        """The hash of the layer's file."""
        return hash_files([self.spec.path])

    @cached_property
    def _measured(self) -> tuple[FloatArray, Geometries]:
        shapes = np.full(len(self.frame), None, dtype=object)
        if not self.shaped.any():
            return np.full(len(self.frame), np.nan), shapes
        series = self.frame.geometry
        shapes[self.shaped] = series.to_numpy()[self.shaped]
        found, repaired = measure_repaired(carry(shapes, read_source(series.crs, name=self.id), self.plane), self.plane)
        return found, repaired.shapes

    def _official_mu(self) -> pd.Series[float]:
        """Return the area that the office reports for each row; where that is missing, no other takes its place."""
        columns = {"ledger": ("area_doc_mu", 1.0), "cert": ("cert_m2", MU), "survey": ("survey_m2", MU)}
        default = self.spec.area_official or "ledger"
        if "area_official" in self.frame.columns:
            choice = self.frame["area_official"].fillna(default)
        else:
            choice = pd.Series(default, index=self.frame.index)
        found = pd.Series(np.nan, index=self.frame.index, dtype=float)
        for name, (column, divisor) in columns.items():
            if column in self.frame.columns:
                found = found.mask(choice == name, self.frame[column].astype(float) / divisor)
        if (choice == "geom").any():
            found = found.mask(choice == "geom", pd.Series(self.m2 / MU, index=self.frame.index))
        return found


class Books:
    """The books of a workspace at a business date.

    Parameters
    ----------
    workspace
        Where the layers are kept.
    as_of
        The business date; None for all events and all changes of the lists.
    """

    def __init__(self, workspace: Workspace, as_of: date | None) -> None:
        self.workspace = workspace
        self.as_of = as_of
        self._open: dict[str, Book] = {}

    def __contains__(self, layer_id: object) -> bool:
        return layer_id in self.workspace.layers

    def __getitem__(self, layer_id: str) -> Book:
        if layer_id not in self._open:
            self._open[layer_id] = Book(self, layer_id)
        return self._open[layer_id]

    def opened(self) -> Iterator[Book]:
        """Return the books that figures have been taken from, in the order in which they were opened."""
        yield from self._open.values()

    def provenance(self) -> dict[str, Any]:
        """Return what the books opened so far were read from: official areas, sources of shapes, files and hashes."""
        counts: Counter[str] = Counter()
        for book in self.opened():
            if book.polygons:
                counts.update({name or "unknown": rows for name, rows in certainty(book.frame).items()})
        return {
            "area_official": {b.id: b.spec.area_official or "ledger" for b in self.opened() if b.polygons},
            "geom_source": dict(counts),
            "sources": [
                {"layer": b.id, "path": str(b.spec.path), "sha256": b.sha256, "features": len(b.frame)}
                for b in self.opened()
            ],
        }

    @cached_property
    def plane(self) -> Plane:
        """The working plane of the workspace."""
        return read_plane(self.workspace.zone.crs)

    @cached_property
    def events(self) -> pd.DataFrame | None:
        """The event table, None where the workspace keeps none."""
        return self._table("event")

    @cached_property
    def plan_items(self) -> pd.DataFrame | None:
        """The table of list items with all its changes, None where the workspace keeps none."""
        return self._table("plan_item")

    @cached_property
    def standing_items(self) -> pd.DataFrame | None:
        """The list items that stand at the date."""
        return None if self.plan_items is None else current_items(self.plan_items, as_of=self.as_of)

    @cached_property
    def owners(self) -> pd.DataFrame:
        """The enterprises of each row: ``layer``, ``id``, ``uscc``."""
        table = self._table("enterprise_parcel")
        return pd.DataFrame(columns=["layer", "id", "uscc"]) if table is None else table[["layer", "id", "uscc"]]

    def mostly_within(self, book: Book, area: tuple[str, str]) -> pd.Series[bool]:
        """Return which rows have the larger part of their shape inside an area, named by layer and id."""
        layer_id, area_id = area
        other = self[layer_id]
        column = id_column(other.frame.columns)
        ground = shapely.union_all(other.shapes[(other.frame[column] == area_id).to_numpy()])
        shapely.prepare(ground)
        inside = np.zeros(len(book.frame))
        touched = shapely.intersects(ground, book.shapes)
        inside[touched] = shapely.area(shapely.intersection(book.shapes[touched], ground))
        return pd.Series(2 * inside > shapely.area(book.shapes), index=book.frame.index)

    def largest(self, book: Book, layer_id: str, registered: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return the id of the area of a layer that holds most of each row, `registered` where the row has no shape.

        A row of which more lies outside all of them than in any one belongs to none.
        """
        other = self[layer_id]
        ids = other.rows["id"].to_numpy(dtype=object)
        rows, areas = shapely.STRtree(other.shapes).query(book.shapes, predicate="intersects")
        shared = np.zeros((len(book.frame), len(ids) + 1))
        shared[rows, areas] = shapely.area(shapely.intersection(book.shapes[rows], other.shapes[areas]))
        shared[:, -1] = np.nan_to_num(shapely.area(book.shapes)) - shared.sum(axis=1)
        homes = np.append(ids, np.array([None], dtype=object))[shared.argmax(axis=1)]
        return np.where(book.shaped, homes, registered)

    def _table(self, name: str) -> pd.DataFrame | None:
        return self.workspace.table(name) if name in self.workspace.layers else None


def net_m2(shapes: Geometries, plane: Plane) -> float:
    """Return the land that valid shapes of the plane cover, each place once."""
    faces = overlaps(shapes)
    again = np.bincount(faces.face, minlength=len(faces.shapes)) - 1
    gross = float(np.nansum(measure(shapes, plane)))
    return gross - float((again * measure(faces.shapes, plane)).sum())


def shared_m2(first: Geometries, second: Geometries, plane: Plane) -> float:
    """Return the land covered both by a shape of `first` and by one of `second`."""
    faces = overlaps(np.concatenate([first, second]))
    of_second = faces.parcel >= len(first)
    count = len(faces.shapes)
    shared = (np.bincount(faces.face, ~of_second, count) > 0) & (np.bincount(faces.face, of_second, count) > 0)
    return float(measure(faces.shapes[shared], plane).sum())
