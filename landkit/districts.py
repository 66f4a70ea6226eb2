"""The key areas that land is told apart by: a partition, also where the delivered ones overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from landkit.crs import Plane, carry, read_source
from landkit.measure.faces import overlaps
from landkit.measure.overlay import OUTSIDE
from landkit.measure.rings import Geometries, IntArray
from landkit.measure.validity import repair

NOWHERE = OUTSIDE


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
        """
        mended = repair(carry(shapes, read_source(crs, name=layer), plane, densify=True))
        labels = list(dict.fromkeys(names))
        merged = np.array([_union(mended.shapes, names, name) for name in labels], dtype=object)
        faces = overlaps(merged)
        label_of: dict[int, list[str]] = {}
        for face, district in zip(faces.face, faces.parcel, strict=True):
            label_of.setdefault(int(face), []).append(labels[district])
        for district in np.unique(faces.parcel):
            taken = shapely.union_all(faces.shapes[faces.face[faces.parcel == district]])
            merged[district] = shapely.difference(merged[district], taken)
        return cls(
            np.concatenate([merged, faces.shapes]),
            (*((name,) for name in labels), *(tuple(label_of[face]) for face in range(len(faces.shapes)))),
            mended.positions,
        )

    def number(self, names: list[str | None]) -> IntArray:
        """Return the number of each named district, `NOWHERE` for None and for a name that is none."""
        known = {label[0]: number for number, label in enumerate(self.labels) if len(label) == 1}
        return np.array([known.get(name, NOWHERE) if name is not None else NOWHERE for name in names], dtype=np.intp)


def _union(shapes: Geometries, names: list[str], name: str) -> shapely.Geometry:
    own = shapes[[other == name for other in names]]
    return own[0] if len(own) == 1 else shapely.union_all(own)
