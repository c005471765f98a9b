"""A shop with two outlets, made by hand: enough of a dossier for its daily records."""

from datetime import date, datetime, timedelta, timezone

from qsafety.dossier import (
    Appointment,
    CheckResult,
    DailyCheck,
    Dossier,
    Hazard,
    NonconformingLot,
    Outlet,
    Person,
    ProductLine,
    RiskItem,
    RiskList,
    Seller,
)

SHANGHAI = timezone(timedelta(hours=8))

ITEMS = [
    RiskItem(
        code="R01",
        category="资质证书",
        stage="进货",
        risk_point="强制性认证证书与铭牌",
        description="无证、证书过期或与实物不一致",
        basis="《强制性产品认证管理规定》、GB 17761-2018",
        level="high",
        method="document",
    ),
    RiskItem(
        code="R02",
        category="标识说明",
        risk_point="整车铭牌与合格证",
        description="铭牌缺失或参数与合格证不符",
        basis="GB 17761-2018",
        method="visual",
    ),
    RiskItem(
        code="R05",
        category="产品缺陷",
        risk_point="锂电池外观",
        description="鼓包、漏液、外壳开裂",
        basis="GB 17761-2018",
        level="major",
        method="visual",
    ),
    RiskItem(code="R07", category="标识说明", risk_point="自行车使用说明", frequency="weekly", method="visual"),
    RiskItem(code="R08", category="追溯", risk_point="进销货台账", description="车架号与台账不一致", method="system"),
]
CHARGING = RiskItem(
    code="R11", category="消防", risk_point="充电区温度", description="充电区温度超过规定", method="measure"
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of January 2024 at the shop."""
    return datetime(2024, 1, day, hour, minute, tzinfo=SHANGHAI)


CHECKS = [
    DailyCheck(
        day=date(2024, 1, 10),
        outlet="M1",
        officer="P3",
        results=[
            CheckResult(code="R01", outcome="pass"),
            CheckResult(code="R02", outcome="not_applicable"),
            CheckResult(code="R05", outcome="fail", observation="两组锂电池外壳鼓包"),
            CheckResult(code="R08", outcome="pass"),
        ],
        conclusion="problems_found",
        recorded_at=at(10, 18, 10),
    ),
    DailyCheck(
        day=date(2024, 1, 10),
        outlet="M2",
        officer="P4",
        all_items="pass",
        conclusion="zero_risk",
        recorded_at=at(10, 18, 25),
    ),
    DailyCheck(
        day=date(2024, 1, 12),
        outlet="M1",
        officer="P3",
        all_items="pass",
        conclusion="zero_risk",
        recorded_at=at(13, 9, 10),
    ),
    DailyCheck(
        day=date(2024, 1, 31),
        outlet="M1",
        officer="P3",
        all_items="pass",
        conclusion="zero_risk",
        recorded_at=at(31, 18, 10),
    ),
    DailyCheck(
        day=date(2024, 1, 31),
        outlet="M2",
        officer="P4",
        all_items="pass",
        conclusion="zero_risk",
        recorded_at=at(31, 18, 25),
    ),
]

HAZARD = Hazard(
    id="H1",
    source="daily",
    found_on=date(2024, 1, 10),
    item="R05",
    product="C2",
    description="两组锂电池外壳鼓包",
    severity="major",
    precaution="当场隔离至防爆柜，同批次停售",
    precaution_at=at(10, 10, 40),
    reported_to="P2",
    reported_at=at(10, 10, 50),
    owner="P3",
)

SHOP = Dossier(
    seller=Seller(id="hz01", name="杭州拟行电动自行车销售有限公司", trade="retail", headcount=12),
    outlets=[Outlet(id="M1", name="示例路总店"), Outlet(id="M2", name="样本街分店")],
    products=[ProductLine(id="C2", name="电动自行车用锂离子蓄电池", regimes={"ccc"})],
    people=[
        Person(id="P1", name="林拟之", resident_id="110101190001010110", phone="0571-00000001", in_management=True),
        Person(id="P2", name="陈示安", resident_id="110101190001010129", phone="0571-00000002", in_management=True),
        Person(id="P3", name="王样成", resident_id="110101190001010137", phone="0571-00000003"),
        Person(id="P4", name="周例清", resident_id="110101190001010145", phone="0571-00000004"),
    ],
    appointments=[
        Appointment(person="P1", role="principal", basis="legal_representative", start=date(2019, 5, 6)),
        Appointment(person="P2", role="director", start=date(2023, 8, 1)),
        Appointment(person="P3", role="officer", outlet="M1", start=date(2023, 8, 1)),
        Appointment(person="P4", role="officer", outlet="M2", start=date(2023, 9, 1)),
    ],
    risk_lists=[
        RiskList(version="2023-1", effective_on=date(2023, 8, 1), approved_by="P1", items=ITEMS),
        RiskList(version="2024-1", effective_on=date(2024, 1, 22), approved_by="P1", items=[*ITEMS, CHARGING]),
        RiskList(version="2024-2", effective_on=date(2024, 1, 25), items=ITEMS),
    ],
    daily_checks=CHECKS,
    hazards=[HAZARD],
    nonconforming=[
        NonconformingLot(
            on=date(2024, 1, 10),
            product="C2",
            lot="B20231101",
            quantity=2,
            disposition="hold",
            reported_to="P2",
            reported_at=at(10, 15, 0),
        )
    ],
)
