"""What decisions make of a layer: rows cut by one another, and rows that are not counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from landkit.crs import Plane, carry, read_source
from landkit.decisions import ACCEPT, DROP, Decision, holds, labels_of
from landkit.measure.area import measure
from landkit.measure.rings import BoolArray, land
from landkit.measure.validity import repair
from landkit.sources import Note, screen
from landkit.units import UNITS

TAKEN_AWAY = "decided"  # why a row has no land: all of it belongs to another by decision
_MU = float(UNITS["mu"].square_metres)


@dataclass(frozen=True, eq=False)
class Applied:
    """A layer with its decisions.

    Attributes
    ----------
    frame
        The rows, those cut with their new shapes.
    counts
        Shape (n,): which of them are not dropped.
    taken_away
        Labels of rows all of whose land belongs to another.
    notes
        Which decisions were applied, and which could not be.
    """

    frame: gpd.GeoDataFrame
    counts: BoolArray
    taken_away: tuple[Any, ...]
    notes: tuple[Note, ...]


def apply_decisions(frame: gpd.GeoDataFrame, layer: str, plane: Plane, decisions: Sequence[Decision]) -> Applied:
    """Let the decisions about a layer take effect, one after the other.

    Land is never lost by it: what a row is cut by is what the other one holds at that moment.

    Parameters
    ----------
    frame
        All rows of the layer as they are kept.
    layer
        Its id.
    plane
        The working plane.
    decisions
        Those in force, of any layer.
    """
    own = [decision for decision in decisions if decision.layer == layer]
    current = {decision: holds(decision, frame) for decision in own}
    desk = _Desk(frame, plane, layer)
    notes = [note for decision in own for note in (desk.apply(decision) if current[decision] else _stale(decision))]
    changed, taken_away = desk.changed()
    return Applied(changed, desk.counts, taken_away, tuple(notes))


def _stale(decision: Decision) -> list[Note]:
    values = {"number": decision.decision_no, "layer": decision.layer, "ids": ", ".join(decision.ids)}
    return [Note("note.decision.stale", {**values, "by": decision.by})]


class _Desk:
    """The rows of a layer while decisions are applied to them."""

    def __init__(self, frame: gpd.GeoDataFrame, plane: Plane, layer: str) -> None:
        self.frame, self.plane, self.layer = frame, plane, layer
        self.counts = np.ones(len(frame), dtype=bool)
        self.shapes: dict[Any, Any] = {}  # label -> the shape in the plane
        self.cut: set[Any] = set()

    def apply(self, decision: Decision) -> Iterator[Note]:
        """Apply one decision, and say what it did."""
        values = {"number": decision.decision_no, "by": decision.by, "layer": self.layer}
        labels = dict(zip(decision.ids, labels_of(self.frame, decision.ids), strict=True))
        if decision.rule == ACCEPT:
            return
        self._carry(list(labels.values()))
        target = labels[decision.target]
        if decision.rule == DROP:
            self.counts[self.frame.index.get_loc(target)] = False
            yield Note("note.decision.drop", {**values, "id": decision.target, "mu": self._mu(target)})
            return
        for name, label in labels.items():
            before = self._mu(label)
            if label == target or self.shapes[label] is None or self.shapes[target] is None:
                continue
            self.shapes[label] = land(np.array([shapely.difference(self.shapes[label], self.shapes[target])]))[0]
            self.cut.add(label)
            after = self._mu(label)
            yield Note(
                "note.decision.keep",
                {**values, "kept": decision.target, "id": name, "before": before, "after": after},
            )

    def changed(self) -> tuple[gpd.GeoDataFrame, tuple[Any, ...]]:
        """Return the rows with the shapes that were cut, and those of which nothing is left."""
        if not self.cut:
            return self.frame, ()
        cut = list(self.cut)
        whole = gpd.GeoSeries([self.shapes[label] for label in cut], index=cut, crs=self.plane.crs)
        gone = tuple(label for label in cut if whole[label] is None or whole[label].is_empty)
        frame = self.frame.copy()
        name = frame.geometry.name
        back = whole if read_source(frame.crs, name=self.layer).plane == self.plane else whole.to_crs(frame.crs)
        shapes = np.array(frame.geometry.array, dtype=object)
        shapes[frame.index.get_indexer(cut)] = np.asarray(back.array, dtype=object)
        shapes[frame.index.get_indexer(list(gone))] = None
        frame[name] = gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
        return frame, gone

    def _carry(self, labels: list[Any]) -> None:
        """Take the shapes of rows, in the plane and valid; None where a row has none that can be measured."""
        new = [label for label in labels if label not in self.shapes]
        rows = self.frame.loc[new]
        usable, _ = screen(rows)
        shapes = np.full(len(new), None, dtype=object)
        if usable.any():
            source = read_source(self.frame.crs, name=self.layer)
            carried = carry(np.asarray(rows.geometry.array, dtype=object)[usable], source, self.plane)
            shapes[usable] = repair(carried).shapes
        self.shapes.update(zip(new, shapes, strict=True))

    def _mu(self, label: Any) -> float:
        return float(np.nan_to_num(measure(np.array([self.shapes[label]], dtype=object), self.plane))[0]) / _MU
