"""Awards and credits as rows, firm by firm in the order of the document; for people in words, for programs in keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ordos_subsidy import wording
from ordos_subsidy.conditions import UNTIL
from ordos_subsidy.evaluation import VERDICTS, Outcome, by_day, counts, look
from ordos_subsidy.messages import Lang, listed, phrase
from ordos_subsidy.policy import Measure, Policies
from ordos_subsidy.report.lines import Lines
from ordos_subsidy.tables.columns import null_column
from ordos_subsidy.tables.firms import PLACE
from ordos_subsidy.views import cases
from ordos_subsidy.views.fields import AWARD_KEYS, AWARDS, View, view
from ordos_subsidy.views.scored import Scored, spreads

KINDS = ("exactly", "up_to", "at_least", "share", "unstated")
_SECTIONS = ("award", "credit")
_KEY = ["firm", "event", "version"]


def keyed_awards(scored: Scored) -> View:
    """The awards and credits for programs, in keys."""
    outcome = scored.outcome
    rows = _in_order(outcome, _shown(scored))
    missing = cases.missing_keys(outcome, rows)
    frame = rows.select(*_common(outcome, rows, None), "low", "high", "year", "years", missing.alias("missing_facts"))
    return view("awards", AWARD_KEYS, frame.with_columns(_counts(scored, rows)))


def awards(scored: Scored, told: Told) -> View:
    """The awards and credits for people, in words."""
    outcome, lang = scored.outcome, told.lang
    rows = _in_order(outcome, told.rows)
    at = rows.get_column("@at")
    said = [each.alias(name).gather(at) for name, each in told.columns.items()]
    frame = rows.select(*_common(outcome, rows, lang), *_of_amount(outcome.policies, lang), *said)
    return view("awards", AWARDS, frame.with_columns(_counts(scored, rows)))


def _shown(scored: Scored) -> pl.DataFrame:
    """Awards, then credits, with the number of their section."""
    parts = (scored.rows, scored.credit_rows)
    columns = [name for name in parts[0].columns if name != "measure"]
    numbered = [
        part.select(columns).with_columns(pl.lit(n, pl.UInt8).alias("@section")) for n, part in enumerate(parts)
    ]
    return pl.concat(numbered)


@dataclass(frozen=True)
class Told:
    """The rows of a table of awards, and what is said of each: `@at` is the place of a row in the columns.

    The same words are said of an award whatever the year: `columns` are of all awards and credits of the outcome.
    """

    lang: Lang
    rows: pl.DataFrame
    #: All awards and credits, whatever the year, with their whole sums.
    whole: pl.DataFrame
    columns: Mapping[str, pl.Series]
    answered: cases.Answered


def told(scored: Scored, lines: Lines) -> Told:
    """What is said of awards and credits."""
    outcome = scored.outcome
    columns = [*_KEY, "verdict", "low", "high", "due_low", "due_high"]
    parts = (outcome.awards, scored.credits)
    whole = pl.concat(
        [part.select(columns).with_columns(pl.lit(n, pl.UInt8).alias("@section")) for n, part in enumerate(parts)]
    )
    shown = _shown(scored)
    if scored.year is None:
        shown = shown.with_row_index("@at")
    else:
        places = whole.select(*_KEY).with_row_index("@at")
        shown = shown.join(places, on=_KEY, how="left", nulls_equal=True, maintain_order="left")
    answered = cases.worded(outcome, whole, lines, "award", "credit")
    said = {
        "amount_words": answered.column([each.said.amount for each in answered.answers], pl.String()),
        "missing_facts": missing_titles(outcome.policies, answered, lines.lang),
        "reason": answered.column([each.reason or None for each in answered.answers], pl.String()),
        "notes": _notes(outcome, whole, lines),
    }
    return Told(lines.lang, shown, whole, said, answered)


def missing_titles(policies: Policies, answered: cases.Answered, lang: Lang) -> pl.Series:
    """The facts that rows wait for, by their headings."""
    facts = policies.vocabulary.facts
    titles = [listed((facts[key].title.in_(lang) for key in each.missing), lang) or None for each in answered.answers]
    return answered.column(titles, pl.String())


def _notes(outcome: Outcome, rows: pl.DataFrame, lines: Lines) -> pl.Series:
    """The notes of rows: said once for a measure, and again for what limits or other events leave of a row."""
    then = phrase("show.then", lines.lang)
    measures, later = outcome.policies.measures, _later(outcome, rows)
    said = [then.join(lines.notes(each, later=after)) or None for each in measures for after in (False, True)]
    texts = pl.Series(said, dtype=pl.String).gather(rows.get_column("version").cast(pl.UInt32) * 2 + later)
    refused = rows.get_column("verdict") == "no"
    texts = texts.zip_with(~refused, null_column(rows.height, pl.String))
    limited = (pl.col("due_low") != pl.col("low")) | pl.col("due_high").ne_missing(pl.col("high"))
    repeated = pl.col("event").is_in(pl.Series(list(lines.repeated), dtype=pl.UInt32).implode())
    mine = rows.with_columns(later.alias("@later"), limited.alias("@limited")).with_row_index("@row")
    own = mine.filter((limited | repeated.fill_null(value=False)) & (pl.col("verdict") != "no"))
    found = []
    for row in own.iter_rows(named=True):
        left = (row["due_low"], row["due_high"]) if row["@limited"] else None
        notes = lines.notes(measures[row["version"]], left, later=row["@later"], event=row["event"])
        found.append(then.join(notes) or None)
    return texts.scatter(own.get_column("@row"), pl.Series(found, dtype=pl.String)) if found else texts


def _later(outcome: Outcome, rows: pl.DataFrame) -> pl.Series:
    """Whether a later document may govern the claim of each row."""
    policies, succession = outcome.policies, outcome.policies.head.succeeded_by
    if succession is None:
        return pl.Series([False]).new_from_index(0, rows.height)
    days = outcome.firms.events.get_column(policies.date_fact + UNTIL) >= succession.since
    found = days.gather(rows.get_column("event"))
    if policies.year_fact:
        years = outcome.firms.firms.get_column(policies.year_fact) >= succession.since.year
        found = years.gather(rows.get_column("firm")).zip_with(rows.get_column("event").is_null(), found)
    return found.fill_null(value=False)


def _common(outcome: Outcome, rows: pl.DataFrame, lang: Lang | None) -> list[pl.Series | pl.Expr]:
    """The columns that tables for people and for programs share."""
    sections = [phrase(f"show.section_{each}", lang) if lang else each for each in _SECTIONS]
    return [
        *who(outcome, rows.get_column("firm")),
        pl.Series("section", sections).gather(rows.get_column("@section")),
        *of_measure(outcome.policies, lang),
        *_of_event(outcome, rows, lang),
        _verdict(rows, lang),
        _amount_kind(outcome, rows, lang),
    ]


def _counts(scored: Scored, rows: pl.DataFrame) -> list[pl.Series]:
    """What each award adds to the totals of the year that counts; of credits nothing is said."""
    counted = counts(scored.outcome.policies)
    if scored.year is not None:  # a sum without a year is in no year's totals
        out = (pl.col("verdict") != "no") & pl.col("year").is_null()
        counted = (pl.when(out).then(0).otherwise(counted[0]), pl.when(out).then(0).otherwise(counted[1]))
    award = pl.col("@section") == 0
    named = zip(counted, ("counts_low", "counts_high"), strict=True)
    return rows.select(pl.when(award).then(each).alias(name) for each, name in named).get_columns()


def _in_order(outcome: Outcome, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by firm, section, version and event, the accounts first: sorted as one number, in half the time."""
    versions, events = len(outcome.policies.measures), outcome.firms.events.height + 1
    event = (pl.col("event").cast(pl.UInt64) + 1).fill_null(0)
    firm = pl.col("firm").cast(pl.UInt64) * len(_SECTIONS) + pl.col("@section")
    number = (firm * versions + pl.col("version")) * events + event
    return rows[rows.select(number).to_series().arg_sort()]


