"""The Python interface: firms of a file, a data frame or a dictionary, evaluated; an outcome that can also report.

Reports, pages and tables are imported when asked for.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

import polars as pl

from ordos_subsidy import evaluation, money, tables
from ordos_subsidy.errors import Omitted, Problem, Refused, hint, problem
from ordos_subsidy.messages import Lang, usual
from ordos_subsidy.policy import Policies, load_policies
from ordos_subsidy.tables.firms import Firms
from ordos_subsidy.tables.sources import of_frame

TableName: TypeAlias = Literal["firms", "awards"]
#: What firms can be read from: a path, a data frame of Polars or pandas, a dictionary.
Data: TypeAlias = str | os.PathLike[str] | dict[str, Any] | Any
_SUMS = ("assured", "ceiling", "pending")


class ReportingOutcome(evaluation.Outcome):
    """An `Outcome` that also gives the report of one firm."""

    def __repr__(self) -> str:
        """How many firms and awards there are, and what they come to, in one line."""
        verdicts = self.awards.get_column("verdict").value_counts().rows()
        counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts, reverse=True))
        sums = self.totals.select(_SUMS).sum().row(0)
        told = ", ".join(f"{name} {money.in_words(fen or 0, 'en')}" for name, fen in zip(_SUMS, sums, strict=True))
        firms = f"{len(self.firms)} firm{'' if len(self.firms) == 1 else 's'}"
        left = f", {len(self.omitted)} left out" if self.omitted else ""
        return f"<Outcome of {firms}{left} on {self.on}: awards {counts or 'none'}; {told}>"

    @property
    def omitted(self) -> tuple[Omitted, ...]:
        """The firms that are left out because a value of theirs could not be read, each with the reason."""
        return self.firms.omitted

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What there is to say of the input, each with its place; `str` of one is its sentence."""
        return self.firms.problems

    def _repr_html_(self) -> str:
        """The first screen of the answer as a page of its own, for notebooks."""
        from ordos_subsidy.pages import first_screen
        from ordos_subsidy.render import html
        from ordos_subsidy.report import answer

        page = first_screen.page(answer.calc(self, lang=usual()), "…")
        return f'<iframe srcdoc="{escape(html.paint(page))}" style="width:64em;height:36em;border:0"></iframe>'

    def table(self, name: TableName = "awards", *, lang: Lang | None = None) -> pl.DataFrame:
        """A table with words beside keys: firm, reference, title, sums in yuan (Decimal), reasons, departments.

        `awards`: one row an award or credit, as in a workbook of `calc`; `firms`: one row a firm with its totals.
        """
        from ordos_subsidy.views import result

        if name not in get_args(TableName):
            raise Refused([problem("logic.unknown-table", name=name, hint=hint(name, get_args(TableName)))])
        (view,) = result.of_outcome(self, lang or usual(), None).table(name)
        money_ = [field.key for field in view.fields if field.holds == "money"]
        return view.frame.with_columns(_yuan(view.frame.get_column(key)) for key in money_)

    def report(self, name: str, *, lang: Lang = "zh") -> dict[str, Any]:
        """Return the JSON document (schema 2) of the firm with that name or code.

        Raises `Refused` where there is none, and where several bear the name.

        Sums are yuan: int, or Decimal where there are fen.
        """
        from ordos_subsidy.render import json as renderer
        from ordos_subsidy.report import answer

        facts = [fact for role in ("name", "id") if (fact := self.policies.vocabulary.role("firm", role))]
        columns = [self.firms.firms.get_column(fact.key).to_list() for fact in facts]
        found = {row for column in columns for row, value in enumerate(column) if value == name}
        if not found:
            near = hint(name, [each for each in columns[0] if each] if columns else [])
            raise Refused([problem("logic.unknown-firm", name=name, hint=near)])
        if len(found) > 1:
            raise Refused([problem("logic.several-firms", name=name, count=len(found))])
        # A firm comes out the same alone and in company, and is sooner judged again than the company is worded.
        alone = evaluate(self.policies, self.firms.alone(found.pop()), self.on)
        document: dict[str, Any] = json.loads(renderer.render(answer.calc(alone, lang=lang)), parse_float=Decimal)
        return document


def _yuan(fen: pl.Series) -> pl.Series:
    """Sums of fen in yuan, exact."""
    values = [None if each is None else Decimal(each).scaleb(-2) for each in fen.to_list()]
    return pl.Series(fen.name, values, pl.Decimal(38, 2))


def read(data: Data, policies: Policies | None = None, *, events: Data | None = None) -> Firms:
    """Read firms from a file, a data frame (Polars, pandas) or a dictionary in the shape of a TOML file.

    `events`: a second file or frame with their events. Numbers of money are read as in a file of that kind: 万元 in a
    file or frame whose heading names no unit, yuan in TOML and dictionaries.
    Raises `Refused` where not one firm can be used; `Firms.problems` holds everything else there is to say.
    """
    policies = policies or load_policies()
    words = policies.vocabulary
    if isinstance(data, Mapping):
        firms = tables.read_mapping(data, words, "dict")
    elif isinstance(data, str | os.PathLike):
        firms = tables.read_firms([Path(data)], [Path(cast("str", events))] if events is not None else [], policies)
    else:
        sheets = [of_frame(_frame(each)) for each in (data, events) if each is not None]
        firms = tables.read_sheets("DataFrame", sheets, words, named=False)
    if not len(firms):
        raise Refused([*firms.problems, problem("cli.nobody", str(data) if isinstance(data, str) else "")])
    return firms


def _frame(data: Any) -> pl.DataFrame:
    """A data frame of Polars; of pandas' its columns are taken over, without pyarrow."""
    if isinstance(data, pl.DataFrame):
        return data
    return pl.DataFrame({str(name): _values(data[name]) for name in data.columns}, strict=False)


def _values(column: Any) -> list[Any]:
    """The values of a column of pandas, its kinds of missing values as None."""
    return [None if missing else value for value, missing in zip(column.tolist(), column.isna(), strict=True)]


def evaluate(policies: Policies, firms: Firms, on: dt.date | None = None) -> ReportingOutcome:
    """Decide every measure for every firm, as of a day (default: today)."""
    outcome = evaluation.evaluate(policies, firms, on)
    return ReportingOutcome(**{field.name: getattr(outcome, field.name) for field in fields(outcome)})


def calc(
    data: Data, policies: Policies | None = None, *, events: Data | None = None, on: dt.date | None = None
) -> ReportingOutcome:
    """Read firms and decide every measure for them: `read` and `evaluate` in one step."""
    loaded = policies or load_policies()
    return evaluate(loaded, read(data, loaded, events=events), on)
