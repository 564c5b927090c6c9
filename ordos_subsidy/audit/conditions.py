"""Words of the text and the keys that answer to them, in both directions, for each measure with its own figure.

一次性 answers to `amount.once`, 每年 to a yearly sum, 新认定 and the like to `existing = "excluded"`; who is given
the money answers to `recipient`, and an organisation that a condition asks for must be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ordos_subsidy.audit import claims
from ordos_subsidy.audit.evidence import marked
from ordos_subsidy.audit.figures import Figure, Word, words
from ordos_subsidy.audit.finding import Finding, in_policy
from ordos_subsidy.audit.homes import Home
from ordos_subsidy.audit.plain import fold
from ordos_subsidy.audit.scope import Scope

_OBJECT = re.compile(r"^(?:并)?对(?P<object>.+?)(?:,|给予|一次性|分别|按|采取|安排|连续|每年|$)")
_ANY_UNIT = r"单位$"
_PERSON = re.compile(r"个人|人员|人才|团队|科学家|院士")


def mismatched(scope: Scope) -> Iterator[Finding]:
    """Words that a measure answers to in one of the two only."""
    for home in scope.homes:
        if home.measure.category != "duty":
            yield from _organizations(scope, home)
            yield from _facts(scope, home)
        if home.measure.category in ("award", "budget"):
            found = _near(scope, home)
            yield from _once(home, found)
            yield from _yearly(home, found)
            yield from _limit(scope, home, found)
            yield from _new(home, found)
            yield from _recipient(home)
    yield from _gist_words(scope)


def _near(scope: Scope, home: Home) -> list[Word]:
    """The words of a measure's segment; beside another measure's figure they are that one's."""
    segment = home.segment
    taken = not home.by_figure and any(
        each.by_figure and each.part is home.part and each.segment == segment for each in scope.homes
    )
    return [] if taken else [each for each in home.part.words if segment and segment.start <= each.start < segment.end]


def _first(found: list[Word], kind: str) -> str:
    return next((each.text for each in found if each.kind == kind), "")


def _once(home: Home, found: list[Word]) -> Iterator[Finding]:
    measure, word = home.measure, _first(found, "once")
    once = bool(measure.amount and measure.amount.once)
    limited = bool(measure.limit and measure.limit.once)
    if measure.category == "award" and word and home.by_figure and not once:
        yield in_policy("word-unanswered", home, "amount.once", word=word, entry="amount.once = true")
    if once or limited:
        yield from _borne_out(home, "amount.once" if once else "limit.once", word, "一次性")


def _yearly(home: Home, found: list[Word]) -> Iterator[Finding]:
    measure, word = home.measure, _first(found, "yearly")
    amount, budget = measure.amount, measure.budget
    years = bool(amount and (amount.years or amount.during))
    stated = bool(amount and not amount.unstated)
    every = measure.yearly or bool(budget and budget.yearly) or years
    if word and home.by_figure and not every:
        key = "budget.yearly" if measure.category == "budget" else "yearly"
        yield in_policy("word-unanswered", home, key, word=word, entry=f"{key} = true")
    if budget and budget.growth and not budget.yearly:
        yield in_policy("word-unanswered", home, "budget.yearly", word=budget.growth, entry="budget.yearly = true")
    if word and measure.limit and measure.limit.in_all:
        yield in_policy("word-unanswered", home, "limit.in_all", word=word, entry="limit.a_year")
    if budget and budget.years:
        return
    needed = {
        "yearly": measure.yearly,
        "budget.yearly": bool(budget and budget.yearly),
        "amount.years": years and stated,
        "limit.a_year": bool(measure.limit and measure.limit.a_year),
    }
    for key, holds in needed.items():
        if holds:
            yield from _borne_out(home, key, word, "每年")


def _borne_out(home: Home, key: str, word: str, wanted: str) -> Iterator[Finding]:
    """A key either rests on a word of the text or is marked as a reading of ours, not both."""
    reading = marked(home.measure, key)
    if not word and not reading:
        yield in_policy("word-absent", home, key, word=wanted)
    if word and reading:
        yield in_policy("reading-needless", home, key, word=word)


