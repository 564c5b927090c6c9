"""Firms and events brought together in columns, by the rules of `firms.join`.

What is clear at a glance is joined in columns: an event that gives the code of one firm and no other name, or else
the exact name of one firm; a firm that nobody else could be taken for. Whatever needs a word, and everything it
could have to do with, goes through `firms.join` itself: firms entered twice, twins in spelling, rows with an
unreadable or missing value, events whose firm is not found at once. So both ways decide alike and say the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import polars as pl

from ordos_subsidy.batch.cells import alike, nothing
from ordos_subsidy.batch.sides import CODE, JOINING, KNOWN, NAME, OWNER, Side, between
from ordos_subsidy.conditions import UNTIL
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.firms.columns import Typed
from ordos_subsidy.firms.join import join as join_rows
from ordos_subsidy.firms.records import Records
from ordos_subsidy.firms.register import NOISE, loose
from ordos_subsidy.firms.rows import Rows
from ordos_subsidy.firms.tables import FIRM, PLACE, Firms

#: Names of these signs alone fold alike in Polars and in Python.
_PLAIN = r"^[\x00-\x7f\u{3001}-\u{3011}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ff01}-\u{ff5e}]*$"
#: What folding changes: noise, capitals, and whatever is neither ASCII nor a common ideograph.
_FOLDS = r"""[^!#-&*+/0-9:;=?@\\^`a-z|~\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}]"""
#: More rows than these are not looked at one by one: half a minute of work, and more messages than anybody reads.
ONE_BY_ONE = 500_000
#: Of one value in so many, finding it among all is cheaper than arranging all to be found.
_FEW = 10


@dataclass
class _Settled:
    """What became of the rows that went through `firms.join`: firms that stay, events that stay with their firm."""

    problems: list[Problem]
    looked_at: list[int] = field(default_factory=list)
    firms: list[int] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True)
class Joined:
    """What becomes of all rows: which firms stay, and whose each event is (null: it goes)."""

    kept: pl.Series
    owner: pl.Series
    problems: tuple[Problem, ...]
    left_out: int

    @cached_property
    def firm(self) -> pl.Series:
        """The number of each event's firm among those that stay, null where the event goes."""
        if self.kept.all():
            return self.owner
        numbers = self.kept.cast(pl.UInt32).cum_sum() - 1
        return numbers.zip_with(self.kept, _nobody(len(numbers))).gather(self.owner)


def joined(firms: Side, events: Side, said: list[Problem]) -> Joined:
    """Bring firms and events together, and say every problem after those already said."""
    with ThreadPoolExecutor(1) as pool:
        doubts = pool.submit(_doubtful_firms, firms)
        owners = _owners(firms, events)
        doubtful = doubts.result()
    unclear = _unclear_events(events, owners, doubtful)
    settled = _settle(firms, events, owners, doubtful, unclear)
    kept = _set(_set(~doubtful, settled.looked_at, value=False), settled.firms, value=True)
    owner = owners.zip_with(~unclear, _nobody(len(owners))) if unclear.any() else owners
    if settled.events:
        owner = owner.scatter(settled.events, pl.Series(settled.owners, dtype=pl.UInt32))
    return Joined(kept, owner, (*said, *settled.problems), settled.left_out)


def join(firms: Side, events: Side, said: list[Problem], *, places: bool = True) -> Firms:
    """The tables of all that can be used."""
    found = joined(firms, events, said)
    (whole,) = parts(found, firms, events, None, places=places)
    return replace(whole, problems=found.problems, left_out=found.left_out)


