"""A report and its receipt: the same report comes out again, and every change to it is seen."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from ordos_subsidy import carriers, receipt, tables, verification
from ordos_subsidy.document import Report
from ordos_subsidy.errors import Omitted, Refused, warning
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.messages import Lang
from ordos_subsidy.policy import load_policies
from ordos_subsidy.report.answer import calc
from tests import builders, strategies
from tests.runs import EXAMPLES, ROOT, run

FORMATS = ("json", "html", "pdf", "xlsx")
FILES = [EXAMPLES / name for name in ("erdos-resources.xlsx", "invented-institute.toml", "invented-park.xlsx")]
RULES = EXAMPLES / "rules-2021-65.toml"
#: Changes by one byte and by one figure, in each format.
TAMPERINGS = 125


POLICIES = load_policies(ROOT / "policies.toml")


@cache
def outcome(file: Path) -> Outcome:
    return evaluate(POLICIES, tables.read([file], [], POLICIES.vocabulary), strategies.ON)


@cache
def made(file: Path, format_: str, lang: Lang = "zh", year: int | None = None, *, everything: bool = False) -> bytes:
    report = calc(outcome(file), lang=lang, year=year, everything=everything)
    return verification.made(outcome(file), report, format_).data


def verified(data: bytes) -> receipt.Proof:
    return verification.verify(data, POLICIES, "en")


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem)
def test_an_untouched_report_is_the_same_in_every_language_and_option(file: Path, format_: str) -> None:
    for lang in ("zh", "en"):
        for year in (None, 2023):
            checked = verified(made(file, format_, lang, year, everything=year is None))
            assert checked.same, checked.difference
            assert checked.notes == ()


def tampered(data: bytes, seed: str) -> Iterator[tuple[str, bytes]]:
    """The report with one byte changed, then with one figure changed, at seeded places."""
    chance = random.Random(seed)  # noqa: S311 - places to change, no secret
    for _ in range(TAMPERINGS):
        at = chance.randrange(len(data))
        new = (data[at] + chance.randrange(1, 256)) % 256
        yield f"byte {at}", data[:at] + bytes([new]) + data[at + 1 :]
    figures = list(re.finditer(rb"\d+", data))
    for _ in range(TAMPERINGS):
        found = chance.choice(figures)
        new_figure = str(int(found[0][:18]) + chance.randrange(1, 10**6)).encode()
        yield f"figure {found.start()}", data[: found.start()] + new_figure + data[found.end() :]


@pytest.mark.parametrize("format_", FORMATS)
def test_every_report_with_one_byte_or_figure_changed_is_caught(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to an unchanged receipt is computed and made once; a receipt that is changed computes anew."""
    original = made(EXAMPLES / "erdos-resources.xlsx", format_)
    monkeypatch.setattr(verification, "answered", cache(verification.answered))
    carrier = carriers.CARRIERS[format_]
    kept: dict[receipt.Receipt | None, carriers.Handed] = {}

    def once(outcome: Outcome, report: Report, found: receipt.Receipt | None) -> carriers.Handed:
        if found not in kept:
            kept[found] = carrier.made(outcome, report, found)
        return kept[found]

    monkeypatch.setitem(carriers.CARRIERS, format_, carrier._replace(made=once, pieces=lambda _: iter(())))
    missed = []
    for what, data in tampered(original, format_):
        try:
            same = verified(data).same
        except Refused as refused:
            assert refused.problems[0].code == "proof.none"  # noqa: PT017 - the loop goes on
            continue
        if same:
            missed.append(what)
    assert missed == []


@pytest.mark.parametrize("format_", ["json", "html"])
def test_the_first_figure_that_differs_is_named_with_its_place(format_: str) -> None:
    marks = {"json": '"ceiling": {}0000000', "html": "{}0,000,000 yuan"}
    places = {"json": "firms[0].totals.ceiling", "html": "Ceiling"}
    original = made(EXAMPLES / "erdos-resources.xlsx", format_, "en").decode()
    changed = original.replace(marks[format_].format(1), marks[format_].format(9), 1)
    differs = verified(changed.encode()).difference
    assert differs
    assert places[format_] in differs.where
    assert differs.computed[0] == "1"
    assert differs.found == f"9{differs.computed[1:]}"


