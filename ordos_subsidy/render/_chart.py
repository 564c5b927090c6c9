"""A chart as SVG, the same on pages, on paper and as a file of its own.

A bar is solid up to what is assured and light from there to the ceiling; one without an upper bound runs dashed to the
edge. The texts of a bar stand above it, so that a telephone shows them as well as a sheet does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from unicodedata import east_asian_width

from ordos_subsidy.pages.blocks import Chart, ChartStep
from ordos_subsidy.render._clean import plain

WIDTH = 440
_FONT = "'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
#: Of a bar: its whole height with the text, the height of the bar itself, the size of letters.
_ROW, _BAR, _SIZE = 31, 8, 11
_TOP = 40
#: Cells of a line of text: half of the size each.
_ROOM = int(WIDTH / (_SIZE * 0.52))
_ASSURED, _CEILING, _INK, _SOFT = "#1b6e3c", "#a9cdb6", "#1c2733", "#55626f"


def svg(charts: Sequence[Chart], *, on_paper: bool = False) -> str:
    """Charts one below the other as an SVG element, which names what it shows for those who do not see it.

    `on_paper`: on a white ground, for a file of its own.
    """
    parts: list[str] = []
    top = 0
    for chart in charts:
        parts += _chart(chart, top)
        top += _TOP + _ROW * len(chart.bars) + 8
    return _whole(parts, top, "; ".join(map(alternative, charts)), on_paper=on_paper)


def _whole(parts: Iterable[str], tall: int, says: str, *, on_paper: bool) -> str:
    """The element around drawn parts."""
    seen, ground = f"0 0 {WIDTH} {tall}", ""
    if on_paper:
        seen = f"-12 -8 {WIDTH + 24} {tall + 16}"
        ground = f'<rect x="-12" y="-8" width="{WIDTH + 24}" height="{tall + 16}" fill="#fff"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{seen}" role="img" aria-label="{escape(says)}"'
    return f'{head} font-family="{_FONT}" font-size="{_SIZE}">{ground}{"".join(parts)}</svg>'


def alternative(chart: Chart) -> str:
    """What a chart shows, in words."""
    bars = ", ".join(f"{plain(bar.label)} {plain(bar.text)}" for bar in chart.bars)
    return f"{plain(chart.title)} ({' / '.join(chart.names)}): {bars}"


def _chart(chart: Chart, top: int) -> Iterator[str]:
    scale = max((max(bar.low, bar.high) for bar in chart.bars), default=0) or 1
    if any(bar.endless for bar in chart.bars):
        scale = scale * 5 // 4  # room for what has no end
    yield from _title(chart.title, chart.names, top)
    for at, bar in enumerate(chart.bars):
        y = top + _TOP + at * _ROW
        figures = plain(bar.text)
        yield _text(_cut(plain(bar.label), max(_ROOM - _cells(figures) - 2, 8)), 0, y + 10)
        yield _text(figures, WIDTH, y + 10, end=True)
        low, high = (round(fen * WIDTH / scale, 1) for fen in (bar.low, bar.high))
        if bar.endless:
            yield _box(0, y + 15, WIDTH - 0.5, _BAR, "none", "bar-open")
        if high > low:
            yield _box(0, y + 15, max(high, 1), _BAR, _CEILING, "bar-high")
        if low:
            yield _box(0, y + 15, max(low, 1), _BAR, _ASSURED, "bar-low")


def _title(title: str, names: tuple[str, str], top: int) -> Iterator[str]:
    """The title of a chart, and which colour means what."""
    yield _text(title, 0, top + 13, size=12)
    left = 0
    for name, colour, class_ in zip(names, (_ASSURED, _CEILING), ("bar-low", "bar-high"), strict=True):
        yield _box(left, top + 20, 10, _BAR, colour, class_)
        yield _text(name, left + 14, top + 28, size=9, class_="soft")
        left += 24 + int(_cells(name) * 5.2)


def steps(title: str, names: tuple[str, str], parts: Sequence[ChartStep]) -> str:
    """What a figure comes to over its values, as steps: solid what is assured, light up to the ceiling.

    Each part begins at a line, which is marked with its value.
    """
    first, last = parts[0].values[0], parts[-1].values[1]
    most = max(max(*each.assured, *each.ceiling) for each in parts) or 1
    high, base = 150, _TOP + 160

    def at(value: int, fen: int) -> str:
        return f"{(value - first) * WIDTH / ((last - first) or 1):.1f},{base - fen * high / most:.1f}"

    drawn = [*_title(title, names, 0)]
    for key, colour in (("ceiling", _CEILING), ("assured", _ASSURED)):
        line = [at(part.values[n], getattr(part, key)[n]) for part in parts for n in (0, 1)]
        shape = " ".join([at(first, 0), *line, at(last, 0)])
        drawn.append(f'<polygon points="{shape}" fill="{colour}"/>')
    drawn.append(f'<path d="M0 {base}H{WIDTH}" stroke="{_SOFT}"/>')
    for n, part in enumerate(parts):
        x = float(at(part.values[0], 0).partition(",")[0])
        low = base + 14 + n % 4 * 13
        drawn.append(f'<path d="M{x} {base - high}V{low - 9}" stroke="{_SOFT}" stroke-dasharray="2 3"/>')
        edge = x > WIDTH / 2
        drawn.append(_text(part.label, x + (-3 if edge else 3), low, size=9, end=edge, class_="soft"))
        if not n or part.text != parts[n - 1].text:
            drawn.append(_text(part.text, x + (-3 if edge else 3), base - high - 2 + n % 3 * 11, size=9, end=edge))
    drawn.append(_text(parts[-1].end, WIDTH, base + 14 + len(parts) % 4 * 13, size=9, end=True, class_="soft"))
    said = ", ".join(f"{plain(part.label)} {plain(part.text)}" for part in parts)
    return _whole(drawn, base + 60, f"{plain(title)}: {said}", on_paper=True)


def _text(text: str, x: float, y: float, *, size: int = _SIZE, end: bool = False, class_: str = "ink") -> str:
    written = {
        "x": x,
        "y": y,
        "font-size": size,
        "fill": _INK if class_ == "ink" else _SOFT,
        "class": class_,
        **({"text-anchor": "end"} if end else {}),
        **({"font-weight": 600} if size > _SIZE else {}),
    }
    attributes = " ".join(f'{key}="{value}"' for key, value in written.items())
    return f"<text {attributes}>{escape(plain(text))}</text>"


def _box(x: float, y: float, wide: float, high: float, colour: str, class_: str) -> str:
    dashed = f' stroke="{_CEILING}" stroke-dasharray="4 3"' if colour == "none" else ""
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="{colour}" class="{class_}"{dashed}/>'


def _cells(text: str) -> int:
    """How wide a text is, in halves of a Chinese character."""
    return sum(1 + (east_asian_width(each) in "WF") for each in text)


def _cut(text: str, room: int) -> str:
    """A text that fits, with an ellipsis where it was cut."""
    while _cells(text) > room:
        text = text.rstrip("…")[:-1] + "…"
    return text
