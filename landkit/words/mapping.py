"""Columns, values and names of a delivery."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.mapping.column_twice": (
        "columns have the same heading: {columns}",
        "有重名的列：{columns}",
    ),
    "error.mapping.column_twice.hint": (
        "give each column a heading of its own, then import again",
        "请为每列起不同的列名后重新导入",
    ),
    "error.mapping.profile_field": (
        "the profile maps the column {column} to {field}, which is no field of the layer that can be delivered",
        "对应方案把“{column}”列对应到 {field}，该图层没有这个可导入的字段",
    ),
    "error.mapping.profile_field.hint": (
        "correct the profile in profiles.toml; fields: {known}",
        "请修改 profiles.toml 中的方案；可用字段：{known}",
    ),
    "error.mapping.profile_unit": (
        "the profile says that the column {column} is in [{unit}], which {field} cannot be",
        "对应方案写明“{column}”列的单位是 [{unit}]，{field} 不能用这一单位",
    ),
    "error.mapping.profile_unit.hint": (
        "correct the unit behind {field} in profiles.toml, e.g. [公顷]",
        "请修改 profiles.toml 中 {field} 后面的单位，例如 [公顷]",
    ),
    "error.mapping.profile_twice": (
        "the profile maps two columns of this delivery to {field}; the second is {column}",
        "对应方案把两列都对应到 {field}，第二列是“{column}”",
    ),
    "error.mapping.profile_twice.hint": (
        'keep one of them in profiles.toml; "" leaves a column as it is',
        '请在 profiles.toml 中只保留一列；写 "" 表示该列原样保留',
    ),
    "error.mapping.profile_line": (
        "the column {column} is in {unit} by its profile or heading, and in {line} by the line of units below",
        "“{column}”列按方案或列名单位是{unit}，按其下的单位行是{line}",
    ),
    "error.mapping.profile_line.hint": (
        "find out which is right, and correct the file or profiles.toml",
        "请核实哪一个正确，并修改文件或 profiles.toml",
    ),
    "mapping.doubt.no_unit": (
        "{column}: could be {fields}, but states no unit; kept as delivered",
        "{column}：可能是 {fields}，但没有写单位，原样保留",
    ),
    "mapping.doubt.unit": (
        "{column}: could be {fields}, but its unit does not fit; kept as delivered",
        "{column}：可能是 {fields}，但单位不符，原样保留",
    ),
    "mapping.doubt.computed": (
        "{column}: {fields} is measured by landkit itself; kept as delivered",
        "{column}：{fields} 由 landkit 自行量算，来件中的原样保留",
    ),
    "mapping.doubt.ambiguous": (
        "{column}: could be any of {fields}; kept as delivered",
        "{column}：可能是 {fields} 中的任一个，原样保留",
    ),
    "mapping.doubt.taken": (
        "{column}: {fields} was taken from {winner}; kept as delivered",
        "{column}：{fields} 已取自“{winner}”列，本列原样保留",
    ),
    "mapping.doubt.rivals": (
        "{column}: {fields} could come from {winner} just as well; both kept as delivered",
        "{column}：{fields} 也可能取自“{winner}”列，无法取舍，均原样保留",
    ),
    "mapping.guess.names": (
        "the name speaks of several layers: {found}",
        "名称涉及多个图层：{found}",
    ),
    "mapping.guess.columns": (
        "the columns are those of several layers: {found}",
        "列名分属多个图层：{found}",
    ),
    "mapping.guess.conflict": (
        "by its name it is {layer}, by its columns {other}",
        "按名称是 {layer}，按列名是 {other}",
    ),
    "mapping.guess.name": (
        "{layer}, since its name says {word}",
        "名称中有“{word}”，按 {layer} 导入",
    ),
    "mapping.guess.told": (
        "{layer}, since only that layer has the columns {columns}",
        "只有 {layer} 有这些列：{columns}，按该图层导入",
    ),
    "mapping.guess.nothing": (
        "neither name nor columns say which layer it is for",
        "名称和列名都不能说明属于哪个图层",
    ),
    "mapping.problem.number": ("no number, or of another unit", "不是数字，或单位不符"),
    "mapping.problem.whole": ("not a whole number", "不是整数"),
    "mapping.problem.date": ("no date, or one that could be two", "不是日期，或有两种读法"),
    "mapping.problem.truth": ("neither yes nor no", "不是“是”或“否”"),
    "mapping.problem.term": ("not a value of this field", "不是该字段的可用值"),
    "mapping.problem.digits": (
        "a number of more than 15 digits: the spreadsheet has lost some",
        "超过15位的数字，电子表格已丢失末位",
    ),
    "error.mapping.parcel_ids": (
        "rows of {layer} cannot be joined to: their ids are missing or stand twice: {ids}",
        "{layer} 的编号有空缺或重复，无法匹配：{ids}",
    ),
    "error.mapping.parcel_ids.hint": (
        "give every row of the layer an id of its own; `landkit import` does so",
        "请为该图层每一行编唯一编号；用 `landkit import` 导入时会自动编号",
    ),
    "error.mapping.review_twice": (
        "the review says both yes and no to {ids} for the row {row}",
        "核对表对“{row}”的 {ids} 既写“是”又写“否”",
    ),
    "error.mapping.review_twice.hint": (
        "keep one of the two answers",
        "请只保留其中一个结论",
    ),
    "error.mapping.review_file": (
        "{file} is no review sheet that can be read: {reason}",
        "{file} 不是可读取的核对表：{reason}",
    ),
    "error.mapping.review_file.hint": (
        "fill in the sheet that landkit wrote, and leave its headings as they are",
        "请在 landkit 生成的核对表中填写，不要改动表头",
    ),
    "error.mapping.review_row": (
        "{file}, row {row}: the key or the id of the parcel is missing",
        "{file} 第 {row} 行缺少行标识或地块编号",
    ),
    "error.mapping.review_row.hint": (
        "restore the row as landkit wrote it",
        "请恢复该行原有内容",
    ),
    "mapping.review.keys_differ": (
        "certificate, unit or credit code contradict one another",
        "权证号、单元号或信用代码互相矛盾",
    ),
    "mapping.review.several_rows": (
        "several rows of this enterprise: the code does not say which parcel is meant",
        "该企业在台账中有多行，信用代码不能确定是哪一地块",
    ),
    "mapping.review.several_parcels": (
        "several parcels of this enterprise, and together they are not the ledger's area",
        "该企业有多个地块，面积之和与台账不符",
    ),
    "mapping.review.names_differ": ("same id, different names", "编号相同，名称不同"),
    "mapping.review.serial": ("the id may be a line number", "编号可能只是序号"),
    "mapping.review.several_names": ("the name stands several times", "同名不止一处"),
    "mapping.review.similar": ("only the names are alike", "仅名称相近"),
    "mapping.review.unknown_id": (
        "the id given in the review is not in the layer",
        "核对表填写的编号不在图层中",
    ),
    "mapping.event.no_id": (
        "the row has no id: its stage dates make no events",
        "该行没有编号，阶段日期未转为事件",
    ),
    "mapping.event.date": ("no date, or one that could be two", "不是日期，或有两种读法"),
    "mapping.event.undated": (
        "the stage {stage} is reported without a date: no event",
        "所报阶段“{stage}”无日期，未转为事件",
    ),
    "mapping.event.off_ladder": (
        "{stage} is no stage of this row's ladder: no event",
        "“{stage}”不在该行的阶段之列，未转为事件",
    ),
    "mapping.event.crossed": (
        "{stage} on {date} is before {other} on {other_date}",
        "“{stage}”（{date}）早于“{other}”（{other_date}）",
    ),
    "mapping.event.later": (
        "{stage} on {date} is after {other}, recorded on {other_date}",
        "“{stage}”（{date}）晚于已登记的“{other}”（{other_date}）",
    ),
    "mapping.event.corrected": (
        "{stage} on {date} was recorded and corrected before: not repeated",
        "“{stage}”（{date}）曾登记并已更正，不再重复",
    ),
    "mapping.event.differs": (
        "{stage} on {date}, but another date says {other_date}",
        "“{stage}”（{date}）与另一日期（{other_date}）不一致",
    ),
    "mapping.event.future": (
        "{stage} on {date} is later than the day of recording",
        "“{stage}”（{date}）晚于登记日",
    ),
    "mapping.event.evidence": (
        "the column {column} holds document numbers, but not of which stage",
        "“{column}”列是文号，但不能确定属于哪个阶段",
    ),
    "mapping.sheet.title": ("review", "待核对"),
    "mapping.sheet.decision": ("decision", "结论"),
    "mapping.sheet.id": ("parcel", "地块编号"),
    "mapping.sheet.ledger_name": ("name in the ledger", "台账名称"),
    "mapping.sheet.parcel_name": ("name of the parcel", "地块名称"),
    "mapping.sheet.ledger_mu": ("ledger area (mu)", "台账面积(亩)"),
    "mapping.sheet.parcel_mu": ("parcel area (mu)", "地块面积(亩)"),
    "mapping.sheet.diff_pct": ("difference (%)", "面积差(%)"),
    "mapping.sheet.score": ("likeness of names", "名称相似度"),
    "mapping.sheet.reason": ("why", "原因"),
    "mapping.sheet.row": ("row of the ledger", "台账行"),
    "mapping.sheet.key": ("key of the row (do not change)", "行标识(请勿改动)"),
    "mapping.sheet.yes": ("yes", "是"),
    "mapping.sheet.no": ("no", "否"),
    "mapping.sheet.prompt": (
        "yes, no, or the id of the right parcel",
        "填“是”“否”或正确的地块编号",
    ),
}
