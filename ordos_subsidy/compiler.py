"""From policy files to their compiled form: every mistake is found, and all are reported together.

`compile_documents` validates the files against the grammar, lays overlays over the base, resolves every name,
types every value, and yields plain JSON-able data that `policies` turns into objects without Pydantic. Sums
become fen, shares become pairs (p, q), one-of groups become their members.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ValidationError

from ordos_subsidy import cells, grammar
from ordos_subsidy.errors import InvalidPolicy, Problem, did_you_mean, problem
from ordos_subsidy.facts import Fact, Vocabulary, normal, vocabulary
from ordos_subsidy.words import Text, say

Raw = dict[str, Any]
Source = tuple[str, Raw]

_COMPARISONS = {
    "yes_no": ("is", "is_not", "given"),
    "choice": ("is", "is_not", "one_of", "given"),
    "choices": ("is", "is_not", "one_of", "given"),
    "ratio": ("at_least", "more_than", "at_most", "less_than"),
    "date": ("at_least", "more_than", "at_most", "less_than", "given"),
    "text": ("given",),
    "code": ("given",),
    "kind": ("is", "is_not"),
}
_NUMBERS = ("is", "is_not", "at_least", "more_than", "at_most", "less_than", "given")
_MONEY = Fact("sum", "event", "money", Text("金额", "sum"), Text("", ""), minimum=0)
_PERCENT = Fact("share", "event", "percent", Text("比例", "share"), Text("", ""), minimum=0)


@dataclass
class Compiled:
    """The compiled form and the examples that stand beside the rules."""

    data: Raw
    examples: list[tuple[str, grammar.Measure, grammar.Example]] = field(default_factory=list)


def compile_documents(sources: Sequence[Source]) -> Compiled:
    """Compile parsed policy files, the base first; raise `InvalidPolicy` with every mistake of all of them."""
    documents = [_validated(name, raw) for name, raw in sources]
    return _Compiler(documents).run()


def _validated(name: str, raw: Raw) -> tuple[str, grammar.Document]:
    try:
        return name, grammar.Document.model_validate(raw)
    except ValidationError as error:
        raise InvalidPolicy([_from_pydantic(name, raw, each) for each in error.errors()]) from None


def _from_pydantic(name: str, raw: Raw, error: Mapping[str, Any]) -> Problem:
    where = f"{name}: {_path(raw, error['loc'])}"
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = _known_keys(error["loc"][:-1])
        return problem("policy.unknown-key", where, key=last, hint=_hint(last, known), known=", ".join(known))
    if error["type"] == "missing":
        return problem("policy.missing-key", where, key=last)
    return problem("policy.invalid", where, detail=error["msg"])


def _hint(wrong: str, known: Iterable[str]) -> str:
    near = did_you_mean(wrong, known)
    return f"{near}? " if near else ""


def _path(raw: Any, loc: Sequence[Any]) -> str:
    """A place as an editor of the file would say it: `measure 6.rd-investment.when.all[0]`."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            raw = raw[part] if isinstance(raw, list) and part < len(raw) else None
            name = (raw.get("id") or raw.get("number")) if isinstance(raw, dict) else None
            path += f" {name}" if name is not None else f"[{part}]"
        elif isinstance(raw, dict) and part not in raw and part in _WORDS:
            continue  # the tag of a condition word, no key of the file
        else:
            raw = raw.get(part) if isinstance(raw, dict) else None
            path += f".{part}" if path else str(part)
    return path


_WORDS: dict[str, type[BaseModel]] = {
    "fact": grammar.Test,
    "all": grammar.All,
    "any": grammar.AnyOf,
    "not": grammar.Not,
    "has_event": grammar.HasEvent,
    "unsettled": grammar.Unsettled,
    "first_years": grammar.FirstYears,
}


