"""The charts of a report, drawn as SVG from numbers and escaped text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

INK, GREY, RULE = "#16202B", "#4A5867", "#C9D1D9"
BAR, DOT, HALF_WIDTH = "#BFD3E6", "#0B5CAD", "#93A5BC"

CHART_WIDTH, LABEL_WIDTH, TEXT_WIDTH, ROW_HEIGHT, AXIS_HEIGHT = 760.0, 140.0, 150.0, 25.0, 20.0
PLOT_WIDTH = CHART_WIDTH - LABEL_WIDTH - TEXT_WIDTH
LABEL_LENGTH = 24
"""Signs that fit beside a bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart. `value` is None where nothing was measured; `text` then says why."""

    label: str
    value: float | None
    low: float
    high: float
    text: str


def drawn(svg: str) -> SafeString:
    """Let a drawing through the template's escaping: it holds our numbers and escaped text only."""
    return mark_safe(svg)  # noqa: S308  # every text in it went through html.escape


def interval_chart(title: str, bars: Sequence[Bar], unit: str) -> SafeString:
    """Bars with their 95 % whiskers and a dot at the median; an open ring where there is none."""
    top = _ceiling(max((bar.high for bar in bars), default=0.0))
    return _chart(title, bars, top, unit, whiskers=True)


def width_chart(title: str, bars: Sequence[Bar]) -> SafeString:
    """Plain bars of a percentage."""
    top = _ceiling(max((bar.high for bar in bars), default=0.0))
    return _chart(title, bars, top, "%", whiskers=False)


def _chart(title: str, bars: Sequence[Bar], top: float, unit: str, *, whiskers: bool) -> SafeString:
    height = ROW_HEIGHT * len(bars) + AXIS_HEIGHT
    rows = "".join(_row(bar, place, top, whiskers=whiskers) for place, bar in enumerate(bars))
    return drawn(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CHART_WIDTH:.0f} {height:.0f}">'
        f"<title>{escape(title)}</title>{_axis(top, height, unit)}{rows}</svg>"
    )


def _row(bar: Bar, place: int, top: float, *, whiskers: bool) -> str:
    middle = (place + 0.5) * ROW_HEIGHT
    label = _text(_short(bar.label), LABEL_WIDTH - 10, middle + 4, anchor="end", colour=INK)
    value = _text(bar.text, CHART_WIDTH - TEXT_WIDTH + 14, middle + 4, colour=INK)
    if bar.value is None:
        ring = f'<circle cx="{LABEL_WIDTH}" cy="{middle}" r="4" fill="none" stroke="{GREY}"/>'
        return label + value + ring
    ground = (
        f'<rect x="{LABEL_WIDTH}" y="{middle - 5}" width="{_x(bar.value, top) - LABEL_WIDTH:.1f}"'
        f' height="10" fill="{BAR if whiskers else HALF_WIDTH}"/>'
    )
    return label + value + ground + (_whisker(bar, bar.value, middle, top) if whiskers else "")


def _whisker(bar: Bar, value: float, middle: float, top: float) -> str:
    low, high = _x(bar.low, top), _x(bar.high, top)
    path = (
        f"M{low:.1f} {middle} H{high:.1f} M{low:.1f} {middle - 6} v12 M{high:.1f} {middle - 6} v12"
    )
    return (
        f'<path d="{path}" stroke="{INK}" stroke-width="1.8" fill="none"/>'
        f'<circle cx="{_x(value, top):.1f}" cy="{middle}" r="4" fill="{DOT}" stroke="#FFFFFF"/>'
    )


def _axis(top: float, height: float, unit: str) -> str:
    ticks = [top * part / 4 for part in range(5)]
    lines = "".join(
        f'<path d="M{_x(tick, top):.1f} 0 V{height - AXIS_HEIGHT:.0f}" stroke="{RULE}"/>'
        f"{_text(f'{tick:,g}', _x(tick, top), height - 4, anchor='middle', colour=GREY)}"
        for tick in ticks
    )
    return lines + _text(unit, CHART_WIDTH - TEXT_WIDTH + 14, height - 4, colour=GREY)


def _text(text: str, x: float, y: float, *, colour: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Source Sans 3" font-size="13"'
        f' text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
    )


def _short(label: str) -> str:
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1]}…"


def _x(value: float, top: float) -> float:
    return LABEL_WIDTH + PLOT_WIDTH * value / top


def _ceiling(highest: float) -> float:
    """The next round number whose quarters are round as well."""
    if highest <= 0:
        return 1.0
    decade = 10 ** math.floor(math.log10(highest))
    return float(next(step * decade for step in (1, 2, 4, 6, 8, 10) if step * decade >= highest))
