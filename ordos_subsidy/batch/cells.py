"""Whole columns of cells to typed columns: what `cells.read` says of each, without asking it of each.

A column comes in layers, one a type of cell; strings and numbers seldom share a column, and where they do, each
keeps its own rules. What is written plainly is converted in one go; every other value goes to `cells.read`, each
distinct one once, so that both ways give the same values and the same problems.

How the quick ways stay exact:

- A float counts as its 15 significant digits. A number n of at most 15 digits with n / 10^k no further from the float
  than 3e-16 of it is just that decimal (15 digits lie at least 1e-15 apart, and a quotient errs by 1.1e-16 at most);
  so a sum that a program left one bit off is still read at once. Whatever lies further off takes the slow way.
- The divisor is a column: by a literal, Polars multiplies with the reciprocal, which is not correctly rounded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from ordos_subsidy import cells
from ordos_subsidy.cells import PERCENT, UNITS
from ordos_subsidy.cells.answers import CODE_LENGTH, CODE_SIGNS
from ordos_subsidy.cells.figures import COUNT_LIMIT, FEN, MILLION, YEARS
from ordos_subsidy.errors import Problem, Refused, problem
from ordos_subsidy.facts import MONEY_LIMIT, Fact, Vocabulary
from ordos_subsidy.files.raw import CellError
from ordos_subsidy.firms import tables

#: Longer numbers are read with all their care.
_DIGITS = 10**15
#: More values than these are not named one by one.
UNREADABLE = 500_000
#: So many values are converted at a time.
_PIECE = 131_072
#: How far from its decimal a float may be, as a part of it.
_NEAR = 3e-16
#: Names and notes that `clean` leaves as they are; short ones may be ways to say "nothing", and # begins an error.
_SIGN = r"[!-~\u{3001}-\u{3011}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ff01}-\u{ff5e}]"
_PLAIN_TEXT = rf"^[{_SIGN}--[#＃]]{_SIGN}*( {_SIGN}+)*$"
_SHORT = 7
#: An Enum holds no more.
_CATEGORIES = 50_000
#: A code as it is kept.
PLAIN_CODE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
_PLAIN_NUMBER = r"^\+?[0-9]{1,12}(\.[0-9]{1,6})?$"

_LAYERS: dict[type, type[pl.DataType]] = {
    str: pl.String,
    float: pl.Float64,
    bool: pl.Boolean,
    dt.date: pl.Date,
    dt.datetime: pl.Datetime,
}


@dataclass(slots=True)
class Cells:
    """A column: layers with nulls where the cell is of another type, and what fits no layer, by row."""

    height: int
    layers: list[pl.Series] = field(default_factory=list)
    odd: dict[int, object] = field(default_factory=dict)


def of_list(values: Sequence[object]) -> Cells:
    """A column from cells as a workbook's reader gives them."""
    kinds = set(map(type, values)) - {type(None)}
    column = Cells(len(values))
    if len(kinds) == 1 and (kind := next(iter(kinds))) in _LAYERS:
        column.layers.append(pl.Series(values, dtype=_LAYERS[kind], strict=True))
        return column
    for kind in sorted(kinds & _LAYERS.keys(), key=str):
        same = [value if type(value) is kind else None for value in values]
        column.layers.append(pl.Series(same, dtype=_LAYERS[kind], strict=True))
    if odd := kinds - _LAYERS.keys():
        column.odd = {row: value for row, value in enumerate(values) if type(value) in odd}
    return column


@dataclass(slots=True)
class Typed:
    """The typed column (two for a date), and what there is to say of its cells, by row."""

    columns: list[pl.Series]
    said: list[tuple[int, Problem]] = field(default_factory=list)


def convert(fact: Fact, column: Cells, unit: str | None, vocabulary: Vocabulary) -> Typed:
    """The typed values of a column whose plain numbers are counted in a unit."""
    made = Typed(_nothing(fact, column.height, vocabulary))
    for layer in column.layers:
        _add(made, _layer(fact, layer, unit, vocabulary))
    if column.odd:
        rows = pl.Series(list(column.odd), dtype=pl.UInt32)
        reads = [_read(fact, value, unit, vocabulary) for value in column.odd.values()]
        at = pl.int_range(len(reads), dtype=pl.UInt32, eager=True)
        _add(made, _placed(fact, reads, rows, at, column.height, vocabulary))
    return made


