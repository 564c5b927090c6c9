"""What a mutant must survive: the tests of its own room, the policies' examples, the neighbours, and the laws.

Quickest and likeliest first; the first that fails has noticed it. A test that starts a process would look at the
files, where no mutant is, so that none of those is among these.
"""

from __future__ import annotations

import pytest

POLICIES = (["policies.toml"], ["tests/data/harbour.toml"], ["examples/rules-2021-65.toml"])
ROOMS = ("amounts", "conditions", "evaluation")
EDGES = "tests/test_edges.py"
NEIGHBOURS = [
    "tests/test_looked_up.py",
    "tests/test_advice.py",
    *(f"tests/test_{room}.py" for room in ROOMS),
]
LAWS = ["tests/test_laws.py"]
#: The first process has loaded hypothesis already, and pytest would say so.
_OPTIONS = ["-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]


class _First:
    """Remembers the first test that failed."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test, its preparation or its end."""
        if report.failed:
            self.name = self.name or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot even be imported."""
        if report.failed:
            self.name = self.name or report.nodeid


def noticed(room: str, *, laws: bool = False) -> str:
    """Who notices that something is wrong with a room: the name of a test, or nothing.

    The laws take a minute; they are asked about what nobody else has noticed.
    """
    if laws:
        return _tests([*NEIGHBOURS, *LAWS, "-m", "hypothesis"])
    own = [f"tests/test_{room}.py", EDGES]
    return _tests([*own, "-m", "not hypothesis"]) or _examples() or _tests([*NEIGHBOURS, "-m", "not hypothesis"])


def _tests(chosen: list[str]) -> str:
    first = _First()
    code = pytest.main([*_OPTIONS, *chosen], plugins=[first])
    return "" if code == pytest.ExitCode.OK else first.name or f"pytest ended with {code!r}"


def _examples() -> str:
    from ordos_subsidy.checking import run_examples

    for files in POLICIES:
        for problem in run_examples(*files).problems:
            return f"{files[0]}: {problem.where}"
    return ""
