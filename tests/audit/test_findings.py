"""One broken run of each sort of finding, on an invented policy and text that agree as they are."""

from __future__ import annotations

import pytest

from ordos_subsidy.audit import compare, split_text
from ordos_subsidy.messages import sentences
from ordos_subsidy.policy.grammar import Document
from tests.audit.samples import POLICY, TEXT, audited, parsed

#: Of files, not of findings.
FILES = {"text-kind", "no-words", "no-text-layer", "encrypted", "damaged", "no-library"}

IN_TEXT: list[tuple[str, str, str]] = [
    # what changes in the text, into what, the findings' code
    ("市促进航运", "市促进海运", "head-absent"),
    ("2030年3月1日", "2030年3月2日", "head-absent"),
    ("〔2030〕7号", "〔2030〕8号", "head-absent"),
    ("一、航运", "一、海运", "part"),
    ("一、航运", "二、航运", "part"),
    ("（责任单位：市港口局、市财政局）\n", "（责任单位：市港口局、市财政局）\n二、海员\n", "part-extra"),
    ("壮大船队", "壮大舰队", "heading"),
    ("（二）培养海员", "（三）培养海员", "clause-absent"),
    ("（责任单位：市财政局，各区人民政府）", "（责任单位：市财政局，各区人民政府）（三）附加。", "clause-extra"),
    ("市港口局、市财政局", "市财政局、市港口局", "departments"),
    ("市港口局、", "", "departments"),
    ("（责任单位：市港口局、市财政局）", "", "departments-absent"),
    ("50万元奖励", "60万元奖励", "unclaimed-figure"),
    ("50万元奖励", "60万元奖励", "figure-absent"),
    ("最高50万元", "50万元", "degree"),
    ("最高50万元", "不低于50万元", "degree"),
    ("5000万元以上", "5000万元", "degree"),
    ("连续3年", "3年", "degree"),
    ("连续3年", "4年", "unclaimed-figure"),
    ("，一次性给予", "，给予", "word-absent"),
    ("新认定", "认定", "word-absent"),
    ("、每年给予", "、给予", "word-absent"),
    ("每年安排", "安排", "word-absent"),
    ("的个人给予", "的个人一次性给予", "word-unanswered"),
    ("的企业按运费", "的新获批企业按运费", "word-unanswered"),
    ("，最高100万元", "，每年最高100万元", "word-unanswered"),
    ("附则\n", "附则\n规模以上企业优先。", "unclaimed-word"),
    ("的个人给予", "的企业给予", "recipient"),
    ("航运企业，", "航运学校，", "answer-absent"),
    ("航运企业，", "企业、学校，", "answer-unasked"),
    ("10日后", "15日后", "unclaimed-places"),
]


@pytest.mark.parametrize(("old", "new", "code"), IN_TEXT)
def test_change_of_the_text_is_found(old: str, new: str, code: str) -> None:
    assert TEXT.count(old) == 1
    assert code in {each.code for each in audited(text=TEXT.replace(old, new))}


IN_POLICY: list[tuple[str, str, str, str]] = [
    # what changes in the policy file, into what, the finding's code, its measure and key
    ('up_to = "50万元"', 'up_to = "20万元"', "figure-elsewhere", "1.carrier.amount.up_to"),
    ('up_to = "50万元"', 'up_to = "51万元"', "figure-absent", "1.carrier.amount.up_to"),
    ('up_to = "50万元"', 'exactly = "50万元"', "degree", "1.carrier.amount.exactly"),
    ('at_least = "5000万元"', 'more_than = "5000万元"', "degree", "2.freight.when.freight"),
    (', cap = "100万元"', "", "unclaimed-figure", ""),
    ("years = 3", "years = 4", "figure-absent", "1.ship.amount.years"),
    (", once = true", "", "word-unanswered", "1.carrier.amount.once"),
    ('existing = "excluded"\n', "", "word-unanswered", "1.carrier.existing"),
    (", yearly = true", "", "word-unanswered", "2.training.budget.yearly"),
    ('recipient = "people"\n', "", "recipient", "2.anchor.recipient"),
    ('recipient = "people"', 'when = { fact = "form", is = "school" }', "answer-absent", "2.anchor.when.form"),
    ('exactly = "300万元"', 'exactly = "200万元"', "figure-absent", "2.training.budget.exactly"),
    ("按运费的10%", "按运费的20%", "figure-absent", "clause.gist.zh"),
    ("10% of freight", "20% of freight", "only-en", "clause.gist"),
    ("10% of freight", "a share of freight", "only-zh", "clause.gist"),
    ("金锚奖个人奖励", "金锚奖个人奖励8万元", "figure-absent", "2.anchor.title.zh"),
    ('departments = ["harbour", "finance"]', 'departments = ["harbour"]', "departments", "clause.departments"),
    ('zh = "培养海员"', 'zh = "培训海员"', "heading", "clause.heading.zh"),
    ('figure = "10日后"', 'figure = "办法"', "unclaimed-places", "unclaimed"),
    ('clause = 0\nfigure = "10日后"', 'clause = 2\nfigure = "海员培训"', "unclaimed-empty", "unclaimed"),
    (
        'amount.exactly = "5万元"',
        'amount.exactly = "5万元"\nreadings = [{ of = ["limit.a_year"], zh = "理解", en = "reading" }]',
        "reading-of",
        "2.anchor.readings[0].of",
    ),
    (
        '[[measure]]\nid = "2.training"',
        '[limit.all]\na_year = "9万元"\nmeasures = ["2.anchor"]\n\n[[measure]]\nid = "2.training"',
        "figure-absent",
        "limit.all.a_year",
    ),
    ("years = 3 }", "spread = 3 }", "limit-absent", "1.ship.limit.in_all"),
    (
        "once = true }",
        'once = true }\nreadings = [{ of = ["amount.once"], zh = "理解", en = "a reading" }]',
        "reading-needless",
        "1.carrier.amount.once",
    ),
]


