"""What the batch command says: sheets, headings, the summary, and what is wrong with a batch."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    # help
    "files": ("单位表（可以有多个文件，也可以是文件夹）", "tables of firms; several files, or a folder"),
    "output": (
        "写入的文件：.xlsx .csv .parquet .json .jsonl；不写则在屏幕上排名",
        "the file to write: .xlsx .csv .parquet .json .jsonl; without it a ranking on the screen",
    ),
    "view": (
        "只能放一张表的格式写哪张：{known}，默认firms",
        "which table to write where the format holds one: {known}; default firms",
    ),
    "quiet": ("不显示汇总和进度", "no summary, no progress"),
    "events": (
        "申报事项表（可重复）；也可直接与单位表放在一起",
        "table of events (repeatable); it may also stand among the files",
    ),
    # sheets
    "sheet_firms": ("汇总", "Firms"),
    "sheet_awards": ("奖补明细", "Awards"),
    "sheet_preferences": ("优惠政策", "Preferences"),
    "sheet_years": ("分年合计", "Totals by year"),
    "sheet_missing": ("还缺什么", "What is missing"),
    "sheet_asked": ("按待填", "By missing fact"),
    "more_firms": ("另有{count}家未列出，用 -o 写入文件", "{count} more firms; write all of them with -o"),
    "sheet_clauses": ("按条款", "By clause"),
    "sheet_districts": ("按{fact}", "By {fact}"),
    "sheet_problems": ("提示", "Messages"),
    # headings that calc does not have
    "place": ("读自", "Read from"),
    "eligible": ("符合（项）", "Eligible (items)"),
    "to_verify": ("待核实（项）", "To verify (items)"),
    "firms": ("单位（家）", "Firms"),
    "firms_eligible": ("符合的单位（家）", "Firms eligible"),
    "heading": ("条款名称", "Clause heading"),
    "all_years": ("合计", "Total"),
    "all_clauses": ("全部条款", "All clauses"),
    "as_of": ("测算日期{day}", "as of {day}"),
    "blank_choice": ("未填", "not given"),
    # progress
    "reading": ("读取", "Reading"),
    "scoring": ("测算", "Scoring"),
    "writing": ("写入", "Writing"),
    # the summary
    "read": ("读取单位{read}家，测算{scored}家，未测算{left}家", "Firms read {read}, scored {scored}, left out {left}"),
    "events_read": ("事项{events}项", "events {events}"),
    "count": ("{count}项", "{count}"),
    "largest": ("金额最大的条款（上限或确定）", "The largest clauses (ceiling or assured)"),
    "larger_sum": ("万元", "Yuan"),
    "only_year": ("只计{year}年及未定年度的金额", "Only what falls in {year} or in no stated year"),
    "took": ("用时{seconds}秒", "took {seconds} s"),
}

WORDS: dict[str, tuple[str, str, str, str]] = {
    "event_pasted": (
        "这些事项与别处的行完全相同（同一张表出现两次），{count} 行不再计算",
        "请删去重复的表；确有两件相同的事，请写在同一张表里",
        "{count} rows of events, from this one on, repeat those of another table, and do not count",
        "Delete the repeated table; two equal matters stand in one table.",
    ),
    "two_codes": (
        "“{name}”有两个统一社会信用代码（另见 {first}），按两家企业计算",
        "请核对代码；若是同一家，请改为一致并只留一行。",
        "“{name}” stands with two credit codes (see also {first}) and counts as two firms",
        "Check the codes; if it is one firm, give one code and keep one row.",
    ),
    "ending": (
        "不知道该写成哪种格式",
        "文件名请以 .xlsx、.csv、.parquet、.json 或 .jsonl 结尾。",
        "no telling which format is meant",
        "Let the name end in .xlsx, .csv, .parquet, .json or .jsonl.",
    ),
    "sheet_full": (
        "“{sheet}”有{rows}行，超过一张工作表的{limit}行，没有写入这张表",
        "请改用 .parquet 或 .csv，加 --view {view}。",
        "“{sheet}” has {rows} rows, more than the {limit} a sheet holds, and was not written",
        "Use .parquet or .csv with --view {view}.",
    ),
    "sheet_left_out": (
        "“{sheet}”有{rows}行，超过一张工作表的{limit}行，没有写入这张表",
        "请把单位分成几批测算，或用 .json。",
        "“{sheet}” has {rows} rows, more than the {limit} a sheet holds, and was not written",
        "Score the firms in several lots, or use .json.",
    ),
    "not_listed": (
        "单位超过{limit}家，没有写入“{preferences}”和“{missing}”两张表",
        "请把单位分成几批测算，或用 .json。",
        "of more than {limit} firms the sheets “{preferences}” and “{missing}” are not written",
        "Score the firms in several lots, or use .json.",
    ),
    "own_result": (
        "这是以前测算的结果，没有当作填报文件读取",
        "请把结果放在别的文件夹，以免混淆。",
        "this is the result of an earlier run and was not read as input",
        "keep results in another folder",
    ),
    "folder_empty": (
        "文件夹里没有可以读取的文件",
        "可读取 xlsx、xlsm、xlsb、xls、ods、csv、parquet、toml。",
        "the folder holds no file that can be read",
        "Files may be xlsx, xlsm, xlsb, xls, ods, csv, parquet or toml.",
    ),
    "one_by_one": (
        "有超过{limit}行要逐行核对：单位重复填写、事项找不到单位等；从这里开始",
        "多半是选错了文件或某一列不对，请核对；确实如此的，请拆分文件。",
        "over {limit} rows had to be looked at one by one: firms entered twice, events without a firm; see here",
        "It is probably the wrong file, or a wrong column: check it. If it is meant so, split the file.",
    ),
    "too_many_rows": (
        "表格合计超过{limit}行，一台机器的内存放不下",
        "请拆分文件分别测算，或用 Spark 测算（ordos_subsidy.spark）。",
        "more than {limit} rows in all: they do not fit in the memory of one machine",
        "Split the files and score each, or score them with Spark (ordos_subsidy.spark).",
    ),
    "unreadable": (
        "“{fact}”有超过{limit}个看不懂的值，例如：{given}",
        "多半是整列填错或单位不对，请核对这一列。",
        "“{fact_en}” has more than {limit} values that cannot be read, for example: {given}",
        "The whole column, or its unit, is probably wrong: check it.",
    ),
    "nobody": (
        "没有一家单位可以计算",
        "请按上面的提示改正后重试。",
        "there is no firm left to score",
        "Mend what is said above and try again.",
    ),
    "unseen": (
        "汇总无法写到标准输出：{detail}",
        "结果文件是完整的。请检查磁盘与管道，或加 --quiet 不要汇总。",
        "the summary cannot be written to standard output: {detail}",
        "The output file is complete. Look at the disk and the pipe, or do without the summary: --quiet.",
    ),
}
