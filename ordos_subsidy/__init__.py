"""The calculator of a city's subsidy policy, as a library; the command line is a client of this.

    import ordos_subsidy as os_
    outcome = os_.calc("firm.xlsx")   # or a data frame, or a dictionary
    outcome.table("awards")           # one row an award, with firm, reference, title and sums in yuan
    outcome.totals                    # the raw tables: keys, and sums in fen
    outcome.report("某某公司")          # the document of one firm, as `calc --format json` prints it

Nothing heavy is imported until one of these is called.
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["Firms", "Outcome", "Policies", "Refused", "calc", "evaluate", "load_policies", "read"]

TYPE_CHECKING = False  # without `typing`: whoever waits for the command line waits for every import here
if TYPE_CHECKING:
    import datetime as dt
    import os
    from typing import Any

    from ordos_subsidy.api import ReportingOutcome as Outcome
    from ordos_subsidy.errors import Refused
    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.firms import Firms

    #: What firms can be read from: a path, a data frame of Polars or pandas, a dictionary.
    Data = str | os.PathLike[str] | dict[str, Any] | Any

_HOMES = {
    "Outcome": ("ordos_subsidy.api", "ReportingOutcome"),
    "Firms": ("ordos_subsidy.tables.firms", "Firms"),
    "Policies": ("ordos_subsidy.policy", "Policies"),
    "Refused": ("ordos_subsidy.errors", "Refused"),
}


def __getattr__(name: str) -> Any:
    """Return a class of the public interface, imported when first asked for."""
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


def read(data: Data, policies: Policies | None = None, *, events: Data | None = None) -> Firms:
    """Read firms from a file, a data frame (Polars, pandas) or a dictionary in the shape of a TOML file.

    `events`: a second file or frame with their events. Numbers of money are read as in a file of that kind: 万元 in a
    file or frame whose heading names no unit, yuan in TOML and dictionaries.
    Raises `Refused` where not one firm can be used; `Firms.problems` holds everything else there is to say.
    """
    from ordos_subsidy import api

    return api.read(data, policies or load_policies(), events)


def calc(
    data: Data,
    policies: Policies | None = None,
    *,
    events: Data | None = None,
    on: dt.date | None = None,
) -> Outcome:
    """Read firms and decide every measure for them: `read` and `evaluate` in one step."""
    loaded = policies or load_policies()
    return evaluate(loaded, read(data, loaded, events=events), on)


def evaluate(policies: Policies, firms: Firms, on: dt.date | None = None) -> Outcome:
    """Decide every measure for every firm, as of a day (default: today)."""
    from ordos_subsidy import api

    return api.evaluate(policies, firms, on)
