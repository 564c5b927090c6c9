"""Files to firms, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ordos_subsidy.facts import Vocabulary
from ordos_subsidy.firms import reading as single
from ordos_subsidy.firms.tables import Firms


def read(files: Sequence[Path], events: Sequence[Path], vocabulary: Vocabulary) -> Firms:
    """The firms of some files with their events."""
    return single.read(files[0], vocabulary, events[0] if events else None)
