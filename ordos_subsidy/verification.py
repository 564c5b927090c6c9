"""`verify`: compute a report again from its receipt, make it again, and compare byte for byte.

A receipt that is damaged, a policy that does not know its facts, other policy files and another version are answers
too, not errors: each says what would be needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from ordos_subsidy import __version__, carriers, evaluation, packing
from ordos_subsidy.carriers import Handed
from ordos_subsidy.document import Report
from ordos_subsidy.errors import Problem, Refused, warning
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Policies
from ordos_subsidy.receipt import Difference, Proof, Receipt
from ordos_subsidy.report import answer
from ordos_subsidy.tables.firms import FIRM, PLACE, Firms
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
        read=packing.packed(outcome.firms),
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
    firms = packing.unpacked(found.read, policies.vocabulary)
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
    differs = _reads_differently(packing.unpacked(checked.receipt.read, words), firms, words, lang)
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
