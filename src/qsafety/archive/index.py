"""The index of a pack (目录): what Article 13 asks for, slot by slot, what is there, and in which file; as JSON, CSV and HTML."""

import csv
import html
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from attrs import frozen

from qsafety.bilingual import Bilingual, Lang
from qsafety.dossier import Seller
from qsafety.rules.a13_archive import STATUS, TITLES, Manifest, ManifestEntry

KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("S1", "S2", "S3"), ("appointment",)),
    **dict.fromkeys(("S4", "S5"), ("text",)),
    "S6": ("risk_list",),
    "S7": ("daily_check",),
    "S8": ("weekly_screening",),
    "S9": ("monthly_coordination",),
    "S10": ("opinion",),
    "S11": ("training", "exam"),
    "S12": ("spot_check", "defect", "inspection", "order"),
}
"""Of which kinds the records of a slot are."""

NO_RETENTION = Bilingual("条文没有规定保存期限。", "The text sets no period for which they must be kept.")
COLUMNS = ("slot", "provision", "period", "outlet", "status", "record", "version", "digest")
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def safe(cell: object) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("2024-01-31"), safe(None)
    ("'=1+1", '2024-01-31', '')
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def csv_text(columns: Iterable[object], rows: Iterable[Iterable[object]], *, newline: str = "\n") -> str:
    """Rows as CSV, formula-safe."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator=newline)
    writer.writerow([safe(cell) for cell in columns])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return page.getvalue()


def manifest_csv(found: Manifest) -> str:
    """The entries of a manifest as CSV, formula-safe."""
    return csv_text(COLUMNS, ([getattr(entry, name) for name in COLUMNS] for entry in found.entries))


@frozen(kw_only=True)
class Completeness:
    """How much of a slot is there: of ``due`` things to keep, ``there`` are kept, ``late`` of these late; ``unknown`` cannot be told."""

    slot: str
    due: int
    there: int
    late: int
    missing: int
    unknown: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "due": self.due,
            "there": self.there,
            "late": self.late,
            "missing": self.missing,
            "unknown": self.unknown,
        }


def completeness(found: Manifest) -> tuple[Completeness, ...]:
    """The figures of all twelve slots, those without an entry too."""
    counts = found.counts
    return tuple(_figures(slot, counts.get(slot, {})) for slot in TITLES)


def _figures(slot: str, counts: Mapping[str, int]) -> Completeness:
    late, missing, unknown = (counts.get(name, 0) for name in ("late", "missing", "unknown"))
    there = counts.get("present", 0) + late
    return Completeness(
        slot=slot, due=there + missing + unknown, there=there, late=late, missing=missing, unknown=unknown
    )


@frozen(kw_only=True)
class Placed:
    """An entry of the manifest, with the files of its record and of its paper in the pack (paths under ``data/``)."""

    entry: ManifestEntry
    file: str | None
    paper: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {**self.entry.to_dict(), "file": self.file, "paper": self.paper}


def slots_of(found: Manifest) -> list[dict[str, Any]]:
    """The twelve slots with their titles, counts and figures, as plain data."""
    counts = found.counts
    return [
        {
            "slot": figures.slot,
            "title": TITLES[figures.slot].to_dict(),
            "counts": counts.get(figures.slot, {}),
            **figures.to_dict(),
        }
        for figures in completeness(found)
    ]


def index_json(about: Mapping[str, Any], found: Manifest, entries: Sequence[Mapping[str, Any]]) -> bytes:
    """``manifest.json``; ``entries``: those of the manifest with their files, as plain data."""
    data = {
        "format": 1,
        **about,
        "retention": None,
        "slots": slots_of(found),
        "entries": entries,
        "counts": found.counts,
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n"


_HEADS = ("类号", "存档内容", "条款", "期间", "门店", "状态", "记录编号", "版本", "SHA-256", "文件", "文书")


def index_csv(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """``目录.csv``, for Excel: a BOM, and no cell that is a formula; from the entries of ``manifest.json``."""
    rows = (
        [
            e["slot"],
            TITLES[e["slot"]].zh,
            e["provision"],
            e["period"],
            e["outlet"],
            STATUS[e["status"]].zh,
            e["record"],
            e["version"],
            e["digest"],
            e["file"],
            e["paper"],
        ]
        for e in entries
    )
    return ("\ufeff" + csv_text(_HEADS, rows, newline="\r\n")).encode()


_STYLE = """body{font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;\
color:#1a1a1a;background:#fff}table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid #bbb;padding:.25rem .5rem;\
text-align:left;vertical-align:top}th{background:#f2f2f2}td.n{text-align:right}tr.missing td{background:#fde8e8}tr.late td,tr.unknown td\
{background:#fff4d6}small{color:#555}@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}"""


def manifest_html(found: Manifest, seller: Seller, *, since: date, until: date, on: date, lang: Lang = "zh") -> str:
    """A manifest as one page that needs nothing else: the figures of the twelve slots, then what is missing, late or not known."""

    def said(zh: str, en: str) -> str:
        return html.escape(Bilingual(zh, en).to(lang))

    title = said(f"{seller.name} 存档清单", f"{seller.name}: what is kept for inspection")
    window = said(f"{since} 至 {until}，截至 {on} 所知", f"{since} to {until}, as known on {on}")
    heads = [
        ("类号", "slot"),
        ("存档内容", "what is kept"),
        ("应有", "due"),
        ("已有", "there"),
        ("其中逾期", "of them late"),
    ]
    heads += [("缺", "missing"), ("资料不足", "unknown")]
    rows = [
        f"<tr><td>{f.slot}<td>{html.escape(TITLES[f.slot].to(lang))}"
        + "".join(f'<td class="n">{number}' for number in (f.due, f.there, f.late, f.missing, f.unknown))
        for f in completeness(found)
    ]
    open_ = [
        f'<tr class="{e.status}"><td>{e.slot}<td>{html.escape(TITLES[e.slot].to(lang))}<td>{html.escape(e.period or "")}'
        f"<td>{html.escape(e.outlet or '')}<td>{html.escape(STATUS[e.status].to(lang))}<td>{html.escape(e.record or '')}"
        for e in found.entries
        if e.status in ("missing", "late", "unknown")
    ]
    more = [heads[0], heads[1], ("期间", "period"), ("门店", "outlet"), ("状态", "status"), ("记录", "record")]
    parts = [
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style>',
        f"<h1>{title}</h1><p>{window}</p>",
        _table(heads, rows, lang),
        *(
            [f"<h2>{said('缺、逾期与资料不足', 'Missing, late, unknown')}</h2>", _table(more, open_, lang)]
            if open_
            else []
        ),
        f"<p><small>{html.escape(NO_RETENTION.to(lang))}</small></html>\n",
    ]
    return "\n".join(parts)


def _table(heads: list[tuple[str, str]], rows: list[str], lang: Lang) -> str:
    cells = "".join(f"<th>{html.escape(Bilingual(zh, en).to(lang))}" for zh, en in heads)
    return "\n".join([f"<table><thead><tr>{cells}<tbody>", *rows, "</table>"])