def _nothing(fact: Fact, height: int, vocabulary: Vocabulary) -> list[pl.Series]:
    return [each.extend_constant(None, height) for each in tables.column(fact, [], vocabulary)]


def _add(made: Typed, more: Typed) -> None:
    made.columns = [
        two.alias(one.name) if one.null_count() == len(one) else one.zip_with(one.is_not_null(), two)
        for one, two in zip(made.columns, more.columns, strict=True)
    ]
    made.said += more.said


def _layer(fact: Fact, layer: pl.Series, unit: str | None, vocabulary: Vocabulary) -> Typed:
    if isinstance(layer.dtype, pl.Enum) and len(layer.dtype.categories) <= len(layer):
        reads = [_read(fact, value, unit, vocabulary) for value in layer.dtype.categories]
        at = layer.to_physical().cast(pl.UInt32)
        rows = pl.int_range(len(layer), dtype=pl.UInt32, eager=True)
        return _placed(fact, reads, rows, at, len(layer), vocabulary)
    if layer.dtype in (pl.Categorical, pl.Enum):
        layer = layer.cast(pl.String)
    elif layer.dtype.is_integer() and layer.dtype not in (pl.UInt64, pl.Int128, pl.UInt128):
        layer = layer.cast(pl.Int64)
    quick = _QUICK.get((fact.type, _kind(layer.dtype)))
    if quick is None:
        done, made = layer.is_null(), Typed(_nothing(fact, len(layer), vocabulary))
    else:
        columns = _by_pieces(quick, fact, layer, unit)
        done, made = columns[0].is_not_null() | layer.is_null(), Typed(columns)
    if done.all():
        return made
    rows = (~done).arg_true()
    values, at = _distinct(layer.gather(rows))
    reads = [_read(fact, value, unit, vocabulary) for value in values]
    _add(made, _placed(fact, reads, rows, at, len(layer), vocabulary))
    return made


def _by_pieces(quick: Quick, fact: Fact, layer: pl.Series, unit: str | None) -> list[pl.Series]:
    """A column in pieces that fit a processor's cache, in memory that is used again and again."""
    pieces = [quick(fact, layer.slice(start, _PIECE), unit) for start in range(0, max(len(layer), 1), _PIECE)]
    return [pl.concat(column, rechunk=True) for column in zip(*pieces, strict=True)]


def _distinct(values: pl.Series) -> tuple[Iterable[object], pl.Series]:
    """The distinct values, and which of them each value is."""
    if values.dtype.is_nested() or values.dtype == pl.Object or (values.dtype.is_float() and values.is_nan().any()):
        return values.to_list(), pl.int_range(len(values), dtype=pl.UInt32, eager=True)
    known = values.unique(maintain_order=True)
    if values.dtype == pl.String and len(known) < _CATEGORIES:  # twice as fast as a join
        return known.to_list(), values.cast(pl.Enum(known)).to_physical().cast(pl.UInt32)
    numbers = pl.DataFrame([known.alias("value"), pl.int_range(len(known), dtype=pl.UInt32, eager=True).alias("at")])
    found = values.alias("value").to_frame().join(numbers, on="value", how="left", maintain_order="left")
    return known.to_list(), found.get_column("at")


def _read(fact: Fact, value: object, unit: str | None, vocabulary: Vocabulary) -> cells.Read:
    if isinstance(value, CellError):
        return cells.failed(fact, value.text)
    return cells.read(fact, value, unit=unit, vocabulary=vocabulary)


def _placed(
    fact: Fact, reads: Sequence[cells.Read], rows: pl.Series, at: pl.Series, height: int, vocabulary: Vocabulary
) -> Typed:
    """Values that were read one by one, at their rows."""
    where = at
    if len(rows) < height:
        where = nothing(height, pl.UInt32).scatter(rows, at)
    made = Typed([each.gather(where) for each in tables.column(fact, [each.value for each in reads], vocabulary)])
    said = {n: each.problem for n, each in enumerate(reads) if each.problem}
    if said:
        met = at.is_in(list(said)).fill_null(value=False)
        _bearable(fact, [each.problem for each in reads], at)
        pairs = zip(rows.filter(met).to_list(), at.filter(met).to_list(), strict=True)
        made.said = [(row, said[n]) for row, n in pairs]
    return made


