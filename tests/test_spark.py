"""Spark judges as one machine does. Needs pyspark and Java, so `make spark-test` runs it, not `make test`."""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ordos_subsidy.evaluation import evaluate
from ordos_subsidy.policy import load_policies
from ordos_subsidy.tables.firms import Firms, table
from ordos_subsidy.views.award_rows import days

pytest.importorskip("pyspark", reason="Spark is only in the environment of `make spark-test`")

#: Spark leaves sockets to the collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FIRMS, EVENTS_EACH = 100_000, 4
ON = dt.date(2026, 1, 1)
Columns = dict[str, Sequence[Any]]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Spark on this machine's two cores; warnings are Spark's own and not of our making."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    yield spark
    spark.stop()


def some(rng: random.Random, options: list[Any]) -> Any:
    return rng.choice(options) if rng.random() > 0.05 else None


def dates(rng: random.Random) -> tuple[str, dt.date, dt.date] | None:
    """A day as a register writes it, or now and then a month."""
    first = dt.date(2019, 6, 1) + dt.timedelta(rng.randrange(2600))
    if rng.random() < 0.05:
        return None
    if rng.random() < 0.05:
        month = first.replace(day=1)
        return f"{month:%Y-%m}", month, (month + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)
    return f"{first}", first, first


def draw() -> tuple[Columns, Columns]:
    """Typed values, a list a fact, money in fen; `firm` is the number of an event's firm."""
    rng, words = random.Random(30), load_policies().vocabulary  # noqa: S311 - no secret
    choices = {key: [each.key for each in words.facts[key].choices] for key in ("district", "level", "field")}
    who = ["enterprise"] * 8 + [each.key for each in words.facts["organization"].choices]
    height, kinds = FIRMS * EVENTS_EACH, list(words.kinds)
    firms: Columns = {
        "credit_code": [f"F{number:06}" for number in range(FIRMS)],
        "district": [some(rng, choices["district"]) for _ in range(FIRMS)],
        "organization": [some(rng, who) for _ in range(FIRMS)],
        **{key: [some(rng, [True, False]) for _ in range(FIRMS)] for key in ("above_scale", "high_tech", "tech_sme")},
        "fiscal_year": [some(rng, list(range(2019, 2027))) for _ in range(FIRMS)],
        "revenue": [some(rng, [rng.randrange(1, 10**12), 10**10]) for _ in range(FIRMS)],
        "rd_expense": [some(rng, [rng.randrange(10**10), 3 * 10**8]) for _ in range(FIRMS)],
    }
    owners = list(range(FIRMS)) * EVENTS_EACH
    rng.shuffle(owners)
    events: Columns = {
        "firm": owners,
        "kind": [rng.choice(kinds) for _ in range(height)],
        "date": [dates(rng) for _ in range(height)],
        **{key: [some(rng, [rng.randrange(10**9)]) for _ in range(height)] for key in ("amount", "fiscal_support")},
        "level": [some(rng, choices["level"]) for _ in range(height)],
        "field": [some(rng, choices["field"]) for _ in range(height)],
    }
    return firms, events


def on_one_machine(firms: Columns, events: Columns) -> pl.DataFrame:
    """The answer of the evaluator to all of them at once."""
    policies = load_policies()
    words, owners = policies.vocabulary, events["firm"]
    typed = {**events, "date": [each and each[1:] for each in events["date"]]}
    known = {**firms, "organization": [each and frozenset({each}) for each in firms["organization"]]}
    whole = Firms(
        table(words, "firm", known, range(FIRMS), [""] * FIRMS),
        table(words, "event", typed, owners, [""] * len(owners)),
    )
    rows = evaluate(policies, whole, ON).awards
    about = whole.events.select(
        pl.col("kind").cast(pl.String).alias("event"), days(whole.events, "date").alias("date"), pl.col("amount")
    )[rows["event"]]
    return pl.DataFrame(
        {
            "credit_code": whole.firms["credit_code"].gather(rows["firm"]),
            **about.rename({"amount": "event_amount_fen"}).to_dict(),
            "verdict": rows["verdict"].cast(pl.String),
            "low_fen": rows["low"],
            "high_fen": rows["high"],
            "year": rows["year"].cast(pl.Int32),
            "years": rows["years"].cast(pl.Int32),
            "measure_id": rows["measure"].cast(pl.String),
        }
    )


def parquet(path: Path, columns: dict[str, Any]) -> str:
    pl.DataFrame(columns).write_parquet(path)
    return str(path)


def yuan(fen: Sequence[int | None]) -> pl.Series:
    return pl.Series(fen, dtype=pl.Int64).cast(pl.Decimal(20, 2)) / 100


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort(rows.columns, nulls_last=True)


def test_100_000_firms_come_out_as_on_one_machine_row_by_row(session: Any, tmp_path: Path) -> None:
    from ordos_subsidy import spark

    firms, events = draw()
    kept = {key: each for key, each in firms.items() if key not in ("revenue", "rd_expense")}
    money = {f"{key}（元）": yuan(firms[key]) for key in ("revenue", "rd_expense")}
    owners = [firms["credit_code"][owner] for owner in events["firm"]]
    about: dict[str, Any] = {key: events[key] for key in ("kind", "level", "field")}
    about |= {f"{key}(元)": yuan(events[key]) for key in ("amount", "fiscal_support")}
    about |= {"取得日期": [each and each[0] for each in events["date"]], "统一社会信用代码": owners}
    left = session.read.parquet(parquet(tmp_path / "firms.parquet", {**kept, **money}))
    right = session.read.parquet(parquet(tmp_path / "events.parquet", about))
    found = pl.DataFrame(pl.from_arrow(spark.awards(left, right, load_policies(), ON).toArrow()))
    assert found["problem"].null_count() == found.height == FIRMS * (1 + EVENTS_EACH)
    expected = on_one_machine(firms, events)
    assert in_order(found.select(expected.columns)).equals(in_order(expected))


def test_firm_that_cannot_be_judged_has_its_problems_instead_of_awards(session: Any) -> None:
    from ordos_subsidy import spark

    own = [("good", "1亿元"), ("bad", "many"), ("two", "1元"), ("two", "2元"), (None, "1元"), ("event", "2元")]
    firms = session.createDataFrame(
        [*own, ("same", "3元"), ("same", "3元")], "`单位名称` string, `营业收入（元）` string"
    )
    rows = [("good", "regional-key-lab", "2022-03"), ("event", "a castle", "2022"), ("nobody", "incubator", None)]
    more = [("good", None, None), (None, "incubator", None), ("same", None, "2022")]
    events = session.createDataFrame([*rows, *more], "name string, kind string, date string")
    found = spark.awards(firms, events, load_policies(), ON, lang="en").collect()
    said = sorted((row.name or "", row.problem) for row in found if row.problem)
    assert {row.name for row in found if not row.problem} == {"good"}
    assert [name for name, _ in said] == ["", "", "bad", "event", "nobody", "same", "two"]
    assert [row.date for row in found if row.event] == ["2022-03"]


def test_money_without_a_unit_is_counted_in_wan_as_in_files_and_said(session: Any) -> None:
    from ordos_subsidy import spark

    firms = session.createDataFrame([("a", 5000.0)], "name string, rd_expense double")
    events = session.createDataFrame([("a", "national-program", 7)], "name string, kind string, amount int")
    with pytest.warns(UserWarning, match="10,000|万元") as said:
        found = spark.awards(firms, events, load_policies(), ON).collect()
    assert sum("rd_expense" in str(each.message) for each in said) == 1
    assert [row.high_fen for row in found if row.event] == [700_000]