def _known_keys(loc: Sequence[Any]) -> list[str]:
    """The keys that may stand at a place of the grammar."""
    model: type[BaseModel] = grammar.Document
    for part in loc:
        if isinstance(part, int):
            continue
        by_key = {info.alias or name: info for name, info in model.model_fields.items()}
        inner = next(_models(by_key[part].annotation), None) if part in by_key else None
        model = inner or (_WORDS.get(part, model) if part not in by_key else model)
    return [info.alias or name for name, info in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


class _Compiler:
    """One run over the documents; mistakes are gathered in `problems`."""

    def __init__(self, documents: Sequence[tuple[str, grammar.Document]]) -> None:
        self.documents = documents
        self.base = documents[0][1]
        self.problems: list[Problem] = []
        self.place = ""

    def run(self) -> Compiled:
        """The compiled form, or every mistake."""
        self._check_overlays()
        data: Raw = {
            "head": self._head(self.base.policy),
            "overlays": [self._head(each.policy) for _, each in self.documents[1:]],
            **self._vocabulary(),
        }
        if self.problems:  # without a vocabulary every further message would be noise
            raise InvalidPolicy(self.problems)
        self.words: Vocabulary = vocabulary(data)
        self._check_vocabulary()
        data["clauses"] = self._clauses()
        data["head"]["scope"] = self._condition(self.base.policy.scope, "policy.scope", firm_only=True)
        versions = self._versions()
        data["measures"] = [self._measure(*each) for each in versions]
        self._check_kinds()
        if self.problems:
            raise InvalidPolicy(self.problems)
        return Compiled(data, [(place, each, case) for place, _, each in versions for case in each.examples])

    def _say(self, code: str, place: str, **params: object) -> None:
        self.problems.append(problem(f"policy.{code}", place, **params))

    # --- the documents and the vocabulary

    def _check_overlays(self) -> None:
        for name, each in self.documents[1:]:
            place = f"{name}: policy.overlays"
            if each.policy.overlays is None:
                self._say("two-bases", place, id=each.policy.id, base=self.base.policy.id)
            elif each.policy.overlays != self.base.policy.id:
                self._say("overlay", place, wanted=each.policy.overlays, base=self.base.policy.id)
        if self.base.policy.overlays:
            self._say(
                "overlay", f"{self.documents[0][0]}: policy", wanted=self.base.policy.overlays, base=self.base.policy.id
            )

    def _head(self, head: grammar.Head) -> Raw:
        return head.model_dump(mode="json", by_alias=True, exclude={"scope"})

    def _merged(self, table: str) -> dict[str, tuple[str, Any]]:
        """The entries of a table over all documents, later ones winning, with their places."""
        merged: dict[str, tuple[str, Any]] = {}
        for name, document in self.documents:
            for key, entry in getattr(document, table).items():
                merged[key] = (f"{name}: {table.rstrip('_')}.{key}", entry)
        return merged

    def _vocabulary(self) -> Raw:
        lists = {key: self._items(key, ()) for key in self._merged("list_")}
        facts = []
        for key, (place, fact) in self._merged("fact").items():
            wants_list = fact.type in ("choice", "choices")
            if wants_list and (fact.list_ or "") not in lists:
                self._undeclared(fact.list_ or "", "list.*", lists, f"{place}.list")
            facts.append(self._fact(key, fact))
        kinds = [{"key": key, **kind.model_dump(mode="json")} for key, (_, kind) in self._merged("kind").items()]
        return {"lists": lists, "facts": facts, "kinds": kinds, "groups": self._groups(lists)}

    def _items(self, key: str, seen: tuple[str, ...]) -> list[Raw]:
        place, entry = self._merged("list_")[key]
        items: dict[str, Raw] = {}
        for other in entry.includes:
            if other in seen or other not in self._merged("list_"):
                self._undeclared(other, "list.*", self._merged("list_"), f"{place}.includes")
                continue
            items |= {each["key"]: each for each in self._items(other, (*seen, key))}
        items |= {name: {"key": name, **choice.model_dump()} for name, choice in entry.items.items()}
        return list(items.values())

    def _groups(self, lists: Mapping[str, list[Raw]]) -> list[Raw]:
        groups = []
        for key, (place, group) in self._merged("group").items():
            known = [item["key"] for item in lists.get(group.of, [])]
            if group.of not in lists:
                self._undeclared(group.of, "list.*", lists, f"{place}.of")
            for member in group.members:
                if group.of in lists and member not in known:
                    self._undeclared(member, f"list.{group.of}", known, f"{place}.members")
            groups.append({"key": key, **group.model_dump()})
        return groups

    @staticmethod
    def _fact(key: str, fact: grammar.Fact) -> Raw:
        raw = fact.model_dump(mode="json", by_alias=True, exclude={"list_", "ratio"})
        ratio = [fact.ratio.part, fact.ratio.whole] if fact.ratio else None
        return {"key": key, **raw, "choices": fact.list_ or "", "ratio": ratio}

    def _undeclared(self, name: str, table: str, known: Iterable[str], place: str) -> None:
        self._say("undeclared", place, name=name, table=table, hint=_hint(name, known))

    def _check_vocabulary(self) -> None:
        name = self.documents[0][0]
        for of, role in (("firm", "name"), ("event", "kind"), ("event", "date")):
            if sum(fact.of == of and fact.role == role for fact in self.words.facts.values()) != 1:
                self._say("role", f"{name}: fact", table=of, role=role)
        for key, fact in self.words.facts.items():
            place = self._merged("fact")[key][0]
            for other in fact.ratio or ():
                if other not in self.words.facts:
                    self._undeclared(other, "fact.*", self.words.facts, f"{place}.ratio")
                elif self.words.facts[other].type != "money":
                    self._say("not-money", f"{place}.ratio", fact=other)
            if fact.blank_is is not None and fact.blank_is not in [each.key for each in fact.choices]:
                self._undeclared(fact.blank_is, "list.*", [each.key for each in fact.choices], f"{place}.blank_is")
            self._unique(fact.choices, place)
        for of in ("firm", "event"):
            self._unique([fact for fact in self.words.facts.values() if fact.of == of], f"{name}: fact")
        self._unique(self.words.kinds.values(), f"{name}: kind")

    def _unique(self, named: Iterable[Any], place: str) -> None:
        seen: dict[str, str] = {}
        for each in named:
            for name in {normal(name) for name in each.names}:
                if seen.setdefault(name, each.key) != each.key:
                    self._say("duplicate", f"{place}.{each.key}", name=name, other=seen[name])

    # --- clauses and measures

    def _clauses(self) -> list[Raw]:
        departments = self._merged("department")
        clauses: dict[int, Raw] = {}
        for name, document in self.documents:
            numbers: set[int] = set()
            for clause in document.clause:
                place = f"{name}: clause {clause.number}"
                if clause.number in numbers:
                    self._say("duplicate", place, name=clause.number, other=place)
                numbers.add(clause.number)
                for key in clause.departments:
                    if key not in departments:
                        self._undeclared(key, "department.*", departments, f"{place}.departments")
                known = [departments[key][1].model_dump() for key in clause.departments if key in departments]
                clauses[clause.number] = {**clause.model_dump(mode="json"), "departments": known}
        return [clauses[number] for number in sorted(clauses)]

    def _versions(self) -> list[tuple[str, str, grammar.Measure]]:
        """(place, document number, measure) in order; an overlay's measure ends the one it replaces."""
        found: list[tuple[str, str, grammar.Measure]] = []
        for layer, (name, document) in enumerate(self.documents):
            ids: set[tuple[str, dt.date | None]] = set()
            for measure in document.measure:
                place = f"{name}: measure {measure.id}"
                if (measure.id, measure.from_) in ids:
                    self._say("duplicate", place, name=measure.id, other=place)
                ids.add((measure.id, measure.from_))
                position = len(found)
                if layer:
                    position = self._replace(found, measure)
                found.insert(position, (place, document.policy.number, measure))
        return found

    @staticmethod
    def _replace(found: list[tuple[str, str, grammar.Measure]], new: grammar.Measure) -> int:
        """End or remove the versions that a later measure replaces; where it belongs in the list."""
        position = len(found)
        for index in reversed(range(len(found))):
            place, number, old = found[index]
            if old.id != new.id:
                continue
            position = index if position == len(found) else position
            if new.from_ is None or (old.from_ is not None and old.from_ >= new.from_):
                del found[index]
                position = index
            else:
                until = min(new.from_, old.until) if old.until else new.from_
                found[index] = (place, number, old.model_copy(update={"until": until}))
                position = max(position, index + 1)
        return position

    def _measure(self, place: str, number: str, measure: grammar.Measure) -> Raw:
        self._check_shape(place, measure)
        accounts = measure.claims == ["accounts"]
        for kind in measure.claims:
            if not accounts and kind not in self.words.kinds:
                self._undeclared(kind, "kind.*", [*self.words.kinds, "accounts"], f"{place}.claims")
        self._check_examples(place, measure)
        return {
            "id": measure.id,
            "clause": measure.clause,
            "category": measure.category,
            "title": measure.title.model_dump(),
            "claims": measure.claims,
            "existing": measure.existing,
            "when": self._condition(measure.when, f"{place}.when", firm_only=accounts),
            "amount": self._amount(measure.amount, f"{place}.amount", firm_only=accounts),
            "budget": self._budget(measure.budget, f"{place}.budget"),
            "yearly": measure.yearly,
            "notes": [note.model_dump() for note in measure.notes],
            "since": measure.from_ and measure.from_.isoformat(),
            "until": measure.until and measure.until.isoformat(),
            "document": number,
        }

    def _check_shape(self, place: str, measure: grammar.Measure) -> None:
        numbers = [clause.number for _, document in self.documents for clause in document.clause]
        if measure.clause not in numbers:
            self._undeclared(str(measure.clause), "clause", map(str, numbers), f"{place}.clause")
        wants = {
            "award": {"claims": True, "amount": True, "budget": False},
            "credit": {"claims": True, "amount": True, "budget": False},
            "preference": {"claims": True, "amount": False, "budget": False},
            "budget": {"claims": False, "amount": False, "budget": True},
            "duty": {"claims": False, "amount": False, "budget": False},
        }[measure.category]
        for key, wanted in wants.items():
            if bool(getattr(measure, key)) != wanted:
                self._say("needs" if wanted else "must-not", place, category=measure.category, what=key)
        if measure.category in ("credit", "preference") and measure.claims != ["accounts"]:
            self._say("needs", place, category=measure.category, what='claims = ["accounts"]')
        if measure.claims == ["accounts"] and not self.words.role("firm", "year"):
            self._say("role", place, table="firm", role="year")

    def _check_examples(self, place: str, measure: grammar.Measure) -> None:
        if measure.category != "award":
            return
        for verdict, needed in (("yes", ("low", "high")), ("no", ()), ("unknown", ("high",))):
            cases = [case for case in measure.examples if case.verdict == verdict]
            if not cases or any(getattr(case, key) is None for case in cases for key in needed):
                self._say("examples", f"{place}.examples", verdict=verdict)

    def _check_kinds(self) -> None:
        used = {kind for _, document in self.documents for each in document.measure for kind in each.claims}
        for key in self.words.kinds:
            if key not in used:
                self._say("unused-kind", self._merged("kind")[key][0], name=key)

    # --- conditions

    def _condition(self, word: Any, place: str, *, firm_only: bool) -> Raw | None:
        match word:
            case None:
                return None
            case grammar.All(all=parts) | grammar.AnyOf(any=parts):
                name = "all" if isinstance(word, grammar.All) else "any"
                inner = [
                    self._condition(part, f"{place}.{name}[{index}]", firm_only=firm_only)
                    for index, part in enumerate(parts)
                ]
                return {name: inner}
            case grammar.Not(not_=part):
                return {"not": self._condition(part, f"{place}.not", firm_only=firm_only)}
            case grammar.Unsettled(unsettled=part, says=says):
                inner_ = self._condition(part, f"{place}.unsettled", firm_only=firm_only)
                return {"unsettled": inner_, "says": says.model_dump()}
            case grammar.HasEvent(has_event=name):
                return self._has_event(name, place)
            case grammar.FirstYears(first_years=years):
                if firm_only:
                    self._say("event-fact", place, fact="first_years")
                return {"first_years": years}
            case _:
                return self._test(word, place, firm_only=firm_only)

    def _has_event(self, name: str, place: str) -> Raw:
        kinds = [key for key, kind in self.words.kinds.items() if name == key or name in kind.tags]
        if not kinds:
            tags = {tag for kind in self.words.kinds.values() for tag in kind.tags}
            self._undeclared(name, "kind.*", [*self.words.kinds, *tags], place)
        return {"has_event": name, "kinds": kinds}

    def _test(self, test: grammar.Test, place: str, *, firm_only: bool) -> Raw | None:
        fact = self.words.facts.get(test.fact)
        if fact is None:
            self._undeclared(test.fact, "fact.*", self.words.facts, f"{place}.fact")
            return None
        if firm_only and fact.of == "event":
            self._say("event-fact", f"{place}.fact", fact=fact.key)
        comparison = next(iter(test.model_fields_set - {"fact"})).rstrip("_")
        known = _COMPARISONS.get(fact.type, _NUMBERS)
        if comparison not in known:
            self._say(
                "not-comparable", place, fact=fact.key, type=fact.type, comparison=comparison, known=", ".join(known)
            )
            return None
        raw = test.is_ if comparison == "is" else getattr(test, comparison)
        value, named = self._value(fact, comparison, raw, place)
        return {"fact": fact.key, "comparison": comparison, "value": value, "named": named}

    def _value(self, fact: Fact, comparison: str, raw: Any, place: str) -> tuple[Any, list[str]]:
        if comparison == "given":
            return None, []
        if comparison == "one_of":
            return self._members(fact, raw, place), list(raw)
        if fact.type == "ratio":
            return self._share(raw, place), []
        if fact.type in ("choice", "choices", "kind"):
            keys = list(self.words.kinds) if fact.type == "kind" else [each.key for each in fact.choices]
            if raw not in keys:
                self._undeclared(str(raw), f"list of {fact.key}", keys, place)
            return raw, []
        if fact.type == "date":
            if type(raw) is not dt.date:
                self._say("bad-value", place, value=raw, fact=fact.key, detail="TOML date", remedy="2021-06-19")
            return str(raw), []
        return self._typed(fact, raw, place), []

    def _members(self, fact: Fact, names: Iterable[str], place: str) -> list[str]:
        known = [each.key for each in fact.choices]
        members: list[str] = []
        for name in names:
            if name in self.words.groups:
                members += self.words.groups[name].members
            elif name in known:
                members.append(name)
            else:
                self._undeclared(name, f"list of {fact.key}", [*known, *self.words.groups], place)
        return list(dict.fromkeys(members))

    def _typed(self, fact: Fact, raw: Any, place: str) -> Any:
        """A value of the file, read as a cell would be."""
        read = cells.read(fact, raw, vocabulary=self.words)
        if read.problem is None:
            return read.value
        said = say(read.problem, "en")
        self._say("bad-value", place, value=raw, fact=fact.key, detail=said.what, remedy=said.remedy)
        return 0

    # --- amounts

    def _sum(self, raw: str | None, place: str) -> int | None:
        return None if raw is None else self._typed(_MONEY, raw, place)

    def _share(self, raw: Any, place: str) -> list[int]:
        millionths = self._typed(_PERCENT, raw, place)
        rate = Fraction(millionths or 0, 1_000_000)
        if rate.denominator > 10_000 or rate.numerator > 10_000:
            self._say("too-fine", place, share=raw)
        return [rate.numerator, rate.denominator]

    def _money_fact(self, key: str | None, place: str, *, firm_only: bool) -> str | None:
        fact = self.words.facts.get(key) if key else None
        if key and fact is None:
            self._undeclared(key, "fact.*", self.words.facts, place)
        elif fact and fact.type != "money":
            self._say("not-money", place, fact=key)
        elif fact and firm_only and fact.of == "event":
            self._say("event-fact", place, fact=key)
        return key

    def _amount(self, amount: grammar.Amount | None, place: str, *, firm_only: bool) -> Raw | None:
        if amount is None:
            return None
        kind = next(each for each in ("exactly", "up_to", "at_least", "share", "unstated") if getattr(amount, each))
        stated = self._sum(getattr(amount, kind), place) if kind in ("exactly", "up_to", "at_least") else None
        raw: Raw = {
            "kind": kind,
            "low": stated if kind in ("exactly", "at_least") else 0,
            "high": stated if kind in ("exactly", "up_to") else None,
            "rate": self._share(amount.share, f"{place}.share") if amount.share else [0, 1],
            "cap": self._sum(amount.cap, f"{place}.cap"),
            "years": amount.years,
            "during": amount.during,
            "spread": amount.spread,
            "once": amount.once,
            "depends_on": amount.depends_on and amount.depends_on.model_dump(),
            "over": None,
            "over_rate": [0, 1],
            "times": None,
        }
        for key in ("of", "less", "within"):
            raw[key] = self._money_fact(getattr(amount, key), f"{place}.{key}", firm_only=firm_only)
        if amount.increment:
            raw["over"] = self._money_fact(amount.increment.over, f"{place}.increment", firm_only=firm_only)
            raw["over_rate"] = self._share(amount.increment.share, f"{place}.increment.share")
        if amount.times:
            when = self._condition(amount.times.when, f"{place}.times.when", firm_only=firm_only)
            raw["times"] = {"by": amount.times.by, "when": when}
        return raw

    def _budget(self, budget: grammar.Budget | None, place: str) -> Raw | None:
        if budget is None:
            return None
        raw = budget.model_dump()
        for key in ("exactly", "at_least"):
            raw[key] = self._sum(raw[key], f"{place}.{key}")
        return raw
