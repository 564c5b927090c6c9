"""Laws that hold of any policy and any firm, tried on the city's policy and on the invented one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy.checking import run_examples
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.facts import Of, Vocabulary
from tests.builders import HARBOUR, LATE, ORDOS, Raw, compiled, evaluated, lab, policy, raw, read
from tests.oracle import Judgement, Oracle, fen
from tests.strategies import ON, Figures, rules

#: (firm, event of the firm or None, measure)
Key = tuple[int, int | None, str]
#: Evaluating all of a policy takes a while: a law that many examples would not test better tries fewer of them.
FEW = settings(max_examples=max(settings().max_examples * 2 // 5, 1))
POLICIES = pytest.mark.parametrize("path", [ORDOS, HARBOUR], ids=["ordos", "harbour"])
FIGURES = {path: Figures(raw(path), policy(path).vocabulary) for path in (ORDOS, HARBOUR)}


def outcome_of(path: Path, firms: Sequence[Raw]) -> Outcome:
    return evaluated(policy(path), *firms, on=ON, typed=True)


def judgements(outcome: Outcome) -> dict[Key, Judgement]:
    """Every row of an outcome, events numbered within their firm."""
    owners = outcome.firms.events["@firm"].to_list()
    number = [owners[:row].count(owner) for row, owner in enumerate(owners)]
    slices: dict[tuple[int, int | None, int], list[tuple[int | None, int, int | None]]] = {}
    for firm, event, version, _, year, low, high in outcome.schedule.iter_rows():
        slices.setdefault((firm, event, version), []).append((year, low, high))
    found = {}
    for table, scheduled in ((outcome.awards, True), (outcome.credits, False)):
        for row in table.iter_rows(named=True):
            key = row["firm"], None if row["event"] is None else number[row["event"]], row["measure"]
            split = tuple(slices.get((row["firm"], row["event"], row["version"]), ())) if scheduled else ()
            assert key not in found
            found[key] = Judgement(row["verdict"], row["low"], row["high"], split)
    for firm, _, measure, verdict in outcome.preferences.iter_rows():
        found[firm, None, measure] = Judgement(verdict, 0, 0, ())
    return found


def expected(document: Raw, firms: Sequence[Raw]) -> dict[Key, Judgement]:
    """The same, by the oracle."""
    oracle = Oracle(document, ON)
    found: dict[Key, Judgement] = {}
    for number, firm in enumerate(firms):
        events = firm["events"]
        for measure in document["measure"]:
            if measure.get("claims") == ["accounts"]:
                judged = oracle.judge(measure, firm, events)
                found[number, None, measure["id"]] = judged._replace(slices=()) if is_credit(measure) else judged
                continue
            for index, event in enumerate(events):
                if event[oracle.kind] in measure.get("claims", ()):
                    found[number, index, measure["id"]] = oracle.judge(measure, {**firm, **event}, events)
    return found


def is_credit(measure: Mapping[str, Any]) -> bool:
    return bool(measure["category"] == "credit")


@POLICIES
@given(data=st.data())
def test_a_naive_evaluator_agrees_on_every_measure(path: Path, data: st.DataObject) -> None:
    """Verdict, low, high and schedule of every claim are what plain Python makes of the same file."""
    firms = data.draw(FIGURES[path].company())
    assert judgements(outcome_of(path, firms)) == expected(raw(path), firms)


@given(data=st.data())
def test_a_naive_evaluator_agrees_on_rules_that_nobody_wrote(data: st.DataObject) -> None:
    """Any words of the rule language, put together in any way, mean the same to both."""
    document = lab(**data.draw(rules()))
    policies = compiled(document)
    firms = data.draw(Figures(document, policies.vocabulary).company())
    assert judgements(evaluated(policies, *firms, on=ON, typed=True)) == expected(document, firms)


@POLICIES
@FEW
@given(data=st.data())
def test_a_firm_scores_the_same_alone_and_in_any_company(path: Path, data: st.DataObject) -> None:
    """Neither the other firms, nor their order, nor the order of a firm's events changes what a firm gets."""
    firms = data.draw(FIGURES[path].company(2, 4))
    company = judgements(outcome_of(path, firms))
    chosen = data.draw(st.permutations(range(len(firms))))[: data.draw(st.integers(1, len(firms)))]
    orders = {firm: data.draw(st.permutations(range(len(firms[firm]["events"])))) for firm in chosen}
    moved = [{**firms[firm], "events": [firms[firm]["events"][old] for old in orders[firm]]} for firm in chosen]
    found = {
        (chosen[firm], None if event is None else orders[chosen[firm]][event], measure): judged
        for (firm, event, measure), judged in judgements(outcome_of(path, moved)).items()
    }
    assert found == {key: judged for key, judged in company.items() if key[0] in chosen}


