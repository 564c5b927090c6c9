"""The result tables of a batch: firms, awards, clauses, districts; typed columns, sums in fen, no words painted.

A `View` is a frame whose columns are described by `Column`s, so that every format writes the same table in its
own way: xlsx and CSV in 万元 under worded headings, Parquet in fen under keys.

| view | one row |
|---|---|
| firms | a firm, with its totals |
| awards | an award of a firm: accounts or event, whatever the verdict |
| clauses | a clause and calendar year (null: not stated), over all firms; see `sums` |
| districts | an answer of the fact the policy's scope looks at, over all firms; see `sums` |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import polars as pl

from ordos_subsidy import wording
from ordos_subsidy.batch import waiting
from ordos_subsidy.conditions import UNTIL, Compare, walk
from ordos_subsidy.evaluation import VERDICTS, Outcome, by_day, by_firm, counting, counts, look, people
from ordos_subsidy.facts import Fact
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.columns import null_column
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.words import Lang, listed, phrase

Kind = Literal["text", "money", "count", "number", "year"]
Name = Literal["firms", "awards", "clauses", "districts"]
KINDS = ("exactly", "up_to", "at_least", "share", "unstated")
SUMS = ("assured", "ceiling", "open_ended", "pending", "pending_open")
#: The columns of people's money, and what each is called among the sums of people.
PEOPLE = (("people_low", "low"), ("people_high", "high"), ("people_pending_sum", "pending"))
COUNTS = ("open_ended", "pending_open", "eligible", "to_verify", "firms", "firms_eligible")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, what it holds, how wide a sheet shows it; `label` where a phrase of the key is none."""

    key: str
    kind: Kind = "text"
    width: int = 12
    label: str = ""

    def heading(self, lang: Lang) -> str:
        """The heading a person reads."""
        if self.label:
            return self.label
        name = phrase(_HEADINGS.get(self.key, f"batch.{self.key}"), lang)
        summed = self.kind == "money" and (self.key in SUMS or self.key in dict(PEOPLE))
        return phrase("batch.sum_wan", lang, name=name) if summed else name


#: Headings that `calc` has already.
_HEADINGS = {
    **{key: f"show.{key}" for key in ("assured", "ceiling", "pending", "reference", "clause_number", "measure")},
    **{key: f"show.{key}" for key in ("measure_id", "event", "date", "verdict", "amount_kind", "open_high", "years")},
    **{key: f"show.{key}" for key in ("departments", "missing_facts", "document", "year")},
    **{key: f"show.{key}" for key in ("people_low", "people_high", "people_pending_sum", "recipient")},
    "counts_low": "show.counts_low_wan",
    "counts_high": "show.counts_high_wan",
    "name": "show.firm",
    "code": "show.code",
    "event_amount": "show.event_wan",
    "low": "show.low_wan",
    "high": "show.high_wan",
    "note": "show.remark",
}


@dataclass(frozen=True, slots=True)
class View:
    """A table and what its columns are."""

    name: Name
    columns: tuple[Column, ...]
    frame: pl.DataFrame


def place_fact(policies: Policies) -> Fact | None:
    """The fact that says where a firm belongs: the choice in the policy's scope, else the first choice there is."""
    words = walk(policies.scope) if policies.scope else ()
    scope = [word.fact for word in words if isinstance(word, Compare) and word.fact.type == "choice"]
    return next((fact for fact in (*scope, *policies.vocabulary.of("firm")) if fact.type == "choice"), None)


def counted(outcome: Outcome, year: int | None) -> pl.DataFrame:
    """The award rows that count: all of them, or what falls in one year (or in none) with its slice as the sum."""
    if year is None:
        return outcome.awards
    spread = pl.Series(
        [each.grant.spread if each.grant else None for each in outcome.policies.measures], dtype=pl.Int16
    )
    last = pl.col("within") + look(spread, "version") - 1
    open_ = pl.col("year").is_null() & (pl.col("within").is_null() | pl.lit(year).is_between(pl.col("within"), last))
    part = outcome.schedule.filter(open_ | (pl.col("year") == year))
    nothing = outcome.awards.filter(pl.col("verdict") == "no")
    part = part.with_columns(pl.lit(1, pl.Int16).alias("years"))
    return pl.concat([nothing.drop("measure"), part.select(nothing.drop("measure").columns)])


