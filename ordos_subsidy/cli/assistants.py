"""The command `mcp`: the calculator as tools for assistants, over the Model Context Protocol (the official SDK).

Tools take data and no paths: the facts of one applicant and its events, as a TOML file holds them. They answer with
the JSON of the commands, in which every figure has its clause, its document and its verdict. What is missing is asked
back in one form where the client can show one, and else listed; it is never guessed.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit, Resolve
from pydantic import BaseModel, Field, create_model

from ordos_subsidy import __version__, tables
from ordos_subsidy.cells import type_of
from ordos_subsidy.cli import language
from ordos_subsidy.cli.request import Request
from ordos_subsidy.errors import Refused
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.interview import Inquiry, Interview, read_back
from ordos_subsidy.messages import Lang, phrase, sentence
from ordos_subsidy.policy import Policies
from ordos_subsidy.render import json
from ordos_subsidy.report import advising, answer, explaining, plan
from ordos_subsidy.templates.content import OFS, Content

#: What places in the data are called, as the name of a file would be.
_WHERE = "input"
_LANG = language()

VOCABULARY = "ordos-subsidy://vocabulary"

FactsTyped = Annotated[dict[str, Any], Field(description=phrase("ask.mcp_facts", _LANG))]
EventsTyped = Annotated[list[dict[str, Any]] | None, Field(description=phrase("ask.mcp_events", _LANG))]


class Filled(BaseModel):
    """A form of missing facts as it came back; each form is a model of its own."""


@dataclass(frozen=True)
class Assistance:
    """What the tools say, for one policy and language."""

    policies: Policies
    lang: Lang
    on: dt.date | None

    def outcome(self, facts: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Outcome:
        """The outcome of one applicant; a value that cannot be read is said, with its place and what to do."""
        with _refusals(self.lang):
            firm = {"firm": {**facts, "event": list(events)}} if events else {"firm": dict(facts)}
            firms = tables.read_mapping(firm, self.policies.vocabulary, _WHERE)
            if errors := [each for each in firms.problems if each.severity == "error"]:
                raise Refused(errors)
            return evaluate(self.policies, firms, self.on)

    def vocabulary(self) -> str:
        """The facts and the kinds of events, each with its type or unit, its help and its clauses."""
        content = Content(self.policies, self.lang)
        facts = [
            {
                "key": fact.key,
                "of": fact.of,
                "title": content.text(fact.title),
                "written": content.say(f"toml-{type_of(fact).hint}"),
                "help": content.text(fact.help),
                "answers": {each.key: content.choice(each) for each in fact.choices if each.offered},
                "clauses": content.clauses(fact),
            }
            for of in OFS
            for fact in content.facts(of)
        ]
        kinds = [
            {
                "key": kind.key,
                "title": content.text(kind.title),
                "help": content.text(kind.help),
                "amount": content.text(kind.amount) if kind.amount else None,
                "facts": [fact.key for fact in content.asked(kind)],
                "clauses": [clause.number for clause in content.kind_clauses(kind)],
                "gives": content.gives(kind),
            }
            for kind in content.kinds
        ]
        return json.dumps({"facts": facts, "kinds": kinds})

    def form(self, facts: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> type[Filled] | None:
        """A form of the facts whose answer can still change something, the weightiest first; None: there are none."""
        words = self.policies.vocabulary
        given = {fact.key for key in facts if (fact := words.find("firm", key))}
        needed = [fact for fact in words.of("firm") if fact.required and fact.key not in given]
        stand_in = {fact.key: phrase("ask.unnamed", self.lang) for fact in needed}
        outcome = self.outcome({**facts, **stand_in}, events)
        interview = Interview(self.policies, read_back(self.policies, outcome.firms), outcome.on)
        asked = [*(Inquiry(fact, None) for fact in needed), *interview.open(assumed=False)]
        fields = {_field(each.fact.key, each.event): self._field(each, interview) for each in asked}
        return create_model("Missing", __base__=Filled, **fields) if fields else None  # type: ignore[call-overload]

    def _field(self, inquiry: Inquiry, interview: Interview) -> tuple[Any, Any]:
        fact, content = inquiry.fact, Content(self.policies, self.lang)
        kind = type_of(fact)
        labels = tuple(map(str, kind.drop_down(fact, content))) if kind.closed and not kind.several else ()
        title = content.text(fact.title)
        if inquiry.event is not None:
            event = self.policies.vocabulary.kinds[str(interview.events()[inquiry.event][self.policies.kind_fact])]
            title = f"{content.text(event.title)} · {title}"
        said = f"{content.help(fact)} ({content.say('toml-money') if kind.money else content.how(fact)})"
        answer_type: Any = Literal[labels] if labels else str
        return (answer_type | None, Field(default=None, title=title, description=said))


def _field(fact: str, event: int | None) -> str:
    return fact if event is None else f"event_{event + 1}_{fact}"


def completed(
    facts: Mapping[str, Any], events: Sequence[Mapping[str, Any]], form: ElicitationResult[Filled]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The data with the answers of a form; what was left empty stays unknown."""
    filled = form.data if isinstance(form, AcceptedElicitation) else None  # declined: unknown
    answers = {name: value for name, value in filled.model_dump().items() if value} if filled else {}
    whole = {**facts, **{name: value for name, value in answers.items() if not name.startswith("event_")}}
    parts = [
        {**event, **{name.removeprefix(start): value for name, value in answers.items() if name.startswith(start)}}
        for number, event in enumerate(events)
        if (start := _field("", number))
    ]
    return whole, parts


