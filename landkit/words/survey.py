"""Survey boundary-point files (TXT)."""

_ASK = ("ask the surveyor for the file again", "请向测绘单位重新索取文件")

ENTRIES: dict[str, tuple[str, str]] = {
    "error.survey.no_parcels": (
        "{file}: no parcel record under {section} (read to line {line})",
        "{file}：{section} 下没有地块记录（已读至第 {line} 行）",
    ),
    "error.survey.no_parcels.hint": (
        "a parcel starts with a line that ends in @; ask the surveyor for the whole file",
        "每个地块以 @ 结尾的一行开头；请向测绘单位索取完整文件",
    ),
    "error.survey.other_format": (
        "{file}: no survey boundary-point file (no {section} in {line} lines)",
        "{file}：不是界址点坐标交换格式（{line} 行中没有 {section}）",
    ),
    "error.survey.other_format.hint": (
        "check that it is the file you mean, and its encoding: add the option for the encoding, such as gb18030",
        "请核对文件及其编码；必要时指定编码，如 gb18030",
    ),
    "error.survey.encoding": (
        "{file}: its text is not {encoding}, or there is no such encoding",
        "{file}：文字编码不是 {encoding}，或没有这种编码",
    ),
    "error.survey.encoding.hint": (
        "leave the encoding out, or name utf-8, utf-16 or gb18030",
        "请不指定编码，或指定 utf-8、utf-16、gb18030",
    ),
    "error.survey.columns": (
        "a survey file has 8, 9 or 13 columns, not {value}",
        "界址点文件为 8、9 或 13 列，不是 {value} 列",
    ),
    "error.survey.columns.hint": ("choose one of the three", "请在三者中选择"),
    "error.survey.digits": (
        "coordinates are written with 0 to 6 decimals, not {value}",
        "坐标小数位数为 0 至 6，不是 {value}",
    ),
    "error.survey.digits.hint": ("the usual number is 3", "通常为 3 位"),
    "error.survey.no_zone": (
        "the plane {plane} has no zone number to put before the easting",
        "平面 {plane} 没有可加在横坐标前的带号",
    ),
    "error.survey.no_zone.hint": (
        "zones 25 to 45 have one; write without it, or choose another plane",
        "带号范围为 25 至 45；请改为不加带号，或选用其他平面",
    ),
    "error.survey.collection": (
        "row {row}: a mixed collection of shapes cannot be written",
        "第 {row} 行：混合图形集合无法写出",
    ),
    "error.survey.collection.hint": (
        "split it into rows of polygons, lines and points",
        "请拆分为面、线、点各自的记录",
    ),
    "error.survey.falls_together": (
        "row {row}: with {digits} decimals the corners of a ring fall together",
        "第 {row} 行：保留 {digits} 位小数时环上的界址点重合",
    ),
    "error.survey.falls_together.hint": (
        "write more decimals, or mend the shape",
        "请增加小数位数，或修正图形",
    ),
    "error.survey.not_finite": ("row {row}: a coordinate is not a finite number", "第 {row} 行：坐标不是有限数值"),
    "error.survey.not_finite.hint": ("mend the shape", "请修正图形"),
    "error.survey.out_of_zone": (
        "row {row}: a coordinate is none that a survey file can hold in {plane}",
        "第 {row} 行：坐标超出 {plane} 中界址点文件可用的范围",
    ),
    "error.survey.out_of_zone.hint": (
        "choose the plane of the zone that the land lies in",
        "请选用土地所在投影带的平面",
    ),
    "survey.note.bytes": (
        "{file}: some bytes are no text in any encoding that fits; they read as �",
        "{file}：部分字节无法按任何编码解读，显示为 �",
    ),
    "survey.note.zones": (
        "{file}: zone {zone} in the header, but {prefixes} before the eastings; no reference system is taken from it",
        "{file}：文件头带号为 {zone}，横坐标前为 {prefixes}，不据此确定坐标系",
    ),
    "survey.note.zone_width": (
        "{file}: zone {zone} is none of the {degrees}-degree zones that the header names; "
        "no reference system is taken from it",
        "{file}：带号 {zone} 不属于文件头所写的 {degrees} 度带，不据此确定坐标系",
    ),
    "survey.note.plane": (
        "{file}: projection or unit is not that of the format ({text}); no reference system is taken from it",
        "{file}：投影或计量单位与格式不符（{text}），不据此确定坐标系",
    ),
    "survey.note.local": (
        "{file}: the coordinates lie in no national zone (a local system, or degrees); kept as X north, Y east",
        "{file}：坐标不在国家投影带范围内（可能为独立坐标系或经纬度），按 X 为北、Y 为东保留",
    ),
    "survey.note.mixed": (
        "{file}: some eastings have their zone before them and some have not; ask which zone those lie in",
        "{file}：部分横坐标加带号、部分未加；请核实未加带号者所在投影带",
    ),
    "survey.note.parameters": (
        "{file}: its header holds parameters of a datum transformation; they are not used, and may be secret",
        "{file}：文件头含坐标转换参数；未使用，可能涉密，请勿外传",
    ),
    "survey.note.stray": (
        "{file}, line {line}: stands before any parcel, not read: {text}",
        "{file} 第 {line} 行：位于首个地块之前，未读取：{text}",
    ),
    "survey.note.strays": (
        "{file}: {count} more lines before any parcel, not read",
        "{file}：首个地块之前另有 {count} 行未读取",
    ),
    "survey.remark.line": ("{parcel}: line {line} cannot be read: {text}", "{parcel}：第 {line} 行无法读取：{text}"),
    "survey.remark.lines": (
        "{parcel}: further lines from line {line} on cannot be read",
        "{parcel}：自第 {line} 行起另有多行无法读取",
    ),
    "survey.remark.no_mark": (
        "{parcel}: line {line} starts a parcel though it does not end in @",
        "{parcel}：第 {line} 行未以 @ 结尾，按地块记录读取",
    ),
    "survey.remark.no_count": (
        "{parcel}: line {line} has no number of points; its columns are taken from the area on",
        "{parcel}：第 {line} 行缺界址点数，从面积列起读取",
    ),
    "survey.remark.comma": (
        "{parcel}: line {line} has too many commas; taken as part of the name: {text}",
        "{parcel}：第 {line} 行逗号过多，视为地块名称的一部分：{text}",
    ),
    "survey.remark.columns": (
        "{parcel}: line {line} has {count} columns before the @, not 7, 8 or 13",
        "{parcel}：第 {line} 行 @ 之前有 {count} 列，不是 7、8 或 13 列",
    ),
    "survey.remark.point_columns": (
        "{parcel}: points carry more than name, ring, X and Y, first on line {line}: {text}; it is not kept",
        "{parcel}：界址点另有其他列，首见第 {line} 行：{text}；未保留",
    ),
    "survey.remark.kind": (
        "{parcel}: line {line} names no kind of shape that is known ({kind}); taken as a polygon",
        "{parcel}：第 {line} 行图形属性无法识别（{kind}），按面处理",
    ),
    "survey.remark.swapped": (
        "{parcel}: X and Y were exchanged (line {line}); put right",
        "{parcel}：X、Y 颠倒（第 {line} 行），已更正",
    ),
    "survey.remark.mixed": (
        "{parcel}: the point on line {line} ({x}, {y}) is not written as the others are",
        "{parcel}：第 {line} 行界址点（{x}, {y}）与其他点写法不一致",
    ),
    "survey.remark.prefix": (
        "{parcel}: zone {zone} put before its eastings, as other parcels of the file have it",
        "{parcel}：横坐标已补带号 {zone}，与文件中其他地块一致",
    ),
    "survey.remark.unclosed": (
        "{parcel}: the ring that ends on line {line} does not return to its first point; closed",
        "{parcel}：止于第 {line} 行的环未闭合，已闭合",
    ),
    "survey.remark.gap": (
        "{parcel}: the closing point on line {line} lies {gap:.3f} m from the first; kept, and the ring closed",
        "{parcel}：第 {line} 行闭合点与起点相距 {gap:.3f} 米，予以保留并闭合",
    ),
    "survey.remark.doubled": (
        "{parcel}: the closing point on line {line} has one coordinate twice; taken as the first point",
        "{parcel}：第 {line} 行闭合点的两个坐标值相同，按起点处理",
    ),
    "survey.remark.closed_twice": (
        "{parcel}: the closing point stands once more on line {line}; left out",
        "{parcel}：第 {line} 行闭合点重复，已略去",
    ),
    "survey.remark.stub": (
        "{parcel}: {count} points from line {line} on enclose nothing; left out",
        "{parcel}：自第 {line} 行起的 {count} 个点不构成环，已略去",
    ),
    "survey.remark.repeated": (
        "{parcel}: {count} points repeat the one before them, first on line {line}; kept",
        "{parcel}：{count} 个点与前一点重复，首见第 {line} 行；已保留",
    ),
    "survey.remark.crossing": (
        "{parcel}: rings cross, overlap or share an edge (line {line})",
        "{parcel}：环与环相交、重叠或共边（第 {line} 行）",
    ),
    "survey.remark.count": (
        "{parcel}: {declared} points declared on line {line}, {found} found",
        "{parcel}：第 {line} 行声明界址点数 {declared}，实有 {found}",
    ),
    "survey.remark.area_unread": (
        "{parcel}: the declared area on line {line} cannot be read: {text}",
        "{parcel}：第 {line} 行声明面积无法识别：{text}",
    ),
    "survey.remark.area_unit": (
        "{parcel}: the declared area on line {line} carries a unit: {text}",
        "{parcel}：第 {line} 行声明面积带单位：{text}",
    ),
    "survey.remark.area_m2": (
        "{parcel}: the declared area on line {line}, {declared}, is square metres, not hectares: "
        "the shape has {measured:.2f} m2",
        "{parcel}：第 {line} 行声明面积 {declared} 应为平方米而非公顷：图形面积 {measured:.2f} 平方米",
    ),
    "survey.remark.area_differs": (
        "{parcel}: declared {declared:.2f} m2 (line {line}), but the shape has {measured:.2f} m2",
        "{parcel}：声明面积 {declared:.2f} 平方米（第 {line} 行），图形面积 {measured:.2f} 平方米",
    ),
    "reason.survey_line": ("a boundary point cannot be read", "有界址点无法读取"),
    "reason.survey_ring": ("its points enclose nothing", "界址点不构成图形"),
    "reason.survey_rings": ("too many rings in one parcel", "单个地块的环过多"),
    "reason.survey_mixed": ("its points are not written alike", "界址点坐标写法不一致"),
    "reason.survey_range": (
        "its coordinates are of another kind than the rest of the file",
        "坐标与文件中其他地块不属同一坐标系",
    ),
}
