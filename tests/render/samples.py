"""Reports made by hand, with everything a renderer may meet: every verdict, grant and kind of text."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from ordos_subsidy.document import (
    ClauseLine,
    EventLine,
    Explained,
    Explanation,
    FirmReport,
    Line,
    MeasureLine,
    MissingFact,
    Node,
    People,
    Plan,
    Preference,
    Reason,
    Report,
    Slice,
    Source,
    Totals,
    Verdict,
    YearTotals,
)
from ordos_subsidy.errors import Omitted, Problem, problem
from ordos_subsidy.policy.model import Recipient
from ordos_subsidy.wording import AmountKind

Record = TypeVar("Record", bound=NamedTuple)


def replace(record: Record, **changes: Any) -> Record:
    """A record of the document with some fields changed."""
    return record._replace(**changes)


WAN = 10_000 * 100
NUMBER = "鄂府发〔2021〕61号"
RULES = "鄂科发〔2021〕65号"

SOURCE = Source(
    id="ordos-2021-61",
    number=NUMBER,
    title="鄂尔多斯市深入落实“科技兴蒙”行动以科技创新驱动高质量发展实施方案",
    name="科技新政30条",
    issuer="鄂尔多斯市人民政府",
    effective="2021-06-19",
)

SCIENCE = ("市科学技术局", "市科技局")
FINANCE = ("市财政局", "市财政局")
INDUSTRY = ("市工业和信息化局", "市工信局")
REFORM = ("市发展和改革委员会", "市发改委")
STATISTICS = ("市统计局", "市统计局")
BANNERS = ("各旗区人民政府", "各旗区")
ZONE = ("鄂尔多斯高新技术产业开发区管委会", "高新区管委会")
PARK = ("鄂尔多斯空港物流园区管委会", "空港园区管委会")
TAX = ("市税务局", "市税务局")


Sums = tuple[int, int | None]


def part(
    year: int | None, low: int, high: int | None, recipient: Recipient = "unit", *, first: int | None = None
) -> Slice:
    """What falls in a year, in fen; `first`: of a sum without a year the first of the five it falls in."""
    counts: dict[Recipient, Sums] = {"unit": (low, high), "people": (0, 0), "shared": (0, high)}
    within = (first, first + 4) if first else None
    return Slice(year, low, high, within, counts[recipient], (low, high))


def counted(schedule: tuple[Slice, ...]) -> Sums:
    """What the slices of a row add to the unit's totals."""
    highs = [each.counts[1] for each in schedule]
    return sum(each.counts[0] for each in schedule), None if None in highs else sum(high or 0 for high in highs)


