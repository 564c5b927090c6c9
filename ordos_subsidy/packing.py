"""The input as it was read, packed into a receipt and unpacked again: the tables of `Firms` as compressed JSON."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from ordos_subsidy.errors import Omitted, Problem, Refused, problem
from ordos_subsidy.receipt import compact, damaged
from ordos_subsidy.tables.firms import FIRM, Firms, no_doubts, schema

if TYPE_CHECKING:
    from ordos_subsidy.facts import Of, Vocabulary

#: An input as read is not larger than this when unpacked, in bytes.
_MOST = 512 * 1024 * 1024
_LEVEL = 9


def packed(firms: Firms) -> str:
    """The tables and problems of `Firms` as compressed JSON in Base64."""
    return b64encode(zlib.compress(compact(_data(firms)).encode(), _LEVEL)).decode()


def unpacked(read: str, vocabulary: Vocabulary) -> Firms:
    """The `Firms` of what `packed` gave; `Refused` where it is damaged, or the policy lacks a fact or answer of it."""
    try:
        data = json.loads(zlib.decompressobj().decompress(b64decode(read, validate=True), _MOST))
        firms, events = (_table(data[of], cast("Of", of[:-1]), vocabulary) for of in ("firms", "events"))
        problems = tuple(_problem(*each) for each in data["problems"])
        omitted = tuple(
            Omitted(name, code, place, _problem(*why) if why else None) for name, code, place, why in data["omitted"]
        )
        doubts = pl.DataFrame(data["doubts"], schema=no_doubts().schema, orient="row", strict=True)
        years = frozenset(map(int, data["titled_years"]))
        blanks = {(str(of), int(row), str(key)): str(at) for of, row, key, at in data["blanks"]}
    except (ValueError, LookupError, TypeError, zlib.error, OverflowError):
        raise damaged() from None
    except pl.exceptions.PolarsError:
        raise Refused([problem("proof.other_words")]) from None
    owners = events.get_column(FIRM)
    sound = firms.get_column(FIRM).to_list() == list(range(firms.height)) and not owners.null_count()
    if not sound or (len(owners) and cast("int", owners.max()) >= firms.height):
        raise damaged()
    return Firms(firms, events, problems, omitted, titled_years=years, doubts=doubts, blanks=blanks)


def _data(firms: Firms) -> dict[str, Any]:
    return {
        "firms": _columns(firms.firms),
        "events": _columns(firms.events),
        "problems": list(map(_told, firms.problems)),
        "omitted": [[each.name, each.code, each.place, each.why and _told(each.why)] for each in firms.omitted],
        "doubts": firms.doubts.rows(),
        "titled_years": sorted(firms.titled_years),
        "blanks": [[*where, at] for where, at in firms.blanks.items()],
    }


def _told(each: Problem) -> list[Any]:
    return [each.code, each.where, each.params, each.severity]


def _columns(frame: pl.DataFrame) -> dict[str, Any]:
    """How many rows there are, and the columns in which anything is known."""
    filled = [column for column in frame.iter_columns() if column.null_count() < len(column)]
    return {"rows": frame.height, "columns": {column.name: _plain(column).to_list() for column in filled}}


def _plain(column: pl.Series) -> pl.Series:
    """A column of what JSON has: dates and answers as text."""
    return column.cast(pl.String) if column.dtype in (pl.Date, pl.Enum) else column


def _table(data: dict[str, Any], of: Of, vocabulary: Vocabulary) -> pl.DataFrame:
    dtypes, columns = schema(vocabulary, of), data["columns"]
    if unknown := columns.keys() - dtypes.keys():
        raise Refused([problem("proof.other_facts", facts=", ".join(sorted(unknown)))])
    blank = [None] * int(data["rows"])
    return pl.DataFrame([_column(name, columns.get(name, blank), dtype) for name, dtype in dtypes.items()])


def _column(name: str, values: list[Any], dtype: pl.DataType) -> pl.Series:
    if dtype == pl.Date:
        values = [None if each is None else dt.date.fromisoformat(each) for each in values]
    return pl.Series(name, values, dtype, strict=True)


def _problem(code: str, where: str, params: Iterable[tuple[str, str | int]], severity: Any) -> Problem:
    return Problem(code, where, tuple((key, value) for key, value in params), severity)
