r"""Text in one spelling: width variants folded (NFKC), white space removed, quotation marks and dashes alike.

>>> fold("最高 １０００ 万元，“一次性”\n补贴")
'最高1000万元,"一次性"补贴'
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_QUOTES = dict.fromkeys("“”„‟〝〞＂「」『』‘’", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−－", "-")
_INVISIBLE = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", "")
_ALIKE = _QUOTES | _DASHES | _INVISIBLE
AROUND = 14


@lru_cache(maxsize=8192)
def _fold_sign(sign: str) -> str:
    folded = _ALIKE.get(sign)
    if folded is not None:
        return folded
    return "".join(_ALIKE.get(each, each) for each in unicodedata.normalize("NFKC", sign) if not each.isspace())


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The text in one spelling."""
    return "".join(map(_fold_sign, text))


@dataclass(frozen=True)
class Plain:
    """A folded text that remembers the original sign of each of its signs, for quoting."""

    folded: str
    original: tuple[str, ...]

    @staticmethod
    def of(text: str) -> Plain:
        """Fold a text."""
        pairs = [(each, sign if not place else "") for sign in text for place, each in enumerate(_fold_sign(sign))]
        return Plain("".join(each for each, _ in pairs), tuple(sign for _, sign in pairs))

    def quote(self, start: int, end: int, around: int = AROUND) -> str:
        """The original words from `start` to `end` with some signs around them."""
        first, last = max(start - around, 0), min(end + around, len(self.folded))
        words = "".join(self.original[first:last])
        return f"{'…' if first else ''}{words}{'…' if last < len(self.folded) else ''}"
