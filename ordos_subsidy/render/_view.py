"""What a report shows and in which groups: the choices that all renderers share.

Rows that do not apply are hidden unless the report asks for everything, and then they are counted: nothing is
dropped without a word. Notes that several rows share are written once and numbered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ordos_subsidy.document import FirmReport, Line, Preference, Report, Verdict
from ordos_subsidy.pages import terms as figures
from ordos_subsidy.words import Lang, listed, phrase

Row = TypeVar("Row", Line, Preference)


def shown(rows: Sequence[Row], *, everything: bool, year: int | None = None) -> list[Row]:
    """The rows that apply or may apply; with `everything`, all of them; of one year, what falls in it or in none."""
    return [row for row in rows if (everything or row.verdict != "no") and row.falls_in(year)]


def hidden_line(firm: FirmReport, lang: Lang, *, everything: bool) -> str:
    """What is not shown and how to see it, or an empty string."""
    if everything:
        return ""
    what = []
    for key, rows in (("show.hidden_awards", firm.awards), ("show.hidden_credits", firm.credits)):
        titles = [row.title for row in rows if row.verdict == "no"]
        if titles:
            names = listed(dict.fromkeys(titles), lang)
            what.append(phrase(key, lang, count=len(titles), names=names))
    preferences = sum(row.verdict == "no" for row in firm.preferences)
    if preferences:
        what.append(phrase("show.hidden_preferences", lang, count=preferences))
    return phrase("show.hidden", lang, what=phrase("show.and", lang).join(what)) if what else ""


def open_by_year(firm: FirmReport, verdict: Verdict = "yes") -> Counter[int | None]:
    """How many awards of a verdict that count without an upper bound fall in each year."""
    rows = (row.schedule for row in firm.awards if row.verdict == verdict)
    return Counter(year for schedule in rows for year in {each.year for each in schedule if each.counts[1] is None})


def preference_groups(firm: FirmReport, *, everything: bool) -> list[tuple[str, list[Preference]]]:
    """Preferences by what is known of them: (phrase, rows), empty groups left out."""
    tests: list[tuple[str, Callable[[Preference], bool]]] = [
        ("preferences_yes", lambda row: row.verdict == "yes"),
        ("preferences_unknown", lambda row: row.verdict == "unknown" and bool(row.missing)),
        ("preferences_open", lambda row: row.verdict == "unknown" and not row.missing),
        ("preferences_no", lambda row: row.verdict == "no" and everything),
    ]
    groups = [(name, [row for row in firm.preferences if holds(row)]) for name, holds in tests]
    return [(name, rows) for name, rows in groups if rows]


def titles(firm: FirmReport) -> dict[str, str]:
    """What the missing facts of a firm are called."""
    return {each.fact: each.title for each in firm.missing}


def missing(row: Line | Preference, firm: FirmReport, lang: Lang) -> str:
    """The facts a row waits for, by name."""
    names = titles(firm)
    return listed(dict.fromkeys(names.get(fact, fact) for fact in row.missing), lang)


def why(row: Line | Preference, firm: FirmReport, lang: Lang) -> list[str]:
    """Why a row is not a plain yes: what is missing, what is left open, what does not hold."""
    lines = []
    if row.missing:
        key = "show.waits" if row.verdict == "unknown" else "show.amount_waits"
        lines.append(phrase(key, lang, facts=missing(row, firm, lang)))
    return lines + [phrase(f"show.because_{row.verdict}", lang, says=each) for each in reasons(row)]


def reasons(row: Line | Preference) -> list[str]:
    """The conditions that keep a row from being a yes, without those that only wait for a missing fact."""
    if row.verdict == "yes":
        return []
    found = (each.says for each in row.reasons if each.truth == row.verdict and each.fact not in row.missing)
    return list(dict.fromkeys(found))


def amounts(row: Line, report: Report) -> tuple[int, int | None]:
    """The interval to show: of the whole award, or of the one year that was asked for."""
    return figures.amounts(row, report)


def document(row: Line | Preference, report_number: str) -> str:
    """The number of the document a row rests on, where it is not the policy itself."""
    return row.document if row.document != report_number else ""


@dataclass(frozen=True)
class Notes:
    """The notes of a firm's rows, each once, numbered from 1."""

    texts: tuple[str, ...]

    def marks(self, row: Line | Preference) -> str:
        """The numbers of a row's notes: "[1][3]"."""
        return "".join(f"[{self.texts.index(note) + 1}]" for note in dict.fromkeys(row.notes))


def notes(rows: Iterable[Line | Preference]) -> Notes:
    """The notes of the rows that are shown."""
    return Notes(tuple(dict.fromkeys(note for row in rows for note in row.notes)))


def all_shown(firm: FirmReport, *, everything: bool, year: int | None = None) -> list[Line | Preference]:
    """Every row that is shown, in order."""
    rows: list[Line | Preference] = [*shown(firm.awards, everything=everything, year=year)]
    rows += shown(firm.credits, everything=everything, year=year)
    return rows + [row for _, group in preference_groups(firm, everything=everything) for row in group]
