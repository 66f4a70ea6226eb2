"""Words of `landkit check`: what each finding is called, what it says, and the report around it."""

ENTRIES: dict[str, tuple[str, str]] = {
    "check.invalid_ring": ("invalid ring", "自相交等无效图形"),
    "check.invalid_ring.text": (
        "{reason}; as drawn it would count {delivered_mu:.2f} mu, repaired it counts {counted_mu:.2f} mu",
        "图形无效（{reason}），按原边界计 {delivered_mu:.2f} 亩，修复后计 {counted_mu:.2f} 亩",
    ),
    "check.self_overlap": ("overlaps itself", "自身重叠"),
    "check.self_overlap.text": (
        "{reason}; its parts cover some land twice: delivered {delivered_mu:.2f} mu, counted {counted_mu:.2f} mu",
        "自身部分重叠（{reason}），原计 {delivered_mu:.2f} 亩，只计一次为 {counted_mu:.2f} 亩",
    ),
    "check.ring.crosses": ("edges cross or overlap", "边线相交或重合"),
    "check.ring.touches": ("the ring touches itself", "边界自相接触"),
    "check.ring.hole_outside": ("a hole lies outside", "内环落在外环之外"),
    "check.ring.nested": ("a ring lies inside another of its kind", "同类环互相套叠"),
    "check.ring.repeated": ("a ring is there twice", "环重复"),
    "check.ring.parted": ("holes cut the inside apart", "内环把内部割断"),
    "check.ring.other": ("the rings make no polygon", "环不构成面"),
    "check.overlap": ("overlap within a programme", "同一项目内重叠"),
    "check.overlap.text": (
        "both cover {shared_mu:.2f} mu: one of the two boundaries is wrong",
        "共同覆盖 {shared_mu:.2f} 亩，两者边界必有一错",
    ),
    "check.duplicate": ("duplicate", "重复图形"),
    "check.duplicate.text": (
        "one shape twice ({shared_mu:.2f} mu): a row too many, or the shape of another parcel is missing",
        "同一图形出现两次（{shared_mu:.2f} 亩）：或多录一行，或另一宗的图形缺失",
    ),
    "check.nested": ("parcel inside another", "套叠图形"),
    "check.nested.text": (
        "the first lies inside the second ({shared_mu:.2f} mu)",
        "前者落在后者之内（{shared_mu:.2f} 亩）",
    ),
    "check.gap": ("gap between parcels", "图斑间缝隙"),
    "check.gap.text": (
        "{gap_mu:.3f} mu between them belongs to none, {width_m:.2f} m wide on average",
        "其间 {gap_mu:.3f} 亩无归属，平均宽 {width_m:.2f} 米",
    ),
    "check.sliver": ("slivers", "碎片"),
    "check.sliver.text": (
        "{count} strips of overlap or gap, narrower than {sliver_m:g} m",
        "宽度不足 {sliver_m:g} 米的重叠或缝隙 {count} 个",
    ),
    "check.outside_aoi": ("outside the area of interest", "超出工作范围"),
    "check.outside_aoi.text": (
        "{outside_mu:.2f} mu lie outside the area of interest",
        "有 {outside_mu:.2f} 亩落在工作范围之外",
    ),
    "check.district": ("key area differs", "登记片区与图形不符"),
    "check.district.text": (
        "registered in {registered}, but {moved_mu:.2f} mu of it lie in {lies}; the total does not change",
        "登记片区为 {registered}，图形有 {moved_mu:.2f} 亩在 {lies}；总数不变",
    ),
    "check.deed": ("deed and shape differ", "证载面积与图形不符"),
    "check.deed.text": (
        "deed {registered_mu:.2f} mu, shape {measured_mu:.2f} mu",
        "证载 {registered_mu:.2f} 亩，图形 {measured_mu:.2f} 亩",
    ),
    "check.survey": ("survey and shape differ", "勘测面积与图形不符"),
    "check.survey.text": (
        "survey {registered_mu:.2f} mu, shape {measured_mu:.2f} mu",
        "勘测定界 {registered_mu:.2f} 亩，图形 {measured_mu:.2f} 亩",
    ),
    "check.ledger": ("ledger and shape differ", "台账面积与图形不符"),
    "check.ledger.text": (
        "ledger {registered_mu:.2f} mu, shape {measured_mu:.2f} mu",
        "台账 {registered_mu:.2f} 亩，图形 {measured_mu:.2f} 亩",
    ),
    "check.declared": ("declared area and shape differ", "申报面积与图形不符"),
    "check.declared.text": (
        "declared {registered_mu:.2f} mu, shape {measured_mu:.2f} mu",
        "申报 {registered_mu:.2f} 亩，图形 {measured_mu:.2f} 亩",
    ),
    "check.placeholder": ("placeholder shapes", "示意图形"),
    "check.placeholder.text": (
        "{count} shapes are placeholders: the price is what they differ from the ledger by",
        "{count} 个图形仅为示意，影响按与台账之差计",
    ),
    "check.no_shape": ("without a shape", "有账无图"),
    "check.no_shape.text": (
        "not in the net total ({reason}); the price is {known}",
        "未计入去重后面积（{reason}），影响按{known}计",
    ),
    "check.known.registered": ("its registered area", "登记面积"),
    "check.known.unknown": (
        "the largest parcel of its layer, since no area is registered",
        "本图层最大一宗（无登记面积）",
    ),
    "check.control_line": ("conflict with a control line", "与管控线冲突"),
    "check.control_line.text": (
        "{line}: land where it is not allowed ({rule})",
        "{line}：{rule}",
    ),
    "check.rule.forbid": ("the line forbids it", "落入禁止范围"),
    "check.rule.must_within": ("it must lie within", "超出应在范围"),
    "check.missing_field": ("mandatory value missing", "必填项缺失"),
    "check.missing_field.text": ("{field} is empty in {count} rows", "{count} 行的 {field} 为空"),
    "check.domain": ("value outside its domain", "取值超出值域"),
    "check.domain.text": (
        "{field} is '{value}'; it may be: {allowed}",
        "{field} 为“{value}”，允许的取值：{allowed}",
    ),
    "check.garbled": ("garbled text", "疑似乱码"),
    "check.garbled.text": (
        "{field} in {count} rows, such as '{value}': read in the wrong encoding",
        "{field} 有 {count} 行疑似乱码，如“{value}”：编码读错",
    ),
    "check.id_missing": ("without an id", "缺少编号"),
    "check.id_missing.text": ("{count} rows have no id", "{count} 行没有编号"),
    "check.id_repeated": ("id repeated", "编号重复"),
    "check.id_repeated.text": ("{rows} rows share the id '{id}'", "{rows} 行共用编号“{id}”"),
    "check.id_code": ("code does not hold", "代码校验不符"),
    "check.id_code.text": (
        "{field} in {count} rows, such as '{value}': the check character or the build is wrong",
        "{field} 有 {count} 行不符合编码规则或校验码，如“{value}”",
    ),
    "check.personal": ("personal data", "含个人信息"),
    "check.personal.text": (
        "{field} holds {kind} in {count} rows: not to be handed on",
        "{field} 有 {count} 行含{kind}，不得外传",
    ),
    "check.personal.citizen_id": ("citizens' numbers", "身份证号"),
    "check.personal.mobile": ("mobile numbers", "手机号"),
    "check.crossed_dates": ("dates out of order", "日期倒置"),
    "check.crossed_dates.text": (
        "{stage} is dated {date}, a lower stage {earlier}",
        "{stage}日期为 {date}，而更早的阶段为 {earlier}",
    ),
    "check.no_evidence": ("stage without evidence", "阶段无佐证"),
    "check.no_evidence.text": ("{stage}: no event names a document", "{stage}：事件无佐证文号"),
    "check.undated": ("stage without a date", "阶段无日期"),
    "check.undated.text": (
        "{stage}: claimed by the delivery, no event dates it",
        "{stage}：仅为所报，没有注明日期的事件",
    ),
    "check.event": ("event or stage not usable", "事件或阶段无法采用"),
    "check.event.text": ("{problem}: {what}", "{problem}：{what}"),
    "check.event.event_without_row": ("an event of a row that is not there", "事件所指的行不存在"),
    "check.event.event_off_ladder": ("an event with a stage that is on no ladder", "事件的阶段不在阶梯上"),
    "check.event.event_without_date": ("an event without a date", "事件没有日期"),
    "check.event.event_corrects_nothing": ("a correction of an event that is not there", "所更正的事件不存在"),
    "check.event.stage_off_ladder": ("a stage that is on no ladder", "阶段不在阶梯上"),
    "check.households": ("households do not fit", "户数不合理"),
    "check.households.text": (
        "{lower}: {given}, but {higher}: {most}",
        "{lower} {given} 户，多于{higher} {most} 户",
    ),
    "check.households.households": ("households", "总户数"),
    "check.households.signed_households": ("signed", "签约"),
    "check.households.vacated_households": ("vacated", "腾空"),
    "check.households.demolished_households": ("demolished", "拆除"),
    "check.freed": ("frees more than its land", "腾出多于用地"),
    "check.freed.text": (
        "{claimed_mu:.2f} mu claimed of {land_mu:.2f} mu of land",
        "所报 {claimed_mu:.2f} 亩，用地仅 {land_mu:.2f} 亩",
    ),
    "check.severity.error": ("error", "错误"),
    "check.severity.warning": ("warning", "警告"),
    "check.severity.info": ("note", "提示"),
    "check.fixer.survey": ("surveyors", "测绘"),
    "check.fixer.unit": ("responsible unit", "责任单位"),
    "check.fixer.entry": ("ledger clerk", "录入"),
    "check.fixer.planning": ("planning", "规划"),
    "check.dimension.completeness_commission": ("completeness: too much", "完整性·多余"),
    "check.dimension.completeness_omission": ("completeness: missing", "完整性·遗漏"),
    "check.dimension.logical_conceptual": ("logical consistency: concepts", "逻辑一致性·概念"),
    "check.dimension.logical_domain": ("logical consistency: domain", "逻辑一致性·值域"),
    "check.dimension.logical_format": ("logical consistency: format", "逻辑一致性·格式"),
    "check.dimension.logical_topological": ("logical consistency: topology", "逻辑一致性·拓扑"),
    "check.dimension.positional_absolute": ("positional accuracy", "位置准确度"),
    "check.dimension.thematic_classification": ("thematic accuracy: classes", "专题准确度·分类"),
    "check.dimension.thematic_quantitative": ("thematic accuracy: figures", "专题准确度·数值"),
    "check.dimension.temporal_consistency": ("temporal quality: order", "时间质量·次序"),
    "check.dimension.temporal_validity": ("temporal quality: validity", "时间质量·有效性"),
    "check.title": ("Findings, by the mu at stake", "检查结果（按影响排序）"),
    "check.column.mu": ("At stake mu", "影响 亩"),
    "check.column.severity": ("Severity", "级别"),
    "check.column.fixer": ("To be mended by", "责任"),
    "check.column.check": ("Finding", "问题"),
    "check.column.layer": ("Layer", "图层"),
    "check.column.ids": ("Rows", "编号"),
    "check.column.text": ("What was found", "情况"),
    "check.column.settled": ("Decision", "处置"),
    "check.column.dimension": ("Quality element", "质量元素"),
    "check.column.finding": ("Number", "问题编号"),
    "check.more_ids": ("{first} and {count} more", "{first} 等 {count} 个"),
    "check.none": ("Nothing was found.", "未发现问题。"),
    "check.total": (
        "At stake: {stake:.2f} mu in {count} findings (settled: {settled})",
        "合计可能影响 {stake:.2f} 亩，问题 {count} 项（已认定 {settled} 项）",
    ),
    "check.gate.open": (
        "{stake:.2f} mu at stake <= gate {gate:.2f} mu: the figure may be published",
        "可能影响 {stake:.2f} 亩 ≤ 发布门槛 {gate:.2f} 亩：可以发布",
    ),
    "check.gate.closed": (
        "{stake:.2f} mu at stake > gate {gate:.2f} mu: the figure is withheld",
        "可能影响 {stake:.2f} 亩 > 发布门槛 {gate:.2f} 亩：总数暂缓发布",
    ),
    "check.basis": (
        "Basis: {method}, {plane}, 1 mu = 10000/15 m2; as of: {as_of}; rows: {rows}; landkit {version}",
        "口径：{method}，{plane}，1 亩 = 10000/15 平方米；业务日期：{as_of}；共 {rows} 行；landkit {version}",
    ),
    "check.meaning": (
        "The price of a finding is the mu by which it could move the net total, or the target that a stage feeds; "
        "the sum bounds the error.",
        "“影响”指该问题可能使去重后合计（阶段类问题为所计入的目标）变动的亩数；各项之和为误差上限。",
    ),
    "check.html.before": ("as delivered", "原图形"),
    "check.html.after": ("as counted", "计入的图形"),
    "check.html.sources": ("Sources", "数据来源"),
    "check.html.notes": ("Notes", "说明"),
    "check.step.measure": ("measuring", "量算"),
    "check.step.shapes": ("rings and overlaps", "环与重叠"),
    "check.step.gaps": ("gaps", "缝隙"),
    "check.step.areas": ("areas", "面积比对"),
    "check.step.fields": ("fields and stages", "字段与阶段"),
    "check.step.places": ("places", "位置"),
    "error.check.gate": ("--gate '{value}' is no area", "--gate“{value}”不是面积"),
    "error.check.gate.hint": (
        "write it as 15mu, 1ha or 500m2; a plain number is mu",
        "请写成 15mu、1ha 或 500m2；只写数字时为亩",
    ),
    "error.check.withheld": (
        "the figure is withheld: {stake:.2f} mu are at stake, {over:.2f} more than the gate of {gate:.2f} mu",
        "总数暂缓发布：可能影响 {stake:.2f} 亩，超出发布门槛 {gate:.2f} 亩 {over:.2f} 亩",
    ),
    "error.check.withheld.hint": (
        "mend or decide the dearest findings first: {first}; landkit decide records a decision",
        "请先处理影响最大的问题：{first}；人工认定用 landkit decide",
    ),
    "option.gate": (
        "Withhold the figure (exit code 3) when more is at stake: 15mu, 1ha, 500m2.",
        "可能影响超过该面积时暂缓发布（退出码 3）：15mu、1ha、500m2。",
    ),
    "help.check": (
        "Find what is wrong, each finding with the mu by which it could move the figures.",
        "检查数据质量，逐项给出可能影响的亩数。",
    ),
    "help.check.about": (
        "Without a name it checks the workspace's layers that are marked as programmes; with names, those layers, or "
        "any files of polygons.\n"
        "Findings are sorted by their price, and the sum of prices bounds the error of the net total. html is one page "
        "that needs no network.",
        "不写名称时检查工作区中标记为专项的图层；写出名称时检查这些图层，或任意面状矢量文件。\n"
        "问题按影响亩数排序，各项之和为去重后合计的误差上限。html 为单个离线网页。",
    ),
    "help.check.examples": (
        "landkit check\n"
        "landkit check reclaim --as-of 2022-06-30 --gate 15mu\n"
        "landkit check --format html -o issues.html\n"
        "landkit check a.gpkg b.shp --format json",
        "landkit check\n"
        "landkit check reclaim --as-of 2022-06-30 --gate 15mu\n"
        "landkit check --format html -o issues.html --lang zh\n"
        "landkit check a.gpkg b.shp --format json",
    ),
}
