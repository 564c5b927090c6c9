"""The answer to `clauses`: the plan, each clause with its measures. Needs no firm, no table, no Polars.

Also the measures and clauses that people mean: 六, （六）, 第六条, 6, a title or a part of it, an id. Nearest first: an
id, then a clause by its number, then a whole title, then a part of a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar
from unicodedata import normalize

from ordos_subsidy import wording
from ordos_subsidy.document import ClauseLine, MeasureLine, Plan, Source
from ordos_subsidy.errors import Refused, hint, problem
from ordos_subsidy.messages import Lang, Text, phrase
from ordos_subsidy.policy import Clause, Measure, Policies
from ordos_subsidy.wording import Speaker

Named = TypeVar("Named", Clause, Measure)

_AROUND = re.compile(r"[\s()（）〔〕【】]|^第|[条款]$|^(?:clause|article)\b", re.IGNORECASE)


def plan(policies: Policies, *, lang: Lang = "zh", number: str | None = None) -> Plan:
    """The whole plan, or the clauses that a name stands for; `Refused` where there is none."""
    chosen = policies.clauses if number is None else clauses(policies, number)
    lines = tuple(_clause(policies, each, lang) for each in chosen)
    return Plan(lang, source(policies, lang), lines, footnotes(policies, lang))


def source(policies: Policies, lang: Lang) -> Source:
    """The document that the policy puts into rules."""
    head = policies.head
    return Source(
        id=head.id,
        number=head.number,
        title=head.title.in_(lang),
        name=head.name.in_(lang),
        issuer=head.issuer.in_(lang),
        effective=head.effective.isoformat(),
        overlays=tuple(each.number for each in policies.overlays),
    )


def footnotes(policies: Policies, lang: Lang) -> tuple[str, ...]:
    """What must stand under every answer."""
    heads = (policies.head, *policies.overlays)
    texts = [note.in_(lang) for head in heads for note in (*head.footnotes, head.effective_note) if note]
    return tuple(dict.fromkeys(texts))


def caution(policies: Policies, lang: Lang) -> str:
    """The footnotes of the policy in one line, or ""."""
    return policies.head.caution.in_(lang) if policies.head.caution else ""


def _clause(policies: Policies, clause: Clause, lang: Lang) -> ClauseLine:
    return ClauseLine(
        number=clause.number,
        reference=clause.reference,
        part=clause.part.in_(lang),
        heading=clause.heading.in_(lang),
        gist=clause.gist.in_(lang),
        departments=tuple(each.title.in_(lang) for each in clause.departments),
        departments_short=tuple(each.short.in_(lang) for each in clause.departments),
        measures=tuple(
            _measure(policies, measure, lang) for measure in policies.measures if measure.clause.number == clause.number
        ),
    )


def _measure(policies: Policies, measure: Measure, lang: Lang) -> MeasureLine:
    speaker = Speaker(policies.vocabulary, lang)
    kinds = () if measure.of_accounts else measure.claims
    notes = [note.in_(lang) for note in measure.notes]
    if measure.grant and measure.grant.depends_on:
        notes.insert(0, phrase("logic.depends", lang, on=measure.grant.depends_on.in_(lang)))
    if measure.existing == "excluded" and kinds:
        notes.insert(0, phrase("logic.new-only", lang, day=policies.head.effective))
    notes += [phrase("logic.reading", lang, says=each.in_(lang)) for each in measure.readings]
    if measure.recipient != "unit":
        notes.append(phrase(f"logic.recipient-{measure.recipient}", lang))
    if any(limit.once for limit in policies.limits_of(measure)):
        notes.append(phrase("logic.limit-once", lang))
    if measure.since or measure.until:
        key = "both" if measure.since and measure.until else "from" if measure.since else "until"
        notes.insert(0, phrase(f"logic.version-{key}", lang, since=measure.since, until=measure.until))
    return MeasureLine(
        id=measure.id,
        category=measure.category,
        category_title=phrase(f"logic.{measure.category}", lang),
        title=measure.title.in_(lang),
        amount=_amount(measure, speaker, lang),
        condition=speaker.sentence(measure.when) if measure.when else "",
        events=tuple(policies.vocabulary.kinds[kind].title.in_(lang) for kind in kinds),
        notes=tuple(notes),
        document=measure.document,
    )


def _amount(measure: Measure, speaker: Speaker, lang: Lang) -> str:
    if measure.grant:
        kind = None if measure.of_accounts else measure.claims[0]
        words = wording.amount(measure.grant, lang, speaker, multiplied=None, kind=kind)
        return phrase("logic.once", lang, amount=words) if measure.grant.once else words
    return wording.budget(measure.budget, lang) if measure.budget else ""


# --- what people call measures and clauses


def measures(policies: Policies, name: str) -> tuple[Measure, ...]:
    """The measures that a name stands for, versions included; `Refused` with the nearest name where there is none."""
    found = [each for each in policies.measures if each.id == name]
    if not found and (clause := _numbered(policies, name)):
        found = [each for each in policies.measures if each.clause.number == clause.number]
    found = found or _titled(name, [(each, each.title) for each in policies.measures])
    found = found or _titled(name, [(each, each.clause.heading) for each in policies.measures])
    if not found:
        near = _near(policies, name, [each.title for each in policies.measures])
        raise Refused([problem("logic.unknown-measure", name=name, hint=near)])
    return tuple(found)


def clauses(policies: Policies, name: str) -> tuple[Clause, ...]:
    """The clauses that a name stands for: those of its measures too; `Refused` where there is none."""
    clause = _numbered(policies, name)
    found = [clause] if clause else _titled(name, [(each, each.heading) for each in policies.clauses])
    if not found:
        titled = _titled(name, [(each, (each.id, *each.title)) for each in policies.measures])
        numbers = {each.clause.number for each in titled}
        found = [each for each in policies.clauses if each.number in numbers]
    if not found:
        numbered = [each.number for each in policies.clauses]
        near = _near(policies, name, [each.heading for each in policies.clauses])
        raise Refused([problem("logic.unknown-clause", name=name, first=min(numbered), last=max(numbered), hint=near)])
    return tuple(found)


def _near(policies: Policies, name: str, titles: Iterable[Text]) -> str:
    return hint(name, [*(each.id for each in policies.measures), *(text for title in titles for text in title)])


def _numbered(policies: Policies, name: str) -> Clause | None:
    """A clause by its number in digits or as the document writes it, whatever stands around it."""
    plain = _plain(name)
    return next((each for each in policies.clauses if plain in {str(each.number), _plain(each.reference)}), None)


def _plain(text: str) -> str:
    text = normalize("NFKC", text).strip()
    while (shorter := _AROUND.sub("", text)) != text:
        text = shorter
    return text.casefold()


def _titled(name: str, titles: Iterable[tuple[Named, Sequence[str]]]) -> list[Named]:
    """What bears a title, or, where nothing does, has the name as a part of its titles."""
    wanted = normalize("NFKC", name).strip().casefold()
    if not wanted or wanted.isdigit():  # a number that is no clause names nothing
        return []
    folded = [(each, [normalize("NFKC", text).casefold() for text in texts]) for each, texts in titles]
    whole = [each for each, texts in folded if wanted in texts]
    return whole or [each for each, texts in folded if any(wanted in text for text in texts)]
