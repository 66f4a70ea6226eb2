"""Spreadsheets and CSV."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.sheets.broken": (
        "{file}: damaged {kind} ({detail})",
        "{file}：{kind} 已损坏（{detail}）",
    ),
    "error.sheets.broken.hint": (
        "open it in Excel or WPS and save it anew as .xlsx, or ask for the file again",
        "请用 Excel 或 WPS 打开并另存为 .xlsx，或重新索取文件",
    ),
    "error.sheets.encrypted": (
        "{file}: protected by a password",
        "{file}：文件有打开密码",
    ),
    "error.sheets.encrypted.hint": (
        "open it with the password and save it without one",
        "请用密码打开后，取消密码另存",
    ),
    "error.sheets.too_large_unpacked": (
        "{file}: unpacks to {megabytes} MB, more than a workbook made by people does",
        "{file}：解压后达 {megabytes} MB，超出正常工作簿",
    ),
    "error.sheets.too_large_unpacked.hint": (
        "it is not opened; copy the rows that are needed into a new workbook",
        "未打开该文件；请把需要的行复制到新工作簿",
    ),
    "error.sheets.too_large": (
        "{file}, sheet {sheet}: too large a table ({rows} rows, {columns} columns)",
        "{file} 工作表 {sheet}：表格过大（{rows} 行、{columns} 列）",
    ),
    "error.sheets.too_large.hint": (
        "clear stray cells far below or to the right, or divide the table over several files",
        "请清除远处的零散单元格，或把表格拆成几个文件",
    ),
    "error.sheets.empty": (
        "{file}: no sheet holds anything",
        "{file}：没有内容",
    ),
    "error.sheets.empty.hint": (
        "check that it is the right file",
        "请核对是否为正确的文件",
    ),
    "error.sheets.encoding": (
        "{file}: is no text in {encoding}",
        "{file}：不是 {encoding} 编码的文本",
    ),
    "error.sheets.encoding.hint": (
        "save it as CSV UTF-8, or name its encoding",
        "请另存为“CSV UTF-8”，或指明其编码",
    ),
    "error.sheets.encoding_unknown": (
        "{file}: no encoding is called {encoding}",
        "{file}：没有名为 {encoding} 的编码",
    ),
    "error.sheets.encoding_unknown.hint": (
        "name one such as utf-8 or gb18030",
        "请指定 utf-8 或 gb18030 等编码",
    ),
    "sheets.note.hidden": (
        "{file}: a hidden sheet, read like the others",
        "{file}：隐藏的工作表，已一并读取",
    ),
    "sheets.note.gb18030": (
        "{file}: text read as GB18030 (GBK), found from its bytes",
        "{file}：按字节判定文字编码为 GB18030（GBK）",
    ),
    "sheets.note.quotes": (
        "{file}: quotation marks do not match: each line is read as it stands, check its cells",
        "{file}：引号不配对：各行按原样读取，请核对单元格",
    ),
    "sheets.note.no_header": (
        "{file}: no header found; columns are called by their letters",
        "{file}：未找到表头，列名以列标代替",
    ),
    "sheets.note.header": (
        "{file}: header in row {rows}",
        "{file}：表头第 {rows} 行",
    ),
    "sheets.note.unnamed": (
        "{file}: columns without a heading: {columns}",
        "{file}：没有列名的列：{columns}",
    ),
    "sheets.note.repeated": (
        "{file}: the header over again, left out: rows {rows}",
        "{file}：重复的表头未计入：第 {rows} 行",
    ),
    "sheets.note.numbering": (
        "{file}: numbers of the columns, left out: row {rows}",
        "{file}：栏次行未计入：第 {rows} 行",
    ),
    "sheets.note.footnotes": (
        "{file}: below the table, left out: {text}",
        "{file}：表下附注未计入：{text}",
    ),
    "sheets.note.total": (
        "{file}: row {row} is a total, taken out as a control: {text}",
        "{file}：第 {row} 行为合计，已剔除，用于核对：{text}",
    ),
    "sheets.note.total_lost": (
        "{file}: row {row}: the total of {column} cannot be compared, its value is not in the file",
        "{file}：第 {row} 行：{column} 的合计值不在文件中，无法核对",
    ),
    "sheets.note.total_differs": (
        "{file}: row {row}: {column} says {declared}, its rows come to {computed} (cells not read: {unread})",
        "{file}：第 {row} 行：{column} 填 {declared}，各行相加为 {computed}（无法识别的单元格 {unread} 个）",
    ),
    "sheets.note.totals_agree": (
        "{file}: totals that agree with their rows: {count}",
        "{file}：与各行相加一致的合计：{count} 项",
    ),
    "sheets.note.filled": (
        "{file}: {column}: merged cells, their text given to {count} rows below",
        "{file}：{column}：合并单元格，其内容已填入下方 {count} 行",
    ),
    "sheets.note.second_header": (
        "{file}: row {row} looks like the header of another table; rows from there on are read under the first one",
        "{file}：第 {row} 行疑为另一张表的表头；该行及以下各行仍按第一个表头读取",
    ),
    "sheets.note.section": (
        "{file}: row {row} heads the block below it, no record: {text}",
        "{file}：第 {row} 行为分组标题，不计为记录：{text}",
    ),
    "sheets.note.ordinals": (
        "{file}: rows {rows} are counted 一, 二, 三 and may sum up those below; they are read as records",
        "{file}：第 {rows} 行以一、二、三编号，可能是下方各行的汇总，仍按记录读取",
    ),
    "sheets.note.shapes": (
        "{file}: shapes from the text of column {column}",
        "{file}：图形取自 {column} 列的文字",
    ),
    "sheets.note.shapes_left": (
        "{file}: columns with shapes that are kept as text: {columns}",
        "{file}：以下各列也含图形文字，按文字保留：{columns}",
    ),
    "sheets.note.axes_size": (
        "{file}: coordinates: {north} is north and {east} is east, by their size",
        "{file}：坐标：按数值大小判定 {north} 为北、{east} 为东",
    ),
    "sheets.note.axes_name": (
        "{file}: coordinates: {north} is taken as north and {east} as east, by their names; their size does not tell",
        "{file}：坐标：按列名以 {north} 为北、{east} 为东，数值大小无法判定",
    ),
    "sheets.note.axes_survey": (
        "{file}: coordinates: {north} is taken as north, {east} as east, as surveyors write; their size does not tell",
        "{file}：坐标：按测量习惯以 {north} 为北、{east} 为东，数值大小无法判定",
    ),
    "sheets.note.point_list": (
        "{file}: list of boundary points: {points} points are the rings of {parcels} parcels",
        "{file}：界址点成果表：{points} 个点组成 {parcels} 宗地",
    ),
    "sheets.note.parcel_above": (
        "{file}: points without a parcel in column {column} belong to the parcel above: {count}",
        "{file}：{column} 为空的界址点归入上方地块：{count} 个",
    ),
    "sheets.remark.merged_number": (
        "{column}: {value} stands in the merged cells {cells} for several rows and is counted in the first only",
        "{column}：合并单元格 {cells} 的 {value} 属于多行，只记在第一行",
    ),
    "sheets.remark.formula": (
        "{cell} ({column}): a formula saved without its result, taken as empty",
        "{cell}（{column}）：公式未保存结果，按空值处理",
    ),
    "sheets.remark.error": (
        "{cell} ({column}): holds the error {error}, taken as empty",
        "{cell}（{column}）：单元格为错误值 {error}，按空值处理",
    ),
    "sheets.remark.digits_lost": (
        "{cell} ({column}): {value} was kept as a number of 15 digits, the last ones are lost",
        "{cell}（{column}）：{value} 以数值保存，15 位以后的数字已丢失",
    ),
    "sheets.remark.closed": (
        "the ring was not closed; it is closed here",
        "环未闭合，已闭合",
    ),
    "sheets.remark.varies": (
        "{column} differs among the points of the parcel; the first is kept",
        "{column} 在该地块各点中不一致，取第一个",
    ),
    "sheets.remark.point": (
        "row {number}: a point without readable coordinates; the parcel has no shape",
        "第 {number} 行：界址点坐标无法读取，该地块无图形",
    ),
}
