"""What is checked: the layers as they were delivered, decisions not applied, and all their land in one plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landkit.books import MU, Book, Books
from landkit.checks.registers import Registers
from landkit.crs import Plane, carry, read_plane, read_source
from landkit.errors import UsageError
from landkit.journal import repaired_rings
from landkit.measure.area import measure
from landkit.measure.faces import Faces, overlaps
from landkit.measure.mending import mend
from landkit.measure.rings import FloatArray, Geometries, IntArray, land
from landkit.measured import Part, measured, middle_plane
from landkit.selection import Selection, from_files, from_frames
from landkit.sources import list_columns
from landkit.workspace import Workspace, open_workspace

_CARRIED = 1e-3  # metres that a border may move on its way through another system


@dataclass(frozen=True, eq=False)
class Subject:
    """One layer to be checked.

    Attributes
    ----------
    part
        Its rows, measured; of a workspace those that stand on the lists at the date.
    book
        What the workspace makes of them; None for a file or a frame.
    root
        The folder of the workspace.
    """

    part: Part
    book: Book | None = None
    root: Path | None = None

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.part.selection.name

    @property
    def frame(self) -> pd.DataFrame:
        """All its rows."""
        frame: pd.DataFrame = self.part.selection.frame
        return frame

    @cached_property
    def ids(self) -> pd.Series[str]:
        """The id of each row that people are told, by label."""
        return pd.Series(self.part.selection.ids(), index=self.frame.index, dtype="str")

    @cached_property
    def measured_mu(self) -> pd.Series[float]:
        """The area of each row with land, by label."""
        return pd.Series(self.part.area / MU, index=self.part.usable.index)

    @cached_property
    def registers(self) -> Registers:
        """What offices have for its rows."""
        return Registers(self.frame, self.measured_mu)

    @cached_property
    def official_mu(self) -> pd.Series[float]:
        """The area that the office reports for each row, NaN where it has none, by label."""
        if self.book is None:
            return pd.Series(np.nan, index=self.frame.index)
        return self.book.rows["mu"].reindex(self.frame.index)

    @cached_property
    def repaired_on_arrival(self) -> Mapping[str, shapely.Geometry]:
        """The shapes, in the working plane, whose rings an import repaired, by the id of their row."""
        if self.root is None:
            return {}
        kept = repaired_rings(self.root, self.name)
        return dict(zip(kept, shapely.from_wkt(list(kept.values())), strict=True))

    def raw(self, labels: Any, plane: Plane) -> Geometries:
        """Return the shapes of rows in the plane as they were delivered, unrepaired.

        Where an import repaired the ring it is that of the delivery, as long as the row has the shape that this made.
        """
        frame = self.part.selection.frame
        stored = np.asarray(frame.geometry.loc[labels].array, dtype=object)
        shapes = carry(stored, read_source(frame.crs, name=self.name), plane).copy()
        names = self.ids.loc[labels]
        for place in np.flatnonzero(names.isin(list(self.repaired_on_arrival))):
            delivered = self.repaired_on_arrival[names.iloc[place]]
            if _made_of(shapes[place], delivered):
                shapes[place] = delivered
        return shapes


def _made_of(stored: shapely.Geometry, delivered: shapely.Geometry) -> bool:
    """Return whether a shape is what the repair of another one makes of it, but for a millimetre along its border."""
    mended = mend(np.array([delivered], dtype=object)).shapes[0]
    apart = shapely.symmetric_difference(mended, shapely.make_valid(stored)).area
    return bool(apart <= _CARRIED * max(1.0, stored.length))


@dataclass(frozen=True, eq=False)
class Land:
    """All measured shapes of the layers, one after another.

    Attributes
    ----------
    shapes
        Shape (n,): as counted.
    area
        Shape (n,): m².
    layer
        Shape (n,): the position of the layer.
    label
        Shape (n,): the row's label in it.
    """

    subjects: tuple[Subject, ...]
    plane: Plane
    shapes: Geometries
    area: FloatArray
    layer: IntArray
    label: IntArray

    @classmethod
    def of(cls, subjects: Sequence[Subject], plane: Plane) -> Land:
        """Lay the layers' shapes side by side."""
        parts = [subject.part for subject in subjects]
        return cls(
            tuple(subjects),
            plane,
            np.concatenate([np.empty(0, dtype=object), *(part.shapes for part in parts)]),
            np.concatenate([np.empty(0), *(part.area for part in parts)]),
            np.repeat(np.arange(len(parts)), [len(part.area) for part in parts]),
            np.concatenate([np.empty(0, dtype=np.intp), *(part.usable.index.to_numpy() for part in parts)]),
        )

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The index of all shapes."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def faces(self) -> Faces:
        """The land that several rows cover."""
        return overlaps(self.shapes)

    @cached_property
    def face_m2(self) -> FloatArray:
        """The area of each face."""
        return measure(self.faces.shapes, self.plane)

    @cached_property
    def ids(self) -> Geometries:
        """The id of each row, shape (n,)."""
        held = [subject.ids.reindex(subject.part.usable.index).to_numpy(dtype=object) for subject in self.subjects]
        return np.concatenate([np.empty(0, dtype=object), *held])

    def m2(self, shape: shapely.Geometry) -> float:
        """Return the area of one valid shape, of what a cut leaves that of its polygons."""
        return float(np.nan_to_num(measure(land(np.array([shape], dtype=object)), self.plane)[0]))

    def drawn(self, shapes: Mapping[int, shapely.Geometry]) -> Land:
        """Return the land with other shapes, valid ones of the plane, for the rows at some positions."""
        if not shapes:
            return self
        at = np.array(list(shapes), dtype=np.intp)
        new, area = self.shapes.copy(), self.area.copy()
        new[at] = list(shapes.values())
        area[at] = measure(new[at], self.plane)
        subjects = [
            replace(
                subject, part=replace(subject.part, shapes=new[self.layer == place], area=area[self.layer == place])
            )
            for place, subject in enumerate(self.subjects)
        ]
        return Land.of(subjects, self.plane)

    def uncovered_m2(self, shape: shapely.Geometry, *, but: int = -1) -> float:
        """Return the land of a shape that no row covers, leaving out the row `but`."""
        near = self.tree.query(shape, predicate="intersects")
        near = near[near != but]
        if len(near) == 0:
            return self.m2(shape)
        return self.m2(_without(shape, self.shapes[near]))


