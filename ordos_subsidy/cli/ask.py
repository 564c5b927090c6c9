"""The command `ask`: the questions of `interview`, painted on a terminal, and the answers kept in a file."""

from __future__ import annotations

import enum
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ordos_subsidy import cells, output, tables, templates
from ordos_subsidy.cells import PERCENT, UNITS, Value, type_of
from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.answering import calc
from ordos_subsidy.cli.commands import ANSWERS
from ordos_subsidy.cli.request import Request
from ordos_subsidy.cli.streams import deliver, note, show, tell
from ordos_subsidy.errors import Refused, problem
from ordos_subsidy.facts import normal
from ordos_subsidy.files.guard import ONE_FIRM
from ordos_subsidy.interview import Inquiry, Interview, Reply, read_back
from ordos_subsidy.messages import phrase
from ordos_subsidy.money import FEN_A_WAN
from ordos_subsidy.pages import terms
from ordos_subsidy.pages.blocks import Look, Page, PageHeading, Paragraph
from ordos_subsidy.templates.content import Content

if TYPE_CHECKING:
    import questionary

    from ordos_subsidy.facts import Fact

_ENDINGS = (".xlsx", ".toml")
#: The unit of sums that are typed without one, as in a template.
_UNIT = next(unit for unit, yuan in UNITS.items() if yuan * 100 == FEN_A_WAN)


def ask(asked: Request) -> int:
    """An interview in the terminal; its answers are kept, and calculated where nothing is left to ask."""
    talk = Talk(asked)
    talk.run()
    if not talk.complete:
        return Exit.ANSWERED
    return calc(Request(formats=ANSWERS, file=talk.target, policies=asked.policies, on=asked.on, lang=asked.lang))


class Move(enum.Enum):
    """What a person may do instead of answering."""

    BACK = "back"
    STOP = "stop"


