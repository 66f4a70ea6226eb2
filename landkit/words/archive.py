"""Archives, and the process in which a delivery is read."""

_UNPACK = (
    "unpack it yourself, look at what is in it, and import the folder",
    "请自行解压并查看内容，再导入解压后的文件夹",
)
_SENDER = (
    "such an archive is not unpacked; ask its sender for a plain zip of the files",
    "此类压缩包不予解压；请向提供者索取普通 zip 文件",
)

ENTRIES: dict[str, tuple[str, str]] = {
    "error.archive.broken": ("{file}: damaged zip archive ({detail})", "{file}：zip 压缩包已损坏（{detail}）"),
    "error.archive.broken.hint": (
        "ask for the archive again, or unpack it elsewhere and import the folder",
        "请重新索取压缩包，或用其他软件解压后导入文件夹",
    ),
    "error.archive.name": (
        "{file}: its member {member!r} leads out of the archive",
        "{file}：成员 {member!r} 指向压缩包之外",
    ),
    "error.archive.name.hint": _SENDER,
    "error.archive.link": (
        "{file}: its member {member!r} is a link or a device, not a file",
        "{file}：成员 {member!r} 是链接或设备，不是文件",
    ),
    "error.archive.link.hint": _SENDER,
    "error.archive.encrypted": (
        "{file}: its member {member!r} is encrypted",
        "{file}：成员 {member!r} 已加密",
    ),
    "error.archive.encrypted.hint": (
        "unpack it with its password, and import the folder",
        "请用密码解压后导入文件夹",
    ),
    "error.archive.twice": (
        "{file}: two members are called {member!r}",
        "{file}：有两个成员同名 {member!r}",
    ),
    "error.archive.twice.hint": _UNPACK,
    "error.archive.many": (
        "{file}: {count} members, more than {most}",
        "{file}：成员 {count} 个，超过 {most} 个",
    ),
    "error.archive.many.hint": _UNPACK,
    "error.archive.large": (
        "{file}: more than {most} GB when unpacked (up to {member!r})",
        "{file}：解压后超过 {most} GB（至 {member!r}）",
    ),
    "error.archive.large.hint": _UNPACK,
    "error.archive.ratio": (
        "{file}: its member {member!r} would swell to {size} MB, more than any data does",
        "{file}：成员 {member!r} 解压后为 {size} MB，压缩比异常",
    ),
    "error.archive.ratio.hint": _UNPACK,
    "error.archive.member": (
        "{file}: its member {member!r} cannot be unpacked ({detail})",
        "{file}：成员 {member!r} 无法解压（{detail}）",
    ),
    "error.archive.member.hint": (
        "ask for the archive again, or unpack it elsewhere and import the folder",
        "请重新索取压缩包，或用其他软件解压后导入文件夹",
    ),
    "error.archive.nested": (
        "{file}: an archive in an archive in an archive",
        "{file}：压缩包嵌套超过两层",
    ),
    "error.archive.nested.hint": _UNPACK,
    "error.archive.nothing": (
        "{file}: nothing in it that can be read ({members})",
        "{file}：其中没有可读取的文件（{members}）",
    ),
    "error.archive.nothing.hint": (
        "ask for the data themselves: shapefile, GeoPackage, DXF, TXT or a workbook",
        "请索取数据文件：shapefile、GeoPackage、DXF、TXT 或电子表格",
    ),
    "error.archive.empty": ("{file}: holds no layer", "{file}：没有任何图层"),
    "error.archive.empty.hint": (
        "ask for the file again; this one was saved without data",
        "请重新索取文件；此文件保存时没有数据",
    ),
    "error.archive.cut_off": (
        "{file}: {kind} cut off: {lost} of {count} records are not in it",
        "{file}：{kind} 残缺，{count} 条记录中缺 {lost} 条",
    ),
    "error.archive.cut_off.hint": ("ask for the file again", "请重新索取文件"),
    "error.archive.absurd": (
        "{file}: no shape of layer {layer} has coordinates that can be on Earth ({count})",
        "{file}：图层 {layer} 的 {count} 个图形坐标均不可能在地球上",
    ),
    "error.archive.absurd.hint": (
        "open it in the program that it was made with, and export it anew",
        "请在原软件中打开并重新导出",
    ),
    "error.archive.no_layer": ("{file}: no layer called {layer!r}", "{file}：没有名为 {layer!r} 的图层"),
    "error.archive.no_layer.hint": ("it has: {layers}", "其中有：{layers}"),
    "error.archive.encoding": ("no encoding is called {encoding!r}", "没有名为 {encoding!r} 的文字编码"),
    "error.archive.encoding.hint": (
        "name one such as gb18030, utf-8, big5",
        "请指定 gb18030、utf-8、big5 等",
    ),
    "error.archive.died": (
        "{file}: the program that reads such files crashed over it",
        "{file}：读取程序在此文件上崩溃",
    ),
    "error.archive.died.hint": (
        "open it in QGIS and export it anew, as GeoPackage; the other files are not affected",
        "请在 QGIS 中打开并另存为 GeoPackage；其他文件不受影响",
    ),
    "error.archive.timeout": (
        "{file}: not read within {seconds} s",
        "{file}：{seconds} 秒内未能读完",
    ),
    "error.archive.timeout.hint": (
        "split it, or open it in QGIS and export it anew, as GeoPackage; the other files are not affected",
        "请拆分文件，或在 QGIS 中打开并另存为 GeoPackage；其他文件不受影响",
    ),
    "error.archive.memory": (
        "{file}: reading it takes more than {most} GB of memory",
        "{file}：读取所需内存超过 {most} GB",
    ),
    "error.archive.memory.hint": (
        "split it into parts and import each; a small file that does this is damaged",
        "请拆分后分别导入；若文件不大却如此，则已损坏",
    ),
    "error.archive.failed": (
        "{file}: cannot be read ({detail})",
        "{file}：无法读取（{detail}）",
    ),
    "error.archive.failed.hint": (
        "open it in QGIS and export it anew, as GeoPackage; if it is sound, report it to landkit's makers",
        "请在 QGIS 中打开并另存为 GeoPackage；若文件完好，请反馈给 landkit 开发者",
    ),
    "error.archive.room": (
        "{file}: no room to unpack or hand it over in the folder for temporary files ({detail})",
        "{file}：临时文件夹空间不足，无法解压或读取（{detail}）",
    ),
    "error.archive.room.hint": (
        "free some space on that disk, or set TMPDIR (on Windows TEMP) to a folder on another",
        "请清理该磁盘，或将 TMPDIR（Windows 为 TEMP）设为其他磁盘上的文件夹",
    ),
    "archive.note.left": (
        "{file}: not read, being no data ({count}): {members}",
        "{file}：以下成员不是数据，未读取（{count} 个）：{members}",
    ),
    "archive.note.layers_left": (
        "{file}: not read, being views or not listed as contents: {layers}",
        "{file}：以下是视图或未登记的表，未读取：{layers}",
    ),
    "archive.remark.closed": (
        "a ring did not return to its first point; it is closed here",
        "环未回到起点，已闭合",
    ),
    "archive.note.srid": (
        "{file}: the file does not say which reference system its number {srid} of layer {layer} is",
        "{file}：文件未说明图层 {layer} 的坐标系编号 {srid} 是哪一坐标系",
    ),
    "archive.note.open_elsewhere": (
        "{file}: another program has it open or left it unfinished; read as it stands now",
        "{file}：正被其他程序打开或未正常关闭，按当前状态读取",
    ),
    "archive.note.no_shx": (
        "{file}: its .shx is missing; records were found from their lengths in the .shp",
        "{file}：缺少 .shx，按 .shp 中的记录长度逐条读取",
    ),
    "archive.note.no_geo": (
        "{file}: Parquet without the metadata of GeoParquet; column {column} holds shapes",
        "{file}：Parquet 缺少 GeoParquet 元数据；字段 {column} 中有图形",
    ),
    "archive.note.garbled": (
        "{file}: text in column {column!r} looks garbled: {sample!r}; name its encoding with --encoding",
        "{file}：字段 {column!r} 的文字疑似乱码：{sample!r}；可用 --encoding 指定编码",
    ),
}
