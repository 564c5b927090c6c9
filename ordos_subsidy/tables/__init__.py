"""Any file to firms: what a user fills in, checked and turned into two tables, in columns.

| room | |
|---|---|
| reading | any number of files, or a parsed TOML file, to `Firms` |
| sources | workbooks, CSV and Parquet as sheets in columns |
| layout, headings | where in a book firms and events stand, as a form or as a list, and what a heading means |
| forms, rows, toml | a form, a list, a TOML file as a table of untyped columns (`columns`) |
| row_verdicts, odd_rows, form_columns | which rows of a list are data, which columns of a form are values |
| years, recognitions, options | columns of several years, columns of recognitions, what the user says beside the file |
| gaps | what a whole input leaves out |
| typing | columns to their types: quick ways, and `cells` for every other distinct value |
| gathered, join | all rows of firms and of events, brought together |
| firms | `Firms`, what comes out |

`calc`, `batch`, `check` and the Python interface read through `read_firms`; a form is a table of one row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ordos_subsidy.files.guard import MANY_FIRMS, Allowance
from ordos_subsidy.tables.reading import read, read_mapping, read_sheets

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from ordos_subsidy.policy import Policies
    from ordos_subsidy.tables.firms import Firms
    from ordos_subsidy.tables.options import Options

__all__ = ["read", "read_firms", "read_mapping", "read_sheets"]


def read_firms(
    files: Sequence[str | os.PathLike[str]],
    events: Sequence[str | os.PathLike[str]],
    policies: Policies,
    *,
    places: bool = True,
    allowance: Allowance = MANY_FIRMS,
    options: Options | None = None,
) -> Firms:
    """The firms of some files as `read` gives them, with what a policy asks for and all of them leave out."""
    from ordos_subsidy.tables.gaps import gaps, headings_not_met

    firms = read(files, events, policies.vocabulary, places=places, allowance=allowance, options=options)
    not_met = headings_not_met(firms, options.typed if options else ())
    return replace(firms, problems=(*firms.problems, *gaps(firms, policies), *not_met))
