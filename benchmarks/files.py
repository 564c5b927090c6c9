"""Whole commands on files: how `batch` compares with reading and writing alone.

The floors are what nobody can do without: the input's tables read, and the very rows of our result written, with
the same libraries. Everything else (starting, understanding headings and cells, joining, judging, adding up) is what
the ratio is about. XlsxWriter is the writer that most programs take; the same result goes through it as well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks import data

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def codes(count: int) -> pl.Series:
    """Invented codes with the right check digit."""
    weights = [pow(3, at, 31) for at in range(17)]
    made = []
    for n in range(count):
        body = f"91150600MA{n:07d}"
        total = sum(SIGNS.index(sign) * weight for sign, weight in zip(body, weights, strict=True))
        made.append(body + SIGNS[(31 - total % 31) % 31])
    return pl.Series(made)
