"""The vocabulary of a policy: its facts, lists, groups and kinds, merged, resolved and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ordos_subsidy import grammar
from ordos_subsidy.compiler.layers import Layers
from ordos_subsidy.compiler.mistakes import Mistakes
from ordos_subsidy.facts import Fact, Vocabulary, normal, vocabulary

Raw = dict[str, Any]


class Names:
    """Compiles everything that gives something a name."""

    def __init__(self, layers: Layers, mistakes: Mistakes) -> None:
        self.layers = layers
        self.mistakes = mistakes

    def raw(self) -> Raw:
        """The compiled vocabulary."""
        lists = {key: self._items(key, ()) for key in self.layers.merged("list_")}
        facts = []
        for key, (place, fact) in self.layers.merged("fact").items():
            wants_list = fact.type in ("choice", "choices")
            if wants_list and (fact.list_ or "") not in lists:
                self.mistakes.undeclared(fact.list_ or "", "list.*", lists, f"{place}.list")
            facts.append(self._fact(key, fact))
        kinds = [{"key": key, **kind.model_dump(mode="json")} for key, (_, kind) in self.layers.merged("kind").items()]
        return {"lists": lists, "facts": facts, "kinds": kinds, "groups": self._groups(lists)}

    def _items(self, key: str, seen: tuple[str, ...]) -> list[Raw]:
        place, entry = self.layers.merged("list_")[key]
        items: dict[str, Raw] = {}
        for other in entry.includes:
            if other in seen or other not in self.layers.merged("list_"):
                self.mistakes.undeclared(other, "list.*", self.layers.merged("list_"), f"{place}.includes")
                continue
            items |= {each["key"]: each for each in self._items(other, (*seen, key))}
        items |= {name: {"key": name, **choice.model_dump()} for name, choice in entry.items.items()}
        return list(items.values())

    def _groups(self, lists: Mapping[str, list[Raw]]) -> list[Raw]:
        groups = []
        for key, (place, group) in self.layers.merged("group").items():
            known = [item["key"] for item in lists.get(group.of, [])]
            if group.of not in lists:
                self.mistakes.undeclared(group.of, "list.*", lists, f"{place}.of")
            for member in group.members:
                if group.of in lists and member not in known:
                    self.mistakes.undeclared(member, f"list.{group.of}", known, f"{place}.members")
            groups.append({"key": key, **group.model_dump()})
        return groups

    @staticmethod
    def _fact(key: str, fact: grammar.Fact) -> Raw:
        raw = fact.model_dump(mode="json", by_alias=True, exclude={"list_", "ratio"})
        ratio = [fact.ratio.part, fact.ratio.whole] if fact.ratio else None
        return {"key": key, **raw, "choices": fact.list_ or "", "ratio": ratio}

    def checked(self, raw: Raw) -> Vocabulary:
        """The vocabulary as objects; names that clash or lead nowhere are mistakes."""
        self.words = vocabulary(raw)
        self._check()
        return self.words

    def _check(self) -> None:
        name = self.layers.documents[0][0]
        for of, role in (("firm", "name"), ("event", "kind"), ("event", "date")):
            if sum(fact.of == of and fact.role == role for fact in self.words.facts.values()) != 1:
                self.mistakes.say("role", f"{name}: fact", table=of, role=role)
        for key, fact in self.words.facts.items():
            place = self.layers.merged("fact")[key][0]
            for other in fact.ratio or ():
                if other not in self.words.facts:
                    self.mistakes.undeclared(other, "fact.*", self.words.facts, f"{place}.ratio")
                elif self.words.facts[other].type != "money":
                    self.mistakes.say("not-money", f"{place}.ratio", fact=other)
            if fact.blank_is is not None and fact.blank_is not in [each.key for each in fact.choices]:
                self.mistakes.undeclared(
                    fact.blank_is, "list.*", [each.key for each in fact.choices], f"{place}.blank_is"
                )
            self._unique(fact.choices, place)
            self._check_openings(fact, place)
        for of in ("firm", "event"):
            self._unique([fact for fact in self.words.facts.values() if fact.of == of], f"{name}: fact")
        self._unique(self.words.kinds.values(), f"{name}: kind")

    def _check_openings(self, fact: Fact, place: str) -> None:
        """Whether the answers that others leave open are in the list."""
        keys = [each.key for each in fact.choices]
        for each in fact.choices:
            for other in each.leaves_open:
                if other not in keys:
                    self.mistakes.undeclared(other, "list.*", keys, f"{place}: {each.key}.leaves_open")

    def _unique(self, named: Iterable[Any], place: str) -> None:
        seen: dict[str, str] = {}
        for each in named:
            for name in {normal(name) for name in each.names}:
                if seen.setdefault(name, each.key) != each.key:
                    self.mistakes.say("duplicate", f"{place}.{each.key}", name=name, other=seen[name])
