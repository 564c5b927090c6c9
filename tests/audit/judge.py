"""Who notices a mutant: `audit` (the text), `check` (the examples beside the measure), or nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from ordos_subsidy import audit, checking
from ordos_subsidy.errors import Refused
from ordos_subsidy.files.text import toml_table
from ordos_subsidy.policy.build import build
from ordos_subsidy.policy.grammar import ClauseEntry, Document, HeadEntry, MeasureEntry
from tests.audit.mutants import Mutant, policy_mutants, text_mutants

if TYPE_CHECKING:
    import datetime as dt

    from ordos_subsidy.audit.clauses import SplitText


_MODELS: dict[str, type[BaseModel]] = {"measure": MeasureEntry, "clause": ClauseEntry, "policy": HeadEntry}


@dataclass(frozen=True)
class Judge:
    """A policy file and its official text, unchanged; both hold, so that every finding is a mutant's."""

    policy: Path
    text: Path

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The policy file as parsed."""
        return toml_table(self.policy.read_bytes(), self.policy.name)

    @cached_property
    def document(self) -> Document:
        """The policy file."""
        return Document.model_validate(self.raw)

    @cached_property
    def split(self) -> SplitText:
        """The text, taken apart."""
        return audit.split_text(self.document, self.text.read_text("utf-8"))

    def holds(self) -> bool:
        """Whether the unchanged file agrees with the unchanged text."""
        return not audit.compare(self.document, self.document, self.split).findings

    def policy_mutants(self) -> Iterator[Mutant]:
        """Every mutant of the file."""
        return policy_mutants(self.raw)

    def text_mutants(self) -> Iterator[Mutant]:
        """Every mutant of the text."""
        return text_mutants(self.split)

    def audited(self, mutant: Mutant) -> bool:
        """Whether `audit` notices."""
        if mutant.entry is None:
            text = audit.split_text(self.document, mutant.text)
            return bool(audit.compare(self.document, self.document, text).findings)
        try:
            entry = _MODELS[mutant.table].model_validate(mutant.entry)
        except ValidationError:
            return True  # an invalid policy file, for both commands
        changed = _with(getattr(self.document, mutant.table), mutant.index, entry)
        document = self.document.model_copy(update={mutant.table: changed})
        return bool(audit.compare(document, document, self.split).findings)

    def checked(self, mutant: Mutant) -> bool:
        """Whether `check` notices: the file is invalid, or an example of the changed measure fails."""
        if mutant.entry is None:
            return False
        changed = _with(self.raw[mutant.table], mutant.index, mutant.entry)
        try:
            built = build([(self.policy.name, {**self.raw, mutant.table: changed})])
        except Refused:
            return True
        by_day: dict[dt.date, list[checking.Case]] = defaultdict(list)
        for case in built.examples:
            if mutant.table == "measure" and case[1].id == mutant.entry["id"]:
                by_day[case[2].on or checking._ON].append(case)
        return any(True for day, cases in by_day.items() for _ in checking._run(built.policies, day, cases))


def _with(entries: Any, index: int, entry: object) -> Any:
    """A list with one entry changed; the entry itself in the place of what is no list."""
    return [entry if place == index else each for place, each in enumerate(entries)] if index >= 0 else entry


def table(judge: Judge) -> tuple[str, list[Mutant]]:
    """The table by sort (mutants, noticed by check, by audit, by both, by neither), and the mutants nobody notices."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    living = []
    for mutant in [*judge.policy_mutants(), *judge.text_mutants()]:
        by_audit, by_check = judge.audited(mutant), judge.checked(mutant)
        row = counts[mutant.sort]
        row["mutants"] += 1
        row["check"] += by_check
        row["audit"] += by_audit
        row["both"] += by_check and by_audit
        row["neither"] += not (by_check or by_audit)
        if not (by_check or by_audit):
            living.append(mutant)
    columns = ("mutants", "check", "audit", "both", "neither")
    counts["all"] = sum(counts.values(), Counter())
    lines = [f"| sort | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    lines += [f"| {sort} | {' | '.join(str(row[name]) for name in columns)} |" for sort, row in counts.items()]
    return "\n".join(lines), living
