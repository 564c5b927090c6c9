"""Policy files on top of one another, and their vocabulary: facts, lists, groups and kinds, merged and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from ordos_subsidy.cells import TYPES, type_of
from ordos_subsidy.cells.figures import money
from ordos_subsidy.facts import Choice, Fact, Group, Kind, Plausible, UnreadHeading, Vocabulary, normal
from ordos_subsidy.messages import Text
from ordos_subsidy.policy import grammar, model
from ordos_subsidy.policy.mistakes import Mistakes
from ordos_subsidy.policy.model import fields_of
from ordos_subsidy.policy.rule_grammar import PolicyEntry, TextEntry

#: So many items may the lists have in all, those of the lists they include counted, and so deep may lists include.
LIST_ITEMS, LIST_DEPTH = 20_000, 64
ChoiceLists = Mapping[str, tuple[Choice, ...]]
#: (place, document number, measure)
Version = tuple[str, str, grammar.MeasureEntry]
_Made = TypeVar("_Made")

_SUM = Fact("sum", "event", "money", Text("金额", "sum"), Text("", ""), minimum=0)
#: The entries that the policy has as they are.
_AS_THEY_ARE: dict[type, type] = {
    grammar.ContactEntry: model.Contact,
    grammar.PaperEntry: model.Paper,
    grammar.FilingEntry: model.Filing,
}


def plain(value: Any) -> Any:
    """Return a value of the file as the policy has it: a sentence as `Text`, a list as a tuple."""
    if isinstance(value, TextEntry):
        return Text(value.zh, value.en)
    if type(value) in _AS_THEY_ARE:
        return of_entry(_AS_THEY_ARE[type(value)], value)
    return tuple(map(plain, value)) if isinstance(value, list) else value


def of_entry(cls: type[_Made], entry: PolicyEntry, **given: Any) -> _Made:
    """Return an object of the policy: the values given, and those of the entry under all other names of its class."""
    own = [name for name in fields_of(cls) if name not in given and name in type(entry).model_fields]
    return cls(**{name: plain(getattr(entry, name)) for name in own}, **given)


class Layers:
    """The policy documents, the base first."""

    def __init__(self, documents: Sequence[tuple[str, grammar.Document]], mistakes: Mistakes) -> None:
        self.documents = documents
        self.base = documents[0][1]
        self.overlays = documents[1:]
        self.mistakes = mistakes

    def check(self) -> None:
        """Note each file that changes another base than it is laid over."""
        base = self.base.policy
        for name, each in self.overlays:
            place = f"{name}: policy.overlays"
            if each.policy.overlays is None:
                self.mistakes.say("two-bases", place, id=each.policy.id, base=base.id)
            elif each.policy.overlays != base.id:
                self.mistakes.say("overlay", place, wanted=each.policy.overlays, base=base.id)
        if base.overlays:
            place = f"{self.documents[0][0]}: policy.overlays"
            self.mistakes.say("overlay", place, wanted=base.overlays, base=base.id)

    def merged(self, table: str) -> dict[str, tuple[str, Any]]:
        """Return the entries of a table over all documents with their places; later ones win."""
        merged: dict[str, tuple[str, Any]] = {}
        for name, document in self.documents:
            for key, entry in getattr(document, table).items():
                merged[key] = (f"{name}: {table.rstrip('_')}.{key}", entry)
        return merged

    def versions(self) -> list[Version]:
        """Return the measures in order; a later file's measure ends or replaces the one with its id."""
        found: list[Version] = []
        for layer, (name, document) in enumerate(self.documents):
            seen: set[tuple[str, dt.date | None]] = set()
            for measure in document.measure:
                place = f"{name}: measure {measure.id}"
                if (measure.id, measure.from_) in seen:
                    self.mistakes.say("duplicate", place, name=measure.id, other=place)
                seen.add((measure.id, measure.from_))
                position = _replace(found, measure) if layer else len(found)
                found.insert(position, (place, document.policy.number, measure))
        return found


def _replace(found: list[Version], new: grammar.MeasureEntry) -> int:
    """End or remove the versions that a later measure replaces; return its position.

    A version replaces another for the claims it names; for its other claims the earlier one goes on.
    """
    same = [index for index, (_, _, old) in enumerate(found) if old.id == new.id]
    position = same[-1] + 1 if same else len(found)
    for index in reversed(same):
        place, number, old = found[index]
        kept = [kind for kind in old.claims if kind not in new.claims]
        ended = [kind for kind in old.claims if kind in new.claims]
        left = [old.model_copy(update={"claims": kept})] if kept else []
        if not old.claims:
            ended = [""]
        if ended and not (new.from_ is None or (old.from_ is not None and old.from_ >= new.from_)):
            until = min(new.from_, old.until) if old.until else new.from_
            left.append(old.model_copy(update={"claims": [kind for kind in ended if kind], "until": until}))
        found[index : index + 1] = [(place, number, each) for each in left]
        position += len(left) - 1
    return position


