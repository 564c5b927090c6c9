"""Untyped columns to typed columns: what `cells.read` says of each cell, without asking it of each.

Sums, shares, names and codes that are written plainly are converted a column at a time; every other value goes to
`cells.read`, each distinct one once. Both ways give the same values and the same problems.

How the quick ways stay exact:

- A float counts as its 15 significant digits. A number n of at most 15 digits with n / 10^k no further from the float
  than 3e-16 of it is just that decimal (15 digits lie at least 1e-15 apart, and a quotient errs by 1.1e-16 at most);
  so a sum that a program left one bit off is still read at once. Whatever lies further off takes the slow way.
- The divisor is a column: by a literal, Polars multiplies with the reciprocal, which is not correctly rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from ordos_subsidy import cells
from ordos_subsidy.cells import PERCENT, UNITS
from ordos_subsidy.cells.answers import CODE_LENGTH, CODE_SIGNS
from ordos_subsidy.cells.figures import ASSUMED, FEN, MILLION
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.facts import MONEY_LIMIT, Fact, Vocabulary
from ordos_subsidy.files.grid import CellError
from ordos_subsidy.tables import firms
from ordos_subsidy.tables.columns import Given, constant_column, null_column

#: Longer numbers are read with all their care.
_DIGITS = 10**15
#: More values than these are not named one by one.
UNREADABLE = 500_000
#: The quick ways pay from so many cells on.
QUICK_FROM = 200
#: How far from its decimal a float may be, as a share of it.
_NEAR = 3e-16
#: Names and notes that `clean` leaves as they are; short ones may be ways to say "nothing", and # begins an error.
_SIGN = r"[!-~\u{3001}-\u{3011}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ff01}-\u{ff5e}]"
_PLAIN_TEXT = rf"^[{_SIGN}--[#＃]]{_SIGN}*( {_SIGN}+)*$"
_SHORT = 7
#: A code as it is kept.
_PLAIN_CODE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
_PLAIN_NUMBER = r"^\+?[0-9]{1,12}(\.[0-9]{1,6})?$"


@dataclass(slots=True)
class Typed:
    """The typed column (two for a date), and what there is to say of its cells, by row."""

    columns: list[pl.Series]
    said: list[tuple[int, Problem]] = field(default_factory=list)


def convert(fact: Fact, given: Given, vocabulary: Vocabulary) -> Typed:
    """The typed values of a column."""
    column = given.cells
    if column.height < QUICK_FROM:
        reads = [_read(fact, value, given, vocabulary) for value in column.to_list()]
        columns = firms.column(fact, [each.value for each in reads], vocabulary)
        return Typed(columns, [(row, each.problem) for row, each in enumerate(reads) if each.problem])
    blank = [null_column(column.height, each.dtype).alias(each.name) for each in firms.column(fact, [], vocabulary)]
    typed = Typed(blank)
    for layer in map(_common, column.layers):
        todo = layer.is_not_null()
        if (quick := _quick(fact, layer, given.unit)) is not None:
            (known,), quick = typed.columns, quick.alias(fact.key)
            is_first = known.null_count() == column.height
            typed.columns = [quick if is_first else known.zip_with(known.is_not_null(), quick)]
            todo &= quick.is_null()
        rows = todo.arg_true()
        values, at = _distinct(layer.gather(rows))
        _put(typed, fact, [_read(fact, value, given, vocabulary) for value in values], rows, at, vocabulary)
    odd = [_read(fact, value, given, vocabulary) for value in column.odd.values()]
    _put(typed, fact, odd, pl.Series(list(column.odd), dtype=pl.UInt32), None, vocabulary)
    return typed


def _common(layer: pl.Series) -> pl.Series:
    """A layer of one of the common types, where it is of a relative of theirs."""
    if layer.dtype in (pl.Categorical, pl.Enum):
        return layer.cast(pl.String)
    is_small = layer.dtype.is_integer() and layer.dtype not in (pl.UInt64, pl.Int128, pl.UInt128)
    return layer.cast(pl.Int64) if is_small else layer


def _distinct(values: pl.Series) -> tuple[list[object], pl.Series | None]:
    """The distinct values, and which of them each value is (None: all are given, one by one)."""
    one_by_one = values.dtype.is_nested() or values.dtype == pl.Object
    if one_by_one or (values.dtype.is_float() and values.is_nan().any()):
        return values.to_list(), None
    known = values.unique(maintain_order=True)
    numbers = pl.DataFrame([known.alias("value"), pl.int_range(len(known), dtype=pl.UInt32, eager=True).alias("at")])
    found = values.alias("value").to_frame().join(numbers, on="value", how="left", maintain_order="left")
    return known.to_list(), found.get_column("at")


def _read(fact: Fact, value: object, given: Given, vocabulary: Vocabulary) -> cells.Read:
    if isinstance(value, CellError):
        return cells.failed(fact, value.text)
    unit = given.unit if given.stated or given.unit is None else ASSUMED + given.unit
    return cells.read(fact, value, unit=unit, vocabulary=vocabulary)


def _put(
    typed: Typed, fact: Fact, reads: Sequence[cells.Read], rows: pl.Series, at: pl.Series | None, vocabulary: Vocabulary
) -> None:
    """Put values read one by one into some rows; `at` says which of them each row has (None: its own)."""
    at = pl.int_range(len(reads), dtype=pl.UInt32, eager=True) if at is None else at
    if len(rows):
        made = [each.gather(at) for each in firms.column(fact, [each.value for each in reads], vocabulary)]
        is_all = len(rows) == len(typed.columns[0])
        pairs = zip(typed.columns, made, strict=True)
        typed.columns = made if is_all else [old.scatter(rows, new) for old, new in pairs]
    problems = {n: each.problem for n, each in enumerate(reads) if each.problem}
    if problems:
        _check_unreadable(fact, problems, at)
        met = at.is_in(list(problems))
        typed.said += [(row, problems[n]) for row, n in zip(rows.filter(met), at.filter(met), strict=True)]


def _check_unreadable(fact: Fact, problems: dict[int, Problem], at: pl.Series) -> None:
    """Raise Refused for a column in which more cells are wrong than anybody would read about."""
    wrong = {n: each for n, each in problems.items() if each.severity == "error"}
    if len(at) > UNREADABLE and at.is_in(list(wrong)).sum() > UNREADABLE:
        given = dict(next(iter(wrong.values())).params).get("given", "")
        limit, zh, en = f"{UNREADABLE:,}", fact.title.zh, fact.title.en
        raise Refused([problem("batch.unreadable", limit=limit, fact=zh, fact_en=en, given=given)])


# --- the quick ways


def _quick(fact: Fact, layer: pl.Series, unit: str | None) -> pl.Series | None:
    """The typed column, null where a value must be read with care; None where all must be."""
    is_text, is_number = layer.dtype == pl.String, layer.dtype.is_numeric()
    if fact.type == "money" and (is_text or is_number) and (factor := UNITS.get(unit or "元")):
        if is_text:
            layer = _only(layer, layer.str.contains(_PLAIN_NUMBER)).str.strip_prefix("+").cast(pl.Decimal(38, 12))
        return _scaled(layer, factor * FEN, MONEY_LIMIT, fact.minimum)
    if fact.type == "percent" and is_number:
        # One and more could be meant in percent, unless the column says so.
        factor, limit = (MILLION // 100, MILLION * 100) if unit == PERCENT else (MILLION, MILLION - 1)
        return _scaled(layer, factor, limit, fact.minimum)
    if fact.type == "text" and is_text:
        return _only(layer, layer.str.contains(_PLAIN_TEXT) & layer.str.len_chars().is_between(_SHORT, cells.LONGEST))
    return _only(layer, sound_codes(layer)) if fact.type == "code" and is_text else None


def _only(layer: pl.Series, fits: pl.Series) -> pl.Series:
    """A column without the values that do not fit."""
    fits = fits.fill_null(value=False)
    return layer if fits.all() else layer.zip_with(fits, null_column(len(layer), layer.dtype))


def _scaled(layer: pl.Series, factor: int, limit: int, minimum: int | None) -> pl.Series:
    """Numbers times a power of ten, where that is a whole number within the limits."""
    low = (minimum if minimum is not None else -limit) * factor
    if layer.dtype.is_float():
        return _scaled_floats(layer.cast(pl.Float64), factor, max(low, -limit), limit)
    value = pl.col("n")
    if layer.dtype.is_integer():
        near = value.cast(pl.Int128) * factor
        exact = pl.lit(value=True)
    else:
        whole = value.cast(pl.Decimal(38, 12))
        near = (whole * factor).cast(pl.Int128)
        exact = near.cast(pl.Decimal(38, 12)) == whole * factor
    fits = exact & (near.abs() <= limit) & (near >= low)
    return layer.alias("n").to_frame().select(pl.when(fits).then(near).cast(pl.Int64, strict=False)).to_series()


def _scaled_floats(wide: pl.Series, factor: int, low: int, high: int) -> pl.Series:
    """The same for floats, the product made once."""
    near = (wide * factor).round()
    divisor = constant_column(len(wide), value=float(factor))
    low, high = max(low, 1 - _DIGITS), min(high, _DIGITS - 1)
    fits = ((near / divisor - wide).abs() <= wide.abs() * _NEAR) & (near >= low) & (near <= high)
    return _only(near, fits).cast(pl.Int64, strict=False)


def sound_codes(codes: pl.Series) -> pl.Series:
    """Where a code stands in its final spelling with the right check digit."""
    plain = codes.str.contains(_PLAIN_CODE).fill_null(value=False)
    rows = plain.arg_true()
    return plain.scatter(rows, _checks(codes.gather(rows))) if len(rows) else plain


_CODE_BASE = len(CODE_SIGNS)


def _checks(codes: pl.Series) -> pl.Series:
    """Whether the last sign of each code is the check digit of the others (GB 32100: weights are powers of 3)."""
    signs = codes.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, CODE_LENGTH), endianness="little").explode()
    values = pl.Series([CODE_SIGNS.find(chr(sign)) % _CODE_BASE for sign in range(128)], dtype=pl.Int16)
    each = [*(pow(3, at, _CODE_BASE) for at in range(CODE_LENGTH - 1)), 1]
    weights = pl.Series([each], dtype=pl.Array(pl.Int16, CODE_LENGTH))
    found = values.gather(signs).reshape((-1, CODE_LENGTH))
    return (found * weights).arr.sum() % _CODE_BASE == 0  # at most 18 * 30 * 30, which Int16 holds
