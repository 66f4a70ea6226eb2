"""The drawing of a designer: six closed outlines with their numbers, and one outline that does not close."""

from __future__ import annotations

from story.scene import Ring, drawn

_OPEN: Ring = [(462_200.0, 3_220_500.0), (462_200.0, 3_220_600.0), (462_300.0, 3_220_600.0), (462_300.0, 3_220_503.2)]


def drawing() -> bytes:
    """Return the drawing as DXF R12 in GBK; between the ends of the open line of S-124 are 100.05 m."""
    pairs: list[tuple[int, str]] = [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1009")]
    pairs += [(9, "$DWGCODEPAGE"), (3, "ANSI_936"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]
    for plot in drawn():
        pairs += _outline(plot.rings[0], closed=True) + _text(plot.id, plot.rings[0])
    pairs += _outline(_OPEN, closed=False)
    pairs += [(0, "ENDSEC"), (0, "EOF")]
    return "".join(f"{code:3d}\r\n{value}\r\n" for code, value in pairs).encode("gbk")


def _outline(ring: Ring, *, closed: bool) -> list[tuple[int, str]]:
    pairs = [(0, "POLYLINE"), (8, "红线"), (66, "1"), (70, "1" if closed else "0"), *_at(0.0, 0.0)]
    for east, north in ring:
        pairs += [(0, "VERTEX"), (8, "红线"), *_at(east, north)]
    return [*pairs, (0, "SEQEND"), (8, "红线")]


def _text(label: str, ring: Ring) -> list[tuple[int, str]]:
    east, north = ring[0]
    return [(0, "TEXT"), (8, "红线"), *_at(east + 20, north + 30), (40, "5.0"), (1, label)]


def _at(east: float, north: float) -> list[tuple[int, str]]:
    return [(10, f"{east:.3f}"), (20, f"{north:.3f}"), (30, "0.0")]
