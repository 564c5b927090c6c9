"""What is said about cells. `fact` and `fact_en` are the heading, `given` is what the cell holds."""

from __future__ import annotations

_PLAIN_ZH = "请写成 2022-03-01、2022年3月1日，或只到月、只到年（2022年3月、2022）。"
_PLAIN_EN = "Write 2022-03-01, or only the month or year: 2022-03, 2022."

WORDS: dict[str, tuple[str, str, str, str]] = {
    "failed": (
        "“{fact}”单元格显示错误值 {given}",
        "请修正该公式，或直接填入数值。",
        "The cell for “{fact_en}” shows the error {given}",
        "Mend the formula, or type the value itself.",
    ),
    "uncalculated": (
        "“{fact}”是一个没有计算结果的公式",
        "请用 Excel 或 WPS 打开文件、重新计算并保存，或直接填入数值。",
        "“{fact_en}” is a formula without a stored result",
        "Open the file in Excel or WPS, recalculate and save it, or type the value itself.",
    ),
    "too_long": (
        "“{fact}”超过 {limit} 个字：{given}",
        "请只写这一项的内容。",
        "“{fact_en}” is longer than {limit} characters: {given}",
        "Write nothing but what it asks for.",
    ),
    "structure": (
        "“{fact}”应是一个值，这里却是一组值：{given}",
        "请只写一个值。",
        "“{fact_en}” should be one value, but a group of values was given: {given}",
        "Write one value only.",
    ),
    "time": (
        "“{fact}”是一个时刻而不是值：{given}（可能是负的日期序号）",
        "请核对该单元格的内容和格式。",
        "“{fact_en}” is a time of day, not a value: {given} (perhaps a negative date serial)",
        "Check the content and the format of the cell.",
    ),
    "not_text": (
        "“{fact}”应是文字，这里是：{given}",
        "请填写文字。",
        "“{fact_en}” should be text, but is: {given}",
        "Write text.",
    ),
    "code_number": (
        "“{fact}”被存成了数字，末几位可能已丢失：{given}",
        "请把单元格格式设为“文本”，重新填写 18 位代码。",
        "“{fact_en}” was kept as a number, and its last digits may be lost: {given}",
        "Format the cell as text and type the 18 signs again.",
    ),
    "code_length": (
        "“{fact}”应为 18 位，这里有 {length} 位：{given}",
        "请按营业执照填写 18 位统一社会信用代码；没有则留空。",
        "“{fact_en}” should have 18 signs, but has {length}: {given}",
        "Copy the 18 signs from the business licence, or leave the cell blank.",
    ),
    "code_old": (
        "“{fact}”是 {length} 位的旧代码，没有采用：{given}",
        "请按现行营业执照填写 18 位统一社会信用代码；目前按单位名称识别。",
        "“{fact_en}” is an old code of {length} signs and was not used: {given}",
        "Copy the 18 signs from the present licence; for now the firm is known by its name.",
    ),
    "code_signs": (
        "“{fact}”含有不允许的字符 {signs}：{given}",
        "统一社会信用代码不用字母 I、O、S、V、Z；请核对是否误把数字 1、0、5、2 写成了字母。",
        "“{fact_en}” holds signs that no such code has ({signs}): {given}",
        "The letters I, O, S, V and Z are not used; check them against the digits 1, 0, 5 and 2.",
    ),
    "code_check": (
        "“{fact}”的校验位不符：{given}",
        "已按原样使用；请对照营业执照核对，可能有一位抄错。",
        "The check digit of “{fact_en}” is wrong: {given}",
        "It was used as it is; compare it with the business licence, one sign may be miscopied.",
    ),
    "yes_no": (
        "“{fact}”应填是或否，这里是：{given}",
        "请填“是”或“否”；不清楚则留空。",
        "“{fact_en}” should be yes or no, but is: {given}",
        "Write yes or no; leave it blank if it is not known.",
    ),
    "answer_yes": (
        "“{fact}”按“是”读取：{given}",
        "请核对：所属年度内仍成立才算“是”；其余的话可移到备注里。",
        "“{fact_en}” was read as yes: {given}",
        "Check that it held in the fiscal year; other words can go into the notes.",
    ),
    "answer_no": (
        "“{fact}”按“否”读取：{given}",
        "还没有取得的算“否”；如已取得，请改填“是”。",
        "“{fact_en}” was read as no: {given}",
        "What is not obtained yet is a no; write yes if it has been.",
    ),
    "several_forms": (
        "“{fact}”写了几种互相排斥的类型：{forms}",
        "一个单位只有一种法人类型，请核对；目前按都成立计算",
        "'{fact_en}' names several types that exclude each other: {forms_en}",
        "a body has one legal form, check it; all are taken to hold for now",
    ),
    "kind_passed": (
        "“{fact}”里的“{given}”没有奖补，没有计入：{why}",
        "无需处理；名称有误的请更正。",
        "“{given}” in “{fact_en}” gives nothing and was not counted: {why_en}",
        "Nothing to do; correct the name if it is wrong.",
    ),
    "kind_apart": (
        "“{fact}”里的“{given}”不是方案奖补的事项：{why}",
        "请核对证书或文件上的名称；不属于所列事项的，请删除这一行。",
        "“{given}” in “{fact_en}” is no event the plan pays for: {why_en}",
        "Check the name on the certificate; delete the row if it is none of the events listed.",
    ),
    "answer_near": (
        "“{fact}”没有“{given}”这一项",
        "是不是“{near}”？",
        "“{fact_en}” has no answer “{given}”",
        "Did you mean “{near}”?",
    ),
    "answer_listed": (
        "“{fact}”没有“{given}”这一项",
        "可填：{listed}。",
        "“{fact_en}” has no answer “{given}”",
        "It can be: {listed_en}.",
    ),
    "answer": (
        "“{fact}”没有“{given}”这一项",
        "请从模板的下拉列表中选择；用 `ordos-subsidy template` 生成模板。",
        "“{fact_en}” has no answer “{given}”",
        "Choose from the drop-down list of the template that `ordos-subsidy template` makes.",
    ),
    "year": (
        "“{fact}”应是 {first} 到 {last} 之间的年份，这里是：{given}",
        "请填四位数的年份，如 2022。",
        "“{fact_en}” should be a year from {first} to {last}, but is: {given}",
        "Write a year of four digits, such as 2022.",
    ),
    "date": (
        "“{fact}”不是一个看得懂的日期：{given}",
        _PLAIN_ZH,
        "“{fact_en}” is no date that can be read: {given}",
        _PLAIN_EN,
    ),
    "date_serial": (
        "“{fact}”是一个数字而不是日期：{given}（若是 Excel 日期序号，即 {day}）",
        "请把单元格格式设为日期并核对，或写成 {day} 这样的日期。",
        "“{fact_en}” is a number, not a date: {given} (as an Excel serial it would be {day})",
        "Format the cell as a date and check it, or write the date like {day}.",
    ),
    "money": (
        "“{fact}”不是一个看得懂的金额：{given}",
        "请写成 1234.5、1,234.5 或 1234.5万元 这样的数；单位可用元、千元、万元、百万元、亿元。",
        "“{fact_en}” is no sum that can be read: {given}",
        "Write a figure like 1234.5 or 1,234.5, or with its unit: 1234.5万元 (元, 千元, 万元, 百万元, 亿元).",
    ),
    "strange_unit": (
        "“{fact}”的单位不明，无法换算：{given}",
        "请在标题里写明一种单位，如（万元）、（元），或在数字后带上单位。",
        "The unit of “{fact_en}” is unclear, so it cannot be converted: {given}",
        "Name one unit in the heading, such as (万元) or (元), or write it beside the figure.",
    ),
    "yuan_sign": (
        "“{fact}”按{unit}计，这一格却带着元的符号：{given}",
        "请核对是元还是{unit}：是元的，在数字后写明“元”；是{unit}的，去掉符号。",
        "“{fact_en}” is counted in {unit}, but the cell bears the sign of the yuan: {given}",
        "Check which it is: write 元 behind the figure if it is yuan, else take the sign away.",
    ),
    "scaled": (
        "“{fact}”的单元格格式把数值缩小了{scale}倍显示，与单位{unit}不一致：{given}",
        "请改用普通数字格式，并在标题里写明单位。",
        "The cell for “{fact_en}” shows its figure divided by {scale}, which does not go with {unit}: {given}",
        "Use a plain number format, and name the unit in the heading.",
    ),
    "note_beside": (
        "“{fact}”的数字旁边有说明，按数字读取：{given}",
        "请核对；说明可移到备注里。",
        "A note stands beside the figure of “{fact_en}”; the figure was read: {given}",
        "Check it; the note can go into the notes.",
    ),
    "year_as_date": (
        "“{fact}”是填在日期格式单元格里的年份，按{year}年读取（单元格显示 {given}）",
        "请把单元格格式改为“常规”，重新填写四位年份。",
        "“{fact_en}” is a year typed into a date cell and was read as {year} (the cell shows {given})",
        "Format the cell as General and type the four digits again.",
    ),
    "money_limit": (
        "“{fact}”超过一万亿元：{given}",
        "多半是单位写错了（元写成了万元？），请核对。",
        "“{fact_en}” is more than a trillion yuan: {given}",
        "The unit is probably wrong (yuan taken for 万元?); check it.",
    ),
    "too_large": (
        "“{fact}”的数值过大：{given}",
        "请核对数值和单位。",
        "The figure for “{fact_en}” is too large: {given}",
        "Check the figure and its unit.",
    ),
    "negative": (
        "“{fact}”不能是负数：{given}",
        "请核对；不清楚则留空。",
        "“{fact_en}” cannot be negative: {given}",
        "Check it; leave it blank if it is not known.",
    ),
    "rounded": (
        "“{fact}”的位数超出能保留的精度：{given}",
        "已四舍五入到最小单位；如有出入请写准确数。",
        "“{fact_en}” is finer than what is kept: {given}",
        "It was rounded half up to the smallest unit; write the exact figure if that matters.",
    ),
    "percent": (
        "“{fact}”不是一个看得懂的百分比：{given}",
        "请写成 3.5% 或 0.035。",
        "“{fact_en}” is no percentage that can be read: {given}",
        "Write 3.5% or 0.035.",
    ),
    "percent_unclear": (
        "“{fact}”没有百分号，看不出是 {number}% 还是 {number} 倍：{given}",
        "请带上百分号，如 3.5%，或写成小数 0.035。",
        "“{fact_en}” has no percent sign, so it could be {number}% or {number} times: {given}",
        "Write it with its sign, such as 3.5%, or as a fraction: 0.035.",
    ),
    "count": (
        "“{fact}”应是不小于 0 的整数，这里是：{given}",
        "请只填整数，不带单位。",
        "“{fact_en}” should be a whole number, 0 or more, but is: {given}",
        "Write a whole number without a unit.",
    ),
}