@dataclass(frozen=True)
class Scored:
    """An outcome, or a part of one, with the year that counts (None: all)."""

    outcome: Outcome
    year: int | None

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The award rows that count."""
        return counted(self.outcome, self.year)

    @cached_property
    def counting(self) -> pl.DataFrame:
        """The rows with what each adds to the totals as its sums; of a year, without what has no stated year."""
        rows = self.rows if self.year is None else self.rows.filter(pl.col("year") == self.year)
        return counting(self.outcome.policies, rows)

    @cached_property
    def sums(self) -> pl.DataFrame:
        """One row a firm, in order: its totals, and how many of its awards are eligible or to be verified."""
        return by_firm(self.counting, len(self.outcome.firms), counts=True)

    @cached_property
    def people(self) -> pl.DataFrame:
        """One row a firm, in order: what goes to its people, or is shared with them."""
        rows = self.rows if self.year is None else self.rows.filter(pl.col("year") == self.year)
        found = people(self.outcome.policies, rows).select("firm", *(pl.col(name).alias(key) for key, name in PEOPLE))
        numbers = pl.int_range(len(self.outcome.firms), dtype=pl.UInt32, eager=True).alias("firm").to_frame()
        return numbers.join(found, on="firm", how="left", maintain_order="left").drop("firm").fill_null(0)


def firms(scored: Scored, lang: Lang) -> View:
    """One row a firm, in the order it was read."""
    policies = scored.outcome.policies
    frame = scored.outcome.firms.firms.select(*_who(policies, lang), pl.col(PLACE).alias("place"))
    own = [Column(key, "money", 17) for key, _ in PEOPLE]
    columns = (*_who_columns(policies, lang), *sum_columns("eligible", "to_verify"), *own, Column("place", "text", 30))
    whole = frame.hstack(scored.sums.drop("firm")).hstack(scored.people)
    return View("firms", columns, whole.select(column.key for column in columns))


def _who(policies: Policies, lang: Lang) -> list[pl.Expr]:
    """Name, code and district of a firm table, as columns of those keys."""
    found = []
    for key, fact in _who_facts(policies):
        titles = {each.key: each.title.in_(lang) for each in fact.choices}
        column = pl.col(fact.key)
        found.append((column.cast(pl.String).replace(titles) if titles else column).alias(key))
    return found


def _who_facts(policies: Policies) -> list[tuple[str, Fact]]:
    words = policies.vocabulary
    known = [
        ("name", words.role("firm", "name")),
        ("code", words.role("firm", "id")),
        ("place_of", place_fact(policies)),
    ]
    return [(key, fact) for key, fact in known if fact]


def _who_columns(policies: Policies, lang: Lang) -> list[Column]:
    widths = {"name": 34, "code": 22, "place_of": 16}
    return [Column(key, "text", widths[key], fact.title.in_(lang)) for key, fact in _who_facts(policies)]


def sum_columns(*counts: str) -> list[Column]:
    """The columns of totals, and of some counts."""
    sums = [Column(key, "count" if key in COUNTS else "money", 14 if key in COUNTS else 17) for key in SUMS]
    return [*sums, *(Column(key, "count", 13) for key in counts)]


AWARDS = (
    Column("name", width=34),
    Column("code", width=22),
    Column("reference", width=10),
    Column("measure", width=32),
    Column("event", width=26),
    Column("date", width=12),
    Column("event_amount", "money", 15),
    Column("verdict", width=9),
    Column("amount_kind", width=10),
    Column("low", "money", 15),
    Column("high", "money", 15),
    Column("open_high", width=8),
    Column("recipient", width=10),
    Column("counts_low", "money", 15),
    Column("counts_high", "money", 15),
    Column("years", width=11),
    Column("departments", width=40),
    Column("missing_facts", width=24),
    Column("note", width=20),
    Column("document", width=20),
    Column("clause_number", "number", 8),
    Column("measure_id", width=28),
    Column("place", width=30),
)


#: The same for programs: keys instead of words, and the first year with the number of years.
KEYS = tuple(
    each
    for column in AWARDS
    if column.key not in ("measure", "open_high")
    for each in ((Column("year", "year"), Column("years", "count")) if column.key == "years" else (column,))
)


def awards(scored: Scored, lang: Lang | None) -> View:
    """One row an award, firm by firm, in the order of the document; without a language in keys."""
    outcome = scored.outcome
    rows = _in_order(outcome, scored.rows)
    frame = rows.select(
        *_of_firm(outcome, rows),
        *_of_measure(outcome.policies, lang),
        *_of_event(outcome, rows, lang),
        _verdict(rows, lang),
        _amount_kind(outcome, rows, lang),
        *(_of_amount(lang) if lang else ["low", "high", "year", "years"]),
        *(each.alias(name) for each, name in zip(counts(outcome.policies), ("counts_low", "counts_high"), strict=True)),
        waiting.facts(outcome, rows, lang).alias("missing_facts"),
    )
    columns = AWARDS if lang else KEYS
    return View("awards", columns, frame.select(column.key for column in columns))


def _in_order(outcome: Outcome, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by firm, version and event, the accounts first: sorted as one number, in half the time."""
    versions, events = len(outcome.policies.measures), outcome.firms.events.height + 1
    event = (pl.col("event").cast(pl.UInt64) + 1).fill_null(0)
    number = (pl.col("firm").cast(pl.UInt64) * versions + pl.col("version")) * events + event
    return rows[rows.select(number).to_series().arg_sort()]