def test_a_receipt_made_to_fit_another_result_is_not_enough() -> None:
    """Whoever changes the hash of the result and the checksum with it is found out by computing."""
    report = json.loads(made(EXAMPLES / "erdos-resources.xlsx", "json"))
    old = receipt.of_dict(report["receipt"])
    forged = receipt.as_dict(old._replace(result="0" * 64))
    text = made(EXAMPLES / "erdos-resources.xlsx", "json").decode()
    text = text.replace(old.result, "0" * 64).replace(report["receipt"]["checksum"], forged["checksum"])
    checked = verified(text.encode())
    assert not checked.same
    assert checked.difference
    assert checked.difference.found == "0" * 64


def test_another_policy_is_named_by_its_hash() -> None:
    other = load_policies(RULES)
    data = made(EXAMPLES / "invented-institute.toml", "json")
    checked = verification.verify(data, other, "en")
    assert not checked.same
    assert [each.code for each in checked.notes] == ["proof.policy"]
    ((policy, digest),) = (dict(each.params).values() for each in checked.notes)
    assert (policy, digest) == tuple(receipt.of_dict(json.loads(data)["receipt"]).policies[0])


def test_a_policy_that_lacks_a_fact_of_the_receipt_says_which_is_needed() -> None:
    lab = builders.policy(builders.HARBOUR)
    checked = verification.verify(made(FILES[0], "json"), lab, "en")
    assert not checked.same
    assert {each.code for each in checked.notes} == {"proof.other_facts", "proof.policy"}


def test_a_report_of_another_version_says_which() -> None:
    data = json.loads(made(FILES[0], "json"))
    old = receipt.of_dict(data["receipt"])
    newer = receipt.as_dict(old._replace(version="9.9.9"))
    text = made(FILES[0], "json").decode()
    text = text.replace('"version": "0.1.0"', '"version": "9.9.9"')
    text = text.replace(data["receipt"]["checksum"], newer["checksum"])
    checked = verified(text.encode())
    assert checked.same
    assert [each.code for each in checked.notes] == ["proof.version"]


WORDS = builders.policy(builders.ORDOS).vocabulary
COMPANIES = strategies.Figures(builders.raw(builders.ORDOS), WORDS).company(1, 3)


@settings(max_examples=60)
@given(COMPANIES)
def test_firms_come_back_from_a_receipt_as_they_were(company: list[builders.Raw]) -> None:
    firms = builders.firms(WORDS, *company, typed=True)
    said = warning("files.name-not-utf8", "x", count=2)
    firms = replace(firms, problems=(said,), omitted=(Omitted("乙", "", "a!B2", said), Omitted("丙", "", "", None)))
    back = verification.unpacked(verification.packed(firms), WORDS)
    assert back.firms.equals(firms.firms)
    assert back.events.equals(firms.events)
    assert back.firms.schema == firms.firms.schema
    assert (back.problems, back.omitted) == (firms.problems, firms.omitted)
    assert back.doubts.equals(firms.doubts)


@pytest.mark.parametrize("junk", [b"{}", b"<p>", b"[", b"\xff\xfe", b'{"receipt": 1}', b'{"receipt": {"receipt": 2}}'])
def test_what_carries_no_receipt_or_a_broken_one_is_never_the_same(junk: bytes) -> None:
    try:
        assert not verified(junk).same
    except Refused as refused:
        assert refused.problems[0].code == "proof.none"  # noqa: PT017 - either of two ways to say no


def test_an_event_of_a_firm_that_is_not_there_is_a_damaged_receipt() -> None:
    firms = outcome(EXAMPLES / "invented-institute.toml").firms
    stray = replace(firms, firms=firms.firms.head(0))
    with pytest.raises(Refused):
        verification.unpacked(verification.packed(stray), POLICIES.vocabulary)


# --- the command


