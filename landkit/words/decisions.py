"""A person's decisions."""

ENTRIES: dict[str, tuple[str, str]] = {
    "help.decide": (
        "Log a person's decision about rows that contradict one another; it can be taken back.",
        "登记人工认定：如何处理相互矛盾的图斑，可撤销。",
    ),
    "help.decide.about": (
        "The layers stay as they are: a decision takes effect whenever areas are counted, and a note says so. Once the "
        "shapes it was taken about have changed it has no effect, and has to be taken again.\n"
        "Rules: keep ID - shared land belongs to ID, the other rows are cut; drop ID - the row is not counted; "
        "accept - it is as it should be.",
        "图层本身不改动：认定在量算时生效，并在表下注明。所涉图形改动后，认定不再生效，须重新认定。\n"
        "规则：keep ID 共有土地归 ID，其余图斑裁去；drop ID 该行不计；accept 情况属实，予以认可。",
    ),
    "help.decide.examples": (
        'landkit decide S-118,S-131 --rule "keep S-131" --by planner --note "June survey holds"\n'
        'landkit decide Q-07 --rule accept --by planner --note "seen on site"\n'
        'landkit decide --undo D-3 --by planner --note "survey withdrawn"\n'
        "landkit decide --list",
        'landkit decide S-118,S-131 --rule "keep S-131" --by 规划员 --note "以6月复测为准"\n'
        'landkit decide Q-07 --rule accept --by 规划员 --note "现场核实"\n'
        'landkit decide --undo D-3 --by 规划员 --note "复测作废"\n'
        "landkit decide --list",
    ),
    "option.decide_rule": ("What is decided about the rows.", "如何认定。"),
    "option.decide_by": ("Who decides.", "认定人。"),
    "option.decide_note": ("Why: the document, the survey.", "认定依据。"),
    "option.decide_layer": (
        "The layer of the rows, where several hold these ids.",
        "所在图层；编号在多个图层中出现时必填。",
    ),
    "option.decide_undo": ("Take back the decision of this number.", "撤销该编号的认定。"),
    "option.decide_list": ("List the decisions, also those taken back.", "列出全部认定，含已撤销的。"),
    "decision.logged": (
        "{number} logged: {rule}: {ids} ({layer}), by {by}",
        "已登记 {number}：{rule}：{ids}（{layer}），认定人 {by}",
    ),
    "decision.logged.undo": (
        "{number} logged: {reverses} taken back: {ids} ({layer}), by {by}",
        "已登记 {number}：撤销 {reverses}：{ids}（{layer}），认定人 {by}",
    ),
    "decision.title": ("Decisions", "人工认定"),
    "decision.none": ("no decisions", "没有认定"),
    "decision.column.number": ("No.", "编号"),
    "decision.column.state": ("State", "状态"),
    "decision.column.time": ("Time", "时间"),
    "decision.column.layer": ("Layer", "图层"),
    "decision.column.ids": ("Rows", "图斑"),
    "decision.column.rule": ("Rule", "规则"),
    "decision.column.by": ("By", "认定人"),
    "decision.column.note": ("Note", "依据"),
    "decision.state.in_force": ("in force", "有效"),
    "decision.state.undone": ("taken back", "已撤销"),
    "decision.state.undo": ("takes back {reverses}", "撤销 {reverses}"),
    "note.decision.keep": (
        "{number} ({by}): {layer} {id} cut by {kept}, from {before:.2f} to {after:.2f} mu",
        "{number}（{by}）：{layer} {id} 与 {kept} 重叠部分归后者，由 {before:.2f} 亩减为 {after:.2f} 亩",
    ),
    "note.decision.drop": (
        "{number} ({by}): {layer} {id}, {mu:.2f} mu, not counted",
        "{number}（{by}）：{layer} {id}（{mu:.2f} 亩）不计入",
    ),
    "note.decision.stale": (
        "{number} ({by}) not applied: {layer} {ids} changed since; take it back and decide again",
        "{number}（{by}）未生效：{layer} {ids} 认定后已改动，请撤销后重新认定",
    ),
    "reason.decided": (
        "all its land belongs to another row by decision",
        "经认定，其土地全部归另一图斑",
    ),
    "error.decision.empty": ("{option} is empty", "{option} 为空"),
    "error.decision.empty.hint": (
        'a decision has a name and a reason: --by NAME --note "…"',
        '认定须写明认定人与依据：--by 姓名 --note "…"',
    ),
    "error.decision.nothing": ("no rows or no rule are given", "没有写明图斑或规则"),
    "error.decision.nothing.hint": (
        'write, for instance, landkit decide S-118,S-131 --rule "keep S-131" --by NAME --note "…"',
        '请写成如 landkit decide S-118,S-131 --rule "keep S-131" --by 姓名 --note "…"',
    ),
    "error.decision.rule": ("the rule is not understood: {rule}", "规则无法识别：{rule}"),
    "error.decision.rule.hint": (
        'write "keep ID", "drop ID" or accept',
        '请写 "keep 编号"、"drop 编号" 或 accept',
    ),
    "error.decision.target": (
        "{rule} {target}: that row is none of those decided about ({ids})",
        "{rule} {target}：不在所列图斑之中（{ids}）",
    ),
    "error.decision.target.hint": (
        "name all the rows concerned, and one of them in the rule",
        "请列出全部相关图斑，规则中写其中之一",
    ),
    "error.decision.alone": ("keep {target}: from which other row?", "keep {target}：没有写明另一图斑"),
    "error.decision.alone.hint": (
        "name the rows that share land with it as well, parted by commas",
        "请同时列出与其重叠的图斑，用逗号分隔",
    ),
    "error.decision.no_row": ("no row {id} in: {layers}", "以下图层中没有图斑 {id}：{layers}"),
    "error.decision.no_row.hint": (
        "check the id; landkit check lists the rows concerned",
        "请核对编号；landkit check 会列出相关图斑",
    ),
    "error.decision.apart": ("no single layer holds all of: {ids}", "没有一个图层同时含有：{ids}"),
    "error.decision.apart.hint": (
        "decide about rows of one layer at a time; land in two programmes is policy stacking, not a conflict",
        "请逐个图层认定；不同专项重叠属于政策叠加，不是冲突",
    ),
    "error.decision.several_layers": ("{ids} are in several layers: {layers}", "{ids} 在多个图层中都有：{layers}"),
    "error.decision.several_layers.hint": ("add --layer with one of them", "请用 --layer 指定其一"),
    "error.decision.twice": ("{layer} has more than one row {id}", "{layer} 中编号 {id} 不止一行"),
    "error.decision.twice.hint": (
        "give each row an id of its own in the delivery, then import it again",
        "请在来件中给每行不同的编号，再重新导入",
    ),
    "error.decision.contradicts": (
        "decision {number} of {by} is about the same rows: {rule}",
        "{by} 的认定 {number} 已涉及这些图斑：{rule}",
    ),
    "error.decision.contradicts.hint": (
        'take it back first: landkit decide --undo {number} --by NAME --note "…"',
        '请先撤销：landkit decide --undo {number} --by 姓名 --note "…"',
    ),
    "error.decision.undo_alone": (
        "--undo goes with neither rows nor a rule",
        "--undo 不能与图斑或规则同用",
    ),
    "error.decision.undo_alone.hint": (
        "take the decision back first, then decide anew",
        "请先撤销，再另行认定",
    ),
    "error.decision.not_in_force": ("no decision {number} is in force", "没有有效的认定 {number}"),
    "error.decision.not_in_force.hint": ("in force: {known}", "有效的认定：{known}"),
    "error.decision.log": (
        "{file}, line {line}: the log of decisions is damaged",
        "{file} 第 {line} 行：认定记录已损坏",
    ),
    "error.decision.log.hint": (
        "put back the file from .landkit/history or from a copy; it is added to by landkit decide alone",
        "请从 .landkit/history 或备份恢复；该文件只由 landkit decide 追加",
    ),
}
