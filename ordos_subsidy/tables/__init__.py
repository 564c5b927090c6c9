"""Any file to firms: what a user fills in, checked and turned into two tables, in columns.

| room | |
|---|---|
| reading | any number of files, or a parsed TOML file, to `Firms` |
| sources | workbooks, CSV and Parquet as sheets in columns |
| layout, headings | where in a book firms and events stand, as a form or as a list, and what a heading means |
| forms, rows, toml | a form, a list, a TOML file as a table of untyped columns (`columns`) |
| typing | columns to their types: quick ways, and `cells` for every other distinct value |
| gathered, join | all rows of firms and of events, brought together |
| firms | `Firms`, what comes out |

`calc`, `batch`, `check` and the Python interface read through `read`; a form is a table of one row.
"""

from ordos_subsidy.tables.reading import read, read_mapping, read_sheets
from ordos_subsidy.tables.sources import of_frame

__all__ = ["of_frame", "read", "read_mapping", "read_sheets"]
