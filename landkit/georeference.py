"""Which reference system delivered numbers are in, and the shapes in the working plane.

What the user says holds, then what the file says, then what only one reading of the numbers allows. Each reading is
judged by the land that it puts inside the area of interest. Nothing is settled without a note, and where two readings
would do, or none, nothing is settled at all: the error names the options with the consequence of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from landkit.candidates import PREFIX, Box, Candidate, System, weigh
from landkit.crs import FALSE_EASTING, Geometries, Plane, Source, carry, choose_plane, read_source
from landkit.declaration import Claim, declared_claim, header_claim, system_of
from landkit.errors import CrsError, UsageError
from landkit.evidence import FITS, MOSTLY, NONE, RIVAL, Evidence
from landkit.resemblance import suspect
from landkit.sources import Note
from landkit.words import Phrase

_NEARBY_KM = 50.0
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
    case = Evidence(np.asarray(shapes, dtype=object), aoi, plane, districts, reference, name)
    if given is not None:
        return _as_given(case, _given(given), declared)
    said = declared_claim(declared, name=name) if declared is not None else Claim()
    if not case.held.any():
        return _empty(case, said)
    if said.system is None:
        said = replace(header_claim(header, case.centre, name=name), notes=said.notes)
    return _as_said(case, said) if said.system is not None else _found(case, said)


def _plane_of(shapes: Geometries, source: Source) -> Plane:
    return choose_plane([(source, shapely.total_bounds(shapes))])


def _given(given: str) -> System:
    try:
        crs = pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError as error:
        raise UsageError("georeference.given", given=given) from error
    return system_of(read_source(crs, name=given))


def _empty(case: Evidence, said: Claim) -> Location:
    if said.system is None:
        return Location(None, None, False, case.shapes, "empty", notes=said.notes)
    source = said.system.source
    plane = case.plane or source.plane
    return Location(source, plane, False, case.shapes, "empty", notes=said.notes)


def _as_given(case: Evidence, system: System, declared: Any | None) -> Location:
    notes = []
    if declared is not None and (other := _other_name(declared, system)):
        notes.append(Note("note.georeference.given_over", {"system": system.name, "declared": other}))
    if not case.held.any():
        return Location(system.source, case.plane or system.source.plane, False, case.shapes, "empty", (), tuple(notes))
    chosen = _way_round(case, system)
    if chosen is None:
        raise CrsError("georeference.impossible", **_impossible(case, system))
    if chosen.swapped:
        notes.append(Note("note.georeference.swapped", {"system": system.name}))
    found = _settled(case, chosen, "given", notes)
    return _with_outside(found, "note.georeference.given_outside")


def _other_name(declared: Any, system: System) -> str:
    try:
        crs = pyproj.CRS.from_user_input(declared)
    except pyproj.exceptions.CRSError:
        return str(declared)[:80]
    return "" if crs == system.source.crs else str(crs.name)


def _way_round(case: Evidence, system: System) -> System | None:
    """Return a system as it is, or with its axes swapped where the numbers can only be meant so; None if neither."""
    ways = [way for way in (system, replace(system, swapped=True)) if way.place(*case.centre) is not None]
    if len(ways) == 2 and case.area is not None:
        straight, turned = (case.weighed(way) for way in ways)
        if straight and turned and straight.share_inside < NONE and turned.share_inside >= FITS:
            return ways[1]
    return ways[0] if ways else None


def _as_said(case: Evidence, said: Claim) -> Location:
    """Believe what the file says, unless it puts no land inside the area of interest where one other system does."""
    system = said.system
    assert system is not None  # noqa: S101 - the caller's condition
    said = replace(said, notes=(*said.notes, *_about_datum(said, system)))
    straight = _way_round(case, system)
    if straight is not None:
        turned = [Note("note.georeference.swapped", {"system": system.name})] if straight.swapped else []
        found = _settled(case, straight, said.how, [*said.notes, *turned])
        if case.area is None or found.candidates[0].share_inside >= NONE:
            return _with_outside(found, "note.georeference.partly_outside")
    others = case.candidates(but=[system])
    if straight is None and not others:
        raise CrsError("georeference.impossible", **_impossible(case, system))
    claim = found.candidates[0].consequence if straight is not None else _cannot(system)
    choice = case.chosen(others)
    if choice is not None:
        chosen, ground = choice
        values = {"claim": claim, "listed": _listed(others), "taken": chosen.system.name, "ground": ground}
        notes = [*said.notes, Note("note.georeference.corrected", values)]
        return _settled(case, chosen.system, "corrected", notes, others)
    if straight is None or any(_is_likelier(other, found.candidates[0]) for other in others):
        raise CrsError("georeference.declared_wrong", claim=claim, **_choices(case, others))
    return _with_outside(found, "note.georeference.partly_outside")


def _is_likelier(other: Candidate, declared: Candidate) -> bool:
    """Return whether a system that was not declared puts land inside the area of interest, or far nearer to it."""
    return other.share_inside >= NONE or other.offset_km < min(_NEARBY_KM, declared.offset_km / 4)


def _found(case: Evidence, said: Claim) -> Location:
    """Take the one system that fits the numbers."""
    others = case.candidates()
    if not others:
        x, y = case.centre
        raise CrsError("georeference.none", name=case.name, x=x, y=y)
    choice = case.chosen(others)
    if choice is None:
        if case.area is None and len(others) > _LISTED:
            raise CrsError("georeference.any_meridian", name=case.name, x=case.centre[0], y=case.centre[1])
        if case.area is None:
            raise CrsError("georeference.no_area", **_choices(case, others))
        key = "georeference.several" if others[0].share_inside >= MOSTLY else "georeference.outside"
        raise CrsError(key, **_choices(case, others))
    chosen, ground = choice
    values = {"listed": _listed(others), "taken": chosen.system.name, "ground": ground}
    notes = [*said.notes, Note("note.georeference.found", values), *_about_datum(said, chosen.system)]
    found = _settled(case, chosen.system, "found", notes, others)
    return _with_outside(found, "note.georeference.partly_outside")


def _about_datum(said: Claim, system: System) -> list[Note]:
    """Return what was assumed of the datum where nothing says it."""
    if said.names_datum:
        return []
    return [Note("note.georeference.degrees" if system.source.crs.is_geographic else "note.georeference.datum")]


def _with_outside(found: Location, key: str) -> Location:
    """Add a note if land lies outside the area of interest."""
    taken = found.candidates[0]
    if not taken.share_inside < FITS:
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


def _choices(case: Evidence, candidates: Sequence[Candidate]) -> dict[str, object]:
    """Return what fills the words of an error that leaves the choice to the user."""
    return {"name": case.name, "listed": _listed(candidates), "options": _options(candidates)}


def _options(candidates: Sequence[Candidate]) -> str:
    inside = [candidate for candidate in candidates if candidate.share_inside >= NONE]
    return ", ".join(dict.fromkeys(f"--crs {candidate.crs}" for candidate in (inside or candidates)[:_LISTED]))


def _impossible(case: Evidence, system: System) -> dict[str, object]:
    others = case.candidates()
    advice = Phrase("georeference.perhaps", {"options": _options(others)}) if others else Phrase("georeference.unknown")
    return {"name": case.name, "claim": _cannot(system), "x": case.centre[0], "y": case.centre[1], "advice": advice}


def _settled(
    case: Evidence, system: System, how: str, notes: Sequence[Note] = (), others: Sequence[Candidate] = ()
) -> Location:
    """Return all shapes in the working plane, the system measured by all of them."""
    astray = _astray(case, system)
    turned = system.turned(case.shapes)
    plane = case.plane or system.source.plane or _plane_of(turned[case.held], system.source)
    carried = carry(turned, system.source, plane)
    taken = weigh(system, carried[case.held], case.centre, area=case.area, plane=plane) if case.held.any() else None
    candidates = (() if taken is None else (taken,)) + tuple(c for c in others if c.system != system)
    shifted = _shift(case, system, plane)
    return Location(system.source, plane, system.swapped, carried, how, candidates, (*notes, *astray, *shifted))


def _astray(case: Evidence, system: System) -> list[Note]:
    """Refuse shapes of two kinds, some with a zone prefix or of another zone; a few may be mere blunders."""
    if system.source.plane is None:
        return []
    bounds = shapely.bounds(case.shapes[case.held])[:, [1, 3] if system.swapped else [0, 2]]
    far = np.abs(bounds.mean(axis=1) - system.source.prefix - FALSE_EASTING) > PREFIX
    count, total = int(far.sum()), len(far)
    if count > RIVAL * total:
        raise CrsError("georeference.mixed", name=case.name, count=count, total=total, system=system.name)
    return [Note("note.georeference.astray", {"count": count, "system": system.name})] if count else []


def _shift(case: Evidence, system: System, plane: Plane) -> list[Note]:
    known = case.known(plane) if system.source.crs.is_geographic and case.held.any() else None
    found = suspect(system.turned(case.sample), system.source, known, plane) if known is not None else None
    if found is None:
        return []
    values = {"shift": found.shift, "count": found.count, "before": 100 * found.before, "after": 100 * found.after}
    return [Note("note.georeference.shift", values)]