@POLICIES
@FEW
@given(data=st.data())
def test_knowing_more_narrows(path: Path, data: st.DataObject) -> None:
    """Filling in one unknown never turns yes into no or back, and the new interval lies inside the old.

    Left out: facts whose blank stands for an answer (a blank district is local, so that writing 市外 is a change
    of mind, not more knowledge), and a fiscal year that has not begun on the day of evaluation (a claim of the
    future is no fact yet; nobody can fill it in truthfully). A vague date is narrowed to one of its days.
    """
    figures = FIGURES[path]
    tables = [data.draw(figures.firm()), *data.draw(figures.shapes())]
    gaps = [(place, key) for place, table in enumerate(tables) for key in table if is_open(path, key, table[key])]
    if not gaps:
        return
    place, key = data.draw(st.sampled_from(gaps))
    filled = {**tables[place], key: data.draw(filling(path, key, tables[place][key]))}
    pair = (tables, [*tables[:place], filled, *tables[place + 1 :]])
    found = judgements(outcome_of(path, [{**firm, "events": figures.events(shapes)} for firm, *shapes in pair]))
    for claim in [key for key in found if key[0] == 0]:
        was, now = found[claim], found[1, *claim[1:]]
        assert was.verdict in ("unknown", now.verdict), claim
        assert now.low >= was.low, claim
        assert was.high is None or (now.high is not None and now.high <= was.high), claim


def is_open(path: Path, key: str, value: Any) -> bool:
    """Whether more can be known of a fact; a blank that stands for an answer is one."""
    vague = isinstance(value, tuple) and value[0] != value[1]
    return vague or (value is None and policy(path).vocabulary.facts[key].blank_is is None)


def filling(path: Path, key: str, value: Any) -> st.SearchStrategy[Any]:
    """What an open fact may turn out to be."""
    fact = policy(path).vocabulary.facts[key]
    if value is not None:
        return (st.sampled_from(value) | st.dates(*value)).map(lambda day: (day, day))
    return st.sampled_from([each for each in FIGURES[path].known(fact) if fact.type != "year" or each <= ON.year])


@POLICIES
@FEW
@given(data=st.data())
def test_sums_are_of_a_piece(path: Path, data: st.DataObject) -> None:
    """No is nothing, unknown is from zero, lows are not above highs, and slices and totals add up to the whole."""
    firms = data.draw(FIGURES[path].company())
    outcome = outcome_of(path, firms)
    found = judgements(outcome)
    for verdict, low, high, slices in found.values():
        assert low >= 0
        assert high is None or low <= high
        assert verdict == "yes" or low == 0
        assert verdict != "no" or (high == 0 and not slices)
        if slices:
            assert sum(each[1] for each in slices) == low
            assert high == (None if slices[0][2] is None else sum(each[2] or 0 for each in slices))
            assert len({each[0] for each in slices}) == len(slices)
    awards = {measure["id"] for measure in raw(path)["measure"] if measure["category"] == "award"}
    for firm, assured, ceiling, pending, open_ended, pending_open in outcome.totals.iter_rows():
        mine = [each for key, each in found.items() if key[0] == firm and key[2] in awards]
        sure = [each for each in mine if each.verdict == "yes"]
        unsure = [each for each in mine if each.verdict == "unknown"]
        assert assured == sum(each.low for each in sure)
        assert (ceiling, open_ended) == (sum(each.high or 0 for each in sure), sum(each.high is None for each in sure))
        assert pending == sum(each.high or 0 for each in unsure)
        assert pending_open == sum(each.high is None for each in unsure)
        years = outcome.yearly_totals.filter(outcome.yearly_totals["firm"] == firm)
        assert [years[name].sum() for name in ("assured", "ceiling", "pending")] == [assured, ceiling, pending]


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
