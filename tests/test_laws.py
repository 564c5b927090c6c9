"""Laws that hold of any policy and any firm, tried on the city's policy and on the invented one."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy.checking import run_examples
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.facts import Fact, Of, Vocabulary
from ordos_subsidy.policy import Policies
from ordos_subsidy.report.answer import calc
from tests.builders import HARBOUR, LATE, ORDOS, Raw, compiled, evaluated, policy, raw, read
from tests.oracle import Judgement, Oracle, Sums, ended, fen
from tests.strategies import ON, Figures, documents

#: (firm, event of the firm or None, measure)
Key = tuple[int, int | None, str]
#: Evaluating all of a policy takes a while: a law that many examples would not test better tries fewer of them.
FEW = settings(max_examples=max(settings().max_examples // 3, 1))
POLICIES = pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=["ordos", "harbour"])
FIGURES = {path: Figures(raw(path), policy(path).vocabulary) for path in (ORDOS, HARBOUR)}


def outcome_of(path: Path, firms: Sequence[Raw]) -> Outcome:
    return evaluated(policy(path), *firms, on=ON, typed=True)


def places(outcome: Outcome) -> list[int]:
    """The place of each event among those of its firm."""
    counters: dict[int, Iterator[int]] = defaultdict(itertools.count)
    return [next(counters[owner]) for owner in outcome.firms.events["@firm"]]


def judgements(outcome: Outcome) -> dict[Key, Judgement]:
    """Every row of an outcome, events numbered within their firm."""
    number = places(outcome)
    slices: dict[tuple[int, int | None, int], list[tuple[int | None, int, int | None]]] = defaultdict(list)
    for scheduled in (outcome.schedule, outcome.credit_schedule):
        for *key, year, low, high in scheduled.select("firm", "event", "version", "year", "low", "high").iter_rows():
            slices[key[0], key[1], key[2]].append((year, low, high))
    found: dict[Key, Judgement] = {}
    for table in (outcome.awards, outcome.credits):
        for row in table.iter_rows(named=True):
            key_ = row["firm"], None if row["event"] is None else number[row["event"]], row["measure"]
            split = sorted(slices[row["firm"], row["event"], row["version"]], key=lambda each: each[0] or 0)
            assert key_ not in found
            within = row["within"] if row["verdict"] != "no" else None
            found[key_] = Judgement(row["verdict"], row["low"], row["high"], tuple(split), within)
    for firm, measure, verdict in outcome.preferences.select("firm", "measure", "verdict").iter_rows():
        found[firm, None, measure] = Judgement(verdict, 0, 0, ())
    return found


def dues(outcome: Outcome) -> dict[Key, list[tuple[int | None, int, int | None]]]:
    """What limits leave of each slice of each award."""
    number, ids = places(outcome), [each.id for each in outcome.policies.measures]
    found: dict[Key, list[tuple[int | None, int, int | None]]] = defaultdict(list)
    columns = ("firm", "event", "version", "year", "due_low", "due_high")
    for firm, event, version, *due in outcome.schedule.select(columns).sort("year").iter_rows():
        found[firm, None if event is None else number[event], ids[version]].append((due[0], due[1], due[2]))
    return dict(found)


def sums(outcome: Outcome) -> list[Sums]:
    """The totals of each firm."""
    people: dict[int, tuple[int, int, int]] = {
        firm: (low, high, pending)
        for firm, low, high, pending in outcome.people.select("firm", "low", "high", "pending").iter_rows()
    }
    years: dict[int, dict[int | None, tuple[int, int, int]]] = defaultdict(dict)
    for firm, year, *rest in outcome.yearly_totals.select("firm", "year", "assured", "ceiling", "pending").iter_rows():
        years[firm][year] = (rest[0], rest[1], rest[2])
    columns = ("firm", "assured", "ceiling", "pending", "open_ended", "pending_open")
    return [
        Sums(assured, ceiling, pending, open_ended, pending_open, people.get(firm, (0, 0, 0)), years[firm])
        for firm, assured, ceiling, pending, open_ended, pending_open in outcome.totals.select(columns).iter_rows()
    ]


def agree(document: Raw, outcome: Outcome, firms: Sequence[Raw]) -> None:
    """The oracle says the same of every row, of what limits leave of it, and of the totals."""
    oracle = Oracle(document, ON)
    found, left, whole = judgements(outcome), dues(outcome), sums(outcome)
    for firm, facts in enumerate(firms):
        rows = oracle.rows(facts, facts["events"])
        assert {key[1:]: row for key, row in found.items() if key[0] == firm} == rows
        due = oracle.dues(facts["events"], rows)
        worded = {
            key: [(year, low, ended(high)) for (year, *_), (low, high) in zip(rows[key].slices, each, strict=True)]
            for key, each in due.items()
        }
        assert {key[1:]: each for key, each in left.items() if key[0] == firm} == worded
        assert whole[firm] == oracle.totals(rows, due)


@POLICIES
@FEW
@given(data=st.data())
def test_a_naive_evaluator_agrees_on_every_measure(path: Path, data: st.DataObject) -> None:
    """Verdicts, sums, years, what limits leave and totals are what plain Python makes of the same file."""
    firms = data.draw(FIGURES[path].company(1, 5))
    agree(raw(path), outcome_of(path, firms), firms)


@given(data=st.data())
def test_a_naive_evaluator_agrees_on_rules_that_nobody_wrote(data: st.DataObject) -> None:
    """Any words of the rule language, put together in any way, mean the same to both, and so do any limits."""
    document = data.draw(documents())
    policies = compiled(document)
    firms = data.draw(Figures(document, policies.vocabulary).company())
    agree(document, evaluated(policies, *firms, on=ON, typed=True), firms)


def shuffled(events: Sequence[Raw], order: Sequence[int], kind: str, date: str, *, joint: bool = False) -> list[int]:
    """An order in which rows that may be of one day stand as before: among those the order of the file counts.

    `joint`: rows of all kinds are in each other's way, else those of one kind.
    """

    def touch(one: Raw, other: Raw) -> bool:
        if not joint and one[kind] != other[kind]:
            return False
        first, second = one[date], other[date]
        if first is None or second is None:
            return first is second
        return bool(first[0] <= second[1] and second[0] <= first[1])

    placed: list[int] = []
    for at in order:
        # A row goes before those that it must precede, though it was drawn later.
        after = [n for n, other in enumerate(placed) if other > at and touch(events[at], events[other])]
        placed.insert(min(after, default=len(placed)), at)
    return placed


@POLICIES
@FEW
@given(data=st.data())
def test_a_firm_scores_the_same_alone_and_in_any_company(path: Path, data: st.DataObject) -> None:
    """Neither the other firms, nor their order, nor that of events of different days changes what a firm gets."""
    firms = data.draw(FIGURES[path].company(2, 3))
    same_in_any_order(policy(path), firms, data, joint="limit" in raw(path))


@FEW
@given(data=st.data())
def test_whatever_the_rule_a_firm_scores_the_same_alone_and_in_any_company(data: st.DataObject) -> None:
    """Also where two measures share a limit."""
    document = data.draw(documents())
    policies = compiled(document)
    firms = data.draw(Figures(document, policies.vocabulary).company(2, 4))
    same_in_any_order(policies, firms, data, joint=True)


def same_in_any_order(policies: Policies, firms: Sequence[Raw], data: st.DataObject, *, joint: bool) -> None:
    """Some of the firms, in another order, and their events in another order, get what they get in all."""
    company = evaluated(policies, *firms, on=ON, typed=True)
    chosen = data.draw(st.permutations(range(len(firms))))[: data.draw(st.integers(1, len(firms)))]
    orders = {}
    for firm in chosen:
        events = firms[firm]["events"]
        drawn = data.draw(st.permutations(range(len(events))))
        orders[firm] = shuffled(events, drawn, policies.kind_fact, policies.date_fact, joint=joint)
    moved = [{**firms[firm], "events": [firms[firm]["events"][old] for old in orders[firm]]} for firm in chosen]
    outcome = evaluated(policies, *moved, on=ON, typed=True)

    def back(key: Key) -> Key:
        firm, event, measure = key
        return chosen[firm], None if event is None else orders[chosen[firm]][event], measure

    for reading in (judgements, dues):
        found = {back(key): each for key, each in reading(outcome).items()}
        assert found == {key: each for key, each in reading(company).items() if key[0] in chosen}
    assert sums(outcome) == [sums(company)[firm] for firm in chosen]


@POLICIES
@FEW
@given(data=st.data())
def test_knowing_more_narrows(path: Path, data: st.DataObject) -> None:
    """Filling in one unknown never turns yes into no or back, and the new interval lies inside the old.

    So do the unit's totals. Left out: facts whose blank stands for an answer (a blank district is local, so that
    writing 市外 is a change of mind, not more knowledge), and dates and fiscal years that have not come on the day of
    evaluation (a claim of the future is no fact yet; nobody can fill it in truthfully). A vague date is narrowed to
    one of its days; an answer that leaves others open to that and one of these.
    """
    figures = FIGURES[path]
    tables = [data.draw(figures.firm()), *data.draw(figures.shapes())]
    gaps = [(place, key) for place, table in enumerate(tables) for key in table if is_open(path, key, table[key])]
    if not gaps:
        return
    place, key = data.draw(st.sampled_from(gaps))
    filled = {**tables[place], key: data.draw(filling(path, key, tables[place][key]))}
    pair = (tables, [*tables[:place], filled, *tables[place + 1 :]])
    outcome = outcome_of(path, [{**firm, "events": figures.events(shapes)} for firm, *shapes in pair])
    found = judgements(outcome)
    for claim in [key for key in found if key[0] == 0]:
        was, now = found[claim], found[1, *claim[1:]]
        assert was.verdict in ("unknown", now.verdict), claim
        assert now.low >= was.low, claim
        assert was.high is None or (now.high is not None and now.high <= was.high), claim
    before, after = sums(outcome)
    assert after.assured >= before.assured
    endless = [each.open_ended + each.pending_open for each in (before, after)]
    assert endless[1] <= endless[0]
    if endless[0] == endless[1]:  # else what had no upper bound has one now
        assert after.ceiling + after.pending <= before.ceiling + before.pending


def is_open(path: Path, key: str, value: Any) -> bool:
    """Whether more can be known of a fact; a blank that stands for an answer is one."""
    fact = policy(path).vocabulary.facts[key]
    vague = isinstance(value, tuple) and value[0] != value[1]
    partly = isinstance(value, frozenset) and fact.left_open(fact.bits(value))
    return vague or bool(partly) or (value is None and fact.blank_is is None)


def filling(path: Path, key: str, value: Any) -> st.SearchStrategy[Any]:
    """What an open fact may turn out to be."""
    fact = policy(path).vocabulary.facts[key]
    if isinstance(value, frozenset):
        open_ = fact.left_open(fact.bits(value))
        return st.sampled_from([value | {each.key} for bit, each in enumerate(fact.choices) if open_ >> bit & 1])
    if value is not None:
        return (st.sampled_from(value) | st.dates(*value)).map(lambda day: (day, day))
    return st.sampled_from([each for each in FIGURES[path].known(fact) if not is_to_come(fact, each)])


def is_to_come(fact: Fact, value: Any) -> bool:
    """Whether a year or a date, or a part of it, lies after the day of evaluation."""
    if fact.type == "year":
        return bool(value > ON.year)
    return fact.type == "date" and bool(value[1] > ON)


@POLICIES
@FEW
@given(data=st.data())
def test_sums_are_of_a_piece(path: Path, data: st.DataObject) -> None:
    """No is nothing, unknown is from zero, lows are not above highs, and slices and totals add up to the whole."""
    firms = data.draw(FIGURES[path].company(1, 5))
    of_a_piece(raw(path), outcome_of(path, firms))


@FEW
@given(data=st.data())
def test_whatever_the_rule_sums_are_of_a_piece(data: st.DataObject) -> None:
    """And what counts obeys every limit, whatever the rule and whoever shares the limit."""
    document = data.draw(documents())
    policies = compiled(document)
    firms = data.draw(Figures(document, policies.vocabulary).company(1, 5))
    of_a_piece(document, evaluated(policies, *firms, on=ON, typed=True))


def of_a_piece(document: Raw, outcome: Outcome) -> None:
    """Rows, slices, what counts of them, and totals fit together."""
    found, left = judgements(outcome), dues(outcome)
    for verdict, low, high, slices, _ in found.values():
        assert low >= 0
        assert high is None or low <= high
        assert verdict == "yes" or low == 0
        assert verdict != "no" or (high == 0 and not slices)
        if slices:
            assert sum(each[1] for each in slices) == low
            assert high == (None if slices[0][2] is None else sum(each[2] or 0 for each in slices))
            assert len({each[0] for each in slices}) == len(slices)
    for key, due in left.items():
        for (year, low, high), (year_, least, most) in zip(found[key].slices, due, strict=True):
            assert year == year_
            assert 0 <= least <= low
            assert most is None or (least <= most and (high is None or most <= high))
    obeys(document, left)
    recipients = {each["id"]: each.get("recipient", "unit") for each in document["measure"]}
    for firm, total in enumerate(sums(outcome)):
        mine = [
            (found[key].verdict, counted(recipients[key[2]], least, most))
            for key, due in left.items()
            if key[0] == firm
            for _, least, most in due
        ]
        assert total.assured == sum(low for _, (low, _) in mine)
        assert total.ceiling == sum(high or 0 for verdict, (_, high) in mine if verdict == "yes")
        assert total.pending == sum(high or 0 for verdict, (_, high) in mine if verdict == "unknown")
        assert [sum(each[n] for each in total.years.values()) for n in range(3)] == list(total[:3])


@FEW
@given(data=st.data())
def test_whatever_the_rule_the_document_says_what_was_evaluated(data: st.DataObject) -> None:
    """What `calc` adds up from its rows are the totals of the outcome, and each row counts what its slices do."""
    document = data.draw(documents())
    policies = compiled(document)
    firms = data.draw(Figures(document, policies.vocabulary).company(1, 3))
    outcome = evaluated(policies, *firms, on=ON, typed=True)
    for firm, total in zip(calc(outcome).firms, sums(outcome), strict=True):
        years = {each.year: (each.assured, each.ceiling, each.pending) for each in firm.totals.by_year}
        people = firm.totals.people.low, firm.totals.people.high, firm.totals.people.pending
        assert Sums(*firm.totals[:5], people, years) == total
        for line in firm.awards:
            highs = [part.counts[1] for part in line.schedule]
            most = None if None in highs else sum(high or 0 for high in highs)
            assert line.counts == (sum(part.counts[0] for part in line.schedule), most)


def counted(recipient: str, low: int, high: int | None) -> tuple[int, int | None]:
    """What a sum adds to the unit's totals."""
    return {"unit": (low, high), "people": (0, 0), "shared": (0, high)}[recipient]


