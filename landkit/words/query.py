"""Words of the room `query`: filters, stages, dates."""

ENTRIES: dict[str, tuple[str, str]] = {
    "error.where.syntax": (
        "the filter is not understood at {position} (line:column): {text}",
        "筛选条件在 {position}（行:列）处无法识别：{text}",
    ),
    "error.where.syntax.hint": (
        "write CQL2 text such as  kind = '城中村' AND area_doc_mu > 5  with straight quotes: 'value', \"column\"",
        "请用 CQL2 写法，例如  kind = '城中村' AND area_doc_mu > 5 ；引号用半角：'值'、\"列名\"",
    ),
    "error.where.length": (
        "the filter has {length} characters; at most {limit} are allowed",
        "筛选条件长 {length} 个字符，最多 {limit} 个",
    ),
    "error.where.length.hint": (
        "put the values into a column of the data and filter by that column",
        "请把这些值写入数据的一列，再按该列筛选",
    ),
    "error.where.parentheses": (
        "the parentheses of the filter do not pair up: {text}",
        "筛选条件的括号不成对：{text}",
    ),
    "error.where.parentheses.hint": (
        "close every parenthesis; inside 'quotes' they do not count",
        "请补齐括号；引号内的括号不计",
    ),
    "error.where.nesting": (
        "the filter is too deeply nested or too long a chain: {text}",
        "筛选条件嵌套过深或过长：{text}",
    ),
    "error.where.nesting.hint": (
        "at most {depth} parentheses deep and {terms} AND/OR; an IN list replaces a chain of OR, "
        "and a long list stands outside deep parentheses",
        "括号最多 {depth} 层，AND/OR 最多 {terms} 个；一连串 OR 可改为 IN 列表，长列表不要放在多层括号里",
    ),
    "error.where.not_a_condition": (
        "{what} is a value, not a condition",
        "{what} 是一个值，不是条件",
    ),
    "error.where.not_a_condition.hint": (
        "compare it with something: kind = '城中村'",
        "请写成比较，例如 kind = '城中村'",
    ),
    "error.where.construct": (
        "the filter uses {what}, which landkit does not answer",
        "筛选条件用了 {what}，landkit 不支持",
    ),
    "error.where.construct.hint": (
        "use = <> < <= > >=, AND, OR, NOT, IN (…), BETWEEN, LIKE '…', IS NULL, DATE('…'), TIMESTAMP('…'); "
        'a column name with signs in it stands in double quotes: "面积(亩)"',
        "可用 = <> < <= > >=、AND、OR、NOT、IN (…)、BETWEEN、LIKE '…'、IS NULL、DATE('…')、TIMESTAMP('…')；"
        '含符号的列名加双引号："面积(亩)"',
    ),
    "error.where.nested_comparison": (
        "the result of {what} is compared with something again",
        "{what} 的结果又参与了比较",
    ),
    "error.where.nested_comparison.hint": (
        "join comparisons with AND or OR: 1 < a AND a < 3",
        "请用 AND 或 OR 连接各个比较：1 < a AND a < 3",
    ),
    "error.where.constant": (
        "there is no column name in: {what}",
        "其中没有列名：{what}",
    ),
    "error.where.constant.hint": (
        "'single quotes' hold values; column names stand bare or in \"double quotes\"",
        "单引号内是值；列名不加引号或加双引号",
    ),
    "error.where.null": (
        "NULL is compared with something: the answer would be unknown for every row",
        "与 NULL 作比较，每一行的结果都是未知",
    ),
    "error.where.null.hint": (
        "write  column IS NULL  or  column IS NOT NULL",
        "请写  列名 IS NULL  或  列名 IS NOT NULL",
    ),
    "error.where.number": (
        "the filter holds a number of {limit} or more, which is not read to the last digit",
        "筛选条件中有不小于 {limit} 的数，末位无法准确读取",
    ),
    "error.where.number.hint": (
        "keep such numbers (codes, ids) as text and write them in quotes",
        "这类数字（代码、编号）请存为文本并加引号",
    ),
    "error.where.date": (
        "{text} is not a date",
        "{text} 不是日期",
    ),
    "error.where.date.hint": (
        "write a day as 2022-06-30, a moment as TIMESTAMP('2022-06-30T12:00:00Z')",
        "日期写作 2022-06-30，时刻写作 TIMESTAMP('2022-06-30T12:00:00Z')",
    ),
    "error.where.pattern": (
        "the LIKE pattern ends in a backslash: {text}",
        "LIKE 的匹配式以反斜杠结尾：{text}",
    ),
    "error.where.pattern.hint": (
        r"a backslash takes the next character as it is: \% \_ \\",
        r"反斜杠使后一个字符按原样匹配：\% \_ \\",
    ),
    "error.where.column": (
        'no column "{column}"; there is: {nearest}',
        "没有“{column}”这一列；现有：{nearest}",
    ),
    "error.where.column.hint": (
        "a value stands in 'single quotes'; capitals count in column names",
        "值要加单引号；列名区分大小写",
    ),
    "error.where.repeated": (
        'two columns are called "{column}"',
        "有两列都叫“{column}”",
    ),
    "error.where.repeated.hint": (
        "rename one of them in the data",
        "请在数据中改掉其中一列的名称",
    ),
    "error.where.type": (
        "{left} ({left_kind}) does not compare with {right} ({right_kind})",
        "{left}（{left_kind}）不能与 {right}（{right_kind}）比较",
    ),
    "error.where.type.hint": (
        "nothing is converted: text is compared with 'text', number with 5, date with DATE('2022-06-30'), "
        "a time with zone (zoned) with TIMESTAMP('…Z'), bool with TRUE",
        "不作转换：text 与 '文本'、number 与 5、date 与 DATE('2022-06-30')、带时区的时刻（zoned）与 TIMESTAMP('…Z')、"
        "bool 与 TRUE 比较",
    ),
    "error.stage.option": (
        "--stage does not understand: {part}",
        "--stage 无法识别：{part}",
    ),
    "error.stage.option.hint": (
        "write --stage reclaim=reclaimed,lowefficiency=accepted or --stage plan; each layer once",
        "请写 --stage reclaim=reclaimed,lowefficiency=accepted 或 --stage plan；每个图层只写一次",
    ),
    "error.stage.layer": (
        "the layer {layer} has no stages",
        "图层 {layer} 没有阶段",
    ),
    "error.stage.layer.hint": (
        "layers with stages: {known}",
        "有阶段的图层：{known}",
    ),
    "error.stage.unknown": (
        "the layer {layer} has no stage {stage}",
        "图层 {layer} 没有“{stage}”这一阶段",
    ),
    "error.stage.unknown.hint": (
        "its stages, lowest first: {rungs}",
        "各阶段（由低到高）：{rungs}",
    ),
    "error.stage.circle": (
        "event {event} corrects itself by way of others",
        "事件 {event} 的更正关系成环",
    ),
    "error.stage.circle.hint": (
        "an event can only correct an earlier one: correct the column `reverses` of the event table",
        "事件只能更正更早的事件：请修改事件表的“更正”列（reverses）",
    ),
}
