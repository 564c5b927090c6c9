"""A typed value as a user would write it: in a cell, or in a TOML file."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from ordos_subsidy import money, wording
from ordos_subsidy.cells import Span, Value
from ordos_subsidy.facts import Fact
from ordos_subsidy.money import FEN_A_WAN
from ordos_subsidy.templates.content import Content

if TYPE_CHECKING:
    import datetime as dt

MILLION = 10**6


def in_cell(content: Content, fact: Fact, value: Value) -> str | int | Decimal | dt.date | None:
    """What stands in a cell of a workbook: sums in 万元, answers by their names."""
    match fact.type:
        case _ if value is None:
            return None
        case "money":
            return Decimal(cast("int", value)) / FEN_A_WAN
        case "date":
            first, last = cast("Span", value)
            return first if first == last else wording.span(first, last)
        case "year" | "count":
            return cast("int", value)
    return _words(content, fact, value)


def in_toml(content: Content, fact: Fact, value: Value) -> str:
    """What stands after the equals sign."""
    match fact.type:
        case "yes_no" | "year" | "count":
            return str(value).lower()
        case "date":
            first, last = cast("Span", value)
            return first.isoformat() if first == last else quoted(wording.span(first, last))
        case "choices":
            return f"[{', '.join(map(quoted, _chosen(content, fact, value)))}]"
        case "money":
            return quoted(money.in_words(cast("int", value), content.lang))
    return quoted(_words(content, fact, value))


def _words(content: Content, fact: Fact, value: Value) -> str:
    match fact.type:
        case "yes_no":
            return content.say("yes" if value else "no")
        case "choice":
            return content.choice(fact.choice(str(value)))
        case "choices":
            return content.say("between").join(_chosen(content, fact, value))
        case "kind":
            return content.text(content.policies.vocabulary.kinds[str(value)].title)
        case "percent":
            return f"{money.plain(Decimal(cast('int', value)) * 100 / MILLION)}%"
    return str(value)


def _chosen(content: Content, fact: Fact, value: Value) -> list[str]:
    """The names of several answers, in the order of the list."""
    return [content.choice(each) for each in fact.choices if each.key in cast("frozenset[str]", value)]


def quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for DEL, which TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
