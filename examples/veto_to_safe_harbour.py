"""提出否决的人受保护吗？ Is the one who objected protected? (Articles 4 and 16)

An officer finds a safety-endangering defect and asks to stop the sale. Four answers, and what Article 16 makes of each.

    python examples/veto_to_safe_harbour.py [en]
"""

import sys
from datetime import date, datetime, timedelta, timezone

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
BEIJING = timezone(timedelta(hours=8))


def at(day: int, hour: int) -> datetime:
    """An hour in January 2024."""
    return datetime(2024, 1, day, hour, tzinfo=BEIJING)


ANSWERS = [
    ("采纳 adopted", qs.Answer(outcome="adopted", by="P1", at=at(11, 9))),
    ("不采纳，没有理由 rejected, no reason", qs.Answer(outcome="rejected", by="P1", at=at(11, 9))),
    (
        "不采纳，有理由 rejected with a reason",
        qs.Answer(outcome="rejected", by="P1", at=at(11, 9), justification="厂家称安全"),
    ),
    (
        "理由经判断不成立 the reason was found unsound",
        qs.Answer(outcome="rejected", by="P1", at=at(11, 9), justification="厂家称安全", accepted=False),
    ),
]
for title, answer in ANSWERS:
    shop = qs.Dossier(
        seller=qs.Seller(id="shop", name="示例店"),
        products=[qs.ProductLine(id="C2", name="蓄电池", regimes={"ccc"})],
        appointments=[
            qs.Appointment(person="P1", role="principal", start=date(2023, 1, 1), basis="legal_representative"),
            qs.Appointment(person="P3", role="officer", start=date(2023, 1, 1)),
        ],
        defects=[
            qs.Defect(id="Q1", product="C2", found_by="P3", found_on=date(2024, 1, 10), endangers_safety=True),
        ],
        opinions=[
            qs.Opinion(
                id="Y1",
                raised_by="P3",
                kind="veto",
                about="Q1",
                subject="停止销售",
                raised_at=at(10, 15),
                answer=answer,
            )
        ],
        decisions=[],
        inspections=[],
        orders=[],
    )
    found = qs.safe_harbour(shop, person="P3", matter="Y1", on=date(2024, 2, 1))
    print(f"{title}:  {found.outcome}  {found.reason.to(LANG)}")
    for reason in found.because:
        print(f"    · {reason.text.to(LANG)}")

print(f"\n{found.citation.text}")
