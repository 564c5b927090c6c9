"""The answer to `explain`: each measure's condition as a tree with truths, figures, distances, and its paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ordos_subsidy import hints, money, wording
from ordos_subsidy.advice import Claim, Judged
from ordos_subsidy.conditions import Compare, Happened
from ordos_subsidy.document import Explained, Explanation, Line, Node, Preference, Reached, Verdict
from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.policy import Category, Measure, Policies
from ordos_subsidy.report.answer import calc, claims_by_firm
from ordos_subsidy.report.lines import Lines, verdict
from ordos_subsidy.report.plan import measures
from ordos_subsidy.variants import witnesses

_EXPLAINED: tuple[Category, ...] = ("award", "credit", "preference")


def explain(
    outcome: Outcome, *, lang: Lang = "zh", measure: str | None = None, everything: bool = False, witness: bool = False
) -> Explanation:
    """Explain every claim; those of one measure or clause where it is named.

    Without a name: clauses with something that failed by a sum of money come first; what is no for other reasons, and
    preferences, only if asked for.
    """
    wanted = selected(outcome.policies, measure)
    lines = Lines(outcome, lang)
    claims = claims_by_firm(outcome)
    report = calc(outcome, lang=lang, everything=True)
    firms = []
    for number, firm in enumerate(report.firms):
        # Each claim has one row, in the same order.
        rows: dict[str, Iterator[Line | Preference]] = {
            "award": iter(firm.awards),
            "credit": iter(firm.credits),
            "preference": iter(firm.preferences),
        }
        explained = []
        close: set[str] = set()
        for claim in claims[number]:
            what = outcome.policies.measures[claim.version]
            line = next(rows[what.category])
            if what.id not in wanted:
                continue
            if measure is None and line.verdict == "no" and hints.priced(claim, outcome.policies):
                close.add(line.reference)
            elif measure is None and not everything and (line.verdict == "no" or what.category == "preference"):
                continue
            explained.append(
                Explained(
                    line,
                    what.category,
                    _tree(lines, claim, claim.condition),
                    _steps(lines, what, claim),
                    *_paper(lines, what),
                    _reached(lines, claim, line) if witness else (),
                )
            )
        explained.sort(key=lambda each: each.line.reference not in close)
        firms.append((firm, tuple(explained)))
    looked_at = (each for each in outcome.policies.measures if measure and each.id in wanted and not each.of_accounts)
    kinds = dict.fromkeys(kind for each in looked_at for kind in each.claims)
    named = tuple(outcome.policies.vocabulary.kinds[kind].title.in_(lang) for kind in kinds)
    return Explanation(lang, report.source, tuple(firms), report.problems, report.footnotes, named)


def _reached(lines: Lines, claim: Claim, line: Line | Preference) -> tuple[Reached, ...]:
    """How the ends of a row's interval are reached, where facts are missing."""
    if not isinstance(line, Line) or line.verdict == "no":
        return ()
    words, lang = lines.outcome.policies.vocabulary.facts, lines.lang
    found = []
    for each in witnesses(lines.outcome, claim, line.low, line.high):
        row = each.row
        answers = (
            phrase("show.labelled", lang, label=words[key].title.in_(lang), text=lines.speaker.found(words[key], row))
            for key in each.facts
            if row is not None
        )
        said = phrase("show.then", lang).join(answers)
        found.append(Reached(each.end, said, cast("Verdict", each.verdict), each.low, each.high))
    return tuple(found)


def selected(policies: Policies, name: str | None) -> frozenset[str]:
    """The ids that a name stands for, as people write it, or all; `Refused` where there is nothing to explain."""
    ids = frozenset(measure.id for measure in policies.of(*_EXPLAINED))
    if name is None:
        return ids
    meant = measures(policies, name)
    wanted = ids.intersection(each.id for each in meant)
    if not wanted:
        raise Refused([problem("logic.nothing-to-explain", name=name, number=meant[0].clause.number)])
    return wanted


def _tree(lines: Lines, claim: Claim, judged: Judged | None) -> Node:
    if judged is None:
        return Node(phrase("logic.no-condition", lines.lang), "yes", "", "", "", ())
    word = judged.word
    parts = [part for part in judged.ordered if not (isinstance(part.word, Happened) and part.truth)]
    lacking = word.distance(claim.row) if isinstance(word, Compare) and judged.truth is False else None
    return Node(
        says=lines.demand(judged, claim.row),
        truth=verdict(judged.truth),
        fact=word.fact_key,
        figure=lines.figure(judged, claim.row),
        distance=phrase("logic.lacking", lines.lang, sum=money.in_words(lacking, lines.lang)) if lacking else "",
        children=() if word.atomic else tuple(_tree(lines, claim, part) for part in parts),
    )


def _steps(lines: Lines, measure: Measure, claim: Claim) -> tuple[str, ...]:
    """How the amount was reached: what the document states, the figures it is taken of, the multiple."""
    grant, lang, words = measure.grant, lines.lang, lines.outcome.policies.vocabulary
    if grant is None:
        return ()
    kind = lines.kind(claim)
    stated = wording.amount(grant, lang, lines.speaker, multiplied=None, kind=kind)
    steps = [phrase("logic.step-stated", lang, words=stated)]
    ends = [("over", band.to) for band in grant.bands if isinstance(band.to, str)]
    for key, name in (("basis", grant.of), ("less", grant.less), *ends, ("within", grant.within), ("tier", grant.by)):
        if name:
            found = lines.speaker.found(words.facts[name], claim.row)
            steps.append(phrase(f"logic.step-{key}", lang, fact=lines.speaker.meaning(name, kind), sum=found))
    if grant.times and claim.times:
        truth = phrase(f"logic.truth-{verdict(claim.times.truth)}", lang)
        says = lines.reason(claim.times, claim.row).says
        steps.append(phrase("logic.step-times", lang, by=grant.times.by, says=says, truth=truth))
    return tuple(steps)


def _paper(lines: Lines, measure: Measure) -> tuple[str, str, str]:
    """The heading of the clause, its gist, and the paper it stands in."""
    clause, lang = measure.clause, lines.lang
    heads = (lines.outcome.policies.head, *lines.outcome.policies.overlays)
    where = next((head.source for head in heads if head.number == measure.document), "")
    paper = f"{measure.document} {clause.reference}{clause.heading.in_(lang)}"
    return clause.heading.in_(lang), clause.gist.in_(lang), f"{paper} · {where}" if where else paper
