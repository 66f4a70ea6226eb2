"""What a workspace keeps, and who may write it."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.store.locked": (
        "{folder}: another landkit is writing: {command} by {user} on {host}, process {pid}, since {since}",
        "{folder}：另一个 landkit 正在写入：{command}，用户 {user}，主机 {host}，进程 {pid}，始于 {since}",
    ),
    "error.store.locked.hint": (
        "wait until it has ended, then give the command again; if its process is gone, so is its lock",
        "请等其结束后重新执行；该进程一旦结束，占用自动解除",
    ),
    "error.store.in_use": (
        "{file}: another program has it open (seen by {beside}); nothing was changed",
        "{file}：正被其他程序打开（依据：{beside}），未作任何改动",
    ),
    "error.store.in_use.hint": (
        "save and close it there (QGIS: remove the layer or close the project), then give the command again",
        "请在该程序中保存并关闭（QGIS：移除图层或关闭工程），再重新执行",
    ),
    "error.store.changed": (
        "{folder}: the workspace was changed while it was being read",
        "{folder}：读取期间工作区已被改动",
    ),
    "error.store.changed.hint": (
        "give the command again; from Python, open the workspace again",
        "请重新执行；在 Python 中请重新打开工作区",
    ),
    "error.store.half": (
        "{folder}: a change was interrupted and is not complete, and this account may not complete it",
        "{folder}：有一次写入中断尚未补完，当前账户无权补完",
    ),
    "error.store.half.hint": (
        "let someone who may write there run any command, such as landkit layers; nothing is lost",
        "请有写入权限的人在该工作区执行任一命令（如 landkit layers）；数据没有丢失",
    ),
    "error.store.denied": (
        "{file}: may not be written; what was there is unchanged",
        "{file}：没有写入权限，原有数据未变",
    ),
    "error.store.denied.hint": (
        "check the permissions of the folder and of its .landkit, and whether the disk is read-only",
        "请检查该文件夹及其 .landkit 的权限，以及磁盘是否只读",
    ),
    "error.store.failed": (
        "{file}: cannot be written ({reason}); what was there is unchanged",
        "{file}：无法写入（{reason}），原有数据未变",
    ),
    "error.store.failed.hint": (
        "check the free space and the health of the disk, then give the command again",
        "请检查磁盘剩余空间与状态，再重新执行",
    ),
    "error.store.name": (
        "{name!r} is no name for a file of the workspace {folder}",
        "{name!r} 不能作为工作区 {folder} 内的文件名",
    ),
    "error.store.name.hint": (
        "use a plain name inside the folder, without .. and without the signs that Windows refuses",
        "请用文件夹内的普通文件名，不含 .. 及 Windows 不允许的字符",
    ),
    "error.store.no_commit": (
        "there is no change number {number} that could be undone",
        "没有可撤销的第 {number} 次写入",
    ),
    "error.store.no_commit.hint": (
        "the former versions are kept of: {known}",
        "保留有原版本的写入：{known}",
    ),
    "error.store.touched_since": (
        "change {number} cannot be undone: change {later} has changed {file} since",
        "第 {number} 次写入不能撤销：其后第 {later} 次写入又改动了 {file}",
    ),
    "error.store.touched_since.hint": (
        "undo change {later} first",
        "请先撤销第 {later} 次写入",
    ),
    "error.store.columns": (
        "{layer}: the columns {first} and {second} have one name, since a GeoPackage does not heed capitals",
        "{layer}：字段 {first} 与 {second} 同名，GeoPackage 不区分大小写",
    ),
    "error.store.columns.hint": (
        "rename one of the two columns in the delivery, then import it again",
        "请在来件中改掉其中一个字段名，再重新导入",
    ),
    "error.store.layer_name": (
        "{name!r} will not do as the name of a layer",
        "{name!r} 不能作为图层名",
    ),
    "error.store.layer_name.hint": (
        "use letters, digits, _ and -, best a name of the schema such as reclaim",
        "请用字母、数字、_ 和 -，最好采用标准图层名，如 reclaim",
    ),
    "error.store.settings": (
        "{file}: no section can be added for a new layer, as its layers are written in another way",
        "{file}：图层的写法特殊，无法自动添加新图层",
    ),
    "error.store.settings.hint": (
        "write each layer as a section of its own, as  {section}  with  {entry}",
        "请把每个图层写成单独一节，如  {section}  ，下写  {entry}",
    ),
    "error.journal.line": (
        "{file}, line {line}: not an entry of landkit's log of imports",
        "{file} 第 {line} 行：不是 landkit 的导入记录",
    ),
    "error.journal.line.hint": (
        "put back the file from .landkit/history or from a copy; the log is not for editing",
        "请从 .landkit/history 或备份恢复该文件；导入记录不应手工修改",
    ),
    "error.journal.profile_field": (
        "{file}, line {line}: column {column!r} is to be {value!r}, which is no field of {layer}",
        "{file} 第 {line} 行：字段 {column!r} 对应的 {value!r} 不是 {layer} 的标准字段",
    ),
    "error.journal.profile_field.hint": (
        'write the field\'s name as in the schema, with a unit if need be: "area_doc_mu [ha]"',
        '请写标准字段名，需要时注明单位，如 "area_doc_mu [ha]"',
    ),
    "error.journal.profile_twice": (
        "{file}, line {line}: the columns {first!r} and {column!r} are both to be {value}",
        "{file} 第 {line} 行：字段 {first!r} 与 {column!r} 都对应 {value}",
    ),
    "error.journal.profile_twice.hint": (
        "take out one of the two lines",
        "请删去其中一行",
    ),
    "error.journal.profile_form": (
        "{file}: {name} is not written as a section with one column a line",
        "{file}：{name} 的写法不是“每行一个字段”的一节",
    ),
    "error.journal.profile_form.hint": (
        'write a section such as  ["XLSX".reclaim]  and under it lines such as  "QYMC" = "enterprise"',
        '请写成一节，如  ["XLSX".reclaim]  ，其下每行如  "企业名称" = "enterprise"',
    ),
    "help.init": ("Make a workspace of one's own.", "新建工作区。"),
    "help.init.about": (
        "Writes landkit.toml and a copy of the plan into a new or empty folder. The plan is checked first: a target "
        "must never be measured as something that the plan does not say.",
        "在新文件夹或空文件夹中写入 landkit.toml，并复制计划文件。计划先行校验：目标的量算口径不得超出计划原文。",
    ),
    "help.init.examples": (
        "landkit init jkq-2022 --plan plan.toml --crs EPSG:4549\n"
        'landkit init jkq-2022 --crs EPSG:4549 --year 2022 --name "Jinhua Zone" --aoi 119.31,28.90,119.85,29.30',
        "landkit init jkq-2022 --plan plan.toml --crs EPSG:4549\n"
        "landkit init jkq-2022 --crs EPSG:4549 --year 2022 --name 金华开发区 --aoi 119.31,28.90,119.85,29.30",
    ),
    "option.init_crs": (
        "Working plane: a 3-degree plane of CGCS2000, such as EPSG:4549 (central meridian 120 E).",
        "工作平面：CGCS2000 三度带，如 EPSG:4549（中央子午线 120°）。",
    ),
    "option.init_plan": ("The plan's targets, a plan.toml.", "计划目标文件 plan.toml。"),
    "option.init_name": ("Name of the zone; else that of the folder.", "区域名称；未指定时取文件夹名。"),
    "option.init_aoi": (
        "Box the zone lies in: west, south, east, north in degrees.",
        "所在范围：西、南、东、北（度）。",
    ),
    "option.init_year": ("Year of the plan; else that of its publication.", "计划年度；未指定时取计划发布年份。"),
    "init.written": ("{folder}: {zone} {year}, {crs}", "{folder}：{zone} {year} 年，{crs}"),
    "init.plan": (
        "plan: {count} targets, {measured} of them measured from layers: {layers}",
        "计划：目标 {count} 项，其中 {measured} 项由图层量算：{layers}",
    ),
    "init.next": (
        "next: cd {folder}, then landkit import FILE, landkit check, landkit area",
        "下一步：cd {folder}，再执行 landkit import 文件、landkit check、landkit area",
    ),
    "note.nothing_yet": (
        "the workspace holds no layer yet; landkit import brings the first",
        "工作区尚无图层，请先用 landkit import 导入",
    ),
    "error.init.crs": (
        "--crs is missing: in which plane are areas to be measured?",
        "缺少 --crs：在哪个投影平面上量算？",
    ),
    "error.init.crs.hint": (
        "add the 3-degree plane of the zone, such as --crs EPSG:4549 (central meridian 120 E)",
        "请加上所在三度带，如 --crs EPSG:4549（中央子午线 120°）",
    ),
    "error.init.year": ("no year: there is no plan that tells it", "缺少年度：没有可据以确定的计划"),
    "error.init.year.hint": ("add --plan plan.toml, or --year 2022", "请加 --plan plan.toml，或 --year 2022"),
    "error.init.year_value": ("--year: '{value}' is no year", "--year：“{value}”不是年份"),
    "error.init.year_value.hint": ("write it as 2022", "请写成 2022 的形式"),
    "error.init.name": ("the zone has no name", "没有区域名称"),
    "error.init.name.hint": ('add --name "…"', '请加 --name "…"'),
    "error.init.aoi": ("--aoi: {value} is no box in degrees", "--aoi：{value} 不是经纬度范围"),
    "error.init.aoi.hint": (
        "write west, south, east, north, as 119.31,28.90,119.85,29.30",
        "请按西、南、东、北书写，如 119.31,28.90,119.85,29.30",
    ),
}
