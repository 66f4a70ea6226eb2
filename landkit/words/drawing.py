"""Drawings (DXF)."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.drawing.dwg": ("{file}: a DWG drawing, which landkit does not read", "{file}：是 DWG 图形，无法读取"),
    "error.drawing.dwg.hint": (
        "open it in CAD and save it as DXF (2000 to 2018)",
        "请在 CAD 中打开，另存为 DXF（2000 至 2018 版）",
    ),
    "error.drawing.encoding": ("{file}: its text is not in {encoding}", "{file}：文字不是 {encoding} 编码"),
    "error.drawing.encoding.hint": (
        "leave the encoding out, so that it is found; or name another, such as gbk or utf-8",
        "请不指定编码，由程序识别；或改用其他编码，如 gbk、utf-8",
    ),
    "error.drawing.too_many_blocks": (
        "{file}: its blocks hold more than {most} entities",
        "{file}：图块展开后超过 {most} 个图元",
    ),
    "error.drawing.too_many_blocks.hint": (
        "take the parcels' layers out of the drawing (WBLOCK) and save those as DXF",
        "请用 WBLOCK 只导出地块所在图层，再存为 DXF",
    ),
    "reason.not_closed": ("outline does not close", "边界线未闭合"),
    "drawing.remark.closed": (
        "its end and its start were {gap} apart (drawing units) and are taken for one point",
        "首尾相距 {gap}（图形单位），按闭合处理",
    ),
    "drawing.remark.chained": (
        "chained from {count} lines or arcs; the widest joint was {gap} (drawing units)",
        "由 {count} 段线或弧首尾相接而成，最大接缝 {gap}（图形单位）",
    ),
    "drawing.remark.open": (
        "{count} lines or arcs that do not close: their two ends are {gap} apart (drawing units)",
        "{count} 段线或弧未闭合：两端相距 {gap}（图形单位）",
    ),
    "drawing.remark.branches": (
        "{count} lines or arcs that branch or cross and enclose nothing",
        "{count} 段线或弧有分叉或交叉，未围成地块",
    ),
    "drawing.remark.coarse": (
        "its arcs are so wide that their chords are up to {sagitta} off (drawing units)",
        "圆弧半径过大，弦与弧最多相差 {sagitta}（图形单位）",
    ),
    "drawing.remark.holes": (
        "{count} outlines of its CAD layer lie in it without a text of their own and were cut out as holes: {handles}, "
        "{area} square units in all",
        "同一 CAD 图层中有 {count} 个无文字的闭合线位于其内，按内洞扣除：{handles}，共 {area} 平方单位",
    ),
    "drawing.remark.nested": (
        "lies in the outline {handle} of the same CAD layer; both are kept, since a text stands in it",
        "位于同一 CAD 图层的 {handle} 之内；因其内有文字，两者均保留",
    ),
    "drawing.note.texts": (
        "{file}: {paired}/{texts} texts stand in an outline; {named}/{outlines} outlines have a text",
        "{file}：{paired}/{texts} 个文字落入地块，{named}/{outlines} 个地块有文字",
    ),
    "drawing.note.texts_nested": (
        "{file}: {count} texts stand in several outlines and went to the smallest",
        "{file}：{count} 个文字同时落入多个地块，归最小者",
    ),
    "drawing.note.chords": (
        "{file}: arcs and curves became chords, at most {sagitta} drawing units from them",
        "{file}：圆弧与曲线已折线化，弦弧差不超过 {sagitta} 图形单位",
    ),
    "drawing.note.not_taken": (
        "{file}: {count} entities are neither outlines nor texts and were not taken: {types}",
        "{file}：{count} 个图元不是边界线或文字，未读取：{types}",
    ),
    "drawing.note.paper": (
        "{file}: {count} entities on layout sheets were not taken: {types}",
        "{file}：布局（图纸空间）中的 {count} 个图元未读取：{types}",
    ),
    "drawing.note.lost": (
        "{file}: {count} entities are broken and could not be read: {types}",
        "{file}：{count} 个图元已损坏，无法读取：{types}",
    ),
    "drawing.note.completed": (
        "{file}: {count} entities lacked the markers that DXF asks for and were read without them",
        "{file}：{count} 个图元缺少 DXF 规定的子类标记，已照常读取",
    ),
    "drawing.note.encoding_found": (
        "{file}: text read as {encoding}, found in its bytes; the header says {claimed}",
        "{file}：文字按字节判定为 {encoding}（文件头标为 {claimed}）",
    ),
    "drawing.note.encoding_unfit": (
        "{file}: text fits no encoding; read as {encoding}, with \ufffd where that fails (the header says {claimed})",
        "{file}：文字不符合任何编码，暂按 {encoding} 读取，读不出处为 \ufffd（文件头标为 {claimed}）",
    ),
    "drawing.note.units": (
        "{file}: the header gives {unit} as the unit of inserts; coordinates are taken as drawn",
        "{file}：文件头的插入单位为 {unit}；坐标按原值读取",
    ),
    "drawing.note.geodata_unread": (
        "{file}: its geographic location cannot be read and was left aside",
        "{file}：图形的地理位置信息无法读取，未采用",
    ),
    "drawing.note.geodata_shifted": (
        "{file}: drawn in a system of its own, which its geographic location ties to {crs}; coordinates are as drawn",
        "{file}：图形采用自有坐标，其地理位置信息指向 {crs}；坐标按原值读取，未转换",
    ),
}
