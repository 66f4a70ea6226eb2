"""Rings that cross themselves, and polygons that cover land twice: what they may have been meant to be.

What is counted is the land enclosed once or more. A ring whose vertices were put down in the wrong order encloses less
than the parcel: putting the stretch between two crossing edges the other way round, or two vertices in each other's
place, gives the parcel back. The price is the difference that this makes to the land of all rows.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import shapely

from landkit.books import MU
from landkit.checks.finds import ALONE, SHAPE, finds, together
from landkit.checks.registry import registry
from landkit.checks.subjects import Land
from landkit.measure.rings import FloatArray, IntArray

_MOST_ENDS = 48  # ends of crossing edges that are tried in another vertex's place, and of how many vertices
_MOST_VERTICES = 200
_MOST_TURNS = 64
_REASONS = {
    "self-intersection": "crosses",
    "ring self-intersection": "touches",
    "hole lies outside shell": "hole_outside",
    "nested shells": "nested",
    "holes are nested": "nested",
    "duplicate rings": "repeated",
    "interior is disconnected": "parted",
}


def rings(land: Land) -> tuple[pd.DataFrame, Land]:
    """Find polygons that were invalid, and price them.

    Returns
    -------
    tuple
        The findings, and the land with those shapes as they were meant to be, for the other checks to go by: what a
        ring in the wrong order does to its neighbours is not found again.
    """
    found = []
    meant = {}
    for layer, subject in enumerate(land.subjects):
        if len(subject.part.repaired) == 0 and not subject.repaired_on_arrival:
            continue
        own = np.flatnonzero(land.layer == layer)
        raw = subject.raw(land.label[own], land.plane)
        books = subject.registers.first_mu * MU
        for place in np.flatnonzero(~shapely.is_valid(raw)):
            position = int(own[place])
            readings = _readings(raw[place])
            effects = _effects(land, position, readings)
            registered, counted = float(books[int(land.label[position])]), float(land.area[position])
            likely = _likely(land, readings, effects, registered=registered, counted=counted)
            if likely is not None:
                meant[position] = readings[likely]
            found.append(_find(land, position, raw[place], None if likely is None else effects[likely]))
    return together(found), land.drawn(meant)


def _effects(land: Land, position: int, readings: list[shapely.Geometry]) -> list[float]:
    """Return what each reading would move the net total by, in m²."""
    own = land.uncovered_m2(land.shapes[position], but=position) if readings else 0.0
    return [abs(land.uncovered_m2(shape, but=position) - own) for shape in readings]


def _likely(
    land: Land, readings: list[shapely.Geometry], effects: list[float], *, registered: float, counted: float
) -> int | None:
    """Return the reading that the registered area (m², NaN for none) speaks for, else the one that moves most.

    None where it speaks for what is counted: the ring was put down as it was meant.
    """
    if not readings:
        return None
    if np.isnan(registered):
        return int(np.argmax(effects))
    apart = [abs(land.m2(shape) - registered) for shape in readings]
    return int(np.argmin(apart)) if min(apart) < abs(counted - registered) else None


def _find(land: Land, position: int, raw: shapely.Geometry, effect: float | None) -> pd.DataFrame:
    counted = land.shapes[position]
    delivered = _shoelace(raw)
    twice = delivered - counted.area > registry().tolerance.least_m2
    values = {
        "reason": _reason(raw),
        "delivered_mu": abs(float(raw.area)) / MU,
        "counted_mu": float(land.area[position]) / MU,
    }
    return finds(
        "self_overlap" if twice else "invalid_ring",
        land.subjects[land.layer[position]].name,
        [int(land.label[position])],
        [(str(land.ids[position]),)],
        mu=(abs(delivered - counted.area) if effect is None else effect) / MU,
        # Without a reading the shape stays as counted, and what the registers say of it is about the same land.
        claim=SHAPE if effect is None else ALONE,
        values=[values],
        before=[raw],
        after=[counted],
    )


def _reason(shape: shapely.Geometry) -> str:
    """Return the key of the words for what GEOS says is wrong with a shape."""
    said = shapely.is_valid_reason(shape).partition("[")[0].strip().lower()
    return f"check.ring.{_REASONS.get(said, 'other')}"


def _shoelace(shape: shapely.Geometry) -> float:
    """Return the area of the rings one by one, holes taken off: land enclosed by two outer rings counts twice."""
    total = 0.0
    for part in shapely.get_parts(shape):
        outer, *holes = (abs(shapely.Polygon(ring).area) for ring in shapely.get_rings(part))
        total += outer - sum(holes)
    return total


def _readings(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Return valid polygons that the shape may have been meant to be; none where its rings do not cross themselves."""
    rings, part_of = shapely.get_rings(shapely.get_parts(shape), return_index=True)
    drawn = [shapely.get_coordinates(ring)[:-1] for ring in rings]
    options = [untangled(xy) for xy in drawn]
    likely = [found[0] if found else xy for found, xy in zip(options, drawn, strict=True)]
    tried = [
        _polygons([*likely[:place], option, *likely[place + 1 :]], part_of)
        for place, found in enumerate(options)
        for option in found
    ]
    return [polygons for polygons in tried if polygons.is_valid]


