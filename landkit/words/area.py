"""Words of the measuring kernels and of `landkit area`."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.crs.missing": (
        "{name}: no coordinate reference system",
        "{name}：没有坐标系",
    ),
    "error.crs.missing.hint": (
        "write a .prj beside it, or convert it to a format that carries its system, such as GeoPackage",
        "请在文件旁补上 .prj，或另存为带坐标系的格式（如 GeoPackage）",
    ),
    "error.crs.ambiguous": (
        "{name}: the coordinate reference system names no datum that can be relied on ({crs})",
        "{name}：坐标系未写明可用的大地基准（{crs}）",
    ),
    "error.crs.ambiguous.hint": (
        "ask the surveyor for the datum, then store the data as CGCS2000, for example EPSG:4549",
        "请向测绘单位核实基准，再以 CGCS2000（如 EPSG:4549）保存",
    ),
    "error.crs.old_datum": (
        "{name}: datum {datum} is refused; PROJ would shift it to CGCS2000 by zero without a word",
        "{name}：拒绝基准 {datum}；PROJ 会按零位移转到 CGCS2000 而不作提示",
    ),
    "error.crs.old_datum.hint": (
        "have the surveying office transform the data to CGCS2000 with its own parameters",
        "请测绘主管部门用其转换参数转为 CGCS2000 后再用",
    ),
    "error.crs.other_datum": (
        "{name}: datum {datum} is refused; landkit measures on CGCS2000 (and takes WGS 84 as the same)",
        "{name}：拒绝基准 {datum}；landkit 只在 CGCS2000 上量算（WGS 84 视为相同）",
    ),
    "error.crs.other_datum.hint": (
        "transform the data to CGCS2000 first, for example EPSG:4490",
        "请先转换到 CGCS2000（如 EPSG:4490）",
    ),
    "error.crs.no_plane": (
        "{crs} is no 3-degree Gauss–Krüger plane of CGCS2000",
        "{crs} 不是 CGCS2000 三度带高斯–克吕格平面",
    ),
    "error.crs.no_plane.hint": (
        "name one of EPSG:4513 to 4554, for Jinhua EPSG:4549",
        "请用 EPSG:4513 至 4554 之一，金华为 EPSG:4549",
    ),
    "error.crs.out_of_range": (
        "the coordinates lie outside the range of their own reference system",
        "坐标超出其坐标系的范围",
    ),
    "error.crs.out_of_range.hint": (
        "check whether the reference system is the right one, and whether x and y are swapped",
        "请检查坐标系是否正确、X 与 Y 是否颠倒",
    ),
    "error.crs.too_far": (
        "row {row} lies {km:.0f} km from the central meridian of {plane}; areas are proved up to 300 km",
        "第 {row} 行距 {plane} 中央子午线 {km:.0f} 公里；面积算法只在 300 公里内有保证",
    ),
    "error.crs.too_far.hint": (
        "split the data by 3-degree zone, or check the reference system",
        "请按三度带分开，或检查坐标系",
    ),
    "error.area.method": (
        "unknown area method {method!r}",
        "未知的面积方法 {method!r}",
    ),
    "error.area.method.hint": (
        "choose one of: {methods}",
        "可选：{methods}",
    ),
}
