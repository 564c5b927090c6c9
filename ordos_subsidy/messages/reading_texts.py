"""What is said about firms and events as they are read, and the names our templates give to their sheets."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    "sheet_firms": ("单位信息", "Firms"),
    "sheet_events": ("申报事项", "Events"),
    "sheet_example": ("填写示例", "Example"),
    "sheet_guide": ("填写说明", "Guide"),
}

WORDS: dict[str, tuple[str, str, str, str]] = {
    "parquet": (
        "Parquet 文件无法读取（{detail}）",
        "请重新导出；需要普通的 Parquet 文件。",
        "the Parquet file cannot be read ({detail})",
        "Export it again, as a plain Parquet file.",
    ),
    # a file as a whole
    "no_firms": (
        "没有找到单位信息",
        "要找的标题有：{headings} 等。可用 `ordos-subsidy template 模板.xlsx` 生成一份空白表。",
        "No table or form of firms was found",
        "Headings looked for: {headings_en}, and so on. `ordos-subsidy template book.xlsx` makes a blank book.",
    ),
    "no_firms_rows": (
        "单位信息表里一行数据也没有",
        "请在标题下面填写，每行一个单位。",
        "The table of firms has no rows",
        "Fill it in below its headings, one firm a row.",
    ),
    "no_events": (
        "没有找到申报事项",
        "要找的标题有：{headings} 等。可用 `ordos-subsidy template 模板.xlsx` 生成一份空白表。",
        "No table of events was found",
        "Headings looked for: {headings_en}, and so on. `ordos-subsidy template book.xlsx` makes a blank book.",
    ),
    "no_events_rows": (
        "申报事项表里一行数据也没有",
        "请在标题下面填写，每行一个事项。",
        "The table of events has no rows",
        "Fill it in below its headings, one event a row.",
    ),
    "sheet_hidden": (
        "隐藏的工作表没有读取",
        "如需读取，请取消隐藏；否则可删除它。",
        "A hidden sheet with data was not read",
        "Unhide it if it should be read, or delete it.",
    ),
    "sheet_passed_over": (
        "这张工作表也像是要读的数据，但没有读取",
        "已有按模板命名的工作表，只读那一张；如需读取，请把数据并入其中。",
        "This sheet holds such data too, but was not read",
        "Another sheet bears the template's name and was read; move the data there if they should count.",
    ),
    "assumed_unit": (
        "“{fact}”等金额没有写明单位，按{unit}读取",
        "如不是{unit}，请在标题里写明，如“{fact}（元）”。",
        "The unit of “{fact_en}” is not given; sums without a unit were read in {unit} (10,000 yuan)",
        "If that is wrong, name the unit in the heading, such as “{fact_en} (元)”.",
    ),
    # headings
    "unknown_heading": (
        "不认识标题“{given}”，没有读取",
        "不是所需内容就不必理会；标题可参照 `ordos-subsidy template` 生成的模板。",
        "The heading “{given}” is not known and was not read",
        "Never mind if it is not needed; the template of `ordos-subsidy template` has all headings.",
    ),
    "unknown_heading_near": (
        "不认识标题“{given}”，没有读取",
        "是不是“{near}”？",
        "The heading “{given}” is not known and was not read",
        "Did you mean “{near}”?",
    ),
    "firm_heading": (
        "“{given}”是单位的信息，在事项表里没有读取",
        "请填在单位信息表里。",
        "“{given}” is about the firm and was not read in the table of events",
        "Write it in the table of firms.",
    ),
    "event_heading": (
        "“{given}”是事项的信息，在单位信息里没有读取",
        "请填在申报事项表里。",
        "“{given}” is about an event and was not read in the table of firms",
        "Write it in the table of events.",
    ),
    "sheet_without_headings": (
        "这张工作表像是单位名单，但没有标题，没有读取",
        "请在第一行补上与前一张表相同的标题，或把内容并入前一张表。",
        "This sheet looks like a list of firms, but has no headings, and was not read",
        "Give it the headings of the sheet before, or move its rows there.",
    ),
    "year_proposed": (
        "{count} 个单位都没有“{fact}”；标题写的是 {year} 年",
        "如果数据属于 {year} 年，请加上 --fill {fact}={year}，或补上这一栏；否则按年度的奖补都待核实。",
        "None of {count} firms has a “{fact_en}”; a title speaks of {year}",
        "If the figures are of {year}, say --fill fiscal_year={year} or add the column; until then it stays open.",
    ),
    "no_year": (
        "{count} 个单位都没有“{fact}”",
        "请补上这一栏，或用 --fill {fact}=2022 这样的写法指定；否则按年度的奖补都待核实。",
        "None of {count} firms has a “{fact_en}”",
        "Add the column, or say --fill fiscal_year=2022; until then what hangs on the year stays open.",
    ),
    "no_event_rows": (
        "没有一条申报事项：{awards} 项奖补里有 {count} 项按事项给付，没有测算",
        "有认定、项目、平台等的，请在申报事项表里各填一行（--events，或模板的“申报事项”）。",
        "There are no events: {count} of {awards} awards are given for events and were not looked at",
        "Write recognitions, projects and platforms into a table of events, a row each (--events, or the template's).",
    ),
    "level_differs": (
        "事项写的是“{given}”，级别一栏却是“{other}”，该单位未予计算",
        "请核对后只保留一种。",
        "The event says “{given}”, but its level is “{other}”; the firm was left out",
        "Check which is right.",
    ),
    "no_heading": (
        "这一列有内容但没有标题，没有读取",
        "请补上标题，或删除这一列。",
        "This column has contents but no heading, and was not read",
        "Give it a heading, or delete it.",
    ),
    "twice": (
        "同一项填了两处（另见 {others}），内容一致",
        "只保留一处即可。",
        "One item is given twice (see also {others}), alike in both",
        "One of them is enough.",
    ),
    "differs": (
        "同一项填了两处，与 {other} 的内容不一致，该单位未予计算",
        "请核对后只保留一处。",
        "One item is given twice, and {other} says otherwise; the firm was left out",
        "Check which is right, and keep one of them.",
    ),
    "merged": (
        "这一格与其他行合并了，看不出内容是各行都适用还是几行合计，该行未予计算",
        "请取消合并单元格，逐行填写。",
        "The cell is merged with other rows, and may be for each of them or for all; the row was left out",
        "Unmerge the cells and fill in each row.",
    ),
    "beside": (
        "填写内容旁边的这一列没有读取，但看上去也是数据",
        "一张表单只填一个单位、一个年度；多个单位请用表格，每行一个。",
        "This column beside the values was not read, but looks like values too",
        "A form is for one firm and one year; put several firms into a table, one a row.",
    ),
    # rows
    "total_row": (
        "合计行没有读取：{given}",
        "无需处理；如果这是一个单位，请核对其名称。",
        "A row of totals was not read: {given}",
        "Nothing to do; if this is a firm, check its name.",
    ),
    "note_row": (
        "说明行没有读取：{given}",
        "无需处理。",
        "A row with a note was not read: {given}",
        "Nothing to do.",
    ),
    "section_row": (
        "分组标题行没有读取：{given}",
        "无需处理；如果这是一个单位，请填写其全称。",
        "A section title was not read: {given}",
        "Nothing to do; if this is a firm, write its full name.",
    ),
    "name_only_row": (
        "这一行只有“{given}”，不像单位名称，没有计入",
        "无需处理；如果这是一个单位，请填写其全称或统一社会信用代码。",
        "This row holds nothing but “{given}”, which is no name of a firm by its look, and was not counted",
        "Nothing to do; if this is a firm, write its full name or its credit code.",
    ),
    "numbering_row": (
        "给各栏编号的一行没有读取：{given}…",
        "无需处理。",
        "A row that numbers the columns was not read: {given}…",
        "Nothing to do.",
    ),
    "closing_row": (
        "表到“{given}”为止",
        "无需处理。",
        "The table ends at “{given}”",
        "Nothing to do.",
    ),
    "below_closing": (
        "“以下空白”之后还有 {count} 行，没有读取",
        "如需读取，请删除“以下空白”这一行。",
        "{count} rows stand below the line that ends the table, and were not read",
        "Delete that line if they should count.",
    ),
    "merged_name": (
        "单位名称与上面几行合并成一格，这一行没有自己的名称，未予计算",
        "请取消合并单元格、逐行填写；一个单位的几个年度，请分成几个文件。",
        "The name is merged with the rows above, so this row has none of its own and was left out",
        "Unmerge the cells and fill in each row; give each year of one firm its own file.",
    ),
    "required": (
        "缺少“{fact}”",
        "请填写；缺少它，这一行无法使用。",
        "“{fact_en}” is missing",
        "Fill it in; without it the row cannot be used.",
    ),
    "empty_event": (
        "这一行没有填写事项，没有读取",
        "请填写事项，或删除这一行。",
        "This row names no event and was not read",
        "Fill in the event, or delete the row.",
    ),
    # who is who
    "firm_repeated": (
        "“{name}”重复填写（另见 {first}），内容相同，只计一次",
        "请删除其中一行。",
        "“{name}” is entered twice (see also {first}) with the same values, and counts once",
        "Delete one of the rows.",
    ),
    "firm_twice": (
        "“{name}”重复填写（另见 {first}），内容不一致，两处都未计算",
        "请只保留正确的一行；两个单位同名的，请各填统一社会信用代码；一个单位的几个年度，请分成几个文件。",
        "“{name}” is entered twice (see also {first}) with different values; both were left out",
        "Keep the right row; give two firms of one name their credit codes, and each year of one firm its own file.",
    ),
    "spellings": (
        "“{name}”与“{other}”（{first}）写法不同，可能是同一个单位",
        "是同一个单位的，请统一名称、只填一行；否则不必理会。",
        "“{name}” and “{other}” ({first}) may be one firm spelt in two ways",
        "If they are one firm, use one spelling and one row; otherwise never mind.",
    ),
    "event_unclaimed": (
        "找不到“{name}”这个单位，该事项未计算",
        "请核对单位名称或统一社会信用代码，须与单位信息一致。",
        "There is no firm “{name}”; the event was not counted",
        "Check the firm's name or credit code against the table of firms.",
    ),
    "event_unnamed": (
        "没有写明是哪个单位的事项，未计算",
        "请在这一行填写单位名称或统一社会信用代码（合并的单元格请拆开逐行填写）。",
        "The event names no firm and was not counted",
        "Write the firm's name or credit code in this very row (unmerge merged cells).",
    ),
    "event_ambiguous": (
        "有不止一个单位叫“{name}”，该事项未计算",
        "请填写统一社会信用代码。",
        "More than one firm is called “{name}”; the event was not counted",
        "Give the credit code.",
    ),
    "event_spelling": (
        "“{given}”按“{name}”计算（写法略有不同）",
        "请统一名称的写法。",
        "“{given}” was taken for “{name}” (spelt slightly differently)",
        "Use one spelling of the name.",
    ),
    "event_other_name": (
        "代码相同，但事项里写的是“{given}”，单位信息里是“{name}”；已按代码计算",
        "请核对代码和名称。",
        "The code is the same, but the event says “{given}” and the firm is “{name}”; the code was followed",
        "Check the code and the name.",
    ),
    # TOML
    "no_firm_toml": (
        "文件里没有 [firm]",
        "请以 [firm]（一个单位）或 [[firm]]（多个单位）开头；可用 `ordos-subsidy template 单位.toml` 生成样例。",
        "The file has no [firm]",
        "Begin with [firm] for one firm or [[firm]] for several; `ordos-subsidy template firm.toml` makes one.",
    ),
    "not_a_table": (
        "“{key}”应是一个表，这里是：{given}",
        "请写成 [{key}] 或 [[{key}]]，内容写在下面各行。",
        "“{key}” should be a table, but is: {given}",
        "Write [{key}] or [[{key}]], and its entries on the lines below.",
    ),
    "stray_fact": (
        "“{key}”不在 [firm] 之下，没有读取",
        "请把它移到 [firm] 下面。",
        "“{key}” stands outside [firm] and was not read",
        "Move it below [firm].",
    ),
    "unknown_table": (
        "不认识“{key}”，没有读取",
        "可用的表是 [firm]、[[firm]]、[[event]]、[[firm.event]]。",
        "“{key}” is not known and was not read",
        "The tables are [firm], [[firm]], [[event]] and [[firm.event]].",
    ),
    "unknown_table_near": (
        "不认识“{key}”，没有读取",
        "是不是“{near}”？",
        "“{key}” is not known and was not read",
        "Did you mean “{near}”?",
    ),
}
