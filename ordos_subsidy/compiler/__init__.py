"""From policy files to their compiled form: every mistake is found, and all are reported together.

`compile_documents` validates the files against the grammar, lays overlays over the base, resolves every name,
types every value, and yields plain JSON-able data that `policies` turns into objects without Pydantic. Sums
become fen, shares become pairs (p, q), one-of groups become their members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ordos_subsidy import grammar
from ordos_subsidy.compiler.layers import Layers
from ordos_subsidy.compiler.measures import Measures
from ordos_subsidy.compiler.mistakes import Mistakes, validated
from ordos_subsidy.compiler.names import Names
from ordos_subsidy.compiler.rules import Rules

Raw = dict[str, Any]


@dataclass(frozen=True)
class Compiled:
    """The compiled form, and the examples that stand beside the rules: (place, measure, example)."""

    data: Raw
    examples: list[tuple[str, grammar.Measure, grammar.Example]]


def compile_documents(sources: Sequence[tuple[str, Raw]]) -> Compiled:
    """Compile parsed policy files, the base first; raise `InvalidPolicy` with every mistake of all of them."""
    mistakes = Mistakes()
    documents = [validated(name, raw, mistakes) for name, raw in sources]
    if None in documents:
        mistakes.stop()
    before = len(mistakes.found)
    layers = Layers([each for each in documents if each], mistakes)
    layers.check()
    names = Names(layers, mistakes)
    data: Raw = {"head": _head(layers.base.policy), "overlays": [_head(each.policy) for _, each in layers.overlays]}
    data |= names.raw()
    if len(mistakes.found) > before:
        mistakes.stop()  # without a vocabulary every further message would be noise
    words = names.checked(data)
    rules = Rules(words, mistakes, layers.base.policy.judged)
    measures = Measures(layers, rules, mistakes)
    data["clauses"] = measures.clauses()
    data["head"]["scope"] = rules.condition(layers.base.policy.scope, "policy.scope", firm_only=True)
    versions = layers.versions()
    data["measures"] = [measures.measure(*each) for each in versions]
    data["limits"] = measures.limits()
    measures.check_kinds()
    mistakes.stop()
    return Compiled(data, [(place, each, case) for place, _, each in versions for case in each.examples])


def _head(head: grammar.Head) -> Raw:
    return head.model_dump(mode="json", by_alias=True, exclude={"scope"})
