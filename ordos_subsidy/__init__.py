"""The calculator of a city's subsidy policy, as a library; the command line is a client of this.

    import ordos_subsidy as os_
    policies = os_.load_policies()
    firms = os_.read("firm.xlsx", policies)
    outcome = os_.evaluate(policies, firms)
    outcome.totals            # a Polars table, one row a firm; sums in fen
    outcome.report("某某公司")  # the document of one firm, as `calc --format json` prints it

Nothing heavy is imported until one of these is called.
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["Firms", "Outcome", "Policies", "Refused", "evaluate", "load_policies", "read"]

TYPE_CHECKING = False  # without `typing`: whoever waits for the command line waits for every import here
if TYPE_CHECKING:
    import datetime as dt
    import os
    from typing import Any

    from ordos_subsidy.api import ReportingOutcome as Outcome
    from ordos_subsidy.errors import Refused
    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.firms import Firms

_HOMES = {
    "Outcome": ("ordos_subsidy.api", "ReportingOutcome"),
    "Firms": ("ordos_subsidy.tables.firms", "Firms"),
    "Policies": ("ordos_subsidy.policy", "Policies"),
    "Refused": ("ordos_subsidy.errors", "Refused"),
}


def __getattr__(name: str) -> Any:
    """The classes, imported when first asked for."""
    from importlib import import_module

    if name in _HOMES:
        module, kept_as = _HOMES[name]
        return getattr(import_module(module), kept_as)
    raise AttributeError(name)


def load_policies(*paths: str | os.PathLike[str]) -> Policies:
    """Load a policy: the built-in one without a path; later files override earlier ones.

    Raises `InvalidPolicy` (a `Refused`) with every mistake, each with its file and key.
    """
    from ordos_subsidy import policy

    return policy.load_policies(*paths)


def read(
    path: str | os.PathLike[str], policies: Policies | None = None, *, events: str | os.PathLike[str] | None = None
) -> Firms:
    """Read the firms of a workbook, CSV or TOML file, and of a second file their events.

    Raises `Refused` where nothing can be used; `Firms.problems` holds everything else there is to say.
    """
    from ordos_subsidy import tables

    return tables.read([path], [events] if events is not None else [], (policies or load_policies()).vocabulary)


def evaluate(policies: Policies, firms: Firms, on: dt.date | None = None) -> Outcome:
    """Decide every measure for every firm, as of a day (default: today)."""
    from ordos_subsidy import api

    return api.evaluate(policies, firms, on)
