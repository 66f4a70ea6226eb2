"""Words of what the ledger refuses or passes over in the rows of a layer."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.account.no_frames": (
        "no frame to measure: the mapping of layers is empty",
        "没有可量算的图层：传入的图层映射为空",
    ),
    "error.account.no_frames.hint": (
        "give at least one frame, or leave out the argument to measure the workspace",
        "请至少给出一个图层；若要量算工作区，请省略该参数",
    ),
    "error.account.by_figure": (
        "--by {column}: each row of the ledger has a figure of that name",
        "--by {column}：与账表各行的指标同名",
    ),
    "error.account.by_figure.hint": (
        "rename the column in the data; a key may not be called {names}",
        "请修改数据中的字段名；分组字段不能叫 {names}",
    ),
    "error.account.assign_nowhere": (
        "--assign {assign} gives land to key areas, and there are none",
        "--assign {assign} 用于按片区归属，而这里没有片区",
    ),
    "error.account.assign_nowhere.hint": (
        "name them with --districts LAYER|FILE, or leave --assign out",
        "请用 --districts 图层或文件 指定片区，或去掉 --assign",
    ),
    "error.account.needs_file": (
        "--source-layer chooses a layer of a file, and no file is named",
        "--source-layer 用于选择文件中的图层，而这里没有指定文件",
    ),
    "error.account.needs_file.hint": (
        "name the file as well, or leave the option out",
        "请同时指定文件，或去掉此选项",
    ),
    "note.owner_unknown": (
        "{layer}: {count} rows are registered in a key area that there is not ({names}): counted as in none",
        "{layer}：{count} 条记录登记的片区不存在（{names}），按未落入片区计",
    ),
    "error.plan.not_number": (
        "{layer}, row {row}: {column} is “{value}”, no number",
        "{layer} 第 {row} 行：{column} 为“{value}”，不是数字",
    ),
    "error.plan.not_number.hint": (
        "put the value right in the layer; what is unknown is left empty",
        "请在图层中改正；不详的请留空",
    ),
    "error.cli.no_key": ("{option} names no key", "{option} 未写分组"),
    "error.cli.no_key.hint": (
        "name one, for example --by district,layer, or leave the option out",
        "请至少写一个，如 --by district,layer，或去掉此选项",
    ),
    "error.output.delivery": (
        "{path} is one of the files that are measured, and is not replaced",
        "{path} 是本次量算的数据文件，不予覆盖",
    ),
    "error.output.delivery.hint": (
        "choose another name with -o; a CSV has a .json of its name beside it",
        "请用 -o 另选文件名；CSV 旁边会写出同名 .json",
    ),
    "note.column": (
        "{layer}: column {column} is taken as {field}",
        "{layer}：“{column}”列作为 {field}",
    ),
    "note.column_in": (
        "{layer}: column {column} is taken as {field}, in {unit}",
        "{layer}：“{column}”列作为 {field}，单位 {unit}",
    ),
    "note.doc_unreadable": (
        "{layer}: values of {column} that are no number, left out of the ledger areas: {count} (row {row}: {value!r})",
        "{layer}：{column} 有 {count} 个值不是数字，未计入台账面积（第 {row} 行：{value!r}）",
    ),
    "error.account.too_far": (
        "{file}: row {row} lies too far from the central meridian of {plane}: areas are proved up to 300 km",
        "{file}：第 {row} 行距 {plane} 中央子午线太远；面积算法只在 300 公里内有保证",
    ),
    "error.account.too_far.hint": (
        "take out stray rows, split the data by 3-degree zone, or check the reference system",
        "请剔除离群记录，按三度带分开，或检查坐标系",
    ),
    "note.none_chosen": (
        "{layer}: no row is chosen",
        "{layer}：没有一行入选",
    ),
    "error.districts.too_far": (
        "{layer}: the key area in row {row} lies too far away to be drawn in {plane}",
        "{layer}：第 {row} 行的片区太远，无法投影到 {plane}",
    ),
    "error.districts.too_far.hint": (
        "leave out key areas that have nothing to do with the data, or check their reference system",
        "请剔除与数据无关的片区，或检查其坐标系",
    ),
    "reason.too_far": (
        "more than 300 km from the central meridian, or past a pole",
        "距中央子午线超过 300 公里，或越过极点",
    ),
}
