"""What the command line says of itself."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    "about": (
        "计算鄂府发〔2021〕61号（科技新政30条）能给一家单位什么：哪些条款适用、多少钱、为什么、找谁问。",
        "What the city policy 鄂府发〔2021〕61号 means for a firm: which awards, how much, why, whom to ask.",
    ),
    "calc": ("计算文件中每家单位可得的奖补", "Awards of every firm in a file"),
    "explain": ("说明每一项为什么适用或不适用", "Why each award applies or does not"),
    "batch": ("批量计算一张表里的所有单位", "Score a whole table of firms"),
    "template": ("生成空白填报表（.xlsx 或 .toml）", "Write a blank input book (.xlsx or .toml)"),
    "clauses": ("列出方案的全部条款及其处理方式", "List the plan: every clause and how it is treated"),
    "check": ("检查填报文件或政策文件，列出全部问题", "Check input or policy files and list every problem"),
    "file": ("填报文件：xlsx xlsm xlsb xls ods toml csv", "input file: xlsx xlsm xlsb xls ods toml csv"),
    "files": ("填报文件或政策文件", "input files or policy files"),
    "measure": ("措施编号（如 6.rd-investment）或条款号（如 6）", "a measure (6.rd-investment) or a clause (6)"),
    "number": ("条款号，如 6", "a clause's number, such as 6"),
    "template-out": ("要生成的文件，以 .xlsx 或 .toml 结尾", "the file to write, ending in .xlsx or .toml"),
    "policies": ("政策文件，可重复，后面的覆盖前面的", "policy file; repeatable, later ones override earlier ones"),
    "on": ("评估日期，如 2026-11-23；默认今天", "date of evaluation, such as 2026-11-23; default today"),
    "year": ("只看某一年度的金额", "only what falls in one calendar year"),
    "format": ("输出格式：{known}", "output format: {known}"),
    "output": ("写入文件；未指定格式时按扩展名决定", "write to a file; its ending picks the format unless given"),
    "lang": ("语言：zh 或 en", "language: zh or en"),
    "all": ("也列出不符合的", "also show what does not apply"),
    "events": ("申报事项表（CSV 或 Parquet 时用）", "the table of events (with CSV or Parquet)"),
    "table": ("多家单位：一行一家", "for many firms: one row each"),
    "force": ("覆盖已有文件", "overwrite an existing file"),
    "version": ("显示版本号", "show the version"),
    "help": ("显示帮助", "show this help"),
    "usage": ("用法：", "Usage: "),
    "options": ("选项", "Options"),
    "commands": ("命令", "Commands"),
    "arguments": ("参数", "Arguments"),
    "try": ("查看帮助：{command} --help", "For help: {command} --help"),
    "written": ("已写入 {path}", "written: {path}"),
    "interrupted": ("已中断，没有写入任何文件", "interrupted; no file was written"),
    "check-input": (
        "{file}：{firms}家单位、{events}个事项，没有错误",
        "{file}: {firms} firms, {events} events, no errors",
    ),
    "check-policy": (
        "{file}：{clauses}条、{measures}项措施、{examples}个例子全部通过",
        "{file}: {clauses} clauses, {measures} measures, {examples} examples, all pass",
    ),
    "check-used": ("所用政策文件：{files}", "policy files used: {files}"),
    "batch-hint": (
        "共{count}家单位；大批单位请用 ordos-subsidy batch",
        "{count} firms; for many firms use: ordos-subsidy batch",
    ),
    "no-such-option": ("没有选项 {name}。{hint}", "no such option: {name}. {hint}"),
    "no-such-command": ("没有命令“{name}”。{hint}", "no such command: '{name}'. {hint}"),
    "did-you-mean": ("是不是 {name}？", "Did you mean {name}?"),
    "missing-argument": ("缺少参数 {name}", "missing argument {name}"),
    "missing-value": ("选项 {name} 需要一个值", "option {name} needs a value"),
    "extra-argument": ("多余的参数：{name}", "unexpected argument: {name}"),
    "bad-choice": ("{option} 不能是“{value}”，可用：{known}", "{option} cannot be '{value}'; use one of: {known}"),
    "bad-date": (
        "{option} 不能是“{value}”，日期写法如 2026-11-23",
        "{option} cannot be '{value}'; a date reads 2026-11-23",
    ),
    "bad-number": (
        "{option} 不能是“{value}”，需要 {least} 到 {most} 的整数",
        "{option} cannot be '{value}'; a whole number from {least} to {most}",
    ),
    "needs-output": ("格式 {format} 需要用 -o 指定文件", "format {format} needs -o FILE"),
    "other": ("{message}", "{message}"),
}

WORDS: dict[str, tuple[str, str, str, str]] = {
    "internal": (
        "程序内部错误（{detail}）",
        "没有写入任何文件。请把此信息和所用文件告知维护者；设置 ORDOS_SUBSIDY_DEBUG=1 可显示细节",
        "an internal error ({detail})",
        "nothing was written; please report this with the file you used; ORDOS_SUBSIDY_DEBUG=1 shows details",
    ),
    "stdout": (
        "结果无法写到标准输出：{detail}",
        "请用 -o 文件 保存，或检查磁盘与管道",
        "the result cannot be written to standard output: {detail}",
        "use -o FILE, or look at the disk and the pipe",
    ),
    "exists": (
        "文件已存在，没有覆盖",
        "请换一个文件名，或加 --force 覆盖",
        "the file exists and was left alone",
        "choose another name, or overwrite it with --force",
    ),
    "template-ending": (
        "不知道该生成哪种填报表",
        "文件名请以 .xlsx 或 .toml 结尾",
        "no telling which kind of template is meant",
        "let the name end in .xlsx or .toml",
    ),
    "memory": (
        "内存不足",
        "请拆分文件，或用 ordos-subsidy batch 处理 CSV、Parquet",
        "out of memory",
        "split the file, or use ordos-subsidy batch with CSV or Parquet",
    ),
    "nobody": (
        "没有一家单位可以计算",
        "请按上面的提示改正后重试",
        "there is no firm left to calculate",
        "mend what is said above and try again",
    ),
}
