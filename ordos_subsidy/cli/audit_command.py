"""The command `audit`: a policy file against the official text."""

from __future__ import annotations

import sys
from pathlib import Path

from ordos_subsidy.audit import Audit, audit
from ordos_subsidy.cli import Exit
from ordos_subsidy.cli.streams import colourful, deliver, width
from ordos_subsidy.files.guard import shown
from ordos_subsidy.messages import Lang, phrase
from ordos_subsidy.pages import input_page
from ordos_subsidy.render import json, terminal


def audit_file(policy: Path, text: Path, format_: str, lang: Lang) -> int:
    """Print the findings, and one line that sums up; the exit code."""
    done = audit(policy, text)
    if format_ == "json":
        listed = [each.as_dict(lang) for each in done.findings]
        deliver(f"{json.dumps(listed)}\n".encode(), None, (), lang)
    else:
        found = [input_page.Finding(each.place(lang), each.around, each.problem()) for each in done.findings]
        painted = terminal.paint(input_page.findings(found, lang), width=width(), colour=colourful(sys.stdout))
        deliver(f"{painted}{_summary(done, policy, lang)}\n", None, (), lang)
    return Exit.DOES_NOT_HOLD if done.findings else Exit.ANSWERED


def _summary(done: Audit, policy: Path, lang: Lang) -> str:
    counted = phrase("audit.counted", lang, **done.counts)
    key = "audit.fails" if done.findings else "audit.holds"
    return phrase(key, lang, file=shown(policy), count=len(done.findings), counted=counted, **done.counts)