@pytest.mark.parametrize(("old", "new", "code", "place"), IN_POLICY)
def test_change_of_the_policy_file_is_found_at_its_key(old: str, new: str, code: str, place: str) -> None:
    assert POLICY.count(old) == 1
    found = audited(POLICY.replace(old, new))
    assert (code, place) in {(each.code, ".".join(filter(None, (each.measure, each.key)))) for each in found}


def test_agreeing_files_have_no_finding_and_every_sort_of_finding_is_tried() -> None:
    assert audited() == []
    tried = {code for *_, code in IN_TEXT} | {code for _, _, code, _ in IN_POLICY}
    assert tried == set(sentences("audit").problems) - FILES


READINGS = [
    # what a reading of ours names, its sentences, and whether a cap of 51 in the place of 50 is excused
    ("51万元", "上限随物价调整", "the cap follows prices", True),
    ("amount.up_to", "上限按51万元理解", "the cap is read as CNY 510,000", True),
    ("amount", "上限按51万元理解", "the cap is read as CNY 510,000", True),
    ("amount.up_to", "上限随物价调整", "the cap follows prices", False),
    ("existing", "上限按51万元理解", "the cap is read as CNY 510,000", False),
]


@pytest.mark.parametrize(("of", "zh", "en", "excused"), READINGS)
def test_reading_excuses_a_figure_that_it_names_or_a_key_whose_figure_it_states(
    of: str, zh: str, en: str, *, excused: bool
) -> None:
    reading = f'\nreadings = [{{ of = ["{of}"], zh = "{zh}", en = "{en}" }}]'
    changed = POLICY.replace('{ up_to = "50万元", once = true }', f'{{ up_to = "51万元", once = true }}{reading}')
    wrong = [each.key for each in audited(changed) if each.measure == "1.carrier" and each.code == "figure-absent"]
    assert ("amount.up_to" not in wrong) is excused


WORD_READINGS = [
    ("amount.once", ("，一次性给予", "，给予")),
    ("existing", ("新认定", "认定")),
    ("recipient", ("航运企业，", "航运企业人员，")),
]


@pytest.mark.parametrize(("key", "change"), WORD_READINGS)
def test_reading_that_names_a_key_stands_for_a_word_of_the_text(key: str, change: tuple[str, str]) -> None:
    changed = TEXT.replace(*change)
    without = {each.key for each in audited(text=changed) if each.measure == "1.carrier"}
    reading = f'once = true }}\nreadings = [{{ of = ["{key}"], zh = "理解", en = "a reading" }}]'
    marked = {each.key for each in audited(POLICY.replace("once = true }", reading), changed)}
    assert (key in without, key in marked) == (True, False)


def test_date_beside_the_number_of_another_document_is_that_documents() -> None:
    said = '{ zh = "细则海发〔2031〕2号（2031年1月5日）另有规定。", en = "See 海发〔2031〕2号 (5 January 2031)." }'
    note = f"notes = [{said}]\n"
    assert audited(POLICY.replace('recipient = "people"\n', f'recipient = "people"\n{note}')) == []
    lone = note.replace("细则海发〔2031〕2号（2031年1月5日）", "自2031年1月5日起")
    assert audited(POLICY.replace('recipient = "people"\n', f'recipient = "people"\n{lone}')) != []


def test_finding_names_the_clause_the_words_and_the_key_in_both_languages() -> None:
    (found,) = (each for each in audited(text=TEXT.replace("最高50万元", "50万元")) if each.code == "degree")
    for lang in ("zh", "en"):
        made = found.as_dict(lang)
        assert (made["clause"], made["measure"], made["key"]) == (1, "1.carrier", "amount.up_to")
        assert "一次性给予50万元" in str(made["around"])
        assert made["what"]
        assert made["remedy"]


def test_file_that_changes_another_is_held_to_its_own_text_by_its_own_measures() -> None:
    """Its facts and kinds are the other's; without clauses of its own, the text is one."""
    base = parsed()
    overlay = {
        "policy": {**base["policy"], "id": "rules", "overlays": base["policy"]["id"], "number": "港发〔2031〕1号"},
        "measure": [{**base["measure"][0], "amount": {"exactly": "50万元", "once": True}}],
    }
    own = "港发〔2031〕1号\n灯塔市促进航运发展办法\n2030年3月1日\n第一条 对新认定的航运企业一次性给予50万元奖励。"
    first, second = Document.model_validate(overlay), Document.model_validate(base)
    assert compare(first, second, split_text(first, own)).findings == ()
    (found, *_) = compare(first, second, split_text(first, own.replace("给予50", "给予最高50"))).findings
    assert (found.code, found.measure) == ("degree", "1.carrier")
