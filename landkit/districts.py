"""The key areas that land is told apart by: a partition, also where the delivered ones overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from landkit.crs import FALSE_EASTING, Plane, carry, read_source
from landkit.errors import InputError
from landkit.measure.area import POLE
from landkit.measure.faces import overlaps
from landkit.measure.overlay import OUTSIDE
from landkit.measure.pairs import without_slivers
from landkit.measure.rings import Geometries, IntArray, land
from landkit.measure.validity import repair

NOWHERE = OUTSIDE
# Metres from the central meridian: all of China lies nearer to any of its own, and the projection is one to one there.
_REACH = 5_000_000.0


@dataclass(frozen=True)
class Districts:
    """Districts that do not overlap one another.

    Attributes
    ----------
    shapes
        Shape (d,): valid polygons of the plane.
    labels
        The names of each: several for land that several districts claim.
    repaired
        Positions, in the delivered shapes, of those that were invalid.
    """

    shapes: Geometries
    labels: tuple[tuple[str, ...], ...]
    repaired: IntArray

    @classmethod
    def of(cls, shapes: Geometries, names: list[str], crs: Any, plane: Plane, *, layer: str) -> Districts:
        """Return the partition that districts make.

        Parameters
        ----------
        shapes
            Shape (d,): polygons in `crs`; null and empty ones hold no land.
        names
            Their names; districts of one name are one.
        crs
            Their reference system.
        plane
            The working plane. Boundaries keep their course within 1 mm.
        layer
            What they are called in messages.

        Raises
        ------
        CrsError, InputError
            Their reference system is missing or refused, or the plane cannot show them.
        """
        carried = carry(shapes, read_source(crs, name=layer), plane, densify=True)
        _check_reach(carried, plane, layer=layer)
        mended = repair(carried)
        labels = list(dict.fromkeys(names))
        merged = np.array([_union(mended.shapes, names, name) for name in labels], dtype=object)
        faces = overlaps(merged)
        claimed_by: dict[int, list[int]] = {}
        for face, district in zip(faces.face, faces.parcel, strict=True):
            claimed_by.setdefault(int(face), []).append(int(district))
        # Land of the same districts is one entry, in however many faces it lies.
        claims: dict[tuple[str, ...], list[int]] = {}
        for face, claimants in claimed_by.items():
            claims.setdefault(tuple(labels[district] for district in sorted(claimants)), []).append(face)
        for district in np.unique(faces.parcel):
            taken = shapely.union_all(faces.shapes[faces.face[faces.parcel == district]])
            merged[district] = shapely.difference(merged[district], taken)
        shared = np.array([shapely.union_all(faces.shapes[own]) for own in claims.values()], dtype=object)
        shapes = without_slivers(land(np.concatenate([merged, shared])))
        return cls(shapes, (*((name,) for name in labels), *claims), mended.positions)

    def number(self, names: list[str | None]) -> IntArray:
        """Return the number of each named district, `NOWHERE` for None and for a name that is none."""
        known = {label[0]: number for number, label in enumerate(self.labels) if len(label) == 1}
        return np.array([known.get(name, NOWHERE) if name is not None else NOWHERE for name in names], dtype=np.intp)


def _check_reach(shapes: Geometries, plane: Plane, *, layer: str) -> None:
    """Refuse what is so far away that the projection folds or tears it."""
    west, south, east, north = shapely.bounds(shapes).T
    far = np.maximum(FALSE_EASTING - west, east - FALSE_EASTING)
    held = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    torn = held & ~((far <= _REACH) & (np.maximum(-south, north) <= POLE))
    if torn.any():
        raise InputError("districts.too_far", layer=layer, row=int(torn.argmax()) + 1, plane=plane.name)


def _union(shapes: Geometries, names: list[str], name: str) -> shapely.Geometry:
    own = shapes[[other == name for other in names]]
    return own[0] if len(own) == 1 else shapely.union_all(own)