def _without(shape: shapely.Geometry, others: Geometries) -> shapely.Geometry:
    """Return what other shapes leave of one; noded anew where a repaired one is still not valid."""
    try:
        return shapely.difference(shape, shapely.union_all(others))
    except shapely.errors.GEOSException:
        first, *rest = land(shapely.make_valid(np.array([shape, *others], dtype=object)))
        return shapely.difference(first, shapely.union_all(rest))


@dataclass(frozen=True, eq=False)
class Chosen:
    """What a check is about: the workspace with its books, if one is used, and the layers."""

    workspace: Workspace | None
    books: Books | None
    selections: tuple[tuple[Selection, Book | None], ...]

    @property
    def plane(self) -> Plane:
        """The one plane of the run: the workspace's, else that of the data, as in `landkit area`."""
        if self.workspace is not None:
            return read_plane(self.workspace.zone.crs)
        return middle_plane([selection for selection, _ in self.selections])

    def subjects(self, plane: Plane) -> list[Subject]:
        """Return the layers, measured."""
        given = self.workspace is not None
        root = self.workspace.root if self.workspace is not None else None
        return [
            Subject(measured(selection, plane, "ellipsoid", is_given=given), book, root)
            for selection, book in self.selections
        ]


Layers: TypeAlias = (
    str | PathLike[str] | gpd.GeoDataFrame | Mapping[str, gpd.GeoDataFrame] | Sequence[str | PathLike[str]]
)


def choose(
    layers: Layers, workspace: str | PathLike[str] | Workspace | None, *, source_layer: str | None, as_of: date | None
) -> Chosen:
    """Return the layers asked for: names of a workspace, files, or frames; by default the workspace's programmes.

    Raises
    ------
    UsageError
        No workspace, an unknown layer, names and files at once, or a date for plain files.
    InputError, CrsError
        A layer that cannot be read.
    """
    if isinstance(layers, gpd.GeoDataFrame):
        layers = {"layer": layers}
    if isinstance(layers, Mapping):
        if not layers:
            raise UsageError("account.no_frames")
        return _of_files(from_frames(dict(layers)), as_of)
    given = [fspath(name) for name in ([layers] if isinstance(layers, str | PathLike) else layers)]
    paths = [name for name in given if _is_path(name)]
    names = [name for name in given if not _is_path(name)]
    if names and paths:
        raise UsageError("account.mixed", names=", ".join(names), files=", ".join(paths))
    if paths:
        columns = {
            column
            for path in paths
            for listed in list_columns(path, source_layer=source_layer).values()
            for column in listed
        }
        return _of_files(from_files(paths, columns=columns, source_layer=source_layer), as_of)
    kept = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    chosen = names or [spec.id for spec in kept.layers.values() if spec.programme]
    if not chosen:
        raise UsageError("select.no_programme", folder=kept.root)
    books = Books(kept, as_of)
    return Chosen(kept, books, tuple(_of_book(books[kept.polygons(name).id]) for name in dict.fromkeys(chosen)))


def _of_files(selections: list[Selection], as_of: date | None) -> Chosen:
    if as_of is not None:
        raise UsageError("account.needs_workspace", option="--as-of")
    return Chosen(None, None, tuple((selection, None) for selection in selections))


def _of_book(book: Book) -> tuple[Selection, Book]:
    """Return the rows of a layer that stand on the lists, without what decisions make of them."""
    layer = book.source
    source = {"layer": book.id, "path": str(layer.path), "sha256": book.sha256, "features": len(layer.frame)}
    whole = Selection(book.id, layer.frame, layer.unmeasured, source, layer.notes)
    return whole.keep(book.rows["on_list"].to_numpy(dtype=bool)), book


def _is_path(name: str) -> bool:
    """Return whether an argument is meant as a file: layers of a workspace have neither folder nor suffix."""
    return Path(name).suffix != "" or Path(name).name != name or Path(name).is_file()
