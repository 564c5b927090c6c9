"""The command `verify`: a report against its receipt."""

from __future__ import annotations

import sys
from pathlib import Path

from ordos_subsidy import tables, verification
from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.given import BesideFile
from ordos_subsidy.cli.streams import colourful, deliver, width
from ordos_subsidy.files.guard import ONE_FIRM, read_bytes, shown
from ordos_subsidy.messages import Lang
from ordos_subsidy.pages import report_page
from ordos_subsidy.policy import Policies
from ordos_subsidy.render import terminal


def verify_report(report: Path, inputs: list[Path], policies: Policies, given: BesideFile, lang: Lang) -> int:
    """Say whether a report is what its receipt gives, and whether the input files are those it was made from."""
    checked = verification.verify(read_bytes(report), policies, lang)
    if inputs and (checked.same or checked.difference):
        options, words = given.options(policies), policies.vocabulary
        firms = tables.read(inputs[:1], inputs[1:], words, allowance=ONE_FIRM, options=options)
        checked = verification.with_input(checked, firms, policies, lang)
    page = report_page.verified(checked, shown(report.name), lang)
    deliver(terminal.paint(page, width=width(), colour=colourful(sys.stdout)), None, (), lang)
    return Exit.ANSWERED if checked.same and not checked.of_input else Exit.DOES_NOT_HOLD
