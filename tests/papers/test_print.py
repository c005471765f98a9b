"""In print: the fonts that are wanted and no other, the pages that are expected, every value on them. One call of LibreOffice."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from qsafety.dossier import Dossier
from qsafety.papers import context, render
from qsafety.papers.pdf import pdfs
from qsafety.papers.specs import ALL

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
{aliases}
</fontconfig>
"""
STAND_INS: Mapping[str, str] = {
    "仿宋_GB2312": "Noto Serif CJK SC",
    "宋体": "Noto Serif CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC",
    "黑体": "WenQuanYi Zen Hei",
    "Times New Roman": "Noto Serif CJK SC",
}
"""The fonts that the templates name are Windows'; what a test has instead is told to fontconfig for this test only."""
ASKED: dict[str, dict[str, Any]] = {
    "daily_record": {"period": "2024-01-10", "outlet": "M1"},
    "weekly_report": {"period": "2024-W02"},
    "monthly_minutes": {"period": "2024-01"},
    "appointment_letter": {"record": "appointment:P2:director:2023-08-01"},
    "exam_record": {"record": "exam:P2:director:2023-07-28"},
    "safe_harbour_sheet": {"record": "Y4"},
    "archive_index": {"period": "2024-01"},
}
PAGES = {
    "director_duties": (2, 3),
    "officer_code": (2, 3),
    "risk_control_list": (2, 3),
    "daily_record": (1, 1),
    "monthly_minutes": (2, 3),
    "archive_index": (4, 6),
}
"""At the fewest and at the most: the stand-ins are taller than the fonts that are wanted."""
UNSEEN = {"blank", "late", "draft", "first", "removal", "receiver_wanted"}


def texts(value: Any) -> Iterator[str]:
    """Every text of a context, without its spaces, line by line."""
    if isinstance(value, dict):
        for name, inside in value.items():
            if name not in UNSEEN:
                yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)
    elif isinstance(value, str):
        yield from filter(None, ("".join(line.split()) for line in value.split("\n")))


@pytest.mark.needs("soffice", "pdftotext")
def test_fonts_pages_and_words_are_as_they_should_be(
    ebike: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aliases = "".join(
        f'<match><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="same"><string>{other}</string></edit></match>'
        for name, other in STAND_INS.items()
    )
    conf = tmp_path / "fonts.conf"
    conf.write_text(FONTS.format(cache=tmp_path / "cache", aliases=aliases), encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(conf))
    shop = attrs.evolve(ebike, seller=attrs.evolve(ebike.seller, name="杭州拟行 A & B 有限公司"))
    asked = {str(kind): ASKED.get(kind, {}) for kind in ALL}
    printed = pdfs([render(kind, shop, **how).bytes for kind, how in asked.items()])
    for (kind, how), content in zip(asked.items(), printed, strict=True):
        (path := tmp_path / f"{kind}.pdf").write_bytes(content)
        listed = told("pdffonts", str(path)).splitlines()[2:]
        fonts = {re.sub(r"^[A-Z]{6}\+|(jp|sc)?-.*", "", line.split()[0]) for line in listed}
        # LibreOffice has its own stand-in for Times New Roman, where it is installed
        assert fonts - {"LiberationSerif"} == {"NotoSerifCJK", "WenQuanYiZenHei"}, (kind, fonts)
        assert all(" yes " in line for line in listed), kind  # embedded
        raw = told("pdftotext", "-raw", str(path), "-")
        fewest, most = PAGES.get(kind, (1, 2))
        assert fewest <= raw.count("\f") <= most, (kind, raw.count("\f"))
        words = "".join(raw.split())
        assert not [text for text in texts(context(kind, shop, **how)) if text not in words], kind


def told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, env=os.environ).stdout
