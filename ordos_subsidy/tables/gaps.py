"""What a whole input leaves out, and what that costs: no fiscal year anywhere, no event at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ordos_subsidy.cells import type_of
from ordos_subsidy.cells.spelling import shown
from ordos_subsidy.errors import Problem, warning
from ordos_subsidy.facts import normal
from ordos_subsidy.tables.headings import undressed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.firms import Firms


def headings_not_met(firms: Firms, typed: Sequence[str]) -> list[Problem]:
    """What to say of headings that a user gave a meaning and that no file has."""
    met = {normal(each.heading) for each in firms.uses}
    met |= {normal(undressed(each.heading).name) for each in firms.uses}
    return [warning("fields.map_not_met", given=shown(each)) for each in typed if normal(each) not in met]


def gaps(firms: Firms, policies: Policies) -> list[Problem]:
    """What to say of firms of which none has the year of its figures, or none an event."""
    if not len(firms):
        return []
    awards = list(policies.of("award"))
    found = []
    year = policies.vocabulary.role("firm", "year")
    sums = [each.key for each in policies.vocabulary.of("firm") if type_of(each).money]
    has_sums = any(firms.firms.get_column(key).null_count() < len(firms) for key in sums)
    if year and year.read and has_sums and firms.firms.get_column(year.key).null_count() == len(firms):
        names = {"fact": year.title.zh, "fact_en": year.title.en, "count": len(firms)}
        proposed = next(iter(firms.titled_years)) if len(firms.titled_years) == 1 else None
        code = "reading.no_year" if proposed is None else "reading.year_proposed"
        found.append(warning(code, year=proposed or 0, **names))
    events = sum(not each.of_accounts for each in awards)
    if firms.events.is_empty() and events and not firms.events_asked:
        found.append(warning("reading.no_event_rows", count=events, awards=len(awards)))
    return found
