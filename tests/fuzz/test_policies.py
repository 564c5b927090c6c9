"""Any bytes as a policy file: compiled, or refused with every mistake in words; and what compiles, computes."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ordos_subsidy.api import evaluate
from ordos_subsidy.errors import InvalidPolicy, Refused
from ordos_subsidy.policy.load import build_files
from ordos_subsidy.render import json as renderer
from ordos_subsidy.report.answer import calc
from ordos_subsidy.tables import read_mapping
from tests.fuzz.materials import HARBOUR, TOKENS, Edit, edited, edits, kept

TEXT = HARBOUR.read_text("utf-8")
LINES = TEXT.splitlines()
#: Values that are right somewhere, and wrong almost everywhere else.
VALUES = [
    "1",
    "-1",
    "0",
    "true",
    '""',
    '"x"',
    "[]",
    "{}",
    "2030-01-01",
    '"1万元"',
    '"150%"',
    '["a"]',
    "1e400",
    "nan",
    "{ a = 1 }",
]
FIRM = {
    "firm": [{"ship_owner": "甲", "season": 2031, "port": "north", "event": [{"matter": "engine-swap", "day": "2031"}]}]
}


def loaded(data: bytes) -> None:
    """Compile a policy; if it compiles, take a firm through it."""

    def work() -> None:
        try:
            policies = build_files([(Path("policy.toml"), data)]).policies
        except InvalidPolicy:
            raise
        except Refused as refused:
            raise AssertionError("a policy's mistakes are those of a policy") from refused
        firms = read_mapping(FIRM, policies.vocabulary, "firm.toml")
        assert renderer.render(calc(evaluate(policies, firms)))

    kept(work)


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    loaded(data)


@given(st.lists(st.sampled_from([*TOKENS, b"[policy]\n", b"[[measure]]\n", b"id = 'x'\n"]), max_size=40).map(b"".join))
def test_tokens_in_any_order(data: bytes) -> None:
    loaded(data)


@given(edits(4))
@settings(max_examples=max(60, settings().max_examples // 4))
def test_a_policy_with_some_bytes_changed(changes: list[Edit]) -> None:
    loaded(edited(TEXT.encode(), changes))


@given(
    st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 3), st.sampled_from(VALUES)), min_size=1, max_size=4
    )
)
@settings(max_examples=max(60, settings().max_examples // 4))
def test_a_policy_with_lines_lost_doubled_moved_and_given_other_values(changes: list[tuple[int, int, str]]) -> None:
    lines = list(LINES)
    for at, what, value in changes:
        line = lines[at % len(lines)]
        if what == 0:
            del lines[at % len(lines)]
        elif what == 1:
            lines.insert(at % len(lines), line)
        elif what == 2:
            lines.append(line)
        elif "=" in line:
            lines[at % len(lines)] = f"{line.partition('=')[0]}= {value}"
    loaded("\n".join(lines).encode())
