"""The command `mcp`: the server as a process, spoken to by the client of the official SDK."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.types import ElicitRequestFormParams, ElicitResult, TextContent, TextResourceContents

from tests.builders import ORDOS, policy
from tests.runs import PYTHON, ROOT, environment, run

DOC = ROOT / "docs" / "mcp.md"
FACTS = {"name": "某某新材料有限公司（虚构）", "above_scale": True, "fiscal_year": 2022, "rd_expense": "4200万元"}
EVENTS = [{"kind": "incubator", "level": "国家级"}]
TOML = """
[firm]
name = "某某新材料有限公司（虚构）"
above_scale = true
fiscal_year = 2022
rd_expense = "4200万元"
[[firm.event]]
kind = "incubator"
level = "国家级"
"""
OPTIONS = ("--on", "2026-11-29")
Mode = Literal["auto", "legacy"]
modes = pytest.mark.parametrize("mode", ["auto", "legacy"])


def talk(asks: Callable[[Client], Awaitable[Any]], mode: Mode = "auto", form: Any = None) -> Any:
    """What a conversation with the server gives; `form` fills in what is asked back, where the client can."""

    async def held() -> Any:
        arguments = [*PYTHON[1:], "mcp", *OPTIONS, "--lang", "zh"]
        server = StdioServerParameters(command=PYTHON[0], args=arguments, env=environment(), cwd=ROOT)
        async with Client(server, mode=mode, elicitation_callback=form, read_timeout_seconds=60) as client:
            return await asks(client)

    return anyio.run(held)


async def said(client: Client, tool: str, **arguments: Any) -> str:
    """The text that a tool answers with."""
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert not result.is_error, content.text
    return content.text


def printed(folder: Path, *arguments: str) -> str:
    """What a command prints for the same data."""
    (folder / "input.toml").write_text(TOML, "utf-8")
    ran = run(*arguments, "--format", "json", "--lang", "zh", cwd=folder)
    assert ran.code == 0, ran.err
    return ran.out.replace("input.toml", "input")


@modes
def test_each_tool_gives_the_json_of_its_command(tmp_path: Path, mode: Mode) -> None:
    """To the byte, in either revision of the protocol; what is missing is listed."""

    async def asks(client: Client) -> list[str]:
        data = {"facts": FACTS, "events": EVENTS}
        return [
            await said(client, "evaluate", **data),
            await said(client, "explain", **data, measure="6"),
            await said(client, "clauses", number="6"),
        ]

    evaluated, explained, clauses = talk(asks, mode)
    assert evaluated == printed(tmp_path, "calc", "input.toml", "--no-receipt", *OPTIONS)
    assert explained == printed(tmp_path, "explain", "input.toml", "6", *OPTIONS)
    assert clauses == printed(tmp_path, "clauses", "6")
    assert "revenue" in [each["fact"] for each in json.loads(evaluated)["firms"][0]["missing"]]


def fill(**answers: str) -> tuple[Any, list[ElicitRequestFormParams]]:
    """A client that shows a form and gets these answers, and the forms that it was asked to show."""
    shown: list[ElicitRequestFormParams] = []

    async def form(_context: Any, params: Any) -> ElicitResult:
        shown.append(params)
        return ElicitResult(action="accept", content=dict(answers)) if answers else ElicitResult(action="decline")

    return form, shown


@modes
def test_missing_facts_are_asked_back_and_what_is_left_blank_stays_unknown(mode: Mode) -> None:
    """One form, the weightiest first; of its answers the tool makes what the same facts give at once."""
    form, shown = fill(revenue="12.5亿元", high_tech="否", event_1_date="2022-03")

    async def asks(client: Client) -> str:
        return await said(client, "evaluate", facts=FACTS, events=EVENTS)

    async def whole(client: Client) -> str:
        facts = {**FACTS, "revenue": "12.5亿元", "high_tech": "否"}
        return await said(client, "evaluate", facts=facts, events=[{**EVENTS[0], "date": "2022-03"}])

    answered = talk(asks, mode, form)
    assert answered == talk(whole, mode)
    (asked,) = shown
    fields = list(asked.requested_schema["properties"])
    assert fields[:2] == ["organization", "revenue"]
    assert {"event_1_date", "high_tech", "strategic_emerging"} <= {*fields}
    (firm,) = json.loads(answered)["firms"]
    assert [(row["measure"], row["verdict"]) for row in firm["awards"]] == [
        *(("6.rd-investment", "yes"), ("12.incubator", "yes"))
    ]
    assert "strategic_emerging" in [each["fact"] for each in firm["missing"]]


def test_who_declines_the_form_gets_the_answer_with_what_is_missing() -> None:
    form, shown = fill()

    async def asks(client: Client) -> str:
        return await said(client, "evaluate", facts=FACTS, events=EVENTS)

    assert talk(asks, "auto", form) == talk(asks)
    assert len(shown) == 1


def sourced(value: Any) -> bool:
    """Whether a row says where it comes from."""
    return {"clause", "document", "verdict"} <= {*value}


def test_every_figure_has_its_clause_document_and_verdict() -> None:
    """Of awards and credits, of what a sum is lacking for, and of what a missing fact moves."""
    close = {**FACTS, "organization": "企业", "revenue": "14.1亿元"}

    async def asks(client: Client) -> list[Any]:
        return [
            json.loads(await said(client, tool, facts=facts, events=EVENTS))
            for tool, facts in (("evaluate", FACTS), ("advise", close), ("advise", FACTS))
        ]

    evaluated, near, missing = talk(asks)
    (firm,) = evaluated["firms"]
    assert all(map(sourced, [*firm["awards"], *firm["credits"], *firm["preferences"]]))
    (miss, *_) = near["firms"][0]["near_misses"]
    assert sourced(miss)
    assert (miss["clause"], miss["verdict"], miss["ways"][0]["price"]["low"]) == (6, "no", 300_000)
    asked = missing["firms"][0]["find_out"]
    assert all(sourced(row) for each in asked for row in each["decides"])
    assert [each["pending"] for each in asked if each["fact"] == "revenue"] == [10_000_000]
    assert all(map(sourced, missing["firms"][0]["within_reach"]))


def test_the_vocabulary_is_a_resource_with_units_and_helps() -> None:
    async def asks(client: Client) -> Any:
        (content,) = (await client.read_resource("ordos-subsidy://vocabulary")).contents
        assert isinstance(content, TextResourceContents)
        return json.loads(content.text)

    told, words = talk(asks), policy(ORDOS).vocabulary
    assert {each["key"] for each in told["kinds"]} == {*words.kinds}
    assert {each["key"] for each in told["facts"]} == {
        each.key for of in ("firm", "event") for each in words.of(of) if each.read
    }
    assert all(each["help"] and each["written"] and each["clauses"] for each in told["facts"])


def test_what_cannot_be_read_is_said_and_no_path_is_opened() -> None:
    """Also that a name is missing, where there is no form to ask for it; data are all that is taken."""
    refused = {
        "约12亿": {"name": "甲", "revenue": "约12亿"},
        "大概": {"name": "甲", "high_tech": "大概"},
        "单位名称": {"path": str(ROOT / "examples" / "erdos-resources.xlsx")},
    }

    async def asks(client: Client) -> list[Any]:
        return [await client.call_tool("evaluate", {"facts": facts}) for facts in refused.values()]

    for reason, result in zip(refused, talk(asks), strict=True):
        assert result.is_error
        assert reason in result.content[0].text


def test_without_the_extra_it_says_how_to_install_it() -> None:
    code = "import sys; sys.modules['mcp'] = None; from ordos_subsidy.cli import run; sys.exit(run(['mcp']))"
    ran = run("-c", code, program=PYTHON[:1])
    assert (ran.code, ran.out) == (1, "")
    assert "pip install 'ordos-subsidy[mcp]'" in ran.err


def test_the_session_in_the_documentation_is_one_that_was_held() -> None:
    """docs/mcp.md: the calls, the form, and the heads of the answers; WRITE_EXPECTED writes it anew."""
    form, shown = fill(revenue="12.5亿元", high_tech="否", event_1_date="2022-03")
    data = {"facts": FACTS, "events": EVENTS}

    async def asks(client: Client) -> list[str]:
        (firm,) = json.loads(await said(client, "evaluate", **data))["firms"]
        listed = [
            {key: row[key] for key in ("measure", "clause", "document", "verdict", "amount", "missing")}
            for row in firm["awards"]
        ]
        advised = json.loads(await said(client, "advise", **data))
        tools = [each.name for each in (await client.list_tools()).tools]
        return [*map(block, (tools, listed, advised["firms"][0]["find_out"][0]))]

    tools, awards, first = talk(asks, "auto", form)
    fields = {key: each["title"] for key, each in shown[0].requested_schema["properties"].items()}
    answers = {"revenue": "12.5亿元", "high_tech": "否", "event_1_date": "2022-03"}
    page = PAGE.format(
        call=block(data),
        tools=tools,
        message=shown[0].message,
        form=block(fields),
        answers=block(answers),
        awards=awards,
        first=first,
    )
    if os.environ.get("WRITE_EXPECTED"):
        DOC.write_text(page, "utf-8")
    assert DOC.read_text("utf-8") == page


def block(value: object) -> str:
    return "```json\n" + json.dumps(value, ensure_ascii=False, indent=2) + "\n```"


PAGE = """# A session with `mcp`

An assistant starts the server with `ordos-subsidy mcp` and speaks the Model Context Protocol over standard input and
output. This session was held by `tests/test_assistants.py` with the client of the official SDK, and the test holds this
page to it (`WRITE_EXPECTED=1` writes it anew). The firm is invented.

The tools:

{tools}

The call `evaluate`:

{call}

The server asks back in one form, the weightiest fact first: {message}

{form}

The user fills in three fields and leaves the others blank:

{answers}

The awards of the answer (which is that of `calc --format json`); what was left blank stays unknown:

{awards}

`advise` with the data of the first call answers as `advise --format json` does: what to do next,
and the missing facts, of which the first:

{first}
"""