@contextmanager
def _refusals(lang: Lang) -> Iterator[None]:
    """Say what is refused to the assistant, problem by problem."""
    try:
        yield
    except Refused as refused:
        raise ToolError("\n".join(sentence(each, lang) for each in refused.problems)) from None


def _help(context: Context[Assistance, Any]) -> Assistance:
    return context.request_context.lifespan_context


def missing_form(
    facts: FactsTyped, context: Context[Assistance, Any], events: EventsTyped = None
) -> Elicit[Filled] | None:
    """A form to ask back with; None where nothing is missing or the client shows no forms."""
    capabilities = context.client_capabilities
    can = capabilities.elicitation if capabilities else None
    form = _help(context).form(facts, events or ()) if can and (can.form or not can.url) else None
    return Elicit(phrase("ask.mcp_form", _help(context).lang), form) if form else None


FormFilled = Annotated[ElicitationResult[Filled], Resolve(missing_form)]


def evaluate_tool(
    facts: FactsTyped, form: FormFilled, context: Context[Assistance, Any], events: EventsTyped = None
) -> str:
    """The tool `evaluate`: the answer of `calc --format json`."""
    helper = _help(context)
    return json.render(answer.calc(helper.outcome(*completed(facts, events or (), form)), lang=helper.lang))


def explain_tool(
    facts: FactsTyped,
    form: FormFilled,
    context: Context[Assistance, Any],
    events: EventsTyped = None,
    measure: str | None = None,
) -> str:
    """The tool `explain`: the answer of `explain --format json`."""
    helper = _help(context)
    with _refusals(helper.lang):
        if measure:
            explaining.selected(helper.policies, measure)
        outcome = helper.outcome(*completed(facts, events or (), form))
        return json.explain(explaining.explain(outcome, lang=helper.lang, measure=measure))


def advise_tool(facts: FactsTyped, context: Context[Assistance, Any], events: EventsTyped = None) -> str:
    """The tool `advise`: it says what to do next and what is missing, and asks nothing back."""
    helper = _help(context)
    return json.advise(advising.advise(helper.outcome(facts, events or ()), lang=helper.lang))


def clauses_tool(context: Context[Assistance, Any], number: str | None = None) -> str:
    """The tool `clauses`: the answer of `clauses --format json`."""
    helper = _help(context)
    with _refusals(helper.lang):
        return json.clauses(plan.plan(helper.policies, lang=helper.lang, number=number))


def server(help_: Assistance) -> MCPServer[Assistance]:
    """The server with its tools and its resource."""

    @asynccontextmanager
    async def lifespan(_server: MCPServer[Assistance]) -> AsyncIterator[Assistance]:
        yield help_

    about = phrase("ask.mcp_about", help_.lang)
    made = MCPServer("ordos-subsidy", version=__version__, instructions=about, log_level="WARNING", lifespan=lifespan)
    for name, tool in _TOOLS.items():
        said = phrase(f"ask.mcp_{name}", help_.lang)
        made.add_tool(tool, name, description=said, structured_output=False)
    made.resource(VOCABULARY, name="vocabulary", mime_type="application/json")(help_.vocabulary)
    return made


_TOOLS: dict[str, Callable[..., str]] = {
    "evaluate": evaluate_tool,
    "explain": explain_tool,
    "advise": advise_tool,
    "clauses": clauses_tool,
}


def mcp(asked: Request) -> None:
    """The calculator as tools for assistants, over standard input and output, until the client closes its end."""
    assistance = Assistance(asked.loaded, asked.said, asked.day)
    gc.freeze()
    gc.enable()  # unlike most commands, this one may run long
    server(assistance).run()
