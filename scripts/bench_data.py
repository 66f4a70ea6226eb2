"""Synthetic parcels and districts for bench.py, made alike on every machine and kept on disk.

Two kinds of parcels about Jinhua, in EPSG:4549. *Scattered*: star-shaped, 5 to 20 vertices, up to 100 m across, none
touching another. *Contiguous*: a cadastre without gaps, 8 to 25 vertices, whose neighbours share their vertices to the
last bit; 7.5 % have a vertex of a neighbour on an edge of theirs (T-junctions), 1.5 % a hole that another parcel fills,
1.5 % two parts. Coordinates of the cadastre are multiples of 1/1024 m, so that a T-junction lies on its edge exactly.
In either kind a share of the parcels can be *laid* over others.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal, NamedTuple

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Geometries = NDArray[np.object_]
Kind = Literal["scattered", "contiguous"]

PLANE = "EPSG:4549"
CENTRE = np.array([465_900.0, 3_218_400.0])  # about 119.65 E, 29.08 N
PITCH = 120.0  # metres between parcels
STATUSES = ("identified", "negotiating", "signed", "reclaimed", "supplied")

_GRID = 512  # vertices per metre at most; the middle of two of them is a multiple of 1/1024 m, exact in a double
_JITTER = 0.15  # of a cell: how far its corners are moved
_TEES = 0.0375  # of the edges, of which there are two a parcel
_HOLED = 0.015


class Border(NamedTuple):
    """How the edge between two corners of a grid winds.

    It leaves its chord by `bend` · length · t(1 − t) · Σ sin(2πkt + φ_k) / k^`decay`, k up to `waves`: little enough
    for edges to meet at their ends alone. Between its corners it has from `least` to `most` vertices.
    """

    least: int
    most: int
    bend: float = 0.125
    waves: int = 6
    decay: float = 1.0


_PARCEL = Border(1, 5)
_LARGE_DISTRICT = Border(60, 100, bend=0.15, waves=8, decay=0.25)
_DISTRICT = Border(20, 30, bend=0.15, waves=8, decay=0.25)


def scattered(count: int, *, size: float = 1.0, laid: float = 0.0, seed: int = 1) -> Geometries:
    """Make star-shaped parcels.

    Parameters
    ----------
    count
        How many.
    size
        Scales the parcels but not the land between them.
    laid
        The share, below 2/3, of parcels that lie over another one.
    """
    rng = np.random.default_rng(seed)
    columns = int(np.ceil(np.sqrt(count)))
    row, column = np.divmod(np.arange(count), columns)
    centre = CENTRE + (np.column_stack([column, row]) - columns / 2) * PITCH + rng.uniform(-8, 8, (count, 2))
    follower = rng.permutation(np.flatnonzero(column % 3 > 0))[: round(laid * count)]
    angle = rng.uniform(0, 2 * np.pi, len(follower))
    # both hold the disc of 24 m about their centres, so 35 m apart they overlap for sure
    reach = np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(10, 35, (len(follower), 1))
    centre[follower] = centre[follower - column[follower] % 3] + reach * size

    corners = rng.integers(5, 21, count)[:, np.newaxis]
    slot = np.arange(20)
    angle = (slot + rng.uniform(-0.35, 0.35, (count, 20))) * (2 * np.pi / corners)
    radius = size * rng.uniform(26, 50, (count, 20))
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * radius[..., np.newaxis] + centre[:, np.newaxis]
    ring[slot >= corners] = np.nan
    return _polygons(ring)


def contiguous(count: int, *, laid: float = 0.0, seed: int = 2) -> Geometries:
    """Make a cadastre.

    Parameters
    ----------
    count
        How many parcels, those laid over others and those in holes among them.
    laid
        The share of parcels, at the end of the array, that lie over the cadastre: half are the same land listed again,
        half were drawn anew some metres off.
    """
    rng = np.random.default_rng(seed)
    over = round(laid * count)
    base = count - over
    columns = int(np.ceil(np.sqrt(base)))
    rings, middle = _cells(columns, -(-base // columns), PITCH, border=_PARCEL, tees=_TEES, rng=rng)
    cells = _polygons(rings[:base])
    again = rng.choice(base, over)
    drawn_anew = _snap(rng.uniform(-0.6, 0.6, (over, 2)) * PITCH)
    drawn_anew[::2] = 0.0
    copies = _polygons(rings[again] + drawn_anew[:, np.newaxis])

    column = np.arange(base) % columns
    each = round(_HOLED * base)  # a hole adds a parcel, a pair takes one away
    first = rng.permutation(np.flatnonzero((column % 4 == 0) & (column + 2 < columns) & (np.arange(base) + 2 < base)))
    first = first[:each]
    around = rng.permutation(np.flatnonzero(column % 2 == 1))[: len(first)]
    within = _hole_rings(middle[around], rng)
    # the usual way round, clockwise: Geod would add a hole that is not
    holes = shapely.reverse(within)[:, np.newaxis]
    cells[around] = shapely.polygons(shapely.get_exterior_ring(cells[around]), holes)
    cells[first] = shapely.multipolygons(np.column_stack([cells[first], cells[first + 2]]))
    return np.concatenate([np.delete(cells, first + 2), shapely.polygons(within), copies])


def districts(count: int, *, parcels: int, seed: int = 3) -> Geometries:
    """Make `count` districts, a coverage with winding borders, over the ground of `parcels` parcels."""
    rows = max(k for k in range(1, int(np.sqrt(count)) + 1) if count % k == 0)
    side = np.ceil(np.sqrt(parcels)) * PITCH
    border = _LARGE_DISTRICT if count < 100 else _DISTRICT
    rng = np.random.default_rng(seed)
    rings, _ = _cells(count // rows, rows, (side * rows / count, side / rows), border=border, tees=0.0, rng=rng)
    return _polygons(rings)


def _cells(
    columns: int,
    rows: int,
    pitch: float | tuple[float, float],
    *,
    border: Border,
    tees: float,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Return the rings of a grid whose corners are moved and whose edges wind, and the middles of their corners.

    Rings are of shape (rows · columns, slots, 2), counterclockwise and open; a slot without a vertex is NaN.
    `tees` is the share of edges with one vertex more, which only one of the two neighbours has.
    """
    place = np.moveaxis(np.indices((rows + 1, columns + 1), dtype=np.float64)[::-1], 0, -1)
    place += rng.uniform(-_JITTER, _JITTER, place.shape)
    node = _snap(CENTRE + (place - np.array([columns, rows]) / 2) * pitch)
    # the parcel above a level edge, or to the left of an upright one, walks it forwards
    level, level_back = _edges(node[:, :-1], node[:, 1:], border, tees, rng)
    upright, upright_back = _edges(node[:-1], node[1:], border, tees, rng)
    ring = np.concatenate([level[:-1], upright[:, 1:], level_back[1:], upright_back[:, :-1]], axis=2)
    middle = _snap((node[:-1, :-1] + node[:-1, 1:] + node[1:, :-1] + node[1:, 1:]) / 4)
    return ring.reshape(rows * columns, -1, 2), middle.reshape(-1, 2)


