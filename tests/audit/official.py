"""The official text: no part of the repository, but in `shared` beside the checkout; without it a test is skipped."""

from __future__ import annotations

import pytest

from tests.runs import ROOT

PLAN = ROOT.parent / "shared" / "official-text.txt"
POLICY = ROOT / "policies.toml"
needs_plan = pytest.mark.skipif(not PLAN.is_file(), reason="the official text is not beside this checkout")
