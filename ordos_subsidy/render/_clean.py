r"""What painters do first: texts made harmless to show, and blocks for media that neither draw nor fold.

A cleaned text has no control codes, no escape sequences and no reversed reading order.

Names keep what belongs to them: emoji and their joiners, Mongolian script with its variation selectors, rare
ideographs, combining marks. Line breaks and tabs become one blank, so that a cell stays a cell.

>>> plain("a\x1b[31mred\x1b[0m\tb\r\n c\u202e")
'ared b c'
>>> plain("ᠮᠣᠩᠭᠣᠯ 𠮷 👩‍🔬") == "ᠮᠣᠩᠭᠣᠯ 𠮷 👩‍🔬"
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ordos_subsidy.pages.blocks import Block, Cell, Chart, ColumnHead, Fold, NewSheet, PageHeading, Table

# Whole terminal sequences: CSI with its parameters, OSC and its kin up to their terminator, two-byte escapes.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
_BLANKS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
# Bidirectional controls, byte-order marks, zero-width blanks, interlinear and tag characters.
_INVISIBLE = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Lone surrogates and noncharacters cannot be written as UTF-8 or XML.
_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
#: No-break blanks are part of Mongolian words and of sums; they are not line breaks.
_KEPT_BLANKS = {"\u00a0", "\u202f", "\u3000"}


def plain(text: str) -> str:
    """One line of text that a terminal, a page or a cell shows as it is."""
    if text.isprintable() and "  " not in text:  # nearly every text: no control, format or separator code
        return text.strip()
    text = _SEQUENCES.sub("", text)
    text = _BLANKS.sub(lambda found: found[0] if found[0] in _KEPT_BLANKS else " ", text)
    return _UNWRITABLE.sub("\ufffd", _CONTROLS.sub("", _INVISIBLE.sub("", text))).strip()


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula."""
    return text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks without charts, folds and new sheets."""
    for block in blocks:
        match block:
            case Chart(title, names, bars):
                heads = (ColumnHead(title), ColumnHead(" – ".join(names), number=True))
                rows = tuple((Cell(bar.label), Cell(bar.text)) for bar in bars)
                yield Table(heads, rows, flexible=0)
            case Fold(title, aside, _, inner):
                yield PageHeading(title, 4, aside)
                yield from flat(inner)
            case NewSheet():
                pass
            case _:
                yield block
