"""Words of the room `figures`: units, rounding, and the files that figures are written to."""

ENTRIES: dict[str, tuple[str, str]] = {
    # No superscript two: it does not exist on a GBK console.
    "unit.mu": ("mu", "亩"),
    "unit.ha": ("ha", "公顷"),
    "unit.m2": ("m2", "平方米"),
    "unit.km2": ("km2", "平方公里"),
    "unit.wanmu": ("10,000 mu", "万亩"),
    "error.unit.unknown": ("no area unit is called '{unit}'", "没有名为“{unit}”的面积单位"),
    "error.unit.unknown.hint": ("use one of: {known}", "可用的单位：{known}"),
    "error.rounding.digits": (
        "these figures cannot be shown with {digits} decimals",
        "这些数字无法按 {digits} 位小数显示",
    ),
    "error.rounding.digits.hint": (
        "ask for 0 or more decimals, and for at most 15 digits in all",
        "小数位数应不小于 0，整数与小数合计不超过 15 位",
    ),
    "error.rounding.finite": (
        "a figure to be rounded is not a finite number",
        "待修约的数字中有非有限数值",
    ),
    "error.rounding.finite.hint": (
        "this is a defect of landkit: please report it with the command",
        "这是 landkit 的缺陷，请连同所用命令一并反馈",
    ),
    "error.rounding.total": (
        "the parts do not add up to their total {total}, so they cannot be rounded to it",
        "各分项之和与合计 {total} 不符，无法按合计修约",
    ),
    "error.rounding.total.hint": (
        "this is a defect of landkit: please report it with the command",
        "这是 landkit 的缺陷，请连同所用命令一并反馈",
    ),
    "error.csv.cell": (
        "the value {value} in column '{column}' cannot be written to CSV",
        "“{column}”列中的值 {value} 无法写入 CSV",
    ),
    "error.csv.cell.hint": (
        "this is a defect of landkit: please report it with the command",
        "这是 landkit 的缺陷，请连同所用命令一并反馈",
    ),
    "error.output.exists": ("the file {path} exists already", "文件 {path} 已存在"),
    "error.output.exists.hint": (
        "choose another name with -o, or replace it with --force",
        "请用 -o 另取文件名，或用 --force 覆盖",
    ),
    "error.output.folder": (
        "{path} cannot be written: its folder does not exist",
        "无法写入 {path}：所在文件夹不存在",
    ),
    "error.output.folder.hint": ("make the folder first, or choose another", "请先建立该文件夹，或改用其他文件夹"),
    "error.output.kind": (
        "{path} cannot be written: it is a folder or a device, not a file",
        "无法写入 {path}：它是文件夹或设备，不是文件",
    ),
    "error.output.kind.hint": ("name a file with -o", "请用 -o 指定一个文件名"),
    "error.output.denied": (
        "{path} cannot be written: no permission, or another program has it open",
        "无法写入 {path}：没有权限，或文件正被其他程序打开",
    ),
    "error.output.denied.hint": (
        "close it elsewhere, or choose a folder that you may write to",
        "请关闭占用该文件的程序，或改用有写入权限的文件夹",
    ),
    "error.output.failed": ("{path} was not written: {reason}", "{path} 未能写入：{reason}"),
    "error.output.failed.hint": (
        "check the free space and the path; a file of that name is as it was",
        "请检查磁盘空间和路径；同名的原文件未受影响",
    ),
    "error.output.partly": (
        "{path} was not written ({reason}), but these files of the same set were: {written}",
        "{path} 未能写入（{reason}），但同批的下列文件已写入：{written}",
    ),
    "error.output.partly.hint": (
        "the set does not belong together: run the command again with --force",
        "这批文件前后不一致：请加 --force 重新运行该命令",
    ),
    "error.output.twice": (
        "{path} is to be written twice by one command",
        "同一命令要两次写入 {path}",
    ),
    "error.output.twice.hint": (
        "choose a name with another ending with -o",
        "请用 -o 指定其他扩展名的文件名",
    ),
}
