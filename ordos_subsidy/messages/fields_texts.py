"""What is said about columns and their figures as they are read, and about what a user says beside a file."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    "map_place": ("位置", "place"),
    "map_heading": ("标题", "heading"),
    "map_fact": ("读作", "read as"),
    "map_unit": ("单位", "unit"),
    "map_year": ("年度", "year"),
    "map_values": ("有值", "values"),
    "map_unused": ("没有读取", "not read"),
    "map_assumed": ("{unit}（未写明）", "{unit} (assumed)"),
    "map_read": ("读取 {count} 栏：{names}", "Columns read ({count}): {names}"),
    "map_not_read": ("没有读取 {count} 栏：{names}", "Columns not read ({count}): {names}"),
    "map_units": (
        "没有写明单位、按{units}读取 {count} 栏：{names}；`ordos-subsidy check` 可看全部对照",
        "Read in {units} for want of a unit ({count}): {names}; `ordos-subsidy check` shows the whole map",
    ),
    "map_look": ("`ordos-subsidy check` 可看全部对照", "`ordos-subsidy check` shows the whole map"),
}

WORDS: dict[str, tuple[str, str, str, str]] = {
    "changed_heading": (
        "标题“{given}”里的“{words}”使它不再是“{fact}”，没有读取",
        "需要的是全年实际发生的数；口径确实一致时，可用 --map 指定。",
        "“{words}” in the heading “{given}” makes it another figure than “{fact_en}”; it was not read",
        "The figure of the whole year is wanted; if it is that after all, say so with --map.",
    ),
    "unread_heading": (
        "认得“{given}”，但没有读取：{why}",
        "不是所需内容就不必理会；经核对口径一致的，可用 --map 指定。",
        "“{given}” is known and was not read: {why_en}",
        "Never mind if it is not needed; if it is what is asked for after all, say so with --map.",
    ),
    "hidden_column": (
        "这一列是隐藏的，同名的可见列已读取，没有读取它",
        "请核对；不用的列请删除。",
        "This column is hidden; the visible one of the same name was read instead",
        "Check it, and delete what is not needed.",
    ),
    "hidden_column_read": (
        "这一列是隐藏的，已读取",
        "请核对其内容；不用的列请删除。",
        "This column is hidden and was read",
        "Check what it holds; delete it if it is not needed.",
    ),
    "hidden_rows": (
        "有 {count} 行是隐藏的（例如被筛选），也读取了",
        "只想计算看得见的行时，请把它们另存为一张表。",
        "{count} hidden rows (by a filter, perhaps) were read too",
        "If only what is seen should count, copy it into a book of its own.",
    ),
    "other_year": (
        "这一栏是其他年度的“{fact}”，没有读取",
        "只读取所属年度的数据。",
        "This is “{fact_en}” of another year and was not read",
        "Only the figures of the fiscal year are read.",
    ),
    "year_without_column": (
        "有的行所属年度是 {year} 年，却没有该年度的“{fact}”，按未知处理",
        "请补上该年度的一列，或核对所属年度。",
        "Some rows are of {year}, but there is no “{fact_en}” of that year; it stays unknown there",
        "Add a column for that year, or check the fiscal year.",
    ),
    "year_from_heading": (
        "没有写明所属年度，按标题里的 {year} 年读取",
        "如需其他年度，请用 --fill 所属年度=… 指定，或补上“所属年度”一列。",
        "No fiscal year is given; the year {year} of the headings was taken",
        "For another one say --fill fiscal_year=…, or add a column for it.",
    ),
    "recognition_used": (
        "“{kind}”一栏里的 {count} 个日期作为事项读取",
        "请核对日期是批准或认定的日期；不要再在申报事项表里重复填写。",
        "{count} dates below “{kind_en}” were read as events",
        "Check that they are dates of approval, and do not enter them again in the table of events.",
    ),
    "recognition_seen": (
        "“{kind}”一栏有 {count} 处标记但没有日期，看到了，没有采用",
        "请把标记改成认定日期，或在申报事项表里各填一行（单位、事项、日期）。",
        "“{kind_en}” has {count} marks without a date; they were seen and not used",
        "Write the date of approval instead, or a row each in the table of events (firm, event, date).",
    ),
    "two_values": (
        "“{given}”旁边有两栏都可能是“{fact}”：{places}，看不出用哪一栏，该单位未予计算",
        "请只留一栏，或在栏目上方写明“本年”“上年”或年份。",
        "Two columns beside “{given}” could be “{fact_en}”: {places}; the firm was left out",
        "Keep one of them, or write above the columns which year they are of.",
    ),
    "derived_heading": (
        "“{given}”由其他数据算出，填写的数值没有采用",
        "请核对算出的结果；不必填写此项。",
        "“{given}” is worked out from other figures; what is written here was not used",
        "Check the figure in the result; it need not be filled in.",
    ),
    "doubtful": (
        "“{name}”的金额可能有误，读作：{read}",
        "请核对单位是元还是万元、有没有多写或少写；无误则不必理会。",
        "Sums of “{name}” are perhaps not meant; they were read as: {read_en}",
        "Check whether they are in yuan or in 万元; never mind if they are right.",
    ),
    "doubtful_more": (
        "另有 {count} 个单位的金额可能有误",
        "请核对单位是元还是万元。",
        "Sums of {count} more firms are perhaps not meant",
        "Check whether they are in yuan or in 万元.",
    ),
    "no_such_fact": (
        "没有叫“{given}”的项目",
        "请用模板里的标题或键名，如 --map 2022年研发费用=研发投入、--fill 所属年度=2022。",
        "There is no item called “{given}”",
        "Use a heading of the template or a key, as in --fill fiscal_year=2022.",
    ),
    "no_such_fact_near": (
        "没有叫“{given}”的项目",
        "是不是“{near}”？",
        "There is no item called “{given}”",
        "Did you mean “{near}”?",
    ),
    "fill_blank": (
        "没有给出“{fact}”的值",
        "请写成 --fill {fact}=值。",
        "No value is given for “{fact_en}”",
        "Write --fill KEY=VALUE.",
    ),
    "mapping_table": (
        "对照文件里不认识“{key}”",
        "可用的表是 [columns]（标题 = 项目）和 [fill]（项目 = 值）。",
        "The mapping file has an unknown part “{key}”",
        "Its tables are [columns] (heading = item) and [fill] (item = value).",
    ),
}
