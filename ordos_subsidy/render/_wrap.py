"""Lines of a given width, broken where a Chinese or English reader expects it.

Chinese text breaks between any two characters, but no line begins with a closing mark (，。）”) or ends with an
opening one (（《“), and a figure stays with its unit: 500万元 is never cut in two. Widths are cells: an
ideograph takes two, a combining mark none.

>>> wrap("每年不低于200万元×5年，共1000万元。", 16)
['每年不低于', '200万元×5年，共', '1000万元。']
>>> wrap("an award", 5), wrap("", 5)
(['an', 'award'], [''])
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

_CLOSING = "-，。、；：？！）》」』】〕”’%‰·…,.;:?!)]}×✓✗"
_OPENING = "（《「『【〔“‘([{≥≤"
_PIECE = re.compile(
    r"（[^（）\s]{1,6}）"  # a short aside
    # An item of a list, of ideographs: their range would take two milliseconds to compile.
    r"|[^\W\dA-Za-z_]{2,9}(?=、)|(?<=、)[^\W\dA-Za-z_]{2,9}(?![^\W\dA-Za-z_])"
    r"|×?[0-9]+(?:[.,:/–-]?[0-9]+)*\s?(?:万元|亿元|元|%|年|月|日|项|家)?"  # a figure and its unit
    r"|[A-Za-z\u00aa-\u02ff\u0370-\u1fff]+"  # a word of a script that has words
    r"|\s+"
    r"|.(?:[\ufe0f\U0001f3fb-\U0001f3ff]?\u200d.)*",  # a character, or several that joiners make one
    re.DOTALL,
)


def width(text: str) -> int:
    """How many cells a text takes."""
    return cell_len(text)


def _pieces(text: str) -> Iterator[str]:
    """What may not be broken: words, figures with units, characters with the marks that cling to them."""
    held = ""
    for found in _PIECE.finditer(text):
        piece = found[0]
        if held and not (piece[0] in _CLOSING or held[-1] in _OPENING or not width(piece[0])):
            yield held
            held = ""
        held += piece
    if held:
        yield held


def _cut(piece: str, room: int) -> list[str]:
    """A piece that is wider than a line, by characters."""
    lines = [""]
    for character in piece:
        if lines[-1] and width(lines[-1] + character) > room:
            lines.append("")
        lines[-1] += character
    return lines


def wrap(text: str, room: int) -> list[str]:
    """The lines of a text, none wider than `room` cells (a single character wider than that stays)."""
    if width(text) <= room:
        return [text.rstrip()]
    lines = [""]
    for piece in _pieces(text):
        if width(lines[-1] + piece.rstrip()) <= room:
            lines[-1] += piece
        elif width(piece.strip()) <= room:
            lines.append(piece.lstrip())
        else:
            start, *rest = _cut(lines.pop() + piece, max(room, 1))
            lines += [start, *rest]
    return [line.rstrip() for line in lines if line.strip()] or [""]


def cut(text: str, room: int) -> str:
    """A text that fits `room` cells, its end replaced by an ellipsis where it does not.

    >>> cut("规模以上企业研发投入奖补", 11), cut("短", 11)
    ('规模以上企…', '短')
    """
    if width(text) <= room:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > room - 1:
            break
        kept += character
    return f"{kept}…"