def _limit(scope: Scope, home: Home, found: list[Word]) -> Iterator[Finding]:
    """A row a year, and a sum in all over some years, need a limit: otherwise two rows would be paid twice."""
    measure, amount = home.measure, home.measure.amount
    bounded = any(measure.id in each.measures for each in scope.document.limit.values())
    bounded |= any(getattr(each, "backed_by", None) for each in claims.walk(measure.when))
    if amount is None or measure.limit or bounded or not home.by_figure or marked(measure, "limit"):
        return
    if _first(found, "yearly") and (measure.yearly or amount.during):
        yield in_policy("limit-absent", home, "limit.a_year", text=_first(found, "yearly"))
    if amount.spread:
        yield in_policy("limit-absent", home, "limit.in_all", text=f"{amount.spread}年")


def _new(home: Home, found: list[Word]) -> Iterator[Finding]:
    measure = home.measure
    if measure.category != "award":
        return
    names = fold(measure.title.zh)
    new = [each for each in found if each.kind == "new" and _concerns(home, each, names)]
    excluded = measure.existing == "excluded"
    if new and home.by_figure and not excluded:
        yield in_policy("word-unanswered", home, "existing", word=new[0].text, entry='existing = "excluded"')
    if excluded:
        yield from _borne_out(home, "existing", new[0].text if new else "", "新认定")


def _concerns(home: Home, word: Word, names: str) -> bool:
    """A word such as 再次获批 that is one of several joined by 和 or 、 concerns the measure that bears its name."""
    joined = re.match(r"[和、或及]", home.part.text[word.end : word.end + 1])
    return not joined or word.text in names


def _recipient(home: Home) -> Iterator[Finding]:
    """Who is given the money, by the last noun of what stands between 对 and 给予."""
    measure = home.measure
    if measure.category != "award" or marked(measure, "recipient") or home.segment is None:
        return
    expected = _given_to(home.segment.text)
    if not home.by_figure and measure.recipient == "unit":
        return
    if measure.recipient != expected:
        yield in_policy("recipient", home, "recipient", stated=measure.recipient, expected=expected)


def _given_to(segment: str) -> str:
    """`people` for persons, `shared` for a team or a unit with its people, else `unit`."""
    found = _OBJECT.match(segment)
    last = re.split(r"的", found["object"])[-1] if found else ""
    if not re.search(rf"(?:{_PERSON.pattern})$", last):
        return "unit"
    if "个人" in last:
        return "people"
    return "shared" if re.search("团队|单位|机构|企业", last) else "people"


def _organizations(scope: Scope, home: Home) -> Iterator[Finding]:
    """Answers that a condition on the firm asks for must be named in the sentence or the heading."""
    facts = {**scope.base.fact, **scope.document.fact}
    for test in claims.walk(home.measure.when):
        fact = facts.get(getattr(test, "fact", ""))
        if fact is None or fact.of != "firm" or not fact.list_:
            continue
        wanted = [test.is_] if isinstance(test.is_, str) else list(test.one_of or ())
        yield from _joined(scope, home, str(fact.list_), wanted, f"when.{test.fact}")
        for answer in wanted:
            known = _names(scope, str(fact.list_), answer)
            if not _is_named(home, known) and not marked(home.measure, f"when.{test.fact}"):
                yield in_policy("answer-absent", home, f"when.{test.fact}", answer=known[0] if known else answer)


def _joined(scope: Scope, home: Home, list_: str, wanted: list[str], key: str) -> Iterator[Finding]:
    """An answer that the text joins to one of those asked for (高校、科研院所) must be asked for too."""
    lists = {**scope.base.list_, **scope.document.list_}
    items = lists[list_].items if list_ in lists else {}
    asked = "|".join(re.escape(fold(items[each].zh)) for each in _asked(scope, home, key) | {*wanted} if each in items)
    for answer, choice in items.items():
        name = re.escape(fold(choice.zh))
        pair = (
            re.search(rf"(?:{asked})[、和及或]{name}|{name}[、和及或](?:{asked})", _sentence(home)) if asked else None
        )
        if pair and answer not in _asked(scope, home, key) and not marked(home.measure, key):
            yield in_policy("answer-unasked", home, key, answer=choice.zh)


