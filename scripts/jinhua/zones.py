"""Key areas, zone areas and control lines: outlines along trunk roads, water and open country."""

from __future__ import annotations

import math
from collections.abc import Callable

from jinhua.city import HILL_TOWN, RIVER_TOWN, TOWNS, outline
from jinhua.dice import Dice
from jinhua.plane import Point, Ring, Shape, centre, ellipsoid_m2
from jinhua.rows import Row

CITY, HILL = TOWNS[RIVER_TOWN], TOWNS[HILL_TOWN]
QIUBIN_BLOCK = {(i, j) for i in range(4) for j in range(4)}
RIVER_LINE = (
    (450300.0, 3219500.0),
    (452400.0, 3219050.0),
    (454800.0, 3219250.0),
    (456900.0, 3219700.0),
    (458600.0, 3220680.0),
    (460300.0, 3220780.0),
    (461900.0, 3220900.0),
    (463300.0, 3221200.0),
    (465100.0, 3221450.0),
    (467200.0, 3221150.0),
    (469500.0, 3221500.0),
)
POWER_LINE = ((454700.0, 3216400.0), (457600.0, 3214900.0), (459800.0, 3212900.0), (463200.0, 3211300.0))
SWELLS = ((2, 0.07), (3, 0.09), (5, 0.05))  # waves round an irregular oval, and how high
NOT_IN_PLAN = "文件未点名,范围待定"
ILLUSTRATIVE = "示意范围"


def districts() -> list[Row]:
    """Return the ten key areas: four named with a shape, six slots without."""
    riverside = outline(CITY, {(i, j) for i in (3, 4, 5) for j in (5, 6)})
    named: list[tuple[str, Shape]] = [
        ("秋滨", [[outline(CITY, QIUBIN_BLOCK - {(0, 0), (3, 0)})]]),
        ("中央创新城(南区)", [[outline(CITY, {(i, j) for i in (4, 5) for j in (1, 2, 3)})]]),
        ("双溪西路两侧(含五百滩)", [[riverside], [_shoal()]]),
        ("九峰山", [[outline(HILL, {(i, j) for i in range(3) for j in range(2)})]]),
    ]
    rows = [_district(number, name, shape) for number, (name, shape) in enumerate(named, 1)]
    return rows + [_district(number, f"待定片区{number}", None) for number in range(5, 11)]


def zone_areas() -> list[Row]:
    """Return the blocks, the corridor and the platforms. The first two blocks have exactly the plan's area."""
    qiubin = stretched(outline(CITY, QIUBIN_BLOCK), 28e6, lambda p: p[1] < 3212250.0, (0.0, -1.0))
    west = stretched(outline(CITY, {(5, 0), (5, 1)}), 3.3e6, lambda p: p[1] < 3212800.0, (0.0, -1.0))
    corridor = stretched(outline(CITY, {(i, 4) for i in range(6)}), 10e6, lambda p: p[0] > 463000.0, (1.0, 0.0))
    centre_city = outline(CITY, {(i, j) for i in (4, 5, 6) for j in (2, 3, 4)} | {(4, 1), (5, 1)})
    energy = outline(CITY, {(0, j) for j in range(1, 5)} | {(1, 2), (1, 3), (1, 4)})
    health = outline(CITY, {(i, 0) for i in range(1, 5)} | {(2, 1), (3, 1)})
    return [
        _zone("QB", "秋滨区块", "区块", 28.0, qiubin),
        _zone("HHTX", "湖海塘以西区块", "区块", 3.3, west),
        _zone("KCZL", "信息科创走廊", "走廊", 10.0, corridor),
        _zone("PT-1", "中央创新城", "平台", None, centre_city),
        _zone("PT-2", "新能源及高端装备制造产业园", "平台", None, energy),
        _zone("PT-3", "健康生物产业园", "平台", None, health),
    ]


def control_lines() -> list[Row]:
    """Return control lines of several kinds, all imagined."""
    riverside = {(i, j) for i in (3, 4, 5) for j in (5, 6)}
    everything = outline(CITY, {(i, j) for i in range(7) for j in range(5)} | riverside)
    hillside = outline(HILL, {(i, j) for i in range(3) for j in range(2)})
    works = outline(CITY, {(0, 1), (0, 2), (1, 1), (1, 2)})
    farms = [
        blob("田1", (456900.0, 3210500.0), (1350.0, 620.0), 8.0, 22),
        blob("田2", (453300.0, 3214900.0), (700.0, 1500.0), -12.0, 24),
        blob("田3", (460900.0, 3210650.0), (1500.0, 560.0), -6.0, 20),
        blob("田4", (455900.0, 3211900.0), (520.0, 300.0), 20.0, 16),
    ]
    mountain = blob("山1", (447900.0, 3206300.0), (1500.0, 1150.0), 30.0, 26)
    grain = blob("田5", (453900.0, 3210900.0), (900.0, 560.0), 35.0, 18)
    lake = blob("湖", (464640.0, 3213720.0), (560.0, 880.0), 12.0, 30)
    park = blob("园", (462500.0, 3217150.0), (210.0, 160.0), 25.0, 14)
    temple = blob("庙", (460900.0, 3219300.0), (60.0, 45.0), 0.0, 10)
    soil = blob("污", (456700.0, 3215200.0), (150.0, 110.0), 15.0, 12)
    rows = [
        _control("CZKFBJ", "must_within", "2022-10-14", "城镇开发边界(江南)", scaled(everything, 1.035)),
        _control("CZKFBJ", "must_within", "2022-10-14", "城镇开发边界(九峰山)", scaled(hillside, 1.08)),
        *[_control("YJJBNT", "forbid", "2022-10-14", f"永久基本农田{k}", ring) for k, ring in enumerate(farms, 1)],
        _control("STBHHX", "forbid", "2022-10-14", "生态保护红线1", mountain),
        _control("LSGNQ", "warn", "2021-06-01", "粮食生产功能区1", grain),
        _control("GYHX", "warn", "2021-12-01", "工业红线1", works),
        _control("LX", "forbid", "2020-01-01", "蓝线1", band(RIVER_LINE, 185.0)),
        _control("LX", "forbid", "2020-01-01", "湖海塘蓝线", lake),
        _control("LvX", "warn", "2020-01-01", "绿线1", park),
        _control("高压走廊", "warn", "2020-01-01", "高压走廊1", band(POWER_LINE, 22.0)),
        _control("文物", "forbid", "2021-03-01", "文物保护范围1", temple),
        _control("污染地块", "info", "2022-04-01", "污染地块1", soil),
    ]
    for row, subkind in zip(rows, ("集中建设区", "特别用途区"), strict=False):
        row.values["subkind"] = subkind
    shoal = _shoal()
    river = next(row for row in rows if row.values["name"] == "蓝线1")
    assert river.shape is not None  # noqa: S101
    river.shape[0].append(shoal[::-1])
    for number, row in enumerate(rows, 1):
        row.values = {"id": f"K-{number:02d}", **row.values}
    return rows


