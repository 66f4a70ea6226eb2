"""Boundary points as three surveyors write them."""

from __future__ import annotations

from story.scene import Plot, messy, resurveyed, small_plots

_HEAD = """[属性描述]
格式版本号=1.01版本
数据产生单位=示例测绘院
数据产生日期=2022-6-27
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=40
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
_BARE = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=40
精度=3
转换参数=,,,,,,

[地块坐标]
"""
_ZONE = 40_000_000


def standard() -> bytes:
    """Return the resurvey of Qiubin: GBK, CRLF, easting with the zone, closed rings."""
    lines = [line for plot in resurveyed() for line in _plot(plot, zone=_ZONE, use="工业用地,0601")]
    return (_HEAD + "\n".join(lines) + "\n").replace("\n", "\r\n").encode("gbk")


def plain() -> bytes:
    """Return the small plots: UTF-8, no zone before the easting, a ring within a ring."""
    lines = [line for plot in small_plots() for line in _plot(plot, zone=0, use=",")]
    return (_HEAD + "\n".join(lines) + "\n").encode("utf-8")


def unruly() -> bytes:
    """Return the parcels of Shuangxi West Road: X and Y exchanged, open rings, tabs, hectares with their unit written.

    S-238 has two points; S-204 bears the name of a firm.
    """
    lines = []
    for plot in messy():
        name = "企业025用地" if plot.id == "S-204" else f"双溪西路{plot.id}"
        ring = plot.rings[0]
        lines.append(f"{len(ring)} , {plot.area_m2 / 10_000:.4f}公顷,{plot.id},{name},面, , , ,@")
        lines += [f"{k},\t1,\t{east:.3f},\t{north:.3f}" for k, (east, north) in enumerate(ring, start=1)]
        lines.append("")
    lines += ["2 , 0.7000公顷,S-238,双溪西路S-238,面, , , ,@"]
    lines += ["1,\t1,\t461700.000,\t3223980.000", "2,\t1,\t461800.000,\t3223980.000"]
    return (_BARE + "\n".join(lines) + "\n").encode("gbk")


def _plot(plot: Plot, *, zone: int, use: str) -> list[str]:
    points, number = [], 0
    for ring_no, ring in enumerate(plot.rings, start=1):
        first = number + 1
        for east, north in ring:
            number += 1
            points.append(f"J{number},{ring_no},{north:.3f},{zone + east:.3f}")
        east, north = ring[0]
        points.append(f"J{first},{ring_no},{north:.3f},{zone + east:.3f}")
    return [f"{len(points)},{plot.area_m2 / 10_000:.4f},{plot.id},示例地块{plot.id},面,,{use},@", *points]
