"""The types of facts: how each is read, kept in a column, compared, said and asked for.

A new type is an entry in `TYPES` here, and its name in `policy.grammar.TypeName`. An entry states what differs from
text, or from the type it is made of with `replace`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from ordos_subsidy import money
from ordos_subsidy.cells import answers, dates, figures
from ordos_subsidy.cells.spelling import UNKNOWN, Read
from ordos_subsidy.facts import MONEY_LIMIT, Fact, Kind, Vocabulary

if TYPE_CHECKING:
    from ordos_subsidy.messages import Lang, Text

_DAYS = {"at_least": "since-day", "more_than": "after-day", "at_most": "by-day", "less_than": "before-day"}


Reader = Callable[[Fact, object, str | None, Vocabulary], Read]


class Voice(Protocol):
    """Words of one language, for sentences about rules (`wording.Speaker`) or for a template (`templates.Content`)."""

    @property
    def words(self) -> Vocabulary:
        """The vocabulary."""

    @property
    def lang(self) -> Lang:
        """The language."""

    def say(self, key: str, **params: object) -> str:
        """Return a phrase."""

    def text(self, text: Text) -> str:
        """Return a text of the policy file."""

    def list(self, names: Iterable[str]) -> str:
        """Return names, joined."""


class Template(Voice, Protocol):
    """A template in one language, with what its drop-down lists offer besides the answers of the facts."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """The kinds of events, in the order of the list."""

    @property
    def years(self) -> Sequence[int]:
        """The years of the list."""


# --- what most types do


def _key_literal(fact: Fact, raw: Any, scene: Any) -> Any:
    keys = type_of(fact).keys(fact, scene.words)
    if raw not in keys:
        scene.mistakes.undeclared(str(raw), f"list of {fact.key}", keys, scene.place)
    return raw


def _in_words(fact: Fact, value: Any, voice: Voice) -> str:
    return type_of(fact).says(fact, value, voice)


def _demand(fact: Fact, comparison: str, value: Any, voice: Voice) -> str:
    words = type_of(fact).says(fact, value, voice)
    return voice.say(comparison.replace("_", "-"), fact=voice.text(fact.title), value=words)


def _demand_of_day(fact: Fact, comparison: str, value: Any, voice: Voice) -> str:
    return _demand(fact, _DAYS.get(comparison, comparison), value, voice)


def _toml(fact: Fact, value: Any, voice: Voice) -> str:
    return quoted(type_of(fact).says(fact, value, voice))


def _list_validation(fact: Fact) -> dict[str, Any]:
    return {"type": "list", "formula1": f"list_{fact.key}"}


def _between(kind: str, least: object, most: object) -> dict[str, Any]:
    return {"type": kind, "operator": "between", "formula1": f"{least}", "formula2": f"{most}"}


@dataclass(frozen=True, kw_only=True)
class FactType:
    """One type of facts. The defaults are those of text."""

    #: The typed value of a cell that is not blank, from (fact, value, unit of the column, vocabulary).
    read: Reader = answers.text

    # In a table: the Polars type ("Enum": of `keys`); whether there are two columns, the first and the last day meant
    # (`key` and `key@until`); whether values are sets of answers, kept as bits (see `Fact.bits`); the column value of
    # a typed value; column values by their name in a policy file, where they are so few that each is judged beforehand.
    column: str = "String"
    spans: bool = False
    several: bool = False
    stored: Callable[[Fact, Any], Any] = lambda _fact, value: value
    answers: Callable[[Fact], Mapping[str, Any]] = lambda _fact: {}

    # In rules: the comparisons it allows; whether its answers come from a `[list.*]`; whether a word that elsewhere
    # means "nothing" (无) may be an answer; whether tiers may be bands of it; whether it is a sum in fen; the keys of
    # its answers; the value that a policy file compares with, from (fact, value of the file, `policy.rules.Scene`).
    comparisons: tuple[str, ...] = ("given",)
    listed: bool = False
    closed: bool = False
    ordered: bool = False
    money: bool = False
    keys: Callable[[Fact, Vocabulary], Sequence[str]] = lambda fact, _vocabulary: [each.key for each in fact.choices]
    literal: Callable[[Fact, Any, Any], Any] = lambda fact, raw, scene: scene.typed(fact, raw)

    # In words, from (fact, value, voice), the value being a typed one or a column's: the value; the value as the
    # answer that a tier is for; a comparison with it, from (fact, comparison, value, voice).
    says: Callable[[Fact, Any, Voice], str] = lambda _fact, value, _voice: str(value)
    statement: Callable[[Fact, Any, Voice], str] = _in_words
    demand: Callable[[Fact, str, Any, Voice], str] = _demand

    # In a template: a typed value in a cell and in a TOML file; what its drop-down list offers; the data validation
    # of its cells, as arguments of openpyxl's `DataValidation`, and whether what breaks it is refused or only warned
    # of; the key of its hints, the phrase of its unit, its width and number format; a typed value for an example
    # where the policy file gives none, from (fact, first day in force).
    cell: Callable[[Fact, Any, Voice], Any] = _in_words
    toml: Callable[[Fact, Any, Voice], str] = _toml
    drop_down: Callable[[Fact, Template], Sequence[str | int]] = lambda _fact, _template: ()
    validation: Callable[[Fact], dict[str, Any]] = lambda _fact: {}
    strict: bool = False
    hint: str = "text"
    unit: str = ""
    width: int = 14
    number_format: str = "General"
    stand_in: Callable[[Fact, dt.date], Any] = lambda _fact, _day: None


# --- yes or no, and answers of a list


def _yes_or_no(fact: Fact, value: Any, voice: Voice) -> str:
    return voice.say("yes" if value else "not-yes", fact=voice.text(fact.title))


def _chosen(fact: Fact, value: Any, voice: Voice) -> list[str]:
    """Return several answers in the order of their list; `value` is a set of keys, one key, or bits."""
    bits = value if isinstance(value, int) else fact.bits([value] if isinstance(value, str) else value)
    return [voice.text(each.title) for bit, each in enumerate(fact.choices) if bits >> bit & 1]


_YES_NO = FactType(
    read=answers.yes_no,
    column="Boolean",
    comparisons=("is", "is_not", "given"),
    closed=True,
    answers=lambda _fact: {"no": False, "yes": True},
    says=lambda _fact, value, voice: voice.say("yes-word" if value else "no-word"),
    statement=_yes_or_no,
    demand=lambda fact, comparison, value, voice: _yes_or_no(fact, value is (comparison == "is"), voice),
    toml=lambda _fact, value, _voice: str(value).lower(),
    drop_down=lambda _fact, template: [template.say("yes-word"), template.say("no-word")],
    validation=_list_validation,
    strict=True,
    hint="yes-no",
    width=20,
)
_CHOICE = FactType(
    read=answers.choice,
    column="Enum",
    comparisons=("is", "is_not", "one_of", "given"),
    listed=True,
    closed=True,
    answers=lambda fact: {each.key: each.key for each in fact.choices},
    literal=_key_literal,
    says=lambda fact, value, voice: voice.text(fact.choice(value).title),
    drop_down=lambda fact, template: [template.text(each.title) for each in fact.choices if each.offered],
    validation=_list_validation,
    strict=True,
    hint="choice",
    width=24,
    stand_in=lambda fact, _day: fact.choices[0].key,
)
_CHOICES = replace(
    _CHOICE,
    read=answers.choices,
    column="UInt64",
    several=True,
    stored=lambda fact, value: None if value is None else fact.bits(value),
    answers=lambda _fact: {},
    says=lambda fact, value, voice: voice.list(_chosen(fact, value, voice)),
    toml=lambda fact, value, voice: f"[{', '.join(map(quoted, _chosen(fact, value, voice)))}]",
    strict=False,
    hint="choices",
    width=30,
    stand_in=lambda _fact, _day: None,
)
_KIND = FactType(
    read=answers.kind,
    column="Enum",
    comparisons=("is", "is_not"),
    closed=True,
    keys=lambda _fact, vocabulary: list(vocabulary.kinds),
    literal=_key_literal,
    says=lambda _fact, value, voice: voice.text(voice.words.kinds[value].title),
    drop_down=lambda _fact, template: [template.text(kind.title) for kind in template.kinds],
    validation=_list_validation,
    strict=True,
    hint="kind",
    width=52,
)

# --- numbers and dates


def _sum_validation(fact: Fact) -> dict[str, Any]:
    most = MONEY_LIMIT // money.FEN_A_WAN
    return _between("decimal", 0 if fact.minimum == 0 else -most, most)


def _date_cell(_fact: Fact, value: Any, _voice: Voice) -> dt.date | str:
    return value[0] if value[0] == value[1] else span(*value)


def _date_toml(fact: Fact, value: Any, voice: Voice) -> str:
    written = _date_cell(fact, value, voice)
    return quoted(written) if isinstance(written, str) else written.isoformat()


def _day_literal(fact: Fact, raw: Any, scene: Any) -> Any:
    if type(raw) is not dt.date:
        scene.say("bad-value", value=raw, fact=fact.key, detail="TOML date", remedy="2021-06-19")
    return raw


_COUNT = FactType(
    read=figures.count,
    column="Int64",
    comparisons=("is", "is_not", "at_least", "more_than", "at_most", "less_than", "given"),
    ordered=True,
    cell=lambda _fact, value, _voice: value,
    toml=lambda _fact, value, _voice: str(value),
    validation=lambda _fact: _between("whole", 0, figures.COUNT_LIMIT),
    strict=True,
    hint="count",
    number_format="#,##0",
)
_YEAR = replace(
    _COUNT,
    read=figures.year,
    column="Int32",
    says=lambda _fact, value, voice: voice.say("year", year=value),
    demand=_demand_of_day,
    drop_down=lambda _fact, template: template.years,
    validation=_list_validation,
    strict=False,
    hint="year",
    number_format="0",
)
_MONEY = replace(
    _COUNT,
    read=figures.money,
    money=True,
    says=lambda _fact, value, voice: money.in_words(value, voice.lang),
    cell=lambda _fact, value, _voice: Decimal(value) / money.FEN_A_WAN,
    toml=_toml,
    validation=_sum_validation,
    hint="money",
    unit="wan",
    width=28,
    number_format="#,##0.00####",
    stand_in=lambda _fact, _day: 100 * money.FEN_A_WAN,
)
_PERCENT = replace(
    _COUNT,
    read=figures.percent,
    says=lambda _fact, value, _voice: money.rate((value, figures.MILLION)),
    cell=_in_words,
    toml=_toml,
    validation=lambda _fact: {},
    strict=False,
    hint="percent",
    unit="percent",
    # A cell in Excel's percent format holds 0.6 for 60%, but 60 where it was pasted; text says what was typed.
    number_format="@",
)
_DATE = FactType(
    read=dates.date,
    column="Date",
    spans=True,
    comparisons=("at_least", "more_than", "at_most", "less_than", "given"),
    literal=_day_literal,
    demand=_demand_of_day,
    cell=_date_cell,
    toml=_date_toml,
    # A year typed into a cell formatted as a date is a day of 1905.
    validation=lambda _fact: _between("date", "DATE(1950,1,1)", f"DATE({figures.YEARS[-1]},12,31)"),
    hint="date",
    width=24,
    number_format="yyyy-mm-dd",
    stand_in=lambda _fact, day: (day, day),
)
#: One money fact over another, worked out and never read; it is compared with a pair (p, q) for p/q.
_RATIO = FactType(
    read=lambda *_: UNKNOWN,
    column="Int64",
    comparisons=("at_least", "more_than", "at_most", "less_than"),
    literal=lambda _fact, raw, scene: scene.share(raw),
    says=lambda _fact, value, _voice: money.rate(value),
)

#: Every type by its name in a policy file.
TYPES: dict[str, FactType] = {
    "text": FactType(width=30, number_format="@"),
    "code": FactType(
        read=answers.code,
        validation=lambda _fact: {"type": "textLength", "operator": "equal", "formula1": f"{answers.CODE_LENGTH}"},
        hint="code",
        width=24,
        number_format="@",
    ),
    "yes_no": _YES_NO,
    "choice": _CHOICE,
    "choices": _CHOICES,
    "year": _YEAR,
    "date": _DATE,
    "money": _MONEY,
    "percent": _PERCENT,
    "count": _COUNT,
    "kind": _KIND,
    "ratio": _RATIO,
}


def type_of(fact: Fact) -> FactType:
    """Return the type of a fact."""
    return TYPES[fact.type]


def span(first: dt.date, last: dt.date) -> str:
    """Return a date as far as it is known: 2022-03-01, 2022-03 or 2022."""
    if first == last:
        return first.isoformat()
    whole_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return f"{first:%Y}" if whole_year else f"{first:%Y-%m}"


def quoted(text: str) -> str:
    """Return a TOML string: the escapes of JSON are those of TOML, but TOML also wants DEL escaped."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
