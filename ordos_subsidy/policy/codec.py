"""A policy as plain JSON and back, for the cache: a list of nodes, each an object of a known class.

A node is `[class, value, value, …]`, in the order of the class's fields; a value is plain, or `{"r": n}` for the n-th
node, `{"t": […]}` for a tuple, `{"m": [[key, value], …]}` for a mapping, `{"d": "2021-06-19"}` for a date. Equal
objects are one node. Decoding makes objects of the classes listed here and of nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from ordos_subsidy import amounts, conditions, facts
from ordos_subsidy.messages import Text
from ordos_subsidy.policy import model

_CLASSES: dict[str, Any] = {
    each.__name__: each
    for each in (
        Text,
        *(facts.Choice, facts.Fact, facts.Group, facts.Kind, facts.Plausible, facts.UnreadHeading, facts.Vocabulary),
        *conditions.WORDS.values(),
        *(amounts.Band, amounts.Grant, amounts.Tier, amounts.Times),
        *(
            model.Budget,
            model.Clause,
            model.Contact,
            model.Department,
            model.Filing,
            model.Head,
            model.Limit,
            model.Measure,
            model.Paper,
            model.Policies,
        ),
        model.Succession,
    )
}


def encoded(policies: model.Policies) -> list[Any]:
    """Return the nodes of a policy; the last one is the policy itself."""
    nodes: list[Any] = []
    known: dict[tuple[str, Any], int] = {}

    def value(each: Any) -> Any:
        if each is None or isinstance(each, str | int):
            return each
        if isinstance(each, dt.date):
            return {"d": each.isoformat()}
        if isinstance(each, Mapping):
            return {"m": [[key, value(item)] for key, item in each.items()]}
        name = type(each).__name__
        if name not in _CLASSES:
            return {"t": [value(item) for item in each]}
        key = (name, id(each) if isinstance(each, facts.Vocabulary) else each)
        if key not in known:
            nodes.append([name, *(value(getattr(each, field)) for field in _fields(type(each)))])
            known[key] = len(nodes) - 1
        return {"r": known[key]}

    value(policies)
    return nodes


def decoded(nodes: list[Any]) -> model.Policies:
    """Return the policy of some nodes; raise LookupError, TypeError or ValueError where they have another form."""
    made: list[Any] = []

    def value(each: Any) -> Any:
        if not isinstance(each, dict):
            return each
        ((tag, inner),) = each.items()
        if tag == "r":
            return made[inner]
        if tag == "d":
            return dt.date.fromisoformat(inner)
        if tag == "m":
            return {key: value(item) for key, item in inner}
        return tuple(value(item) for item in inner)

    for name, *values in nodes:
        made.append(_CLASSES[name](*map(value, values)))
    policies = made[-1]
    if not isinstance(policies, model.Policies):
        raise TypeError(type(policies).__name__)
    return policies


def _fields(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls)) if is_dataclass(cls) else cls._fields
