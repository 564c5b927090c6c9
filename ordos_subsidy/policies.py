"""The policy as objects: the vocabulary, the clauses, and the measures with their conditions and grants.

`load_policies(*paths)` finds the files, compiles them (`compiler`, with Pydantic), and keeps the compiled form in
the user's cache folder under the hash of the files and of the compiler itself, so that the next run starts
without Pydantic. A cache that cannot be read or written is passed over in silence: it saves time, nothing else.

Without a path the policy is the copy inside the installed package, or the one at the checkout's root. A file
that `overlays` a policy is laid over it; given alone, it is laid over the built-in one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ordos_subsidy.amounts import Grant, Times
from ordos_subsidy.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    FirstYears,
    HasEvent,
    InForce,
    Not,
    Unsettled,
    Window,
)
from ordos_subsidy.errors import InvalidPolicy, Refused, problem
from ordos_subsidy.facts import Vocabulary, vocabulary
from ordos_subsidy.words import Text

if TYPE_CHECKING:
    from ordos_subsidy import grammar

Category = Literal["award", "credit", "preference", "budget", "duty"]
Raw = Mapping[str, Any]

#: Raise when the compiled form changes shape.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Head:
    """The document a policy file puts into rules."""

    id: str
    number: str
    title: Text
    name: Text
    issuer: Text
    dated: dt.date
    effective: dt.date
    effective_note: Text | None
    source: str
    footnotes: tuple[Text, ...]
    existing: Text | None
    succeeded_by: Succession | None


@dataclass(frozen=True, slots=True)
class Succession:
    """A later document that may govern claims dated on or after a day."""

    number: str
    since: dt.date
    says: Text


@dataclass(frozen=True, slots=True)
class Department:
    """Whom to ask."""

    title: Text
    short: Text


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause of the document."""

    number: int
    reference: str
    part: Text
    heading: Text
    gist: Text
    departments: tuple[Department, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """Money the government commits, in fen; shares as text."""

    exactly: int | None
    at_least: int | None
    growth: str | None
    share: str | None
    of: Text | None
    yearly: bool
    years: int | None
    base_year: int | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing a clause gives, promises or orders; `document` is the number of the paper it rests on."""

    id: str
    clause: Clause
    category: Category
    title: Text
    claims: tuple[str, ...]
    existing: Literal["excluded", "unsettled"]
    when: Condition | None
    grant: Grant | None
    budget: Budget | None
    yearly: bool
    notes: tuple[Text, ...]
    since: dt.date | None
    until: dt.date | None
    document: str

    @property
    def of_accounts(self) -> bool:
        """It looks at a firm's accounts, not at its events."""
        return self.claims == ("accounts",)


@dataclass(frozen=True)
class Policies:
    """A policy with what is laid over it, ready to be evaluated."""

    head: Head
    overlays: tuple[Head, ...]
    vocabulary: Vocabulary
    clauses: tuple[Clause, ...]
    measures: tuple[Measure, ...]
    scope: Condition | None
    #: The files it was loaded from, as given or found.
    files: tuple[str, ...] = ()

    def of(self, *categories: Category) -> Iterator[Measure]:
        """The measures of some categories, in the order of the file."""
        return (measure for measure in self.measures if measure.category in categories)

    @cached_property
    def versioned(self) -> frozenset[str]:
        """The measures that more than one version exists of."""
        ids = [measure.id for measure in self.measures]
        return frozenset(each for each in ids if ids.count(each) > 1)

    @cached_property
    def year_fact(self) -> str | None:
        """The key of the fact that says the year of a firm's accounts."""
        fact = self.vocabulary.role("firm", "year")
        return fact.key if fact else None

    @cached_property
    def date_fact(self) -> str:
        """The key of the fact that says when an event was."""
        fact = self.vocabulary.role("event", "date")
        return fact.key if fact else ""

    @cached_property
    def kind_fact(self) -> str:
        """The key of the fact that says what kind of event it is."""
        fact = self.vocabulary.role("event", "kind")
        return fact.key if fact else ""

    def claim_date(self, measure: Measure) -> str | None:
        """The key of the fact that places a measure's claims in time."""
        return self.year_fact if measure.of_accounts else self.date_fact

    def condition(self, measure: Measure) -> Condition | None:
        """All that must hold of a claim: its time, the policy's scope, and the measure's own condition."""
        parts: list[Condition] = []
        if measure.of_accounts:
            timed = self.vocabulary.facts.get(self.year_fact or "")
        else:
            timed = self.vocabulary.facts[self.date_fact]
            parts.append(InForce(self.date_fact, self.head.effective, measure.existing, self.head.existing))
        if timed and (measure.since or measure.until):
            parts.append(Window(timed, measure.since, measure.until))
        if measure.grant and measure.grant.during and timed and not measure.of_accounts:
            parts.append(Compare(timed, "at_most", dt.date(measure.grant.during[1], 12, 31)))
        if self.scope:
            parts.append(self.scope)
        if measure.when:
            parts += measure.when.parts if isinstance(measure.when, All) else (measure.when,)
        return All(tuple(parts)) if parts else None


# --- loading


def load_policies(*paths: str | os.PathLike[str]) -> Policies:
    """Load a policy: no path for the built-in one; later files override earlier ones.

    Raises `InvalidPolicy` with every mistake in the files, or `Refused` where a file cannot be opened.
    """
    files = _files(paths)
    contents = [(path, _bytes(path)) for path in files]
    key = _key([content for _, content in contents])
    raw = _cached(key)
    if raw is None:
        raw = compile_files(contents).data
        _keep(key, raw)
    return _policies(raw, tuple(str(path) for path in files))


def load_examples(*paths: str | os.PathLike[str]) -> list[tuple[str, grammar.Measure, grammar.Example]]:
    """The examples beside the rules: (place, measure, example) each."""
    return list(compile_files([(path, _bytes(path)) for path in _files(paths)]).examples)


def builtin() -> Path:
    """The built-in policy: the copy inside the package, else the one at the root of the checkout."""
    here = Path(__file__).resolve().parent
    for path in (here / "policies.toml", here.parent / "policies.toml"):
        if path.is_file():
            return path
    raise InvalidPolicy([problem("policy.not-found")])


def _files(paths: tuple[str | os.PathLike[str], ...]) -> list[Path]:
    if not paths:
        return [builtin()]
    files = [Path(path) for path in paths]
    first = _bytes(files[0])
    # A cheap look is enough here: what is really an overlay, the compiler decides.
    return [builtin(), *files] if b"\noverlays" in first else files


def _bytes(path: Path) -> bytes:
    from ordos_subsidy.firms.guard import open_file

    if path == builtin():
        return path.read_bytes()
    file = open_file(path)
    if file.kind not in ("toml", "csv"):
        raise InvalidPolicy([problem("policy.not-toml", str(path), kind=file.kind)])
    return file.data


def compile_files(contents: list[tuple[Path, bytes]]) -> Any:
    """Compile the bytes of policy files; a TOML mistake is an invalid policy."""
    from ordos_subsidy.compiler import compile_documents
    from ordos_subsidy.firms.text import toml_table

    try:
        sources = [(path.name, toml_table(data, path.name)) for path, data in contents]
    except Refused as error:
        raise InvalidPolicy(error.problems) from None
    return compile_documents(sources)


def _key(contents: list[bytes]) -> str:
    """Names a compiled form: the files, and the code that compiles them."""
    here = Path(__file__).resolve().parent
    code = sorted([here / "compiler.py", here / "grammar.py", *(here / "cells").glob("*.py")])
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for part in [*(path.read_bytes() for path in code), *contents]:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _cache_file(key: str) -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("ordos-subsidy") / f"policy-{key}.json"


def _cached(key: str) -> Raw | None:
    try:
        raw = json.loads(_cache_file(key).read_bytes())
    except (OSError, ValueError, RuntimeError):
        return None
    return raw if isinstance(raw, dict) and raw.get("format") == FORMAT else None


def _keep(key: str, raw: Raw) -> None:
    try:
        file = _cache_file(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".policy-")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({"format": FORMAT, **raw}, out, ensure_ascii=False)
        Path(name).replace(file)
    except (OSError, RuntimeError):
        return


# --- from the compiled form to objects


def _text(raw: Raw | None) -> Text | None:
    return Text(raw["zh"], raw["en"]) if raw else None


def _sure(raw: Raw) -> Text:
    return Text(raw["zh"], raw["en"])


def _date(raw: str | None) -> dt.date | None:
    return dt.date.fromisoformat(raw) if raw else None


def _policies(raw: Raw, files: tuple[str, ...]) -> Policies:
    words = vocabulary(raw)
    clauses = tuple(_clause(each) for each in raw["clauses"])
    by_number = {clause.number: clause for clause in clauses}
    measures = tuple(_measure(each, by_number[each["clause"]], words) for each in raw["measures"])
    scope = _condition(raw["head"]["scope"], words)
    overlays = tuple(_head(each) for each in raw["overlays"])
    return Policies(_head(raw["head"]), overlays, words, clauses, measures, scope, files)


def _head(raw: Raw) -> Head:
    later = raw["succeeded_by"]
    return Head(
        id=raw["id"],
        number=raw["number"],
        title=_sure(raw["title"]),
        name=_sure(raw["name"]),
        issuer=_sure(raw["issuer"]),
        dated=dt.date.fromisoformat(raw["dated"]),
        effective=dt.date.fromisoformat(raw["effective"]),
        effective_note=_text(raw["effective_note"]),
        source=raw["source"],
        footnotes=tuple(_sure(each) for each in raw["footnotes"]),
        existing=_text(raw["existing"]),
        succeeded_by=later and Succession(later["number"], dt.date.fromisoformat(later["from"]), _sure(later["says"])),
    )


def _clause(raw: Raw) -> Clause:
    departments = tuple(Department(_sure(each), _text(each["short"]) or _sure(each)) for each in raw["departments"])
    return Clause(
        raw["number"], raw["reference"], _sure(raw["part"]), _sure(raw["heading"]), _sure(raw["gist"]), departments
    )


def _measure(raw: Raw, clause: Clause, words: Vocabulary) -> Measure:
    return Measure(
        id=raw["id"],
        clause=clause,
        category=raw["category"],
        title=_sure(raw["title"]),
        claims=tuple(raw["claims"]),
        existing=raw["existing"],
        when=_condition(raw["when"], words),
        grant=_grant(raw["amount"], words),
        budget=_budget(raw["budget"]),
        yearly=raw["yearly"],
        notes=tuple(_sure(each) for each in raw["notes"]),
        since=_date(raw["since"]),
        until=_date(raw["until"]),
        document=raw["document"],
    )


def _grant(raw: Raw | None, words: Vocabulary) -> Grant | None:
    if raw is None:
        return None
    times = raw["times"]
    when = _condition(times["when"], words) if times else None
    plain = {
        key: raw[key]
        for key in ("kind", "low", "high", "of", "less", "over", "cap", "within", "years", "spread", "once")
    }
    return Grant(
        **plain,
        rate=(raw["rate"][0], raw["rate"][1]),
        over_rate=(raw["over_rate"][0], raw["over_rate"][1]),
        during=(raw["during"][0], raw["during"][1]) if raw["during"] else None,
        times=Times(times["by"], when) if when else None,
        depends_on=_text(raw["depends_on"]),
    )


def _budget(raw: Raw | None) -> Budget | None:
    return Budget(**{**raw, "of": _text(raw["of"])}) if raw else None


def _condition(raw: Raw | None, words: Vocabulary) -> Condition | None:
    return None if raw is None else _word(raw, words)


def _word(raw: Raw, words: Vocabulary) -> Condition:
    """A condition word from its compiled form."""
    if "all" in raw:
        return All(tuple(_word(each, words) for each in raw["all"]))
    if "any" in raw:
        return AnyOf(tuple(_word(each, words) for each in raw["any"]))
    if "not" in raw:
        return Not(_word(raw["not"], words))
    if "unsettled" in raw:
        return Unsettled(_word(raw["unsettled"], words), _sure(raw["says"]))
    if "has_event" in raw:
        return HasEvent(raw["has_event"], tuple(raw["kinds"]))
    if "first_years" in raw:
        date, kind = words.role("event", "date"), words.role("event", "kind")
        return FirstYears(raw["first_years"], date.key if date else "", kind.key if kind else "")
    return _compare(raw, words)


def _compare(raw: Raw, words: Vocabulary) -> Compare:
    fact, value = words.facts[raw["fact"]], raw["value"]
    if fact.type == "date" and isinstance(value, str):
        value = dt.date.fromisoformat(value)
    elif isinstance(value, list):
        value = tuple(value)
    return Compare(fact, raw["comparison"], value, tuple(raw["named"]))
