"""The calculator of a city's subsidy policy, as a library.

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
    from ordos_subsidy.api import ReportingOutcome as Outcome
    from ordos_subsidy.api import calc, evaluate, read
    from ordos_subsidy.errors import Refused
    from ordos_subsidy.policy import Policies, load_policies
    from ordos_subsidy.tables.firms import Firms

_HOMES = {
    "Firms": ("tables.firms", "Firms"),
    "Outcome": ("api", "ReportingOutcome"),
    "Policies": ("policy", "Policies"),
    "Refused": ("errors", "Refused"),
    "calc": ("api", "calc"),
    "evaluate": ("api", "evaluate"),
    "load_policies": ("policy", "load_policies"),
    "read": ("api", "read"),
}


def __getattr__(name: str) -> object:
    """Return a class or function of the public interface, imported when first asked for."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    module, kept_as = _HOMES[name]
    return getattr(import_module(f"{__name__}.{module}"), kept_as)


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]
