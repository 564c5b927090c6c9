"""The product on the real policies.toml: what its words cost that the plan's table has no use for.

The same tables, but events of all kinds of the policy, and one firm in five is two things at once.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import data
from benchmarks.peers.ours import run, totals, typed
from ordos_subsidy.policy import Policies, load_policies
from ordos_subsidy.tables.firms import Firms

__all__ = ["CANNOT", "LABEL", "load", "run", "totals"]

LABEL = "ordos-subsidy, policies.toml"
CANNOT = ""


def load(home: Path) -> tuple[Policies, Firms]:
    """The policy and the tables, in the types of the vocabulary."""
    policies, (firms, events) = load_policies(), data.load(home)
    words = policies.vocabulary
    bits = {each: words.facts["organization"].bits([each]) for each in data.ORGANIZATIONS}
    draw = data.Draw(np.random.default_rng(data.SEED), firms.height)
    one, other = (
        column.cast(pl.String).replace_strict(bits, return_dtype=pl.UInt64)
        for column in (firms["organization"], draw.choice(data.ORGANIZATIONS, blank=0.8))
    )
    kinds = data.Draw(draw.rng, events.height).choice(list(words.kinds), blank=0)
    firms = firms.with_columns((one | other.fill_null(0)).alias("organization"))
    return policies, typed(words, firms, events.with_columns(kinds.alias("kind")))
