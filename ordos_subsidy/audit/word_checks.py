"""Words in both directions: the frame of the document, and the words that answer to keys of measures.

The frame is number, title and date of the head, parts, clauses with their headings, departments. Of a measure, 一次性
answers to `amount.once`, 每年 to a yearly sum, 新认定 and the like to `existing = "excluded"`; who is given the money
answers to `recipient`, and an organisation that a condition asks for must be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ordos_subsidy.audit import stated
from ordos_subsidy.audit.clauses import Passage
from ordos_subsidy.audit.figure_checks import marked
from ordos_subsidy.audit.numerals import fold, number
from ordos_subsidy.audit.scope import AuditFinding, Home, Scope, in_clause, in_policy
from ordos_subsidy.audit.text_figures import TextWord, words

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar

_PART = re.compile(r"第?(?P<ordinal>[一二三四五六七八九十]+|\d+)[、.章编](?P<title>[^。;]*)$")
_OBJECT = re.compile(r"^(?:并)?对(?P<object>.+?)(?:,|给予|一次性|分别|按|采取|安排|连续|每年|$)")
_ANY_UNIT = r"单位$"
_PERSON = re.compile(r"(?:个人|人员|人才|团队|科学家|院士)$")


# --- the frame


def misplaced(scope: Scope) -> Iterator[AuditFinding]:
    """Yield differences of the frame: head, parts, clauses, headings, departments."""
    yield from _head(scope)
    previous, parts = "", 0
    for clause in scope.document.clause:
        passage = scope.text.clauses.get(clause.number)
        begins = fold(clause.part.zh) != previous
        parts += begins
        previous = fold(clause.part.zh)
        if passage is None:
            yield in_clause("clause-absent", clause.number, "clause.reference", reference=clause.reference)
            continue
        if passage.heading != fold(clause.heading.zh):
            given = {"stated": clause.heading.zh, "text": passage.heading}
            yield in_clause("heading", clause.number, "clause.heading.zh", **given)
        yield from _part(clause, passage, parts if begins else 0)
        yield from _departments(scope, clause, passage)
    for marker in scope.text.extra:
        around = scope.text.plain.quote(marker.start, marker.end)
        yield AuditFinding("clause-extra", 0, around, params=(("reference", marker.reference),))


def _head(scope: Scope) -> Iterator[AuditFinding]:
    head, text = scope.document.policy, scope.text.plain.folded
    for key, value in (("number", head.number), ("title.zh", head.title.zh)):
        if fold(value) not in text:
            yield in_clause("head-absent", 0, f"policy.{key}", stated=value)
    days = [figure.value for part in scope.text.parts() for figure in part.figures if figure.kind == "date"]
    if (head.dated.year, head.dated.month, head.dated.day) not in days:
        yield in_clause("head-absent", 0, "policy.dated", stated=head.dated.isoformat())


def _part(clause: grammar.ClauseEntry, passage: Passage, ordinal: int) -> Iterator[AuditFinding]:
    """The heading of a part stands before its first clause, and nowhere else (`ordinal` 0)."""
    found = _PART.search(passage.before)
    value = number(found["ordinal"]) if found else None
    expected = fold(clause.part.zh) if ordinal else ""
    if (found["title"] if found else "") != expected or (value is not None and value != ordinal):
        given = {"stated": clause.part.zh if ordinal else "", "text": found[0] if found else passage.before[-20:]}
        yield in_clause("part" if ordinal else "part-extra", clause.number, "clause.part.zh", **given)


def _departments(scope: Scope, clause: grammar.ClauseEntry, passage: Passage) -> Iterator[AuditFinding]:
    """The departments at the end of a clause: the same, in the same order, by their full names."""
    if passage.departments is None:
        yield in_clause("departments-absent", clause.number, "clause.departments")
        return
    known = {**scope.base.department, **scope.document.department}
    listed = [known.get(slug) for slug in clause.departments]
    names = [[fold(name) for name in (each.zh, *each.aliases)] if each else [] for each in listed]
    same = len(names) == len(passage.departments)
    if not same or not all(name in own for name, own in zip(passage.departments, names, strict=True)):
        odd = [name for name in passage.departments if not any(name in own for own in names)]
        missing = [
            each.zh if each else slug
            for each, slug, own in zip(listed, clause.departments, names, strict=True)
            if not set(own) & set(passage.departments)
        ]
        given = {"text": "、".join(odd) or "-", "stated": "、".join(missing) or "-"}
        yield in_clause("departments", clause.number, "clause.departments", **given)


# --- words and keys of measures


def mismatched(scope: Scope) -> Iterator[AuditFinding]:
    """Yield words without the key that answers to them, and keys without their word."""
    for home in scope.homes:
        if home.measure.category != "duty":
            yield from _answers(scope, home)
            yield from _facts(scope, home)
        if home.measure.category in ("award", "budget"):
            found = _near(scope, home)
            yield from _once(home, found)
            yield from _yearly(home, found)
            yield from _limit(scope, home, found)
            yield from _new(home, found)
            yield from _recipient(home)
    yield from _gist_words(scope)


def _near(scope: Scope, home: Home) -> list[TextWord]:
    """The words of a measure's segment; beside another measure's figure they are that one's."""
    segment = home.segment
    taken = not home.by_figure and any(
        each.by_figure and each.part is home.part and each.segment == segment for each in scope.homes
    )
    return [] if taken else [each for each in home.part.words if segment and segment.start <= each.start < segment.end]


