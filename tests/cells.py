"""Parcels made of half cells of a grid, so that what a ledger has to say can be counted in plain Python."""

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from hypothesis import strategies as st

from landkit.measure.area import measure

SIDE = 6  # cells
_SPAN = st.integers(0, SIDE - 1)


def halves(cells):
    return frozenset((i, j, half) for i, j in cells for half in (0, 1))


@st.composite
def lands(draw, *, most=3):
    """Draw a set of half cells: rectangles joined, perhaps with one cut out, perhaps with a corner on top."""
    land = set()
    for _ in range(draw(st.integers(1, most))):
        land |= draw(_rectangles())
    if draw(st.booleans()):
        land -= draw(_rectangles())
    if draw(st.booleans()):
        land.add((draw(_SPAN), draw(_SPAN), draw(st.integers(0, 1))))
    if not land:
        land.add((draw(_SPAN), draw(_SPAN), 0))
    return frozenset(land)


@st.composite
def _rectangles(draw):
    (a, b), (c, d) = (sorted((draw(_SPAN), draw(_SPAN))) for _ in range(2))
    return halves((i, j) for i in range(a, b + 1) for j in range(c, d + 1))


@dataclass(frozen=True)
class Grid:
    """A grid of the plane: where it lies, how it is turned, and how large a cell is (metres)."""

    east: float = 461_000.0
    north: float = 3_221_000.0
    turn: float = 0.0  # degrees
    size: float = 10.0

    def place(self, shape):
        cosine, sine = math.cos(math.radians(self.turn)) * self.size, math.sin(math.radians(self.turn)) * self.size

        def move(xy):
            x, y = xy.T
            return np.column_stack([self.east + cosine * x - sine * y, self.north + sine * x + cosine * y])

        return shapely.transform(shape, move)

    def shape(self, land, *, plain=False):
        """Return the polygon of `land`; a `plain` one has no vertex but its corners, so that neighbours meet in a T."""
        whole = shapely.union_all([triangle(atom) for atom in sorted(land)])
        return self.place(shapely.simplify(whole, 0) if plain else whole)

    def weights(self, plane, method):
        atoms = sorted(halves((i, j) for i in range(SIDE) for j in range(SIDE)))
        shapes = self.place(np.array([triangle(atom) for atom in atoms]))
        return dict(zip(atoms, measure(shapes, plane, method=method), strict=True))


def triangle(atom):
    i, j, half = atom
    corner = (i + 1, j) if half else (i, j + 1)
    return shapely.Polygon([(i, j), corner, (i + 1, j + 1)])


grids = st.builds(
    Grid,
    east=st.floats(400_000, 600_000),
    north=st.floats(2_500_000, 4_500_000),
    turn=st.sampled_from([0.0, 0.0, 45.0, 90.0]) | st.floats(0, 360),
    size=st.sampled_from([1.0, 10.0, 37.7]),
)


def truth(parcels, groups, programmes, *, labels, weight, docs):
    """Count what the ledger has to say.

    `parcels` are sets of half cells; `labels(atom, over)` is the district of a half cell that the parcels `over` cover;
    `weight` says what a half cell is worth, `docs` what the delivered ledger has for a parcel.
    """
    cover = defaultdict(list)
    for number, land in enumerate(parcels):
        for atom in land:
            cover[atom].append(number)
    rows = defaultdict(
        lambda: dict.fromkeys(("gross", "net", "exclusive", "shared", "ledger"), 0.0) | {"parcels": set()}
    )
    shared, total = defaultdict(float), dict.fromkeys(("gross", "stacked", "conflict", "net", "outside"), 0.0)
    for atom, over in cover.items():
        area, label = weight[atom], labels(atom, over)
        here = frozenset(groups[number] for number in over)
        kinds = {programmes[number] for number in over}
        total["gross"] += len(over) * area
        total["net"] += area
        total["stacked"] += (len(kinds) - 1) * area
        total["conflict"] += (len(over) - len(kinds)) * area
        total["outside"] += 0.0 if label else area
        for group in here:
            rows[label, group]["net"] += area
            rows[label, group]["shared" if len(here) > 1 else "exclusive"] += area
        if len(here) > 1:
            shared[label, here] += area
        for number in over:
            row = rows[label, groups[number]]
            row["gross"] += area
            row["parcels"].add(number)
            if docs[number] is not None:
                row["ledger"] += docs[number] * area / sum(weight[own] for own in parcels[number])
    for row in rows.values():
        documented = any(docs[number] is not None for number in row["parcels"])
        row["ledger"] = row["ledger"] if documented else None
        row["parcels"] = len(row["parcels"])
    return total, dict(rows), dict(shared)
