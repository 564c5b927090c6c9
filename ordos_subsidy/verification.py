"""Receipts issued with reports, and `verify`: a report is computed and made again from its receipt, and compared.

A receipt holds the input as it was read: the tables of `Firms` as compressed JSON.

A receipt that is damaged, a policy that does not know its facts, other policy files and another version are answers
too, not errors: each says what would be needed.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Any, cast

import polars as pl

from ordos_subsidy import __version__, carriers, evaluation
from ordos_subsidy.carriers import Handed
from ordos_subsidy.document import Report
from ordos_subsidy.errors import Omitted, Problem, Refused, problem, warning
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.facts import Of, Vocabulary
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Policies
from ordos_subsidy.receipt import Difference, Proof, Receipt, compact, damaged
from ordos_subsidy.report import answer
from ordos_subsidy.tables.firms import FIRM, PLACE, Firms, no_doubts, schema
from ordos_subsidy.wording import Speaker

#: Refusals of a receipt that are an answer to whoever asks whether a report holds.
_ANSWERS = ("proof.damaged", "proof.newer", "proof.other_facts", "proof.other_words")


def made(outcome: Outcome, report: Report, format_: str, *, bare: bool = False) -> Handed:
    """A report in a format of `MAKERS`, with its receipt, or `bare`."""
    return carriers.MAKERS[format_](outcome, report, None if bare else _issued(outcome, report, format_))


def _issued(outcome: Outcome, report: Report, format_: str) -> Receipt:
    """The receipt of a report."""
    return Receipt(
        version=__version__,
        on=outcome.on.isoformat(),
        lang=report.lang,
        year=report.year,
        everything=report.everything,
        inputs=outcome.firms.hashed,
        policies=outcome.policies.hashed,
        libraries=carriers.libraries(carriers.CARRIERS[format_].libraries if format_ in carriers.CARRIERS else ()),
        result=carriers.answer_hash(report),
        read=packed(outcome.firms),
    )


def verify(data: bytes, policies: Policies, lang: Lang) -> Proof:
    """Compare a report's bytes with what its receipt gives under a policy; `Refused` where they carry none."""
    found: Receipt | None = None
    try:
        carrier, found = carriers.opened(data)
        outcome, report = answered(found, policies)
    except Refused as refused:
        if refused.problems[0].code not in _ANSWERS:
            raise
        needs = _needs(found, policies, same=False) if found else ()
        return Proof(same=False, receipt=found, notes=(*refused.problems, *needs))
    differs = carriers.difference(carrier, data, carrier.made(outcome, report, found).data, lang)
    if differs is None and (result := carriers.answer_hash(report)) != found.result:
        differs = Difference(phrase("proof.result_hash", lang), found.result, result)
    notes = tuple(_needs(found, policies, same=differs is None))
    return Proof(differs is None, found, differs, notes)


def answered(found: Receipt, policies: Policies) -> tuple[Outcome, Report]:
    """The outcome and the report that a receipt gives under a policy."""
    firms = unpacked(found.read, policies.vocabulary)
    outcome = evaluation.evaluate(policies, firms, dt.date.fromisoformat(found.on))
    return outcome, answer.calc(outcome, lang=found.lang, year=found.year, everything=found.everything)


def _needs(found: Receipt, policies: Policies, *, same: bool) -> Iterator[Problem]:
    """The versions and the policy files that a report was made with, where they are not those here."""
    if found.version != __version__:
        yield warning("proof.version", theirs=found.version, ours=__version__)
    here = dict(carriers.libraries(name for name, _ in found.libraries))
    for name, version in found.libraries:
        if not same and version != here[name]:
            yield warning("proof.library", name=name, theirs=version or "-", ours=here[name] or "-")
    theirs, ours = ([each.sha256 for each in files] for files in (found.policies, policies.hashed))
    if theirs != ours:
        code, files, others = ("other_policy", policies.hashed, theirs) if same else ("policy", found.policies, ours)
        named = [each for each in files if each.sha256 not in others] or files
        for each in named:
            yield warning(f"proof.{code}", name=each.name, sha256=each.sha256)


def with_input(checked: Proof, firms: Firms, policies: Policies, lang: Lang) -> Proof:
    """The same with what there is to say of the files of `firms`, and where they read differently."""
    if not checked.receipt:
        return checked
    words = policies.vocabulary
    differs = _reads_differently(unpacked(checked.receipt.read, words), firms, words, lang)
    known = {each.sha256 for each in checked.receipt.inputs}
    notes = list(checked.notes)
    for each in firms.hashed:
        key = "same" if each.sha256 in known else "other" if differs else "reads_same"
        notes.append(warning(f"proof.input_{key}", name=each.name))
    return checked._replace(notes=tuple(notes), of_input=differs)


def _reads_differently(told: Firms, read: Firms, words: Vocabulary, lang: Lang) -> Difference | None:
    """The first cell in which two readings differ; the places of the rows do not count."""
    speaker = Speaker(words, lang)
    for of, mine, theirs in (("firm", told.firms, read.firms), ("event", told.events, read.events)):
        if mine.height != theirs.height:
            counts = (phrase("proof.rows", lang, count=frame.height) for frame in (mine, theirs))
            return Difference(phrase(f"proof.of_{of}", lang, row=min(mine.height, theirs.height) + 1), *counts)
        for name in mine.columns:
            row = _first_other(mine.get_column(name), theirs.get_column(name)) if name != PLACE else None
            if row is None:
                continue
            place = phrase(f"proof.of_{of}", lang, row=row + 1)
            rows = (frame.row(row, named=True) for frame in (mine, theirs))
            if name == FIRM:
                return Difference(place, *(str(each[FIRM] + 1) for each in rows))
            fact = words.facts[name.partition("@")[0]]
            return Difference(f"{place} · {fact.title.in_(lang)}", *(speaker.found(fact, each) for each in rows))
    return None


def _first_other(one: pl.Series, other: pl.Series) -> int | None:
    """The first row in which two columns differ."""
    return one.ne_missing(other).arg_max() if one.ne_missing(other).any() else None


# --- the input as it was read, in a receipt

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
