"""Firms and their events brought together, and what cannot be trusted taken out.

An event belongs to the firm with its code if it gives one, else to the firm of its name, else to the only firm there
is. A firm with a value that cannot be read is left out together with its events, and so is a firm with such an
event: a wrong fact must not become a wrong sum. A firm entered twice counts once if both entries agree, and is left
out if they do not. An event that belongs to nobody is said and left out alone.

Columns tell which rows are clear: a code or a name that one firm has. Only the others, of which something is said,
are looked at one by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass

import polars as pl

from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, Refused, problem, warning
from ordos_subsidy.tables.columns import constant_column, null_column
from ordos_subsidy.tables.gathered import CODE, NAME, OWNER, Gathered

#: What makes no difference between two spellings of a name.
_NOISE = r"""[\s()\[\]{}【】〔〕「」《》<>"'“”‘’·•・.,，。_-]+"""
_noise = re.compile(_NOISE)
#: Names of these signs alone fold alike in Polars and in Python.
_PLAIN = r"^[\x00-\x7f\u{3001}-\u{3011}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ff01}-\u{ff5e}]*$"
#: What folding changes: noise, capitals, and whatever is neither ASCII nor a common ideograph.
_FOLDS = r"""[^!#-&*+/0-9:;=?@\\^`a-z|~\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}]"""
#: More rows than these are not looked at one by one: half a minute of work, and more messages than anybody reads.
ONE_BY_ONE = 500_000


@dataclass(frozen=True)
class Joined:
    """The rows of firms and of events to keep, in order, and the new number of each event's firm."""

    firms: pl.Series
    events: pl.Series
    owners: pl.Series
    #: The rows of firms that are left out.
    left_out: tuple[int, ...]


def join(firms: Gathered, events: Gathered, *, anonymous: bool = False) -> Joined:
    """Find the firm of each event and take out what cannot be used; problems are added to the tables.

    `anonymous` firms need no name and may be alike. Raises `Refused` where more than ONE_BY_ONE rows need a word.
    """
    if not anonymous:
        _require(firms, constant_column(firms.height, value=False))
    empty = _empty_events(events) | events.mask(events.passed)
    _require(events, empty)
    same = {} if anonymous else _settle(firms)
    owners = _owners(firms, events, empty)
    if same:
        owners = owners.replace(same)
    empty |= _pasted(firms, events, owners, same)
    broken = events.mask(events.broken)
    for row in sorted(events.broken):
        if (owner := owners[row]) is not None:
            firms.broken.add(owner)
            if row in events.why:
                firms.why.setdefault(owner, events.why[row])
    kept = ~firms.mask(firms.broken | same.keys())
    used = owners.is_not_null() & ~broken & ~empty
    if not kept.all():
        used &= kept.gather(owners).fill_null(value=False)
        owners = (kept.cast(pl.UInt32).cum_sum() - 1).gather(owners)
    owners = owners if used.all() else owners.filter(used)
    return Joined(kept.arg_true(), used.arg_true(), owners, tuple(sorted(firms.broken - same.keys())))


def check_slow_rows(table: Gathered, rows: pl.Series) -> list[int]:
    """Return the rows, which need a word each; raise `Refused` if they are more than ONE_BY_ONE."""
    if len(rows) > ONE_BY_ONE:
        raise Refused([problem("batch.one_by_one", table.place(rows[0]), limit=f"{ONE_BY_ONE:,}")])
    return rows.to_list()


def _require(table: Gathered, passed: pl.Series) -> None:
    """Break the rows without a value that must be there."""
    for fact in table.vocabulary.of(table.of):
        if not fact.required and not (table.of == "event" and fact.role == "kind"):
            continue
        missing = table.frame.get_column(fact.key).is_null() & ~passed
        for row in check_slow_rows(table, missing.arg_true()):
            if (row, fact.key) not in table.refused:
                table.break_row(row, "reading.required", fact.key, fact=fact.title.zh, fact_en=fact.title.en)


def _empty_events(events: Gathered) -> pl.Series:
    """The rows that name a firm but no event: there is something to say, but nothing to count."""
    found = ~events.mask(events.broken)
    for fact in events.vocabulary.of("event"):
        if not found.any():
            break
        found &= events.frame.get_column(fact.key).is_null()
    rows = check_slow_rows(events, found.arg_true())
    events.problems += [warning("reading.empty_event", events.place(row)) for row in rows]
    return found


# --- firms entered twice


def loose(name: str) -> str:
    """A firm's name without what people write differently: width, case, blanks, brackets, dots.

    >>> loose("内蒙古（鄂尔多斯） 某某有限公司") == loose("内蒙古(鄂尔多斯)某某有限公司")
    True
    >>> loose("某某有限公司") == loose("某某有限责任公司")
    False
    """
    return _noise.sub("", unicodedata.normalize("NFKC", name)).casefold() or name


def spelling(names: pl.Series) -> pl.Series:
    """Names as `loose` folds them."""
    folds = names.str.contains(_FOLDS).fill_null(value=False)
    if not folds.any():
        return names
    rows = folds.arg_true()
    some = names.gather(rows)
    folded = some.str.normalize("NFKC").str.replace_all(_NOISE, "").str.to_lowercase()
    folded = folded.zip_with(folded != "", some)
    strange = (~some.str.contains(_PLAIN)).arg_true()
    if len(strange):
        folded = folded.scatter(strange, [loose(name) for name in some.gather(strange).to_list()])
    return names.clone().scatter(rows, folded)


def _groups(table: Gathered, values: pl.Series) -> list[list[int]]:
    """The rows of each value that several rows have, in the order of their first ones."""
    if values.n_unique() + max(values.null_count() - 1, 0) == len(values):
        return []
    rows = (values.is_duplicated() & values.is_not_null()).arg_true()
    found: dict[str, list[int]] = defaultdict(list)
    for row, value in zip(check_slow_rows(table, rows), values.gather(rows).to_list(), strict=True):
        found[value].append(row)
    return list(found.values())


def _settle(firms: Gathered) -> dict[int, int]:
    """Firms entered twice: the later row and the first of those that agree; those that do not are broken."""
    names, codes = firms.role("name"), firms.role("id")
    doubles = _groups(firms, codes)
    # Firms of one name are two only if each has a code of its own.
    doubles += [rows for rows in _groups(firms, names) if codes.gather(rows).null_count()]
    facts = firms.frame.select(fact for fact in firms.frame.columns if not fact.startswith("@"))
    id_, name = firms.key("id"), firms.key("name")
    same: dict[int, int] = {}
    for first, *others in doubles:
        entry, place = facts.row(first), firms.place
        for row in others:
            key = name if codes[row] is None else id_
            params = {"name": shown(names[row] or ""), "first": place(first, key)}
            if facts.row(row) == entry:
                firms.problems.append(warning("reading.firm_repeated", place(row, key), **params))
                same[row] = first
            else:
                firms.break_row(row, "reading.firm_twice", key, **params)
                firms.broken.add(first)
    _spellings(firms, names, codes)
    for first, *others in _groups(firms, names):
        for row in others:
            if _differ(codes[row], codes[first]):
                params = {"name": shown(names[row]), "first": firms.place(first, id_)}
                firms.problems.append(warning("batch.two_codes", firms.place(row, id_), **params))
    return {row: first for row, first in same.items() if row not in firms.broken}


def _differ(one: str | None, two: str | None) -> bool:
    """Whether two codes are known and not the same."""
    return None not in (one, two) and one != two


def _spellings(firms: Gathered, names: pl.Series, codes: pl.Series) -> None:
    """Warn of two ways to write one name: perhaps one firm entered twice."""
    spelt, key = spelling(names), firms.key("name")
    for first, *others in _groups(firms, spelt) if spelt is not names else ():
        for row in others:
            if names[row] != names[first] and not _differ(codes[row], codes[first]):
                params = {"first": firms.place(first, key), "name": shown(names[row]), "other": shown(names[first])}
                firms.problems.append(warning("reading.spellings", firms.place(row, key), **params))


# --- the firm of an event


def _owners(firms: Gathered, events: Gathered, empty: pl.Series) -> pl.Series:
    """The row of each event's firm, null for those that belong to none; says where it had to look twice."""
    names, codes = firms.role("name"), firms.role("id")
    given_name, given_code, known = (events.frame.get_column(name) for name in (NAME, CODE, OWNER))
    todo = known.is_null() & ~empty
    owners = known
    if todo.any():
        by_code = _looked_up(given_code, codes, keep="first")
        by_name = _looked_up(given_name, names, keep="none").zip_with(given_code.is_null(), by_code)
        owners = owners.zip_with(~todo, by_name.zip_with(by_code.is_null(), by_code))
    if firms.height == 1:
        only = todo & given_name.is_null() & given_code.is_null()
        owners = pl.Series([0], dtype=pl.UInt32).new_from_index(0, events.height).zip_with(only, owners)
    unclear = (todo & owners.is_null()).arg_true()
    said: list[tuple[int, Problem]] = []
    if len(unclear):
        owners = owners.clone().scatter(unclear, _searched(firms, events, unclear, said))
    said += _other_names(events, todo, owners, names)
    events.problems += [each for _, each in sorted(said, key=lambda one: one[0])]
    return owners


def _looked_up(wanted: pl.Series, known: pl.Series, *, keep: str) -> pl.Series:
    """The first row of each value, or, to keep "none", the row of each value that one row has."""
    if wanted.null_count() == len(wanted) or known.null_count() == len(known):
        return null_column(len(wanted), pl.UInt32)
    rows = pl.DataFrame([known.alias("value"), pl.int_range(len(known), dtype=pl.UInt32, eager=True).alias("row")])
    rows = rows.drop_nulls("value").unique("value", keep=keep)  # type: ignore[arg-type]
    found = wanted.alias("value").to_frame().join(rows, on="value", how="left", maintain_order="left")
    return found.get_column("row")


def _other_names(events: Gathered, todo: pl.Series, owners: pl.Series, names: pl.Series) -> list[tuple[int, Problem]]:
    """Where events call their firm by another name than it does itself: said once for each name and firm."""
    given = events.frame.get_column(NAME)
    if given.null_count() == len(given):
        return []
    own = names.gather(owners)
    other = todo & given.is_not_null() & owners.is_not_null() & (given != own).fill_null(value=True)
    if not other.any():
        return []
    rows = other.arg_true()
    pairs = pl.DataFrame([rows.alias("row"), given.gather(rows).alias("given"), owners.gather(rows).alias("owner")])
    first = pairs.unique(["given", "owner"], keep="first", maintain_order=True).get_column("row")
    said = []
    for row in check_slow_rows(events, first):
        name = own[row]
        same = name is not None and loose(given[row]) == loose(name)
        code = "reading.event_spelling" if same else "reading.event_other_name"
        at = events.place(row, events.key("name"))
        said.append((row, warning(code, at, given=shown(given[row]), name=shown(name))))
    return said


_Near = tuple[int, str | None, str | None]
"""A firm that could be meant: its row, code and name."""


def _searched(firms: Gathered, events: Gathered, unclear: pl.Series, said: list[tuple[int, Problem]]) -> pl.Series:
    """The firms of events whose code or name no single firm has; null where there is none, which is said."""
    names, codes = firms.role("name"), firms.role("id")
    rows, given = check_slow_rows(events, unclear), events.frame.select(CODE, NAME)[unclear]
    wanted = spelling(given.get_column(NAME)).drop_nulls().unique()
    near = spelling(names).is_in(wanted.implode()).fill_null(value=False).arg_true()
    by_spelling: dict[str, list[_Near]] = defaultdict(list)
    for each in zip(near.to_list(), codes.gather(near), names.gather(near), strict=True):
        by_spelling[loose(each[2])].append(each)
    found: dict[tuple[str | None, str | None], int | str] = {}
    owners: list[int | None] = []
    for row, (code, name) in zip(rows, given.rows(), strict=True):
        if (code, name) not in found:
            found[code, name] = _meant(code, name, by_spelling.get(loose(name or ""), []))
        owner = found[code, name]
        owners.append(owner if isinstance(owner, int) else None)
        if isinstance(owner, str) and (lost := _lost(events, row, owner, code, name)):
            said.append((row, lost))
    return pl.Series(owners, dtype=pl.UInt32)


def _meant(code: str | None, name: str | None, near: list[_Near]) -> int | str:
    """The row of a firm, or what is wrong."""
    if code is None and name is None:
        return "unnamed"
    found = [each for each in near if each[2] == name] or near
    if code is not None:  # a firm known by another code is another firm
        found = [each for each in found if each[1] is None]
    if len({each[1:] for each in found}) > 1:
        return "ambiguous"
    return found[0][0] if found else "unclaimed"


def _lost(events: Gathered, row: int, code: str, given_code: str | None, given_name: str | None) -> Problem | None:
    """What to say of an event without a firm."""
    if code == "unnamed" and any((row, events.key(role)) in events.refused for role in ("name", "id")):
        return None  # what was given has been said to be unreadable
    params = {} if code == "unnamed" else {"name": shown(given_code if given_name is None else given_name)}
    where = events.place(row, events.key("name" if given_code is None else "id"))
    return problem(f"reading.event_{code}", where, severity="error", **params)


# --- events that are in the input twice because a table is


def _pasted(firms: Gathered, events: Gathered, owners: pl.Series, same: dict[int, int]) -> pl.Series:
    """Where an event only repeats another: a book lies twice in a folder, or a list is pasted twice. Said once a firm.

    An event counts as often as it stands in the table that has it most often, divided by how often one table has its
    firm. Two equal rows of one table may be two matters; they are kept, and `advice` says that they may be one.
    `owners` are the rows of the events' firms, `same` the first entries of the firms entered again.
    """
    if not same and events.tables.n_unique() <= 1:
        return constant_column(events.height, value=False)
    facts = pl.struct(events.facts)
    hashes = facts.hash(1).alias("one"), facts.hash(2).alias("two")
    rows = events.frame.select(owners.alias("owner"), events.tables.alias("table"), *hashes)
    number = pl.int_range(pl.len()).over("owner", "one", "two", "table") // _entries(firms, owners, same)
    rows = rows.with_columns(number.alias("number"))
    first = rows.select(pl.struct("owner", "one", "two", "number").is_first_distinct()).to_series()
    repeated = ~first & owners.is_not_null()
    by_firm: dict[int, list[int]] = defaultdict(list)
    for row in repeated.arg_true():
        by_firm[owners[row]].append(row)
    for some in by_firm.values():
        events.problems.append(warning("batch.event_pasted", events.place(some[0]), count=len(some)))
    return repeated


def _entries(firms: Gathered, owners: pl.Series, same: dict[int, int]) -> pl.Series:
    """How often one table has the firm of each event."""
    tables = firms.tables.to_list()
    again = {first: first for first in same.values()} | same
    most = {0: 1}  # a firm not named here stands in a table once
    for (first, _), count in Counter((first, tables[row]) for row, first in again.items()).items():
        most[first] = max(most.get(first, 1), count)
    return owners.replace_strict(most, default=1, return_dtype=pl.Int64)
