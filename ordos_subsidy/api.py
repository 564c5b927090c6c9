"""An outcome that can also report: what `ordos_subsidy.evaluate` returns."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

from ordos_subsidy import evaluation
from ordos_subsidy.errors import Refused, did_you_mean, problem
from ordos_subsidy.policy import Policies
from ordos_subsidy.tables.firms import Firms
from ordos_subsidy.words import Lang


class ReportingOutcome(evaluation.Outcome):
    """Tables of every award, credit, preference and total; and the document of one firm."""

    def report(self, name: str, *, lang: Lang = "zh") -> dict[str, Any]:
        """The JSON document (schema 2) of the firm of that name or code.

        Raises `Refused` where there is none, and where several bear the name.

        Sums are yuan: int, or Decimal where there are fen.
        """
        from ordos_subsidy.render import json as renderer
        from ordos_subsidy.report.answer import calc

        facts = [fact for role in ("name", "id") if (fact := self.policies.vocabulary.role("firm", role))]
        columns = [self.firms.firms.get_column(fact.key).to_list() for fact in facts]
        found = {row for column in columns for row, value in enumerate(column) if value == name}
        if not found:
            near = did_you_mean(name, [each for each in columns[0] if each] if columns else [])
            raise Refused([problem("logic.unknown-firm", name=name, hint=f"{near}? " if near else "")])
        if len(found) > 1:
            raise Refused([problem("logic.several-firms", name=name, count=len(found))])
        # A firm comes out the same alone and in company, and is sooner judged again than the company is worded.
        alone = evaluate(self.policies, self.firms.alone(found.pop()), self.on)
        document: dict[str, Any] = json.loads(renderer.render(calc(alone, lang=lang)), parse_float=Decimal)
        return document


def evaluate(policies: Policies, firms: Firms, on: dt.date | None = None) -> ReportingOutcome:
    """Decide every measure for every firm, as of a day (default: today)."""
    outcome = evaluation.evaluate(policies, firms, on)
    return ReportingOutcome(**{field.name: getattr(outcome, field.name) for field in fields(outcome)})