def _of_firm(outcome: Outcome, rows: pl.DataFrame) -> list[pl.Series]:
    table, at = outcome.firms.firms, rows.get_column("firm")
    role = outcome.policies.vocabulary.role
    facts = [("name", role("firm", "name")), ("code", role("firm", "id"))]
    blank = pl.Series(dtype=pl.String).extend_constant(None, rows.height)
    return [(table.get_column(fact.key).gather(at) if fact else blank).alias(key) for key, fact in facts]


def _of_measure(policies: Policies, lang: Lang | None) -> list[pl.Expr]:
    measures, worded = policies.measures, lang or "zh"
    texts = {
        "reference": [each.clause.reference for each in measures],
        "measure": [each.title.in_(worded) for each in measures],
        "departments": [
            listed((one.short.in_(worded) for one in each.clause.departments), worded) for each in measures
        ],
        "document": [each.document for each in measures],
        "measure_id": [each.id for each in measures],
        "recipient": [
            phrase(f"show.recipient_{each.recipient}", lang) if lang else each.recipient for each in measures
        ],
    }
    looked = [look(pl.Series(values, dtype=pl.String), "version").alias(key) for key, values in texts.items()]
    numbers = pl.Series([each.clause.number for each in measures], dtype=pl.Int64)
    return [*looked, look(numbers, "version").alias("clause_number")]


def _amount_kind(outcome: Outcome, rows: pl.DataFrame, lang: Lang | None) -> pl.Series:
    """The kind of each amount: a measure's, that of the tier an answer chooses, or of all versions that may hold."""
    shown = {kind: phrase(f"show.kind_{kind}", lang) if lang else kind for kind in KINDS}
    grants = [each.grant for each in outcome.policies.measures]
    own = pl.Series([shown.get(grant.kind) if grant else None for grant in grants], dtype=pl.String)
    kinds = own.gather(rows.get_column("version"))
    for version, grant in enumerate(grants):
        at = (rows.get_column("version") == version).arg_true() if grant and grant.tiers else pl.Series(dtype=pl.UInt32)
        if grant is None or not len(at):
            continue
        of = outcome.policies.vocabulary.facts[grant.by or ""].of
        table = outcome.firms.events if of == "event" else outcome.firms.firms
        known = table.get_column(grant.by or "").gather(rows.get_column(of).gather(at))
        kinds = kinds.scatter(at, [shown[wording.kind_of_tier(grant, value)] for value in known.to_list()])
    between = pl.col("window").is_null() & (pl.col("verdict") != "no")
    return rows.select(pl.when(between).then(_kind_of(shown)).otherwise(kinds).alias("amount_kind")).to_series()


