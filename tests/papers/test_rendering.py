"""The same data, the same paper; what cannot be printed is refused, never dropped."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from qsafety.dossier import CheckResult, DailyCheck, Dossier, Outlet, Seller
from qsafety.errors import PaperError, UnknownNameError
from qsafety.papers import Paper, context, render

SHOP_FILE = Path(__file__).with_name("shop.py")
TENTH = date(2024, 1, 10)


def observed(shop: Dossier, text: str) -> Dossier:
    """The shop whose failed item was described in these words."""
    check = DailyCheck(
        day=TENTH, outlet="M1", officer="P3", results=[CheckResult(code="R05", outcome="fail", observation=text)]
    )
    return attrs.evolve(shop, daily_checks=[check], hazards=None)


def of_tenth(dossier: Dossier) -> Paper:
    return render("daily_record", dossier, period=TENTH, outlet="M1")


@pytest.mark.parametrize(
    "text", ["{{ 7*7 }}", "<w:p/>", "A & B", "电线<2.5mm²", "镕𠮷🔋", "{% endfor %}", "]]>", "a_b"]
)
def test_what_was_written_is_printed_letter_for_letter(shop: Dossier, read: Any, text: str) -> None:
    paper = read(of_tenth(observed(shop, text)).bytes)
    assert paper.items[2][5] == text


def test_names_are_printed_letter_for_letter_wherever_they_stand(shop: Dossier, read: Any) -> None:
    name = "<A> & “B” {{ seller }} 有限公司"
    dossier = attrs.evolve(shop, seller=Seller(id="a&b<c>", name=name))
    paper = of_tenth(dossier)
    assert read(paper.bytes).paragraphs[0] == name
    assert paper.number == "a&b<c>-D-2024-01-10-M1"
    from docx import Document

    assert Document(_file(paper)).core_properties.author == name


def _file(paper: Paper) -> Any:
    import io

    return io.BytesIO(paper.bytes)


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800", "\udfff"])
def test_a_character_that_xml_cannot_carry_is_refused_with_its_field(shop: Dossier, sign: str) -> None:
    with pytest.raises(PaperError) as caught:
        of_tenth(observed(shop, f"鼓包{sign}"))
    assert str(caught.value) == (
        f"a paper cannot hold the character U+{ord(sign):04X}: items[3].problem, character 3 "
        "(record daily_check:M1:2024-01-10). Remove it from that record."
    )
    assert f"U+{ord(sign):04X}" in caught.value.to("zh")


def test_a_character_in_the_name_of_the_seller_is_refused_too(shop: Dossier) -> None:
    dossier = attrs.evolve(shop, seller=Seller(id="s", name="店\x07"))
    with pytest.raises(PaperError, match=r"U\+0007: seller"):
        context("daily_record", dossier, period=TENTH, outlet="M1")


def test_line_ends_of_all_systems_are_one(shop: Dossier) -> None:
    papers = {
        of_tenth(attrs.evolve(shop, people=None, seller=Seller(id="s", name=f"a{end}b"))).sha256
        for end in ("\n", "\r\n", "\r")
    }
    assert len(papers) == 1


def test_the_context_is_plain_data(shop: Dossier) -> None:
    def is_plain(value: Any) -> bool:
        if isinstance(value, list):
            return all(map(is_plain, value))
        if isinstance(value, dict):
            return all(type(key) is str and is_plain(v) for key, v in value.items())
        return type(value) in (str, int, bool)

    assert is_plain(context("daily_record", shop, period=TENTH, outlet="M1"))


def test_the_same_data_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import runpy, sys\n"
        "from qsafety.papers import render\n"
        "shop = runpy.run_path(sys.argv[1])['SHOP']\n"
        "for day in ('2024-01-10', '2024-01-12', '2024-01-31'):\n"
        "    paper = render('daily_record', shop, period=day, outlet='M1')\n"
        "    print(paper.sha256, paper.bytes.hex())\n"
    )
    seen = set()
    for seed, zone in (("1", "UTC"), ("2", "America/New_York"), ("3", "Asia/Shanghai")):
        run = subprocess.run(
            [sys.executable, "-c", program, str(SHOP_FILE)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        seen.add(run.stdout)
    assert len(seen) == 1


def test_other_data_gives_another_digest(shop: Dossier) -> None:
    assert of_tenth(observed(shop, "鼓包")).sha256 != of_tenth(observed(shop, "漏液")).sha256


def test_an_unknown_edition_gets_the_nearest(shop: Dossier) -> None:
    with pytest.raises(UnknownNameError, match="cn-seller-2023-draft"):
        render("daily_record", shop, period=TENTH, outlet="M1", edition="cn-seller-2023")


def test_the_usual_name_of_the_file_names_outlet_and_day(shop: Dossier) -> None:
    assert of_tenth(shop).name == "daily_record-M1-2024-01-10.docx"
    alone = Dossier(seller=Seller(id="s", name="店"), daily_checks=[DailyCheck(day=TENTH, officer="P")])
    assert render("daily_record", alone, period=TENTH).name == "daily_record-2024-01-10.docx"
    odd = attrs.evolve(
        alone,
        outlets=[Outlet(id="a/b:c", name="x"), Outlet(id="M2", name="y")],
        daily_checks=[DailyCheck(day=TENTH, officer="P", outlet="a/b:c")],
    )
    assert render("daily_record", odd, period=TENTH, outlet="a/b:c").name == "daily_record-a_b_c-2024-01-10.docx"
