"""Words of the measuring kernels and of `landkit area`."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.crs.missing": (
        "{name}: no coordinate reference system",
        "{name}：没有坐标系",
    ),
    "error.crs.missing.hint": (
        "write a .prj beside it, or convert it to a format that carries its system, such as GeoPackage",
        "请在文件旁补上 .prj，或另存为带坐标系的格式（如 GeoPackage）",
    ),
    "error.crs.ambiguous": (
        "{name}: the coordinate reference system names no datum that can be relied on ({crs})",
        "{name}：坐标系未写明可用的大地基准（{crs}）",
    ),
    "error.crs.ambiguous.hint": (
        "ask the surveyor for the datum, then store the data as CGCS2000, for example EPSG:4549",
        "请向测绘单位核实基准，再以 CGCS2000（如 EPSG:4549）保存",
    ),
    "error.crs.old_datum": (
        "{name}: datum {datum} is refused; PROJ would carry it to CGCS2000 with a zero shift, without a word",
        "{name}：不接受基准 {datum}；PROJ 会按零位移转到 CGCS2000 而不作提示",
    ),
    "error.crs.old_datum.hint": (
        "have the surveying office transform the data to CGCS2000 with its own parameters",
        "请由测绘主管部门用其转换参数转为 CGCS2000 后再用",
    ),
    "error.crs.other_datum": (
        "{name}: datum {datum} is refused; landkit measures on CGCS2000 (and takes WGS 84 as the same)",
        "{name}：不接受基准 {datum}；landkit 只在 CGCS2000 上量算（WGS 84 视为相同）",
    ),
    "error.crs.other_datum.hint": (
        "transform the data to CGCS2000 first, for example EPSG:4490",
        "请先转换到 CGCS2000（如 EPSG:4490）",
    ),
    "error.crs.shifted": (
        "{name}: {datum} comes with parameters of a datum shift",
        "{name}：{datum} 附带基准转换参数",
    ),
    "error.crs.shifted.hint": (
        "landkit applies no datum shift: have the data transformed to CGCS2000, without TOWGS84",
        "landkit 不做基准转换：请先转换到 CGCS2000，并去掉 TOWGS84",
    ),
    "error.crs.no_plane": (
        "{crs} is not a 3-degree Gauss–Krüger plane of CGCS2000",
        "{crs} 不是 CGCS2000 三度带高斯–克吕格平面",
    ),
    "error.crs.no_plane.hint": (
        "name one of EPSG:4513 to 4554, for Jinhua EPSG:4549",
        "请用 EPSG:4513 至 4554 之一，金华为 EPSG:4549",
    ),
    "error.crs.out_of_range": (
        "the coordinates lie outside the range of their own reference system",
        "坐标超出其坐标系的范围",
    ),
    "error.crs.out_of_range.hint": (
        "check whether the reference system is the right one, and whether x and y are swapped",
        "请检查坐标系是否正确、X 与 Y 是否颠倒",
    ),
    "error.crs.too_far": (
        "data lie {km:.0f} km from the central meridian of {plane}; areas are proved to 300 km only",
        "数据距 {plane} 中央子午线 {km:.0f} 公里；面积算法只在 300 公里内有保证",
    ),
    "error.crs.too_far.hint": (
        "split the data by 3-degree zone, or check the reference system",
        "请按三度带分开，或检查坐标系",
    ),
    "error.area.method": (
        "unknown area method {method!r}",
        "未知的面积方法 {method!r}",
    ),
    "error.area.method.hint": (
        "choose one of: {methods}",
        "可选：{methods}",
    ),
    "error.account.assign": (
        "unknown way of assigning land to key areas: {method!r}",
        "未知的片区归属方式 {method!r}",
    ),
    "error.account.assign.hint": (
        "choose one of: {methods}",
        "可选：{methods}",
    ),
    "error.account.by": (
        "no layer has a column {column!r} to group by",
        "没有图层含有可供分组的字段 {column!r}",
    ),
    "error.account.by.hint": (
        "use district, layer, stage or one of the columns: {known}",
        "可用 district、layer、stage，或以下字段之一：{known}",
    ),
    "error.account.district_field": (
        "the layer of key areas has no column {column!r}",
        "片区图层没有字段 {column!r}",
    ),
    "error.account.district_field.hint": (
        "name the column that holds their names with --district-field: {known}",
        "请用 --district-field 指明片区名称所在字段：{known}",
    ),
    "error.account.district_layers": (
        "{file} holds several layers: {layers}",
        "{file} 含多个图层：{layers}",
    ),
    "error.account.district_layers.hint": (
        "give the key areas as a file with one layer",
        "请提供只含一个图层的片区文件",
    ),
    "error.account.no_districts": (
        "{layer}: no key area has a usable shape",
        "{layer}：没有任何片区具有可用图形",
    ),
    "error.account.no_districts.hint": (
        "check the file, or leave out --districts to measure without them",
        "请检查文件；不分片区时可去掉 --districts",
    ),
    "error.account.no_owner": (
        "{layer}: no column 'district' with the registered key area",
        "{layer}：没有登记片区字段 district",
    ),
    "error.account.no_owner.hint": (
        "use --assign clip or --assign largest, which go by the shape",
        "请改用按图形归属的 --assign clip 或 --assign largest",
    ),
    "error.account.needs_workspace": (
        "{option} needs a workspace: plain files have no events and no lists",
        "{option} 只适用于工作区：单独的文件没有事件与清单",
    ),
    "error.account.needs_workspace.hint": (
        "name layers of a workspace instead, or select rows with --where",
        "请改为指定工作区图层，或用 --where 选取",
    ),
    "error.account.mixed": (
        "layers of the workspace ({names}) and files ({files}) cannot be asked for at once",
        "工作区图层（{names}）与文件（{files}）不能同时查询",
    ),
    "error.account.mixed.hint": (
        "name either layers or files; the layers of a workspace are files too and may be named by path",
        "请只用图层名或只用文件；工作区图层也可用文件路径表示",
    ),
    "error.account.nothing": (
        "{layer}: no row can be measured, of {rows} (row {row}: {reason})",
        "{layer}：共 {rows} 行，均无法量算（如第 {row} 行：{reason}）",
    ),
    "error.account.nothing.hint": (
        "polygons are needed, with coordinates inside the range of the reference system that the file names",
        "需要面图形，且坐标有效、在文件所标坐标系的范围之内",
    ),
    "error.select.same_name": (
        "two layers are called {name!r}: {files}",
        "有两个图层同名 {name!r}：{files}",
    ),
    "error.select.same_name.hint": (
        "rename one file, so that the rows can be told apart",
        "请为其中一个文件改名，以便区分",
    ),
    "error.select.no_programme": (
        "{folder}: no layer is marked programme = true in landkit.toml",
        "{folder}：landkit.toml 中没有标为 programme = true 的图层",
    ),
    "error.select.no_programme.hint": (
        "name the layers to measure, or mark them",
        "请写明要量算的图层，或在 landkit.toml 中标记",
    ),
    "error.select.stage": (
        "--stage names {layer!r}, which is not among the layers asked for",
        "--stage 所指图层 {layer!r} 不在本次查询之列",
    ),
    "error.select.stage.hint": (
        "the layers asked for are: {layers}",
        "本次查询的图层：{layers}",
    ),
    "error.count.unknown": (
        "--count {text!r} is none of once, each, split, priority:A,B",
        "--count {text!r} 不是 once、each、split 或 priority:A,B",
    ),
    "error.count.unknown.hint": (
        "once: a line of its own; each: in every row; split: shared out evenly; priority:A,B: to the first of these",
        "once：叠加部分单列；each：各类分别计入；split：平分；priority:A,B：按先后归入",
    ),
    "error.count.order": (
        "--count {text!r} needs at least two different names after priority:",
        "--count {text!r} 在 priority: 之后至少要有两个不同的名称",
    ),
    "error.count.order.hint": (
        "for example --count priority:reclaim,lowefficiency",
        "例如 --count priority:reclaim,lowefficiency",
    ),
    "error.count.name": (
        "--count priority: no group is called {name!r}",
        "--count priority：没有名为 {name!r} 的组",
    ),
    "error.count.name.hint": (
        "the groups are: {known}",
        "现有各组：{known}",
    ),
    "error.districts.overlap": (
        "{percent:.2f} % of the land lies in two key areas at once ({names})",
        "{percent:.2f} % 的土地同时落入两个片区（{names}）",
    ),
    "error.districts.overlap.hint": (
        "mend the borders of the key areas, or accept such land as rows of both with --allow-district-overlap",
        "请修正片区边界；或用 --allow-district-overlap 将其列为两片区共有",
    ),
    "error.ledger.open": (
        "the ledger does not close: {identity} is off by {residual:.6f} m2",
        "勾稽不一致：{identity}，相差 {residual:.6f} 平方米",
    ),
    "error.ledger.open.hint": (
        "this is a defect of landkit: please report it with the data",
        "这是 landkit 的缺陷，请连同数据反馈",
    ),
    "error.faces.open": (
        "the faces of overlapping parcels do not add up to the {shared:.3f} m2 that they share",
        "重叠图斑分割后的面积与共有面积 {shared:.3f} 平方米不符",
    ),
    "error.faces.open.hint": (
        "this is a defect of landkit: please report it with the data",
        "这是 landkit 的缺陷，请连同数据反馈",
    ),
    "error.overlay.excess": (
        "the pieces of parcel {row} exceed it by {area:.6f} m2",
        "第 {row} 个图斑分割后的面积超出原面积 {area:.6f} 平方米",
    ),
    "error.overlay.excess.hint": (
        "this is a defect of landkit: please report it with the data",
        "这是 landkit 的缺陷，请连同数据反馈",
    ),
    "note.where_column": (
        "{layer} has no column {columns}: the filter is not true of any of its rows by that column",
        "{layer} 没有字段 {columns}，该图层没有一行能凭此条件入选",
    ),
    "note.off_list": (
        "{layer}: rows off the list, or not on it at the date, and so not counted: {count}",
        "{layer}：{count} 行已调出清单，或当时不在清单上，未计入",
    ),
    "note.stage": (
        "{layer}: only rows at stage {stages} or later",
        "{layer}：只计达到 {stages} 及以后阶段者",
    ),
    "note.undated": (
        "{layer}: rows counted by a delivered stage that no event dates: {count}, {area}",
        "{layer}：{count} 行的阶段没有事件（无日期），按所报阶段计入，{area}",
    ),
    "note.undated_at": (
        "{layer}: rows whose stage no event dates, and that so count at any date: {count}, {area}",
        "{layer}：无日期 {count} 行（阶段没有事件），任何日期下均已计入，{area}",
    ),
    "note.mu": ("{mu:.2f} mu by the ledger", "台账 {mu:.2f} 亩"),
    "note.mu_partly": (
        "{mu:.2f} mu by the ledger, {none} of them without an official area",
        "台账 {mu:.2f} 亩，其中 {none} 行无台账面积",
    ),
    "note.without_evidence": (
        "{layer}: rows counted by an event without evidence: {count}, {area}",
        "{layer}：{count} 行的事件无佐证文号，已计入，{area}",
    ),
    "note.empty": (
        "{layer} has no rows",
        "{layer} 没有记录",
    ),
    "note.districts_without_shape": (
        "{layer}: key areas without a shape: {count}; land in them, if any, cannot be told apart",
        "{layer}：{count} 个片区无图形，无法判断哪些土地落入其中",
    ),
    "note.districts_repaired": (
        "{layer}: key areas with invalid rings, repaired: {count}",
        "{layer}：{count} 个片区的边界自相交，已修复",
    ),
    "note.districts_overlap": (
        "{layer}: key areas overlap; land in several of them is a row of its own",
        "{layer}：片区互有重叠，同属几个片区的土地单列一行",
    ),
    "reason.no_area": ("no area", "面积为零"),
    "area.title": ("Areas ({unit})", "面积汇总（{unit}）"),
    "area.title.shared": ("Shared land by combination ({unit})", "政策叠加明细（{unit}）"),
    "area.total": ("Total", "合计"),
    "area.more": ("… and {count} more", "……另有 {count} 项"),
    "area.nowhere": ("in no key area", "未落入片区"),
    "area.no_date": ("not set", "未限定"),
    "area.key.district": ("Key area", "片区"),
    "area.key.layer": ("Programme", "项目类别"),
    "area.key.stage": ("Stage", "阶段"),
    "area.layer.reclaim": ("Taken back", "企业收回"),
    "area.layer.small_plot": ("Small plots", "小地块"),
    "area.layer.lowefficiency": ("Low-efficiency", "低效整治"),
    "area.layer.urban_village": ("Urban villages", "城中村"),
    "area.layer.old_community": ("Old communities", "老旧小区"),
    "area.layer.renewal_project": ("Expropriation", "征收项目"),
    "area.column.parcels": ("Parcels", "宗数"),
    "area.column.gross": ("Gross {unit}", "逐项合计 {unit}"),
    "area.column.net": ("Net {unit}", "去重后 {unit}"),
    "area.column.counted": ("Counted {unit}", "计入 {unit}"),
    "area.column.ledger": ("Ledger {unit}", "台账 {unit}"),
    "area.column.stacked": ("Stacked", "政策叠加"),
    "area.column.shared_left": ("Shared", "共有"),
    "area.column.distinct": ("Net", "去重后"),
    "area.column.combination": ("Combination", "叠加组合"),
    "area.column.area": ("Area", "面积"),
    "area.closing": (
        "The ledger closes: gross {gross} - counted again {again} (stacked {stacked}, conflict {conflict}) "
        "= net {net} {unit}",
        "勾稽一致：逐项合计 {gross} - 重复计算 {again}（政策叠加 {stacked}，同类冲突 {conflict}）= 去重后 {net} {unit}",
    ),
    "area.outside": ("; in no key area {outside}", "；未落入片区 {outside}"),
    "area.basis": (
        "Basis: {method}, {plane}, 1 mu = 10000/15 m2; as of: {as_of}; parcels measured: {count}; sources: {files}",
        "口径：{method}，{plane}，1 亩 = 10000/15 平方米；业务日期：{as_of}；量算 {count} 宗；数据来源 {files} 个",
    ),
    "method.ellipsoid": ("ellipsoidal area (CGCS2000)", "椭球面积（CGCS2000）"),
    "method.survey": ("ellipsoidal area by the national land survey's formula", "国土调查图斑椭球面积公式"),
    "method.planar": ("plane area", "平面面积"),
    "method.geodesic": ("ellipsoidal area with geodesic edges", "大地线边椭球面积"),
    "area.policy.once": (
        "Shared land counts once: each row has its own net land; what rows share is taken off and listed{order}",
        "叠加部分只计一次：各类为本类去重后面积，几类共有的部分予以扣除并单列{order}",
    ),
    "area.policy.each": (
        "Shared land counts in each row: the rows add up to more than the total{order}",
        "叠加部分在各类中分别计入：各类之和大于去重后合计{order}",
    ),
    "area.policy.split": (
        "Shared land is split evenly among its rows{order}",
        "叠加部分由有关各类平分{order}",
    ),
    "area.policy.priority": (
        "Shared land goes to the first of: {order}",
        "叠加部分按此先后归入一类：{order}",
    ),
    "area.assign.clip": (
        "Land is split at the border of key areas",
        "跨片区的图斑按边界分割",
    ),
    "area.assign.owner": (
        "Each parcel belongs whole to its registered key area",
        "每宗整体归入登记片区",
    ),
    "area.assign.largest": (
        "Each parcel belongs whole to the key area that holds most of it",
        "每宗整体归入所占面积最大的片区",
    ),
    "area.where": ("Filter: {where}", "筛选：{where}"),
    "area.placeholder": (
        "Placeholder geometry: illustrative shapes ({count}), no basis for title or boundaries",
        "示意图形：{count} 宗图形仅为示意，不作为权属与界线依据",
    ),
    "area.repaired": (
        "Invalid shapes repaired (land enclosed once or more counts once): {count}",
        "无效图形（自相交等）已修复，围住的土地只计一次：{count} 个",
    ),
    "area.repaired.row": ("  {layer} {id}: {before} → {after}", "  {layer} {id}：{before} → {after}"),
    "area.unmeasured": (
        "Rows without a usable shape, not in the figures: {count} ({ledger} {unit} by the ledger)",
        "有账无图或图形不可用，未计入：{count} 行，台账 {ledger} {unit}",
    ),
    "area.unmeasured.row": ("  {layer} {id} (row {row}): {reason}", "  {layer} {id}（第 {row} 行）：{reason}"),
    "option.by": (
        "Keys of the rows, by comma: district, layer, stage, columns.",
        "分组，逗号分隔：district、layer、stage 或字段名。",
    ),
    "option.districts": (
        "The key areas: a layer of the workspace, or a file.",
        "片区：工作区图层或文件。",
    ),
    "option.district_field": ("The column with their names.", "片区名称字段。"),
    "option.where": (
        "Only rows that this filter is true of.",
        "只计满足该条件的行。",
    ),
    "option.stage": (
        "Only rows at these stages or later; plan: the stages that the targets declare.",
        "只计达到所列阶段者；plan 为目标所声明的阶段。",
    ),
    "option.count": ("Who gets land that several rows share.", "叠加部分如何计入。"),
    "option.assign": (
        "To which key area land belongs: where it lies, where its parcel is registered, or where most of it lies.",
        "土地归入哪个片区：按边界分割、登记片区，或所占最大者。",
    ),
    "option.source_layer": ("The layer to read, of a file with several.", "文件含多个图层时所读的图层。"),
    "option.allow_district_overlap": (
        "Accept more than 0.1 % of the land in two key areas at once.",
        "允许超过 0.1 % 的土地同属两个片区。",
    ),
}
