"""From the text to the policy file: figures and words of the text that no measure claims and no entry excuses.

A sum, a share, a number of years is claimed by a measure at home between the same full stops, or by a sentence of a
measure of its clause, and so is a date beside them; a count or another date also by the gist, heading or part.
"""

from __future__ import annotations

from collections.abc import Iterator

from ordos_subsidy.audit import claims
from ordos_subsidy.audit.clauses import Part
from ordos_subsidy.audit.figures import MONEY_KINDS, Figure, Kind, Value, Word, figures, years_of_plan
from ordos_subsidy.audit.finding import Finding, in_text
from ordos_subsidy.audit.homes import Home
from ordos_subsidy.audit.plain import fold
from ordos_subsidy.audit.scope import Scope

#: The words that `conditions` compares with the keys of a measure, by its category.
_COMPARED = {"award": ("once", "yearly", "new"), "budget": ("yearly",)}


def unclaimed(scope: Scope) -> Iterator[Finding]:
    """Figures and words of the text that the policy file does not account for, and entries that excuse nothing."""
    for part in scope.text.parts():
        strong, weak = _stated(scope, part)
        for figure in part.figures:
            stated = strong if _decides(scope, part, figure) else strong | weak
            claimed = figure.key in stated or _claimed_by_rule(scope, part, figure) or _names_document(scope, figure)
            if not claimed and not scope.excused(part, figure.start, figure.end):
                yield in_text("unclaimed-figure", part, figure.start, figure.end, figure=figure.text)
        for word in part.words:
            if not _word_claimed(scope, part, word) and not scope.excused(part, word.start, word.end):
                yield in_text("unclaimed-word", part, word.start, word.end, word=word.text)
    yield from _stale(scope)


def _stated(scope: Scope, part: Part) -> tuple[set[tuple[Kind, Value]], set[tuple[Kind, Value]]]:
    """The figures that sentences of measures state, and those of the gist and the heading, or of the file's head."""
    said = [claim for each in scope.homes_in(part) for claim in claims.of_sentences(each.measure)]
    strong = {claim.figure for claim in said if claim.source == "zh"}
    clause = scope.clause(part.number)
    if clause is None:
        return strong | {figure.key for figure in scope.head_sentences} | scope.head_figures, set()
    found = [figure for words in (clause.gist, clause.heading, clause.part) for figure in figures(fold(words.zh))]
    return strong, {figure.key for figure in found}


def _decides(scope: Scope, part: Part, figure: Figure) -> bool:
    """Whether only a measure can account for a figure: money, and days beside a measure's figure."""
    if figure.kind in ("date", "plan"):
        return any(each.by_figure and each.in_piece(figure.start) for each in scope.homes_in(part))
    return figure.kind in MONEY_KINDS


def _claimed_by_rule(scope: Scope, part: Part, figure: Figure) -> bool:
    """Whether a rule of a measure at home in the same piece of the text states it, or a shared limit."""
    if any(claim.figure == figure.key for claim in scope.group_claims):
        return True
    for home in scope.homes_in(part):
        near = home.by_figure and home.in_piece(figure.start)
        if near and any(claim.figure == figure.key or _in_plan(claim.figure, figure) for claim in home.claims):
            return True
    return False


def _in_plan(year: tuple[Kind, Value], figure: Figure) -> bool:
    """Whether a year is the first or the last of a five-year plan of the text."""
    kind, value = year
    if figure.kind != "plan" or kind != "date" or not isinstance(value, tuple):
        return False
    return value[0] in years_of_plan(figure.value) and value[1:] == (None, None)


def _names_document(scope: Scope, figure: Figure) -> bool:
    """Whether it is the number of the policy itself."""
    head = scope.document.policy
    return isinstance(figure.value, str) and figure.value.endswith(fold(head.number))


def _word_claimed(scope: Scope, part: Part, word: Word) -> bool:
    """Words beside a measure's figure are compared there; others need the same phrase in a sentence of the clause."""
    segment = part.segment_at(word.start)
    homes = [each for each in scope.homes_in(part) if each.by_figure and each.segment == segment]
    if any(word.kind in _COMPARED.get(each.measure.category, ()) for each in homes):
        return True
    if any(start <= word.start and word.end <= end for each in homes for start, end in fact_places(scope, each)):
        return True
    near = {part.text[max(word.start - 2, 0) : word.end], part.text[word.start : word.end + 2]} - {word.text}
    clause = scope.clause(part.number)
    said = [clause.gist.zh, clause.heading.zh] if clause else []
    said += [words.zh for each in scope.homes_in(part) for _, words in claims.sentences(each.measure)]
    return word.kind != "degree" and any(phrase in fold(each) for phrase in near for each in said)


def fact_places(scope: Scope, home: Home) -> Iterator[tuple[int, int]]:
    """Where the names of the facts that a measure asks for stand in its segment."""
    facts = {**scope.base.fact, **scope.document.fact}
    for test in claims.walk(home.measure.when):
        fact = facts.get(getattr(test, "fact", ""))
        name = fold(fact.title.zh) if fact else ""
        segment = home.segment
        if name and segment and name in segment.text:
            start = segment.start + segment.text.find(name)
            yield start, start + len(name)


def _stale(scope: Scope) -> Iterator[Finding]:
    """Entries of `[[unclaimed]]` that stand elsewhere or more often in the text than they say, or hold no figure."""
    for excuse in scope.excuses:
        entry, found = excuse.entry, len(excuse.places)
        params = (("figure", entry.figure), ("found", str(found)), ("times", str(entry.times)))
        if found != entry.times:
            yield Finding("unclaimed-places", entry.clause, key="unclaimed", params=params)
        elif not any(_holds(part, start, end) for part, start, end in excuse.places):
            yield Finding("unclaimed-empty", entry.clause, key="unclaimed", params=params)


def _holds(part: Part, start: int, end: int) -> bool:
    within: list[Figure | Word] = [*part.figures, *part.words]
    return any(start <= each.start and each.end <= end for each in within)
