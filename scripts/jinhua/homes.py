"""Urban villages, village enclaves and old residential communities."""

from __future__ import annotations

import math

from jinhua.city import Cell
from jinhua.dice import Dice
from jinhua.plane import Point, Ring, centre, long_axis
from jinhua.register import Register, without_shape
from jinhua.rows import City, Lot, Row, hill, river

URBAN_VILLAGES = [
    *river((2, 0), (3, 1), (3, 3), (1, 3), (2, 2), (4, 1), (5, 3), (4, 6), (3, 6), (5, 5)),
    *hill((1, 1)),
    *river((2, 4)),
]
ENCLAVES = river((0, 1), (1, 2), (0, 3), (4, 2), (1, 0), (5, 2))
WITH_POND = {2, 8, 14}
ACROSS_A_STREET = {4, 10}
MODES = {5: "拆整结合", 9: "拆整结合", 12: "综合整治"}  # the others are rebuilt
NO_SHAPE = {17}


def urban_village(city: City, register: Register) -> tuple[list[Row], list[Lot]]:
    """Return 12 urban villages and 6 village enclaves, and the whole blocks in which they lie."""
    rows, sites = [], []
    for number, cell in enumerate([*URBAN_VILLAGES, *ENCLAVES], 1):
        site, lot = _site(city, cell, number)
        sites.append(site)
        urban = number <= len(URBAN_VILLAGES)
        order = number if urban else number - len(URBAN_VILLAGES)
        name = f"城中村{order:02d}" if urban else "高畈" if order == 1 else f"园中村{order:02d}"
        dice = Dice(f"village/{number}")
        row = register.row(
            "urban_village",
            f"V-{number:02d}",
            name,
            lot,
            list_no=f"T06-{order:02d}" if urban else f"T17-{order:02d}",
            kind="城中村" if urban else "园中村",
            mode=MODES.get(number, "拆除重建"),
        )
        households = round(row.values["area_doc_mu"] * dice.uniform(1.5, 2.4))
        row.values.update(
            site_mu=row.values["area_doc_mu"],
            households=households,
            residents=round(households * dice.uniform(2.6, 3.4)),
            buildings=round(households * dice.uniform(0.8, 0.95)),
            building_m2=float(round(households * dice.uniform(230, 330))),
        )
        if number in NO_SHAPE:
            without_shape(row)
        rows.append(row)
    return rows, sites


def old_community(city: City, register: Register) -> list[Row]:
    """Return the 37 old residential communities."""
    lots = [
        *city.lots("c1", river((3, 5), (3, 6)), 13, 46),
        *city.lots("c2", river((4, 5), (4, 6)), 12, 46),
        *city.lots("c3", river((5, 5)), 5, 46),
        *city.lots("c4", river((3, 3)), 4, 42),
        *city.lots("c5", river((4, 3)), 3, 42),
    ]
    rows = []
    for number, lot in enumerate(lots, 1):
        dice = Dice(f"community/{number}")
        row = register.row(
            "old_community",
            f"C-{number:02d}",
            f"老旧小区{number:02d}",
            lot,
            list_no=f"T07-{number:02d}",
            built_year=dice.integer(1984, 2000),
            content_class=dice.pick(("基础类", "基础类|完善类", "基础类|完善类", "基础类|完善类|提升类")),
            mode=dice.pick(("综合整治型", "综合整治型", "综合整治型", "拆改结合型")),
            vote_rate=round(dice.uniform(68, 97), 1),
        )
        floor = row.values["area_doc_mu"] * dice.uniform(680, 1050)
        units = round(floor / dice.uniform(900, 1100))
        row.values.update(
            buildings=max(3, round(units / dice.uniform(2.6, 3.6))),
            units=units,
            households=units * dice.integer(11, 14),
            building_m2=float(round(floor)),
            lifts_added=dice.integer(0, max(1, units // 6)),
            invest_wan=float(round(floor * dice.uniform(0.028, 0.052))),
        )
        rows.append(row)
    without_shape(rows[28])
    return rows


def _site(city: City, cell: Cell, number: int) -> tuple[Lot, Lot]:
    """Return the block around a village, and the village: grown, not drawn along streets."""
    block = city.block(cell)
    shape = [[_grown(block.ring, f"{number}")]]
    if number in WITH_POND:
        middle = centre(shape[0][0])
        shape[0].append([(middle[0] + 34 * math.sin(k * 0.9), middle[1] + 26 * math.cos(k * 0.9)) for k in range(7)])
    if number in ACROSS_A_STREET:
        other = city.block(cell, focus=centre(block.ring))
        shape.append([_grown(other.ring, f"{number}b", largest=0.6)])
    return Lot([[block.ring]], cell, block.number), Lot(shape, cell, block.number)


def _grown(block: Ring, name: str, *, largest: float = 0.93) -> Ring:
    """Return an irregular outline inside a block: its corners cut off, its edges going in and out."""
    dice = Dice(f"grown/{name}")
    middle = centre(block)
    _, length, width = long_axis(block)
    ring: list[Point] = []
    for k in range(18):
        angle = 2 * math.pi * (k + dice.uniform(-0.25, 0.25)) / 18
        reach = min(_distance_to_edge(block, middle, angle), 0.62 * length, 0.75 * width)
        share = largest * dice.uniform(0.78, 1.0)
        ring.append((middle[0] + share * reach * math.cos(angle), middle[1] + share * reach * math.sin(angle)))
    return ring


def _distance_to_edge(ring: Ring, start: Point, angle: float) -> float:
    """Return how far a ray from a point inside a convex ring runs until it leaves it."""
    dx, dy = math.cos(angle), math.sin(angle)
    reaches = []
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        ex, ey = b[0] - a[0], b[1] - a[1]
        slope = dx * ey - dy * ex
        if slope > 0:
            reaches.append(((a[0] - start[0]) * ey - (a[1] - start[1]) * ex) / slope)
    return min(reaches)
