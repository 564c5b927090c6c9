"""The TOML file: every key with its name, its help and its clauses in comments, nothing filled in.

Each key stands in a comment, so that the blank file parses; `#` before a name is what a user takes away. What is
no entry has a blank after its `#`. A key whose `#` is taken away and that is not filled in is a blank text: unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordos_subsidy.cells import type_of
from ordos_subsidy.facts import Fact, Of
from ordos_subsidy.templates.content import OFS, Content, ExampleRow


def text(content: Content, *, table: bool) -> str:
    """Return the whole file."""
    parts = [
        *_top(content),
        "",
        "[[firm]]",
        *_entries(content, "firm"),
        "",
        *_said(content, "toml-event"),
        "#[[firm.event]]",
        *_entries(content, "event"),
        *(_next_firm(content) if table else ()),
        "",
        *_answers(content),
        "",
        *_kinds(content),
        "",
        *_example(content),
    ]
    return "\n".join(parts) + "\n"


def _said(content: Content, key: str, **params: object) -> Iterator[str]:
    """Yield the lines of a phrase as comments."""
    return (f"# {line}".rstrip() for line in content.say(key, **params).split("\n"))


def _top(content: Content) -> Iterator[str]:
    yield from _said(content, "toml-top", source=content.source)


def _entries(content: Content, of: Of) -> Iterator[str]:
    """Yield each key of a table, with its title, hint, clauses and help as comments."""
    for fact in content.facts(of):
        yield "#"
        star = " *" if fact.required else ""
        yield f"# {content.text(fact.title)}{star} ({_how(content, fact)}; {content.clauses(fact)})"
        yield f"#   {content.text(fact.help)}"
        yield f'#{fact.key} = ""'


def _how(content: Content, fact: Fact) -> str:
    return content.say(f"toml-{type_of(fact).hint}")


def _next_firm(content: Content) -> Iterator[str]:
    """Yield a second firm, its keys alone."""
    yield ""
    yield from _said(content, "toml-next")
    yield "[[firm]]"
    for of in OFS:
        if of == "event":
            yield "#[[firm.event]]"
        yield from (f'#{fact.key} = ""' for fact in content.facts(of))


def _answers(content: Content) -> Iterator[str]:
    """Yield the answers of each list, with their keys."""
    yield from _said(content, "toml-answers")
    for fact in (fact for of in OFS for fact in content.facts(of) if fact.choices):
        yield f"#   {content.text(fact.title)} ({fact.key}):"
        yield from (f"#     {each.key:<28}  {content.choice(each)}" for each in fact.choices if each.offered)


def _kinds(content: Content) -> Iterator[str]:
    """Yield the kinds of events, with their keys and helps."""
    yield from _said(content, "toml-kinds")
    for kind in content.kinds:
        yield f"#   {kind.key:<30}  {content.text(kind.title)}"
        yield f"#     {content.text(kind.help)}"
        if kind.amount:
            yield f"#     {content.say('toml-sum', amount=content.text(kind.amount))}"


def _example(content: Content) -> Iterator[str]:
    """Yield the invented firm, as comments."""
    yield from _said(content, "toml-example")
    lines = filled(content, content.example(), content.example_events())
    yield from (f"#| {line}".rstrip() for line in lines)


def filled(content: Content, firm: ExampleRow, events: Sequence[ExampleRow]) -> Iterator[str]:
    """Yield the lines of a firm with its events, what is unknown left out."""
    yield from ("[[firm]]", *_known(content, content.facts("firm"), firm))
    for event in events:
        yield from ("", "  [[firm.event]]", *(f"  {line}" for line in _known(content, content.facts("event"), event)))


def _known(content: Content, facts: Sequence[Fact], row: ExampleRow) -> Iterator[str]:
    known = ((fact, row.get(fact.key)) for fact in facts)
    return (f"{fact.key} = {type_of(fact).toml(fact, value, content)}" for fact, value in known if value is not None)
