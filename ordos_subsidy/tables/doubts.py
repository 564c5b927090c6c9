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
    from collections.abc import Callable, Iterator, Sequence

    from ordos_subsidy.facts import Fact, Kind, Plausible, Vocabulary
    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.firms import Firms

#: More firms than these are not named one by one.
_NAMED = 20


def doubted(firms: pl.DataFrame, events: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """The doubted values: `@firm`, the key of the fact, and of an event's sum the key of its kind."""
    facts = [_beyond(firms, each.key, each.plausible) for each in vocabulary.of("firm") if each.plausible]
    found = [*facts, *(sums for _, sums in _doubted_events(events, vocabulary))]
    return pl.concat([no_doubts(), *(each.drop("value") for each in found)])


def _beyond(rows: pl.DataFrame, key: str, plausible: Plausible, kind: str | None = None) -> pl.DataFrame:
    """The values of a fact outside what is plausible: `@firm`, `fact`, `kind`, `value`."""
    least, most = (pl.lit(each, pl.Int64) for each in (plausible.at_least, plausible.at_most))
    whole, value = pl.col(plausible.not_above) if plausible.not_above else pl.lit(None, pl.Int64), pl.col(key)
    beyond = rows.filter(pl.any_horizontal(value < least, value > most, value > whole))
    return beyond.select(FIRM, pl.lit(key).alias("fact"), pl.lit(kind, pl.String).alias("kind"), value.alias("value"))


def _doubted_events(events: pl.DataFrame, vocabulary: Vocabulary) -> Iterator[tuple[Kind, pl.DataFrame]]:
    """The doubted sums of events, by kind."""
    fact, amount = vocabulary.role("event", "kind"), vocabulary.role("event", "amount")
    for kind in vocabulary.kinds.values():
        if kind.plausible and fact and amount:
            yield kind, _beyond(events.filter(pl.col(fact.key) == kind.key), amount.key, kind.plausible, kind.key)


def said(
    doubts: pl.DataFrame,
    firms: pl.DataFrame,
    events: pl.DataFrame,
    vocabulary: Vocabulary,
    place: Callable[[int, str], str],
) -> list[Problem]:
    """A warning for each firm with doubted values: how they, and what they are compared with, were read."""
    names = vocabulary.role("firm", "name")
    found = []
    numbers = doubts.get_column(FIRM).unique().sort().to_list()
    for number in numbers[:_NAMED]:
        key, read = _read(doubts, number, firms, events, vocabulary)
        name = shown(firms.get_column(names.key)[number] or "") if names else ""
        zh = "，".join(f"{title.zh}{sum_in_words(value, 'zh')}" for title, value in read)
        en = ", ".join(f"{title.en} {sum_in_words(value, 'en')}" for title, value in read)
        found.append(warning("fields.doubtful", place(number, key), name=name, read=zh, read_en=en))
    if len(numbers) > _NAMED:
        found.append(warning("fields.doubtful_more", count=len(numbers) - _NAMED))
    return found


def read_back(table: Firms, firm: int, vocabulary: Vocabulary) -> list[tuple[Text, int]]:
    """Return the doubted figures of a firm, and those they are compared with: what each is called, and its fen."""
    if table.doubts.is_empty() or firm not in table.doubts.get_column(FIRM):
        return []
    return _read(table.doubts, firm, table.firms, table.events, vocabulary)[1]


def _read(
    doubts: pl.DataFrame, firm: int, firms: pl.DataFrame, events: pl.DataFrame, vocabulary: Vocabulary
) -> tuple[str, list[tuple[Text, int]]]:
    """The key of the first fact of the firm that is doubted, or compared with one ("" for none), and the figures."""
    own, row = doubts.filter(pl.col(FIRM) == firm), firms.row(firm, named=True)
    facts = _compared(own.filter(pl.col("kind").is_null()).get_column("fact").to_list(), vocabulary)
    read = [(fact.title, row[fact.key]) for fact in facts if row[fact.key] is not None]
    for kind, sums in _doubted_events(events.filter(pl.col(FIRM) == firm), vocabulary):
        read += [(kind.title, value) for value in sums.get_column("value")]
    return facts[0].key if facts else "", read


def _compared(keys: list[str], vocabulary: Vocabulary) -> list[Fact]:
    """The facts that are doubted, and those they are compared with, in the order of the file."""
    wanted = set(keys)
    for each in vocabulary.of("firm"):
        if each.plausible and (whole := each.plausible.not_above) and not {each.key, whole}.isdisjoint(keys):
            wanted |= {each.key, whole}
    return [fact for fact in vocabulary.of("firm") if fact.key in wanted]


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