def _edges(
    start: FloatArray, end: FloatArray, border: Border, tees: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return the vertices of edges, without their last, walked forwards and backwards."""
    shape = start.shape[:-1]
    number = rng.integers(border.least, border.most + 1, shape)[..., np.newaxis]
    slot = np.arange(1, border.most + 1)
    along = slot / (number + 1)
    aside = np.zeros(along.shape)
    for k in range(1, border.waves + 1):
        aside += np.sin(2 * np.pi * k * along + rng.uniform(0, 2 * np.pi, (*shape, 1))) / k**border.decay
    aside *= border.bend * along * (1 - along)
    chord = end - start
    normal = np.stack([-chord[..., 1], chord[..., 0]], axis=-1)[..., np.newaxis, :]
    between = _snap(
        start[..., np.newaxis, :] + along[..., np.newaxis] * chord[..., np.newaxis, :] + aside[..., np.newaxis] * normal
    )
    between[slot > number] = np.nan

    tee = (start + between[..., 0, :]) / 2
    luck = rng.random(shape)[..., np.newaxis]
    start, end = start[..., np.newaxis, :], end[..., np.newaxis, :]
    ahead = np.where(luck < tees / 2, tee, np.nan)[..., np.newaxis, :]
    back = np.where((luck >= tees / 2) & (luck < tees), tee, np.nan)[..., np.newaxis, :]
    return (
        np.concatenate([start, ahead, between], axis=-2),
        np.concatenate([end, between[..., ::-1, :], back], axis=-2),
    )


def _hole_rings(middle: FloatArray, rng: np.random.Generator) -> Geometries:
    angle = (np.arange(8) + rng.uniform(-0.3, 0.3, (len(middle), 8))) * (np.pi / 4)
    radius = rng.uniform(0.08, 0.15, (len(middle), 8)) * PITCH
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * radius[..., np.newaxis]
    return np.asarray(shapely.linearrings(_snap(middle[:, np.newaxis] + ring)), dtype=object)


def _snap(xy: FloatArray) -> FloatArray:
    return np.round(xy * _GRID) / _GRID


def _polygons(rings: FloatArray) -> Geometries:
    """Return polygons of open rings, shape (n, slots, 2), whose first slot has a vertex."""
    closed = np.concatenate([rings, rings[:, :1]], axis=1)
    held = ~np.isnan(closed[..., 0])
    ends = np.concatenate([[0], np.cumsum(held.sum(axis=1))])
    made = shapely.from_ragged_array(shapely.GeometryType.POLYGON, closed[held], (ends, np.arange(len(rings) + 1)))
    return np.asarray(made, dtype=object)


def overlapping_share(shapes: Geometries, *, sample: int = 5000) -> float:
    """Return the share of `shapes`, taking about `sample`, that share land (over 1 cm²) with another."""
    asked = np.arange(0, len(shapes), max(1, len(shapes) // sample))
    one, other = shapely.STRtree(shapes).query(shapes[asked], predicate="intersects")
    one = asked[one]
    one, other = one[one != other], other[one != other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other])) > 1e-4
    return len(np.unique(one[shared])) / len(asked)


def frame(shapes: Geometries, *, seed: int = 4) -> geopandas.GeoDataFrame:
    """Return `shapes` with the attributes of a ledger: `id`, `status` (mixed in space) and eight more."""
    rng = np.random.default_rng(seed)
    count = len(shapes)
    number = np.arange(count)
    street = np.array(["秋滨街道", "苏孟乡", "三江街道", "汤溪镇", "罗埠镇", "洋埠镇"])
    use = np.array(
        ["0601 工业用地", "0602 采矿用地", "0701 城镇住宅用地", "0702 农村宅基地", "05H1 商业服务业设施用地"]
    )
    area = np.round(shapely.area(shapes) * rng.normal(1, 0.01, count), 2)
    columns: dict[str, Any] = {
        "id": [f"3307{k:015d}" for k in number],
        "status": rng.choice(STATUSES, count),
        "name": [f"地块{k}" for k in number],
        "township": rng.choice(street, count),
        "owner": [f"权利人{k}" for k in rng.integers(0, max(1, count // 3), count)],
        "land_use": rng.choice(use, count),
        "area_doc_m2": area,
        "far": np.round(rng.uniform(0.1, 3.0, count), 2),
        "year": rng.integers(1985, 2023, count),
        "cert_no": [f"浙(2020)金华市不动产权第{k:07d}号" for k in rng.integers(0, 10**7, count)],
    }
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=PLANE)


def parquet(kind: Kind, count: int, *, cache: Path, crs: str = PLANE, laid: float = 0.0, size: float = 1.0) -> Path:
    """Return the GeoParquet file, in `cache`, of these parcels with their attributes; it is made where it lacks."""
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    path = cache / f"{kind}-{count}-{laid:g}-{size:g}-{crs.replace(':', '')}-{recipe}.parquet"
    if not path.exists():
        shapes = scattered(count, laid=laid, size=size) if kind == "scattered" else contiguous(count, laid=laid)
        parcels = frame(shapes)
        part = path.with_suffix(".part")
        (parcels if crs == PLANE else parcels.to_crs(crs)).to_parquet(part)
        part.replace(path)
    return path
