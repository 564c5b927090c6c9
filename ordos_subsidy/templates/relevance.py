"""Which clauses a fact matters to, and which facts a kind of event asks for: read off the rules themselves.

A measure reads a fact where its condition or its amount looks at it. Nothing is listed by hand, so that a clerk who
changes a rule changes the template with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ordos_subsidy.conditions import All, Compare, Condition, all_columns
from ordos_subsidy.facts import Fact, Of
from ordos_subsidy.policy import Measure, Policies


@dataclass(frozen=True)
class Relevance:
    """The facts that each measure of a policy reads."""

    policies: Policies

    @cached_property
    def reads(self) -> tuple[tuple[Measure, frozenset[str]], ...]:
        """Each measure that an applicant can claim, with the facts it reads."""
        return tuple((measure, self._facts(measure)) for measure in self.policies.measures if measure.claims)

    def _facts(self, measure: Measure) -> frozenset[str]:
        condition = self.policies.condition(measure)
        found = all_columns(condition) if condition else frozenset[str]()
        if measure.grant:
            # The claim's date or year says when an award is paid, even where no condition looks at it.
            found |= measure.grant.columns() | {self.policies.claim_date(measure) or ""}
        return found & self.policies.vocabulary.facts.keys()

    def clauses(self, fact: Fact) -> frozenset[int]:
        """Return the numbers of the clauses that read a fact."""
        chooses = fact.role == "kind"  # the kind decides which measures are looked at, though none reads it
        return frozenset(
            measure.clause.number
            for measure, facts in self.reads
            if fact.key in facts or (chooses and not measure.of_accounts)
        )

    def claimed(self, of: Of) -> frozenset[int]:
        """Return the numbers of all clauses that can be claimed; of "event", by an event."""
        return frozenset(measure.clause.number for measure, _ in self.reads if of == "firm" or not measure.of_accounts)

    def measures(self, kind: str) -> tuple[Measure, ...]:
        """Return the measures that a kind of event claims."""
        return tuple(measure for measure, _ in self.reads if kind in measure.claims)

    def asked(self, kind: str) -> frozenset[str]:
        """Return the keys of the facts that a kind of event asks for, the firm's included."""
        return frozenset[str]().union(*(facts for measure, facts in self.reads if kind in measure.claims))

    def answers(self, kind: str, fact: Fact) -> tuple[str, ...]:
        """Return the answers of a fact that a kind's measures demand outright; empty where they demand none."""
        for measure in self.measures(kind):
            for word in demands(measure.when):
                if word.fact == fact and word.comparison in {"is", "one_of"}:
                    return tuple(word.value) if word.comparison == "one_of" else (word.value,)
        return ()


def demands(condition: Condition | None) -> Iterator[Compare]:
    """Yield the comparisons that must hold in any case: those not inside an `any` or a `not`."""
    match condition:
        case Compare():
            yield condition
        case All(parts=parts):
            for part in parts:
                yield from demands(part)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return numbers as runs of (first, last).

    >>> runs([1, 2, 3, 6, 9, 8])
    [(1, 3), (6, 6), (8, 9)]
    """
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
