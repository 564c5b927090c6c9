"""Figures in both directions: those of the text that no measure claims, those of the file that the text does not have.

A sum, a share, a number of years of the text is claimed by a measure at home between the same full stops, or by a
sentence of a measure of its clause, and so is a date beside them; a count or another date also by the gist, heading or
part. An `[[unclaimed]]` entry excuses what it quotes.

A figure of a rule must stand in the measure's own piece of the text, with the comparison that its key makes; one of a
title, a note or a gist anywhere in the clause. A reading of ours excuses what its `of` names: a figure, or a key whose
figure the reading's own sentence states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ordos_subsidy.audit import stated
from ordos_subsidy.audit.clauses import Passage, fold
from ordos_subsidy.audit.scope import AuditFinding, Home, Scope, in_clause, in_policy, in_text, names
from ordos_subsidy.audit.stated import StatedFigure
from ordos_subsidy.audit.text_figures import MONEY_KINDS, FigureKey, TextFigure, TextWord, english_figures, figures

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar, rule_grammar

#: The words that `word_checks` compares with the keys of a measure, by its category.
_COMPARED_WORDS = {"award": ("once", "yearly", "new"), "budget": ("yearly",)}
#: The kinds of figures that both languages of a sentence must state.
_COMPARED_KINDS = frozenset({"sum", "share", "years", "date", "multiple"})


# --- from the text to the file


def unclaimed(scope: Scope) -> Iterator[AuditFinding]:
    """Yield figures and words of the text that the file does not account for, and entries that excuse nothing."""
    for part in scope.text.parts():
        strong, weak = _accounted(scope, part)
        for figure in part.figures:
            near = [each for each in scope.homes_in(part) if each.by_figure and each.in_piece(figure.start)]
            # Only a measure can account for money, and for days beside a measure's figure.
            decides = near if figure.kind in ("date", "plan") else figure.kind in MONEY_KINDS
            claimed = figure.key in (strong if decides else strong | weak) or _claimed_by_rule(scope, near, figure)
            if not claimed and not scope.excused(part, figure):
                yield in_text("unclaimed-figure", part, figure, figure=figure.text)
        for word in part.words:
            if not _word_claimed(scope, part, word) and not scope.excused(part, word):
                yield in_text("unclaimed-word", part, word, word=word.text)
    yield from _stale(scope)


def _accounted(scope: Scope, part: Passage) -> tuple[set[FigureKey], set[FigureKey]]:
    """Return the figures that sentences of measures state, and those of the gist and the heading, or of the head."""
    said = [each for home in scope.homes_in(part) for each in stated.of_sentences(home.measure)]
    strong = {each.figure for each in said if each.key.endswith(".zh")}
    clause = scope.clause(part.number)
    if clause is None:
        return strong | scope.head_sentences | scope.head_figures, set()
    found = [figure for words in (clause.gist, clause.heading, clause.part) for figure in figures(fold(words.zh))]
    return strong, {figure.key for figure in found}


def _claimed_by_rule(scope: Scope, near: list[Home], figure: TextFigure) -> bool:
    """Whether a rule of a measure in the same piece of the text states it, or a shared limit, or it is the policy's."""
    number = isinstance(figure.value, str) and figure.value.endswith(fold(scope.document.policy.number))
    own = any(figure.states(each.figure) for home in near for each in home.claims)
    return number or own or any(each.figure == figure.key for each in scope.group_claims)


def _word_claimed(scope: Scope, part: Passage, word: TextWord) -> bool:
    """Words beside a measure's figure are compared there; others need the same phrase in a sentence of the clause."""
    segment = part.segment_at(word.start)
    homes = [each for each in scope.homes_in(part) if each.by_figure and each.segment == segment]
    if any(word.kind in _COMPARED_WORDS.get(each.measure.category, ()) for each in homes):
        return True
    facts = {fold(fact.title.zh) for each in homes for _, fact in scope.tests(each)}
    places = [(segment.start + segment.text.find(name), len(name)) for name in facts if name in segment.text]
    if any(start <= word.start and word.end <= start + length for start, length in places):
        return True
    near = {part.text[max(word.start - 2, 0) : word.end], part.text[word.start : word.end + 2]} - {word.text}
    clause = scope.clause(part.number)
    said = [clause.gist.zh, clause.heading.zh] if clause else []
    said += [words.zh for each in scope.homes_in(part) for _, words in stated.sentences(each.measure)]
    return word.kind != "degree" and any(phrase in fold(each) for phrase in near for each in said)


def _stale(scope: Scope) -> Iterator[AuditFinding]:
    """Yield entries of `[[unclaimed]]` that stand elsewhere or more often than they say, or hold no figure."""
    for entry, places in scope.excuses:
        marks = [(start <= each.start and each.end <= end) for part, start, end in places for each in _marks(part)]
        if len(places) != entry.times or not any(marks):
            code = "unclaimed-places" if len(places) != entry.times else "unclaimed-empty"
            params = {"figure": entry.figure, "found": str(len(places)), "times": str(entry.times)}
            yield in_clause(code, entry.clause, "unclaimed", **params)


def _marks(part: Passage) -> list[TextFigure | TextWord]:
    return [*part.figures, *part.words]


