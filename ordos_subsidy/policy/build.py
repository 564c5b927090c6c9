"""From policy files to the policy: every mistake is found, and all are reported together.

`build` validates the files against the grammar, lays overlays over the base, resolves every name, types every value
(sums are fen, shares pairs (p, q), groups their members), and gives the objects that evaluation uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ordos_subsidy.conditions import Condition, all_columns
from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.messages import Text
from ordos_subsidy.policy import grammar
from ordos_subsidy.policy.mistakes import Mistakes, validated
from ordos_subsidy.policy.model import Clause, Department, Head, Limit, Measure, Policies, Succession
from ordos_subsidy.policy.names import Layers, Names, Version, of_entry, plain
from ordos_subsidy.policy.rules import Scene, budget, condition, grant, limit

#: What a measure of a category has, and has not.
_WANTS = {
    "award": {"claims": True, "amount": True, "budget": False},
    "credit": {"claims": True, "amount": True, "budget": False},
    "preference": {"claims": True, "amount": False, "budget": False},
    "budget": {"claims": False, "amount": False, "budget": True},
    "duty": {"claims": False, "amount": False, "budget": False},
}
_ACCOUNTS = ["accounts"]


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
    return of_entry(Head, head, succeeded_by=of_entry(Succession, later, since=later.from_) if later else None)


class Measures:
    """Builds the clauses and the measures of all layers."""

    def __init__(self, layers: Layers, words: Vocabulary, mistakes: Mistakes) -> None:
        self.layers = layers
        self.words = words
        self.mistakes = mistakes

    def scene(self, place: str, claims: Sequence[str] = ()) -> Scene:
        """Return the scene of a rule; without claims, or with those of accounts, event facts are not allowed."""
        kinds = () if list(claims) == _ACCOUNTS else tuple(claims)
        return Scene(self.words, self.mistakes, self.layers.base.policy, place, kinds)

    def clauses(self) -> tuple[Clause, ...]:
        """Return the clauses in order, each with its departments."""
        departments = self.layers.merged("department")
        clauses: dict[int, Clause] = {}
        for name, document in self.layers.documents:
            numbers: set[int] = set()
            for clause in document.clause:
                place = f"{name}: clause {clause.number}"
                if clause.number in numbers:
                    self.mistakes.say("duplicate", place, name=clause.number, other=place)
                numbers.add(clause.number)
                self.mistakes.declared(clause.departments, "department.*", departments, f"{place}.departments")
                known = [departments[key][1] for key in clause.departments if key in departments]
                clauses[clause.number] = of_entry(Clause, clause, departments=tuple(map(_department, known)))
        return tuple(clauses[number] for number in sorted(clauses))

    def who(self) -> dict[str, Condition]:
        """Return what a firm must be to seek an event, by kind, as far as the files say so."""
        entries = self.layers.merged("kind").items()
        scenes = {key: self.scene(f"{place}.who") for key, (place, _) in entries}
        return {key: condition(kind.who, scenes[key]) for key, (_, kind) in entries if kind.who}

    def measures(self, versions: Sequence[Version], clauses: Sequence[Clause]) -> tuple[Measure, ...]:
        """Return every version of every measure, in order."""
        by_number = {clause.number: clause for clause in clauses}
        limits = self.limits(versions)
        found = []
        for place, number, measure in versions:
            clause = by_number.get(measure.clause)
            if clause is None:
                self.mistakes.undeclared(str(measure.clause), "clause", map(str, by_number), f"{place}.clause")
            if clauses:  # with a wrong clause too, so that its other mistakes are found
                found.append(self._measure(place, number, measure, clause or clauses[0], limits))
        return tuple(found)

    def limits(self, versions: Sequence[Version]) -> tuple[Limit, ...]:
        """Return the limits of single measures (of the last version), then those that several share."""
        own = {each.id: (place, each.limit) for place, _, each in versions if each.limit}
        ids = {each.id for _, _, each in versions}
        found = [limit(each, (key,), self.scene(f"{place}.limit")) for key, (place, each) in own.items()]
        for place, shared in self.layers.merged("limit").values():
            self.mistakes.declared(shared.measures, "measure", ids, f"{place}.measures")
            found.append(limit(shared, shared.measures, self.scene(place)))
        return tuple(found)

    def _measure(
        self, place: str, number: str, measure: grammar.MeasureEntry, clause: Clause, limits: Sequence[Limit]
    ) -> Measure:
        self._check_shape(place, measure)
        for kind in measure.claims:
            if measure.claims != _ACCOUNTS and kind not in self.words.kinds:
                self.mistakes.undeclared(kind, "kind.*", [*self.words.kinds, "accounts"], f"{place}.claims")
        scene = self.scene(place, measure.claims)
        caps = [each for each in limits if measure.id in each.measures]
        amount, money = measure.amount, measure.budget
        built = of_entry(
            Measure,
            measure,
            clause=clause,
            when=condition(measure.when, scene.at(".when")) if measure.when else None,
            grant=grant(amount, scene.at(".amount"), caps, yearly=measure.yearly) if amount else None,
            budget=budget(money, scene.at(".budget")) if money else None,
            since=measure.from_,
            document=number,
        )
        self._check_examples(place, measure, built)
        return built

    def _check_shape(self, place: str, measure: grammar.MeasureEntry) -> None:
        for key, wanted in _WANTS[measure.category].items():
            if bool(getattr(measure, key)) != wanted:
                self.mistakes.say("needs" if wanted else "must-not", place, category=measure.category, what=key)
        if measure.category in ("credit", "preference") and measure.claims != _ACCOUNTS:
            self.mistakes.say("needs", place, category=measure.category, what='claims = ["accounts"]')
        if measure.category != "award" and (measure.limit or measure.recipient != "unit"):
            self.mistakes.say("must-not", place, category=measure.category, what="limit, recipient")
        if measure.limit and measure.limit.once and measure.claims == _ACCOUNTS:
            self.mistakes.say("must-not", f"{place}.limit", category="accounts", what="once")
        if measure.claims == _ACCOUNTS and not self.words.role("firm", "year"):
            self.mistakes.say("role", place, table="firm", role="year")

    def _check_examples(self, place: str, measure: grammar.MeasureEntry, built: Measure) -> None:
        if measure.category != "award":
            return
        for verdict, needed in (("yes", ("low", "high")), ("no", ()), ("unknown", ("high",))):
            if verdict == "yes" and built.when and not built.when.may_hold():
                continue
            cases = [case for case in measure.examples if case.verdict == verdict]
            if not cases or any(getattr(case, key) is None for case in cases for key in needed):
                self.mistakes.say("examples", f"{place}.examples", verdict=verdict)

    def check_kinds(self) -> None:
        """Note the kinds of events that no measure claims."""
        if self.mistakes.left_out:
            return
        used = {kind for _, document in self.layers.documents for each in document.measure for kind in each.claims}
        for key in self.words.kinds:
            if key not in used:
                self.mistakes.say("unused-kind", self.layers.merged("kind")[key][0], name=key)


def _department(entry: grammar.DepartmentEntry) -> Department:
    title = Text(entry.zh, entry.en)
    return of_entry(Department, entry, title=title, short=plain(entry.short) or title)