def line(  # noqa: PLR0917 - a row reads best in the order of its table
    measure: str,
    reference: str,
    title: str,
    verdict: Verdict,
    kind: AmountKind,
    words: str,
    low: int,
    high: int | None,
    years: tuple[int | None, ...] = (2022,),
    *,
    event: EventLine | None = None,
    reasons: tuple[Reason, ...] = (),
    missing: tuple[str, ...] = (),
    departments: tuple[tuple[str, str], ...] = (SCIENCE, FINANCE),
    notes: tuple[str, ...] = (),
    document: str = NUMBER,
    recipient: Recipient = "unit",
    first: int | None = None,
) -> Line:
    """A row whose sums are 万元 and spread evenly over its years; `first`: see `part`."""
    count = max(len(years), 1)
    schedule = tuple(
        part(year, low * WAN // count, None if high is None else high * WAN // count, recipient, first=first)
        for year in years
    )
    return Line(
        measure=measure,
        clause=int(measure.partition(".")[0]),
        reference=reference,
        title=title,
        event=event,
        verdict=verdict,
        kind=kind,
        low=low * WAN,
        high=None if high is None else high * WAN,
        words=words,
        recipient=recipient,
        counts=counted(schedule),
        schedule=schedule,
        reasons=reasons,
        missing=missing,
        departments=tuple(full for full, _ in departments),
        departments_short=tuple(short for _, short in departments),
        notes=notes,
        document=document,
    )


def happened(kind: str, title: str, date: str | None, amount: int | None = None, row: int = 3) -> EventLine:
    return EventLine(kind, title, date, None if amount is None else amount * WAN, None, f"firm.xlsx!申报事项!A{row}")


TIERED = "分档办法由实施细则规定，文件只写了最高额。"
LATER = "2024年9月20日起的事项，可能适用鄂府发〔2024〕56号。"

RD = line(
    "6.rd-investment",
    "（六）",
    "规模以上企业研发投入奖补",
    "yes",
    "up_to",
    "最高1000万元",
    0,
    1000,
    reasons=(
        Reason("above_scale", "规模以上：是", "yes"),
        Reason("rd_intensity", "研发投入强度不低于3%", "yes"),
    ),
    departments=(SCIENCE, STATISTICS, FINANCE, INDUSTRY, REFORM, BANNERS, ZONE, PARK),
    notes=(TIERED,),
)
CENTER = line(
    "6.regional-enterprise-center",
    "（六）",
    "自治区企业技术（研发）中心",
    "yes",
    "exactly",
    "确定30万元（一次性）",
    30,
    30,
    event=happened("regional-enterprise-center", "自治区企业技术（研发）中心", "2022-03-01"),
)
LAB = line(
    "11.research-platform",
    "（十一）",
    "自治区级重点实验室、工程研究中心、制造业创新中心、临床医学研究中心",
    "yes",
    "at_least",
    "每年不低于200万元×5年",
    1000,
    None,
    (2022, 2023, 2024, 2025, 2026),
    event=happened("regional-key-lab", "自治区级重点实验室", "2022-03-01", row=4),
    departments=(SCIENCE, REFORM, INDUSTRY, FINANCE, BANNERS),
)
PROGRAM = replace(
    line(
        "8.national-program",
        "（八）",
        "承担国家科技计划项目",
        "yes",
        "share",
        "按10%计",
        0,
        0,
        event=happened("national-program", "承担国家科技计划项目", "2022-11-30", row=5),
    ),
    low=1_574_500_001,
    high=1_574_500_001,
    counts=(1_574_500_001, 1_574_500_001),
    schedule=(part(2022, 1_574_500_001, 1_574_500_001),),
)
PROJECT = line(
    "3.emerging-project",
    "（三）",
    "战略性新兴产业（新基建）项目",
    "yes",
    "unstated",
    "文件未定额",
    0,
    None,
    (None,),
    event=happened("emerging-project", "战略性新兴产业（新基建）项目", None, row=6),
    missing=("date",),
)
INCUBATOR = line(
    "12.incubator",
    "（十二）",
    "科技企业孵化器、众创空间、星创天地认定",
    "unknown",
    "up_to",
    "最高200万元",
    0,
    200,
    event=happened("incubator", "科技企业孵化器", "2022-05", row=7),
    reasons=(Reason("level", "级别：已填", "unknown"),),
    missing=("level",),
)
PARKLAND = line(
    "4.national-agri-park",
    "（四）",
    "鄂尔多斯国家农业科技园区",
    "unknown",
    "at_least",
    "每年不低于1000万元×5年",
    0,
    None,
    (2020, 2021, 2022, 2023, 2024),
    event=happened("national-agri-park", "鄂尔多斯国家农业科技园区", "2020-06-01", row=8),
    reasons=(Reason("", "文件没有写明施行前已有的是否适用，请问责任单位", "unknown"),),
)
FIELD = line(
    "14.standards",
    "（十四）",
    "技术标准化活动",
    "yes",
    "up_to",
    "最高100万元（一次性）",
    0,
    100,
    (2024,),
    event=happened("standards", "技术标准化活动", "2024-10-01", row=9),
    notes=(TIERED, LATER),
    document=RULES,
)
RECERTIFIED = line(
    "7.high-tech-recertified",
    "（七）",
    "国家高新技术企业再次获批",
    "no",
    "exactly",
    "确定20万元",
    0,
    0,
    (),
    event=happened("high-tech-recertified", "国家高新技术企业再次获批", "2020-12-04", row=10),
    reasons=(Reason("date", "取得日期不早于2021年6月19日", "no"),),
)
ADDBACK = line(
    "6.rd-profit-addback",
    "（六）",
    "市属国有企业研发投入视同利润加回",
    "no",
    "share",
    "按100%计，增量按150%计",
    0,
    0,
    (),
    reasons=(Reason("state_owned", "市属国有企业：是", "no"),),
)
CREDIT = replace(
    ADDBACK,
    verdict="yes",
    low=4312_5000_00,
    high=4312_5000_00,
    counts=(4312_5000_00, 4312_5000_00),
    schedule=(part(2022, 4312_5000_00, 4312_5000_00),),
)

TALENT = line(
    "20.national-leading-talent",
    "（二十）",
    "入选国家科技领军人才计划",
    "yes",
    "exactly",
    "确定50万元",
    50,
    50,
    event=happened("national-leading-talent", "入选国家科技领军人才计划", "2022-07-01", row=11),
    recipient="people",
)
TEAM = line(
    "19.leading-team",
    "（十九）",
    "高层次科技创新领军人才团队",
    "yes",
    "up_to",
    "最高500万元",
    0,
    500,
    event=happened("leading-team", "高层次科技创新领军人才团队", "2022-08-01", row=12),
    recipient="shared",
)
INSTITUTION = line(
    "17.city-led-institution",
    "（十七）",
    "市政府主导组建的新型研发机构",
    "yes",
    "up_to",
    "最高20000万元（合计，最多5年）",
    0,
    20_000,
    (None,),
    event=happened("city-led-institution", "市政府主导组建的新型研发机构", "2022-09-01", row=13),
    first=2022,
)
#: A row of which a limit leaves less than its amount.
LIMITED = replace(
    line(
        "17.banner-led-institution",
        "（十七）",
        "旗区（园区）主导组建的重点新型研发机构",
        "yes",
        "share",
        "每年按100%计，最高500万元",
        400,
        400,
        event=happened("banner-led-institution", "旗区（园区）主导组建的重点新型研发机构", "2022-10-01", 400, row=14),
    ),
    counts=(200 * WAN, 200 * WAN),
    schedule=(Slice(2022, 400 * WAN, 400 * WAN, None, (200 * WAN, 200 * WAN), (200 * WAN, 200 * WAN)),),
)


def preference(
    measure: str,
    reference: str,
    title: str,
    verdict: Verdict,
    *,
    reasons: tuple[Reason, ...] = (),
    missing: tuple[str, ...] = (),
    departments: tuple[tuple[str, str], ...] = (TAX, SCIENCE, INDUSTRY, REFORM),
    notes: tuple[str, ...] = (),
) -> Preference:
    return Preference(
        measure=measure,
        clause=int(measure.partition(".")[0]),
        reference=reference,
        title=title,
        verdict=verdict,
        reasons=reasons,
        missing=missing,
        departments=tuple(full for full, _ in departments),
        departments_short=tuple(short for _, short in departments),
        notes=notes,
        document=NUMBER,
    )


PREFERENCES = (
    preference("9.high-tech-rate", "（九）", "高新技术企业税率优惠", "yes", notes=("按国家税法执行。",)),
    preference("9.rd-super-deduction", "（九）", "研发费用税前加计扣除", "yes", notes=("按国家税法执行。",)),
    preference("9.venture-offset", "（九）", "创业投资企业抵扣应纳税所得额", "unknown", missing=("venture_capital",)),
    preference("15.procurement", "（十五）", "首台套与创新产品优先采购", "yes"),
    preference(
        "18.enclave",
        "（十八）",
        "离岸孵化与飞地科技合作",
        "unknown",
        reasons=(Reason("", "方案没有列出可以核对的条件，请咨询责任单位", "unknown"),),
        departments=(SCIENCE, FINANCE),
    ),
    preference(
        "28.tolerance",
        "（二十八）",
        "改革创新容错",
        "unknown",
        reasons=(Reason("", "方案没有列出可以核对的条件，请咨询责任单位", "unknown"),),
        departments=(SCIENCE, FINANCE),
    ),
    preference(
        "9.power",
        "（九）",
        "战略性新兴产业用电优惠",
        "no",
        reasons=(Reason("strategic_emerging", "战略性新兴产业企业：是", "no"),),
    ),
)

MISSING = (
    MissingFact(
        "level",
        "级别",
        "科技企业孵化器 2022-05",
        "firm.xlsx!申报事项!A7",
        (("（十二）", "科技企业孵化器认定"),),
        200 * WAN,
        0,
    ),
    MissingFact(
        "date",
        "取得日期",
        "",
        "firm.xlsx!申报事项!A6",
        (("（三）", "战略性新兴产业（新基建）项目"), ("（二十二）", "项目经费包干制")),
        0,
        1,
    ),
    MissingFact(
        "venture_capital",
        "创业投资企业",
        "",
        "firm.xlsx!单位信息!B12",
        (("（九）", "创业投资企业抵扣应纳税所得额"),),
        0,
        0,
    ),
)

TOTALS = Totals(
    assured=1030 * WAN + 1_574_500_001,
    ceiling=1130 * WAN + 1_574_500_001,
    pending=200 * WAN,
    open_ended=2,
    pending_open=1,
    by_year=(
        YearTotals(2022, 230 * WAN + 1_574_500_001, 1030 * WAN + 1_574_500_001, 200 * WAN),
        YearTotals(2023, 200 * WAN, 0, 0),
        YearTotals(2024, 200 * WAN, 100 * WAN, 0),
        YearTotals(2025, 200 * WAN, 0, 0),
        YearTotals(2026, 200 * WAN, 0, 0),
        YearTotals(None, 0, 0, 0),
    ),
    people=People(50 * WAN, 150 * WAN, 500 * WAN),
)

FIRM = FirmReport(
    name="内蒙古某某新材料科技有限责任公司",
    credit_code="91150602MA0NXXXX0X",
    place="firm.xlsx!单位信息!A3",
    awards=(PROJECT, PARKLAND, RD, CENTER, RECERTIFIED, PROGRAM, LAB, INCUBATOR, FIELD),
    credits=(CREDIT,),
    preferences=PREFERENCES,
    totals=TOTALS,
    missing=MISSING,
    problems=(),
)

NOTHING = Totals(0, 0, 0, 0, 0, (), People(0, 0, 0))

EMPTY = FirmReport("东胜区小店", None, "firm.xlsx!单位信息!A4", (), (), (), NOTHING, (), ())

#: What users type, and what must come out of no renderer alive.
NASTY = (
    '=HYPERLINK("http://evil.example","点我")',
    "<script>alert('xss')</script>",
    "\x1b[31m红\x1b[0m\x07\x9b1m",
    "[link](http://evil.example) `code` | pipe",
    "[bold red]rich[/bold red] :smile:",
    "行一\n行二\t制表\r\n",
    "\u202egnp.exe\u2066",
    "ᠮᠣᠩᠭᠣᠯ ᠦᠰᠦᠭ",
    "𠮷䶮生物 👩\u200d🔬🏭",
    "e\u0301\u0302 “引号” × ≥ — …",
    "@SUM(A1)",
    "+86 477",
    "-1",
    "长" * 60,
)


def nasty(name: str) -> FirmReport:
    """A firm whose every user text is hostile."""
    event = EventLine("regional-key-lab", "自治区级重点实验室", "2022-03-01", 1, name, name)
    row = replace(LAB, event=event)
    problem = Problem("output.is_input", name, (("input", name),), "warning")
    return replace(EMPTY, name=name, credit_code=name, place=name, awards=(row,), problems=(problem,), totals=TOTALS)


FOOTNOTES = (
    "“最高”是封顶数，实际数额由实施细则或评审确定，不能当作应得数。",
    "国家和自治区后续出台新政策的，从其规定；本方案由市人民政府解释。",
    "文件没有规定各项能否叠加，这里逐项计算，请向责任单位确认。",
)

UNREAD = problem("cells.failed", "firm.xlsx!单位信息!F9", given="#REF!", fact="营业收入", fact_en="revenue")
OMITTED = (Omitted("读不出的公司", "", "firm.xlsx!单位信息!A9", UNREAD),)


REPORT = Report(
    lang="zh",
    source=SOURCE,
    year=None,
    everything=False,
    firms=(FIRM,),
    problems=(),
    footnotes=FOOTNOTES,
    omitted=(),
)

TREE = Node(
    "以下全部成立",
    "unknown",
    "",
    "",
    "",
    (
        Node(
            "以下任一成立",
            "unknown",
            "",
            "",
            "",
            (
                Node("研发投入不低于5000万元", "no", "rd_expense", "4200万元", "还差800万元", ()),
                Node("研发投入强度不低于3%", "unknown", "rd_intensity", "营业收入未填", "", ()),
            ),
        ),
        Node("规模以上：是", "yes", "above_scale", "是", "", ()),
        Node("所属年度不早于2021年", "yes", "fiscal_year", "2022", "", ()),
    ),
)

EXPLANATION = Explanation(
    lang="zh",
    source=SOURCE,
    firms=(
        (
            FIRM,
            (
                Explained(
                    replace(RD, verdict="unknown", missing=("revenue",)),
                    "award",
                    TREE,
                    ("每年最高500万元", "国家高新技术企业翻倍：500万元 × 2 = 1000万元"),
                    "实施规模以上工业企业“三清零”行动",
                    "规模以上企业研发投入占营业收入达到3%，或者达到5000万元的，分档奖补。",
                    f"{NUMBER} 第六条",
                ),
                Explained(
                    PREFERENCES[4],
                    "preference",
                    Node("方案没有列出可以核对的条件，请咨询责任单位", "unknown", "", "", "", ()),
                    (),
                    "推动协同创新",
                    "在市外设立孵化载体，成果回到本市转化。",
                    f"{NUMBER} 第十八条",
                ),
            ),
        ),
    ),
    problems=(),
    footnotes=FOOTNOTES,
)


def explained(report: Report) -> Explanation:
    """An explanation of the firms of a report, each with the workings of `EXPLANATION`."""
    workings = EXPLANATION.firms[0][1]
    return EXPLANATION._replace(lang=report.lang, firms=tuple((firm, workings) for firm in report.firms))


PLAN = Plan(
    lang="zh",
    source=SOURCE,
    clauses=(
        ClauseLine(
            6,
            "（六）",
            "企业创新能力提升行动",
            "实施规模以上工业企业“三清零”行动",
            "研发投入达到门槛的规模以上企业分档奖补，高新技术企业翻倍；新认定的企业技术中心一次性奖补。",
            RD.departments,
            RD.departments_short,
            (
                MeasureLine(
                    "6.rd-investment",
                    "award",
                    "奖补",
                    "规模以上企业研发投入奖补",
                    "最高500万元",
                    "规模以上，并且研发投入强度不低于3%或者研发投入不低于5000万元",
                    (),
                    (TIERED,),
                    NUMBER,
                ),
                MeasureLine("6.leading-firm", "preference", "优惠", "领军企业“一企一策”", "", "", (), (), NUMBER),
            ),
        ),
        ClauseLine(
            29,
            "（二十九）",
            "保障措施",
            "资金保障",
            "市本级科技专项三年递增。",
            (FINANCE[0],),
            (FINANCE[1],),
            (
                MeasureLine(
                    "29.innovation-fund",
                    "budget",
                    "预算",
                    "科技创新基金",
                    "不低于300000万元",
                    "",
                    (),
                    (),
                    NUMBER,
                ),
            ),
        ),
        ClauseLine(
            30,
            "（三十）",
            "保障措施",
            "组织保障",
            "各旗区成立科技创新领导小组。",
            (SCIENCE[0],),
            (SCIENCE[1],),
            (MeasureLine("30.organisation", "duty", "政府职责", "科技创新工作领导", "", "", (), (), NUMBER),),
        ),
    ),
    footnotes=FOOTNOTES,
)