def _polygons(rings: list[FloatArray], part_of: IntArray) -> shapely.Geometry:
    """Return rings as polygons: of each part the first ring is the outer one."""
    parts = [[ring for ring, own in zip(rings, part_of, strict=True) if own == part] for part in np.unique(part_of)]
    return shapely.multipolygons([shapely.Polygon(outer, holes) for outer, *holes in parts])


def untangled(xy: FloatArray) -> list[FloatArray]:
    """Return the simple rings that a crossed one, shape (v, 2), may have been; none where no edges cross.

    The stretch between two crossing edges the other way round; an end of such edges in another vertex's place; else
    one crossing after the other turned round until none is left.
    """
    crossings = _crossings(xy)
    if len(crossings) == 0:
        return []
    turned = [_turned(xy, *crossings[0])] if len(crossings) == 1 else []
    found = [ring for ring in turned if _is_simple(ring)] + _exchanged(xy, crossings)
    return found or _straightened(xy)


def _crossings(xy: FloatArray) -> IntArray:
    """Return the pairs of edges, numbered by their first vertex, that cross one another."""
    edges = shapely.linestrings(np.stack([xy, np.roll(xy, -1, axis=0)], axis=1))
    first, second = shapely.STRtree(edges).query(edges, predicate="crosses")
    return np.asarray(np.stack([first, second], axis=1)[first < second])


def _turned(xy: FloatArray, first: int, second: int) -> FloatArray:
    return np.concatenate([xy[: first + 1], xy[second:first:-1], xy[second + 1 :]])


def _is_simple(xy: FloatArray) -> bool:
    return bool(shapely.is_valid(shapely.polygons(xy)))


def _exchanged(xy: FloatArray, crossings: IntArray) -> list[FloatArray]:
    """Return the simple rings in which an end of crossing edges has changed places with another vertex."""
    ends = np.unique(np.concatenate([crossings.ravel(), (crossings.ravel() + 1) % len(xy)]))[:_MOST_ENDS]
    others = np.arange(len(xy)) if len(xy) <= _MOST_VERTICES else ends
    pairs = np.unique([sorted((a, b)) for a, b in product(ends, others) if a != b], axis=0)
    tried = np.repeat(xy[np.newaxis], len(pairs), axis=0)
    each = np.arange(len(pairs))
    tried[each, pairs[:, 0]], tried[each, pairs[:, 1]] = xy[pairs[:, 1]], xy[pairs[:, 0]]
    simple = shapely.is_valid(shapely.polygons(tried))
    return list(tried[simple])


def _straightened(xy: FloatArray) -> list[FloatArray]:
    for _ in range(_MOST_TURNS):
        crossings = _crossings(xy)
        if len(crossings) == 0:
            return [xy] if _is_simple(xy) else []
        xy = _turned(xy, *crossings[0])
    return []
