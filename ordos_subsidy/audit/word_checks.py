"""Words in both directions: the frame of the document, and the words that answer to keys of measures.

The frame is number, title and date of the head, parts, clauses with their headings, departments. Of a measure, 一次性
answers to `amount.once`, 每年 to a yearly sum, 新认定 and the like to `existing = "excluded"`; who is given the money
answers to `recipient`, and an organisation that a condition asks for must be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING

from ordos_subsidy.audit import stated
from ordos_subsidy.audit.clauses import Passage, fold
from ordos_subsidy.audit.scope import AuditFinding, Home, Scope, in_clause, in_policy
from ordos_subsidy.audit.text_figures import TextWord, number, words

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
        around = scope.text.plain.quote(*marker.span())
        yield AuditFinding("clause-extra", 0, around, params=(("reference", marker[0]),))


def _head(scope: Scope) -> Iterator[AuditFinding]:
    head, text = scope.document.policy, scope.text.plain.folded
    for key, value in (("number", head.number), ("title.zh", head.title.zh)):
        if fold(value) not in text:
            yield in_clause("head-absent", 0, f"policy.{key}", stated=value)
    days = [figure.value for part in scope.text.parts() for figure in part.figures if figure.kind == "date"]
    if (head.dated.year, head.dated.month, head.dated.day) not in days:
        yield in_clause("head-absent", 0, "policy.dated", stated=head.dated.isoformat())


def _part(clause: grammar.ClauseEntry, passage: Passage, ordinal: int) -> Iterator[AuditFinding]:
    """Yield a heading of a part that does not stand before its first clause, or elsewhere (`ordinal` 0)."""
    found = _PART.search(passage.before)
    value = number(found["ordinal"]) if found else None
    expected = fold(clause.part.zh) if ordinal else ""
    if (found["title"] if found else "") != expected or (value is not None and value != ordinal):
        given = {"stated": clause.part.zh if ordinal else "", "text": found[0] if found else passage.before[-20:]}
        yield in_clause("part" if ordinal else "part-extra", clause.number, "clause.part.zh", **given)


def _departments(scope: Scope, clause: grammar.ClauseEntry, passage: Passage) -> Iterator[AuditFinding]:
    """Yield departments at the end of a clause that are not the same, in the same order, by their full names."""
    if passage.departments is None:
        yield in_clause("departments-absent", clause.number, "clause.departments")
        return
    known = scope.entries("department")
    listed = [(known[slug].zh, _names(known[slug])) if slug in known else (slug, []) for slug in clause.departments]
    pairs = zip_longest(passage.departments, listed, fillvalue=("", ()))
    if any(name not in own for name, (_, own) in pairs):
        odd = [name for name in passage.departments if not any(name in own for _, own in listed)]
        missing = [title for title, own in listed if not set(own) & set(passage.departments)]
        given = {"text": "、".join(odd) or "-", "stated": "、".join(missing) or "-"}
        yield in_clause("departments", clause.number, "clause.departments", **given)


def _names(entry: grammar.DepartmentEntry | grammar.ChoiceEntry) -> list[str]:
    return [fold(name) for name in (entry.zh, *entry.aliases)]


# --- words and keys of measures


def mismatched(scope: Scope) -> Iterator[AuditFinding]:
    """Yield words without the key that answers to them, and keys without their word."""
    for home in scope.homes:
        if home.measure.category != "duty":
            yield from _answers(scope, home)
            yield from _facts(scope, home)
        found = _near(scope, home)
        if home.measure.category in ("award", "budget"):
            yield from _once(home, _first(found, "once"))
            yield from _yearly(home, _first(found, "yearly"))
            yield from _limit(scope, home, _first(found, "yearly"))
        if home.measure.category == "award":
            yield from _new(home, found)
            yield from _recipient(home)
    yield from _gist_words(scope)


def _near(scope: Scope, home: Home) -> list[TextWord]:
    """Return the words of a measure's segment; beside another measure's figure they are that one's."""
    segment = home.segment
    others = [] if home.by_figure else [each for each in scope.homes_in(home.part) if each.by_figure]
    if segment is None or any(each.segment == segment for each in others):
        return []
    return [each for each in home.part.words if segment.holds(each.start)]


def _first(found: list[TextWord], kind: str) -> str:
    return next((each.text for each in found if each.kind == kind), "")


def _compared(
    home: Home, word: str, wanted: str, entry: str, keys: Mapping[str, object], *, answered: object
) -> Iterator[AuditFinding]:
    """Yield a word that needs an `entry` of the file, and keys without their word.

    A key that holds either rests on a word of the text or is marked as a reading of ours, not both.
    """
    if word and home.by_figure and not answered:
        yield in_policy("word-unanswered", home, entry.partition(" = ")[0], word=word, entry=entry)
    for key in (key for key, holds in keys.items() if holds):
        if not word and not home.marked(key):
            yield in_policy("word-absent", home, key, word=wanted)
        if word and home.marked(key):
            yield in_policy("reading-needless", home, key, word=word)


def _once(home: Home, word: str) -> Iterator[AuditFinding]:
    amount, limit = home.measure.amount, home.measure.limit
    once = amount and amount.once
    keys = {"amount.once": once, "limit.once": not once and limit and limit.once}
    answered = once or home.measure.category != "award"
    yield from _compared(home, word, "一次性", "amount.once = true", keys, answered=answered)


