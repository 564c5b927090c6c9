"""From policy files to the policy: every mistake is found, and all are reported together.

`build` validates the files against the grammar, lays overlays over the base, resolves every name, types every value
(sums are fen, shares pairs (p, q), groups their members), and gives the objects that evaluation uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ordos_subsidy.conditions import all_columns
from ordos_subsidy.policy import grammar
from ordos_subsidy.policy.layers import Layers
from ordos_subsidy.policy.measures import Measures
from ordos_subsidy.policy.mistakes import Mistakes, validated
from ordos_subsidy.policy.model import Head, Policies, Succession
from ordos_subsidy.policy.names import Names, maybe_text, text
from ordos_subsidy.policy.rules import condition


@dataclass(frozen=True)
class Built:
    """A policy, and the examples beside its rules: (place, measure, example)."""

    policies: Policies
    examples: list[tuple[str, grammar.MeasureEntry, grammar.ExampleEntry]]


def build(sources: Sequence[tuple[str, dict[str, Any]]]) -> Built:
    """Build a policy from parsed files, the base first; raise `InvalidPolicy` with every mistake of all of them."""
    mistakes = Mistakes()
    documents = validated(sources, mistakes)
    before = len(mistakes.found)
    layers = Layers(documents, mistakes)
    layers.check()
    names = Names(layers, mistakes)
    words = names.vocabulary()
    if len(mistakes.found) > before:
        mistakes.stop()  # without a vocabulary every further message would be noise
    names.check(words)
    maker = Measures(layers, words, mistakes)
    clauses = maker.clauses()
    head = layers.base.policy
    scope = condition(head.scope, maker.scene("policy.scope")) if head.scope else None
    versions = layers.versions()
    measures = maker.measures(versions, clauses)
    who = maker.who()
    maker.check_kinds()
    mistakes.stop()
    overlays = tuple(_head(each.policy) for _, each in layers.overlays)
    built = Policies(_head(head), overlays, words, clauses, measures, scope, maker.limits(versions), who=who)
    cases = [(place, each, case) for place, _, each in versions for case in each.examples]
    return Built(_with_read_facts(built), cases)


def _with_read_facts(policies: Policies) -> Policies:
    """Return the policy with `Fact.read` set: facts that no rule reads are not asked for."""
    found = {policies.year_fact, policies.date_fact, policies.kind_fact}
    deciding = set(found)
    for measure in policies.measures:
        whole = policies.condition(measure) if measure.claims else None
        columns = all_columns(whole) if whole else set()
        columns |= measure.grant.columns() if measure.grant else set()
        found |= columns
        deciding |= columns if measure.category == "award" else set()
    facts = {}
    for key, fact in policies.vocabulary.facts.items():
        always = bool((fact.role and fact.role not in {"year", "level"}) or fact.ratio or fact.required)
        facts[key] = replace(fact, read=always or key in found, decides=always or key in deciding)
    return replace(policies, vocabulary=replace(policies.vocabulary, facts=facts))


def _head(head: grammar.HeadEntry) -> Head:
    later = head.succeeded_by
    return Head(
        id=head.id,
        number=head.number,
        title=text(head.title),
        name=text(head.name),
        issuer=text(head.issuer),
        dated=head.dated,
        effective=head.effective,
        effective_note=maybe_text(head.effective_note),
        source=head.source,
        footnotes=tuple(map(text, head.footnotes)),
        caution=text(head.caution) if head.caution else None,
        existing=maybe_text(head.existing),
        succeeded_by=Succession(later.number, later.from_, text(later.says)) if later else None,
    )
