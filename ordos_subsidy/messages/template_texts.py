"""What the blank books and files say around the policy's own words: labels, how to fill in, what a slip is told.

No label may be a name of a fact: the reader finds fields by their headings. The names of the sheets stand in
`messages.reading_texts`, because the reader knows them too.
"""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    # joints
    "comma": ("、", ", "),
    "between": ("、", "; "),
    "semicolon": ("；", "; "),
    "with-unit": ("{title}（{unit}）", "{title} ({unit})"),
    "wan": ("万元", "10,000 yuan"),
    "percent": ("%", "%"),
    "yes-word": ("是", "Yes"),
    "no-word": ("否", "No"),
    "source": ("{name}（{number}）", "{name} ({number})"),
    "title": ("{title} · {source}", "{title} · {source}"),
    "page": ("第 &P 页，共 &N 页", "Page &P of &N"),
    # clauses
    "clause": ("第{numbers}条", "clause {numbers}"),
    "clauses": ("第{numbers}条", "clauses {numbers}"),
    "clauses-all": ("各条都看", "all clauses"),
    "clauses-identity": ("识别单位用", "identifies the firm"),
    "clauses-none": ("不参与测算", "not computed with"),
    "clause-heading": ("第{number}条 {heading}", "Clause {number}: {heading}"),
    "gives-if": ("{sum}。条件：{condition}", "{sum}. If: {condition}"),
    "no-amount": ("不用填", "leave blank"),
    # sheets
    "sheet-lists": ("选项", "Lists"),
    "list-of": ("下拉：{fact}", "drop-down: {fact}"),
    "asks": ("要填：{fact}", "asked: {fact}"),
    "to-guide": (
        "→ 怎么填、每种事项是什么，见填写说明",
        "→ How to fill this in, and what each event is: the guide",
    ),
    "banner": (
        "以下是虚构的例子，只供对照；本页不会被读取，也不参与测算。",
        "What follows is invented, to compare with. This page is never read or computed.",
    ),
    "note-form": (
        ("浅黄色的格子由您填写，带 * 的必填。不清楚的请空着：空白表示“未知”，不等于“否”，也不等于 0。金额单位：万元。"),
        (
            "Fill in the light yellow cells; those with * are required. Leave blank what you do not know: a "
            "blank is unknown, never no and never zero. Sums are in 10,000 yuan."
        ),
    ),
    "note-table": (
        ("一个单位一行，带 * 的列必填。不清楚的请空着：空白表示“未知”，不等于“否”，也不等于 0。金额单位：万元。"),
        (
            "One firm a row; columns with * are required. Leave blank what you do not know: a blank is "
            "unknown, never no and never zero. Sums are in 10,000 yuan."
        ),
    ),
    "note-events": (
        "取得的每件事填一行；没有就不填。选好事项后，橙色的格子是该事项还缺的，灰色的不用填。金额单位：万元。",
        (
            "One row for each thing obtained; none, no row. Once the event is chosen, orange cells are still "
            "missing and grey ones are not needed. Sums are in 10,000 yuan."
        ),
    ),
    "note-events-table": (
        (
            "每件事填一行，并写明是哪个单位的（代码或名称填一个即可）。选好事项后，橙色的格子是还缺的，"
            "灰色的不用填。金额单位：万元。"
        ),
        (
            "One row for each thing obtained, with the firm's code or name (one is enough). Once the event is"
            " chosen, orange cells are still missing and grey ones are not needed. Sums are in 10,000 yuan."
        ),
    ),
    # the form
    "form-fact": ("填写项目", "Field"),
    "form-value": ("填写内容", "Entry"),
    "form-help": ("填写说明", "Help"),
    "form-clauses": ("相关条款", "Clauses"),
    "help-choices": ("{help}可选：{choices}。", "{help} Answers: {choices}."),
    "help-clauses": ("{help}\n（{clauses}）", "{help}\n({clauses})"),
    "key-help": (
        "说明这一行是哪个单位的，与“单位信息”里的一致。代码、名称填一个即可，有代码以代码为准。",
        "Says whose row this is, as on the sheet of firms. The code or the name is enough; the code decides.",
    ),
    # how a value is written
    "how-text": ("文字", "text"),
    "how-code": ("18位代码，数字和大写字母", "18 digits and capital letters"),
    "how-yes-no": ("选“是”或“否”", "choose Yes or No"),
    "how-choice": ("从下拉列表选一个", "choose from the list"),
    "how-choices": ("从列表选，可填多个，用顿号“、”隔开", "from the list; one or several, separated by ;"),
    "how-kind": ("从下拉列表选一个", "choose from the list"),
    "how-year": ("四位年份", "a year, four digits"),
    "how-date": ("日期，如 2022-03-01", "a date, like 2022-03-01"),
    "how-money": ("数字，按万元", "a number, in 10,000 yuan"),
    "how-percent": ("百分比，如 3.5%", "a percentage, like 3.5%"),
    "how-count": ("整数", "a whole number"),
    # what a slip is told
    "error-yes-no": (
        "请选“是”或“否”；不清楚就空着。",
        "Choose Yes or No; leave it blank if you do not know.",
    ),
    "error-choices": (
        "列表里没有这个答案。可填多个，用顿号“、”隔开，如：企业、园区。确认无误可继续。",
        "This is not an answer of the list. Several may be given, separated by ; - go on if it is right.",
    ),
    "error-choice": (
        "请从下拉列表中选一个；不清楚就空着。",
        "Choose from the list; leave it blank if you do not know.",
    ),
    "error-kind": (
        "请从下拉列表中选一个事项；各事项的意思见“填写说明”。",
        "Choose an event from the list; the guide says what each one is.",
    ),
    "error-year": (
        "一般填列表中的四位年份，如 2022。仍要保留请选“是”。",
        "Usually a year of the list, like 2022. Choose Yes to keep it.",
    ),
    "error-date": (
        "日期请写成 2022-03-01。只知道年月时，先打一个英文单引号再写 2022年3月，并选“是”保留。",
        (
            "Write a date like 2022-03-01. If only the month is known, type an apostrophe and 2022-03, and "
            "choose Yes to keep it."
        ),
    ),
    "error-money": (
        "请填数字，单位是万元：12.5亿元填 125000。不要写单位；不清楚就空着，没有才填 0。",
        ("Enter a number in units of 10,000 yuan, without a unit. Leave it blank if you do not know; 0 means none."),
    ),
    "error-count": (
        "请填不小于 0 的整数；不清楚就空着。",
        "Enter a whole number, 0 or more; or leave it blank.",
    ),
    "error-code": (
        "统一社会信用代码是18位。确实如此请选“是”保留。",
        "A unified social credit code has 18 characters. Choose Yes to keep it as it is.",
    ),
    # the guide
    "guide-steps": ("一、怎么填", "1. How to fill this in"),
    "guide-facts": ("二、各栏是什么", "2. What each field is"),
    "guide-kinds": (
        "三、各种事项：算什么、填哪天、金额填什么、找谁问",
        "3. The events: what counts, which date, which sum, whom to ask",
    ),
    "step": ("{number}. {text}", "{number}. {text}"),
    "step-order": (
        "先填“{firms}”，再在“{events}”里把取得的每件事填一行。填好保存，即可测算。",
        ("Fill in “{firms}”, then one row of “{events}” for each thing obtained. Save, and it can be computed."),
    ),
    "step-colours": (
        (
            "浅黄色的格子由您填写，带 * 的必填。点进格子会显示这一栏的说明。“{events}”里选好事项后，"
            "橙色表示还缺，灰色表示不用填。"
        ),
        (
            "Light yellow cells are yours; those with * are required. A cell shows its help when you enter "
            "it. In “{events}”, once the event is chosen, orange means still missing and grey means not "
            "needed."
        ),
    ),
    "step-blank": (
        (
            "不清楚的一律空着：空白表示“未知”，不等于“否”，也不等于 0；只有确实没有发生才填 0。"
            "未知的不会被当作不符合，结果里会列为“待核实”，并指出缺哪一项。"
        ),
        (
            "Leave blank whatever you do not know: a blank is unknown, never no and never zero; 0 means that "
            "there was none. What is unknown counts against nobody: it is listed as to be verified, with what"
            " is missing."
        ),
    ),
    "step-money": (
        "金额按万元填数字，可以有小数（精确到分），不写单位：12.5亿元填 125000，3600元填 0.36。",
        (
            "Sums are numbers in units of 10,000 yuan, decimals allowed, without a unit: 1.25 billion yuan is"
            " 125000, 3,600 yuan is 0.36."
        ),
    ),
    "step-dates": (
        (
            "日期写成 2022-03-01 或 2022/3/1。只知道年月时，先打一个英文单引号再写 2022年3月，否则 Excel "
            "会自动当成 3 月 1 日。"
        ),
        (
            "Dates are written 2022-03-01 or 2022/3/1. If only the month is known, type an apostrophe and "
            "then 2022-03, or Excel makes it the first of March."
        ),
    ),
    "step-lists": (
        "带箭头的格子从下拉列表选；可填多个的，用顿号“、”隔开。",
        ("Cells with an arrow have a list to choose from; where several answers may be given, separate them by ;."),
    ),
    "step-headings": (
        ("不要改标题（列的顺序可以变，也可以另加列，多出的列不会读取）。行数不够直接往下填，下拉列表和格式照样有。"),
        (
            "Keep the headings; columns may be moved or added (added ones are not read). If the drawn rows "
            "are not enough, go on below: lists and formats continue."
        ),
    ),
    "step-example": (
        "“{example}”是填好的样子，内容是虚构的，不会被读取。",
        "“{example}” shows how it looks when filled in; it is invented, and never read.",
    ),
    "step-ask": (
        "拿不准是否算、算哪一种，问第三部分所列的责任单位。",
        "If in doubt whether something counts, ask the departments named in part 3.",
    ),
    "guide-where": ("所在工作表", "Sheet"),
    "guide-fact": ("栏目", "Its heading"),
    "guide-meaning": ("含义", "What it is"),
    "guide-how": ("填法", "How to write it"),
    "guide-answers": ("可选的答案", "Answers"),
    "guide-clauses": ("相关条款", "Clauses"),
    "guide-clause": ("条款", "Clause"),
    "guide-event": ("事项（下拉列表中的名称）", "Event, as in the list"),
    "guide-counts": ("算什么，填哪天", "What counts, and which date"),
    "guide-sum": ("“金额”填什么", "What the sum is"),
    "guide-gives": ("能得多少，条件是什么", "What it brings, and when"),
    "guide-departments": ("问谁", "Whom to ask"),
    # the TOML file
    "toml-top": (
        """{source}：单位信息和申报事项
用任何文本编辑器填写，存为 UTF-8。

怎么填：去掉行首紧挨着名字的 #，在等号右边填写。带 * 的必填。
不清楚的不要动，或留着空的 ""：都表示“未知”，不等于 false，也不等于 0；只有确实没有才填 0。
金额一定写明单位，如 "4200万元"：这里不写单位的数字是元，不是万元。
以 “# ” 开头（井号后有空格）的是说明，“#| ” 开头的是填好的例子，都不会被读取。""",
        """{source}: a firm and its events
Fill it in with any text editor and save it as UTF-8.

How: take away the # that stands right before a name, and write the value after the equals sign. * is required.
Leave alone what you do not know, or leave it "": both mean unknown, never false and never 0; 0 means none.
Write every sum with its unit, "4200万元": a number without one is yuan here, not 10,000 yuan.
Lines that begin with "# " are explanations, those with "#| " a filled example; neither is read.""",
    ),
    "toml-event": (
        "── 申报事项：取得的每件事一段。多件事就把下面这一段（从 [[firm.event]] 起）再抄一份。",
        "── Events: one block for each thing obtained; copy the block from [[firm.event]] on for another.",
    ),
    "toml-next": (
        "── 下一个单位：各项意思同上；还有就把这一段再抄一份。",
        "── The next firm: the same keys again; copy this block for more.",
    ),
    "toml-answers": (
        "── 各项可填的答案（左边的代码或右边的名称都可以）",
        "── The answers (the key or the name)",
    ),
    "toml-kinds": (
        "── 可申报的事项（左边的代码或右边的名称都可以）",
        "── The kinds of events (the key or the name)",
    ),
    "toml-sum": ("金额：{amount}", "Sum: {amount}"),
    "toml-example": ("── 填好的样子（虚构，只供对照）", "── What it looks like when filled in (invented)"),
    "toml-text": ("文字，写在引号里", "text in quotes"),
    "toml-code": ("18位代码，写在引号里", "18 characters in quotes"),
    "toml-yes-no": ("true 或 false", "true or false"),
    "toml-choice": ("一个答案，写在引号里，见下面的列表", "one answer in quotes, see the lists below"),
    "toml-choices": ('几个答案：["…", "…"]，见下面的列表', 'several answers: ["…", "…"], see the lists below'),
    "toml-kind": ("事项，写在引号里，见下面的列表", "one kind in quotes, see the list below"),
    "toml-year": ("年份：2022", "a year: 2022"),
    "toml-date": ('日期：2022-03-01；只知道年月："2022年3月"', 'a date: 2022-03-01; only the month: "2022-03"'),
    "toml-money": (
        '金额，连同单位写在引号里："4200万元"、"12.5亿元"；不写单位就是元',
        'a sum with its unit, in quotes: "4200万元", "42,000,000 yuan"; without a unit it is yuan',
    ),
    "toml-percent": ('百分比："3.5%"', 'a percentage: "3.5%"'),
    "toml-count": ("整数", "a whole number"),
}
