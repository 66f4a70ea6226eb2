"""Land moved between districts: slivers, and whole parcels. What moves is taken off one row and put on another.

Nothing is measured here; the pieces of a parcel add up to the same area before and after.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landkit.districts import NOWHERE
from landkit.measure.faces import Faces
from landkit.measure.overlay import Pieces
from landkit.measure.rings import FloatArray, IntArray


def without_slivers(pieces: Pieces, size: int, sliver_m2: float) -> Pieces:
    """Give what a parcel has outside every district, if it is less than `sliver_m2`, to the one it lies in."""
    sliver = np.flatnonzero((pieces.district == NOWHERE) & (pieces.area < sliver_m2))
    district = pieces.district.copy()
    district[sliver] = largest(pieces, size)[pieces.parcel[sliver]]
    return Pieces(pieces.parcel, district, pieces.area)


def outside_together(pieces: Pieces, face_pieces: Pieces, faces: Faces, size: int) -> tuple[Pieces, Pieces]:
    """Put the land of faces outside every district where all their parcels have theirs, else in no district.

    A sliver given to a district may be covered by parcels that have more land outside, or lie in another district; such
    land is taken back from the rows of the parcels that gave it away.
    """
    home = largest(pieces, size)
    home[pieces.parcel[pieces.district == NOWHERE]] = NOWHERE
    outside = face_pieces.district == NOWHERE
    area = np.bincount(face_pieces.parcel[outside], face_pieces.area[outside], minlength=len(faces.shapes))
    own = home[faces.parcel]
    least, most = np.full(len(area), np.iinfo(np.intp).max), np.full(len(area), NOWHERE)
    np.minimum.at(least, faces.face, own)
    np.maximum.at(most, faces.face, own)
    face_home = np.where(least == most, least, NOWHERE)
    moved = (own != face_home[faces.face]) & (area[faces.face] > 0)
    parcel, face = faces.parcel[moved], faces.face[moved]
    district = face_pieces.district.copy()
    district[outside] = face_home[face_pieces.parcel[outside]]
    together = Pieces(
        np.concatenate([pieces.parcel, parcel, parcel]),
        np.concatenate([pieces.district, own[moved], face_home[face]]),
        np.concatenate([pieces.area, -area[face], area[face]]),
    )
    return together, Pieces(face_pieces.parcel, district, face_pieces.area)


def largest(pieces: Pieces, size: int) -> IntArray:
    """Return the district in which most of each parcel lies, shape (size,)."""
    home = np.full(size, NOWHERE)
    order = np.argsort(pieces.area, kind="stable")
    home[pieces.parcel[order]] = pieces.district[order]
    return home


def reassigned(
    area: FloatArray,
    home: IntArray,
    faces: Faces,
    face_area: FloatArray,
    labels: Sequence[tuple[str, ...]],
) -> tuple[Pieces, Pieces, tuple[tuple[str, ...], ...]]:
    """Give each parcel whole to its `home`; land whose parcels have different homes is in several districts at once."""
    known = {label: number for number, label in enumerate(labels)}
    names: list[set[str]] = [set() for _ in faces.shapes]
    for face, parcel in zip(faces.face, home[faces.parcel], strict=True):
        if parcel != NOWHERE:
            names[face].update(labels[parcel])
    order = {label[0]: number for label, number in known.items() if len(label) == 1}
    face_label = [tuple(sorted(found, key=order.__getitem__)) for found in names]
    for label in filter(None, face_label):
        known.setdefault(label, len(known))
    face_home = np.array([known[label] if label else NOWHERE for label in face_label], dtype=np.intp)
    moved = face_home[faces.face] != home[faces.parcel]
    parcel, face = faces.parcel[moved], faces.face[moved]
    whole = np.flatnonzero(area > 0)
    pieces = Pieces(
        np.concatenate([whole, parcel, parcel]),
        np.concatenate([home[whole], home[parcel], face_home[face]]),
        np.concatenate([area[whole], -face_area[face], face_area[face]]),
    )
    return pieces, Pieces(np.arange(len(face_area)), face_home, face_area), tuple(known)