class Talk:
    """One run of the command; `complete`: nothing was left to ask."""

    def __init__(self, asked: Request) -> None:
        self.policies, self.lang, self.resume = asked.loaded, asked.said, asked.resume
        self.target = asked.output or asked.resume or Path(phrase("ask.file", self.lang))
        self.interview = Interview(self.policies, (), asked.day)
        self.content = Content(self.policies, self.lang)
        self.complete = False
        #: Words that say that something is not known.
        self.unknown = frozenset(map(normal, ("?", phrase("ask.unknown", "zh"), phrase("ask.unknown", "en"))))

    def run(self) -> None:
        """Ask until nothing is left to ask, or the person stops, and save the answers."""
        self._check_file()
        self.interview = self.interview.answered(*self._before())
        _check_terminal()
        self._say(self._t("intro", source=self.content.source, file=self.target))
        try:
            self._ask_all()
        except (KeyboardInterrupt, EOFError):  # Ctrl-C and Ctrl-D at a question
            note(self._t("stopped"))
        if not self.interview.known:
            note(self._t("nothing"))
            return
        self._save()
        if not self.complete:
            note(self._t("go_on", file=self.target))

    def _t(self, key: str, **params: object) -> str:
        return phrase(f"ask.{key}", self.lang, **params)

    def _say(self, text: str, look: Look = "", *, heading: str = "") -> None:
        """A paragraph, broken into lines as its language is."""
        if heading:
            deliver("\n")
        show(Page("", self.lang, (*((PageHeading(heading, 3),) if heading else ()), Paragraph(text, look))))

    def _check_file(self) -> None:
        """Refuse at once what would otherwise be refused after many questions."""
        if self.target.suffix.lower() not in _ENDINGS:
            raise Refused([problem("ask.ending", str(self.target))])
        if self.target.exists() and self.target != self.resume:
            raise Refused([problem("ask.exists", str(self.target))])
        output.check(self.target, inputs=map(Path, self.policies.files))

    def _before(self) -> tuple[Reply, ...]:
        """The answers of an earlier session."""
        if self.resume is None:
            return ()
        firms = tables.read([self.resume], [], self.policies.vocabulary, allowance=ONE_FIRM)
        if len(firms) != 1 or firms.left_out:
            raise Refused([*firms.problems, problem("ask.one_firm", str(self.resume))])
        tell(firms.problems, self.lang)
        return read_back(self.policies, firms)

    def _ask_all(self) -> None:
        while inquiry := self.interview.next():
            answer = self._answer(inquiry)
            if answer is Move.STOP:
                raise KeyboardInterrupt
            if isinstance(answer, Move):
                self.interview = self.interview.back()
            else:
                self.interview = self.interview.answered(Reply(inquiry.fact.key, inquiry.event, answer))
        self.complete = True

    def _save(self) -> None:
        """Write the answers; a file needs what is required, so that an unknown name has a stand-in."""
        firm = self.interview.firm()
        for fact in self.policies.vocabulary.of("firm"):
            if fact.required:
                firm.setdefault(fact.key, self._t("unnamed"))
        ending = self.target.suffix.lower()
        with output.making(self.target):
            made = templates.answered(self.policies, firm, self.interview.events(), ending=ending, lang=self.lang)
        deliver(made, self.target, (), self.lang)

    # --- one question

    def _answer(self, inquiry: Inquiry) -> Value | Move:
        """Ask one question until its answer is understood; what is typed is read as a cell of a spreadsheet is."""
        self._introduce(inquiry)
        fact, kind = inquiry.fact, type_of(inquiry.fact)
        unit = _UNIT if kind.money else PERCENT if kind.unit == "percent" else None
        while True:
            typed = self._event(inquiry) if inquiry.kinds else self._typed(fact)
            if isinstance(typed, Move):
                return typed
            if not typed or (isinstance(typed, str) and normal(typed) in self.unknown):
                return None
            read = cells.read(fact, typed, vocabulary=self.policies.vocabulary, unit=unit)
            if read.problem:
                tell([read.problem], self.lang)
            if not read.refused:
                break
        if kind.money or kind.spans:
            shown = kind.cell(fact, read.value, self.content) if kind.spans else None
            self._say(self._t("understood", value=shown or kind.says(fact, read.value, self.content)), "faint")
        if inquiry.kinds and read.value:
            self._say(self.content.text(self.policies.vocabulary.kinds[str(read.value)].help), "faint")
        return read.value

    def _introduce(self, inquiry: Inquiry) -> None:
        """What is asked, what it means, and why it matters."""
        fact, content = inquiry.fact, self.content
        about, meaning = "", content.text(fact.help)
        if inquiry.kinds:
            meaning = self._t("event_help", count=len(inquiry.kinds))
        elif inquiry.event is not None:
            kind = self.policies.vocabulary.kinds[str(self.interview.known[self.policies.kind_fact, inquiry.event])]
            about = content.text(kind.title)
            meaning = content.amount(kind) if fact.role == "amount" and kind.amount else meaning
        title = self._t("next_event", number=(inquiry.event or 0) + 1) if inquiry.kinds else content.heading(fact)
        moved = terms.pending(inquiry.fen, inquiry.unbounded, self.lang) or phrase("show.no_sum", self.lang)
        why = self._t("required") if fact.required and inquiry.event is None else self._t("moves", sum=moved)
        clauses = "" if inquiry.kinds else content.clauses(fact)
        heading = self._t(
            "number", number=len(self.interview.given) + 1, title=" · ".join(filter(None, (about, title)))
        )
        self._say(meaning, heading=heading)
        self._say(" · ".join(filter(None, (clauses, why))), "faint")

    def _typed(self, fact: Fact) -> str | list[str] | Move:
        """What a person types or chooses."""
        import questionary

        kind = type_of(fact)
        offered: Sequence[Any] = kind.drop_down(fact, self.content) if kind.closed else ()
        if not offered:
            return self._line(questionary.text(self.content.how(fact), instruction=self._t("keys")))
        moves = {self._t(each.value): each for each in Move}
        listed = [*offered, self._t("unknown"), *moves]
        if not kind.several:
            chosen = questionary.select(self._t("choose"), listed, instruction=" ").unsafe_ask()
            return moves.get(chosen, str(chosen))
        need = self._t("tick_one")
        ticked: list[str] = questionary.checkbox(
            self._t("tick"), listed, instruction=" ", validate=lambda chosen: bool(chosen) or need
        ).unsafe_ask()
        if moved := next((moves[each] for each in ticked if each in moves), None):
            return moved
        return "" if self._t("unknown") in ticked else ticked

    def _event(self, inquiry: Inquiry) -> str | Move:
        """A kind of event, chosen from a list that is searched by name and by clause."""
        import questionary

        labels = {}
        for kind in self.content.kinds:
            if kind.key in inquiry.kinds:
                numbers = " ".join(str(each.number) for each in self.content.kind_clauses(kind))
                labels[f"{numbers} {self.content.text(kind.title)}"] = kind.key
        typed = self._line(questionary.autocomplete(self._t("event_keys"), [*labels]))
        return typed if isinstance(typed, Move) else labels.get(typed, typed)

    def _line(self, prompt: questionary.Question) -> str | Move:
        """A line of text; its one sign that is no answer goes back."""
        typed = str(prompt.unsafe_ask()).strip()
        return Move.BACK if normal(typed) == "<" else typed


def _check_terminal() -> None:
    """Refuse to talk where nobody can answer."""
    if not (sys.stdin and sys.stdout and sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused([problem("ask.no_terminal")])
    try:
        import questionary  # noqa: F401
    except ImportError:
        raise Refused([problem("ask.no_extra", extra="ask")]) from None
