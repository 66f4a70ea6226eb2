"""The land of the story: rectangles with known sides in EPSG:4549, so that every figure can be worked out by hand.

East and north are whole metres or have three decimals, as surveyors write them. Areas here are planar; on the ellipsoid
they are 4 in 100,000 smaller, since the land lies 39 km west of the central meridian.
"""

from __future__ import annotations

from dataclasses import dataclass

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Plot:
    """A plot by its rings (east, north), the first of them its outline, each without its closing point."""

    id: str
    rings: tuple[Ring, ...]
    area_m2: float

    @property
    def mu(self) -> float:
        """The planar area in mu, of which 15 are a hectare."""
        return self.area_m2 * 0.0015


def rectangle(name: str, east: float, north: float, width: float, height: float) -> Plot:
    """Return a rectangle by its south-west corner and its sides, clockwise."""
    right, top = round(east + width, 3), round(north + height, 3)
    return Plot(name, ([(east, north), (east, top), (right, top), (right, north)],), width * height)


def districts() -> list[tuple[Plot, str]]:
    """Return the key areas with their names: the four that the plan names, and six that it does not."""
    named = [
        (rectangle("D01", 460_000, 3_219_000, 4000, 4000), "秋滨"),
        (rectangle("D02", 464_000, 3_219_000, 4000, 4000), "中央创新城(南区)"),
        (rectangle("D03", 460_000, 3_223_000, 4000, 3000), "双溪西路两侧"),
        (rectangle("D04", 464_000, 3_223_000, 4000, 3000), "九峰山"),
    ]
    unnamed = [
        (rectangle(f"D{5 + k:02}", 460_000 + 1000 * k, 3_226_000, 1000, 1000), f"待定片区{5 + k}") for k in range(6)
    ]
    return named + unnamed


def control_lines() -> list[tuple[Plot, str, str, str]]:
    """Return the control lines: plot, name, kind and rule."""
    return [
        (rectangle("K-01", 459_000, 3_219_000, 8000, 8000), "城镇开发边界(示例)", "CZKFBJ", "must_within"),
        (rectangle("K-02", 467_200, 3_219_000, 800, 1000), "永久基本农田(示例)", "YJJBNT", "forbid"),
        (rectangle("K-03", 467_200, 3_225_000, 600, 1000), "生态保护红线(示例)", "STBHHX", "forbid"),
    ]


def drawn() -> list[Plot]:
    """Return the six outlines of the drawing: S-118 of 30 mu, five of 15 mu.

    S-118 covers S-131 of the survey on 100 m by 82.667 m, that is 12.40 mu.
    """
    others = [rectangle(f"S-{119 + k}", 461_000 + 200 * k, 3_220_500, 100, 100) for k in range(5)]
    return [rectangle("S-118", 461_050, 3_220_982.667, 200, 100), *others]


def resurveyed() -> list[Plot]:
    """Return the 18 parcels of Qiubin: 18,000 + 16 x 5,600 + 6,502 = 114,102 m2, that is 11.4102 ha or 171.153 mu."""
    first = rectangle("S-131", 461_000, 3_221_000, 150, 120)
    rest = [rectangle(f"S-{132 + k}", 461_400 + 150 * (k % 6), 3_221_000 + 150 * (k // 6), 80, 70) for k in range(16)]
    return [first, *rest, rectangle("S-148", 462_400, 3_221_000, 81.275, 80)]


def messy() -> list[Plot]:
    """Return the 37 parcels along Shuangxi West Road, 100 m by 70 m or 10.5 mu each.

    S-236 lies on the border of two key areas, 40 m of it in the west; S-237 in none.
    """
    inside = [
        rectangle(f"S-{201 + k}", 460_500 + 150 * (k % 8), 3_223_500 + 120 * (k // 8), 100, 70) for k in range(35)
    ]
    edge = rectangle("S-236", 463_960, 3_224_000, 100, 70)
    return [*inside, edge, rectangle("S-237", 459_500, 3_224_000, 100, 70)]


def small_plots() -> list[Plot]:
    """Return four small plots: 4.5, 14.1 (a hole of 20 m by 30 m), 3.0 and 7.2 mu.

    21.667 m of the 60 m of T-044 are east of the development boundary: 21.667 x 80 m2, that is 2.60 mu.
    """
    outer = rectangle("T-042", 465_200, 3_224_000, 100, 100)
    hole = [(465_240.0, 3_224_040.0), (465_260.0, 3_224_040.0), (465_260.0, 3_224_070.0), (465_240.0, 3_224_070.0)]
    return [
        rectangle("T-041", 465_000, 3_224_000, 60, 50),
        Plot("T-042", (*outer.rings, hole), 100 * 100 - 20 * 30),
        rectangle("T-043", 465_400, 3_224_000, 50, 40),
        rectangle("T-044", 466_961.667, 3_224_000, 60, 80),
    ]


def low_efficiency() -> list[Plot]:
    """Return 30 plots of low-efficiency land.

    Q-01 is the land of S-132 (8.4 mu) and Q-02 covers half of S-133 (40 m by 70 m, 4.2 mu): policy stacking. Q-07 is a
    bow tie of two triangles, together 62 x 66.667 / 2 m2 or 3.10 mu, whose signed area is 0; the rectangle that was
    meant has twice as much, and stands in the table. Between the 23 plots from Q-08 on are 22 strips 0.08 m wide,
    together 22 x 0.08 x 113.636 = 200 m2 or 0.30 mu.
    """
    south, west, east, north = 3_220_000.0, 465_300.0, 465_362.0, 3_220_066.667
    tie = [(west, south), (east, north), (east, south), (west, north)]
    return [
        rectangle("Q-01", 461_400, 3_221_000, 80, 70),
        rectangle("Q-02", 461_590, 3_221_000, 80, 70),
        *[rectangle(f"Q-{3 + k:02}", 464_500 + 150 * k, 3_220_000, 80, 100) for k in range(4)],
        Plot("Q-07", (tie,), (east - west) * (north - south) / 2),
        *[rectangle(f"Q-{8 + k:02}", round(464_200 + 60.08 * k, 2), 3_221_000, 60, 113.636) for k in range(23)],
    ]


def registered_mu(plot: Plot) -> float:
    """Return the area that a table has of a plot: of the bow tie that of the rectangle it was meant to be."""
    return plot.mu * 2 if plot.id == "Q-07" else plot.mu
