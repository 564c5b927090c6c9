"""The tables that every engine judges: firms and their events, drawn by a seed, with blanks as users leave them.

Columns bear the keys of the policy's facts. Money is fen (Int64). A date has its two ends, as a month or a year
may stand for a day. `firm` is a dense integer. About one value in twenty-five is blank.
"""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.plan import AWARDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEED = 20210518
#: The day of evaluation: fixed, so that results can be compared.
ON = dt.date(2026, 1, 1)
EVENTS_EACH = 4

KINDS = [award.kind for award in AWARDS]
DISTRICTS = [
    "dongsheng", "kangbashi", "dalad", "jungar", "otog-front", "otog", "hanggin", "uxin", "ejin-horo",
    "hi-tech-zone", "airport-park", "outside",
]  # fmt: skip
ORGANIZATIONS = [
    "enterprise", "university", "institute", "new-rd-institution", "medical", "park", "service", "public", "other",
]  # fmt: skip
LEVELS = ["national", "regional", "city", "banner", "international", "industry", "local", "group"]
FIELDS = [
    "clean-energy", "new-chemical", "environmental", "equipment", "digital", "new-energy-vehicle", "new-material",
    "smart-manufacturing", "agriculture", "health", "other",
    "dual-control", "dual-carbon", "mine-restoration", "wind-solar-hydrogen-storage",
]  # fmt: skip

FIRM_SCHEMA = {
    "firm": pl.UInt32(),
    "district": pl.Enum(DISTRICTS),
    "organization": pl.Enum(ORGANIZATIONS),
    "above_scale": pl.Boolean(),
    "high_tech": pl.Boolean(),
    "tech_sme": pl.Boolean(),
    "state_owned": pl.Boolean(),
    "fiscal_year": pl.Int32(),
    "revenue": pl.Int64(),
    "rd_expense": pl.Int64(),
    "rd_expense_last_year": pl.Int64(),
}
EVENT_SCHEMA = {
    "firm": pl.UInt32(),
    "kind": pl.Enum(KINDS),
    "date": pl.Date(),
    "date@until": pl.Date(),
    "amount": pl.Int64(),
    "fiscal_support": pl.Int64(),
    "level": pl.Enum(LEVELS),
    "field": pl.Enum(FIELDS),
}


class Draw:
    """Random columns of one length; a share of each is blank."""

    def __init__(self, rng: np.random.Generator, height: int) -> None:
        self.rng = rng
        self.height = height

    def blank(self, column: pl.Series, share: float = 0.04) -> pl.Series:
        """Blank a share of a column."""
        kept = pl.Series(self.rng.random(self.height) >= share)
        return column.to_frame("it").select(pl.when(kept).then("it")).to_series()

    def choice(self, options: list[str], weights: list[float] | None = None, blank: float = 0.04) -> pl.Series:
        """One of some keys."""
        shares = None if weights is None else [each / sum(weights) for each in weights]
        codes = self.rng.choice(len(options), self.height, p=shares)
        return self.blank(pl.Series(options, dtype=pl.Enum(options)).gather(pl.Series(codes)), blank)

    def yes(self, share: float) -> pl.Series:
        """Yes or no."""
        return self.blank(pl.Series(self.rng.random(self.height) < share))

    def money(self, typical: float, spread: float = 1.2) -> pl.Series:
        """Sums around a typical one (yuan), to the fen."""
        drawn: NDArray[np.float64] = self.rng.lognormal(0, spread, self.height)
        return self.blank(pl.Series((drawn * typical * 100).astype("int64")))


def generate(count: int, seed: int = SEED) -> tuple[pl.DataFrame, pl.DataFrame]:
    """So many firms with four events each; the events in no order of firms."""
    import numpy as np

    rng = np.random.default_rng([seed, count])
    return _firms(Draw(rng, count), count), _events(Draw(rng, count * EVENTS_EACH), count)


def _firms(draw: Draw, count: int) -> pl.DataFrame:
    revenue = draw.money(60_000_000)
    share = pl.Series(draw.rng.lognormal(math.log(0.03), 0.8, count))
    some = (revenue.fill_null(5_000_000_00) * share).cast(pl.Int64)
    spent = pl.DataFrame({"some": draw.blank(some), "revenue": revenue}).select(
        # Every fiftieth firm stands at 3 % of its revenue, rounded down to the fen: just in, or just out.
        pl.when(pl.int_range(count) % 50 == 0).then(pl.col("revenue") * 3 // 100).otherwise("some")
    )
    columns = {
        "firm": pl.Series(range(count), dtype=pl.UInt32),
        "district": draw.choice(DISTRICTS, [10.0] * 11 + [4.0]),
        "organization": draw.choice(ORGANIZATIONS, [70.0, 4, 6, 6, 3, 4, 3, 2, 2], 0.1),
        "above_scale": draw.yes(0.6),
        "high_tech": draw.yes(0.3),
        "tech_sme": draw.yes(0.4),
        "state_owned": draw.yes(0.1),
        "fiscal_year": draw.blank(pl.Series(draw.rng.integers(2019, 2026, count), dtype=pl.Int32)),
        "revenue": revenue,
        "rd_expense": spent.to_series(),
        "rd_expense_last_year": draw.money(1_500_000),
    }
    return pl.DataFrame(columns, schema=FIRM_SCHEMA)


def _events(draw: Draw, count: int) -> pl.DataFrame:
    import numpy as np

    dates = _dates(draw)
    amount = draw.money(2_000_000)
    part = pl.Series(draw.rng.random(draw.height) * 1.1)
    columns = {
        "firm": draw.rng.permutation(np.repeat(np.arange(count, dtype=np.uint32), EVENTS_EACH)),
        "kind": draw.choice(KINDS, blank=0),
        "date": dates["first"],
        "date@until": dates["last"],
        "amount": amount,
        "fiscal_support": draw.blank((amount.fill_null(1_000_000_00) * part).cast(pl.Int64)),
        "level": draw.choice(LEVELS),
        "field": draw.choice(FIELDS),
    }
    return pl.DataFrame(columns, schema=EVENT_SCHEMA, strict=False)


def _dates(draw: Draw) -> pl.DataFrame:
    """Days of seven years from June 2019; of four in a hundred the month is all that is known, of one the year."""
    days = pl.Series(draw.rng.integers(0, 2600, draw.height)).cast(pl.Int32)
    day, how = (pl.lit(dt.date(2019, 6, 1)) + pl.duration(days="days")).cast(pl.Date), pl.col("how")
    year = day.dt.truncate("1y")
    frame = pl.DataFrame({"days": days, "how": draw.rng.random(draw.height)}).select(
        first=pl.when(how < 0.01).then(year).when(how < 0.05).then(day.dt.month_start()).otherwise(day),
        last=pl.when(how < 0.01).then(year.dt.offset_by("1y").dt.offset_by("-1d"))
        .when(how < 0.05).then(day.dt.month_end()).otherwise(day),
    )  # fmt: skip
    first = draw.blank(frame["first"])
    return frame.with_columns(first=first, last=pl.when(first.is_not_null()).then("last"))


def save(folder: Path, count: int) -> Path:
    """Generate once and keep as Parquet, which every engine can read; returns the folder of this size."""
    home = folder / f"{count}"
    if not (home / "events.parquet").exists():
        home.mkdir(parents=True, exist_ok=True)
        firms, events = generate(count)
        firms.write_parquet(home / "firms.parquet")
        events.write_parquet(home / "events.parquet")
    return home


def load(home: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What `save` has kept."""
    return pl.read_parquet(home / "firms.parquet"), pl.read_parquet(home / "events.parquet")
