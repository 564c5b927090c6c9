"""From the policy file to the text: figures of the file that the text does not bear out, and gists that disagree.

A figure of a rule must stand in the measure's own piece of the text, with the comparison that its key makes; one of
a title, a note or a gist anywhere in the clause. A reading of ours excuses what its `of` names: a figure, or a key
whose figure the reading's own sentence states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ordos_subsidy.audit import claims, english
from ordos_subsidy.audit.claims import Claim
from ordos_subsidy.audit.clauses import Part
from ordos_subsidy.audit.figures import Figure, figures, years_of_plan
from ordos_subsidy.audit.finding import Finding, in_policy
from ordos_subsidy.audit.homes import Home
from ordos_subsidy.audit.plain import fold
from ordos_subsidy.audit.scope import Scope, read_figures

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar, rule_grammar

_COMPARED = frozenset({"sum", "share", "years", "date", "multiple"})


def unsupported(scope: Scope) -> Iterator[Finding]:
    """Figures of the policy file that the text does not bear out."""
    for home in scope.homes:
        for claim in home.claims:
            yield from _rule(scope, home, claim)
        for claim in claims.of_sentences(home.measure):
            if not _borne_out(scope, home.part, claim) and not excused(home.measure, claim):
                yield in_policy("figure-absent", home, claim.key, figure=claim.text)
        for key, words in claims.sentences(home.measure):
            yield from _languages(home.measure.clause, home.measure.id, key, words, _COMPARED)
        yield from _idle_readings(home)
    for number, part in scope.text.clauses.items():
        clause = scope.clause(number)
        if clause:
            yield from _gist(scope, part, clause)
    yield from _groups(scope)


def excused(measure: grammar.MeasureEntry, claim: Claim, *, by_key: bool = True) -> bool:
    """Whether a reading names the figure, or (`by_key`) names the key and states the figure."""
    for reading in measure.readings:
        if claim.figure in read_figures(reading.of):
            return True
        stated = {figure.key for figure in figures(fold(reading.zh))}
        if by_key and claim.figure in stated and any(names(key, claim.key) for key in reading.of):
            return True
    return False


def names(key: str, wanted: str) -> bool:
    """Whether an entry of a reading names a key, or one above it."""
    return wanted == key or wanted.startswith((f"{key}.", f"{key}["))


def marked(measure: grammar.MeasureEntry, *keys: str) -> bool:
    """Whether a reading marks one of some keys as ours."""
    return any(names(each, key) for reading in measure.readings for each in reading.of for key in keys)


def _rule(scope: Scope, home: Home, claim: Claim) -> Iterator[Finding]:
    """A figure that decides: in its piece, with its comparison."""
    if claim.kind == "date" and (claim.figure in scope.head_figures or _left_open(home.measure, claim)):
        return
    found = [each for each in home.part.figures if _same(each, claim)]
    near = [each for each in found if not home.by_figure or home.in_piece(each.start)]
    compared = [each for each in near if claim.degrees is None or each.degree in claim.degrees]
    if compared or excused(home.measure, claim, by_key=not near):
        return
    code = "degree" if near else "figure-elsewhere" if found else "figure-absent"
    text = near[0].text if near else ""
    yield in_policy(code, home, claim.key, figure=claim.text, text=_as_written(home.part, near) or text)


def _as_written(part: Part, near: list[Figure]) -> str:
    """A figure of the text with the words around it that compare it."""
    return part.quote(near[0].start, near[0].end, 4) if near else ""


def _same(figure: Figure, claim: Claim) -> bool:
    if figure.key == claim.figure:
        return True
    value = claim.value
    year = value[0] if claim.kind == "date" and isinstance(value, tuple) and value[1:] == (None, None) else None
    return figure.kind == "plan" and year is not None and year in years_of_plan(figure.value)


def _left_open(measure: grammar.MeasureEntry, claim: Claim) -> bool:
    """Whether the condition says of a year that the document leaves it open (`unsettled`)."""
    value = claim.value
    year = value[0] if isinstance(value, tuple) else None
    return any(year == each for each in _unsettled_years(measure.when))


def _unsettled_years(condition: Any) -> Iterator[int]:
    for each in claims.walk(condition):
        year = getattr(getattr(each, "unsettled", None), "is_", None)
        if isinstance(year, int):
            yield year


def _borne_out(scope: Scope, part: Part, claim: Claim) -> bool:
    """Whether a figure of a sentence stands in the clause or its heading, with the same comparison if it makes one."""
    if claim.figure in scope.head_figures:
        return True
    found = [each for each in [*part.figures, *figures(fold(part.heading))] if _same(each, claim)]
    return any(claim.degrees is None or each.degree in claim.degrees for each in found)


def _gist(scope: Scope, part: Part, clause: grammar.ClauseEntry) -> Iterator[Finding]:
    for claim in claims.in_words(clause.number, "", "gist", clause.gist):
        if not _borne_out(scope, part, claim):
            yield Finding("figure-absent", clause.number, key=f"clause.{claim.key}", params=(("figure", claim.text),))
    yield from _languages(clause.number, "", "clause.gist", clause.gist, None)


def _languages(
    clause: int, measure: str, key: str, words: rule_grammar.TextEntry, kinds: Iterable[str] | None
) -> Iterator[Finding]:
    """Whether both languages state the same figures, counts too where both count."""
    chinese, foreign = figures(fold(words.zh)), english.figures(words.en)
    if kinds is not None and all(any(each.kind == "count" for each in found) for found in (chinese, foreign)):
        kinds = {*kinds, "count"}
    for one, other, code in ((chinese, foreign, "only-zh"), (foreign, chinese, "only-en")):
        known = {each.key for each in other}
        for each in one:
            missing = each.key not in known and not any(_in_plan(each, figure) for figure in other)
            if missing and (kinds is None or each.kind in kinds):
                yield Finding(code, clause, measure=measure, key=key, params=(("figure", each.text),))


def _in_plan(one: Figure, other: Figure) -> bool:
    """Whether one of two figures is a five-year plan, and the other its first or last year."""
    plan, year = (one, other) if one.kind == "plan" else (other, one)
    return plan.kind == "plan" and isinstance(year.value, tuple) and year.value[0] in years_of_plan(plan.value)


def _idle_readings(home: Home) -> Iterator[Finding]:
    """Entries of a reading that name neither a key of the measure nor a figure that it states."""
    stated = {claim.figure for claim in [*home.claims, *claims.of_sentences(home.measure)]}
    written = home.measure.model_dump(by_alias=True, exclude_unset=True)
    for place, reading in enumerate(home.measure.readings):
        for entry in reading.of:
            if not (read_figures([entry]) & stated or _has_key(written, entry)):
                yield in_policy("reading-of", home, f"readings[{place}].of", name=entry)


def _has_key(written: object, path: str) -> bool:
    """Whether a measure has a key, such as `limit.a_year`."""
    if path.startswith("when."):
        return f"'fact': '{path.removeprefix('when.')}'" in str(written)
    for name in path.split("."):
        if not isinstance(written, dict) or written.get(name) is None:
            return False
        written = written[name]
    return True


def _groups(scope: Scope) -> Iterator[Finding]:
    """Figures of limits that measures share: in a clause of one of these measures."""
    for slug, limit in scope.document.limit.items():
        parts = {id(each.part): each.part for each in scope.homes if each.measure.id in limit.measures}
        for claim in claims.of_group(slug, limit):
            if not any(_borne_out(scope, part, claim) for part in parts.values()):
                yield Finding("figure-absent", 0, key=claim.key, params=(("figure", claim.text),))