def _first(found: list[TextWord], kind: str) -> str:
    return next((each.text for each in found if each.kind == kind), "")


def _once(home: Home, found: list[TextWord]) -> Iterator[AuditFinding]:
    measure, word = home.measure, _first(found, "once")
    once = bool(measure.amount and measure.amount.once)
    if measure.category == "award" and word and home.by_figure and not once:
        yield in_policy("word-unanswered", home, "amount.once", word=word, entry="amount.once = true")
    if once or (measure.limit and measure.limit.once):
        yield from _word_or_reading(home, "amount.once" if once else "limit.once", word, "一次性")


def _yearly(home: Home, found: list[TextWord]) -> Iterator[AuditFinding]:
    measure, word = home.measure, _first(found, "yearly")
    amount, budget, limit = measure.amount, measure.budget, measure.limit
    years = bool(amount and (amount.years or amount.during))
    every = measure.yearly or bool(budget and budget.yearly) or years
    if word and home.by_figure and not every:
        key = "budget.yearly" if measure.category == "budget" else "yearly"
        yield in_policy("word-unanswered", home, key, word=word, entry=f"{key} = true")
    if budget and budget.growth and not budget.yearly:
        yield in_policy("word-unanswered", home, "budget.yearly", word=budget.growth, entry="budget.yearly = true")
    if word and limit and limit.in_all:
        yield in_policy("word-unanswered", home, "limit.in_all", word=word, entry="limit.a_year")
    needed = {
        "yearly": measure.yearly,
        "budget.yearly": budget and budget.yearly,
        "amount.years": years and amount and not amount.unstated,
        "limit.a_year": limit and limit.a_year,
    }
    for key in (key for key, holds in needed.items() if holds and not (budget and budget.years)):
        yield from _word_or_reading(home, key, word, "每年")


def _word_or_reading(home: Home, key: str, word: str, wanted: str) -> Iterator[AuditFinding]:
    """A key either rests on a word of the text or is marked as a reading of ours, not both."""
    reading = marked(home.measure, key)
    if not word and not reading:
        yield in_policy("word-absent", home, key, word=wanted)
    if word and reading:
        yield in_policy("reading-needless", home, key, word=word)


def _limit(scope: Scope, home: Home, found: list[TextWord]) -> Iterator[AuditFinding]:
    """A row a year, and a sum in all over some years, need a limit: otherwise two rows would be paid twice."""
    measure, amount = home.measure, home.measure.amount
    bounded = any(measure.id in each.measures for each in scope.document.limit.values())
    bounded |= any(getattr(each, "backed_by", None) for each in stated.walk(measure.when))
    if amount is None or measure.limit or bounded or not home.by_figure or marked(measure, "limit"):
        return
    if _first(found, "yearly") and (measure.yearly or amount.during):
        yield in_policy("limit-absent", home, "limit.a_year", text=_first(found, "yearly"))
    if amount.spread:
        yield in_policy("limit-absent", home, "limit.in_all", text=f"{amount.spread}年")


def _new(home: Home, found: list[TextWord]) -> Iterator[AuditFinding]:
    measure, title = home.measure, fold(home.measure.title.zh)
    if measure.category != "award":
        return
    # One of several words joined by 和 or 、 (认定和再次获批) concerns the measure that bears its name.
    new = [
        each.text
        for each in found
        if each.kind == "new"
        and (each.text in title or not re.match(r"[和、或及]", home.part.text[each.end : each.end + 1]))
    ]
    if measure.existing == "excluded":
        yield from _word_or_reading(home, "existing", new[0] if new else "", "新认定")
    elif new and home.by_figure:
        yield in_policy("word-unanswered", home, "existing", word=new[0], entry='existing = "excluded"')


def _recipient(home: Home) -> Iterator[AuditFinding]:
    """Who is given the money, by the last noun of what stands between 对 and 给予."""
    measure = home.measure
    if measure.category != "award" or marked(measure, "recipient") or home.segment is None:
        return
    expected = _given_to(home.segment.text)
    if (home.by_figure or measure.recipient != "unit") and measure.recipient != expected:
        yield in_policy("recipient", home, "recipient", stated=measure.recipient, expected=expected)


