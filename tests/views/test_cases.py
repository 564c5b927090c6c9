"""What awards wait for, asked of many at once, is what `advice` says of each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ordos_subsidy import advice
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.views import cases
from tests.builders import compiled, evaluated, probe
from tests.strategies import ON, Figures, documents


def asked_one_by_one(outcome: Outcome) -> list[list[str]]:
    """The missing facts of each award, in the order of the rows."""
    measures = outcome.policies.measures
    found = {
        (claim.firm, claim.event, claim.version): list(advice.missing_facts(claim, measures[claim.version]))
        for claim in advice.claims(outcome, "award")
    }
    rows = outcome.awards.select("firm", "event", "version", "verdict").iter_rows()
    return [[] if verdict == "no" else found[firm, event, version] for firm, event, version, verdict in rows]


def asked_at_once(outcome: Outcome) -> list[list[str]]:
    """The same, of all awards together."""
    return [each or [] for each in cases.missing_keys(outcome, outcome.awards).to_list()]


@given(data=st.data())
def test_what_many_awards_wait_for_is_what_each_waits_for(data: st.DataObject) -> None:
    """Whatever the rule and the company; parts of a batch that share their cases included."""
    document = data.draw(documents())
    policies = compiled(document)
    for _ in range(2):
        company = data.draw(Figures(document, policies.vocabulary).company(1, 6))
        outcome = evaluated(policies, *company, on=ON, typed=True)
        assert asked_at_once(outcome) == asked_one_by_one(outcome)


def test_a_figure_that_decides_a_condition_marks_a_case_though_the_amount_is_made_of_it() -> None:
    """Of nothing there is no share, whatever is spent: that firm waits for no figure, in whatever company."""
    policies = probe(
        claims=["accounts"], when={"fact": "intensity", "at_least": "3%"}, amount={"share": "10%", "of": "sales"}
    )
    some, nothing = {"season": 2022, "sales": "100元"}, {"season": 2022, "sales": "0元"}
    for company in ([some, nothing], [nothing, some]):
        outcome = evaluated(policies, *company, on=ON)
        assert asked_at_once(outcome) == asked_one_by_one(outcome)
        assert sorted(asked_at_once(outcome)) == [[], ["cost"]]
