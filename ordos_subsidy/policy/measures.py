"""Clauses and measures of the file: what each category needs, and the examples that must stand beside an award."""

from __future__ import annotations

from collections.abc import Sequence

from ordos_subsidy.conditions import Condition
from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.messages import Text
from ordos_subsidy.policy import grammar
from ordos_subsidy.policy.grants import budget, grant, limit
from ordos_subsidy.policy.layers import Layers, Version
from ordos_subsidy.policy.mistakes import Mistakes
from ordos_subsidy.policy.model import Clause, Contact, Department, Filing, Limit, Measure, Paper
from ordos_subsidy.policy.names import maybe_text, text
from ordos_subsidy.policy.rules import Scene, condition

#: What a measure of a category has, and has not.
_WANTS = {
    "award": {"claims": True, "amount": True, "budget": False},
    "credit": {"claims": True, "amount": True, "budget": False},
    "preference": {"claims": True, "amount": False, "budget": False},
    "budget": {"claims": False, "amount": False, "budget": True},
    "duty": {"claims": False, "amount": False, "budget": False},
}
_ACCOUNTS = ["accounts"]


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
                for key in clause.departments:
                    if key not in departments:
                        self.mistakes.undeclared(key, "department.*", departments, f"{place}.departments")
                known = [departments[key][1] for key in clause.departments if key in departments]
                clauses[clause.number] = Clause(
                    clause.number,
                    clause.reference,
                    text(clause.part),
                    text(clause.heading),
                    text(clause.gist),
                    tuple(map(_department, known)),
                    _filing(clause.filing),
                )
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
            for name in shared.measures:
                if name not in ids:
                    self.mistakes.undeclared(name, "measure", ids, f"{place}.measures")
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
        built = Measure(
            id=measure.id,
            clause=clause,
            category=measure.category,
            title=text(measure.title),
            claims=tuple(measure.claims),
            existing=measure.existing,
            when=condition(measure.when, scene.at(".when")) if measure.when else None,
            grant=grant(amount, scene.at(".amount"), caps, yearly=measure.yearly) if amount else None,
            budget=budget(money, scene.at(".budget")) if money else None,
            recipient=measure.recipient,
            yearly=measure.yearly,
            notes=tuple(map(text, measure.notes)),
            readings=tuple(map(text, measure.readings)),
            since=measure.from_,
            until=measure.until,
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
    contacts = (Contact(text(each.office), each.telephone, text(each.source), each.as_of) for each in entry.contacts)
    return Department(title, maybe_text(entry.short) or title, tuple(contacts))


def _filing(entry: grammar.FilingEntry | None) -> Filing | None:
    if entry is None:
        return None
    papers = tuple(Paper(text(each.title), each.by) for each in entry.papers)
    return Filing(papers, maybe_text(entry.window), text(entry.source), entry.as_of)