def obeys(document: Raw, left: Mapping[Key, Sequence[tuple[int | None, int, int | None]]]) -> None:
    """What all rows of a firm that a limit covers come to, at least and at most, is not above it.

    A limit a year holds in each year; a row without a year is limited by itself, for as many years as it is paid.
    """
    for limit in (each for each in Oracle(document, ON).limits if "once" not in each):
        sums_: dict[tuple[int, Any], list[int]] = defaultdict(lambda: [0, 0])
        for key, due in left.items():
            for year, low, high in due if key[2] in limit["measures"] else ():
                alone = "a_year" in limit and year is None
                count = paid_years(document, key[2]) if alone else 1
                group = key if alone else None if "in_all" in limit else year
                assert high is not None
                sums_[key[0], group][0] += -(-low // count)
                sums_[key[0], group][1] += -(-high // count)
        assert all(max(each) <= fen(limit.get("in_all") or limit["a_year"]) for each in sums_.values())


def paid_years(document: Raw, id_: str) -> int:
    """In how many years an award is paid at most."""
    amount = next(each["amount"] for each in document["measure"] if each["id"] == id_)
    first, last = amount.get("during", (1, amount.get("years", 1)))
    return int(last - first + 1)


@POLICIES
def test_every_example_holds(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples beside the rules come out as they state."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    report = run_examples(path)
    assert report.examples
    assert not report.problems


@POLICIES
def test_the_oracle_agrees_with_every_example(path: Path) -> None:
    """The oracle is worth something only if it, too, gives what the examples state."""
    words = policy(path).vocabulary
    for measure in raw(path)["measure"]:
        for case in measure.get("examples", ()):
            oracle = Oracle(raw(path), case.get("on", LATE))
            firm = blank(words, "firm", case.get("firm", {}))
            events = [blank(words, "event", each) for each in case.get("others", ())]
            if measure["claims"] != ["accounts"]:
                event = {oracle.kind: measure["claims"][0], **case.get("event", {})}
                events.insert(0, blank(words, "event", event))
                firm |= events[0]
            got = oracle.judge(measure, firm, events)
            assert got.verdict == case["verdict"], case
            assert "low" not in case or got.low == fen(case["low"]), case
            assert "high" not in case or got.high == (None if case["high"] == "open" else fen(case["high"])), case


def blank(words: Vocabulary, of: Of, plain: Mapping[str, Any]) -> Raw:
    """A firm or event with every fact, typed; unknown where it is not given."""
    return {fact.key: read(words, fact.key, plain.get(fact.key)) for fact in words.of(of)}