# --- from the file to the text


def unsupported(scope: Scope) -> Iterator[AuditFinding]:
    """Yield figures of the file that the text does not have, and sentences whose languages state different figures."""
    for home in scope.homes:
        for each in home.claims:
            yield from _rule(scope, home, each)
        for each in stated.of_sentences(home.measure):
            if not _stands(scope, home.part, each) and not _excused(home.measure, each):
                yield in_policy("figure-absent", home, each.key, figure=each.text)
        for key, words in stated.sentences(home.measure):
            yield from _languages(home.measure.clause, home.measure.id, key, words, _COMPARED_KINDS)
        yield from _idle_readings(home)
    yield from _gists(scope)
    for slug, limit in scope.document.limit.items():
        parts = [home.part for home in scope.homes if home.measure.id in limit.measures]
        for each in stated.of_group(slug, limit):
            if not any(_stands(scope, part, each) for part in parts):
                yield in_clause("figure-absent", 0, each.key, figure=each.text)


def _gists(scope: Scope) -> Iterator[AuditFinding]:
    """Yield the figures of gists that are not in the clause, or not in both languages."""
    for number, part in scope.text.clauses.items():
        if clause := scope.clause(number):
            for each in stated.in_words("clause.gist", clause.gist):
                if not _stands(scope, part, each):
                    yield in_clause("figure-absent", number, each.key, figure=each.text)
            yield from _languages(number, "", "clause.gist", clause.gist, None)


def _rule(scope: Scope, home: Home, own: StatedFigure) -> Iterator[AuditFinding]:
    """Yield a figure that decides, unless it stands in its piece, with its comparison."""
    if own.figure[0] == "date" and (own.figure in scope.head_figures or _left_open(home.measure, own)):
        return
    found = [each for each in home.part.figures if each.states(own.figure)]
    near = [each for each in found if not home.by_figure or home.in_piece(each.start)]
    if _compared(own, near) or _excused(home.measure, own, by_key=not near):
        return
    code = "degree" if near else "figure-elsewhere" if found else "figure-absent"
    text = home.part.quote(near[0].start, near[0].end, 4) if near else ""
    yield in_policy(code, home, own.key, figure=own.text, text=text)


def _compared(own: StatedFigure, found: Iterable[TextFigure]) -> bool:
    """Whether one of some figures makes the comparison that its key makes."""
    return any(own.degrees is None or each.degree in own.degrees for each in found)


def _stands(scope: Scope, part: Passage, own: StatedFigure) -> bool:
    """Whether a figure of a sentence stands in the clause or its heading, with the same comparison if it makes one."""
    found = [each for each in [*part.figures, *figures(fold(part.heading))] if each.states(own.figure)]
    return _compared(own, found) or own.figure in scope.head_figures


def _excused(measure: grammar.MeasureEntry, own: StatedFigure, *, by_key: bool = True) -> bool:
    """Whether a reading names the figure, or (`by_key`) names the key and states the figure."""
    for reading in measure.readings:
        in_sentence = {figure.key for figure in figures(fold(reading.zh))}
        named = by_key and own.figure in in_sentence and any(names(key, own.key) for key in reading.of)
        if named or own.figure in _figures_among(reading.of):
            return True
    return False


def _figures_among(of: list[str]) -> frozenset[FigureKey]:
    """Return the figures among the entries of a reading; a bare number of four digits is a year."""
    texts = [f"{each}年" if each.isdigit() and len(each) == len("2021") else each for each in of]
    return frozenset(figure.key for text in texts for figure in figures(fold(text)))


def _left_open(measure: grammar.MeasureEntry, own: StatedFigure) -> bool:
    """Whether the condition says of a year that the document leaves it open (`unsettled`)."""
    value = own.figure[1]
    years = [getattr(getattr(each, "unsettled", None), "is_", None) for each in stated.walk(measure.when)]
    return isinstance(value, tuple) and value[0] is not None and value[0] in years


def _languages(
    clause: int, measure: str, key: str, words: rule_grammar.TextEntry, kinds: Iterable[str] | None
) -> Iterator[AuditFinding]:
    """Yield figures that only one language states, counts too where both count."""
    chinese, english = figures(fold(words.zh)), english_figures(words.en)
    if kinds is not None and all(any(each.kind == "count" for each in found) for found in (chinese, english)):
        kinds = {*kinds, "count"}
    for one, other, code in ((chinese, english, "only-zh"), (english, chinese, "only-en")):
        for each in one:
            known = any(figure.states(each.key) or each.states(figure.key) for figure in other)
            if not known and (kinds is None or each.kind in kinds):
                yield AuditFinding(code, clause, measure=measure, key=key, params=(("figure", each.text),))


def _idle_readings(home: Home) -> Iterator[AuditFinding]:
    """Yield entries of a reading that name neither a key of the measure nor a figure that it states."""
    own = {each.figure for each in [*home.claims, *stated.of_sentences(home.measure)]}
    written = home.measure.model_dump(by_alias=True, exclude_unset=True)
    for place, reading in enumerate(home.measure.readings):
        for entry in reading.of:
            if not (_figures_among([entry]) & own or _has_key(written, entry)):
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
