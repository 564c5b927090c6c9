"""Disks that a fault mounted are gone when it is over."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def unmounted(folder: Path) -> Iterator[None]:
    """A folder in which a disk may be mounted meanwhile."""
    try:
        yield
    finally:
        if (folder / "disk").is_mount():
            subprocess.run(["umount", folder / "disk"], check=True)
