"""The product, as a script would call it: tables in, awards and totals out."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks import data
from ordos_subsidy.evaluation import Outcome, evaluate
from ordos_subsidy.facts import Of, Vocabulary
from ordos_subsidy.policies import Policies, load_policies
from ordos_subsidy.tables.firms import FIRM, Firms, schema

LABEL = "ordos-subsidy"
CANNOT = ""


def load(home: Path) -> tuple[Policies, Firms]:
    """The policy and the tables, in the types of the vocabulary."""
    return prepare(*data.load(home))


def prepare(firms: pl.DataFrame, events: pl.DataFrame) -> tuple[Policies, Firms]:
    """Tables to `Firms`."""
    policies = load_policies()
    words = policies.vocabulary
    return policies, Firms(_typed(firms, "firm", words), _typed(events, "event", words))


def _typed(frame: pl.DataFrame, of: Of, words: Vocabulary) -> pl.DataFrame:
    types = schema(words, of)
    named = frame.rename({"firm": FIRM})
    return named.select(pl.col(key).cast(types[key]) for key in types if key in named.columns).rechunk()


def run(prepared: tuple[Policies, Firms]) -> Outcome:
    """All awards, and the totals of each firm."""
    outcome = evaluate(*prepared, data.ON)
    _ = outcome.totals
    return outcome


def totals(outcome: Outcome) -> pl.DataFrame:
    """A row a firm."""
    return outcome.totals
