"""Words of the search for a reference system: candidates with their consequences, what was decided, what cannot be."""

ENTRIES: dict[str, tuple[str, str]] = {
    "georeference.system": ("{label} ({crs})", "{label}（{crs}）"),
    "georeference.system_swapped": ("{label} ({crs}, x and y swapped)", "{label}（{crs}，X、Y 颠倒）"),
    "georeference.inside": (
        "{system}: all inside the area of interest, {mu:.2f} mu{districts}",
        "{system} 全部在区内，{mu:.2f} 亩{districts}",
    ),
    "georeference.partly": (
        "{system}: {percent:.1f} % inside the area of interest, {mu:.2f} mu{districts}",
        "{system} {percent:.1f} % 在区内，{mu:.2f} 亩{districts}",
    ),
    "georeference.outside": (
        "{system}: all outside, {km:.1f} km {direction}",
        "{system} {direction} {km:.1f} km，全部落在区外",
    ),
    "georeference.at": (
        "{system}: at {longitude:.4f}, {latitude:.4f}",
        "{system} 位于 {longitude:.4f}, {latitude:.4f}",
    ),
    "georeference.impossible": (
        "{system} cannot have such coordinates",
        "{system} 不可能有这样的坐标",
    ),
    "georeference.perhaps": (
        "ask the surveyor; by the coordinates: {options}",
        "请向测绘单位核实；按坐标可试：{options}",
    ),
    "georeference.unknown": (
        "this may be a local system: ask the surveyor for the data in CGCS2000",
        "可能是地方独立坐标系：请测绘单位提供 CGCS2000 成果",
    ),
    "georeference.by_area": ("the only one that fits", "唯一合适"),
    "georeference.by_numbers": ("the only one possible", "唯一可能"),
    "georeference.by_reference": (
        "since {count} of the shapes looked at are those of a known layer under it alone",
        "仅按此有 {count} 个抽查图形与已有图层相符",
    ),
    "georeference.by_districts": ("the only one that puts it into the key areas", "仅按此落入片区"),
    "georeference.more": (" and {count} more", " 另有 {count} 种"),
    "georeference.here": ("of its border", "在边界上"),
    "georeference.north": ("to the north", "偏北"),
    "georeference.northeast": ("to the northeast", "偏东北"),
    "georeference.east": ("to the east", "偏东"),
    "georeference.southeast": ("to the southeast", "偏东南"),
    "georeference.south": ("to the south", "偏南"),
    "georeference.southwest": ("to the southwest", "偏西南"),
    "georeference.west": ("to the west", "偏西"),
    "georeference.northwest": ("to the northwest", "偏西北"),
    "note.georeference.found": (
        "No reference system: {listed} → taken: {taken}, {ground}",
        "缺坐标系：{listed} → 采用 {taken}：{ground}",
    ),
    "note.georeference.corrected": (
        "The declared reference system is wrong ({claim}); {listed} → taken: {taken}, {ground}",
        "所标坐标系有误（{claim}）：{listed} → 采用 {taken}：{ground}",
    ),
    "note.georeference.swapped": (
        "x and y were swapped: read as {system}, put right",
        "X、Y 颠倒：按 {system} 读取，已调正",
    ),
    "note.georeference.given_over": (
        "The file says {declared}; {system} was given and is used instead",
        "文件标为 {declared}；按指定的 {system} 处理",
    ),
    "note.georeference.given_outside": (
        "With the given reference system land lies outside the area of interest: {consequence}",
        "按指定的坐标系，有土地落在区外：{consequence}",
    ),
    "note.georeference.partly_outside": (
        "Land lies outside the area of interest: {consequence}",
        "有土地落在区外：{consequence}",
    ),
    "note.georeference.datum": (
        "The datum was taken to be CGCS2000: coordinates do not show it; Xian 1980 or Beijing 1954 would look alike",
        "基准按 CGCS2000 处理：坐标本身看不出基准，西安 80、北京 54 的数值与之相近，请核实",
    ),
    "note.georeference.degrees": (
        "The degrees were taken for CGCS2000: coordinates do not show it; WGS 84 is the same, GCJ-02 and BD-09 are not",
        "经纬度按 CGCS2000 处理：坐标本身看不出是否为 WGS 84（等同）、GCJ-02 或 BD-09，请核实",
    ),
    "note.georeference.undefined": (
        "The file's reference system names no datum and was not relied on: {crs}",
        "文件所带坐标系未写明基准，未予采信：{crs}",
    ),
    "note.georeference.shift": (
        "Suspected {shift}: {count} shapes match the known layer by {before:.1f} %, by {after:.1f} % without it; "
        "nothing was moved",
        "疑为 {shift} 坐标：{count} 个图形与已知图层吻合 {before:.1f} %，去除该偏移后为 {after:.1f} %；未作任何移动",
    ),
    "error.georeference.none": (
        "{name}: no reference system, and none that landkit knows has such coordinates ({x:.3f}, {y:.3f})",
        "{name}：没有坐标系，且坐标（{x:.3f}, {y:.3f}）不符合 landkit 所知的任何坐标系",
    ),
    "error.georeference.none.hint": (
        "this may be a local system: ask the surveyor for the data in CGCS2000, or name its system, as --crs EPSG:4549",
        "可能是地方独立坐标系：请测绘单位提供 CGCS2000 成果，或指明坐标系，如 --crs EPSG:4549",
    ),
    "error.georeference.no_area": (
        "{name}: no reference system, and more than one is possible: {listed}",
        "{name}：没有坐标系，可能的坐标系不止一个：{listed}",
    ),
    "error.georeference.no_area.hint": (
        "name it ({options}), or set aoi in landkit.toml",
        "请指明（{options}），或在 landkit.toml 中设 aoi",
    ),
    "error.georeference.any_meridian": (
        "{name}: no reference system, and the coordinates ({x:.3f}, {y:.3f}) fit any central meridian",
        "{name}：没有坐标系，坐标（{x:.3f}, {y:.3f}）可属任一中央子午线",
    ),
    "error.georeference.any_meridian.hint": (
        "name it: --crs EPSG:4549 for CM120 (EPSG:4534 is CM75, one more for every 3 degrees to EPSG:4554, CM135), "
        "or set aoi in landkit.toml",
        "请指明：CM120 为 --crs EPSG:4549（EPSG:4534 为 CM75，每 3 度加一，至 EPSG:4554 为 CM135），"
        "或在 landkit.toml 中设 aoi",
    ),
    "error.georeference.several": (
        "{name}: no reference system, and the area of interest alone does not decide: {listed}",
        "{name}：没有坐标系，仅凭区域范围无法确定：{listed}",
    ),
    "error.georeference.several.hint": (
        "ask the surveyor, then add one of: {options}",
        "请向测绘单位核实后指定：{options}",
    ),
    "error.georeference.outside": (
        "{name}: no reference system, and none puts the land inside the area of interest: {listed}",
        "{name}：没有坐标系，且没有一种能使土地落在区内：{listed}",
    ),
    "error.georeference.outside.hint": (
        "name the system if one is right ({options}), or correct aoi in landkit.toml",
        "如其中之一正确，请指定（{options}）；或更正 landkit.toml 中的 aoi",
    ),
    "error.georeference.declared_wrong": (
        "{name}: the declared reference system is doubtful ({claim}), and no other fits alone: {listed}",
        "{name}：所标坐标系可疑（{claim}），又没有唯一合适的坐标系：{listed}",
    ),
    "error.georeference.declared_wrong.hint": (
        "ask the surveyor, then name the system: {options}",
        "请向测绘单位核实后指定：{options}",
    ),
    "note.georeference.astray": (
        "Shapes whose coordinates cannot be in {system}, and were carried along all the same: {count}",
        "{count} 个图形的坐标不可能属于 {system}，仍随同转换，请核实",
    ),
    "error.georeference.mixed": (
        "{name}: the coordinates are not all of one kind: {count} of {total} shapes cannot be in {system}",
        "{name}：坐标不统一：{total} 个图形中有 {count} 个不可能属于 {system}",
    ),
    "error.georeference.mixed.hint": (
        "perhaps some have a zone prefix and others none, or they are of two zones: split the file by this",
        "可能有的带带号、有的不带，或分属两带：请按此拆分文件",
    ),
    "error.georeference.given": ("--crs {given!r} is no reference system", "--crs {given!r} 不是坐标系"),
    "error.georeference.given.hint": (
        "write its EPSG code, as --crs EPSG:4549",
        "请写 EPSG 代码，如 --crs EPSG:4549",
    ),
    "error.georeference.impossible": (
        "{name}: {claim} ({x:.3f}, {y:.3f})",
        "{name}：{claim}（{x:.3f}, {y:.3f}）",
    ),
    "error.georeference.impossible.hint": ("{advice}", "{advice}"),
    "error.georeference.local": (
        "{name}: the header names a system that landkit does not know: {said}",
        "{name}：文件头所写坐标系不能识别：{said}",
    ),
    "error.georeference.local.hint": (
        "have the data transformed to CGCS2000; if they are in it already, name the system, as --crs EPSG:4549",
        "请转换到 CGCS2000；如数据本已是 CGCS2000，请指明坐标系，如 --crs EPSG:4549",
    ),
}