def parts(found: Joined, firms: Side, events: Side, size: int | None, *, places: bool) -> Iterator[Firms]:
    """The firms that stay, so many at a time (None: all at once), each with its events, in order."""
    kept, owner = found.kept.arg_true(), found.firm
    size = max(len(kept), 1) if size is None else size
    rows = pl.int_range(len(owner), dtype=pl.UInt32, eager=True)
    if owner.null_count():
        rows, owner = rows.filter(owner.is_not_null()), owner.drop_nulls()
    with ThreadPoolExecutor(1) as pool:
        pieces = pool.submit(lambda: (_in_one_piece(firms.frame), _in_one_piece(events.let_go(JOINING))))
        if len(kept) > size and not owner.is_sorted():
            owner, rows = _sorted(owner, rows)
        table, theirs = pieces.result()
    for side in (firms, events):  # what has been copied is not held twice
        side.let_go()
    for start in range(0, max(len(kept), 1), size):
        first, last = (0, len(rows)) if len(kept) <= size else between(owner, start, start + size)
        some, own = kept.slice(start, size), rows.slice(first, last - first)
        yield Firms(
            _taken(table, some).with_columns(
                pl.int_range(len(some), dtype=pl.UInt32, eager=True).alias(FIRM), firms.places(some).alias(PLACE)
            ),
            _taken(theirs, own).with_columns(
                (owner.slice(first, last - first) - start).alias(FIRM), _places(events, own, wanted=places).alias(PLACE)
            ),
        )