def test_verify_says_same_and_that_a_receipt_is_no_signature(tmp_path: Path) -> None:
    for format_ in FORMATS:
        report = tmp_path / f"report.{format_}"
        assert run("calc", FILES[0], "-o", report).code == 0
        ran = run("verify", report, "--lang", "en", "--input", FILES[0])
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"✓ Same: report.{format_}")
        assert "byte for byte the file" in ran.out
        assert "no signature" in ran.out


def test_verify_of_a_changed_report_is_five(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert run("calc", FILES[0], "-o", report).code == 0
    report.write_text(report.read_text("utf-8").replace("10000000", "10000001"), "utf-8")
    ran = run("verify", report)
    assert ran.code == 5
    assert "第一处不同" in ran.out
    assert "firms[0].awards[0].amount.high" in ran.out


def test_another_input_is_told_by_its_first_cell_that_reads_differently(tmp_path: Path) -> None:
    """The same facts in a file with other bytes are the same; another figure is not."""
    firm, report = tmp_path / "firm.toml", tmp_path / "report.html"
    firm.write_text('[firm]\nname = "甲"\nrevenue = "1亿元"\n', "utf-8")
    assert run("calc", firm, "-o", report).code == 0
    alike, other = tmp_path / "alike.toml", tmp_path / "other.toml"
    alike.write_text('[firm]\nname = "甲"\nrevenue = "10000万元"\n', "utf-8")
    other.write_text('[firm]\nname = "甲"\nrevenue = "2亿元"\n', "utf-8")
    said = run("verify", report, "--input", alike)
    assert (said.code, "读出的内容相同" in said.out) == (0, True)
    said = run("verify", report, "--input", other)
    assert said.code == 5
    assert "营业收入" in said.out


def test_the_input_is_read_as_the_user_says_beside_it(tmp_path: Path) -> None:
    firm, report, other = tmp_path / "firm.csv", tmp_path / "report.json", tmp_path / "other.csv"
    firm.write_text("企业名称,去年卖了（万元）\n甲,100\n", "utf-8")
    other.write_text("企业名称,去年卖了（万元）\n甲,200\n", "utf-8")
    said = ["--map", "去年卖了=营业收入", "--fill", "所属年度=2022"]
    assert run("calc", firm, "-o", report, *said).code == 0
    assert run("verify", report, "--input", firm, *said).code == 0
    assert run("verify", report, "--input", other, *said).code == 5


def test_the_library_that_other_bytes_may_come_of_is_named() -> None:
    """Only where the bytes differ: what other versions give alike is no matter."""
    found = verified(made(FILES[0], "xlsx")).receipt
    assert found
    older = found._replace(libraries=(("rustpy-xlsxwriter", "0.0.1"),))
    made_by = {each: carriers.CARRIERS["xlsx"].made(outcome(each), calc(outcome(each)), older) for each in FILES[:2]}
    assert verified(made_by[FILES[0]].data).notes == ()
    differs = verified(made_by[FILES[1]].data)
    assert not differs.same
    assert [dict(each.params)["theirs"] for each in differs.notes if each.code == "proof.library"] == ["0.0.1"]


def test_the_sceptics_own_policy_is_used(tmp_path: Path) -> None:
    report, mine = tmp_path / "report.json", tmp_path / "mine.toml"
    assert run("calc", FILES[0], "-o", report).code == 0
    mine.write_bytes((ROOT / "policies.toml").read_bytes())
    assert run("verify", report, "--policies", mine).code == 0
    mine.write_text((ROOT / "policies.toml").read_text("utf-8") + "\n# mine\n", "utf-8")
    said = run("verify", report, "--policies", mine, "--lang", "en")
    assert (said.code, "is not the report's" in said.out) == (0, True)
    assert run("verify", report, "--policies", RULES).code == 5


def test_a_report_without_a_receipt_is_refused_and_holds_no_input(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    assert run("calc", FILES[0], "-o", report, "--no-receipt").code == 0
    assert "receipt" not in report.read_text("utf-8")
    assert run("verify", report).code == 1
