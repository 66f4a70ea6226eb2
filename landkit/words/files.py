"""Words of the room `files`: what delivered files and workspaces may have wrong with them."""

_SEE_CRS = (
    "Give it a .prj (shapefile), or save it anew from QGIS with its coordinate reference system set",
    "请补充 .prj 文件（shapefile），或在 QGIS 中设定坐标系后另存",
)
_EXPORT_ANEW = ("Open it in QGIS and export it anew, as GeoPackage", "请在 QGIS 中打开并另存为 GeoPackage")

ENTRIES: dict[str, tuple[str, str]] = {
    "error.files.missing": ("{file}: no such file", "{file}：文件不存在"),
    "error.files.missing.hint": (
        "Check the name; only local files are read",
        "请核对文件名；只读取本机文件",
    ),
    "error.files.unreadable": ("{file}: cannot be opened ({detail})", "{file}：无法打开（{detail}）"),
    "error.files.unreadable.hint": (
        "Check that you may read it and that no other program holds it",
        "请检查读取权限，以及是否被其他程序占用",
    ),
    "error.files.not_regular": ("{file}: not a regular file", "{file}：不是普通文件"),
    "error.files.not_regular.hint": (
        "Name a file, or a .gdb folder",
        "请指定一个文件，或 .gdb 文件夹",
    ),
    "error.files.unknown_kind": ("{file}: not a vector file that landkit reads", "{file}：不是可读取的矢量文件"),
    "error.files.unknown_kind.hint": (
        "Read are {suffixes}; unpack archives first, and export anything else as GeoPackage",
        "可读取 {suffixes}；压缩包请先解压，其他格式请另存为 GeoPackage",
    ),
    "error.files.not_kind": (
        "{file}: called a {kind}, but its content is something else or cut off",
        "{file}：扩展名为 {kind}，内容却不是，或已残缺",
    ),
    "error.files.not_kind.hint": (
        "Give the file the extension of what it is, or ask for it again",
        "请改用与内容相符的扩展名，或重新索取文件",
    ),
    "error.files.broken": ("{file}: damaged {kind} ({detail})", "{file}：{kind} 已损坏（{detail}）"),
    "error.files.broken.hint": (
        "Ask for the file again, or open it in QGIS and export it anew, as GeoPackage",
        "请重新索取文件，或在 QGIS 中打开并另存为 GeoPackage",
    ),
    "error.files.no_shx": ("{file}: the .shx beside it is missing", "{file}：缺少同名 .shx 文件"),
    "error.files.no_shx.hint": (
        "Ask for the whole set: .shp, .shx, .dbf, .prj, .cpg",
        "请索取成套文件：.shp、.shx、.dbf、.prj、.cpg",
    ),
    "error.files.no_geo": (
        "{file}: a Parquet file without the metadata of GeoParquet",
        "{file}：Parquet 文件缺少 GeoParquet 元数据",
    ),
    "error.files.no_geo.hint": _EXPORT_ANEW,
    "error.files.no_polygons": ("{file}: no polygon layer in it", "{file}：没有面图层"),
    "error.files.no_polygons.hint": (
        "Areas are measured on polygons: name the file that holds them",
        "面积只能按面图形量算：请指定含面图形的文件",
    ),
    "error.files.only_views": (
        "{file}: its layers are views, not tables ({layers})",
        "{file}：图层是视图而非数据表（{layers}）",
    ),
    "error.files.only_views.hint": _EXPORT_ANEW,
    "error.files.no_layer": ("{file}: no polygon layer called {layer!r}", "{file}：没有名为 {layer!r} 的面图层"),
    "error.files.no_layer.hint": ("It has: {layers}", "其中有：{layers}"),
    "error.files.doctype": ("{file}: declares a document type (DOCTYPE)", "{file}：含 DOCTYPE 声明"),
    "error.files.doctype.hint": (
        "Such files can pull in others and are not read; export it anew without one",
        "此类文件可引入外部内容，不予读取；请重新导出不含 DOCTYPE 的文件",
    ),
    "error.files.geojson_crs": (
        "{file}: names a coordinate reference system that is a link or not known: {crs}",
        "{file}：所标坐标系为链接或无法识别：{crs}",
    ),
    "error.files.geojson_crs.hint": (
        "Links are not followed; name it by its code, as urn:ogc:def:crs:EPSG::4490",
        "不访问链接；请用编码标明，如 urn:ogc:def:crs:EPSG::4490",
    ),
    "error.files.crs_unreadable": (
        "{file}: its coordinate reference system cannot be understood ({detail})",
        "{file}：坐标系无法识别（{detail}）",
    ),
    "error.files.crs_unreadable.hint": _SEE_CRS,
    "files.note.layers_left": (
        "{file}: not read, being no polygon tables: {layers}",
        "{file}：以下图层不是面数据表，未读取：{layers}",
    ),
    "files.note.encoding_utf8": (
        "{file}: text read as UTF-8, found from its bytes (no .cpg that fits)",
        "{file}：无可用 .cpg，按字节判定文字为 UTF-8",
    ),
    "files.note.encoding_gb18030": (
        "{file}: text read as GB18030 (GBK), found from its bytes (no .cpg that fits)",
        "{file}：无可用 .cpg，按字节判定文字为 GB18030（GBK）",
    ),
    "files.note.encoding_unknown": (
        "{file}: the encoding of its text is unknown; text outside ASCII is not to be trusted",
        "{file}：文字编码无法判定，非 ASCII 文字不可信",
    ),
    "files.note.text_cut": (
        "{file}: some names or values were cut in the middle of a character ({codec}); the stump reads as �",
        "{file}：部分字段名或字段值被截断在半个字符处（{codec}），残字显示为 �",
    ),
    "files.note.deleted": (
        "{file}: {count} records marked as deleted are left out",
        "{file}：{count} 条记录已标记删除，未计入",
    ),
    "files.note.flattened": (
        "{file}: heights and measures are dropped; areas are those of the plan view",
        "{file}：已略去高程值和 M 值，面积按平面投影量算",
    ),
    "files.note.curves": (
        "{file}: arcs are measured as chords of 4 degrees",
        "{file}：圆弧按 4 度一段的弦线量算",
    ),
    "files.note.renamed": (
        "{file}: column {name} is called {new} here, the name being taken",
        "{file}：字段名 {name} 重复，改称 {new}",
    ),
    "files.note.spherical": (
        "{file}: says that its edges are geodesics; they are taken as straight in the working plane",
        "{file}：标明边线为大地线，此处按工作平面上的直线处理",
    ),
    "files.note.reader": ("{file}: the reader remarks: {text}", "{file}：读取程序提示：{text}"),
    "reason.no_geometry": ("no geometry", "无图形"),
    "reason.empty": ("empty geometry", "空图形"),
    "reason.point": ("point, no area", "点图形，无面积"),
    "reason.line": ("line, no area", "线图形，无面积"),
    "reason.collection": ("mixed collection", "混合图形集合"),
    "reason.not_finite": ("coordinate is no finite number", "坐标不是有限数值"),
    "reason.out_of_range": ("coordinates beyond the coordinate reference system", "坐标超出坐标系范围"),
    "reason.unreadable": ("geometry cannot be read", "图形无法读取"),
    "reason.cut_off": ("file ends before this record", "文件残缺，此记录不全"),
    "reason.no_record": ("geometry and attributes do not match up", "图形与属性记录不对应"),
}
