"""Which reference system delivered numbers are in, and the shapes in the working plane.

What the user says holds, then what the file says, then what only one reading of the numbers allows. Each reading is
judged by the land that it puts inside the area of interest. Nothing is settled without a note, and where two readings
would do, or none, nothing is settled at all: the error names the options with the consequence of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from landkit.candidates import Box, Candidate, Regions, System, propose, weigh
from landkit.claims import Claim, declared_claim, header_claim, system_of
from landkit.crs import Geometries, Plane, Source, carry, choose_plane, read_source
from landkit.errors import CrsError, UsageError
from landkit.measure.rings import BoolArray
from landkit.measure.validity import repair
from landkit.resemblance import SAME, likeness, suspect
from landkit.sources import Note
from landkit.words import Phrase

# Of the land, inside the area of interest. A reading fits with nearly all of it there, if no other has more than a
# little; or with the larger part, if no other has any to speak of. Declared systems are believed with a little.
_FITS, _RIVAL = 0.99, 0.10
_MOSTLY, _NONE = 0.5, 0.01
_MARGIN = 0.01  # degrees about the area of interest: parcels on its border are no evidence against a system
_SAMPLE = 400
_LISTED = 4  # candidates in a message
_NUMBERS = "①②③④"


@dataclass(frozen=True, eq=False)
class Location:
    """Shapes in the working plane, and how it was decided what system they came in.

    Attributes
    ----------
    source
        The system; None where nothing was said and there is no shape to tell from.
    plane
        The plane that `shapes` are in; None with `source`.
    swapped
        Whether the delivery had x and y the other way round; `shapes` have them right.
    shapes
        Shape (n,): all shapes. Where only a zone prefix was taken off, the vertices are otherwise as delivered.
    how
        ``given`` by the user, ``declared`` by the file's format, by its ``header``, ``found`` from the numbers,
        ``corrected`` where what was declared cannot be, ``empty`` where there is no shape.
    candidates
        The readings that were weighed, the one taken first. Where one was beyond doubt it is the only one.
    notes
        What was decided and assumed.
    """

    source: Source | None
    plane: Plane | None
    swapped: bool
    shapes: Geometries
    how: str
    candidates: tuple[Candidate, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def crs(self) -> pyproj.CRS | None:
        """The system as decided."""
        return None if self.source is None else self.source.crs

    @property
    def is_resolved(self) -> bool:
        """Whether landkit decided the system, or the order of the axes, and no one said so."""
        return self.how in ("found", "corrected") or self.swapped


def locate(
    shapes: Geometries,
    *,
    declared: Any | None,
    header: Mapping[str, str],
    aoi: Box | None,
    plane: Plane | None,
    districts: gpd.GeoDataFrame | None = None,
    reference: gpd.GeoDataFrame | None = None,
    given: str | None = None,
    name: str,
) -> Location:
    """Find the reference system of delivered shapes, and carry them to the working plane.

    Parameters
    ----------
    shapes
        Shape (n,): geometries as delivered; null, empty and not finite ones say nothing and stay what they are.
    declared
        The system that the format declares, as geopandas has it.
    header
        What the file says of itself: 坐标系, 几度分带, 带号, 中央子午线, 计量单位 of a survey TXT are understood.
    aoi
        The area of interest: west, south, east, north in degrees. Where None, that of `districts`.
    plane
        The working plane. Where None: that of the data, if they are in one, else that of their centre.
    districts
        Key areas, to weigh candidates by; named by the column ``name``, where there is one.
    reference
        A layer whose place is known: shapes that are in both settle what the area of interest leaves open, and show
        the shift of a web map.
    given
        What the user says the system is, such as ``EPSG:4528``.
    name
        What the data are called in messages.

    Raises
    ------
    CrsError
        Nothing was said, or something that cannot be, and not exactly one system fits.
    DatumError
        The datum cannot be carried to CGCS2000.
    UsageError
        `given` is no reference system.
    """
    case = _Case(np.asarray(shapes, dtype=object), aoi, plane, districts, reference, name)
    if given is not None:
        return _as_given(case, _given(given), declared)
    said = declared_claim(declared, name=name) if declared is not None else Claim()
    if not case.held.any():
        return _empty(case, said)
    if said.system is None:
        said = replace(header_claim(header, case.centre, name=name), notes=said.notes)
    return _as_said(case, said) if said.system is not None else _found(case, said)


@dataclass(eq=False)
class _Case:
    """What there is to decide by: the arguments of `locate`, and what follows from them."""

    shapes: Geometries
    aoi: Box | None
    plane: Plane | None
    district_frame: gpd.GeoDataFrame | None
    reference: gpd.GeoDataFrame | None
    name: str

    @cached_property
    def held(self) -> BoolArray:
        """Which shapes have a place: shape (n,)."""
        with np.errstate(invalid="ignore", over="ignore"):
            finite = np.isfinite(shapely.bounds(self.shapes)).all(axis=1) & np.isfinite(shapely.area(self.shapes))
        return np.asarray(finite)

    @cached_property
    def centre(self) -> tuple[float, float]:
        """The median of the shapes' centres, as delivered: shapes that went astray do not move it."""
        bounds = shapely.bounds(self.shapes[self.held])
        x, y = np.median((bounds[:, :2] + bounds[:, 2:]) / 2, axis=0)
        return float(x), float(y)

    @cached_property
    def sample(self) -> Geometries:
        """Some of the shapes, from all over the file."""
        held = self.shapes[self.held]
        return held[:: len(held) // _SAMPLE + 1]

    @cached_property
    def scale(self) -> float:
        """By how much the land of all shapes is more than that of the sample."""
        part = float(shapely.area(self.sample).sum())
        return float(shapely.area(self.shapes[self.held]).sum()) / part if part > 0 else 1.0

    @cached_property
    def districts(self) -> Regions | None:
        """The key areas that have a shape and a system."""
        frame = self.district_frame
        if frame is None or frame.crs is None:
            return None
        frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
        names = frame["name"].astype(str) if "name" in frame.columns else frame.index.astype(str)
        shapes = repair(frame.geometry.to_numpy()).shapes
        return Regions(shapes, tuple(names), read_source(frame.crs, name="districts")) if len(frame) else None

    @cached_property
    def area(self) -> Box | None:
        """The area of interest, with a margin."""
        box = self.aoi
        if box is None and self.districts is not None:
            west, south, east, north = shapely.total_bounds(self.districts.shapes)
            longitude, latitude = self.districts.source.geographic(
                np.array([west, east, west, east]), np.array([south, south, north, north])
            )
            box = (longitude.min(), latitude.min(), longitude.max(), latitude.max())
        return None if box is None else (box[0] - _MARGIN, box[1] - _MARGIN, box[2] + _MARGIN, box[3] + _MARGIN)

    def known(self, plane: Plane) -> Geometries | None:
        """Return the shapes of the reference layer in `plane`."""
        if self.reference is None or self.reference.crs is None or len(self.reference) == 0:
            return None
        source = read_source(self.reference.crs, name="reference")
        return carry(self.reference.geometry.to_numpy(), source, plane)

    def weighed(self, system: System) -> Candidate | None:
        """Return where `system` would put the land, by the sample."""
        return weigh(system, self.sample, self.centre, area=self.area, scale=self.scale, districts=self.districts)

    def candidates(self, *, but: Sequence[System] = ()) -> list[Candidate]:
        """Return the systems that the numbers can be in, those first that put most land inside."""
        systems = [s for s in propose(*self.centre, near=self.area) if not any(_same(s, other) for other in but)]
        found = [candidate for system in systems if (candidate := self.weighed(system)) is not None]
        return sorted(found, key=lambda c: (-np.nan_to_num(c.mu_inside), -np.nan_to_num(c.share_inside), c.offset_km))

    def settled(
        self, system: System, how: str, notes: Sequence[Note] = (), others: Sequence[Candidate] = ()
    ) -> Location:
        """Return all shapes in the working plane, the system measured by all of them."""
        turned = system.turned(self.shapes)
        plane = self.plane or system.source.plane or _plane_of(turned[self.held], system.source)
        carried = carry(turned, system.source, plane)
        taken = weigh(system, carried[self.held], self.centre, area=self.area, plane=plane) if self.held.any() else None
        candidates = (() if taken is None else (taken,)) + tuple(c for c in others if c.system != system)
        shifted = self._shift(system, plane)
        return Location(system.source, plane, system.swapped, carried, how, candidates, (*notes, *shifted))

    def _shift(self, system: System, plane: Plane) -> list[Note]:
        known = self.known(plane) if system.source.crs.is_geographic and self.held.any() else None
        found = suspect(system.turned(self.sample), system.source, known, plane) if known is not None else None
        if found is None:
            return []
        values = {"shift": found.shift, "count": found.count, "before": 100 * found.before, "after": 100 * found.after}
        return [Note("note.georeference.shift", values)]


def _same(first: System, second: System) -> bool:
    return first.swapped == second.swapped and first.source.crs == second.source.crs


def _plane_of(shapes: Geometries, source: Source) -> Plane:
    return choose_plane([(source, shapely.total_bounds(shapes))])


def _given(given: str) -> System:
    try:
        crs = pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError as error:
        raise UsageError("georeference.given", given=given) from error
    return system_of(read_source(crs, name=given))


def _empty(case: _Case, said: Claim) -> Location:
    if said.system is None:
        return Location(None, None, False, case.shapes, "empty", notes=said.notes)
    source = said.system.source
    plane = case.plane or source.plane
    return Location(source, plane, False, case.shapes, "empty", notes=said.notes)


def _as_given(case: _Case, system: System, declared: Any | None) -> Location:
    notes = []
    if declared is not None and (other := _other_name(declared, system)):
        notes.append(Note("note.georeference.given_over", {"system": system.name, "declared": other}))
    if not case.held.any():
        return Location(system.source, case.plane or system.source.plane, False, case.shapes, "empty", (), tuple(notes))
    chosen = _way_round(case, system)
    if chosen is None:
        raise CrsError("georeference.given_impossible", **_impossible(case, system))
    if chosen.swapped:
        notes.append(Note("note.georeference.swapped", {"system": system.name}))
    found = case.settled(chosen, "given", notes)
    return _with_outside(found, "note.georeference.given_outside")


def _other_name(declared: Any, system: System) -> str:
    crs = pyproj.CRS.from_user_input(declared)
    return "" if crs == system.source.crs else crs.name


def _way_round(case: _Case, system: System) -> System | None:
    """Return a system as it is, or with its axes swapped where the numbers can only be meant so; None if neither."""
    ways = [way for way in (system, replace(system, swapped=True)) if way.place(*case.centre) is not None]
    if len(ways) == 2 and case.area is not None:
        straight, turned = (case.weighed(way) for way in ways)
        if straight and turned and straight.share_inside < _NONE and turned.share_inside >= _FITS:
            return ways[1]
    return ways[0] if ways else None


def _as_said(case: _Case, said: Claim) -> Location:
    """Believe what the file says, unless it puts no land inside the area of interest where one other system does."""
    system = said.system
    assert system is not None  # noqa: S101 - the caller's condition
    straight = _way_round(case, system)
    if straight is not None:
        turned = [Note("note.georeference.swapped", {"system": system.name})] if straight.swapped else []
        found = case.settled(straight, said.how, [*said.notes, *turned])
        if case.area is None or found.candidates[0].share_inside >= _NONE:
            return _with_outside(found, "note.georeference.partly_outside")
    others = case.candidates(but=[system])
    claim = found.candidates[0].consequence if straight is not None else _cannot(system)
    chosen = _chosen(case, others)
    if chosen is not None:
        values = {"claim": claim, "listed": _listed(others), "taken": chosen.system.name}
        notes = [*said.notes, Note("note.georeference.corrected", values)]
        return case.settled(chosen.system, "corrected", notes, others)
    fitting = [c for c in others if c.share_inside >= _NONE]
    if fitting or straight is None:
        raise CrsError("georeference.declared_wrong", claim=claim, **_choices(case, others))
    return _with_outside(found, "note.georeference.partly_outside")


def _found(case: _Case, said: Claim) -> Location:
    """Take the one system that fits the numbers."""
    others = case.candidates()
    if not others:
        x, y = case.centre
        raise CrsError("georeference.none", name=case.name, x=x, y=y)
    chosen = _chosen(case, others)
    if chosen is None:
        if case.area is None and len(others) > _LISTED:
            raise CrsError("georeference.any_meridian", name=case.name, x=case.centre[0], y=case.centre[1])
        if case.area is None:
            raise CrsError("georeference.no_area", **_choices(case, others))
        key = "georeference.several" if others[0].share_inside >= _MOSTLY else "georeference.outside"
        raise CrsError(key, **_choices(case, others))
    values = {"listed": _listed(others), "taken": chosen.system.name}
    notes = [*said.notes, Note("note.georeference.found", values)]
    if not said.names_datum:
        key = "degrees" if chosen.system.source.crs.is_geographic else "datum"
        notes.append(Note(f"note.georeference.{key}", {}))
    found = case.settled(chosen.system, "found", notes, others)
    return _with_outside(found, "note.georeference.partly_outside")


def _chosen(case: _Case, ranked: Sequence[Candidate]) -> Candidate | None:
    """Return the one candidate that fits, None where none or several do."""
    if not ranked:
        return None
    best, rest = ranked[0], ranked[1:]
    if case.area is None:
        return best if not rest else None
    rival = max((c.share_inside for c in rest), default=0.0)
    if (best.share_inside >= _FITS and rival < _RIVAL) or (best.share_inside >= _MOSTLY and rival < _NONE):
        return best
    contenders = [c for c in ranked if c.share_inside >= _NONE]
    if best.share_inside < _MOSTLY:
        return None
    return _by_reference(case, contenders) or _by_districts(contenders)


def _by_reference(case: _Case, contenders: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate under which parcels are those of the reference layer, if there are such under one alone."""
    counts = []
    for candidate in contenders:
        plane = case.plane or Plane(round(candidate.longitude / 3) % 120)
        known = case.known(plane)
        if known is None:
            return None
        carried = carry(candidate.system.turned(case.sample), candidate.system.source, plane)
        counts.append(int((likeness(carried, known) >= SAME).sum()))
    best = int(np.argmax(counts))
    others = counts[:best] + counts[best + 1 :]
    return contenders[best] if counts[best] > 0 and 10 * max(others, default=0) <= counts[best] else None


def _by_districts(contenders: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that puts nearly all land into districts, if every other leaves half of it outside."""
    shares = [_in_districts(candidate) for candidate in contenders]
    best = int(np.argmax(shares))
    others = shares[:best] + shares[best + 1 :]
    return contenders[best] if shares[best] >= _FITS and max(others, default=0.0) <= _MOSTLY else None


def _in_districts(candidate: Candidate) -> float:
    total = candidate.mu_inside / candidate.share_inside if candidate.share_inside > 0 else 0.0
    return sum(candidate.districts.values()) / total if total > 0 else 0.0


def _with_outside(found: Location, key: str) -> Location:
    """Add a note if land lies outside the area of interest."""
    taken = found.candidates[0]
    if not taken.share_inside < _FITS:
        return found
    return replace(found, notes=(*found.notes, Note(key, {"consequence": taken.consequence})))


def _cannot(system: System) -> Phrase:
    return Phrase("georeference.impossible", {"system": system.name})


def _listed(candidates: Sequence[Candidate]) -> tuple[object, ...]:
    """Return the first candidates, numbered, each with its consequence."""
    parts: list[object] = []
    for number, candidate in zip(_NUMBERS, candidates[:_LISTED], strict=False):
        parts += [f" {number} " if parts else f"{number} ", candidate.consequence]
    if len(candidates) > _LISTED:
        parts.append(Phrase("georeference.more", {"count": len(candidates) - _LISTED}))
    return tuple(parts)


def _choices(case: _Case, candidates: Sequence[Candidate]) -> dict[str, object]:
    """Return what fills the words of an error that leaves the choice to the user."""
    inside = [candidate for candidate in candidates if candidate.share_inside >= _NONE]
    options = dict.fromkeys(f"--crs {candidate.crs}" for candidate in (inside or candidates)[:_LISTED])
    return {"name": case.name, "listed": _listed(candidates), "options": ", ".join(options) or "--crs EPSG:4549"}


def _impossible(case: _Case, system: System) -> dict[str, object]:
    x, y = case.centre
    return {"system": system.name, "x": x, "y": y, **_choices(case, case.candidates())}
