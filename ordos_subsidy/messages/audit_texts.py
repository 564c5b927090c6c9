"""What `audit` says: a policy file against the official text, and files that cannot be read as a text."""

from __future__ import annotations

_RESAVE_ZH = "请用 Word 或 WPS 打开，另存为 .docx 或 .txt 后再试"
_RESAVE_EN = "open it in Word or WPS, save it as .docx or .txt and try again"
_READING_ZH = "；确属我们的理解的，写进该措施的 readings"
_READING_EN = "; where it is a reading of ours, say so in the measure's readings"

WORDS: dict[str, tuple[str, str, str, str]] = {
    # Files.
    "text-kind": (
        "这不是能读取的文本文件（{found}）",
        "请提供 .txt、.docx、.html 或带文字层的 .pdf；" + _RESAVE_ZH,
        "this is no text that can be read ({found})",
        "give a .txt, .docx, .html, or a .pdf with a text layer; " + _RESAVE_EN,
    ),
    "no-words": ("文件里没有文字", "检查文件", "the file holds no words", "check the file"),
    "no-text-layer": (
        "PDF 没有文字层，只有图片",
        "请用带文字层的 PDF（网上发布的原件），或做文字识别后存为 .txt",
        "the PDF has no text layer, only pictures",
        "use the PDF as published, or run text recognition and save a .txt",
    ),
    "encrypted": (
        "文件有打开密码或受加密保护",
        "去掉密码后另存一份",
        "the file is encrypted or needs a password",
        "save a copy without the password",
    ),
    "damaged": (
        "文件已损坏（{detail}）",
        "重新下载；或" + _RESAVE_ZH,
        "the file is damaged ({detail})",
        "download it again; or " + _RESAVE_EN,
    ),
    "no-library": (
        "读取这种文件需要 {library}",
        '请安装：pip install "ordos-subsidy[audit]"',
        "this kind of file needs {library}",
        'install it: pip install "ordos-subsidy[audit]"',
    ),
    # From the text to the policy file.
    "unclaimed-figure": (
        "原文的“{figure}”没有措施对应",
        "请写进该条的措施；有意不算的，加一项 [[unclaimed]] 并写明理由",
        "no measure accounts for {figure} of the text",
        "state it in a measure of the clause, or list it in [[unclaimed]] with a reason",
    ),
    "unclaimed-word": (
        "原文的“{word}”没有措施对应",
        "请写进该条的措施；有意不算的，加一项 [[unclaimed]] 并写明理由",
        "no measure accounts for the word {word} of the text",
        "state it in a measure of the clause, or list it in [[unclaimed]] with a reason",
    ),
    "unclaimed-places": (
        "[[unclaimed]] 的“{figure}”应在该条出现{times}处，实际{found}处",
        "请照原文改写 figure，或改 times",
        "'{figure}' of [[unclaimed]] should stand in {times} places of the clause, but stands in {found}",
        "write figure as the text has it, or change times",
    ),
    "unclaimed-empty": (
        "[[unclaimed]] 的“{figure}”里没有数字或条件词",
        "请删去这一项",
        "'{figure}' of [[unclaimed]] holds no figure and no word of condition",
        "remove the entry",
    ),
    # From the policy file to the text.
    "figure-absent": (
        "原文这一条没有“{figure}”",
        "请照原文改正" + _READING_ZH,
        "{figure} does not stand in this clause",
        "correct it by the text" + _READING_EN,
    ),
    "figure-elsewhere": (
        "“{figure}”在这一条里，但不在这项措施的那句话里",
        "请照原文改正" + _READING_ZH,
        "{figure} stands in this clause, but not in the words of this measure",
        "correct it by the text" + _READING_EN,
    ),
    "degree": (
        "“{figure}”写成了另一种程度，原文是“{text}”",
        "“最高”写 up_to，“不低于”“以上”写 at_least，“超过”写 more_than，没有这些词的写 exactly" + _READING_ZH,
        "the text compares {figure} in another way: {text}",
        "up_to for 最高, at_least for 不低于 and 以上, more_than for 超过, exactly where there is no such word"
        + _READING_EN,
    ),
    "only-zh": (
        "中文写了“{figure}”，英文没有",
        "两种文字写相同的数字",
        "{figure} stands in the Chinese only",
        "state the same figures in both languages",
    ),
    "only-en": (
        "英文写了“{figure}”，中文没有",
        "两种文字写相同的数字",
        "{figure} stands in the English only",
        "state the same figures in both languages",
    ),
    "reading-of": (
        "readings 的“{name}”既不是这项措施的键，也不是它写明的数字",
        "请改正 of",
        "'{name}' of readings is neither a key of this measure nor a figure that it states",
        "correct of",
    ),
    "reading-needless": (
        "这一项标为我们的理解，而原文写明了“{word}”",
        "请从 readings 的 of 里删去这一项",
        "the key is marked as a reading of ours, but the text says {word}",
        "take the key out of the reading's of",
    ),
    # Words and the keys that answer to them.
    "word-unanswered": (
        "原文有“{word}”，这项措施没有相应的 {entry}",
        "请补上 {entry}",
        "the text says {word}, and this measure has no {entry}",
        "add {entry}",
    ),
    "word-absent": (
        "原文没有“{word}”",
        "请删去这一项" + _READING_ZH,
        "the text does not say {word}",
        "remove the key" + _READING_EN,
    ),
    "limit-absent": (
        "原文写明“{text}”的限额，这项措施没有 limit，同一期间的几行会重复计算",
        "请补上 limit" + _READING_ZH,
        "the text bounds the sum ({text}), and without a limit several rows would be paid more than once",
        "add a limit" + _READING_EN,
    ),
    "recipient": (
        "受益方写成 {stated}，按原文应为 {expected}",
        "个人写 people，团队或单位及其人员写 shared，单位写 unit" + _READING_ZH,
        "the recipient is {stated}, and by the text {expected}",
        "people for persons, shared for a team or a unit and its people, else unit" + _READING_EN,
    ),
    "answer-absent": (
        "条件要求“{answer}”，原文这句话没有提到",
        "请删去这个条件" + _READING_ZH,
        "the condition asks for {answer}, which these words do not name",
        "remove the condition" + _READING_EN,
    ),
    "answer-unasked": (
        "原文还并列写有“{answer}”，条件里没有",
        "请补进条件" + _READING_ZH,
        "the text joins {answer} to these, and the condition leaves it out",
        "add it to the condition" + _READING_EN,
    ),
    # The frame.
    "head-absent": (
        "原文没有“{stated}”",
        "请照原文改正 [policy]，或核对原文文件",
        "the text has no '{stated}'",
        "correct [policy] by the text, or check that this is the right text",
    ),
    "clause-absent": (
        "原文在这个位置没有 {reference}",
        "请核对条号和顺序",
        "the text has no {reference} in this place",
        "check the number and the order of the clauses",
    ),
    "clause-extra": (
        "原文有 {reference}，政策文件没有这一条",
        "请补上 [[clause]]",
        "the text has {reference}, and the policy file has no such clause",
        "add the [[clause]]",
    ),
    "heading": (
        "标题写成“{stated}”，原文是“{text}”",
        "请照原文改正",
        "the heading is '{stated}', in the text '{text}'",
        "correct it by the text",
    ),
    "part": (
        "这一条之前应有“{stated}”这一部分的标题，原文是“{text}”",
        "请照原文改正 part 或次序",
        "the heading of the part '{stated}' should stand before this clause; the text has '{text}'",
        "correct part, or the order",
    ),
    "part-extra": (
        "原文在这一条之前还有“{text}”",
        "请照原文改正 part",
        "the text has '{text}' before this clause",
        "correct part by the text",
    ),
    "departments": (
        "责任单位与原文不一致：原文另有 {text}；文件另有 {stated}（都为 - 时是次序不同）",
        "请照原文改正名称和次序；原文用别称的，写进 aliases",
        "the departments differ: only the text has {text}; only the file has {stated} (both -: the order differs)",
        "correct names and order by the text; put other names of the text into aliases",
    ),
    "departments-absent": (
        "原文这一条末尾没有责任单位",
        "请核对原文",
        "the text names no departments at the end of this clause",
        "check the text",
    ),
}

PHRASES: dict[str, tuple[str, str]] = {
    "help": ("逐条核对政策文件与官方原文，列出不一致之处", "Hold a policy file to the official text, both ways"),
    "policy": ("政策文件（.toml）", "the policy file (.toml)"),
    "text": ("官方原文：.txt .docx .html .pdf", "the official text: .txt .docx .html .pdf"),
    "clause": ("第{number}条", "clause {number}"),
    "outside": ("各条之外", "outside the clauses"),
    "around": ("原文：{words}", "the text: {words}"),
    "holds": (
        "{file} 与原文一致：{clauses}条；{counted}；标明的理解{readings}项，有意不算的{unclaimed}项",
        "{file} agrees with the text: {clauses} clauses; {counted}; {readings} readings of ours; {unclaimed} unclaimed",
    ),
    "fails": (
        "{file} 与原文有{count}处不一致（{clauses}条；{counted}）",
        "{file} differs from the text in {count} places ({clauses} clauses; {counted})",
    ),
    "counted": (
        "原文数字和条件词{text}处，文件数字{policy}处",
        "{text} figures and words of the text, {policy} figures of the file",
    ),
}
