"""Sums in words: fen in, 万元 or yuan out, exact to the fen and never rounded.

>>> wan(5_000_000_00)
'500'
>>> wan(1_574_50_00_00), wan(1), wan(-150_00)
('1574.5', '0.000001', '-0.015')
>>> in_words(30_0000_00, "zh"), in_words(30_0000_00, "en"), in_words(1, "en")
('30万元', '300,000 yuan', '0.01 yuan')
"""

from __future__ import annotations

from decimal import Decimal

from ordos_subsidy.messages import Lang

FEN_A_YUAN = 100
FEN_A_WAN = 10_000 * FEN_A_YUAN


def plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def wan(fen: int) -> str:
    """A sum in 万元, the number only."""
    return plain(Decimal(fen) / FEN_A_WAN)


def in_words(fen: int, lang: Lang) -> str:
    """A sum with its unit: 万元 in Chinese, yuan in English."""
    if lang == "zh":
        return f"{wan(fen)}万元"
    whole, rest = divmod(abs(fen), FEN_A_YUAN)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}{f'.{rest:02d}' if rest else ''} yuan"


def sum_in_words(fen: int, lang: Lang) -> str:
    """A sum to be read back, in the unit in which it is short: 亿元 from a hundred million on.

    >>> sum_in_words(3000 * 10**10, "zh"), sum_in_words(5_000_000_00, "zh"), sum_in_words(3000 * 10**10, "en")
    ('3000亿元', '500万元', '300,000,000,000 yuan')
    """
    large = FEN_A_WAN * 10_000
    return f"{plain(Decimal(fen) / large)}亿元" if lang == "zh" and abs(fen) >= large else in_words(fen, lang)


def rate(share: tuple[int, int]) -> str:
    """An exact share (p, q) as a percentage.

    >>> rate((3, 8))
    '37.5%'
    """
    return f"{plain(Decimal(share[0]) * 100 / share[1])}%"


def percent(part: int, whole: int) -> str:
    """A share as a percentage, cut (not rounded) to four decimals so that it never reaches a threshold early.

    >>> percent(1599285, 42720000), percent(3, 100)
    ('3.7436%', '3%')
    """
    parts = part * 1_000_000 // whole if part >= 0 else -(-part * 1_000_000 // whole)
    return f"{plain(Decimal(parts) / 10_000)}%"


def yuan(fen: int) -> Decimal | int:
    """A sum in yuan, exactly: whole yuan as an integer."""
    return Decimal(fen).scaleb(-2) if fen % FEN_A_YUAN else fen // FEN_A_YUAN