def _asked(scope: Scope, home: Home, key: str) -> set[str]:
    """All answers of a fact that a measure's condition names, the members of groups included."""
    groups = {**scope.base.group, **scope.document.group}
    found: set[str] = set()
    for test in claims.walk(home.measure.when):
        if f"when.{getattr(test, 'fact', '')}" == key:
            found |= {each for each in (test.is_, *(test.one_of or ())) if isinstance(each, str)}
    return found | {member for each in found if each in groups for member in groups[each].members}


def _is_named(home: Home, known: list[str]) -> bool:
    """Whether one of the names of an answer stands where it decides.

    Where the text says to whom (对…给予), the last of these must bear it, or one of them end with it; where one of
    them is any unit at all (单位), no name of the heading or of the sentence makes it narrower.
    """
    receivers = _receivers(home)
    if any(receiver.endswith(name) for receiver in receivers for name in known):
        return not any(re.search(_ANY_UNIT, each) and not each.endswith(tuple(known)) for each in receivers)
    if receivers and re.search(_ANY_UNIT, receivers[-1]):
        return False
    said = (receivers[-1] if receivers else _sentence(home)) + fold(home.part.heading)
    return any(name in said for name in known)


def _receivers(home: Home) -> list[str]:
    """To whom the text gives the figure of a measure, one by one."""
    found = _OBJECT.match(home.segment.text) if home.segment and home.by_figure else None
    return re.split(r"[、和及或]", found["object"]) if found else []


def _sentence(home: Home) -> str:
    """The sentence of a measure's segment; the whole clause where it has none."""
    segment = home.segment
    if segment is None:
        return home.part.text
    return "".join(each.text for each in home.part.segments if each.sentence == segment.sentence)


def _names(scope: Scope, list_: str, answer: str) -> list[str]:
    """How an answer or a group of answers is called."""
    groups = {**scope.base.group, **scope.document.group}
    if answer in groups:
        return [fold(groups[answer].title.zh)]
    lists = {**scope.base.list_, **scope.document.list_}
    items = lists[list_].items if list_ in lists else {}
    choice = items.get(answer)
    return [fold(name) for name in (choice.zh, *choice.aliases)] if choice else []


def _facts(scope: Scope, home: Home) -> Iterator[Finding]:
    """A fact whose name holds a word of degree (规模以上) must be named in the segment."""
    facts = {**scope.base.fact, **scope.document.fact}
    for test in claims.walk(home.measure.when):
        fact = facts.get(getattr(test, "fact", ""))
        name = fold(fact.title.zh) if fact else ""
        bears = any(each.kind == "degree" for each in words(name, []))
        if (
            bears
            and (home.segment is None or name not in home.segment.text)
            and not marked(home.measure, f"when.{test.fact}")
        ):
            yield in_policy("answer-absent", home, f"when.{test.fact}", answer=name)


def _gist_words(scope: Scope) -> Iterator[Finding]:
    """Words of frequency in a gist must stand in the clause."""
    for number, part in scope.text.clauses.items():
        clause = scope.clause(number)
        there = {each.kind for each in part.words} | {each.degree for each in part.figures}
        gist = fold(clause.gist.zh) if clause else ""
        for each in words(gist, []):
            if each.kind in ("once", "yearly", "new") and each.kind not in there and not _runs(part.figures, each):
                yield Finding("word-absent", number, key="clause.gist.zh", params=(("word", each.text),))


def _runs(found: Iterable[Figure], word: Word) -> bool:
    """Whether years in a row stand for 每年."""
    return word.kind == "yearly" and any(each.degree == "in_a_row" for each in found)
