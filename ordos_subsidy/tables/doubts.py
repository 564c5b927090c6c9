"""What is to be said of the whole input: figures that are hardly meant, and what no firm has, with what that costs.

A figure is doubted outside what the policy file calls plausible, and a part above its whole: 元 typed for 万元 is the
commonest mistake. A doubted figure is used, and read back with its unit, so that whoever typed it sees how it was
understood. What is doubted goes with the firms, so that a total that rests on it can be marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.facts import normal
from ordos_subsidy.messages import Text
from ordos_subsidy.money import sum_in_words
from ordos_subsidy.tables.firms import FIRM, no_doubts
from ordos_subsidy.tables.headings import undressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ordos_subsidy.facts import Fact, Plausible, Vocabulary
    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.firms import Firms

#: More firms than these are not named one by one.
_NAMED = 20


def doubted(firms: pl.DataFrame, events: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """The doubted values: `@firm`, the key of the fact, and of an event's sum the key of its kind."""
    found = [no_doubts()]
    for fact in vocabulary.of("firm"):
        if fact.plausible:
            beyond = _beyond(firms.get_column(fact.key), fact.plausible)
            if fact.plausible.not_above:
                beyond |= (firms.get_column(fact.key) > firms.get_column(fact.plausible.not_above)).fill_null(
                    value=False
                )
            found.append(_listed(firms.filter(beyond), fact.key, None))
    kind, amount = vocabulary.role("event", "kind"), vocabulary.role("event", "amount")
    for each in vocabulary.kinds.values():
        if each.plausible and kind and amount and not events.is_empty():
            own = events.filter(pl.col(kind.key) == each.key)
            found.append(_listed(own.filter(_beyond(own.get_column(amount.key), each.plausible)), amount.key, each.key))
    return pl.concat(found)


def _beyond(values: pl.Series, plausible: Plausible) -> pl.Series:
    beyond = pl.Series([False]).new_from_index(0, len(values))
    if plausible.at_most is not None:
        beyond |= (values > plausible.at_most).fill_null(value=False)
    if plausible.at_least is not None:
        beyond |= (values < plausible.at_least).fill_null(value=False)
    return beyond


def _listed(rows: pl.DataFrame, fact: str, kind: str | None) -> pl.DataFrame:
    given = pl.lit(fact).alias("fact"), pl.lit(kind, pl.String).alias("kind")
    return rows.select(pl.col(FIRM), *given)


def said(
    doubts: pl.DataFrame,
    firms: pl.DataFrame,
    events: pl.DataFrame,
    vocabulary: Vocabulary,
    place: Callable[[int, str], str],
) -> list[Problem]:
    """A warning for each firm with doubted values: how they, and what they are compared with, were read."""
    name = vocabulary.role("firm", "name")
    found = []
    numbers = doubts.get_column(FIRM).unique(maintain_order=True).sort().to_list()
    for number in numbers[:_NAMED]:
        row = firms.row(number, named=True)
        facts, read = _read(doubts, number, firms, events, vocabulary)
        key = facts[0].key if facts else ""
        found.append(
            warning(
                "fields.doubtful",
                place(number, key),
                name=shown(row[name.key] or "") if name else "",
                read="，".join(f"{zh}{sum_in_words(value, 'zh')}" for zh, _, value in read),
                read_en=", ".join(f"{en} {sum_in_words(value, 'en')}" for _, en, value in read),
            )
        )
    if len(numbers) > _NAMED:
        found.append(warning("fields.doubtful_more", count=len(numbers) - _NAMED))
    return found


def read_back(table: Firms, firm: int, vocabulary: Vocabulary) -> list[tuple[Text, int]]:
    """Return the doubted figures of a firm, and those they are compared with: what each is called, and its fen."""
    if table.doubts.is_empty() or firm not in table.doubts.get_column(FIRM):
        return []
    _, read = _read(table.doubts, firm, table.firms, table.events, vocabulary)
    return [(Text(zh, en), value) for zh, en, value in read]


def _read(
    doubts: pl.DataFrame, firm: int, firms: pl.DataFrame, events: pl.DataFrame, vocabulary: Vocabulary
) -> tuple[list[Fact], list[tuple[str, str, int]]]:
    own = doubts.filter(pl.col(FIRM) == firm)
    row = firms.row(firm, named=True)
    facts = _compared(own.filter(pl.col("kind").is_null()).get_column("fact").to_list(), vocabulary)
    read = [(fact.title.zh, fact.title.en, row[fact.key]) for fact in facts if row[fact.key] is not None]
    return facts, [*read, *_amounts(own, events.filter(pl.col(FIRM) == firm), vocabulary)]


def _compared(keys: list[str], vocabulary: Vocabulary) -> list[Fact]:
    """The facts that are doubted, and those they are compared with, in the order of the file."""
    facts = vocabulary.facts
    wanted = {*keys, *(other for key in keys if (each := facts[key].plausible) and (other := each.not_above))}
    wanted |= {each.key for each in facts.values() if each.plausible and each.plausible.not_above in keys}
    return [fact for fact in vocabulary.of("firm") if fact.key in wanted]


def _amounts(doubts: pl.DataFrame, events: pl.DataFrame, vocabulary: Vocabulary) -> Iterable[tuple[str, str, int]]:
    """The doubted sums of events, by the title of their kind."""
    kind, amount = vocabulary.role("event", "kind"), vocabulary.role("event", "amount")
    if not (kind and amount):
        return
    for key in doubts.get_column("kind").drop_nulls().unique(maintain_order=True):
        each = vocabulary.kinds[key]
        sums = events.filter(pl.col(kind.key) == key).get_column(amount.key)
        for value in sums.filter(_beyond(sums, each.plausible)) if each.plausible else ():
            yield each.title.zh, each.title.en, value


# --- what a whole input leaves out


def headings_not_met(firms: Firms, typed: Sequence[str]) -> list[Problem]:
    """What to say of headings that a user gave a meaning and that no file has."""
    met = {normal(each.heading) for each in firms.uses}
    met |= {normal(undressed(each.heading).name) for each in firms.uses}
    return [warning("fields.map_not_met", given=shown(each)) for each in typed if normal(each) not in met]


def gaps(firms: Firms, policies: Policies) -> list[Problem]:
    """What to say of firms of which none has the year of its figures, or none an event."""
    if not len(firms):
        return []
    awards = list(policies.of("award"))
    found = []
    year = policies.vocabulary.role("firm", "year")
    sums = [each.key for each in policies.vocabulary.of("firm") if type_of(each).money]
    has_sums = any(firms.firms.get_column(key).null_count() < len(firms) for key in sums)
    if year and year.read and has_sums and firms.firms.get_column(year.key).null_count() == len(firms):
        names = {"fact": year.title.zh, "fact_en": year.title.en, "count": len(firms)}
        proposed = next(iter(firms.titled_years)) if len(firms.titled_years) == 1 else None
        code = "reading.no_year" if proposed is None else "reading.year_proposed"
        found.append(warning(code, year=proposed or 0, **names))
    events = sum(not each.of_accounts for each in awards)
    if firms.events.is_empty() and events and not firms.events_asked:
        found.append(warning("reading.no_event_rows", count=events, awards=len(awards)))
    return found
