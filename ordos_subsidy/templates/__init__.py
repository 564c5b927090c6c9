"""Blank books and files to fill in, made from the vocabulary and the rules of a policy.

`workbook` gives the bytes of an .xlsx: a form for one firm or, with `table`, a table for many; a table of events;
an invented example; a guide. `toml` gives the same as text. Drop-downs, units, formats, helps and clause numbers
all come from the policy, so that another policy makes another template. What is written here and filled in by a
user is what `firms.reading` reads back; a blank stays unknown. The same policy gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ordos_subsidy.templates.content import Content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ordos_subsidy.messages import Lang
    from ordos_subsidy.policy import Policies
    from ordos_subsidy.templates.content import ExampleRow


def workbook(policies: Policies, *, lang: Lang = "zh", table: bool = False) -> bytes:
    """Return the bytes of a blank .xlsx for one firm, or with `table` for many."""
    from ordos_subsidy.templates.book import book

    return book(Content(policies, lang), table=table)


def toml(policies: Policies, *, lang: Lang = "zh", table: bool = False) -> str:
    """Return a blank TOML file for one firm, or with `table` for several."""
    from ordos_subsidy.templates.toml_page import text

    return text(Content(policies, lang), table=table)


def answered(
    policies: Policies, firm: ExampleRow, events: Sequence[ExampleRow], *, ending: str, lang: Lang = "zh"
) -> bytes:
    """Return the bytes of a file of one firm, ".xlsx" in the form of a template or ".toml": typed values, by fact."""
    content = Content(policies, lang)
    if ending == ".xlsx":
        from ordos_subsidy.templates.book import book

        return book(content, table=False, firm=firm, events=events)
    from ordos_subsidy.templates.toml_page import filled

    return "".join(f"{line}\n" for line in filled(content, firm, events)).encode()
