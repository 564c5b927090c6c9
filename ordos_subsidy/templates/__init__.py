"""Blank books and files to fill in, made from the vocabulary and the rules of a policy.

`workbook` gives the bytes of an .xlsx: a form for one firm or, with `table`, a table for many; a table of events;
an invented example; a guide. `toml` gives the same as text. Drop-downs, units, formats, helps and clause numbers
all come from the policy, so that another policy makes another template. What is written here and filled in by a
user is what `firms.reading` reads back; a blank stays unknown. The same policy gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordos_subsidy.cells import type_of
from ordos_subsidy.facts import Fact, Of
from ordos_subsidy.messages import Lang
from ordos_subsidy.policy import Policies
from ordos_subsidy.templates.content import OFS, Content, ExampleRow


def workbook(policies: Policies, *, lang: Lang = "zh", table: bool = False) -> bytes:
    """Return the bytes of a blank .xlsx for one firm, or with `table` for many."""
    from ordos_subsidy.templates.book import book

    return book(Content(policies, lang), table=table)


def answered(
    policies: Policies, firm: ExampleRow, events: Sequence[ExampleRow], *, ending: str, lang: Lang = "zh"
) -> bytes:
    """Return the bytes of a file of one firm, ".xlsx" in the form of a template or ".toml": typed values, by fact."""
    content = Content(policies, lang)
    if ending == ".xlsx":
        from ordos_subsidy.templates.book import book

        return book(content, table=False, firm=firm, events=events)
    return "".join(f"{line}\n" for line in _filled(content, firm, events)).encode()


def toml(policies: Policies, *, lang: Lang = "zh", table: bool = False) -> str:
    """Return a blank TOML file for one firm, or with `table` for several.

    Each key stands in a comment, so that the blank file parses; `#` before a name is what a user takes away. What is
    no entry has a blank after its `#`. A key whose `#` is taken away and that is not filled in is unknown.
    """
    content = Content(policies, lang)
    parts = [
        *_said(content, "toml-top", source=content.source),
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


def _entries(content: Content, of: Of) -> Iterator[str]:
    """Yield each key of a table, with its title, hint, clauses and help as comments."""
    for fact in content.facts(of):
        yield "#"
        star, how = " *" if fact.required else "", content.say(f"toml-{type_of(fact).hint}")
        yield f"# {content.text(fact.title)}{star} ({how}; {content.clauses(fact)})"
        yield f"#   {content.text(fact.help)}"
        yield f'#{fact.key} = ""'


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
    lines = _filled(content, content.example(), content.example_events())
    yield from (f"#| {line}".rstrip() for line in lines)


def _filled(content: Content, firm: ExampleRow, events: Sequence[ExampleRow]) -> Iterator[str]:
    """Yield the lines of a firm with its events, what is unknown left out."""
    yield from ("[[firm]]", *_known(content, content.facts("firm"), firm))
    for event in events:
        yield from ("", "  [[firm.event]]", *(f"  {line}" for line in _known(content, content.facts("event"), event)))


def _known(content: Content, facts: Sequence[Fact], row: ExampleRow) -> Iterator[str]:
    known = ((fact, row.get(fact.key)) for fact in facts)
    return (f"{fact.key} = {type_of(fact).toml(fact, value, content)}" for fact, value in known if value is not None)
