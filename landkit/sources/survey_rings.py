"""The shape of a parcel from its boundary points.

The number of a ring (圈号) says neither what is a hole nor where a ring ends: software counts it on through all parts,
starts it anew with each, or leaves it at 1. A ring ends where it returns to its first coordinate, and a hole is what
lies inside another ring.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from landkit.sources.survey_lines import COUNT, FULL_TO_ASCII, Point, Record, Remark
from landkit.sources.survey_zone import is_northing, prefix_of

FloatArray = NDArray[np.float64]
Built = tuple[shapely.Geometry | None, str]

_MOST_RINGS = 5000  # of one parcel: which lies in which is a question of each to each
_LARGER = 1 + 1e-9


@dataclass(slots=True)
class Traced:
    """The shape of a record in east and north.

    Attributes
    ----------
    shape
        None where there is none, or not a whole one.
    reason
        Why there is none: a ``reason.*`` key of the words without its prefix.
    prefix
        The zone before its eastings, 0 where there is none; None where the points lie in no national zone.
    remarks
        What was assumed or mended.
    """

    shape: shapely.Geometry | None = None
    reason: str = ""
    prefix: int | None = None
    remarks: list[Remark] = field(default_factory=list)


@dataclass(slots=True)
class _Ring:
    points: list[Point]
    is_closed: bool

    @property
    def first(self) -> Point:
        return self.points[0]


def trace(record: Record, kind: str) -> Traced:
    """Return the shape of `record`, which is of the `kind` 点, 线 or 面."""
    if record.is_broken:
        return Traced(reason="survey_line")
    if not record.points:
        return Traced(reason="no_geometry")
    rings, remarks = cut_rings(record.points) if kind == "面" else (_runs(record.points), [])
    remarks += [*_repeated(rings), *_odd_count(record, rings)]
    points = [point for ring in rings for point in ring.points]
    if not points:
        return Traced(reason="survey_ring", remarks=remarks)
    forms = {_form(point) for point in points}
    if len(forms) > 1:
        odd = _odd_one(points)
        remarks.append(("survey.remark.mixed", {"line": odd.line, "x": odd.x, "y": odd.y}))
        return Traced(reason="survey_mixed", remarks=remarks)
    ((is_swapped, prefix),) = forms
    if is_swapped:
        remarks.append(("survey.remark.swapped", {"line": record.line}))
    lines = [_coordinates(ring, is_swapped=is_swapped) for ring in rings]
    try:
        shape, reason = _BUILD[kind](lines)
    except shapely.errors.GEOSException:
        shape, reason = None, "unreadable"
    if len(lines) > 1 and shape is not None and kind == "面" and _is_crossed(shape):
        remarks.append(("survey.remark.crossing", {"line": record.line}))
    return Traced(shape, reason, prefix, remarks)


def cut_rings(points: Sequence[Point]) -> tuple[list[_Ring], list[Remark]]:
    """Return the rings that `points` make one after another, and what was odd about them.

    One or two points that enclose nothing are left out with a remark.
    """
    rings: list[_Ring] = []
    remarks: list[Remark] = []
    ring: list[Point] = []
    corners: set[tuple[float, float]] = set()
    for position, written in enumerate(points):
        point = written
        if ring and (_is_other(point, ring[0]) or (len(corners) > 2 and _restarts(ring, points, position))):
            _end(ring, rings, remarks)
            ring, corners = [], set()
        if len(corners) > 2 and point.x == point.y and point.x in _at(ring[0]):
            remarks.append(("survey.remark.doubled", {"line": point.line}))
            point = replace(point, x=ring[0].x, y=ring[0].y)
        if len(corners) > 2 and _at(point) == _at(ring[0]):
            rings.append(_Ring([*ring, point], True))
            ring, corners = [], set()
            continue
        if len(ring) == 1 and rings and _is_closing(ring[0], rings[-1], point):
            remarks.append(("survey.remark.closed_twice", {"line": ring[0].line}))
            ring, corners = [], set()
        ring.append(point)
        corners.add(_at(point))
    if ring:
        _end(ring, rings, remarks)
    return rings, remarks


def _at(point: Point) -> tuple[float, float]:
    return point.x, point.y


def _is_closing(point: Point, last: _Ring, following: Point) -> bool:
    """Return whether `point` is the closing point of the `last` ring once more, and no first point of the next.

    Where rings touch, the next may start there: under another name, or with names that start anew.
    """
    is_same = _at(point) == _at(last.first) and point.name == last.first.name
    return is_same and following.name != last.points[1].name


def _is_other(point: Point, first: Point) -> bool:
    return point.ring != first.ring and "" not in (point.ring, first.ring)


def _restarts(ring: list[Point], points: Sequence[Point], position: int) -> bool:
    """Return whether the names start anew: J1, J2, J3, J4, J1, J2 is an open ring and the next one."""
    if position + 1 == len(points) or ring[0].name in ("", ring[1].name):
        return False
    return points[position].name == ring[0].name and points[position + 1].name == ring[1].name


def _end(ring: list[Point], rings: list[_Ring], remarks: list[Remark]) -> None:
    """End a ring that has not come back to its first point."""
    if rings and all(_at(point) == _at(rings[-1].first) for point in ring):
        remarks.append(("survey.remark.closed_twice", {"line": ring[0].line}))
    elif len({_at(point) for point in ring}) < 3:
        remarks.append(("survey.remark.stub", {"line": ring[0].line, "count": len(ring)}))
    elif ring[-1].name == ring[0].name != ring[1].name:
        gap = float(np.hypot(ring[-1].x - ring[0].x, ring[-1].y - ring[0].y))
        remarks.append(("survey.remark.gap", {"line": ring[-1].line, "gap": gap}))
        rings.append(_Ring(ring, False))
    else:
        remarks.append(("survey.remark.unclosed", {"line": ring[-1].line}))
        rings.append(_Ring(ring, False))


def _repeated(rings: Sequence[_Ring]) -> list[Remark]:
    """Return a remark on points that stand twice in a row; they stay."""
    again = [after.line for ring in rings for before, after in pairwise(ring.points) if _at(before) == _at(after)]
    return [("survey.remark.repeated", {"line": again[0], "count": len(again)})] if again else []


def _runs(points: Sequence[Point]) -> list[_Ring]:
    """Return points, or the corners of lines, run by run of one number."""
    runs: list[_Ring] = []
    for point in points:
        if not runs or _is_other(point, runs[-1].first):
            runs.append(_Ring([], False))
        runs[-1].points.append(point)
    return runs


def _odd_count(record: Record, rings: Sequence[_Ring]) -> list[Remark]:
    """Remark a declared number of points that fits neither with the closing points nor without."""
    declared = record.cells.get(COUNT, "").translate(FULL_TO_ASCII)
    if not declared:
        return []
    found = len(record.points)
    fitting = {str(found), str(found - sum(ring.is_closed for ring in rings))}
    if declared.lstrip("0") in fitting:
        return []
    return [("survey.remark.count", {"line": record.line, "declared": declared[:20], "found": found})]


def _form(point: Point) -> tuple[bool, int | None]:
    """Return whether the easting comes first, and the zone before it; None where neither is in a national zone."""
    if is_northing(point.x) and (prefix := prefix_of(point.y)) is not None:
        return False, prefix
    if is_northing(point.y) and (prefix := prefix_of(point.x)) is not None:
        return True, prefix
    return False, None


def _odd_one(points: Sequence[Point]) -> Point:
    forms = [_form(point) for point in points]
    rarest = min(set(forms), key=lambda form: (forms.count(form), str(form)))
    return points[forms.index(rarest)]


def _coordinates(ring: _Ring, *, is_swapped: bool) -> FloatArray:
    written = np.array([_at(point) for point in ring.points], dtype=np.float64)
    return written if is_swapped else written[:, ::-1]


def _points_of(lines: list[FloatArray]) -> Built:
    every = np.concatenate(lines)
    return (shapely.Point(every[0]) if len(every) == 1 else shapely.MultiPoint(every)), ""


def _lines_of(lines: list[FloatArray]) -> Built:
    if any(len(line) < 2 for line in lines):
        return None, "survey_ring"
    return (shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)), ""


def _faces_of(lines: list[FloatArray]) -> Built:
    if len(lines) > _MOST_RINGS:
        return None, "survey_rings"
    rings = [np.vstack([line, line[:1]]) if (line[0] != line[-1]).any() else line for line in lines]
    if len(rings) == 1:
        return shapely.Polygon(rings[0]), ""
    faces = shapely.polygons([shapely.linearrings(ring) for ring in rings])
    depth, parent = _nesting(faces)
    is_hole = (depth % 2 == 1) & (depth[parent] % 2 == 0)  # rings that cross may lie around one another by halves
    holes: dict[int, list[FloatArray]] = {int(outer): [] for outer in np.flatnonzero(~is_hole)}
    for inner in np.flatnonzero(is_hole):
        holes[int(parent[inner])].append(rings[inner])
    parts = [shapely.Polygon(rings[outer], inside) for outer, inside in holes.items()]
    return (parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)), ""


_BUILD: dict[str, Callable[[list[FloatArray]], Built]] = {"点": _points_of, "线": _lines_of, "面": _faces_of}


def _nesting(faces: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return how many rings lie around each, shape (n,), and the smallest of these (-1 for none), shape (n,)."""
    # of the hull, since the loops of a ring that crosses itself take area off one another
    size = shapely.area(shapely.convex_hull(faces))
    inside = shapely.STRtree(shapely.point_on_surface(faces))
    outer, inner = inside.query(faces, predicate="contains")
    around = size[outer] > size[inner] * _LARGER
    outer, inner = outer[around], inner[around]
    depth = np.bincount(inner, minlength=len(faces))
    parent = np.full(len(faces), -1, dtype=np.intp)
    order = np.argsort(-size[outer], kind="stable")
    parent[inner[order]] = outer[order]  # the last one written is the smallest
    return depth, parent


def _is_crossed(shape: shapely.Geometry) -> bool:
    """Return whether rings cross, overlap or share an edge, each of them being sound by itself."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return bool(shapely.is_valid(shapely.polygons(rings)).all()) and not shapely.is_valid(shape)