def _kind_of(shown: Mapping[str, str]) -> pl.Expr:
    """The kind of an interval, as `wording.kind_of` has it."""
    low, high = pl.col("low"), pl.col("high")
    open_ = pl.when(low > 0).then(pl.lit(shown["at_least"])).otherwise(pl.lit(shown["unstated"]))
    closed = pl.when(low == high).then(pl.lit(shown["exactly"])).otherwise(pl.lit(shown["up_to"]))
    return pl.when(high.is_null()).then(open_).otherwise(closed)


def _of_event(outcome: Outcome, rows: pl.DataFrame, lang: Lang | None) -> list[pl.Series]:
    """What the row is about; the place is the event's, or the firm's."""
    policies, words = outcome.policies, outcome.policies.vocabulary
    amount, note = words.role("event", "amount"), words.role("event", "note")
    kinds = [kind.title.in_(lang) if lang else kind.key for kind in words.kinds.values()]
    titles = pl.Series([*kinds, phrase("show.accounts", lang) if lang else None], dtype=pl.String)
    table, at = outcome.firms.events, rows.get_column("event")
    kind = table.get_column(policies.kind_fact).to_physical().cast(pl.UInt32).gather(at).fill_null(len(kinds))
    blank = null_column(rows.height, pl.String)
    # Two columns of text are put together where they are short: the places of firms and of events, one after another.
    places = pl.concat([frame.get_column(PLACE) for frame in (outcome.firms.firms, table)], rechunk=True)
    spot = rows.select(pl.coalesce(pl.col("event") + len(outcome.firms), "firm")).to_series()
    found = {
        "event": titles.gather(kind),
        "date": days(table, policies.date_fact).gather(at),
        "event_amount": (table.get_column(amount.key) if amount else null_column(table.height, pl.Int64)).gather(at),
        "note": table.get_column(note.key).gather(at) if note and table.get_column(note.key).count() else blank,
        "place": places.gather(spot),
    }
    return [series.alias(name) for name, series in found.items()]


def days(events: pl.DataFrame, key: str) -> pl.Series:
    """Dates as far as they are known: 2022-03-01, 2022-03 or 2022, as `wording.span` has it."""
    vague = pl.col(key) != pl.col(key + UNTIL)
    worded = by_day(events.get_column(key), lambda days: days.dt.to_string("%Y-%m-%d"))
    text = events.select(worded.alias(key)).to_series()
    rows = events.select(vague.fill_null(value=False)).to_series().arg_true()
    return text.scatter(rows, events[rows].select(_vague(key)).to_series()) if len(rows) else text


def _vague(key: str) -> pl.Expr:
    """A month or a year."""
    first, last = pl.col(key), pl.col(key + UNTIL)
    year = (first.dt.ordinal_day() == 1) & (last == last.dt.month_end()) & (last.dt.month() == 12)  # noqa: PLR2004
    text = first.dt.to_string("%Y-%m-%d")
    return pl.when(year).then(text.str.head(4)).otherwise(text.str.head(7))


def _verdict(rows: pl.DataFrame, lang: Lang | None) -> pl.Series:
    """The verdict, looked up like a measure's texts: a cast would make a new text for each row."""
    texts = [phrase(f"show.verdict_{each}", lang) if lang else each for each in VERDICTS]
    return pl.Series("verdict", texts).gather(rows.get_column("verdict").to_physical())


def _of_amount(lang: Lang) -> list[pl.Expr]:
    counts = (pl.col("verdict") != "no") & (pl.col("years") > 0)
    first, last = pl.col("year"), pl.col("year") + pl.col("years") - 1
    span = pl.when(first == last).then(first.cast(pl.String)).otherwise(pl.format("{}-{}", first, last))
    undated = pl.lit(phrase("show.no_year", lang))
    return [
        pl.col("low"),
        pl.col("high"),
        pl.when(pl.col("high").is_null()).then(pl.lit(phrase("show.yes", lang))).alias("open_high"),
        pl.when(counts & first.is_null()).then(undated).when(counts).then(span).alias("years"),
    ]
