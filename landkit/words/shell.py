"""Words of the command line itself: help pages, shared options, usage errors, `landkit demo` and `landkit doctor`."""

ENTRIES: dict[str, tuple[str, str]] = {
    "cli.usage": ("Usage:", "用法："),
    "cli.options": ("Options:", "选项："),
    "cli.commands": ("Commands:", "命令："),
    "cli.examples": ("Examples:", "示例："),
    "cli.default": ("[default: {value}]", "（默认：{value}）"),
    "help.landkit": (
        "Land and urban-renewal ledgers, measured once and correctly, offline.",
        "土地与城市更新台账：一次量准，账目勾稽，离线可用。",
    ),
    "help.landkit.about": (
        "Figures go to stdout, messages to stderr. Exit codes: 0 done, 1 a defect of landkit, 2 usage, "
        "3 a gate is closed, 4 coordinate reference system, 5 input, 6 the workspace is locked.",
        "结果写到标准输出，提示写到标准错误。退出码：0 完成，1 landkit 自身缺陷，2 用法有误，"
        "3 未过发布门槛，4 坐标系，5 输入数据，6 工作区被占用。",
    ),
    "help.landkit.examples": (
        "landkit demo jinhua\nlandkit area -w jinhua\nlandkit status --as-of 2022-06-30\nlandkit area --help",
        "landkit demo jinhua\nlandkit area -w jinhua\nlandkit status --as-of 2022-06-30\nlandkit area --help --lang zh",
    ),
    "option.help": ("Show this page.", "显示本页。"),
    "option.version": ("Show the version.", "显示版本。"),
    "option.lang": (
        "Language of texts; data stay as delivered. Else LANDKIT_LANG, else that of the system.",
        "界面语言；数据原样不译。未指定时依次取 LANDKIT_LANG 与系统语言。",
    ),
    "option.workspace": (
        "Folder of the workspace; else the current folder, else its folder layers.",
        "工作区文件夹；未指定时取当前文件夹，其次取其下的 layers。",
    ),
    "option.unit": ("Unit of areas.", "面积单位。"),
    "option.digits": (
        "Decimals shown; else those usual for the unit. JSON is never rounded.",
        "显示的小数位数；未指定时按单位惯例。JSON 不修约。",
    ),
    "option.method": ("How areas are measured.", "面积量算方法。"),
    "option.as_of": ("Business date: what had happened by then.", "业务日期：以该日为止已发生者为准。"),
    "option.format": ("Form of the output.", "输出格式。"),
    "option.output": ("Write to a file instead of stdout.", "写入文件，不写到标准输出。"),
    "option.force": ("Replace files that exist.", "覆盖已有文件。"),
    "error.cli.choice": ("{option}: '{value}' is not known", "{option}：没有“{value}”这个取值"),
    "error.cli.choice.hint": ("choose one of: {choices}", "可选：{choices}"),
    "error.cli.date": ("{option}: '{value}' is no date", "{option}：“{value}”不是日期"),
    "error.cli.date.hint": ("write it as 2022-06-30", "请写成 2022-06-30 的形式"),
    "error.cli.count": (
        "{option}: '{value}' is no whole number from 0 to 999",
        "{option}：“{value}”不是 0 到 999 的整数",
    ),
    "error.cli.count.hint": ("write it in digits, as 2", "请用数字书写，如 2"),
    "error.cli.command": ("there is no command '{name}'", "没有“{name}”这个命令"),
    "error.cli.command.hint": ("the commands are: {commands}", "可用命令：{commands}"),
    "error.cli.option": ("{command} has no option {option}", "{command} 没有选项 {option}"),
    "error.cli.option.hint": ("{command} --help lists them", "全部选项见 {command} --help"),
    "error.cli.near_option": ("{command} has no option {option}", "{command} 没有选项 {option}"),
    "error.cli.near_option.hint": (
        "perhaps {nearest} is meant; {command} --help lists all",
        "是否要用 {nearest}？全部选项见 {command} --help",
    ),
    "error.cli.value": ("{option} needs a value", "{option} 缺少取值"),
    "error.cli.value.hint": ("{command} --help shows what it takes", "可取的值见 {command} --help"),
    "error.cli.no_value": ("{option} takes no value", "{option} 不带取值"),
    "error.cli.no_value.hint": (
        "write the option alone, without a value; see {command} --help",
        "请只写选项名，不带值；参见 {command} --help",
    ),
    "error.cli.missing": ("{name} is missing", "缺少 {name}"),
    "error.cli.missing.hint": ("{command} --help shows an example", "{command} --help 有示例"),
    "error.cli.extra": ("too many arguments: {arguments}", "多余的参数：{arguments}"),
    "error.cli.extra.hint": (
        "{command} --help shows what it takes; a value with blanks stands in quotation marks",
        "所需参数见 {command} --help；含空格的值请加引号",
    ),
    "error.cli.other": ("the command line is not understood: {detail}", "无法理解该命令行：{detail}"),
    "error.cli.other.hint": ("see {command} --help", "参见 {command} --help"),
    "error.cli.defect": (
        "a defect of landkit: {kind} in {place}: {detail}",
        "landkit 自身缺陷：{place} 处 {kind}：{detail}",
    ),
    "error.cli.defect.hint": (
        "please report it with the command; LANDKIT_DEBUG=1 in the environment shows the whole trace",
        "请连同所用命令一并反馈；设环境变量 LANDKIT_DEBUG=1 可显示完整堆栈",
    ),
    "help.area": (
        "Measure areas by key area and programme, net of what is counted again.",
        "按片区与专项量算面积：去重，勾稽一致。",
    ),
    "help.area.about": (
        "Without a name it measures the workspace's layers that are marked as programmes; with names, those layers, or "
        "any files of polygons, for which no workspace is needed.\n"
        "The table says under it by which method, in which plane and by which rule the figures came about.",
        "不写名称时量算工作区中标记为专项的图层；写出名称时量算这些图层，或任意面状矢量文件（无需工作区）。\n"
        "表下注明所用的量算方法、投影平面与计入规则。",
    ),
    "help.area.examples": (
        "landkit area\n"
        "landkit area reclaim --by district,stage --as-of 2022-06-30 --unit ha --method planar\n"
        "landkit area a.gpkg b.shp --districts d.gpkg --by district,layer --format json\n"
        'landkit area lowefficiency --where "area_doc_mu > 5" --by township --format csv -o t.csv',
        "landkit area\n"
        "landkit area reclaim --by district,stage --as-of 2022-06-30 --unit ha --method planar\n"
        "landkit area a.gpkg b.shp --districts d.gpkg --by district,layer --format json\n"
        "landkit area lowefficiency --where \"cause LIKE '%低散乱%'\" --by township --format csv -o t.csv",
    ),
    "help.status": (
        "Show each target of the plan: clause, actual, stages, what is due by now, what is behind.",
        "逐项列出计划目标：条款、完成数、各阶段、序时应完成与滞后情况。",
    ),
    "help.status.about": (
        "A target that no layer can measure is listed as such and never given a number. Targets stack on the same land "
        "and may not be added.",
        "没有图层可以量算的目标照列，但不给数字。各目标可能落在同一块地上，不得直接相加。",
    ),
    "help.status.examples": (
        "landkit status --as-of 2022-06-30\nlandkit status --as-of 2022-12-31 --strict --format json",
        "landkit status --as-of 2022-06-30\nlandkit status --as-of 2022-12-31 --strict --format json",
    ),
    "help.layers": (
        "List what the workspace holds: layer, file, rows, area, reference system, certainty.",
        "列出工作区内容：图层、文件、行数、面积、坐标系、图形可信度。",
    ),
    "help.layers.about": (
        "Rows without a shape are counted apart: they have a ledger area only.",
        "有账无图的行单列：它们只有台账面积。",
    ),
    "help.layers.examples": (
        "landkit layers\nlandkit layers -w jinhua --format json",
        "landkit layers\nlandkit layers -w jinhua --format json",
    ),
    "help.demo": ("Write the example workspace, Jinhua 2022, into DIR.", "把示例工作区（金华 2022）写到 DIR。"),
    "help.demo.about": (
        "The example's shapes are placeholders laid out for illustration; its counts and sums are those of the plan.",
        "示例图形仅为示意，供演示之用；数量与合计同计划一致。",
    ),
    "help.demo.examples": (
        "landkit demo jinhua\nlandkit area -w jinhua",
        "landkit demo jinhua\nlandkit area -w jinhua",
    ),
    "demo.written": (
        "The example workspace is in {folder}. Next: landkit area -w {folder}",
        "示例工作区已写入 {folder}。下一步：landkit area -w {folder}",
    ),
    "help.doctor": ("Check what landkit stands on, and say its versions.", "检查运行环境，列出各组件版本。"),
    "help.doctor.about": (
        "Looks at Python, GEOS, PROJ and its data, GDAL, fonts for Chinese, and encodings; a known point is carried "
        "from EPSG:4490 to EPSG:4549 without a network. Exit code 1 if anything required fails.",
        "检查 Python、GEOS、PROJ 及其数据、GDAL、中文字体与编码；并离线把一个已知点从 EPSG:4490 转到 EPSG:4549。"
        "必需项有任何一项不通过，退出码为 1。",
    ),
    "help.doctor.examples": (
        "landkit doctor\nlandkit doctor --format json",
        "landkit doctor\nlandkit doctor --format json",
    ),
    "doctor.state": ("state", "状态"),
    "doctor.part": ("part", "项目"),
    "doctor.found": ("found", "结果"),
    "doctor.ok": ("ok", "正常"),
    "doctor.weak": ("look", "留意"),
    "doctor.bad": ("FAILS", "不通过"),
    "doctor.fine": ("Everything required is in order.", "必需项全部正常。"),
    "doctor.failed": (
        "Something required fails: install landkit anew into an empty environment, and see that PROJ_DATA and PROJ_LIB "
        "are not set by another program.",
        "有必需项未通过：请在空环境中重新安装 landkit，并检查 PROJ_DATA、PROJ_LIB 是否被其他程序设置。",
    ),
    "doctor.python": ("Python", "Python"),
    "doctor.numpy": ("numpy", "numpy"),
    "doctor.pandas": ("pandas", "pandas"),
    "doctor.geopandas": ("geopandas", "geopandas"),
    "doctor.shapely": ("shapely", "shapely"),
    "doctor.pyproj": ("pyproj", "pyproj"),
    "doctor.pyogrio": ("pyogrio", "pyogrio"),
    "doctor.fiona": ("fiona", "fiona"),
    "doctor.pyarrow": ("pyarrow", "pyarrow"),
    "doctor.cql2": ("cql2", "cql2"),
    "doctor.landkit": ("landkit", "landkit"),
    "doctor.geos": ("GEOS", "GEOS"),
    "doctor.proj": ("PROJ", "PROJ"),
    "doctor.proj_data": ("data of PROJ", "PROJ 数据"),
    "doctor.transformation": ("a known point, offline", "已知点离线转换"),
    "doctor.proj_offline": ("PROJ keeps off the network", "PROJ 不联网"),
    "doctor.gdal_pyogrio": ("GDAL of pyogrio", "GDAL（pyogrio）"),
    "doctor.gdal_fiona": ("GDAL of fiona", "GDAL（fiona）"),
    "doctor.font": ("a font for Chinese", "中文字体"),
    "doctor.stdout": ("Chinese on stdout", "标准输出可显示中文"),
    "doctor.file_names": ("Chinese in file names", "文件名可用中文"),
    "doctor.locale": ("Chinese in the locale", "系统区域编码支持中文"),
}
