"""Draws how the assessment grows: processor time against the number of facts, both on logarithmic scales."""

from collections.abc import Iterator, Sequence
from math import ceil, floor, log10

from assess import Growth

WIDE, HIGH = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 84, 44, 56, 60
SERIES = (
    ("1, 10, 100, 200 outlets, one month", "#2f6fde", lambda g: g.months == 1 and g.outlets != 2),
    ("1, 10, 100, 200 outlets, 12 months", "#d9822b", lambda g: g.months == 12 and g.outlets != 2),
    ("2 outlets, 1, 12, 60 months", "#2f9e63", lambda g: g.outlets == 2),
    ("10 outlets, 60 months", "#8a4fd0", lambda g: (g.outlets, g.months) == (10, 60)),
)


def drawn(sizes: Sequence[Growth]) -> str:
    """The plot as SVG; the dashed line is exactly proportional, through the median time of a fact."""
    first, last = _decades([g.facts for g in sizes])
    low, high = _decades([g.seconds * 1e3 for g in sizes])

    def x(facts: float) -> float:
        return LEFT + (log10(facts) - first) / (last - first) * (WIDE - LEFT - RIGHT)

    def y(milliseconds: float) -> float:
        return HIGH - BOTTOM - (log10(milliseconds) - low) / (high - low) * (HIGH - TOP - BOTTOM)

    def lines() -> Iterator[str]:
        yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}" role="img">'
        yield "<title>Processor time of one assessment against the number of facts: proportional</title>"
        yield "<style>text{font:13px system-ui,sans-serif;fill:#333}.t{font-size:15px;font-weight:600}"
        yield ".e{text-anchor:end}.m{text-anchor:middle}</style>"
        yield f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>'
        yield f'<text class="t" x="{LEFT}" y="26">assess: time grows in proportion to the facts</text>'
        for power in range(first, last + 1):
            at = x(10**power)
            yield f'<path d="M{at:.1f} {TOP}V{HIGH - BOTTOM}" stroke="#e4e4e4"/>'
            yield f'<text class="m" x="{at:.1f}" y="{HIGH - BOTTOM + 20}">{10**power:,}</text>'
        for power in range(low, high + 1):
            at = y(10**power)
            yield f'<path d="M{LEFT} {at:.1f}H{WIDE - RIGHT}" stroke="#e4e4e4"/>'
            label = f"{10**power:,} ms" if power < 3 else f"{10 ** (power - 3):,} s"
            yield f'<text class="e" x="{LEFT - 8}" y="{at + 4:.1f}">{label}</text>'
        yield f'<text class="m" x="{(LEFT + WIDE - RIGHT) / 2}" y="{HIGH - 14}">facts in the dossier</text>'
        each = sorted(g.each for g in sizes)[len(sizes) // 2] * 1e3
        ends = [max(10**first, 10**low / each), min(10**last, 10**high / each)]
        way = " ".join(f"{x(n):.1f},{y(n * each):.1f}" for n in ends)
        yield f'<polyline points="{way}" fill="none" stroke="#999" stroke-dasharray="5 5"/>'
        for number, (name, colour, belongs) in enumerate(SERIES):
            points = [(x(g.facts), y(g.seconds * 1e3)) for g in sizes if belongs(g)]
            way = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
            yield f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>'
            yield from (f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4.5" fill="{colour}"/>' for a, b in points)
            yield f'<circle cx="{LEFT + 20}" cy="{TOP + 20 + 22 * number}" r="4.5" fill="{colour}"/>'
            yield f'<text x="{LEFT + 34}" y="{TOP + 24 + 22 * number}">{name}</text>'
        yield f'<path d="M{LEFT + 12} {TOP + 108}h16" stroke="#999" stroke-dasharray="5 5"/>'
        yield f'<text x="{LEFT + 34}" y="{TOP + 112}">exactly proportional</text>'
        yield "</svg>"

    return "\n".join(lines()) + "\n"


def _decades(values: Sequence[float]) -> tuple[int, int]:
    return floor(log10(min(values))), ceil(log10(max(values)))