def _sorted(owner: pl.Series, rows: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Owners in order, the rows of each in theirs: sorted as one number of 64 bits, which is unlike any other."""
    import numpy as np

    low, high = (0, 1) if sys.byteorder == "little" else (1, 0)
    pairs = np.empty((len(owner), 2), np.uint32)
    pairs[:, low], pairs[:, high] = rows.to_numpy(), owner.to_numpy()
    halves = pl.Series(pairs.reshape(-1).view(np.uint64)).sort().to_numpy().view(np.uint32).reshape(-1, 2)
    return pl.Series(halves[:, high]), pl.Series(halves[:, low])


def _in_one_piece(frame: pl.DataFrame) -> pl.DataFrame:
    """The same in one piece, which makes looking up row by row much quicker; columns without a value share theirs."""
    blank = cache(lambda kind: nothing(frame.height, kind))
    columns = frame.get_columns()
    return pl.DataFrame([each.rechunk() if each.count() else blank(each.dtype).alias(each.name) for each in columns])


def _taken(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """Some rows; of columns without a value it is all the same which."""
    if not len(rows):
        return frame.clear()
    if rows.is_sorted() and int(rows[-1]) - int(rows[0]) + 1 == len(rows):  # no row is there twice
        return frame.slice(int(rows[0]), len(rows))
    some = [each.name for each in frame.get_columns() if each.count()]
    return frame.head(len(rows)).with_columns(frame.select(some)[rows].get_columns())


def _places(side: Side, rows: pl.Series, *, wanted: bool) -> pl.Series:
    return side.places(rows) if wanted else nothing(len(rows), pl.String)


def spelling(names: pl.Series) -> pl.Series:
    """Names however they are spelt, as `register.loose` folds them."""
    folds = names.str.contains(_FOLDS).fill_null(value=False)
    if not folds.any():
        return names
    some = names.filter(folds)
    slow = ~some.str.contains(_PLAIN)
    folded = some.str.normalize("NFKC").str.replace_all(NOISE, "").str.to_lowercase()
    folded = folded.zip_with(folded != "", some)
    if slow.any():
        folded = _with(folded, slow, pl.Series([loose(name) for name in some.filter(slow)], dtype=pl.String))
    return _with(names, folds, folded)


def _with(values: pl.Series, mask: pl.Series, new: pl.Series) -> pl.Series:
    """Values, with new ones in the rows of a mask."""
    at = (mask.cast(pl.UInt32).cum_sum() - 1).zip_with(mask, _nobody(len(mask)))
    return values.zip_with(~mask, new.gather(at))


def _nobody(height: int) -> pl.Series:
    return nothing(height, pl.UInt32)


def _name_and_code(side: Side) -> tuple[pl.Series, pl.Series]:
    """The names and the codes of firms, as they stand in their own table."""
    blank = nothing(side.frame.height, pl.String)
    facts = [side.vocabulary.role("firm", role) for role in ("name", "id")]
    name, code = (side.frame.get_column(fact.key) if fact else blank for fact in facts)
    return name, code


def _owners(firms: Side, events: Side) -> pl.Series:
    """The row of each event's firm where it is clear at a glance."""
    given = _given(events)
    known, name, owner = (given.get_column(column) for column in (KNOWN, NAME, OWNER))
    unclear = known.is_null() | name.is_not_null() | owner.is_not_null()
    if not unclear.any():
        return known
    if unclear.all():
        return _found(firms, given)
    return known.scatter(unclear.arg_true(), _found(firms, given.filter(unclear)))


def _given(events: Side) -> pl.DataFrame:
    """What each event says of its firm: the columns as they are, which `select` would copy into one piece."""
    return pl.DataFrame([events.frame.get_column(column) for column in JOINING])


def _found(firms: Side, given: pl.DataFrame) -> pl.Series:
    """The row of the firm that each of some events gives, by its own row, its code or its name."""
    names, codes = _name_and_code(firms)
    given_name, given_code = given.get_column(NAME), given.get_column(CODE)
    owner = given.get_column(OWNER).cast(pl.UInt32)
    inside = owner.is_not_null()
    known = given.get_column(KNOWN)
    owner = owner.zip_with(inside, known)
    looked = given_code.is_not_null() & known.is_null() & ~inside
    if looked.any():
        owner = _with(owner, looked, _looked_up(given_code.filter(looked), codes))
    nameless = given_code.is_null() & known.is_null() & ~inside
    if nameless.any():
        owner = owner.zip_with(~nameless, _looked_up(given_name, names))
    if given_name.null_count() == len(given_name):
        return owner
    # An event that calls its firm by another name than the firm does is worth a word.
    other = (given_name != names.gather(owner)).fill_null(value=False) | (
        given_name.is_not_null() & owner.is_not_null() & names.gather(owner).is_null()
    )
    return owner.zip_with(~other | inside, _nobody(len(owner)))


def _looked_up(wanted: pl.Series, known: pl.Series) -> pl.Series:
    """The first row of each value."""
    if wanted.null_count() == len(wanted):
        return _nobody(len(wanted))
    rows = pl.DataFrame([known.alias("value"), pl.int_range(len(known), dtype=pl.UInt32, eager=True).alias("row")])
    if len(wanted) < len(known) // _FEW:
        rows = rows.filter(pl.col("value").is_in(wanted.drop_nulls().unique().implode()))
    rows = rows.drop_nulls("value").unique("value", keep="first")
    found = wanted.alias("value").to_frame().join(rows, on="value", how="left", maintain_order="left")
    return found.get_column("row")


def _doubtful_firms(firms: Side) -> pl.Series:
    """Firms that are broken, lack what must be there, or could be taken for another."""
    names, codes = _name_and_code(firms)
    doubtful = alike(firms.frame.height, value=False)
    if not len(doubtful):
        return doubtful
    with ThreadPoolExecutor(2) as pool:  # each of these steps is done by one core
        folded = pool.submit(spelling, names)
        looked = [pool.submit(_twins, values) for values in (codes, names)]
        spelt = folded.result()
        looked += [] if spelt is names else [pool.submit(_twins, spelt)]
        for twins in (each.result() for each in looked):
            doubtful = doubtful if twins is None else doubtful | twins
    for fact in firms.vocabulary.of("firm"):
        if fact.required:
            doubtful |= firms.frame.get_column(fact.key).is_null()
    return doubtful.scatter(sorted(firms.broken), values=True) if firms.broken else doubtful


def _twins(values: pl.Series) -> pl.Series | None:
    """The rows whose value others have too, if there are any.

    Values are counted by their hashes, which is faster; that two differ in spite of one hash does no harm here.
    """
    if values.drop_nulls().hash().n_unique() + values.null_count() == len(values):
        return None
    return values.is_duplicated() & values.is_not_null()


def _unclear_events(events: Side, owners: pl.Series, doubtful: pl.Series) -> pl.Series:
    """Events without a clear firm or kind, broken ones, and those of doubtful firms."""
    unclear = owners.is_null()
    if doubtful.any():
        unclear |= doubtful.gather(owners).fill_null(value=False)
    for fact in events.vocabulary.of("event"):
        if fact.required or fact.role == "kind":
            unclear |= events.frame.get_column(fact.key).is_null()
    return unclear.scatter(sorted(events.broken), values=True) if events.broken else unclear


def _settle(firms: Side, events: Side, owners: pl.Series, doubtful: pl.Series, unclear: pl.Series) -> _Settled:
    """Let `firms.join` decide on everything that is not clear, with all it could have to do with."""
    if not doubtful.any() and not unclear.any():
        return _Settled([*firms.problems, *events.problems])
    bearable(int(doubtful.sum()), lambda: firms.place(int(doubtful.arg_true()[0]), ""))
    bearable(int(unclear.sum()), lambda: events.place(int(unclear.arg_true()[0]), ""))
    chosen = _concerned(firms, events, owners, doubtful, unclear)
    firm_rows = chosen.arg_true().to_list()
    spot = {row: n for n, row in enumerate(firm_rows)}
    firm_part = Rows("firm", firms.vocabulary)
    firm_part.add(_typed(firms, firm_rows))
    event_part = Rows("event", events.vocabulary)
    event_rows: list[int] = []
    inside = events.frame.get_column(OWNER).is_not_null()
    for mask, owned in ((unclear & inside, True), (unclear & ~inside, False)):
        rows = mask.arg_true().to_list()
        if not rows:
            continue
        part = _typed(events, rows)
        if owned:
            part.records.owners = [spot[row] for row in events.frame.get_column(OWNER).gather(rows).to_list()]
        event_part.add(part)
        event_rows += rows
    joined = join_rows(firm_part, event_part)
    problems = [*firms.problems, *firm_part.problems, *events.problems, *event_part.problems]
    return _Settled(
        problems,
        firm_rows,
        [firm_rows[n] for n in joined.firms],
        [event_rows[n] for n in joined.events],
        [firm_rows[joined.firms[n]] for n in joined.owners],
        joined.left_out,
    )


def bearable(rows: int, first: Callable[[], str]) -> None:
    """Refuse to look at more rows one by one than anybody would read about."""
    if rows > ONE_BY_ONE:
        raise Refused([problem("batch.one_by_one", first(), limit=f"{ONE_BY_ONE:,}")])


def _set(mask: pl.Series, rows: list[int], *, value: bool) -> pl.Series:
    return mask.scatter(rows, value) if rows else mask


def _concerned(firms: Side, events: Side, owners: pl.Series, doubtful: pl.Series, unclear: pl.Series) -> pl.Series:
    """The firms that unclear events and doubtful firms could have to do with; two at least, if there are two."""
    names, codes = _name_and_code(firms)
    given = _given(events).filter(unclear)
    given_name, given_code = given.get_column(NAME), given.get_column(CODE)
    chosen = doubtful.clone()
    own = pl.concat(
        [owners.filter(unclear), given.get_column(OWNER).cast(pl.UInt32), given.get_column(KNOWN)]
    ).drop_nulls()
    if len(own):
        chosen = chosen.scatter(own.unique(), values=True)
    spelt = spelling(names)
    asked = pl.concat([spelling(given_name), spelt.filter(chosen)]).drop_nulls().unique()
    chosen |= spelt.is_in(asked.implode()).fill_null(value=False)
    chosen |= codes.is_in(given_code.drop_nulls().unique().implode()).fill_null(value=False)
    for row in range(min(2, len(chosen))):  # an event without a name belongs to the only firm there is
        if chosen.sum() < 2:  # noqa: PLR2004 - two firms are more than one
            chosen = chosen.scatter([row], values=True)
    return chosen


def _typed(side: Side, rows: list[int]) -> Typed:
    """Some rows as `firms.join` takes them."""
    frame = side.rows(rows)
    records = Records(side.of, len(rows), lambda row, key: side.place(rows[row], key))
    part = Typed(records)
    for fact in side.vocabulary.of(side.of):
        values = frame.get_column(fact.key).to_list()
        if fact.type == "date":
            pairs = zip(values, frame.get_column(fact.key + UNTIL).to_list(), strict=True)
            values = [None if first is None else (first, last) for first, last in pairs]
        part.values[fact.key] = values
    if side.of == "event":
        for column, role in ((NAME, "name"), (CODE, "id")):
            if fact_ := side.vocabulary.role("firm", role):
                part.keys[fact_.key] = frame.get_column(column).to_list()
    keys = [fact.key for fact in side.vocabulary.facts.values()]
    part.broken = {n for n, row in enumerate(rows) if row in side.broken}
    part.refused = {(n, key) for n in part.broken for key in keys if side.was_refused(rows[n], key)}
    return part