def who(outcome: Outcome, firm: pl.Series) -> list[pl.Series]:
    """The name and code of the firm of each row."""
    table, role = outcome.firms.firms, outcome.policies.vocabulary.role
    facts = [("name", role("firm", "name")), ("code", role("firm", "id"))]
    blank = null_column(len(firm), pl.String)
    return [(table.get_column(fact.key).gather(firm) if fact else blank).alias(key) for key, fact in facts]


def of_measure(policies: Policies, lang: Lang | None) -> list[pl.Expr]:
    """What there is to say of the measure of each row."""
    measures, in_ = policies.measures, lang or "zh"
    texts: dict[str, list[str | None]] = {
        "reference": [each.clause.reference for each in measures],
        "measure": [each.title.in_(in_) for each in measures],
        "departments": [listed((one.short.in_(in_) for one in each.clause.departments), in_) for each in measures],
        "document": [each.document for each in measures],
        "measure_id": [each.id for each in measures],
        "recipient": [_recipient(each, lang) for each in measures],
    }
    looked = [look(pl.Series(values, dtype=pl.String), "version").alias(key) for key, values in texts.items()]
    numbers = pl.Series([each.clause.number for each in measures], dtype=pl.Int64)
    return [*looked, look(numbers, "version").alias("clause_number")]


def _recipient(measure: Measure, lang: Lang | None) -> str | None:
    """Who receives an award; of a credit nobody does."""
    if measure.category != "award":
        return None
    return phrase(f"show.recipient_{measure.recipient}", lang) if lang else measure.recipient


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


def _of_amount(policies: Policies, lang: Lang) -> list[pl.Expr]:
    counts = (pl.col("verdict") != "no") & (pl.col("years") > 0)
    first, last, within = pl.col("year"), pl.col("year") + pl.col("years") - 1, pl.col("within")
    span = pl.when(first == last).then(first.cast(pl.String)).otherwise(pl.format("{}-{}", first, last))
    until = within + look(spreads(policies), "version").fill_null(1) - 1
    inside = pl.format(phrase("show.within_years", lang, first="{}", last="{}"), within, until)
    undated = pl.when(within.is_null()).then(pl.lit(phrase("show.no_year", lang))).otherwise(inside)
    return [
        pl.col("low"),
        pl.col("high"),
        pl.when(pl.col("high").is_null()).then(pl.lit(phrase("show.yes", lang))).alias("open_high"),
        pl.when(counts & first.is_null()).then(undated).when(counts).then(span).alias("years"),
    ]