def _bearable(fact: Fact, found: Sequence[Problem | None], at: pl.Series) -> None:
    """Refuse a column of which more is wrong than anybody would read about, cell by cell."""
    wrong = {n: each for n, each in enumerate(found) if each and each.severity == "error"}
    if at.is_in(list(wrong)).sum() > UNREADABLE:
        given = dict(next(iter(wrong.values())).params).get("given", "")
        said = problem(
            "batch.unreadable", limit=f"{UNREADABLE:,}", fact=fact.title.zh, fact_en=fact.title.en, given=given
        )
        raise Refused([said])


# --- the quick ways: a typed column, null where the value must be read with care


Quick = Callable[[Fact, pl.Series, str | None], list[pl.Series]]


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "int"
    if dtype.is_float():
        return "float"
    if dtype.is_decimal():
        return "decimal"
    return {pl.String: "str", pl.Boolean: "bool", pl.Date: "date", pl.Datetime: "datetime"}.get(dtype.base_type(), "")


def _money(fact: Fact, layer: pl.Series, unit: str | None) -> list[pl.Series]:
    factor = UNITS.get(unit or "元")
    if factor is None:
        return [_null(layer, pl.Int64)]
    return [_scaled(layer, factor * FEN, MONEY_LIMIT, fact.minimum)]


def _percent(fact: Fact, layer: pl.Series, unit: str | None) -> list[pl.Series]:
    factor = MILLION // 100 if unit == PERCENT else MILLION
    # One and more could be meant in percent, unless the column says so.
    return [_scaled(layer, factor, MILLION * 100 if unit == PERCENT else MILLION - 1, fact.minimum)]


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
    divisor = alike(len(wide), value=float(factor))
    low, high = max(low, 1 - _DIGITS), min(high, _DIGITS - 1)
    fits = ((near / divisor - wide).abs() <= wide.abs() * _NEAR) & (near >= low) & (near <= high)
    return near.zip_with(fits.fill_null(value=False), _null(near, pl.Float64)).cast(pl.Int64, strict=False)