def _given_to(segment: str) -> str:
    """`people` for persons, `shared` for a team or a unit with its people, else `unit`."""
    found = _OBJECT.match(segment)
    last = re.split(r"的", found["object"])[-1] if found else ""
    if not _PERSON.search(last):
        return "unit"
    return "shared" if "个人" not in last and re.search("团队|单位|机构|企业", last) else "people"


def _answers(scope: Scope, home: Home) -> Iterator[AuditFinding]:
    """Answers that a condition on the firm asks for must be named in the sentence or the heading."""
    for test, fact in scope.tests(home):
        key = f"when.{test.fact}"
        if fact.of != "firm" or not fact.list_ or marked(home.measure, key):
            continue
        wanted = [test.is_] if isinstance(test.is_, str) else list(test.one_of or ())
        yield from _joined(scope, home, fact.list_, wanted, key)
        for answer in wanted:
            known = _called(scope, fact.list_, answer)
            if not _is_named(home, known):
                yield in_policy("answer-absent", home, key, answer=known[0] if known else answer)


def _joined(scope: Scope, home: Home, list_: str, wanted: list[str], key: str) -> Iterator[AuditFinding]:
    """An answer that the text joins to one of those asked for (高校、科研院所) must be asked for too."""
    items, asked = scope.answers(list_), _asked(scope, home, key) | {*wanted}
    names = "|".join(re.escape(fold(items[each].zh)) for each in asked if each in items)
    for answer, choice in items.items():
        name = re.escape(fold(choice.zh))
        pair = rf"(?:{names})[、和及或]{name}|{name}[、和及或](?:{names})"
        if names and answer not in asked and re.search(pair, _sentence(home)):
            yield in_policy("answer-unasked", home, key, answer=choice.zh)


def _asked(scope: Scope, home: Home, key: str) -> set[str]:
    """All answers of a fact that a measure's condition names, the members of groups included."""
    tests = (test for test, _ in scope.tests(home) if f"when.{test.fact}" == key)
    found = {each for test in tests for each in (test.is_, *(test.one_of or ())) if isinstance(each, str)}
    return found | {member for each in found if each in scope.groups for member in scope.groups[each].members}


def _is_named(home: Home, known: list[str]) -> bool:
    """Whether one of the names of an answer stands where it decides.

    Where the text says to whom (对…给予), the last of these must bear it, or one of them end with it; where one of
    them is any unit at all (单位), no name of the heading or of the sentence makes it narrower.
    """
    found = _OBJECT.match(home.segment.text) if home.segment and home.by_figure else None
    receivers = re.split(r"[、和及或]", found["object"]) if found else []
    if any(receiver.endswith(tuple(known)) for receiver in receivers):
        return not any(re.search(_ANY_UNIT, each) and not each.endswith(tuple(known)) for each in receivers)
    if receivers and re.search(_ANY_UNIT, receivers[-1]):
        return False
    said = (receivers[-1] if receivers else _sentence(home)) + fold(home.part.heading)
    return any(name in said for name in known)


def _sentence(home: Home) -> str:
    """The sentence of a measure's segment; the whole clause where it has none."""
    segment = home.segment
    if segment is None:
        return home.part.text
    return "".join(each.text for each in home.part.segments if each.sentence == segment.sentence)


def _called(scope: Scope, list_: str, answer: str) -> list[str]:
    """The names of an answer or of a group of answers."""
    if answer in scope.groups:
        return [fold(scope.groups[answer].title.zh)]
    choice = scope.answers(list_).get(answer)
    return [fold(name) for name in (choice.zh, *choice.aliases)] if choice else []


def _facts(scope: Scope, home: Home) -> Iterator[AuditFinding]:
    """A fact whose name holds a word of degree (规模以上) must be named in the segment."""
    for test, fact in scope.tests(home):
        key, name = f"when.{test.fact}", fold(fact.title.zh)
        named = home.segment is not None and name in home.segment.text
        if any(each.kind == "degree" for each in words(name, [])) and not named and not marked(home.measure, key):
            yield in_policy("answer-absent", home, key, answer=name)


def _gist_words(scope: Scope) -> Iterator[AuditFinding]:
    """Words of frequency in a gist must stand in the clause; 连续 stands for 每年."""
    for number_, passage in scope.text.clauses.items():
        clause = scope.clause(number_)
        degrees = {each.degree for each in passage.figures}
        there = {each.kind for each in passage.words} | degrees | ({"yearly"} if "in_a_row" in degrees else set())
        for each in words(fold(clause.gist.zh), []) if clause else ():
            if each.kind in ("once", "yearly", "new") and each.kind not in there:
                yield in_clause("word-absent", number_, "clause.gist.zh", word=each.text)
