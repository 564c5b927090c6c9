"""A policy file held to the official text, both ways.

`audit(policy, text)` gives an `Audit`: findings, each with the clause, the words around it, the measure and its key,
and what was compared. It reads the file as it is written (`grammar.Document`) and evaluates nothing. Nothing here
knows a clause, a sum or a fact of a document; the words it looks for are those of Chinese administrative texts.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ordos_subsidy.audit import figure_checks, stated, word_checks
from ordos_subsidy.audit.clauses import SplitText, split
from ordos_subsidy.audit.scope import AuditFinding, Scope

if TYPE_CHECKING:
    from ordos_subsidy.policy import grammar

__all__ = ["Audit", "AuditFinding", "audit", "compare", "split_text"]


class Audit(NamedTuple):
    """The findings, and how many clauses, figures of the text and of the policy, readings and entries were compared."""

    findings: tuple[AuditFinding, ...]
    counts: dict[str, int]


def audit(policy: str | os.PathLike[str], text: str | os.PathLike[str]) -> Audit:
    """Compare a policy file with a text; raise `InvalidPolicy` or `Refused` where one of them cannot be read."""
    from ordos_subsidy.audit.source_text import read_text
    from ordos_subsidy.policy.load import parsed
    from ordos_subsidy.policy.mistakes import Mistakes, validated

    mistakes = Mistakes()
    files = validated(parsed(policy), mistakes)
    mistakes.stop()
    (_, base), (_, document) = files[0], files[-1]
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
    rules = sum(len(each.claims) + len(stated.of_sentences(each.measure)) for each in scope.homes)
    gists = sum(len(stated.in_words("gist", each.gist)) for each in document.clause)
    counts = {
        "clauses": len(text.clauses),
        "text": sum(len(part.figures) + len(part.words) for part in text.parts()),
        "policy": rules + gists + len(scope.group_claims),
        "readings": sum(len(each.readings) for each in document.measure),
        "unclaimed": len(document.unclaimed),
    }
    return Audit(tuple(sorted(dict.fromkeys(found), key=lambda each: each.clause)), counts)
