"""The report as a page: whole, self-contained, escaped, complete in both languages, and the same for the same receipt."""

import html
import re
import shutil
import subprocess
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from qsafety import law
from qsafety.assessment import Report, assess
from qsafety.assessment.marks import COLOURS, LETTERS, WORST_FIRST
from qsafety.assessment.page.elements import Tags
from qsafety.assessment.page.findings import FACTS, TROUBLE, said_once
from qsafety.dossier import DailyCheck, Dossier, Hazard, Outlet, Person, ProductLine, Seller
from qsafety.errors import UnknownNameError
from qsafety.exchange import read_ledger
from qsafety.law.vocabulary import SlotStatus

CHINESE = re.compile(r"[\u3400-\u9fff]")
VOID = {"br", "meta", "wbr"}
EVIL = '<script>alert("1")</script>&\'\x1b\u202e'


def sample(name: str) -> Dossier:
    return read_ledger(Path(str(files("qsafety") / "testing" / "data" / f"{name}.xlsx")))


def report_of(shop: str, edition: str = "cn-seller-2023-draft", **readings: Any) -> Report:
    dossier, on, since = SHOPS[shop]
    return assess(dossier, on=on, since=since, edition=edition, readings=readings)


def hostile() -> Dossier:
    day = date(2024, 1, 5)
    return Dossier(
        seller=Seller(id="javascript:alert(1)", name=EVIL),
        outlets=[Outlet(id=f"M1{EVIL}", name=EVIL), Outlet(id="javascript:x", name='" onload="x')],
        products=[ProductLine(id="C1", name=EVIL, regimes={"ccc"})],
        people=[Person(id=EVIL, name="</style></svg><img src=x onerror=y>")],
        daily_checks=[DailyCheck(day=day, outlet="javascript:x", officer=EVIL, results={EVIL: "fail"})],
        hazards=[Hazard(source="daily", found_on=day, description=EVIL, owner=EVIL, due_on=day)],
        sources={"daily_check:javascript:x:2024-01-05": 'javascript:alert(1)"><b>!A1'},
    )


SHOPS = {
    "ebike-shop": (sample("ebike-shop"), date(2024, 2, 5), date(2023, 12, 25)),
    "hardware-wholesaler": (sample("hardware-wholesaler"), date(2024, 4, 10), date(2024, 3, 1)),
    "nothing known": (Dossier(seller=Seller(id="s", name="店")), date(2024, 2, 1), date(2024, 1, 1)),
    "hostile": (hostile(), date(2024, 2, 1), date(2024, 1, 1)),
}


