"""Layers going out again."""

ENTRIES: dict[str, tuple[str, str]] = {
    "help.export": (
        "Write a layer to a file for others: survey TXT, DXF, shapefile, GeoJSON, GeoParquet, CSV, GeoPackage.",
        "导出图层：国土 TXT、DXF、shapefile、GeoJSON、GeoParquet、CSV、GeoPackage。",
    ),
    "help.export.about": (
        "Every row goes out, also those without a shape. What a format cannot hold is named, and written to a table "
        "beside the file.\n"
        "The files appear all or none; those of the workspace are never replaced.",
        "每一行都导出，有账无图的也在内。格式容纳不下的内容逐项说明，并写入同名附表。\n"
        "各文件要么全部写成，要么都不写；工作区自身的文件从不覆盖。",
    ),
    "help.export.examples": (
        "landkit export reclaim --to survey-txt -o reclaim.txt --crs EPSG:4528\n"
        "landkit export lowefficiency --to shp -o out/lowefficiency.shp\n"
        "landkit export reclaim --to dxf -o reclaim.dxf --force",
        "landkit export reclaim --to survey-txt -o 收回地块.txt --crs EPSG:4528\n"
        "landkit export lowefficiency --to shp -o 低效用地.shp\n"
        "landkit export reclaim --to dxf -o 收回地块.dxf --force",
    ),
    "option.to": ("Format to write.", "导出格式。"),
    "option.profile": (
        "How the recipient wants a survey TXT (columns, prefix, encoding, decimals); else standard.",
        "国土 TXT 的接收方要求（列数、带号、编码、小数位）；未指定时为 standard。",
    ),
    "option.export_crs": (
        "System of the coordinates: EPSG:4490, or a 3-degree plane; else EPSG:4490 for GeoJSON, the working plane for "
        "all others.",
        "坐标系：EPSG:4490 或 CGCS2000 三度带；未指定时 GeoJSON 用 EPSG:4490，其余用工作平面。",
    ),
    "option.export_output": ("File to write.", "输出文件。"),
    "error.export.format": ("'{to}' is no format to export to", "没有“{to}”这种导出格式"),
    "error.export.format.hint": ("choose one of: {formats}", "可选：{formats}"),
    "error.export.suffix": ("{path}: not a name for {to}", "{path}：与导出格式 {to} 不符"),
    "error.export.suffix.hint": ("end the name in one of: {suffixes}", "文件名请以下列之一结尾：{suffixes}"),
    "error.export.no_profile": ("a profile does nothing for {to}", "{to} 不使用接收方要求（profile）"),
    "error.export.no_profile.hint": (
        "leave --profile out; it is for survey-txt",
        "请去掉 --profile，它只用于 survey-txt",
    ),
    "error.export.profile": ("'{profile}' is no profile", "没有“{profile}”这种接收方要求"),
    "error.export.profile.hint": ("choose one of: {profiles}", "可选：{profiles}"),
    "error.export.own_file": ("{path}: belongs to the workspace", "{path}：是工作区自身的文件"),
    "error.export.own_file.hint": ("write to another name or folder", "请换一个文件名或文件夹"),
    "error.export.table": ("{layer} is a table and cannot go out as {to}", "{layer} 是表，不能导出为 {to}"),
    "error.export.table.hint": ("export it with --to csv", "请用 --to csv 导出"),
    "error.export.crs": ("{crs}: no known reference system", "{crs}：无法识别的坐标系"),
    "error.export.crs.hint": ("write it as EPSG:4528", "请写成 EPSG:4528 的形式"),
    "error.export.crs_for": ("{crs} does not suit {to}", "{crs} 不适用于 {to}"),
    "error.export.crs_for.hint": (
        "GeoJSON takes EPSG:4490; survey TXT and DXF take a 3-degree plane of CGCS2000 such as EPSG:4549 or EPSG:4528; "
        "the others take either",
        "GeoJSON 用 EPSG:4490；国土 TXT 与 DXF 用 CGCS2000 三度带，如 EPSG:4549 或 EPSG:4528；其余两者皆可",
    ),
    "export.written": (
        "{layer}: {rows} rows written as {to} ({crs}); without a usable shape: {shapeless}",
        "{layer}：{rows} 行已导出为 {to}（{crs}），其中无可用图形 {shapeless} 行",
    ),
    "export.written_table": ("{layer}: {rows} rows written as {to}", "{layer}：{rows} 行已导出为 {to}"),
    "export.note.placeholder": (
        "{count} shapes are placeholders: illustrative, of no legal effect",
        "{count} 个图形为示意图形（placeholder），不作为权属依据",
    ),
    "export.note.utf8": (
        "there are characters that GBK has not, so the shapefile is UTF-8",
        "有 GBK 以外的字符，本 shapefile 改用 UTF-8 编码",
    ),
    "export.note.cut": (
        "{column}: {count} values do not fit a shapefile and were cut or changed; they stand whole in .rest.csv",
        "{column}：{count} 个值超出 shapefile 容量，已截短或变形；原值见附表 .rest.csv",
    ),
    "export.note.short_names": (
        "{count} fields have short names; {file} lists what they stand for",
        "{count} 个字段用了短名，对照见 {file}",
    ),
    "export.note.shapes_aside": (
        "{count} shapes are no polygons and stand in {file} instead",
        "{count} 个图形不是面，改写入 {file}",
    ),
    "export.note.columns_aside": (
        "the format has no columns of its own: every row stands whole in {file}",
        "该格式没有属性列：全部属性见 {file}",
    ),
    "export.note.rows_aside": (
        "{count} rows have no polygon and stand in {file} only",
        "{count} 行没有面图形，仅见于 {file}",
    ),
    "export.note.rounded": ("coordinates have {digits} decimals", "坐标保留 {digits} 位小数"),
}