def stretched(ring: Ring, target_m2: float, moves: Callable[[Point], bool], along: Point) -> Ring:
    """Return the ring with the corners that `moves` names shifted along a direction until its area is `target_m2`."""

    def shifted(metres: float) -> Ring:
        return [(x + metres * along[0], y + metres * along[1]) if moves((x, y)) else (x, y) for x, y in ring]

    low, high = -800.0, 800.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if ellipsoid_m2([[shifted(middle)]]) < target_m2 else (low, middle)
    return shifted(low)


def scaled(ring: Ring, factor: float) -> Ring:
    """Return the ring blown up about its centre."""
    x, y = centre(ring)
    return [(x + factor * (px - x), y + factor * (py - y)) for px, py in ring]


def blob(name: str, middle: Point, radii: Point, degrees: float, corners: int) -> Ring:
    """Return an irregular oval with about `corners` corners."""
    dice = Dice(f"blob/{name}")
    phases = [dice.uniform(0, 2 * math.pi) for _ in range(3)]
    turn = math.radians(degrees)
    ring = []
    for k in range(corners):
        angle = 2 * math.pi * (k + dice.uniform(-0.2, 0.2)) / corners
        swell = 1 + sum(size * math.sin(n * angle + p) for (n, size), p in zip(SWELLS, phases, strict=True))
        x, y = radii[0] * swell * math.cos(angle), radii[1] * swell * math.sin(angle)
        ring.append(
            (middle[0] + x * math.cos(turn) - y * math.sin(turn), middle[1] + x * math.sin(turn) + y * math.cos(turn))
        )
    return ring


def band(line: tuple[Point, ...], half_width: float) -> Ring:
    """Return a strip of land along a line that bends gently through its points."""
    smooth = [_bend(line, k, t / 4) for k in range(len(line) - 1) for t in range(4)] + [line[-1]]
    left, right = [], []
    for before, at, after in zip(smooth[:1] + smooth[:-1], smooth, smooth[1:] + smooth[-1:], strict=True):
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy)
        left.append((at[0] - dy / length * half_width, at[1] + dx / length * half_width))
        right.append((at[0] + dy / length * half_width, at[1] - dx / length * half_width))
    return right + left[::-1]


def _bend(line: tuple[Point, ...], k: int, t: float) -> Point:
    """Return a point of the Catmull-Rom curve between the points `k` and `k + 1`."""
    p0, p1, p2, p3 = (line[min(max(n, 0), len(line) - 1)] for n in (k - 1, k, k + 1, k + 2))
    x, y = (
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
    )
    return x, y


def _shoal() -> Ring:
    return blob("五百滩", (461950.0, 3220960.0), (520.0, 95.0), 14.0, 18)


def _district(number: int, name: str, shape: Shape | None) -> Row:
    values = {
        "id": f"D{number:02d}",
        "name": name,
        "kind": "片区",
        "named_in_plan": shape is not None,
        "geom_source": "placeholder" if shape else "none",
        "note": ILLUSTRATIVE if shape else NOT_IN_PLAN,
    }
    return Row("district", values, shape)


def _zone(name_id: str, name: str, kind: str, km2: float | None, ring: Ring) -> Row:
    values = {"id": name_id, "name": name, "kind": kind, "area_doc_km2": km2, "developed_mu": None}
    if name_id == "HHTX":
        values["developed_mu"] = 1860.0
    return Row("zone_area", {**values, "geom_source": "placeholder", "note": ILLUSTRATIVE}, [[ring]])


def _control(kind: str, rule: str, effective: str, name: str, ring: Ring) -> Row:
    sensitive = kind in {"YJJBNT", "STBHHX", "LSGNQ"}
    values = {"name": name, "kind": kind, "rule": rule, "effective": effective, "sensitive": sensitive}
    return Row("control_line", {**values, "geom_source": "placeholder", "note": ILLUSTRATIVE}, [[ring]])
