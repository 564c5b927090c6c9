"""The peers of the benchmarks judge as the product does: otherwise their times would mean nothing.

The table is small, and full of borders: first days, shares that end in half a fen, months and years instead of
days. Peers whose library is not in the ordinary environment say that they are left out; `make bench` holds every
engine against the product on every table it times.
"""

from __future__ import annotations

import calendar
import datetime as dt
import importlib
import random
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest

from benchmarks import data
from benchmarks.peers import COLUMNS, ours, plain_python, real
from ordos_subsidy.conditions.relations import Once
from ordos_subsidy.evaluation import Outcome
from ordos_subsidy.policy import load_policies

T = TypeVar("T")

DAYS = [
    *(dt.date(2021, 6, 18) + dt.timedelta(days) for days in range(3)),
    *(dt.date(2025, 12, 30) + dt.timedelta(days) for days in range(5)),
    *(dt.date(year, 3, 1) for year in range(2019, 2028)),
]
MONEY = [0, 1, 5, 14, 15, 250, 2_500_000_01, 500_000_000, 3_333_333_33, 999_999_999_99]
FIRMS, EVENTS = 300, 20
#: The peers that are exact, and the library each needs besides ours.
EXACT = {
    "plain_python": None,
    "numpy_by_hand": None,
    "duckdb_sql": "duckdb",
    "pandas_rows": "pandas",
    "zen": "zen",
}


def some(rng: random.Random, options: list[T]) -> T | None:
    return None if rng.random() < 0.1 else rng.choice(options)


def span(rng: random.Random) -> tuple[dt.date | None, dt.date | None]:
    """A day, or the month or year it lies in."""
    day = some(rng, DAYS)
    if day is None:
        return None, None
    match rng.randrange(6):
        case 0:
            return day.replace(month=1, day=1), day.replace(month=12, day=31)
        case 1:
            return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
        case _:
            return day, day


def draw(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    rng = random.Random(seed)  # noqa: S311 - no secret
    firms, events = [], []
    for firm in range(FIRMS):
        yes = [some(rng, [True, False]) for _ in range(4)]
        revenue = some(rng, [0, 100, 10_000_000_00, 33_333_333_33])
        spent = some(rng, [0, 3, 300_000_00, 300_000_01, 999_999_99, 1_000_000_00, 5_000_000_000])
        who = some(rng, ["enterprise", *data.ORGANIZATIONS])
        place = some(rng, ["otog", "outside", *data.DISTRICTS])
        firms.append((firm, place, who, *yes, some(rng, list(range(2019, 2028))), revenue, spent, None))
        for _ in range(EVENTS):
            facts = (some(rng, MONEY), some(rng, MONEY), some(rng, data.LEVELS), some(rng, data.FIELDS))
            events.append((firm, rng.choice(data.KINDS), *span(rng), *facts))
    return (
        pl.DataFrame(firms, schema=data.FIRM_SCHEMA, orient="row"),
        pl.DataFrame(events, schema=data.EVENT_SCHEMA, orient="row"),
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the drawn table."""
    folder = tmp_path_factory.mktemp("bench")
    for name, table in zip(("firms", "events"), draw(0), strict=True):
        table.write_parquet(folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def outcome(home: Path) -> Outcome:
    """What the product makes of it."""
    return ours.run(ours.load(home))


def totals(peer: str, library: str | None, home: Path) -> pl.DataFrame:
    """The totals by a peer; skipped where the peer's library is not there."""
    if library and not find_spec(library):
        pytest.skip(f"{library} is only in the environment of `make bench`, which makes this comparison too")
    engine = importlib.import_module(f"benchmarks.peers.{peer}")
    found: pl.DataFrame = engine.totals(engine.run(engine.load(home)))
    return found


@pytest.mark.parametrize("peer", EXACT)
def test_peer_gives_every_firm_the_sums_that_the_product_gives(peer: str, home: Path, outcome: Outcome) -> None:
    theirs, expected = totals(peer, EXACT[peer], home), outcome.totals
    columns = [pl.col(each).cast(pl.Int64) for each in COLUMNS]
    assert theirs.select(columns).rows() == expected.select(columns).rows()


def test_plain_python_gives_every_claim_the_years_and_sums_that_the_product_gives(home: Path, outcome: Outcome) -> None:
    (theirs, _), yuan = plain_python.run(plain_python.load(home)), plain_python.yuan
    truths = {"yes": True, "unknown": None, "no": False}
    rows = outcome.awards.sort("event", "firm").select("verdict", "low", "high", "year", "years").iter_rows()
    expected = [
        plain_python.Judged(truths[verdict], yuan(low), None if high is None else yuan(high), *years)
        for verdict, low, high, *years in rows
    ]
    assert theirs == expected


def test_openfisca_leaves_no_work_out(home: Path, outcome: Outcome) -> None:
    """Its sums are floats, and err; what has no upper bound it counts, pending or not, as the product does."""
    theirs, expected = totals("openfisca", "openfisca_core", home), outcome.totals
    assert set(COLUMNS) <= set(theirs.columns)
    for column in ("open_ended", "pending_open"):
        assert theirs.get_column(column).to_list() == expected.get_column(column).to_list()


def test_drawn_table_meets_every_verdict_of_every_award(outcome: Outcome) -> None:
    met = outcome.awards.group_by("measure").agg(pl.col("verdict").n_unique())
    assert met.filter(pl.col("verdict") < 2).height == 0
    assert met.height == len(outcome.policies.measures)


def test_real_policy_knows_the_kinds_of_the_tables_and_has_its_new_words_to_do(home: Path) -> None:
    """Several answers, limits that several rows share, a second row where one is paid."""
    outcome = real.run(real.load(home))
    assert set(data.KINDS) <= set(load_policies().vocabulary.kinds)
    assert outcome.firms.firms.get_column("organization").bitwise_count_ones().max() == 2
    assert outcome.shared.filter(pl.col("due_high") < pl.col("high")).height
    assert any(truth.null_count() for (word, _), (truth, *_) in outcome.firms.marks.items() if isinstance(word, Once))
