"""The imagined city: trunk roads, quarters, blocks and parcels.

A town is a lattice of trunk roads; each of its cells is a quarter, cut by streets into blocks; blocks are cut into
parcels that front the streets. One smooth warp bends everything, so that no two quarters lie quite alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from jinhua.dice import Dice
from jinhua.plane import Point, Ring, area, centre, cut, inset, long_axis, with_corners_of

Cell = tuple[str, int, int]  # town, column, row
Node = tuple[int, int]

TRUNK_HALF_WIDTHS = (13.0, 15.0)
STREET_HALF_WIDTHS = (6.0, 9.5)
BLOCK_SIDE = 385.0
SMALLEST_BLOCK_M2 = 9000.0
EDGE_PIECES = 3  # corners a trunk road's stretch shows in the outline of a district


def warp(point: Point) -> Point:
    """Bend the plane gently: by up to about 350 m over ten kilometres and 40 m over three."""
    x, y = point[0] - 455000.0, point[1] - 3211000.0
    return (
        point[0] + 240 * math.sin(y / 1500 + 0.6) + 38 * math.sin(y / 520 + x / 900),
        point[1] + 280 * math.sin(x / 1800 + 1.0) + 42 * math.sin(x / 480 - y / 1100),
    )


@dataclass(frozen=True)
class Town:
    """A lattice of trunk roads: spacing in metres, turned by an angle about its south-west corner."""

    name: str
    origin: Point
    degrees: float
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    # Where a boundary leaves its road and runs through the blocks: the stretch between two nodes, and by how much.
    detours: dict[tuple[Node, Node], Point] = field(default_factory=dict)

    def node(self, column: int, row: int) -> Point:
        """Return a crossing of trunk roads before the warp."""
        dice = Dice(f"node/{self.name}/{column}/{row}")
        x = [0.0, *accumulate(self.columns)][column] + dice.uniform(-85, 85)
        y = [0.0, *accumulate(self.rows)][row] + dice.uniform(-70, 70)
        turn = math.radians(self.degrees)
        return (
            self.origin[0] + x * math.cos(turn) - y * math.sin(turn),
            self.origin[1] + x * math.sin(turn) + y * math.cos(turn),
        )

    def road(self, a: Node, b: Node) -> list[Point]:
        """Return a stretch of trunk road (or of the boundary that leaves it) from `a` up to, not including, `b`."""
        (ax, ay), (bx, by) = self.node(*a), self.node(*b)
        dx, dy = self.detours.get((a, b)) or self.detours.get((b, a)) or (0.0, 0.0)
        shares = [k / EDGE_PIECES for k in range(EDGE_PIECES)]
        # The middle of a detour is moved, its ends stay at the crossings.
        return [
            warp((ax + s * (bx - ax) + (dx if 0 < s < 1 else 0), ay + s * (by - ay) + (dy if 0 < s < 1 else 0)))
            for s in shares
        ]


@dataclass
class Block:
    """A block between streets, with the cell of its town."""

    cell: Cell
    number: int
    ring: Ring


RIVER_TOWN = "城"
HILL_TOWN = "山"
TOWNS = {
    RIVER_TOWN: Town(
        RIVER_TOWN,
        (455400.0, 3211600.0),
        6.0,
        (1490.0, 1420.0, 1460.0, 1400.0, 1450.0, 1380.0, 1420.0),
        (1220.0, 1190.0, 1240.0, 1180.0, 1210.0, 1150.0, 1080.0),
        {
            ((4, 2), (4, 3)): (215.0, 15.0),
            ((1, 4), (2, 4)): (-10.0, -150.0),
        },
    ),
    HILL_TOWN: Town(HILL_TOWN, (449400.0, 3208300.0), -21.0, (1250.0, 1320.0, 1180.0), (1130.0, 1220.0)),
}
# The middles of the two detours: land near them straddles a boundary.
CITY_DETOURS = tuple(TOWNS[RIVER_TOWN].road(a, b)[1] for a, b in TOWNS[RIVER_TOWN].detours)
# Straight things that cut through blocks: an avenue and a railway, with their widths.
DIAGONALS = (
    ((455600.0, 3212000.0), (0.80, 0.60), 26.0),
    ((454800.0, 3218900.0), (0.87, -0.49), 34.0),
)


def outline(town: Town, cells: set[Node]) -> Ring:
    """Return the outline of a group of cells along its trunk roads, anticlockwise."""
    edges: dict[Node, Node] = {}
    for i, j in sorted(cells):
        corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)]
        neighbours = [(i, j - 1), (i + 1, j), (i, j + 1), (i - 1, j)]
        for (a, b), neighbour in zip(pairwise(corners), neighbours, strict=True):
            if neighbour not in cells:
                edges[a] = b
    start = at = min(edges)
    ring: Ring = []
    while True:
        ring += town.road(at, edges[at])
        at = edges[at]
        if at == start:
            return ring


def blocks(town: Town, cell: Node) -> list[Block]:
    """Return the blocks of a quarter, its streets taken out."""
    i, j = cell
    dice = Dice(f"quarter/{town.name}/{i}/{j}")
    corners = [town.node(i, j), town.node(i + 1, j), town.node(i + 1, j + 1), town.node(i, j + 1)]
    wide = max(2, round((math.dist(corners[0], corners[1]) + dice.uniform(-150, 150)) / BLOCK_SIDE))
    deep = max(2, round((math.dist(corners[1], corners[2]) + dice.uniform(-150, 150)) / BLOCK_SIDE))
    columns, rows = _spacing(dice, wide), _spacing(dice, deep)
    column_widths, row_widths = _half_widths(dice, wide), _half_widths(dice, deep)
    crossings = {
        (p, q): _crossing(dice, corners, columns[p], rows[q], inner=0 < p < wide and 0 < q < deep)
        for p in range(wide + 1)
        for q in range(deep + 1)
    }
    found = []
    for p in range(wide):
        for q in range(deep):
            quad = [crossings[p, q], crossings[p + 1, q], crossings[p + 1, q + 1], crossings[p, q + 1]]
            widths = [row_widths[q], column_widths[p + 1], row_widths[q + 1], column_widths[p]]
            found += [_chamfered(ring, dice) for ring in _beside_diagonals(inset(quad, widths))]
    kept = [ring for ring in found if area(ring) > SMALLEST_BLOCK_M2]
    return [Block((town.name, i, j), number, ring) for number, ring in enumerate(kept)]


def parcels(block: Block, target_m2: float) -> list[Ring]:
    """Return the parcels of a block, about `target_m2` each; some are L-shaped."""
    dice = Dice(f"block/{block.cell}/{block.number}/{target_m2:.0f}")
    rings = [ring for leaf in _halved(block.ring, target_m2, dice) for ring in _bent(leaf, target_m2, dice)]
    return [with_corners_of(ring, [other for other in rings if other is not ring]) for ring in rings]


def _spacing(dice: Dice, count: int) -> list[float]:
    steps = [dice.uniform(0.82, 1.18) for _ in range(count)]
    return [0.0, *(total / sum(steps) for total in accumulate(steps))]


def _half_widths(dice: Dice, count: int) -> list[float]:
    streets = [dice.uniform(*STREET_HALF_WIDTHS) for _ in range(count - 1)]
    return [dice.uniform(*TRUNK_HALF_WIDTHS), *streets, dice.uniform(*TRUNK_HALF_WIDTHS)]


def _crossing(dice: Dice, corners: list[Point], s: float, t: float, *, inner: bool) -> Point:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    x = (1 - t) * ((1 - s) * ax + s * bx) + t * ((1 - s) * dx + s * cx)
    y = (1 - t) * ((1 - s) * ay + s * by) + t * ((1 - s) * dy + s * cy)
    if inner:  # streets bend a little where they cross; along a trunk road they must meet it
        x, y = x + dice.uniform(-24, 24), y + dice.uniform(-24, 24)
    return warp((x, y))


def _beside_diagonals(ring: Ring) -> list[Ring]:
    rings = [ring]
    for start, direction, gap in DIAGONALS:
        if ring[0][1] < 3219200.0 and ring[0][0] > 454000.0:  # both end before the riverside
            rings = [part for whole in rings for part in cut(whole, start, direction, gap=gap)]
    return rings


def _chamfered(ring: Ring, dice: Dice) -> Ring:
    """Cut the corners at crossings, as roads do, of about every second block."""
    if dice.chance(0.5) or len(ring) < 4:
        return ring
    size = dice.uniform(9, 14)
    cornered: Ring = []
    for before, at, after in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True):
        for other in (before, after):
            share = min(size / math.dist(at, other), 0.4)
            cornered.append((at[0] + share * (other[0] - at[0]), at[1] + share * (other[1] - at[1])))
    return cornered


def _halved(ring: Ring, target: float, dice: Dice) -> list[Ring]:
    """Cut across the longer extent until the parts are about as large as wanted."""
    along, length, _ = long_axis(ring)
    if area(ring) < target * dice.uniform(1.2, 1.75):
        return [ring]
    least = min(x * along[0] + y * along[1] for x, y in ring)
    middle = centre(ring)
    offset = least + length * dice.uniform(0.40, 0.60) - (middle[0] * along[0] + middle[1] * along[1])
    start = (middle[0] + along[0] * offset, middle[1] + along[1] * offset)
    turn = dice.uniform(-0.05, 0.05)
    across = (-along[1] + along[0] * turn, along[0] + along[1] * turn)
    return [leaf for part in cut(ring, start, across) for leaf in _halved(part, target, dice)]


def _bent(ring: Ring, target: float, dice: Dice) -> list[Ring]:
    """Give about one large quadrilateral in five to two owners: an L and the corner it embraces."""
    if len(ring) != 4 or area(ring) < 0.9 * target or not dice.chance(0.3):
        return [ring]
    first = dice.integer(0, 3)
    a, b, c, d = ring[first:] + ring[:first]
    s, t = dice.uniform(0.4, 0.55), dice.uniform(0.4, 0.55)

    def between(p: Point, q: Point, share: float) -> Point:
        return p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])

    bottom, side = between(a, b, s), between(a, d, t)
    inner = between(bottom, between(d, c, s), t)
    return [[bottom, b, c, d, side, inner], [a, bottom, inner, side]]
