"""A policy file held to the official text, both ways.

`audit(policy, text)` gives an `Audit`: findings, each with the clause, the words around it, the measure and its key,
and what was compared. It reads the file as it is written (`grammar.Document`) and evaluates nothing. Nothing here
knows a clause, a sum or a fact of a document; the words it looks for are those of Chinese administrative texts.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ordos_subsidy.audit import figure_checks, stated, word_checks
from ordos_subsidy.audit.clauses import SplitText, split
from ordos_subsidy.audit.scope import AuditFinding, Scope

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar

__all__ = ["Audit", "AuditFinding", "Counts", "audit", "compare", "read_policy", "split_text"]


@dataclass(frozen=True)
class Counts:
    """How many figures, readings and entries were compared."""

    clauses: int
    text: int
    policy: int
    readings: int
    unclaimed: int


@dataclass(frozen=True)
class Audit:
    """The findings, and the counts of what was compared."""

    findings: tuple[AuditFinding, ...]
    counts: Counts


def audit(policy: str | os.PathLike[str], text: str | os.PathLike[str]) -> Audit:
    """Compare a policy file with a text; raise `InvalidPolicy` or `Refused` where one of them cannot be read."""
    from ordos_subsidy.audit.source_text import read_text

    document, base = read_policy(policy)
    return compare(document, base, split_text(document, read_text(text)))


def split_text(document: grammar.Document, content: str) -> SplitText:
    """Split the content of a text into the clauses that a policy file has."""
    return split(content, [(each.number, each.reference, each.heading.zh) for each in document.clause])


def compare(document: grammar.Document, base: grammar.Document, text: SplitText) -> Audit:
    """Compare a policy with a text; `base` gives the vocabulary of a file that changes another."""
    scope = Scope(document, base, text)
    found = [
        *word_checks.misplaced(scope),
        *figure_checks.unclaimed(scope),
        *figure_checks.unsupported(scope),
        *word_checks.mismatched(scope),
    ]
    ordered = sorted(dict.fromkeys(found), key=lambda each: each.clause)
    return Audit(tuple(ordered), _counts(scope))


def read_policy(policy: str | os.PathLike[str]) -> tuple[grammar.Document, grammar.Document]:
    """Return a policy file checked against the grammar, and the file whose vocabulary it uses."""
    from ordos_subsidy.errors import InvalidPolicy, Refused
    from ordos_subsidy.files.guard import open_file
    from ordos_subsidy.files.text import toml_table
    from ordos_subsidy.policy import builtin
    from ordos_subsidy.policy.mistakes import Mistakes, validated

    def read(path: Path, data: bytes) -> grammar.Document:
        mistakes = Mistakes()
        try:
            made = validated(path.name, toml_table(data, path.name), mistakes)
        except Refused as error:
            raise InvalidPolicy(error.problems) from None
        mistakes.stop()
        if made is None:
            raise InvalidPolicy(mistakes.found)
        return made[1]

    document = read(Path(policy), open_file(policy).data)
    return document, read(builtin(), builtin().read_bytes()) if document.policy.overlays else document


def _counts(scope: Scope) -> Counts:
    homes = scope.homes
    rules = sum(len(each.claims) + len(stated.of_sentences(each.measure)) for each in homes)
    gists = sum(len(stated.in_words(each.number, "", "gist", each.gist)) for each in scope.document.clause)
    return Counts(
        clauses=len(scope.text.clauses),
        text=sum(len(part.figures) + len(part.words) for part in scope.text.parts()),
        policy=rules + gists + len(scope.group_claims),
        readings=sum(len(each.readings) for each in scope.document.measure),
        unclaimed=len(scope.document.unclaimed),
    )
