r"""A report as CSV for a spreadsheet: one row per award and credit of every firm, all verdicts.

UTF-8 with a byte-order mark, so that Excel reads the Chinese. Sums are plain decimals in 万元, exact to the
fen. Text that a spreadsheet would run as a formula gets a ' in front; numbers never do.

>>> safe('=HYPERLINK("http://evil.example")')
'\'=HYPERLINK("http://evil.example")'
>>> safe(Decimal("1574.50")), safe(None), safe("\t-1")
('1574.5', '', "'-1")
"""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO

from ordos_subsidy import money
from ordos_subsidy.document import Report
from ordos_subsidy.render._clean import looks_like_formula, plain
from ordos_subsidy.render._rows import Value, headings, rows

BOM = "\ufeff"


def render(report: Report, *, width: int | None = None, colour: bool = False) -> str:
    """The awards and credits of all firms."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings(report.lang))
    writer.writerows([safe(value) for value in row] for row in rows(report))
    return BOM + out.getvalue()


def safe(value: Value) -> str:
    """A cell that no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = plain(value)
        return f"'{text}" if looks_like_formula(text) else text
    return money.plain(value) if isinstance(value, Decimal) else str(value)
