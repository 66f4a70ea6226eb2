"""Words of the room `files`: what delivered files and workspaces may have wrong with them."""

_SEE_CRS = (
    "give it a .prj (shapefile), or save it anew from QGIS with its coordinate reference system set",
    "请补充 .prj 文件（shapefile），或在 QGIS 中设定坐标系后另存",
)
_EXPORT_ANEW = ("open it in QGIS and export it anew, as GeoPackage", "请在 QGIS 中打开并另存为 GeoPackage")

ENTRIES: dict[str, tuple[str, str]] = {
    "error.files.missing": ("{file}: no such file", "{file}：文件不存在"),
    "error.files.missing.hint": (
        "check the name; only local files are read",
        "请核对文件名；只读取本机文件",
    ),
    "error.files.unreadable": ("{file}: cannot be opened ({detail})", "{file}：无法打开（{detail}）"),
    "error.files.unreadable.hint": (
        "check that you may read it and that no other program holds it",
        "请检查读取权限，以及是否被其他程序占用",
    ),
    "error.files.not_regular": ("{file}: not a regular file", "{file}：不是普通文件"),
    "error.files.not_regular.hint": (
        "name a file, or a .gdb folder",
        "请指定一个文件，或 .gdb 文件夹",
    ),
    "error.files.link": ("{file}: a link, not a file", "{file}：是链接，不是文件"),
    "error.files.link.hint": (
        "name the file that it points to, or copy that file here",
        "请直接指定其指向的文件，或将该文件复制过来",
    ),
    "error.files.part_of": ("{file}: belongs to {whole}", "{file}：是 {whole} 的一部分"),
    "error.files.part_of.hint": ("import {whole}", "请导入 {whole}"),
    "error.files.refused": ("{file}: {what}", "{file}：{what}"),
    "error.files.refused.hint": ("{advice}", "{advice}"),
    "files.refused.archive": ("an archive of a kind that landkit does not unpack", "不支持的压缩包类型"),
    "files.refused.archive.advice": (
        "unpack it and import the folder, or ask for a zip",
        "请解压后导入文件夹，或索取 zip 格式",
    ),
    "files.refused.drawing": ("a drawing in a format that only its own program reads", "只有专用软件可读的图形格式"),
    "files.refused.drawing.advice": (
        "save it as DXF (AutoCAD: SAVEAS, AutoCAD 2018 DXF) and import that",
        "请在 CAD 中另存为 DXF（如 AutoCAD 2018 DXF）后导入",
    ),
    "files.refused.database": ("a database", "数据库文件"),
    "files.refused.database.advice": (
        "open it in QGIS and export the layers as GeoPackage, or its tables as CSV or XLSX",
        "请在 QGIS 中打开，将图层导出为 GeoPackage，或将数据表导出为 CSV、XLSX",
    ),
    "files.refused.pointer": ("holds no data, but points to other files", "本身没有数据，只是指向其他文件"),
    "files.refused.pointer.advice": ("import the files that it points to", "请导入其指向的数据文件"),
    "files.refused.program": ("could run as a program, and is never loaded", "可作为程序运行，一律不加载"),
    "files.refused.program.advice": (
        "ask for the data as GeoPackage, GeoJSON, CSV or XLSX",
        "请索取 GeoPackage、GeoJSON、CSV 或 XLSX 格式的数据",
    ),
    "files.refused.topology": ("a format for drawing maps, which landkit does not read", "制图用格式，不予读取"),
    "files.refused.topology.advice": (
        "open it in QGIS and export it as GeoPackage or GeoJSON",
        "请在 QGIS 中打开并导出为 GeoPackage 或 GeoJSON",
    ),
    "files.refused.document": ("a document or a picture, not data", "文档或图片，不是数据"),
    "files.refused.document.advice": (
        "ask for the data behind it; a table in it can be copied into a workbook",
        "请索取其数据文件；文档中的表格可复制到电子表格后导入",
    ),
    "files.refused.part": ("a part of another file", "是其他文件的组成部分"),
    "files.refused.part.advice": (
        "import the file of the same name with .shp, .tab, .mif, .gpkg, or the .gdb folder",
        "请导入同名的 .shp、.tab、.mif、.gpkg 文件，或 .gdb 文件夹",
    ),
    "error.files.unknown_kind": ("{file}: not a kind of file that is read here", "{file}：不是此处可读取的文件类型"),
    "error.files.unknown_kind.hint": (
        "the kinds read are {suffixes}; unpack archives first, and export anything else as GeoPackage",
        "可读取 {suffixes}；压缩包请先解压，其他格式请另存为 GeoPackage",
    ),
    "error.files.not_kind": (
        "{file}: called a {kind}, but its content is something else or cut off",
        "{file}：扩展名为 {kind}，内容却不是，或已残缺",
    ),
    "error.files.not_kind.hint": (
        "give the file the extension of what it is, or ask for it again",
        "请改用与内容相符的扩展名，或重新索取文件",
    ),
    "error.files.broken": ("{file}: damaged {kind} ({detail})", "{file}：{kind} 已损坏（{detail}）"),
    "error.files.broken.hint": (
        "ask for the file again, or open it in QGIS and export it anew, as GeoPackage",
        "请重新索取文件，或在 QGIS 中打开并另存为 GeoPackage",
    ),
    "error.files.no_shx": ("{file}: the .shx beside it is missing", "{file}：缺少同名 .shx 文件"),
    "error.files.no_shx.hint": (
        "ask for the whole set: .shp, .shx, .dbf, .prj, .cpg",
        "请索取成套文件：.shp、.shx、.dbf、.prj、.cpg",
    ),
    "error.files.no_geo": (
        "{file}: a Parquet file without the metadata of GeoParquet",
        "{file}：Parquet 文件缺少 GeoParquet 元数据",
    ),
    "error.files.no_geo.hint": _EXPORT_ANEW,
    "error.files.no_polygons": ("{file}: no polygon layer in it", "{file}：没有面图层"),
    "error.files.no_polygons.hint": (
        "areas are measured on polygons: name the file that holds them",
        "面积只能按面图形量算：请指定含面图形的文件",
    ),
    "error.files.only_views": (
        "{file}: its layers are views, not tables ({layers})",
        "{file}：图层是视图而非数据表（{layers}）",
    ),
    "error.files.only_views.hint": _EXPORT_ANEW,
    "error.files.no_layer": ("{file}: no polygon layer called {layer!r}", "{file}：没有名为 {layer!r} 的面图层"),
    "error.files.no_layer.hint": ("it has: {layers}", "其中有：{layers}"),
    "error.files.doctype": ("{file}: declares a document type (DOCTYPE)", "{file}：含 DOCTYPE 声明"),
    "error.files.doctype.hint": (
        "such files can pull in others and are not read; export it anew without one",
        "此类文件可引入外部内容，不予读取；请重新导出不含 DOCTYPE 的文件",
    ),
    "error.files.geojson_crs": (
        "{file}: names a coordinate reference system that is a link or not known: {crs}",
        "{file}：所标坐标系为链接或无法识别：{crs}",
    ),
    "error.files.geojson_crs.hint": (
        "links are not followed; name it by its code, as urn:ogc:def:crs:EPSG::4490",
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
        "{file}：没有可用的 .cpg，按字节判定文字编码为 UTF-8",
    ),
    "files.note.encoding_gb18030": (
        "{file}: text read as GB18030 (GBK), found from its bytes (no .cpg that fits)",
        "{file}：没有可用的 .cpg，按字节判定文字编码为 GB18030（GBK）",
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
        "{file}: records marked as deleted and left out: {count}",
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
    "reason.not_finite": ("a coordinate is not a finite number", "坐标不是有限数值"),
    "reason.out_of_range": ("coordinates outside the range of the reference system", "坐标超出坐标系范围"),
    "reason.unreadable": ("geometry cannot be read", "图形无法读取"),
    "reason.cut_off": ("file ends before this record", "文件残缺，此记录不全"),
    "reason.no_record": ("geometry and attributes do not match up", "图形与属性记录不对应"),
    "error.workspace.not_there": ("{folder}: no landkit.toml in it", "{folder}：其中没有 landkit.toml"),
    "error.workspace.not_there.hint": (
        "name the folder of a workspace, or make one with: landkit demo DIR",
        "请指定工作区文件夹，或用 landkit demo DIR 生成一个",
    ),
    "error.workspace.none": (
        "no workspace here: neither landkit.toml nor layers/landkit.toml",
        "当前位置没有工作区：未找到 landkit.toml 或 layers/landkit.toml",
    ),
    "error.workspace.none.hint": (
        "name one with -w DIR, name files to measure, or make the example with: landkit demo DIR",
        "请用 -w DIR 指定工作区，或直接给出要量算的文件，或用 landkit demo DIR 生成示例",
    ),
    "error.workspace.toml": (
        "{file}, line {line}: not valid TOML ({detail})",
        "{file} 第 {line} 行：不是有效的 TOML（{detail}）",
    ),
    "error.workspace.toml.hint": (
        "correct that line; text needs double quotes, and the file must be UTF-8",
        "请修改该行；文字要加英文双引号，文件须为 UTF-8 编码",
    ),
    "error.workspace.key_unknown": ("{file}, line {line}: unknown key {name}", "{file} 第 {line} 行：未知的键 {name}"),
    "error.workspace.key_unknown.hint": ("check the spelling; known there: {known}", "请核对拼写；此处可用：{known}"),
    "error.workspace.key_missing": (
        "{file}, line {line}: [{name}] has no {missing}",
        "{file} 第 {line} 行：[{name}] 缺少 {missing}",
    ),
    "error.workspace.key_missing.hint": (
        "add a line {missing} = ... under [{name}]",
        "请在 [{name}] 下补一行 {missing} = ...",
    ),
    "error.workspace.value": (
        "{file}, line {line}: {name} cannot be {value!r}",
        "{file} 第 {line} 行：{name} 不能取 {value!r}",
    ),
    "error.workspace.value.hint": (
        "docs/workspace.md lists the keys with their types",
        "各键的类型见 docs/workspace.md",
    ),
    "error.workspace.choice": (
        "{file}, line {line}: {name} cannot be {value!r}",
        "{file} 第 {line} 行：{name} 不能取 {value!r}",
    ),
    "error.workspace.choice.hint": ("choose one of: {choices}", "可取：{choices}"),
    "error.workspace.crs": (
        "{file}, line {line}: {name} = {value!r} is no 3-degree Gauss-Krüger plane of CGCS2000",
        "{file} 第 {line} 行：{name} = {value!r} 不是 CGCS2000 三度带高斯–克吕格平面",
    ),
    "error.workspace.crs.hint": (
        "for Jinhua (central meridian 120 E) it is EPSG:4549",
        "金华（中央子午线 120°）为 EPSG:4549",
    ),
    "error.workspace.aoi": (
        "{file}, line {line}: {name} = {value} is no box",
        "{file} 第 {line} 行：{name} = {value} 不是有效范围",
    ),
    "error.workspace.aoi.hint": (
        "give west, south, east, north in degrees, as [119.31, 28.90, 119.85, 29.30]",
        "请按西、南、东、北给出经纬度，如 [119.31, 28.90, 119.85, 29.30]",
    ),
    "error.workspace.districts": (
        "{file}, line {line}: {name} = {value!r} is no polygon layer of this workspace",
        "{file} 第 {line} 行：{name} = {value!r} 不是本工作区的面图层",
    ),
    "error.workspace.districts.hint": (
        "add [layers.{value}] with its file, or name another layer",
        "请补上 [layers.{value}] 及其文件，或改用其他图层",
    ),
    "error.workspace.programme": (
        "{file}, line {line}: {name}, but {value} is a table without shapes",
        "{file} 第 {line} 行：{name}，但 {value} 是没有图形的表",
    ),
    "error.workspace.programme.hint": (
        "only layers with polygons are measured; remove the line",
        "只有面图层可量算；请删去该行",
    ),
    "error.workspace.outside": (
        "{file}, line {line}: {name} = {value!r} lies outside the workspace",
        "{file} 第 {line} 行：{name} = {value!r} 在工作区之外",
    ),
    "error.workspace.outside.hint": (
        "put the file into the workspace folder and name it by its name alone",
        "请把文件放进工作区文件夹，只写文件名",
    ),
    "error.workspace.no_file": (
        "{file}, line {line}: {name} = {value!r}, but there is no such file",
        "{file} 第 {line} 行：{name} = {value!r}，但文件不存在",
    ),
    "error.workspace.no_file.hint": ("put the file there, or remove the layer", "请补上该文件，或删去该图层"),
    "error.workspace.no_layer": ("the workspace has no layer {layer!r}", "工作区中没有图层 {layer!r}"),
    "error.workspace.no_layer.hint": ("it has: {layers}", "其中有：{layers}"),
    "error.workspace.is_table": ("{layer} is a table without shapes ({file})", "{layer} 是没有图形的表（{file}）"),
    "error.workspace.is_table.hint": ("name a layer with polygons", "请指定面图层"),
    "error.workspace.is_layer": (
        "{layer} is a layer with shapes, not a table ({file})",
        "{layer} 是图层而非数据表（{file}）",
    ),
    "error.workspace.is_layer.hint": ("a table is a .csv file in landkit.toml", "数据表在 landkit.toml 中为 .csv 文件"),
    "error.workspace.csv": ("{file}: cannot be read as CSV ({detail})", "{file}：无法按 CSV 读取（{detail}）"),
    "error.workspace.csv.hint": ("save it as CSV UTF-8", "请另存为“CSV UTF-8”"),
    "error.workspace.headings": ("{file}: no headings, or one of them twice", "{file}：没有列名，或列名重复"),
    "error.workspace.headings.hint": (
        "give every column a name of its own in the first line",
        "请在首行给每一列取不同的名称",
    ),
    "error.workspace.ragged": (
        "{file}, line {line}: {found} cells under {wanted} headings",
        "{file} 第 {line} 行：{wanted} 个列名下有 {found} 个单元格",
    ),
    "error.workspace.ragged.hint": ("put a cell that holds a comma in double quotes", "含逗号的单元格请加英文双引号"),
    "error.workspace.cell": (
        "{file}, line {line}: {column} = {value!r} is no {type}",
        "{file} 第 {line} 行：{column} = {value!r} 不是 {type}",
    ),
    "error.workspace.cell.hint": (
        "correct the cell: dates as 2022-06-30, true or false, figures without a unit",
        "请改正该单元格：日期如 2022-06-30，是否填 true 或 false，数字不带单位",
    ),
    "error.workspace.target_file": ("{folder}: a file of that name is there", "{folder}：已有同名文件"),
    "error.workspace.target_file.hint": ("name a new folder", "请指定新的文件夹"),
    "error.workspace.target_taken": ("{folder}: the folder is not empty", "{folder}：文件夹不是空的"),
    "error.workspace.target_taken.hint": (
        "name a new folder, or add --force to write into this one",
        "请指定新的文件夹，或加 --force 写入此文件夹",
    ),
    "error.workspace.target_failed": ("{folder}: cannot be written ({detail})", "{folder}：无法写入（{detail}）"),
    "error.workspace.target_failed.hint": ("name a folder that you may write to", "请指定有写入权限的文件夹"),
    "layers.title": ("Layers of {zone} {year}", "{zone}{year}年图层"),
    "layers.layer": ("layer", "图层"),
    "layers.kind": ("kind", "类型"),
    "layers.kind.polygon": ("polygons", "面"),
    "layers.kind.table": ("table", "表"),
    "layers.file": ("file", "文件"),
    "layers.rows": ("rows", "行数"),
    "layers.area": ("area ({unit})", "面积（{unit}）"),
    "layers.crs": ("CRS", "坐标系"),
    "layers.certainty": ("certainty", "图形来源"),
    "layers.no_shape": ("without a shape", "有账无图"),
    "layers.unusable": ("other rows not measured", "其他未量算"),
    "layers.programme": ("programme", "专项"),
    "layers.yes": ("yes", "是"),
    "layers.no": ("no", "否"),
    "layers.note": (
        "Areas are gross (ellipsoidal, {plane}), not net: rows of a layer may overlap",
        "面积为逐项合计（椭球面积，{plane}），不是去重后面积：图层内各行可能重叠",
    ),
    "layers.note.unusable": (
        "{layer}: rows whose shape cannot be measured: {count}; `landkit area {layer}` lists them",
        "{layer}：{count} 行有图形但无法量算，明细见 landkit area {layer}",
    ),
    "layers.note.placeholder": (
        "Some shapes are placeholders: their areas are illustrative",
        "部分图形为示意图形（placeholder），面积仅供示意",
    ),
    "geom_source.survey": ("survey", "实测"),
    "geom_source.digitised": ("digitised", "勾绘"),
    "geom_source.cad": ("CAD", "CAD"),
    "geom_source.placeholder": ("placeholder", "示意"),
    "geom_source.none": ("none", "无"),
}
