"""From a delivery to a layer: what was changed, what was returned and why."""

ENTRIES: dict[str, tuple[str, str]] = {
    # -- the command ---------------------------------------------------------------------------------------------------
    "help.import": (
        "Take files in: into a workspace, or to a clean GeoPackage.",
        "导入来件：入工作区，或转成规整的 GeoPackage。",
    ),
    "help.import.about": (
        "Reads spreadsheets, survey TXT, DXF, shapefiles and other vector files, a folder of them, or a zip. Every "
        "record is accepted or returned with a reason: features in = accepted + quarantined. Each file is read in a "
        "process of its own and written in one transaction; one bad file never ends the batch. What was repaired, "
        "assumed and returned is listed. Importing the same file twice changes nothing.",
        "可读电子表格、界址点 TXT、DXF、Shapefile 等矢量文件，整个文件夹，或 zip。每条记录要么收下，要么附原因退回："
        "来件记录数 = 收下数 + 退回数。每个文件在单独进程中读取、一次性写入；坏文件不影响其余文件。"
        "修复、假定和退回的内容逐条列出。同一文件重复导入不改变任何数据。",
    ),
    "help.import.examples": (
        "landkit import usb/\nlandkit import qiubin0627.txt --layer reclaim\n"
        "landkit import ledger-june.xlsx --layer reclaim --join\n"
        "landkit import x.kml --out x.gpkg\nlandkit import --undo 3",
        "landkit import usb/\nlandkit import 秋滨收回0627.txt --layer reclaim\n"
        "landkit import 企业台账6月.xlsx --layer reclaim --join\n"
        "landkit import x.kml --out x.gpkg\nlandkit import --undo 3",
    ),
    "option.import.layer": (
        "Layer of the workspace that takes the rows; by default what the file's name or columns say, if it is one",
        "收下记录的图层；默认按文件名或字段判断，须只有一个",
    ),
    "option.import.out": ("Write a GeoPackage instead; no workspace needed", "改为写出 GeoPackage，不需要工作区"),
    "option.import.crs": (
        "Reference system of the delivery, where it names none or a wrong one, such as EPSG:4528",
        "来件的坐标系（来件未注明或注错时），如 EPSG:4528",
    ),
    "option.import.source_layer": ("Read only this layer, sheet or list", "只读此图层、工作表或清单"),
    "option.import.encoding": (
        "Text encoding, where the file does not say so, such as gb18030",
        "文字编码（文件未注明时），如 gb18030",
    ),
    "option.import.join": (
        "Match ledger rows to the layer's parcels; what is in doubt goes to a review sheet",
        "将台账行与图层地块匹配；存疑的写入复核表",
    ),
    "option.import.update": (
        "Replace rows whose id is there with other content, instead of returning them",
        "编号已存在而内容不同的记录予以更新，而不是退回",
    ),
    "option.import.overlaps": ("Look for land that two rows cover", "检查两条记录是否重叠"),
    "option.import.undo": ("Put back what this import replaced", "撤销该次导入"),
    # -- errors --------------------------------------------------------------------------------------------------------
    "error.intake.nothing": ("Nothing to import was named.", "没有指定要导入的内容。"),
    "error.intake.nothing.hint": (
        "Name files or a folder: landkit import usb/",
        "请指定文件或文件夹：landkit import usb/",
    ),
    "error.intake.empty_folder": ("{folder}: no file in it", "{folder}：其中没有文件"),
    "error.intake.empty_folder.hint": ("Name the folder that holds the files.", "请指定存放来件的文件夹。"),
    "error.intake.out_alone": (
        "--out writes a delivery as it is; --layer, --join and --update are about a workspace.",
        "--out 按来件原样写出；--layer、--join、--update 只用于工作区。",
    ),
    "error.intake.out_alone.hint": (
        "Leave out either --out or the other options.",
        "请去掉 --out，或去掉其他选项。",
    ),
    "error.intake.out_kind": ("{path}: --out writes a GeoPackage.", "{path}：--out 只写 GeoPackage。"),
    "error.intake.out_kind.hint": ("Give it a name ending in .gpkg.", "请使用以 .gpkg 结尾的文件名。"),
    "error.intake.undo_alone": ("--undo takes no files.", "--undo 不与文件同用。"),
    "error.intake.undo_alone.hint": (
        "Undo first, then import again: landkit import --undo {number}",
        "请先撤销，再重新导入：landkit import --undo {number}",
    ),
    "error.intake.which_layer": (
        "{file}: neither its name nor its columns say which layer takes its {rows} rows.",
        "{file}：从文件名和字段都看不出其 {rows} 条记录属于哪个图层。",
    ),
    "error.intake.which_layer.hint": (
        "Say so: landkit import {file} --layer NAME ({layers})",
        "请指明：landkit import {file} --layer 图层（{layers}）",
    ),
    "error.intake.ledger": (
        "{file}: a ledger of {rows} rows without shapes, for {layer} by its name or columns.",
        "{file}：台账，{rows} 行，无图形，从名称或字段看属于 {layer}。",
    ),
    "error.intake.ledger.hint": (
        "Import the shapes first, then match the rows to them: landkit import {file} --layer {layer} --join "
        "(or leave out --join: rows of their own, matched by id alone)",
        "请先导入图形，再与地块匹配：landkit import {file} --layer {layer} --join（不加 --join 则只按编号对应）",
    ),
    "error.intake.no_such_layer": ("There is no layer called {layer}.", "没有名为 {layer} 的图层。"),
    "error.intake.no_such_layer.hint": ("Choose one of: {layers}", "请从以下图层中选择：{layers}"),
    "error.intake.shapes_in_table": (
        "{file}: {layer} is a table, and the delivery has shapes.",
        "{file}：{layer} 是表格，而来件含图形。",
    ),
    "error.intake.shapes_in_table.hint": (
        "Name a layer that has shapes with --layer.",
        "请用 --layer 指定有图形的图层。",
    ),
    # -- findings ------------------------------------------------------------------------------------------------------
    "intake.unmapped": ("kept as delivered, no field of the layer: {columns}", "无对应字段，按原样保留：{columns}"),
    "intake.unit_assumed": (
        "{column} → {field}: no unit stated, read as {unit}",
        "{column} → {field}：未注明单位，按 {unit} 读取",
    ),
    "intake.replaced": ("{id}: {column} “{old}” replaced by “{new}”", "{id}：{column} 由“{old}”更新为“{new}”"),
    "intake.cell": (
        "{column}: “{value}” cannot be read ({reason}); kept beside",
        "{column}：“{value}”无法识别（{reason}），原文另列保留",
    ),
    "intake.overlap": ("{first} and {second} overlap: {mu:.2f} mu", "{first} 与 {second} 重叠 {mu:.2f} 亩"),
    "intake.overlaps": ("{count} more overlaps: {mu:.2f} mu", "另有 {count} 处重叠，共 {mu:.2f} 亩"),
    "intake.again": ("imported before as No. {number}: nothing changed", "此前已作为第 {number} 次导入：数据未变"),
    "intake.nothing_new": ("says nothing that the workspace does not say already", "所述内容工作区均已有：数据未变"),
    "intake.differs": (
        "{id}: {column} is “{old}” there, “{new}” here; kept as it was",
        "{id}：{column} 原为“{old}”，来件为“{new}”；未改动",
    ),
    "intake.differ": (
        "{count} more cells say something else than the layer",
        "另有 {count} 处与图层原有内容不同",
    ),
    "intake.joined": ("matched to {id} by {by}", "按{by}匹配到 {id}"),
    "intake.by.review": ("a person's decision", "人工认定"),
    "intake.by.cert_no": ("certificate", "不动产权证号"),
    "intake.by.bdcdyh": ("real-estate unit", "不动产单元号"),
    "intake.by.uscc": ("credit code", "统一社会信用代码"),
    "intake.by.id": ("id", "编号"),
    "intake.by.name": ("legal name", "企业名称"),
    "intake.by.former_name": ("former name", "曾用名"),
    "intake.by.similarity": ("similar name", "相似名称"),
    "intake.review": ("{count} rows in doubt: see {file}", "{count} 行存疑，见 {file}"),
    "intake.unmatched": (
        "{count} rows match no parcel: those that are taken have no shape",
        "{count} 行没有对应地块：收下的按无图记录保留",
    ),
    "intake.events": ("{count} stage dates recorded as events", "阶段日期 {count} 项，已登记为事件"),
    "intake.shared": (
        "{count} rows speak of {id}: their firms are linked to it, their areas and dates are not taken",
        "{count} 行对应同一地块 {id}：企业已关联，各行的面积与日期未采用",
    ),
    "intake.labels": (
        "ids are the texts in the outlines: {count}, such as {id}",
        "以线内文字为编号：{count} 个，如 {id}",
    ),
    "intake.event": ("{what}", "{what}"),
    "change.repeated": ("{count} repeated points taken out", "删除重复点 {count} 个"),
    "change.spike": (
        "{count} points of a spike taken off: {before:.2f} → {after:.2f} m²",
        "删除尖刺点 {count} 个：{before:.2f} → {after:.2f} 平方米",
    ),
    "change.ring": (
        "invalid ring repaired: {before:.2f} (signed sum) → {after:.2f} m²",
        "自相交已修复：{before:.2f}（代数和）→ {after:.2f} 平方米",
    ),
    "change.orientation": ("hole turned the other way", "内环方向已调整"),
    "change.id_made": ("no id: called {id}", "无编号，编为 {id}"),
    "change.id_of_file": ("serial number of the file: called {id}", "编号只在本文件内有效，编为 {id}"),
    "change.id_twice": ("id given twice: called {id}", "编号重复，编为 {id}"),
    "change.updated": ("{id} replaced", "{id} 已更新"),
    # -- returned items ------------------------------------------------------------------------------------------------
    "reason.id_taken": ("the layer has this id with other content", "图层中已有此编号且内容不同"),
    "reason.id_taken.todo": (
        "If it is a new version, import with --update; else give it another id, in the column id.",
        "若为新版本，请加 --update 导入；否则请在 id 列改编号。",
    ),
    "reason.not_taken": ("its sheet or layer was not taken", "所在工作表或图层未导入"),
    "reason.id_made_taken": (
        "without an id, and another row got the id that its place in a file of this name makes",
        "无编号，按文件名和行号所编的编号已属另一条记录",
    ),
    "reason.id_made_taken.todo": (
        "Give it an id of its own, or import the file under another name.",
        "请填写编号，或将文件改名后再导入。",
    ),
    "reason.in_doubt": ("more than one parcel may be meant", "可能对应多个地块"),
    "reason.in_doubt.todo": ("Fill in the review sheet and import again.", "请填写复核表后重新导入。"),
    "reason.todo": ("Put it right, and import this sheet again.", "请改正后重新导入本表。"),
    "reason.unreadable.todo": ("Ask for the shape again; it is damaged.", "图形已损坏，请重新提供。"),
    "reason.no_area.todo": ("Draw the boundary again; it encloses no land.", "界线未围成面积，请重绘。"),
    "reason.point.todo": ("Deliver the parcel as a polygon.", "请以面图形提供。"),
    "reason.line.todo": ("Close the line and deliver it as a polygon.", "请闭合后以面图形提供。"),
    "reason.out_of_range.todo": ("Check the coordinates and their reference system.", "请核对坐标与坐标系。"),
    "returned.source": ("file", "来件"),
    "returned.layer": ("layer delivered", "来件图层"),
    "returned.row": ("row", "行号"),
    "returned.reason": ("reason", "退回原因"),
    "returned.kind": ("kind of file", "来件类型"),
    "returned.todo": ("what to do", "处理办法"),
    # -- the report ----------------------------------------------------------------------------------------------------
    "import.file": (
        "{kind}  {name}  in {features_in} = accepted {accepted} + returned {quarantined}",
        "{kind}  {name}  来件 {features_in} = 收下 {accepted} + 退回 {quarantined}",
    ),
    "import.repaired": ("repaired {count}", "修复 {count}"),
    "import.unchanged": ("unchanged {count}", "未变 {count}"),
    "import.updated": ("updated {count}", "更新 {count}"),
    "import.layer": (
        "{name} → {target}: {accepted} rows, {area} mu, {crs}",
        "{name} → {target}：{accepted} 条，{area} 亩，{crs}",
    ),
    "import.layer.table": (
        "{name} → {target}: {accepted} rows without shapes",
        "{name} → {target}：{accepted} 条，无图形",
    ),
    "import.failed": ("not taken: {message}", "未导入：{message}"),
    "import.row": ("row {row}", "第 {row} 行"),
    "import.more": ("{count} more findings: --format json lists them all", "另有 {count} 条，--format json 可列出全部"),
    "import.number": (
        "import No. {number}; to take it back: landkit import --undo {number}",
        "第 {number} 次导入；撤销：landkit import --undo {number}",
    ),
    "import.wrote": ("wrote {files}", "已写出 {files}"),
    "import.total": (
        "{files} files, {failed} not taken; in {features_in} = accepted {accepted} + returned {quarantined}",
        "共 {files} 个文件，{failed} 个未导入；来件 {features_in} = 收下 {accepted} + 退回 {quarantined}",
    ),
    "import.undone": ("put back: {files}", "已恢复：{files}"),
    "import.basis": ("areas on the ellipsoid, 1 mu = 10000/15 m²", "面积为椭球面积，1 亩 = 10000/15 平方米"),
    "import.reading": ("reading", "读取"),
}
