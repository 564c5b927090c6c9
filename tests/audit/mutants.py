"""Mutants: one small change to a policy file or to its text, each of a named sort.

A policy mutant is a changed copy of the parsed TOML; a text mutant is changed text. What may be changed is found in
the grammar and in the figures of the text, so that no fact of a policy stands here.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ordos_subsidy.audit.clauses import Passage, SplitText, fold
from ordos_subsidy.audit.text_figures import TextFigure, english_figures, figures, words

Raw = dict[str, Any]
AMOUNTS = ("exactly", "up_to", "at_least")
_ENTERPRISE = {"fact": "organization", "is": "enterprise"}


@dataclass(frozen=True)
class Mutant:
    """A change: its sort, where it is, and the changed entry of the file (`table`, `index`) or the changed text."""

    sort: str
    place: str
    table: str = ""
    index: int = -1
    entry: Raw | None = None
    text: str = ""


def other(figure: str) -> str:
    """Another figure of the same kind and unit.

    >>> other("500万元"), other("3%"), other("三年"), other("CNY 10 million"), other("five years")
    ('600万元', '4%', '四年', 'CNY 20 million', 'six years')
    """
    chinese = "一二三四五六七八九十"
    english_words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    for word, following in zip(english_words, [*english_words[1:], "two"], strict=True):
        if re.search(rf"\b{word}\b", figure, re.IGNORECASE):
            return re.sub(rf"\b{word}\b", following, figure, count=1, flags=re.IGNORECASE)
    if "五" in figure and "十" in figure:  # a five-year plan: 十四五
        return figure.replace("四五", "六五")
    if found := re.search(r"\d+", figure):
        digits = found[0]
        year = len(digits) == len("2021") and digits.startswith("20")
        changed = str(int(digits) + 1) if year else str(int(digits[0]) % 9 + 1) + digits[1:]
        return figure[: found.start()] + changed + figure[found.end() :]
    if found := re.search(f"[{chinese}两]", figure):
        place = chinese.find("二" if found[0] == "两" else found[0])
        return figure[: found.start()] + chinese[(place + 1) % 9] + figure[found.end() :]
    return {"翻倍": "减半", "双倍": "三倍", "等额": "半额"}.get(figure, "half")


def policy_mutants(raw: Raw) -> Iterator[Mutant]:
    """Every mutant of a policy file."""
    for index, measure in enumerate(raw["measure"]):
        for sort, place, change in _measure_changes(measure):
            entry = copy.deepcopy(measure)
            change(entry)
            yield Mutant(sort, f"{measure['id']}.{place}", "measure", index, entry)
    for key, value in (("number", raw["policy"]["number"].replace("1", "2")), ("dated", raw["policy"]["effective"])):
        yield Mutant("head", f"policy.{key}", "policy", entry={**raw["policy"], key: value})
    for index, clause in enumerate(raw["clause"]):
        for sort, place, change in _clause_changes(clause, sorted(raw["department"])):
            entry = copy.deepcopy(clause)
            change(entry)
            yield Mutant(sort, f"clause {clause['number']}.{place}", "clause", index, entry)


Change = tuple[str, str, Callable[[Raw], object]]


def _set(path: str, value: object) -> Callable[[Raw], None]:
    """A change that sets a key, or removes it where the value is None."""

    def change(entry: Raw) -> None:
        *above, last = path.split(".")
        inner: Any = entry
        for name in above:
            inner = inner[int(name)] if isinstance(inner, list) else inner[name]
        place: Any = int(last) if isinstance(inner, list) else last
        if value is None:
            del inner[place]
        else:
            inner[place] = value

    return change


def _measure_changes(measure: Raw) -> Iterator[Change]:
    for table in ("amount", "budget"):
        yield from _granted(measure.get(table, {}), table)
    yield from _limit(measure.get("limit", {}))
    yield from _switches(measure)
    yield from _conditions(measure)
    for path, text in _sentences(measure):
        yield from _in_sentence(path, text, "figure in a title, note or reading")


def _granted(entry: Raw, key: str) -> Iterator[Change]:
    for name in AMOUNTS:
        if name in entry:
            yield from _figure(key, name, entry[name])
            for to in AMOUNTS:
                if to != name and not (key == "budget" and to == "up_to"):
                    yield f"{key}: {name} to {to}", f"{key}.{name}", _renamed(key, name, to)
    for name in ("share", "cap", "growth"):
        if name in entry:
            yield from _figure(key, name, entry[name])
    for table, names in (("marginal", {"share"}), ("tiers", {*AMOUNTS, "from", "above", "to", "below"})):
        for place, band in enumerate(entry.get(table, [])):
            for name in sorted(names & set(band)):
                yield from _figure(key, f"{table}.{place}.{name}", band[name])
    yield from _spans(entry, key)


def _figure(key: str, path: str, figure: str) -> Iterator[Change]:
    yield f"{key}: figure", f"{key}.{path}", _set(f"{key}.{path}", other(figure))


def _spans(entry: Raw, key: str) -> Iterator[Change]:
    for name in ("years", "spread", "base_year"):
        if name in entry:
            for step in (-1, 1):
                yield f"{key}: {name} ±1", f"{key}.{name}", _set(f"{key}.{name}", entry[name] + step)
            yield f"{key}: {name} dropped", f"{key}.{name}", _set(f"{key}.{name}", None)
    if "during" in entry:
        first, last = entry["during"]
        for span in ([first - 1, last], [first, last + 1]):
            yield f"{key}: during ±1", f"{key}.during", _set(f"{key}.during", span)
    if "times" in entry:
        yield f"{key}: times", f"{key}.times", _set(f"{key}.times.by", 3)
        yield f"{key}: times", f"{key}.times", _set(f"{key}.times", None)


def _renamed(key: str, name: str, to: str) -> Callable[[Raw], None]:
    def change(entry: Raw) -> None:
        entry[key] = {to if each == name else each: value for each, value in entry[key].items() if each != "within"}

    return change


def _limit(limit: Raw) -> Iterator[Change]:
    for name in ("a_year", "in_all"):
        if name in limit:
            yield "limit: figure", f"limit.{name}", _set(f"limit.{name}", other(limit[name]))
            to = "in_all" if name == "a_year" else "a_year"
            yield "limit: exchanged", f"limit.{name}", _set("limit", {to: limit[name]})
    if limit:
        yield "limit: dropped", "limit", _set("limit", None)


def _switches(measure: Raw) -> Iterator[Change]:
    award, budget = measure["category"] == "award", measure["category"] == "budget"
    if award:
        if measure["amount"].get("once"):
            yield "once dropped", "amount.once", _set("amount.once", None)
        else:
            yield "once added", "amount.once", _set("amount.once", True)
        if measure.get("existing"):
            yield "existing dropped", "existing", _set("existing", None)
        else:
            yield "existing added", "existing", _set("existing", "excluded")
        for recipient in {"unit", "people", "shared"} - {measure.get("recipient", "unit")}:
            yield "recipient", f"recipient {recipient}", _set("recipient", recipient)
        if measure.get("yearly"):
            yield "yearly dropped", "yearly", _set("yearly", None)
        elif not {"years", "during", "spread"} & set(measure["amount"]):
            yield "yearly added", "yearly", _set("yearly", True)
    if budget:
        yearly = measure["budget"].get("yearly")
        sort = "budget: yearly dropped" if yearly else "budget: yearly added"
        yield sort, "budget.yearly", _set("budget.yearly", None if yearly else True)


def _conditions(measure: Raw) -> Iterator[Change]:
    when = measure.get("when")
    if measure["category"] in ("award", "credit", "preference"):
        if not (when and "'fact': 'organization'" in str(when)):
            parts = [_ENTERPRISE, *([when] if when else [])]
            yield "enterprise added", "when", _set("when", {"all": parts} if when else _ENTERPRISE)
        elif when == _ENTERPRISE:
            yield "enterprise dropped", "when", _set("when", None)
    if when:
        yield from _condition("when", when)


def _condition(path: str, condition: Raw) -> Iterator[Change]:
    """Changes of a condition and of those within it."""
    yield from _test(path, condition)
    if "first_years" in condition:
        for step in (-1, 1):
            yield "first_years ±1", path, _set(path, {"first_years": condition["first_years"] + step})
    if "sufficient" in condition:
        yield "sufficient to its condition", path, _set(path, condition["sufficient"])
        yield from _condition(f"{path}.sufficient", condition["sufficient"])
    for name in ("all", "any"):
        for place, inner in enumerate(condition.get(name, [])):
            sort = "enterprise dropped" if inner == _ENTERPRISE else "condition dropped"
            if len(condition[name]) > 1:
                yield sort, f"{path}.{name}.{place}", _set(f"{path}.{name}.{place}", None)
            yield from _condition(f"{path}.{name}.{place}", inner)
    if path == "when" and condition != _ENTERPRISE:
        yield "condition dropped", path, _set(path, None)


def _test(path: str, condition: Raw) -> Iterator[Change]:
    """Changes of a comparison: its figure, its sort, its answers."""
    for name, to in (("at_least", "more_than"), ("more_than", "at_least"), ("at_most", "less_than")):
        if name in condition:
            changed = {to if each == name else each: value for each, value in condition.items()}
            yield f"{name} to {to}", path, _set(path, changed)
            value = condition[name]
            if value != "0元":
                figure = value + 1 if isinstance(value, int) else other(value)
                yield "threshold", path, _set(path, {**condition, name: figure})
    if isinstance(condition.get("is"), bool):
        yield "is exchanged", path, _set(path, {**condition, "is": not condition["is"]})
    answers = condition.get("one_of", [])
    for place, answer in enumerate(answers if len(answers) > 1 else []):
        yield "answer dropped", f"{path}.one_of.{answer}", _set(f"{path}.one_of.{place}", None)


def _sentences(measure: Raw) -> Iterator[tuple[str, Raw]]:
    yield "title", measure["title"]
    for table in ("amount", "budget"):
        for name in ("depends_on", "of"):
            if isinstance(measure.get(table, {}).get(name), dict):
                yield f"{table}.{name}", measure[table][name]
    for table in ("notes", "readings"):
        yield from ((f"{table}.{place}", each) for place, each in enumerate(measure.get(table, [])))


def _in_sentence(path: str, sentence: Raw, sort: str) -> Iterator[Change]:
    for lang, found in (("zh", _chinese(sentence["zh"])), ("en", english_figures(sentence["en"]))):
        for each in found:
            text = sentence[lang]
            start = text.find(each.text) if lang == "zh" else each.start
            if start >= 0:
                changed = text[:start] + other(each.text) + text[start + len(each.text) :]
                yield f"{sort}, {lang}", f"{path}.{lang} {each.text}", _set(f"{path}.{lang}", changed)


def _chinese(text: str) -> tuple[TextFigure, ...]:
    """The figures of a sentence, at the places of its folded form: those written without width variants."""
    return figures(fold(text))


def _clause_changes(clause: Raw, departments: list[str]) -> Iterator[Change]:
    for place, name in enumerate(clause["departments"]):
        yield "department dropped", f"departments.{name}", _set(f"departments.{place}", None)
        stranger = next(each for each in departments if each not in clause["departments"])
        yield "department exchanged", f"departments.{name}", _set(f"departments.{place}", stranger)
    yield "heading", "heading", _set("heading.zh", clause["heading"]["zh"][:-1])
    yield "part", "part", _set("part.zh", clause["part"]["zh"][1:])
    yield from _in_sentence("gist", clause["gist"], "figure in a gist")


# Texts


def text_mutants(text: SplitText) -> Iterator[Mutant]:
    """Every mutant of a text: each figure changed, each word of a figure and each word of frequency dropped."""
    for part in text.parts():
        for figure in part.figures:
            yield _changed(text, "figure of the text", part, figure.start, figure.end, other(figure.text))
        for word in words(part.text, []):
            yield _changed(text, "word of the text dropped", part, word.start, word.end, "")
            exchanged = _EXCHANGED.get(word.text, f"已{word.text[1:]}")
            yield _changed(text, "word of the text exchanged", part, word.start, word.end, exchanged)
        for place, new in _gained(part):
            yield _changed(text, "word of the text gained", part, place, place, new)
        for name in part.departments or ():
            start = text.plain.folded.find(name, part.start + len(part.text))
            yield Mutant("department of the text", f"clause {part.number} {name}", text=_cut(text, start, len(name)))
        if part.heading:
            start = text.plain.folded.rfind(part.heading, 0, part.start)
            yield Mutant("heading of the text", f"clause {part.number}", text=_cut(text, start, 1))


_EXCHANGED = {
    "最高": "不低于",
    "最多": "至少",
    "不低于": "最高",
    "以上": "以下",
    "一次性": "每年",
    "每年": "一次性",
    "逐年": "一次性",
    "连续": "最多",
}


def _gained(part: Passage) -> Iterator[tuple[int, str]]:
    """Words that are not there, before each sum and share: a degree, and a frequency that its segment lacks."""
    for figure in part.figures:
        if figure.kind not in ("sum", "share") or not part.number:
            continue
        if not figure.degree:
            yield figure.start, "最高"
        segment = part.segment_at(figure.start)
        there = {each.kind for each in part.words if segment.holds(each.start)}
        if any(each.degree == "in_a_row" and segment.holds(each.start) for each in part.figures):
            there.add("yearly")  # so many years in a row are every year
        yield from (
            (figure.start, word) for kind, word in (("once", "一次性"), ("yearly", "每年")) if kind not in there
        )


def _changed(text: SplitText, sort: str, part: Passage, start: int, end: int, new: str) -> Mutant:
    folded = text.plain.folded
    first, last = part.start + start, part.start + end
    place = f"clause {part.number} …{folded[max(first - 8, 0) : last + 6]}…"
    return Mutant(sort, place, text=folded[:first] + new + folded[last:])


def _cut(text: SplitText, start: int, length: int) -> str:
    folded = text.plain.folded
    return folded[:start] + folded[start + length :]
