"""What is said of receipts, by reports and by `verify`."""

PHRASES: dict[str, tuple[str, str]] = {
    "verify": ("按报告所附回执重新计算，核验报告", "Compute a report again from its receipt"),
    "report": ("要核验的报告：.json .html .pdf", "the report to check: .json .html .pdf"),
    "input-option": (
        "同时核对填报文件；事项另成一表的，再写一次",
        "also compare the input file; again for a table of events",
    ),
    "heading": ("核验本报告", "How to check this report"),
    "how": (
        "任何人都可以重新计算：ordos-subsidy verify 本文件（无需联网）",
        "Anybody can compute it again, offline: ordos-subsidy verify THIS-FILE",
    ),
    "no_signature": (
        "回执不是签名：它只证明结果由所附数据和政策文件算出，不证明由谁出具。",
        "A receipt is no signature: it proves that the result follows from the data and policy named, not who made it.",
    ),
    "holds_input": (
        "本文件内含所填报的全部数据；不愿转交数据的，请用 --no-receipt 另行生成。",
        "This file holds all that was filled in; where that is not to be handed on, make it with --no-receipt.",
    ),
    "chart": ("图表另存为 .svg 或 .png", "also write the charts to a file, .svg or .png"),
    "no-receipt": (
        "报告不附回执（回执内含全部填报数据）",
        "no receipt in the report (it holds all that was filled in)",
    ),
    "program": ("程序", "Program"),
    "on": ("评估日期", "Evaluated on"),
    "input": ("填报文件", "Input"),
    "policy": ("政策文件", "Policy file"),
    "result": ("结果", "Result"),
    "same": (
        "✓ 相同：{name} 与按回执重新计算、重新生成的报告逐字节相同",
        "✓ Same: {name} is, byte for byte, the report that its receipt gives",
    ),
    "differs": (
        "✗ 不同：{name} 与按回执重新计算的结果不一致",
        "✗ Different: {name} is not what its receipt gives",
    ),
    "undecided": ("✗ 无法核验：{name}", "✗ Cannot be checked: {name}"),
    "first": ("第一处不同", "The first difference"),
    "where": ("位置", "where"),
    "found": ("报告中", "in the report"),
    "computed": ("重新计算", "computed"),
    "in_receipt": ("回执中", "in the receipt"),
    "in_file": ("填报文件中", "in the file"),
    "lacking": (
        "字库中没有的字符，以编码代替：{characters}",
        "Characters that the font lacks, shown by their code points: {characters}",
    ),
    "absent": ("（没有）", "(nothing)"),
    "line": ("第{line}行", "line {line}"),
    "bytes": ("第{at}字节起", "from byte {at} on"),
    "result_hash": ("回执中结果的哈希", "hash of the result in the receipt"),
    "of_firm": ("单位第{row}行", "firm, row {row}"),
    "of_event": ("事项第{row}行", "event, row {row}"),
    "rows": ("{count}行", "{count} rows"),
}

WORDS: dict[str, tuple[str, str, str, str]] = {
    "none": (
        "文件里没有回执，无法核验",
        "只有 ordos-subsidy 生成的 .json、.html 和 .pdf 报告附有回执。",
        "The file carries no receipt and cannot be checked",
        "Only reports that ordos-subsidy wrote as .json, .html or .pdf carry one.",
    ),
    "lacking": (
        "PDF的字库里没有这些字符，已用编码代替：{characters}",
        "网页报告（-o report.html）不受影响。",
        "The font of the PDF lacks these characters, shown by their code points: {characters}",
        "The page (-o report.html) shows them.",
    ),
    "chart_ending": (
        "不知道该画成哪种图片",
        "文件名请以 .svg 或 .png 结尾。",
        "no telling which kind of picture is meant",
        "Let the name end in .svg or .png.",
    ),
    "no_bars": (
        "没有符合条件的奖补可画",
        "去掉 --chart 即可看到测算结果。",
        "there is no eligible award to draw",
        "Without --chart the answer is shown.",
    ),
    "no_extra": (
        "生成PDF、Word和图片需要另外安装的部件",
        "请运行 pip install 'ordos-subsidy[report]'（源码目录中 '.[report]'），或改用 -o report.html。",
        "A PDF, a Word document or a picture needs parts that are not installed",
        "Run: pip install 'ordos-subsidy[report]' (in the source folder: pip install '.[report]'); or -o report.html.",
    ),
    "damaged": (
        "回执与生成时不同，已被改动或损坏",
        "请向出具人索取原件。",
        "The receipt is not as it was written: it has been changed or damaged",
        "Ask whoever made the report for the original.",
    ),
    "newer": (
        "回执的格式（{form}）比本程序新",
        "请用更新的 ordos-subsidy 核验。",
        "The form of the receipt ({form}) is newer than this program",
        "Check it with a newer ordos-subsidy.",
    ),
    "version": (
        "报告由 ordos-subsidy {theirs} 生成，这里是 {ours}",
        "要逐字节核验，请用 {theirs} 版。",
        "The report was made by ordos-subsidy {theirs}; this is {ours}",
        "To check it byte for byte, use version {theirs}.",
    ),
    "policy": (
        "报告所用的政策文件 {name}（SHA-256 {sha256}）这里没有",
        "请用 --policies 指定该文件；叠加文件按原来的顺序写。",
        "The report's policy file {name} (SHA-256 {sha256}) is not here",
        "Name it with --policies; files laid over one another in their order.",
    ),
    "other_policy": (
        "这里用的政策文件 {name}（SHA-256 {sha256}）不是报告所用的",
        "",
        "The policy file used here, {name} (SHA-256 {sha256}), is not the report's",
        "",
    ),
    "other_facts": (
        "这里的政策不认识回执中的指标：{facts}",
        "请用 --policies 指定报告所用的政策文件。",
        "The policy here does not know facts of the receipt: {facts}",
        "Name the report's policy files with --policies.",
    ),
    "other_words": (
        "这里的政策不认识回执中的选项或事项",
        "请用 --policies 指定报告所用的政策文件。",
        "The policy here does not know an answer or a kind of event of the receipt",
        "Name the report's policy files with --policies.",
    ),
    "input_same": (
        "填报文件 {name}：与报告所用的逐字节相同",
        "",
        "Input {name}: byte for byte the file that the report was made from",
        "",
    ),
    "input_reads_same": (
        "填报文件 {name}：字节不同，读出的内容相同",
        "",
        "Input {name}: other bytes, but it reads the same",
        "",
    ),
    "input_other": (
        "填报文件 {name}：不是报告所用的，读出的内容也不同",
        "",
        "Input {name}: not the file that the report was made from; it reads differently",
        "",
    ),
}
