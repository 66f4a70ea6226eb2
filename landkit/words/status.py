"""Words of the room `status`: the plan, its targets and how they stand."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.plan.missing_file": (
        "there is no plan at {file}",
        "没有找到计划文件 {file}",
    ),
    "error.plan.missing_file.hint": (
        "a workspace keeps its targets in plan.toml; `landkit demo DIR` writes an example",
        "工作区的目标写在 plan.toml 中;`landkit demo DIR` 可写出样例",
    ),
    "error.plan.syntax": (
        "{file} cannot be read, line {line}: {reason}",
        "{file} 第 {line} 行无法读取:{reason}",
    ),
    "error.plan.syntax.hint": (
        "mend that line; the file is TOML in UTF-8",
        "请修改该行;文件应为 UTF-8 编码的 TOML",
    ),
    "error.plan.missing": (
        "{file}: {target} lacks {name}",
        "{file}:{target} 缺少 {name}",
    ),
    "error.plan.missing.hint": (
        "add {name} to {target}",
        "请在 {target} 中补上 {name}",
    ),
    "error.plan.key": (
        "{file}: {target} has {name}, which means nothing there",
        "{file}:{target} 中的 {name} 无此含义",
    ),
    "error.plan.key.hint": (
        "check the spelling; docs/status.md lists the keys",
        "请核对拼写;docs/status.md 列有全部键名",
    ),
    "error.plan.value": (
        "{file}: {target}: {name} = {value} is not understood",
        "{file}:{target}:{name} = {value} 无法识别",
    ),
    "error.plan.value.hint": (
        "{name} takes: {allowed}",
        "{name} 可写:{allowed}",
    ),
    "error.plan.twice": (
        "{file}: two targets are called {target}",
        "{file}:有两个目标都叫 {target}",
    ),
    "error.plan.twice.hint": (
        "give every target its own id",
        "每个目标请用各自的编号",
    ),
}
