"""The policy: `load_policies` gives `Policies`, the vocabulary with the clauses and the measures of a document."""

from ordos_subsidy.policy.load import build_policy, builtin, load_policies, looks_overlaid
from ordos_subsidy.policy.model import (
    Budget,
    Category,
    Clause,
    Department,
    Head,
    Limit,
    Measure,
    Policies,
    Succession,
)

__all__ = [
    "Budget",
    "Category",
    "Clause",
    "Department",
    "Head",
    "Limit",
    "Measure",
    "Policies",
    "Succession",
    "build_policy",
    "builtin",
    "load_policies",
    "looks_overlaid",
]