class Read(HTMLParser):
    """What a page is made of; every element must be closed in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.headings: list[int] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        assert len({name for name, _ in attrs}) == len(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("shop", SHOPS)
def test_a_page_is_balanced_self_contained_and_its_links_have_targets(shop, lang):
    page = report_of(shop).to_html(lang, ledger="台 账.xlsx")
    read = Read(page)
    ids = read.values("id")
    assert len(set(ids)) == len(ids)
    for href in read.values("href"):
        assert href.startswith("%E5%8F%B0%20%E8%B4%A6.xlsx#") or href.removeprefix("#") in ids, href
    assert set(read.values("aria-labelledby")) <= set(ids)
    assert not read.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    assert not read.values("src") and not any(name.startswith("on") for _, name, _ in read.attributes)
    assert "@import" not in page and "url(" not in page and "http:" not in page and "https:" not in page
    assert read.headings[0] == 1 and read.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(read.headings, read.headings[1:], strict=False))
    assert ("html", "lang", "zh-CN" if lang == "zh" else "en") in read.attributes


def test_what_a_ledger_says_stays_text():
    report = report_of("hostile")
    for page in (report.to_html(), report.to_html("en", ledger='javascript:alert(1)"><b>.xlsx'), report._repr_html_()):
        assert "<script" not in page and "<img" not in page and 'onload="' not in page and "<b>." not in page
        assert not any(href.startswith("javascript:") for href in Read(page).values("href"))
        assert '<script>alert("1")</script>&\'??' in Read(page).text
        assert not set(page) & {"\x1b", "\u202e"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("shop", ["ebike-shop", "hardware-wholesaler", "nothing known"])
def test_everything_found_is_on_the_page(shop, lang):
    report = report_of(shop)
    text = Read(report.to_html(lang)).text
    for notice in (*report.notices, report.disclaimer):
        assert notice.to(lang) in text
    for finding in report.findings:
        assert finding.obligation.id in text and finding.message.to(lang) in text
        assert all(quote in text for quote in finding.obligation.quotes)
        assert finding.advice is None or finding.advice.to(lang) in text
    for one in said_once(report["A10.2"]):
        assert all(reason.text.to(lang) in text for reason in one.because[:FACTS])
    assert all(todo.what.to(lang) in text for todo in report.todo)
    assert all(name in text for name in report.readings.to_dict())
    assert all(harbour.matter in text for harbour in report.safe_harbour)
    assert all(cited.label.to(lang) in text and cited.gist.to(lang) in text for cited in report.exposure.context)
    assert report.receipt.dossier_sha256 in text and report.receipt.text_sha256 in text


def test_the_page_begins_with_the_notice_and_the_answer():
    report = report_of("ebike-shop")
    text = Read(report.to_html()).text
    order = [report.notices[0].zh, report.dossier.seller.name, "2023-12-25", "必须配备质量安全总监", "待办", "按期履行"]
    places = [text.rindex(order[0])] + [text.index(words, text.rindex(order[0])) for words in order[1:]]
    assert places == sorted(places)
    assert text.count(report.notices[0].zh) == 1


def test_the_english_page_has_no_chinese_of_its_own():
    shop = Dossier(seller=Seller(id="s", name="x"), products=[ProductLine(id="C", name="x", regimes={"ccc"})])
    text = Read(assess(shop, on=date(2024, 2, 1)).to_html("en")).text
    assert not CHINESE.search(re.sub("“[^”]*”", "", text).replace(law.edition().quote("5.1.2"), ""))


def test_every_inherited_provision_is_marked():
    page = report_of("ebike-shop", "cn-seller-2023-order76").to_html()
    duties = page.split("<article")[1:]
    assert duties and all("沿用，未经核对" in duty for duty in duties)
    assert "沿用，未经核对" not in report_of("ebike-shop").to_html()


def test_a_cell_is_a_link_into_the_ledger_where_that_is_known():
    report = report_of("ebike-shop")
    linked = [unquote(href) for href in Read(report.to_html(ledger="../台账.xlsx")).values("href")]
    assert "../台账.xlsx#日检查!A87" in linked
    assert "日检查!A87" in Read(report.to_html()).text
    assert all(href.startswith("#") for href in Read(report.to_html()).values("href"))


def test_the_same_receipt_gives_the_same_bytes():
    one, two = report_of("ebike-shop"), report_of("ebike-shop")
    assert one.receipt == two.receipt and one.to_html() == two.to_html() and one.to_html("en") == two.to_html("en")


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(UnknownNameError):
        report_of("nothing known").to_html("fr")  # type: ignore[arg-type]  # the refusal is what is tested


def test_the_calendar_has_every_day_with_its_letter():
    report = report_of("ebike-shop")
    page = report.to_html()
    drawn = "".join(re.findall(r'<g class="is-[^>]*>.*?</g>', page))
    letters = "".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn))
    for status in SlotStatus:
        assert letters.count(LETTERS[status].zh) == sum(slot.status is status for slot in report.slots)
    assert "<title>2024-01-07 未履行</title>" in drawn
    assert "<title>2024-01-16 至 2024-01-18 无须履行</title>" in drawn


def test_every_letter_stands_out_from_its_ground():
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for status, colours in COLOURS.items():
        dark, bright = sorted(map(light, colours))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, status
    assert set(WORST_FIRST) == set(SlotStatus)


def test_many_outlets_are_folded_under_one_picture_and_findings_that_repeat_stand_once():
    outlets = [Outlet(id=f"M{n}", name=f"{n} 店") for n in range(40)]
    chain = Dossier(
        seller=Seller(id="s", name="连锁", trade="retail"),
        outlets=outlets,
        products=[ProductLine(id="C1", name="车", regimes={"ccc"})],
        daily_checks=[],
    )
    report = assess(chain, on=date(2024, 2, 1), since=date(2024, 1, 1))
    page = report.to_html()
    read = Read(page)
    assert "逐店逐日（40 个门店）" in read.text and {f"outlet-{n}" for n in range(1, 41)} <= set(read.values("id"))
    assert len(report["A10.2"]) == 40 and page.count(html.escape(report["A10.2"][0].message.zh)) < 10
    assert "等 40 个" in read.text


def test_a_notebook_shows_an_extract_whose_styles_stay_its_own():
    report = report_of("ebike-shop")
    read = Read(report._repr_html_())
    assert read.tags <= {"div", "p", "strong", "small", "br", "span", "table", "thead", "tbody", "tr", "th", "td"}
    assert not read.values("class") and not read.values("id")
    assert report.disclaimer.zh in read.text and report.notices[0].en in read.text and "A10.2" in read.text
    assert all(finding.message.zh in read.text for finding in report.violated) and len(TROUBLE) == 3


def test_an_element_escapes_all_but_elements():
    tags = Tags("en")
    assert tags.p("<", tags.b("&"), None, [1, "x"], title='"', hidden=True, lang=None) == (
        '<p title="&quot;" hidden>&lt;<b>&amp;</b>1x</p>'
    )


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("shop", ["ebike-shop", "hostile"])
def test_nothing_is_wider_than_a_phone(shop, tmp_path):
    """A frame of 390 pixels measures its own page."""
    inner = report_of(shop).to_html().replace("default-src 'none'", "default-src 'unsafe-inline'")
    policy = re.compile('<meta http-equiv="Content-Security-Policy"[^>]*>')
    (tmp_path / "outer.html").write_text(
        f'<body><iframe id="f" width="390" height="3000" srcdoc="{html.escape(policy.sub("", inner))}"></iframe>'
        "<script>onload=()=>{const d=document.getElementById('f').contentDocument;d.querySelectorAll('details')"
        ".forEach(x=>x.open=true);document.body.dataset.wide=d.documentElement.scrollWidth}</script></body>",
        encoding="utf-8",
    )
    chromium = shutil.which("chromium")
    assert chromium
    run = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", (tmp_path / "outer.html").as_uri(),
        ],
        capture_output=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r'data-wide="(\d+)"', run.stdout)
    assert found and int(found[1]) <= 390
