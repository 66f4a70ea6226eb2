"""A row of a layer while it is being made, and the lots of the city it is made from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from jinhua.city import HILL_TOWN, RIVER_TOWN, TOWNS, Block, Cell, blocks, parcels
from jinhua.dice import Dice
from jinhua.plane import MU, Point, Ring, Shape, area, centre, keep_left, long_axis


@dataclass
class Row:
    """A row: its values by column, and its shape in the working plane (None without one)."""

    layer: str
    values: dict[str, Any]
    shape: Shape | None = None

    @property
    def id(self) -> str:
        """The row's id."""
        return str(self.values["id"])


@dataclass
class Lot:
    """A piece of land drawn from the city."""

    shape: Shape
    cell: Cell
    block: int


@dataclass
class City:
    """The blocks of the city that no programme has taken yet."""

    free: dict[Cell, list[Block]] = field(default_factory=dict)

    @classmethod
    def built(cls) -> City:
        """Return the city with all its blocks free."""
        free = {}
        for town in TOWNS.values():
            for i in range(len(town.columns)):
                for j in range(len(town.rows)):
                    free[town.name, i, j] = blocks(town, (i, j))
        return cls(free)

    def block(self, cell: Cell, focus: Point | None = None) -> Block:
        """Take the free block of a quarter that lies nearest to `focus` (or the largest)."""
        found = self._by_distance([cell], focus)[0] if focus else max(self.free[cell], key=lambda b: area(b.ring))
        self.free[cell].remove(found)
        return found

    def lots(
        self, name: str, cells: list[Cell], count: int, mu: float, *, fill: float = 0.88, focus: Point | None = None
    ) -> list[Lot]:
        """Take `count` lots of about `mu` from the free blocks that lie together; `fill` is the share of lots taken."""
        dice = Dice(f"lots/{name}")
        start = focus or centre(dice.pick(self.free[cells[0]]).ring)
        taken: list[Lot] = []
        for block in self._by_distance(cells, start):
            self.free[block.cell].remove(block)
            fit = [ring for ring in parcels(block, mu * MU) if 0.5 < area(ring) / (mu * MU) < 2.1]
            taken += [Lot([[ring]], block.cell, block.number) for ring in fit if dice.chance(fill)]
            if len(taken) >= count:
                return taken[:count]
        raise ValueError(f"{name}: {len(taken)} lots where {count} are wanted")

    def _by_distance(self, cells: list[Cell], focus: Point) -> list[Block]:
        found = [block for cell in cells for block in self.free[cell]]
        return sorted(found, key=lambda block: math.dist(centre(block.ring), focus))


def river(*cells: tuple[int, int]) -> list[Cell]:
    """Return cells of the town at the river."""
    return [(RIVER_TOWN, *cell) for cell in cells]


def hill(*cells: tuple[int, int]) -> list[Cell]:
    """Return cells of the town at the hill."""
    return [(HILL_TOWN, *cell) for cell in cells]


def joined(lots: list[Lot], pairs: int) -> list[Lot]:
    """Join `pairs` of lots that follow one another from different blocks of a quarter into lots of two parts."""
    result: list[Lot] = []
    for lot in lots:
        last = result[-1] if result else lot
        if pairs and last.cell == lot.cell and last.block != lot.block:
            result[-1] = Lot(last.shape + lot.shape, lot.cell, lot.block)
            pairs -= 1
        else:
            result.append(lot)
    return result


def with_hole(shape: Shape, share: float) -> Shape:
    """Return a convex lot with a yard left out in the middle, `share` of its sides long."""
    (ring,) = shape[0]
    x, y = centre(ring)
    return [[ring, [(x + share * (px - x), y + share * (py - y)) for px, py in reversed(ring)]]]


def larger_part(shape: Shape, share: float) -> Shape:
    """Return the part of a convex lot that fills `share` of its length."""
    (ring,) = shape[0]
    along, length, _ = long_axis(ring)
    least = min(x * along[0] + y * along[1] for x, y in ring)
    start = (along[0] * (least + share * length), along[1] * (least + share * length))
    # The line's own position across the axis does not matter: any point with that coordinate along it will do.
    return [[keep_left(ring, start, (-along[1], along[0]))]]


def bow_tie(shape: Shape) -> Shape:
    """Return a lot's four main corners with two in the wrong order, as a slip in the surveyor's list makes it."""
    (ring,) = shape[0]
    a, b, c, d = (ring[k * len(ring) // 4] for k in range(4))
    return [[[a, c, b, d]]]


def is_plain(shape: Shape) -> bool:
    """Return whether a shape is one convex ring."""
    return len(shape) == 1 and len(shape[0]) == 1 and is_convex(shape[0][0])


def is_convex(ring: Ring) -> bool:
    """Return whether an anticlockwise ring turns left at every corner (or goes straight on)."""
    triples = zip(ring, ring[1:] + ring[:1], ring[2:] + ring[:2], strict=True)
    return all((b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) > -1e-3 for a, b, c in triples)
