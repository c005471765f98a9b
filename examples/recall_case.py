"""一只有缺陷的电池，从发现到召回。 A defective battery, from hazard to recall (Articles 4 and 16).

The same records, looked at on seven days: what is owed on each, by whom, and what is still open. What came later is not seen earlier.

    python examples/recall_case.py [en]
"""

import sys
from datetime import date, datetime, timedelta, timezone

import qsafety as qs

LANG = "en" if "en" in sys.argv else "zh"
BEIJING = timezone(timedelta(hours=8))
DUTIES = {
    "A04.2a": ("否决建议", "veto"),
    "A04.2b": ("研判与处置", "analysis and disposition"),
    "A04.2c": ("召回", "recall"),
    "A04.2d": ("报告召回", "report of the recall"),
}

shop = qs.Dossier(
    seller=qs.Seller(id="shop", name="示例车行"),
    products=[qs.ProductLine(id="C2", name="锂离子蓄电池组", regimes={"ccc"})],
    people=[qs.Person(id=p, name=p, in_management=p != "P3") for p in ("P1", "P2", "P3")],
    appointments=[
        qs.Appointment(person="P1", role="principal", basis="legal_representative", start=date(2023, 1, 1)),
        qs.Appointment(person="P2", role="director", start=date(2023, 1, 1)),
        qs.Appointment(person="P3", role="officer", start=date(2023, 1, 1)),
    ],
    hazards=[
        qs.Hazard(
            id="H1",
            source="daily",
            found_on=date(2024, 1, 10),
            product="C2",
            description="蓄电池充电时鼓包",
            severity="major",
            precaution="下架封存",
            precaution_at=datetime(2024, 1, 10, 11, tzinfo=BEIJING),
            reported_to="P2",
            reported_at=datetime(2024, 1, 10, 11, 30, tzinfo=BEIJING),
            done_on=date(2024, 1, 26),
            verified_by="P2",
            verified_on=date(2024, 1, 27),
        )
    ],
    defects=[
        qs.Defect(
            id="Q1",
            product="C2",
            lots=["B2311"],
            found_by="P3",
            found_on=date(2024, 1, 10),
            endangers_safety=True,
            common=True,
            sold=14,
            analysed_on=date(2024, 1, 12),
            stopped_on=date(2024, 1, 12),
            measures="停售同批次，通知购买者，联系生产者",
            recall_started_on=date(2024, 1, 15),
            recall_reported_on=date(2024, 1, 16),
            eliminated_on=date(2024, 1, 26),
            closed_on=date(2024, 1, 30),
        )
    ],
    opinions=[
        qs.Opinion(
            id="Y1",
            raised_by="P3",
            kind="veto",
            about="Q1",
            subject="停止销售 B2311 批次",
            raised_at=datetime(2024, 1, 11, 9, tzinfo=BEIJING),
            answer=qs.Answer(outcome="adopted", by="P1", at=datetime(2024, 1, 12, 10, tzinfo=BEIJING)),
        )
    ],
    decisions=[],
    orders=[],
    inspections=[],
)

DAYS = [(10, "发现", "found"), (11, "否决", "veto"), (12, "研判停售", "analysed, sale stopped"), (15, "召回", "recall")]
DAYS += [(16, "报告", "reported"), (26, "消除", "eliminated"), (30, "结案", "closed")]
for day, zh, en in DAYS:
    on = date(2024, 1, day)
    report = qs.assess(shop, on=on, since=date(2024, 1, 1))
    print(f"{on}  {zh if LANG == 'zh' else en}")
    for id_, (name_zh, name_en) in DUTIES.items():
        for finding in report[id_]:
            told = f"{finding.outcome.label.to(LANG)}: {finding.message.to(LANG)}"
            print(f"    {id_}  {name_zh if LANG == 'zh' else name_en}  {told}")
    for todo in report.todo:
        if todo.obligation.startswith("A04.2"):
            print(f"    → {todo.who}: {todo.what.to(LANG)}")

print()
found = qs.safe_harbour(shop, person="P3", matter="Y1", on=date(2024, 1, 30))
print(f"P3  {found.outcome}  {found.reason.to(LANG)}")
for cited in qs.law.cited("消费者权益保护法", 19):
    print(f"{cited.label.to(LANG)}: {cited.gist.to(LANG)}")
