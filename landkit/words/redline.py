"""Words of `landkit redline`: control lines, their rules, and the land that is where it should not be."""

ENTRIES: dict[str, tuple[str, str]] = {
    "help.redline": (
        "Measure the land of programmes inside each control line in force.",
        "量算各项目落入现行管控线的面积。",
    ),
    "help.redline.about": (
        "Each place counts once. A parcel conflicts with a line that forbids or warns if it has more than the "
        "tolerance inside, and with lines that it must lie within if it has more outside all of those of the kind; to "
        "touch is no conflict. Lines that take effect after the business date are left out.",
        "同一土地只计一次。地块落入禁止类或提示类管控线、或超出必须位于其内的管控线，面积大于容差即为冲突；仅相接不算冲突。"
        "业务日期之后才启用的管控线不计。",
    ),
    "help.redline.examples": (
        "landkit redline -w jinhua\nlandkit redline reclaim lowefficiency --as-of 2022-12-31 --strict\n"
        "landkit redline --format csv -o redline.csv",
        "landkit redline -w jinhua\nlandkit redline reclaim lowefficiency --as-of 2022-12-31 --strict\n"
        "landkit redline --format csv -o redline.csv",
    ),
    "option.tolerance_m2": (
        "Square metres that a parcel may have where it should not, before that is a conflict.",
        "地块与管控线冲突面积的容差（平方米），超过才算冲突。",
    ),
    "option.strict_redline": (
        "End with exit code 3 if a rule is broken (forbid, must_within).",
        "违反禁止或必须位于其内的规则时，以退出码 3 结束。",
    ),
    "redline.title": ("Land in control lines ({unit})", "管控线内面积（{unit}）"),
    "redline.title.conflicts": ("Conflicts, above {tolerance} m2", "冲突图斑（大于容差 {tolerance} 平方米）"),
    "redline.column.kind": ("Control line", "管控线"),
    "redline.column.rule": ("Rule", "规则"),
    "redline.column.parcels": ("Parcels", "宗数"),
    "redline.column.net": ("Net", "去重后"),
    "redline.column.layer": ("Programme", "项目类别"),
    "redline.column.id": ("Parcel", "图斑"),
    "redline.column.share": ("% of it", "占本宗 %"),
    "redline.column.lines": ("Lines", "管控线编号"),
    "redline.column.area": ("Area {unit}", "面积 {unit}"),
    "redline.column.part": ("Part", "位置"),
    "redline.column.subkind": ("Subkind", "分区"),
    "redline.rule.forbid": ("forbidden", "禁止"),
    "redline.rule.must_within": ("must lie within", "须位于其内"),
    "redline.rule.warn": ("warning", "提示"),
    "redline.rule.info": ("information", "仅告知"),
    "redline.part.inside": ("inside", "区内"),
    "redline.part.outside": ("outside", "区外"),
    "redline.kind.YJJBNT": ("Permanent basic farmland", "永久基本农田"),
    "redline.kind.STBHHX": ("Ecological conservation redline", "生态保护红线"),
    "redline.kind.CZKFBJ": ("Urban development boundary", "城镇开发边界"),
    "redline.kind.GYHX": ("Industrial land line", "工业红线"),
    "redline.kind.LSGNQ": ("Grain production area", "粮食生产功能区"),
    "redline.kind.LX": ("Blue line (water)", "蓝线"),
    "redline.kind.LvX": ("Green line", "绿线"),
    "redline.kind.ZX": ("Purple line (heritage)", "紫线"),
    "redline.kind.HX": ("Yellow line (utilities)", "黄线"),
    "redline.kind.河道": ("River channel", "河道"),
    "redline.kind.文物": ("Heritage protection", "文物"),
    "redline.kind.高压走廊": ("Power line corridor", "高压走廊"),
    "redline.kind.污染地块": ("Polluted site", "污染地块"),
    "redline.broken": (
        "Rules broken: {count} conflicts of {parcels} parcels",
        "违反规则：{count} 处，涉及 {parcels} 宗",
    ),
    "redline.kept": ("No rule is broken", "未违反规则"),
    "redline.basis": (
        "Basis: {method}, {plane}, 1 mu = 10000/15 m2; as of: {as_of}; control lines in force: {lines}; "
        "tolerance {tolerance} m2 a parcel and kind of line; sources: {files}",
        "口径：{method}，{plane}，1 亩 = 10000/15 平方米；业务日期：{as_of}；现行管控线 {lines} 条；"
        "容差为每宗每类 {tolerance} 平方米；数据来源 {files} 个",
    ),
    "redline.placeholder": (
        "Placeholder geometry: illustrative shapes (parcels {parcels}, control lines {lines}), no basis for approval",
        "示意图形：图斑 {parcels} 宗、管控线 {lines} 条仅为示意，不作为审批依据",
    ),
    "note.redline.later": (
        "Control lines not in force yet at the date: {count} ({ids})",
        "当时尚未启用的管控线：{count} 条（{ids}）",
    ),
    "note.redline.undated": (
        "Control lines without an effective date, taken as in force: {count} ({ids})",
        "无启用日期的管控线，按已启用计：{count} 条（{ids}）",
    ),
    "note.redline.without_shape": (
        "Control lines without a usable shape, whose land is not known: {count} ({ids})",
        "无可用图形的管控线，无法判断其范围：{count} 条（{ids}）",
    ),
    "note.redline.repaired": (
        "Control lines with invalid rings, repaired: {count} ({ids})",
        "边界自相交的管控线，已修复：{count} 条（{ids}）",
    ),
    "note.redline.none": (
        "No control line is in force: nothing could be compared",
        "没有现行的管控线，未作比对",
    ),
    "error.redline.tolerance": ("--tolerance-m2 {value} is no area", "--tolerance-m2 {value} 不是面积"),
    "error.redline.tolerance.hint": ("write square metres, as 1 or 0.5", "请写平方米数，如 1 或 0.5"),
    "error.redline.no_lines": (
        "{folder}: the workspace has no layer control_line",
        "{folder}：工作区没有管控线图层 control_line",
    ),
    "error.redline.no_lines.hint": (
        "import the control lines as a layer of that name",
        "请先将管控线导入为该图层",
    ),
    "error.redline.column": ("{layer}: no column {column}", "{layer}：没有字段 {column}"),
    "error.redline.column.hint": (
        "each control line needs its kind (YJJBNT, STBHHX, …) and its rule (forbid, must_within, warn, info)",
        "每条管控线都要有类型 kind（YJJBNT、STBHHX 等）与规则 rule（forbid、must_within、warn、info）",
    ),
    "error.redline.value": (
        "{layer}: row {row} has '{value}' as its {column}",
        "{layer}：第 {row} 行的 {column} 为“{value}”",
    ),
    "error.redline.value.hint": (
        "a control line needs a kind, and one of these rules: {rules}",
        "管控线须有类型，规则取其一：{rules}",
    ),
    "error.redline.broken": (
        "rules of control lines are broken: {count} conflicts ({ids})",
        "违反管控规则：{count} 处（{ids}）",
    ),
    "error.redline.broken.hint": (
        "take the parcels out, cut them along the line, or have the line corrected",
        "请调出图斑、按管控线裁切，或核改管控线",
    ),
}
