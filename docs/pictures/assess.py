"""Draws ``assess.svg``: what ``qsafety assess`` prints for the sample shop, in the colours of a terminal, shortened.

Run it in a folder with ``ebike-shop.xlsx``; it writes next to itself. Each glyph gets its own place, so that Chinese and
Latin letters keep their columns in whatever font the reader has.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

COMMAND = ["assess", "ebike-shop.xlsx", "--on", "2024-02-05", "--since", "2023-12-25"]
SHOWN = {
    "zh": ("本报告依据", "质量安全主体责任报告", "二、", "四、", "A10.6", "十一、"),
    "en": ("This report is based", "Report on the primary", "2. ", "4. ", "A10.6", "11. "),
}
COLOURS = {"1": "#ffffff", "2": "#8b98a5", "31": "#ff6b6b", "32": "#4cc38a", "33": "#f5c451", "36": "#5cc8e0"}
WIDE, HIGH, EDGE = 8, 20, 24

Cell = tuple[str, str, bool]
"""A character, its colour, and whether it is bold."""


def printed(lang: str) -> list[str]:
    """The lines of the report, coloured as on a terminal."""
    environment = os.environ | {"FORCE_COLOR": "1", "PYTHONUTF8": "1"}
    environment.pop("NO_COLOR", None)
    run = subprocess.run(
        [sys.executable, "-m", "qsafety", *COMMAND, "--lang", lang],
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    if run.returncode not in (0, 1):
        raise SystemExit(f"qsafety {' '.join(COMMAND)} exits with {run.returncode}")
    return run.stdout.splitlines()


def cells(line: str) -> Iterator[Cell]:
    """The characters of a line with the colour that holds for each."""
    colour, bold = "#d7dde3", False
    for code, text in re.findall(r"\x1b\[([0-9;]*)m|([^\x1b]+)", line):
        if text:
            yield from ((c, colour, bold) for c in text)
            continue
        codes = code.split(";")
        bold = "1" in codes
        colour = next((COLOURS[c] for c in reversed(codes) if c in COLOURS), "#d7dde3")


def parts(lines: list[str], wanted: tuple[str, ...]) -> Iterator[list[str]]:
    """The wanted parts of the report; a part ends at an empty line, the chart's at the second."""
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    for head in wanted:
        start = next(n for n, line in enumerate(plain) if line.strip().removeprefix("× ").startswith(head))
        blanks = [n for n in range(start, len(plain)) if not plain[n]]
        end = blanks[1] if head in ("四、", "4. ") else blanks[0]
        if head in ("十一、", "11. "):
            end = start + 7
        yield lines[start:end]


def width(text: str) -> int:
    """Columns of a character."""
    return 2 if east_asian_width(text) in "WF" else 1


def drawn(lines: list[str], title: str) -> str:
    """An SVG of the lines."""
    rows = [list(cells(line)) for line in lines]
    wide = 2 * EDGE + WIDE * max(82, *(sum(width(c) for c, _, _ in row) for row in rows))
    high = 2 * EDGE + 26 + HIGH * len(rows)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">',
        f"<title>{escape(title)}</title>",
        "<style>text{font:14px 'Sarasa Mono SC','Noto Sans Mono CJK SC','Menlo','Consolas','PingFang SC','Microsoft YaHei',"
        "monospace;white-space:pre}.b{font-weight:bold}</style>",
        f'<rect width="{wide}" height="{high}" rx="10" fill="#10151b"/>',
        *(
            f'<circle cx="{EDGE + n * 18}" cy="22" r="5.5" fill="{fill}"/>'
            for n, fill in enumerate(("#ff5f57", "#febc2e", "#28c840"))
        ),
    ]
    for number, row in enumerate(rows):
        y = EDGE + 40 + HIGH * number
        column, runs = 0, dict[tuple[str, bool], list[tuple[int, str]]]()
        for char, colour, bold in row:
            if not char.isspace():
                runs.setdefault((colour, bold), []).append((column, char))
            column += width(char)
        for (colour, bold), glyphs in runs.items():
            places = " ".join(str(EDGE + WIDE * at) for at, _ in glyphs)
            text = escape("".join(char for _, char in glyphs))
            strong = ' class="b"' if bold else ""
            out.append(f'<text{strong} x="{places}" y="{y}" fill="{colour}">{text}</text>')
    return "\n".join([*out, "</svg>", ""])


def main() -> None:
    """Both languages."""
    for lang, name, title in (
        ("zh", "assess.svg", "qsafety assess 的输出：一家电动自行车店"),
        ("en", "assess.en.svg", "The output of qsafety assess: an e-bike shop"),
    ):
        command = f"\x1b[32m$\x1b[0m qsafety {' '.join(COMMAND)}{' --lang en' if lang == 'en' else ''}"
        lines = [command]
        for part in parts(printed(lang), SHOWN[lang]):
            lines += ["", *part]
        Path(__file__).with_name(name).write_text(drawn(lines, title), encoding="utf-8")


if __name__ == "__main__":
    main()