def _money_text(fact: Fact, layer: pl.Series, unit: str | None) -> list[pl.Series]:
    """Digits, perhaps with a point: cut at the point and put together as an integer."""
    factor = UNITS.get(unit or "元")
    plain = layer.str.contains(_PLAIN_NUMBER)
    if factor is None or not plain.any():
        return [_null(layer, pl.Int64)]
    text = pl.when(pl.col("plain")).then(pl.col("text").str.strip_prefix("+"))
    parts = text.str.splitn(".", 2)
    whole, part = parts.struct[0].cast(pl.Int64), parts.struct[1].fill_null("").str.pad_end(6, "0").cast(pl.Int64)
    scale = factor * FEN
    millionths = whole * MILLION + part
    exact = (millionths % (MILLION // scale) == 0) if scale < MILLION else pl.lit(value=True)
    times = millionths // (MILLION // scale) if scale < MILLION else millionths * (scale // MILLION)
    fits = exact & (millionths.cast(pl.Int128) * scale <= pl.lit(MONEY_LIMIT, pl.Int128) * MILLION)
    frame = pl.DataFrame([layer.alias("text"), plain.alias("plain")])
    return [frame.select(pl.when(fits).then(times)).to_series()]


def _year(fact: Fact, layer: pl.Series, _unit: str | None) -> list[pl.Series]:
    fits = layer.is_between(YEARS[0], YEARS[-1]) & (layer == layer.cast(pl.Int32, strict=False))
    return [layer.cast(pl.Int32, strict=False).zip_with(fits.fill_null(value=False), _null(layer, pl.Int32))]


def _count(_fact: Fact, layer: pl.Series, _unit: str | None) -> list[pl.Series]:
    whole = layer.cast(pl.Int64, strict=False)
    fits = layer.is_between(0, COUNT_LIMIT) & (layer == whole)
    return [whole.zip_with(fits.fill_null(value=False), _null(layer, pl.Int64))]


def _date(_fact: Fact, layer: pl.Series, _unit: str | None) -> list[pl.Series]:
    if isinstance(layer.dtype, pl.Datetime) and layer.dtype.time_zone is not None:
        return [_null(layer, pl.Date)] * 2
    days = layer.cast(pl.Date)
    fits = days.dt.year().is_between(YEARS[0], YEARS[-1]).fill_null(value=False)
    days = days.zip_with(fits, _null(layer, pl.Date))
    return [days, days]


def _yes_no(_fact: Fact, layer: pl.Series, _unit: str | None) -> list[pl.Series]:
    return [layer]


def _text(_fact: Fact, layer: pl.Series, _unit: str | None) -> list[pl.Series]:
    plain = layer.str.contains(_PLAIN_TEXT) & (layer.str.len_chars() >= _SHORT)
    plain = plain.fill_null(value=False)
    return [layer if plain.all() else layer.zip_with(plain, _null(layer, pl.String))]


def _code(_fact: Fact, layer: pl.Series, _unit: str | None) -> list[pl.Series]:
    """Codes in their final spelling with the right check digit."""
    right = sound_codes(layer)
    return [layer if right.all() else layer.zip_with(right, _null(layer, pl.String))]


def sound_codes(codes: pl.Series) -> pl.Series:
    """Where a code stands in its final spelling with the right check digit."""
    if all_spelt_as_codes(codes):
        return _checks(codes)
    plain = codes.str.contains(PLAIN_CODE).fill_null(value=False)
    rows = plain.arg_true()
    return plain.scatter(rows, _checks(codes.gather(rows))) if len(rows) else plain


_CODE_BASE = len(CODE_SIGNS)
_SIGNS = sorted(map(ord, CODE_SIGNS))
_OTHERS = [sign for sign in range(_SIGNS[0], _SIGNS[-1]) if sign not in _SIGNS]


def all_spelt_as_codes(texts: pl.Series) -> bool:
    """Whether every text is spelt as `PLAIN_CODE` has it, asked of all bytes at once, in a quarter of the time."""
    if texts.null_count() or not (texts.str.len_bytes() == CODE_LENGTH).all():
        return False
    return all(_all_signs(_bytes(texts.slice(start, _PIECE))) for start in range(0, len(texts), _PIECE))


def _all_signs(signs: pl.Series) -> bool:
    first, *_, last = _SIGNS
    if not first <= signs.min() <= signs.max() <= last:  # type: ignore[operator]
        return False
    return not any((signs == other).any() for other in _OTHERS)


def _bytes(codes: pl.Series) -> pl.Series:
    """The signs of codes, which all have their length, one after another."""
    signs = codes.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, CODE_LENGTH), endianness="little")
    return signs.explode()


def _checks(codes: pl.Series) -> pl.Series:
    """Whether the last sign of each code is the check digit of the others (GB 32100: weights are powers of 3)."""
    values = pl.Series([CODE_SIGNS.find(chr(sign)) % _CODE_BASE for sign in range(128)], dtype=pl.Int16)
    each = [*(pow(3, at, _CODE_BASE) for at in range(CODE_LENGTH - 1)), 1]
    weights = pl.Series([each], dtype=pl.Array(pl.Int16, CODE_LENGTH))
    found = values.gather(_bytes(codes)).reshape((-1, CODE_LENGTH))
    return (found * weights).arr.sum() % _CODE_BASE == 0  # at most 18 * 30 * 30, which Int16 holds


def _null(layer: pl.Series, dtype: type[pl.DataType]) -> pl.Series:
    return nothing(len(layer), dtype)


def alike(height: int, *, value: float) -> pl.Series:
    """The same value in each row; made anew each time, for `scatter` changes what it is called on."""
    return pl.Series([value]).new_from_index(0, height)


def nothing(height: int, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """A layer without a value."""
    return pl.Series([None], dtype=dtype).new_from_index(0, height)


_QUICK: dict[tuple[str, str], Quick] = {
    **{("money", kind): _money for kind in ("int", "float", "decimal")},
    **{("percent", kind): _percent for kind in ("int", "float", "decimal")},
    **{("year", kind): _year for kind in ("int", "float")},
    **{("count", kind): _count for kind in ("int", "float")},
    **{("date", kind): _date for kind in ("date", "datetime")},
    ("money", "str"): _money_text,
    ("yes_no", "bool"): _yes_no,
    ("text", "str"): _text,
    ("code", "str"): _code,
}
