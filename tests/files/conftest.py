"""What the tests of files share."""

from __future__ import annotations

import pytest

from ordos_subsidy.files import workbook


@pytest.fixture(params=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a book is taken: a large one is checked and parsed in threads, and sent in many frames."""
    size: str = request.param
    if size == "large":
        settings = "module.LARGE_BYTES = 0; module.CHUNK_CELLS = 4; module.main()"
        monkeypatch.setattr(workbook, "_BOOT", workbook._BOOT.replace("module.main()", settings))
    return size