class Names:
    """Builds the vocabulary."""

    def __init__(self, layers: Layers, mistakes: Mistakes) -> None:
        self.layers = layers
        self.mistakes = mistakes
        self._lists: dict[str, tuple[Choice, ...]] = {}
        self._items = 0

    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary of all files together; note names that lead nowhere."""
        lists = {key: self._choices(key, ()) for key in self.layers.merged("list_")}
        if self._items > LIST_ITEMS:
            self.mistakes.say("list-size", "list", limit=LIST_ITEMS, depth=LIST_DEPTH)
            self.mistakes.stop()
        facts = {key: self._fact(key, place, fact, lists) for key, (place, fact) in self.layers.merged("fact").items()}
        kinds = {key: self._kind(key, place, kind) for key, (place, kind) in self.layers.merged("kind").items()}
        unread = tuple(of_entry(UnreadHeading, each) for _, each in self.layers.merged("unread").values())
        return Vocabulary(facts, kinds, self._groups(lists), unread, self._around())

    def _around(self) -> tuple[str, ...]:
        """The places of all files that may stand before a name."""
        return tuple(dict.fromkeys(place for _, each in self.layers.documents for place in each.policy.around))

    def _kind(self, key: str, place: str, kind: grammar.KindEntry) -> Kind:
        return of_entry(Kind, kind, key=key, plausible=self._plausible(kind.plausible, place))

    def _plausible(self, given: grammar.PlausibleEntry | None, place: str) -> Plausible | None:
        if given is None:
            return None
        place = f"{place}.plausible"
        return Plausible(self._fen(given.at_least, place), self._fen(given.at_most, place), given.not_above)

    def _fen(self, given: str | None, place: str) -> int | None:
        """A sum of the file."""
        read = money(_SUM, given, None) if given is not None else None
        if read and read.problem:
            self.mistakes.found.append(replace(read.problem, where=place, severity="error"))
        return read.value if read and isinstance(read.value, int) else None

    def _choices(self, key: str, seen: tuple[str, ...]) -> tuple[Choice, ...]:
        """The answers of a list, those of the lists it includes first; each list is put together once."""
        if key in self._lists or self._items > LIST_ITEMS:
            return self._lists.get(key, ())
        lists = self.layers.merged("list_")
        place, entry = lists[key]
        found: dict[str, Choice] = {}
        for other in dict.fromkeys(entry.includes):
            if len(seen) >= LIST_DEPTH:
                self._items = LIST_ITEMS + 1
                break
            if other in seen or other not in lists:
                self.mistakes.undeclared(other, "list.*", lists, f"{place}.includes")
                continue
            found |= {each.key: each for each in self._choices(other, (*seen, key))}
        items = entry.items.items()
        found |= {name: of_entry(Choice, each, key=name, title=Text(each.zh, each.en)) for name, each in items}
        self._items += len(found)
        self._lists[key] = tuple(found.values())
        return self._lists[key]

    def _fact(self, key: str, place: str, fact: grammar.FactEntry, lists: ChoiceLists) -> Fact:
        if TYPES[fact.type].listed and (fact.list_ or "") not in lists:
            self.mistakes.undeclared(fact.list_ or "", "list.*", lists, f"{place}.list")
        example = fact.example.isoformat() if isinstance(fact.example, dt.date) else fact.example
        return of_entry(
            Fact,
            fact,
            key=key,
            choices=lists.get(fact.list_ or "", ()),
            ratio=(fact.ratio.part, fact.ratio.whole) if fact.ratio else None,
            example=example,
            plausible=self._plausible(fact.plausible, place),
            begins=(fact.list_ or "") in lists and self.layers.merged("list_")[fact.list_ or ""][1].begins,
            around=self._around() if fact.list_ else (),
        )

    def _groups(self, lists: ChoiceLists) -> dict[str, Group]:
        found = {}
        for key, (place, group) in self.layers.merged("group").items():
            known = [each.key for each in lists.get(group.of, ())]
            if self.mistakes.declared([group.of], "list.*", lists, f"{place}.of"):
                self.mistakes.declared(group.members, f"list.{group.of}", known, f"{place}.members")
            found[key] = of_entry(Group, group, key=key)
        return found

    def check(self, words: Vocabulary) -> None:
        """Note missing roles, names that clash, and answers and facts that do not exist."""
        name = self.layers.documents[0][0]
        for of, role in (("firm", "name"), ("event", "kind"), ("event", "date")):
            if sum(fact.of == of and fact.role == role for fact in words.facts.values()) != 1:
                self.mistakes.say("role", f"{name}: fact", table=of, role=role)
        for key, fact in words.facts.items():
            self._check_fact(words, fact, self.layers.merged("fact")[key][0])
        for of in ("firm", "event"):
            self._unique([fact for fact in words.facts.values() if fact.of == of], f"{name}: fact")
        self._unique(words.kinds.values(), f"{name}: kind")

    def _check_fact(self, words: Vocabulary, fact: Fact, place: str) -> None:
        for other in fact.ratio or ():
            known = self.mistakes.declared([other], "fact.*", words.facts, f"{place}.ratio")
            if known and not type_of(words.facts[other]).money:
                self.mistakes.say("not-money", f"{place}.ratio", fact=other)
        whole = fact.plausible.not_above if fact.plausible else None
        if whole is not None and (whole not in words.facts or not type_of(words.facts[whole]).money):
            self.mistakes.undeclared(whole, "fact.*", words.facts, f"{place}.plausible")
        if fact.change and not (type_of(fact).money if fact.change == "raise" else fact.type == "yes_no"):
            self.mistakes.say("change", f"{place}.change", change=fact.change, fact=fact.key, type=fact.type)
        keys = [each.key for each in fact.choices]
        if fact.blank_is is not None and fact.blank_is not in keys:
            self.mistakes.undeclared(fact.blank_is, "list.*", keys, f"{place}.blank_is")
        self._unique(fact.choices, place)
        for each in fact.choices:
            self.mistakes.declared(each.leaves_open, "list.*", keys, f"{place}: {each.key}.leaves_open")

    def _unique(self, named: Iterable[Fact | Kind | Choice], place: str) -> None:
        seen: dict[str, str] = {}
        for each in named:
            for name in {normal(name) for name in each.names}:
                if seen.setdefault(name, each.key) != each.key:
                    self.mistakes.say("duplicate", f"{place}.{each.key}", name=name, other=seen[name])
