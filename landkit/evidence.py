"""What there is to tell a reference system by, and the choice among candidates.

A candidate fits where it puts nearly all land inside the area of interest and no other puts more than a little there.
What that leaves open is settled by parcels that are known, or by districts, if these are decisive; else it stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely

from landkit.candidates import GEOD, Box, Candidate, Regions, System, propose, weigh
from landkit.crs import Geometries, Plane, carry, read_source
from landkit.measure.rings import BoolArray
from landkit.measure.validity import repair
from landkit.resemblance import SAME, likeness
from landkit.words import Phrase

# A candidate, and in words what it was chosen by.
Choice = tuple[Candidate, Phrase]

# Of the land, inside the area of interest: nearly all of it, if no other candidate has more than a little; or the
# larger part, if no other has any to speak of.
FITS, RIVAL = 0.99, 0.10
MOSTLY, NONE = 0.5, 0.01
_SCATTERED = 0.9
_MARGIN = 0.01  # degrees about the area of interest: parcels on its border are no evidence against a system
_SAMPLE = 400
_DEGREES = 3.0  # a shape larger than this is none in degrees, but a drawing in metres about an origin of its own


@dataclass(eq=False)
class Evidence:
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

    def is_scattered(self, distance: float) -> bool:
        """Return whether there are several shapes, in an extent of several times `distance` (m) both ways."""
        west, south, east, north = shapely.total_bounds(self.sample)
        return len(self.sample) >= 10 and min(east - west, north - south) > 4 * distance

    def weighed(self, system: System) -> Candidate | None:
        """Return where `system` would put the land, by the sample."""
        return weigh(system, self.sample, self.centre, area=self.area, scale=self.scale, districts=self.districts)

    def candidates(self, *, but: Sequence[System] = ()) -> list[Candidate]:
        """Return the systems that the numbers can be in, those first that put most land inside."""
        bounds = shapely.bounds(self.sample)
        in_metres = float(np.median((bounds[:, 2:] - bounds[:, :2]).max(axis=1))) > _DEGREES
        systems = [
            system
            for system in propose(*self.centre, near=self.area)
            if not (any(_same(system, other) for other in but) or (in_metres and system.source.crs.is_geographic))
        ]
        found = [candidate for system in systems if (candidate := self.weighed(system)) is not None]
        return sorted(found, key=lambda c: (-np.nan_to_num(c.mu_inside), -np.nan_to_num(c.share_inside), c.offset_km))

    def chosen(self, ranked: Sequence[Candidate]) -> Choice | None:
        """Return the one candidate that fits, and by what, None where none or several do."""
        if not ranked:
            return None
        best, rest = ranked[0], ranked[1:]
        if self.area is None:
            # Eastings with a prefix are seldom anything else; before northings they may well be.
            doubtful = best.swapped and best.system.source.crs.is_projected
            return (best, Phrase("georeference.by_numbers")) if not (rest or doubtful) else None
        rival = max((c.share_inside for c in rest), default=0.0)
        if (best.share_inside >= FITS and rival < RIVAL) or (best.share_inside >= MOSTLY and rival < NONE):
            return best, Phrase("georeference.by_area")
        contenders = [c for c in ranked if c.share_inside >= NONE]
        if best.share_inside < MOSTLY:
            return None
        return self._by_reference(contenders) or self._by_districts(contenders)

    def _by_reference(self, contenders: Sequence[Candidate]) -> Choice | None:
        """Return the candidate under which parcels are known ones, if there are such under it alone."""
        counts = []
        for candidate in contenders:
            plane = self.plane or Plane(round(candidate.longitude / 3) % 120)
            known = self.known(plane)
            if known is None:
                return None
            carried = carry(candidate.system.turned(self.sample), candidate.system.source, plane)
            counts.append(int((likeness(carried, known) >= SAME).sum()))
        best = int(np.argmax(counts))
        others = counts[:best] + counts[best + 1 :]
        decisive = counts[best] > 0 and 10 * max(others, default=0) <= counts[best]
        return (contenders[best], Phrase("georeference.by_reference", {"count": counts[best]})) if decisive else None

    def _by_districts(self, contenders: Sequence[Candidate]) -> Choice | None:
        """Return the candidate that puts nearly all land into districts, if every other leaves enough of it outside.

        That is half of the land; or a tenth, where so many shapes are scattered so widely, compared to how far the
        candidates lie apart, that no move could bring all of them into districts by chance.
        """
        shares = [_in_districts(candidate) for candidate in contenders]
        best = int(np.argmax(shares))
        others = [c for c in contenders if c is not contenders[best]]
        enough = _SCATTERED if all(self.is_scattered(_metres_apart(contenders[best], c)) for c in others) else MOSTLY
        rival = max((_in_districts(c) for c in others), default=0.0)
        decisive = shares[best] >= FITS and rival <= enough
        return (contenders[best], Phrase("georeference.by_districts")) if decisive else None


def _same(first: System, second: System) -> bool:
    return first.swapped == second.swapped and first.source.crs == second.source.crs


def _metres_apart(first: Candidate, second: Candidate) -> float:
    return float(GEOD.inv(first.longitude, first.latitude, second.longitude, second.latitude)[2])


def _in_districts(candidate: Candidate) -> float:
    total = candidate.mu_inside / candidate.share_inside if candidate.share_inside > 0 else 0.0
    return min(sum(candidate.districts.values()) / total, 1.0) if total > 0 else 0.0
