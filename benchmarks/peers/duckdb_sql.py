"""DuckDB: the plan as a table of rules, joined by kind; SQL's own three truths; one statement for the awards.

Lists of organisations, levels and fields are bit masks, which DuckDB tests faster than lists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks import data
from benchmarks.plan import AWARDS, EFFECTIVE, FEN, RD_AWARD, RD_FROM, RD_SHARE, RD_SINCE, RD_UNSETTLED

LABEL = "DuckDB SQL"
CANNOT = ""

NO_CAP = 2**63 - 1

AWARDS_OF_EVENTS = f"""
CREATE OR REPLACE TEMP TABLE awards AS
WITH firsts AS (
  SELECT firm, kind, min(year(date)) FILTER (date >= DATE '{EFFECTIVE}' AND last <= DATE '{data.ON}') AS latest,
    min(coalesce(year(date), {EFFECTIVE.year})) FILTER (date IS NULL OR last >= DATE '{EFFECTIVE}') AS earliest
  FROM events WHERE kind = (SELECT kind FROM rules WHERE rule = 'first 5') GROUP BY firm, kind
), claims AS (
  SELECT e.firm, e.kind, e.amount, e.fiscal_support, r.* EXCLUDE (kind), e.date IS NULL AS undated,
    CASE WHEN e.last >= DATE '{EFFECTIVE}' THEN year(e.date) END::SMALLINT AS event_year,
    coalesce(f.district, 'local') <> 'outside'
    AND (r.who = 0 OR (r.who >> f.org) & 1 = 1 OR (f.org IS NULL AND r.who & 1 = 1))
    AND (r.field = 0 OR (r.field >> e.field_code) & 1 = 1)
    AND (r.level = 0 OR (r.level >> e.level_code) & 1 = 1)
    AND (r.rule <> 'tech sme' OR f.tech_sme)
    AND (r.rule <> 'to 2025' OR CASE WHEN e.last <= DATE '2025-12-31' THEN true
                                     WHEN e.date > DATE '2025-12-31' THEN false END)
    AND (r.rule <> 'first 5' OR CASE WHEN year(e.date) - latest >= 5 THEN false
                                     WHEN year(e.date) - earliest < 5 THEN true END)
    AND CASE WHEN e.date >= DATE '{EFFECTIVE}' THEN true WHEN r.new AND e.last < DATE '{EFFECTIVE}' THEN false END
    AND CASE WHEN e.last > DATE '{data.ON}' THEN NULL ELSE true END AS holds
  FROM events e JOIN rules r USING (kind) JOIN firms f USING (firm) LEFT JOIN firsts USING (firm, kind)
), sums AS (
  SELECT firm, kind, holds,
    CASE WHEN undated OR rule = 'spread' THEN NULL  -- greatest skips nulls
         WHEN rule = 'to 2025' THEN greatest(event_year, 2021) ELSE event_year END::SMALLINT AS year,
    CASE WHEN rule = 'to 2025' THEN greatest(2025 - greatest(coalesce(event_year, 2021), 2021) + 1, 0)
         ELSE years END::SMALLINT AS years,
    CASE rule WHEN 'less support' THEN coalesce(greatest(amount - fiscal_support, 0), 0)
              ELSE coalesce(amount, 0) END AS least,
    CASE WHEN rule = 'less support' AND amount IS NOT NULL
         THEN greatest(amount - coalesce(fiscal_support, 0), 0) ELSE amount END AS most,
    form, sum, percent, cap, rule
  FROM claims
), intervals AS (
  SELECT firm, kind, holds, year, years,
    CASE form WHEN 'exactly' THEN sum * years WHEN 'at_least' THEN sum * years
              WHEN 'share' THEN least((least * percent + 50) // 100, coalesce(cap, {NO_CAP}))
              ELSE 0 END AS low,
    CASE WHEN rule = 'within amount' THEN least(sum, most)
         WHEN form IN ('exactly', 'up_to') THEN sum * years
         WHEN form = 'share' AND most IS NULL THEN cap
         WHEN form = 'share' THEN least((most * percent + 50) // 100, coalesce(cap, {NO_CAP})) END AS high
  FROM sums
)
SELECT firm, kind, CASE WHEN holds THEN 2 WHEN NOT holds THEN 0 ELSE 1 END::TINYINT AS verdict,
  CASE WHEN holds THEN low ELSE 0 END AS low, CASE WHEN NOT holds THEN 0 ELSE high END AS high, year, years
FROM intervals
"""

AWARDS_OF_ACCOUNTS = f"""
INSERT INTO awards
SELECT firm, NULL, CASE WHEN holds THEN 2 WHEN NOT holds THEN 0 ELSE 1 END, 0,
  CASE WHEN NOT holds THEN 0 WHEN NOT high_tech THEN {RD_AWARD} ELSE {2 * RD_AWARD} END,
  CASE WHEN fiscal_year >= {RD_SINCE} THEN fiscal_year END, 1
FROM (SELECT *, coalesce(org, 0) = 0 AND coalesce(district, 'local') <> 'outside' AND above_scale
    AND (CASE WHEN revenue > 0 THEN rd_expense * {RD_SHARE[1]} >= revenue * {RD_SHARE[0]} END
         OR rd_expense >= {RD_FROM})
    AND CASE WHEN fiscal_year BETWEEN {RD_SINCE} AND {data.ON.year} THEN true
             WHEN fiscal_year < {RD_UNSETTLED} THEN false END AS holds
  FROM firms)
"""

TOTALS = """
CREATE OR REPLACE TEMP TABLE totals AS
SELECT firm, sum(low)::BIGINT AS assured,
  coalesce(sum(high) FILTER (verdict = 2), 0)::BIGINT AS ceiling,
  coalesce(sum(high) FILTER (verdict = 1), 0)::BIGINT AS pending,
  count(*) FILTER (verdict = 2 AND high IS NULL) AS open_ended,
  count(*) FILTER (verdict = 1 AND high IS NULL) AS pending_open
FROM awards GROUP BY firm
"""


def _mask(options: list[str], chosen: tuple[str, ...]) -> int:
    return sum(1 << options.index(each) for each in chosen)


def load(home: Path) -> Any:
    """A connection with the tables in memory and the rules beside them."""
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    kinds = ", ".join(f"'{kind}'" for kind in data.KINDS)
    connection.execute(f"CREATE TYPE kind AS ENUM ({kinds})")
    for name, options in (("organization", data.ORGANIZATIONS), ("level", data.LEVELS), ("field", data.FIELDS)):
        keys = ", ".join(f"'{each}'" for each in options)
        connection.execute(f"CREATE TYPE {name}_key AS ENUM ({keys})")
    connection.execute(
        "CREATE TABLE firms AS SELECT firm, district::VARCHAR AS district,"
        " enum_code(organization::VARCHAR::organization_key)::INTEGER AS org,"
        f" above_scale, high_tech, tech_sme, fiscal_year, revenue, rd_expense FROM '{home}/firms.parquet'"
    )
    connection.execute(
        'CREATE TABLE events AS SELECT firm, kind::VARCHAR::kind AS kind, date, "date@until" AS last, amount,'
        " fiscal_support, enum_code(level::VARCHAR::level_key)::INTEGER AS level_code,"
        f" enum_code(field::VARCHAR::field_key)::INTEGER AS field_code FROM '{home}/events.parquet'"
    )
    connection.execute(
        "CREATE TABLE rules (kind kind, form VARCHAR, sum BIGINT, years SMALLINT, new BOOLEAN, who INTEGER,"
        " field INTEGER, level INTEGER, percent BIGINT, cap BIGINT, rule VARCHAR)"
    )
    rows = [
        (
            award.kind, award.amount, award.wan * FEN, award.years, award.new, _mask(data.ORGANIZATIONS, award.who),
            _mask(data.FIELDS, award.field),
            _mask(data.LEVELS, tuple(data.LEVELS) if award.rule == "level given" else award.level),
            award.percent, award.wan * FEN if award.capped else None, award.rule,
        )
        for award in AWARDS
    ]  # fmt: skip
    connection.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return connection


def run(connection: Any) -> Any:
    """Three statements: the awards of events, of accounts, the totals."""
    for statement in (AWARDS_OF_EVENTS, AWARDS_OF_ACCOUNTS, TOTALS):
        connection.execute(statement)
    return connection


def totals(connection: Any) -> pl.DataFrame:
    """A row a firm."""
    found = connection.execute("SELECT * FROM totals ORDER BY firm").fetchnumpy()
    return pl.DataFrame({key: pl.Series(values) for key, values in found.items()})