def _yearly(home: Home, word: str) -> Iterator[AuditFinding]:
    measure = home.measure
    amount, budget, limit = measure.amount, measure.budget, measure.limit
    years = amount and (amount.years or amount.during)
    keys = {
        "yearly": measure.yearly,
        "budget.yearly": budget and budget.yearly,
        "amount.years": years and amount and not amount.unstated,
        "limit.a_year": limit and limit.a_year,
    }
    entry = "budget.yearly = true" if measure.category == "budget" else "yearly = true"
    answered = measure.yearly or (budget and budget.yearly) or years
    rests = {} if budget and budget.years else keys
    yield from _compared(home, word, "每年", entry, rests, answered=answered)
    if budget and budget.growth and not budget.yearly:
        yield in_policy("word-unanswered", home, "budget.yearly", word=budget.growth, entry="budget.yearly = true")
    if word and limit and limit.in_all:
        yield in_policy("word-unanswered", home, "limit.in_all", word=word, entry="limit.a_year")


def _limit(scope: Scope, home: Home, word: str) -> Iterator[AuditFinding]:
    """A row a year, and a sum in all over some years, need a limit: otherwise two rows would be paid twice."""
    measure, amount = home.measure, home.measure.amount
    bounded = any(measure.id in each.measures for each in scope.document.limit.values())
    bounded |= any(getattr(each, "backed_by", None) for each in stated.walk(measure.when))
    if amount is None or measure.limit or bounded or not home.by_figure or home.marked("limit"):
        return
    if word and (measure.yearly or amount.during):
        yield in_policy("limit-absent", home, "limit.a_year", text=word)
    if amount.spread:
        yield in_policy("limit-absent", home, "limit.in_all", text=f"{amount.spread}年")


def _new(home: Home, found: list[TextWord]) -> Iterator[AuditFinding]:
    # One of several words joined by 和 or 、 (认定和再次获批) concerns the measure that bears its name.
    title, text = fold(home.measure.title.zh), home.part.text
    own = [each for each in found if each.text in title or not re.match(r"[和、或及]", text[each.end : each.end + 1])]
    excluded = home.measure.existing == "excluded"
    entry, keys = 'existing = "excluded"', {"existing": excluded}
    yield from _compared(home, _first(own, "new"), "新认定", entry, keys, answered=excluded)


def _recipient(home: Home) -> Iterator[AuditFinding]:
    """Who is given the money, by the last noun of what stands between 对 and 给予."""
    measure = home.measure
    if home.segment and not home.marked("recipient"):
        expected = _given_to(home.segment.text)
        if (home.by_figure or measure.recipient != "unit") and measure.recipient != expected:
            yield in_policy("recipient", home, "recipient", stated=measure.recipient, expected=expected)


def _given_to(segment: str) -> str:
    """`people` for persons, `shared` for a team or a unit with its people, else `unit`."""
    found = _OBJECT.match(segment)
    last = found["object"].split("的")[-1] if found else ""
    if not _PERSON.search(last):
        return "unit"
    return "shared" if "个人" not in last and re.search("团队|单位|机构|企业", last) else "people"


def _answers(scope: Scope, home: Home) -> Iterator[AuditFinding]:
    """Answers that a condition on the firm asks for must be named in the sentence or the heading."""
    for test, fact in scope.tests(home):
        key = f"when.{test.fact}"
        if fact.of != "firm" or not fact.list_ or home.marked(key):
            continue
        wanted = [test.is_] if isinstance(test.is_, str) else list(test.one_of or ())
        yield from _joined(scope, home, fact.list_, wanted, key)
        for answer in wanted:
            known = _called(scope, fact.list_, answer)
            if not _is_named(home, known):
                yield in_policy("answer-absent", home, key, answer=known[0] if known else answer)


def _joined(scope: Scope, home: Home, list_: str, wanted: list[str], key: str) -> Iterator[AuditFinding]:
    """An answer that the text joins to one of those asked for (高校、科研院所) must be asked for too."""
    tests = [test for test, _ in scope.tests(home) if f"when.{test.fact}" == key]
    named = {each for test in tests for each in (test.is_, *(test.one_of or ())) if isinstance(each, str)} | {*wanted}
    groups, items = scope.entries("group"), scope.answers(list_)
    asked = named | {member for each in named if each in groups for member in groups[each].members}
    names = "|".join(re.escape(fold(items[each].zh)) for each in asked if each in items)
    for answer, choice in items.items():
        name = re.escape(fold(choice.zh))
        pair = rf"(?:{names})[、和及或]{name}|{name}[、和及或](?:{names})"
        if names and answer not in asked and re.search(pair, _sentence(home)):
            yield in_policy("answer-unasked", home, key, answer=choice.zh)


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
    if group := scope.entries("group").get(answer):
        return [fold(group.title.zh)]
    choice = scope.answers(list_).get(answer)
    return _names(choice) if choice else []


def _facts(scope: Scope, home: Home) -> Iterator[AuditFinding]:
    """A fact whose name holds a word of degree (规模以上) must be named in the segment."""
    for test, fact in scope.tests(home):
        key, name = f"when.{test.fact}", fold(fact.title.zh)
        named = home.segment is not None and name in home.segment.text
        if any(each.kind == "degree" for each in words(name, [])) and not named and not home.marked(key):
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
