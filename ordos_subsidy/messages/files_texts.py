"""What can be wrong with a file as such: (what zh, remedy zh, what en, remedy en)."""

from __future__ import annotations

_RESAVE_ZH = "用 Excel 或 WPS 打开，另存为 .xlsx 后再试"
_RESAVE_EN = "open it in Excel or WPS, save it as .xlsx and try again"
_SUSPECT_ZH = "正常保存的工作簿不会这样，请核实文件来源；" + _RESAVE_ZH
_SUSPECT_EN = "no workbook saved by a spreadsheet program looks like this: check where it comes from; " + _RESAVE_EN

WORDS: dict[str, tuple[str, str, str, str]] = {
    # What the name points to.
    "missing": ("找不到文件", "检查路径和文件名", "there is no such file", "check the path and the name"),
    "directory": ("这是文件夹，不是文件", "指定其中的一个文件", "this is a folder", "name a file inside it"),
    "fifo": (
        "这是管道，不是普通文件",
        "先把内容存成文件",
        "this is a pipe, not a regular file",
        "save its content to a file first",
    ),
    "socket": (
        "这是套接字，不是普通文件",
        "指定一个普通文件",
        "this is a socket, not a regular file",
        "name a regular file",
    ),
    "device": (
        "这是设备，不是普通文件",
        "指定一个普通文件",
        "this is a device, not a regular file",
        "name a regular file",
    ),
    "loop": (
        "符号链接首尾相连，没有指向任何文件",
        "修正链接，或直接指定文件",
        "its symbolic links lead in a circle",
        "mend the link or name the file itself",
    ),
    "unreadable": (
        "没有读取权限",
        "修改文件权限，或复制到可读的位置",
        "there is no permission to read it",
        "change its permissions, or copy it to where you may read",
    ),
    "name-too-long": ("文件名或路径过长", "改用较短的名称", "the name or path is too long", "use a shorter one"),
    "io": (
        "读取失败：{detail}",
        "检查磁盘或网络位置后重试",
        "it could not be read: {detail}",
        "check the disk or network place and try again",
    ),
    "empty": ("文件是空的（0 字节）", "检查是否保存成功", "the file is empty (0 bytes)", "check that it was saved"),
    "too-large": (
        "文件超过 {limit} MiB",
        "拆成几个文件，或改用 Parquet",
        "the file is over {limit} MiB",
        "split it, or use Parquet",
    ),
    "name-not-utf8": (
        "文件名不是 UTF-8 编码，此处以转义形式显示",
        "可改名；不影响结果",
        "the file's name is not UTF-8 and is shown escaped",
        "rename it if you like; the result is not affected",
    ),
    # What it truly is.
    "other-kind": (
        "扩展名是 {suffix}，实际内容是 {kind}；已按 {kind} 读取",
        "改用相符的扩展名",
        "the name says {suffix}, but the content is {kind}; it was read as {kind}",
        "give it the ending that fits",
    ),
    "foreign": (
        "这是 {found} 文件，不是表格",
        "提供 .xlsx、.xls、.xlsb、.ods、.csv、.parquet 或 .toml 文件",
        "this is a {found} file, not a table",
        "give a .xlsx, .xls, .xlsb, .ods, .csv, .parquet or .toml file",
    ),
    "archive": (
        "这是 {found} 压缩包",
        "解压后指定其中的表格文件",
        "this is a {found} archive",
        "unpack it and name the table inside",
    ),
    "markup": (
        "这是 {found} 文件，不是工作簿（有些系统导出的 .xls 其实是网页）",
        _RESAVE_ZH,
        "this is an {found} file, not a workbook (some systems export web pages as .xls)",
        _RESAVE_EN,
    ),
    "unknown": (
        "认不出这种文件",
        "提供 .xlsx、.xls、.xlsb、.ods、.csv、.parquet 或 .toml 文件",
        "this kind of file is not known",
        "give a .xlsx, .xls, .xlsb, .ods, .csv, .parquet or .toml file",
    ),
    "encrypted": (
        "工作簿有打开密码",
        "在 Excel 中：文件 → 信息 → 保护工作簿 → 用密码进行加密，清空密码后保存（WPS：文件 → 文档加密 → 密码加密）",
        "the workbook needs a password to open",
        "in Excel: File > Info > Protect Workbook > Encrypt with Password, clear it and save (WPS: File > Encryption)",
    ),
    "encrypted_parquet": (
        "Parquet 文件是加密的",
        "用写出它的程序另存一份不加密的",
        "the Parquet file is encrypted",
        "write it without encryption with the program that made it",
    ),
    # What is inside a workbook.
    "truncated": (
        "文件不完整，结尾缺失",
        "重新下载或重新保存",
        "the file is cut off; its end is missing",
        "download or save it again",
    ),
    "damaged": (
        "文件已损坏",
        "重新下载；或" + _RESAVE_ZH,
        "the file is damaged",
        "download it again; or " + _RESAVE_EN,
    ),
    "damaged-part": (
        "文件已损坏：部件 {part}",
        "重新下载；或" + _RESAVE_ZH,
        "the file is damaged: its part {part}",
        "download it again; or " + _RESAVE_EN,
    ),
    "method": (
        "部件 {part} 的压缩方式（{method}）不被工作簿使用",
        _SUSPECT_ZH,
        "its part {part} is packed by method {method}, which workbooks do not use",
        _SUSPECT_EN,
    ),
    "duplicate-part": (
        "有两个同名部件 {part}，无法判断以哪个为准",
        _SUSPECT_ZH,
        "it has two parts called {part}; which one counts cannot be told",
        _SUSPECT_EN,
    ),
    "too-many-parts": (
        "内含 {count} 个部件，超过 {limit} 个的上限",
        _SUSPECT_ZH,
        "it has {count} parts, over the limit of {limit}",
        _SUSPECT_EN,
    ),
    "part-too-large": (
        "部件 {part} 解压后超过 {limit} MiB",
        "删去无关的工作表，或改用 CSV、Parquet",
        "its part {part} inflates to over {limit} MiB",
        "delete sheets that do not matter, or use CSV or Parquet",
    ),
    "too-large-inflated": (
        "各部件解压后合计超过 {limit} MiB",
        "删去无关的工作表，或改用 CSV、Parquet",
        "its parts inflate to over {limit} MiB in all",
        "delete sheets that do not matter, or use CSV or Parquet",
    ),
    "doctype": ("部件 {part} 含有 DOCTYPE 声明", _SUSPECT_ZH, "its part {part} holds a DOCTYPE", _SUSPECT_EN),
    "far-address": (
        "部件 {part} 中的单元格地址 {cell} 超出表格范围（最大 XFD1048576）",
        _SUSPECT_ZH,
        "its part {part} has a cell {cell}, but a sheet ends at XFD1048576",
        _SUSPECT_EN,
    ),
    "address": (
        "单元格地址超出表格范围（最大 XFD1048576）",
        _SUSPECT_ZH,
        "a cell lies outside a sheet, which ends at XFD1048576",
        _SUSPECT_EN,
    ),
    "area": (
        "数据区超过 {limit} 个单元格",
        "删去远处多余的内容，或拆成几个文件",
        "the data spans over {limit} cells",
        "delete stray content far out, or split the file",
    ),
    "too-many-columns": (
        "超过 {limit} 列",
        "一张表最多 {limit} 列；删去无关的列，并检查分隔符",
        "it has over {limit} columns",
        "a sheet has at most {limit}: delete columns that do not matter, and check the delimiter",
    ),
    "no-sheets": (
        "工作簿里没有工作表",
        "检查文件；或" + _RESAVE_ZH,
        "the workbook has no sheets with cells",
        "check the file; or " + _RESAVE_EN,
    ),
    "unparsable": ("工作簿无法解析（{detail}）", _RESAVE_ZH, "the workbook cannot be parsed ({detail})", _RESAVE_EN),
    "exhausting": ("解析时程序中断或内存耗尽", _SUSPECT_ZH, "parsing it broke off or ran out of memory", _SUSPECT_EN),
    "memory": (
        "读取它要用 {limit} MiB 以上的内存",
        "请核实文件来源；企业较多时用 batch，或拆成几个文件",
        "reading it takes over {limit} MiB of memory",
        "check where it comes from; for many firms use batch, or split the file",
    ),
    "timeout": (
        "{limit} 秒内没有读完",
        "删去无关的工作表，或改用 CSV、Parquet",
        "it could not be read within {limit} seconds",
        "delete sheets that do not matter, or use CSV or Parquet",
    ),
    "no-child": (
        "无法启动读取进程：{detail}",
        "检查系统资源后重试",
        "the reading process could not be started: {detail}",
        "check the system's resources and try again",
    ),
    # CSV.
    "encoding": (
        "这里的字节既不是 UTF-8，也不是 GB18030",
        "另存为 UTF-8 编码的 CSV",
        "the bytes here are neither UTF-8 nor GB18030",
        "save it as CSV in UTF-8",
    ),
    "encoding-used": (
        "不是 UTF-8，已按 {encoding} 读取",
        "若出现乱码，请另存为 UTF-8",
        "it is not UTF-8 and was read as {encoding}",
        "if the text looks wrong, save it as UTF-8",
    ),
    "nul": ("文本中有空字符（NUL）", "另存为 UTF-8 编码的 CSV", "the text holds a NUL", "save it as CSV in UTF-8"),
    "ragged": (
        "这一行有 {fields} 列，首行有 {expected} 列",
        "补齐或删去多余的分隔符",
        "this row has {fields} columns, the first has {expected}",
        "add or remove delimiters",
    ),
    "ragged-more": (
        "另有 {count} 行列数不符",
        "一并改正",
        "{count} more rows have a wrong number of columns",
        "mend them too",
    ),
    "csv": (
        "CSV 格式有误：{detail}",
        "检查这一行的引号和换行",
        "this is not proper CSV: {detail}",
        "check the quotes and line breaks here",
    ),
    # TOML.
    "toml": (
        "TOML 第 {line} 行第 {column} 列有误：{detail}",
        "改正此处",
        "TOML error at line {line}, column {column}: {detail}",
        "mend it there",
    ),
    "toml-end": (
        "TOML 有误：{detail}",
        "检查文件末尾是否完整",
        "TOML error: {detail}",
        "check that the file is complete",
    ),
    "toml-equals": (
        "TOML 第 {line} 行第 {column} 列：名称后面没有等号",
        "写成“名称 = 值”，等号用半角",
        "TOML line {line}, column {column}: no equals sign follows the name",
        "write name = value",
    ),
    "toml-value": (
        "TOML 第 {line} 行第 {column} 列：这里应当是值",
        '文字放在半角引号 " " 里，是与否写 true、false，数字和日期直接写；未知则删去此行',
        "TOML line {line}, column {column}: there should be a value",
        "put text in straight quotes; write true, false, numbers and dates as they are; if unknown, leave the line out",
    ),
    "toml-quote": (
        "TOML 第 {line} 行第 {column} 列：文字缺结束的引号",
        "补上半角引号；一段文字写在一行内",
        "TOML line {line}, column {column}: the text has no closing quote",
        "close it with a straight quote on the same line",
    ),
    "toml-escape": (
        "TOML 第 {line} 行第 {column} 列：文字里的反斜杠不成立",
        "把文字放在单引号 ' ' 里，或者把 \\ 写成 \\\\",
        "TOML line {line}, column {column}: the backslash in this text means nothing",
        "put the text in single quotes, or write \\\\ for \\",
    ),
    "toml-more": (
        "TOML 第 {line} 行第 {column} 列：值后面还有内容",
        '一行写一项；带单位的数放在半角引号里，如 "1.5亿元"；数字中不用逗号，日期写成 2022-03-01',
        "TOML line {line}, column {column}: something follows the value",
        'one entry a line; figures with units in quotes, as "1.5亿元"; numbers without commas, dates as 2022-03-01',
    ),
    "toml-date": (
        "TOML 第 {line} 行第 {column} 列：没有这一天",
        '检查年、月、日，如 2022-03-01；只知道年月时写成文字，如 "2022-03"',
        "TOML line {line}, column {column}: there is no such day",
        'check year, month and day, as 2022-03-01; where only the month is known write a text, as "2022-03"',
    ),
    "toml-twice": (
        "TOML 第 {line} 行第 {column} 列：这个名称已经写过",
        "只留一个",
        "TOML line {line}, column {column}: this name has been given before",
        "keep one of them",
    ),
    "toml-table": (
        "TOML 第 {line} 行第 {column} 列：这张表已经写过",
        "可以重复的表都写双方括号，如 [[firm]]；其余的只写一次",
        "TOML line {line}, column {column}: this table has been given before",
        "tables that repeat all have double brackets, as [[firm]]; others stand once",
    ),
    "toml-bracket": (
        "TOML 第 {line} 行第 {column} 列：括号没有配对",
        "补上 ] 或 }}",
        "TOML line {line}, column {column}: a bracket is not closed",
        "add the missing ] or }}",
    ),
    "toml-name": (
        "TOML 第 {line} 行第 {column} 列：这里应当是名称或 [表]",
        "名称用模板里的；中文名称放在半角引号里",
        "TOML line {line}, column {column}: there should be a name or a [table]",
        "take names from the template; names in Chinese stand in straight quotes",
    ),
    "toml-encoding": (
        "TOML 必须是 UTF-8 编码，此处不是",
        "另存为 UTF-8",
        "TOML must be UTF-8, and is not here",
        "save it as UTF-8",
    ),
    "toml-too-large": (
        "TOML 文件超过 {limit} MB",
        "企业较多时改用 CSV、Parquet 或工作簿",
        "the TOML file is over {limit} MB",
        "for many firms use CSV, Parquet or a workbook",
    ),
    "toml-depth": (
        "嵌套超过 {limit} 层",
        "按模板的写法",
        "it nests deeper than {limit} levels",
        "write it as the template does",
    ),
    "toml-number": (
        "{number} 不能用作数值",
        "填写普通数字；未知则删去此项",
        "{number} cannot be used as a number",
        "write a plain number; if unknown, leave it out",
    ),
}
