"""Clauses and measures: what each category needs, and the examples that must stand beside an award."""

from __future__ import annotations

from typing import Any

from ordos_subsidy import grammar, rule_grammar
from ordos_subsidy.compiler.layers import Layers
from ordos_subsidy.compiler.mistakes import Mistakes
from ordos_subsidy.compiler.rules import Rules

Raw = dict[str, Any]


class Measures:
    """Compiles the clauses and the measures of all layers."""

    def __init__(self, layers: Layers, rules: Rules, mistakes: Mistakes) -> None:
        self.layers = layers
        self.rules = rules
        self.words = rules.words
        self.mistakes = mistakes

    def clauses(self) -> list[Raw]:
        """The compiled clauses, each with its departments."""
        departments = self.layers.merged("department")
        clauses: dict[int, Raw] = {}
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
                known = [departments[key][1].model_dump() for key in clause.departments if key in departments]
                clauses[clause.number] = {**clause.model_dump(mode="json"), "departments": known}
        return [clauses[number] for number in sorted(clauses)]

    def measure(self, place: str, number: str, measure: grammar.Measure) -> Raw:
        """The compiled form of one version of a measure."""
        self._check_shape(place, measure)
        accounts = measure.claims == ["accounts"]
        for kind in measure.claims:
            if not accounts and kind not in self.words.kinds:
                self.mistakes.undeclared(kind, "kind.*", [*self.words.kinds, "accounts"], f"{place}.claims")
        self._check_examples(place, measure)
        return {
            "id": measure.id,
            "clause": measure.clause,
            "category": measure.category,
            "title": measure.title.model_dump(),
            "claims": measure.claims,
            "existing": measure.existing,
            "when": self.rules.condition(measure.when, f"{place}.when", firm_only=accounts),
            "amount": self.rules.amount(measure.amount, f"{place}.amount", firm_only=accounts),
            "budget": self.rules.budget(measure.budget, f"{place}.budget"),
            "recipient": measure.recipient,
            "limit": self.rules.limit(measure.limit, f"{place}.limit") if measure.limit else None,
            "yearly": measure.yearly,
            "notes": [note.model_dump() for note in measure.notes],
            "readings": [reading.model_dump(include={"zh", "en"}) for reading in measure.readings],
            "since": measure.from_ and measure.from_.isoformat(),
            "until": measure.until and measure.until.isoformat(),
            "document": number,
        }

    def _check_shape(self, place: str, measure: grammar.Measure) -> None:
        numbers = [clause.number for _, document in self.layers.documents for clause in document.clause]
        if measure.clause not in numbers:
            self.mistakes.undeclared(str(measure.clause), "clause", map(str, numbers), f"{place}.clause")
        wants = {
            "award": {"claims": True, "amount": True, "budget": False},
            "credit": {"claims": True, "amount": True, "budget": False},
            "preference": {"claims": True, "amount": False, "budget": False},
            "budget": {"claims": False, "amount": False, "budget": True},
            "duty": {"claims": False, "amount": False, "budget": False},
        }[measure.category]
        for key, wanted in wants.items():
            if bool(getattr(measure, key)) != wanted:
                self.mistakes.say("needs" if wanted else "must-not", place, category=measure.category, what=key)
        if measure.category in ("credit", "preference") and measure.claims != ["accounts"]:
            self.mistakes.say("needs", place, category=measure.category, what='claims = ["accounts"]')
        if measure.category != "award" and (measure.limit or measure.recipient != "unit"):
            self.mistakes.say("must-not", place, category=measure.category, what="limit, recipient")
        if measure.limit and measure.limit.once and measure.claims == ["accounts"]:
            self.mistakes.say("must-not", f"{place}.limit", category="accounts", what="once")
        if measure.claims == ["accounts"] and not self.words.role("firm", "year"):
            self.mistakes.say("role", place, table="firm", role="year")

    def _check_examples(self, place: str, measure: grammar.Measure) -> None:
        if measure.category != "award":
            return
        for verdict, needed in (("yes", ("low", "high")), ("no", ()), ("unknown", ("high",))):
            if verdict == "yes" and _never_yes(measure.when):
                continue
            cases = [case for case in measure.examples if case.verdict == verdict]
            if not cases or any(getattr(case, key) is None for case in cases for key in needed):
                self.mistakes.say("examples", f"{place}.examples", verdict=verdict)

    def limits(self) -> list[Raw]:
        """The limits that several measures share."""
        ids = {measure.id for _, document in self.layers.documents for measure in document.measure}
        found = []
        for key, (place, limit) in self.layers.merged("limit").items():
            for name in limit.measures:
                if name not in ids:
                    self.mistakes.undeclared(name, "measure", ids, f"{place}.measures")
            found.append({"key": key, "measures": limit.measures, **self.rules.limit(limit, place)})
        return found

    def check_kinds(self) -> None:
        """Every kind of event is claimed by some measure."""
        if self.mistakes.left_out:
            return
        used = {kind for _, document in self.layers.documents for each in document.measure for kind in each.claims}
        for key in self.words.kinds:
            if key not in used:
                self.mistakes.say("unused-kind", self.layers.merged("kind")[key][0], name=key)


def _never_yes(word: Any) -> bool:
    """Whether a condition can hold for nobody, because others judge."""
    match word:
        case rule_grammar.JudgedByOthers():
            return True
        case rule_grammar.All(all=parts):
            return any(map(_never_yes, parts))
        case rule_grammar.AnyOf(any=parts):
            return all(map(_never_yes, parts))
        case rule_grammar.Sufficient(sufficient=part):
            return _never_yes(part)
    return False
