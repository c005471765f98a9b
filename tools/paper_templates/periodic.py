"""The daily record, the weekly report and the monthly minutes: Articles 10, 11 and 12."""

from docx.document import Document as DocumentObject
from docx.shared import Twips

from paper_templates.forms import Column, Form, write
from paper_templates.package import Look

HAZARD_COLUMNS: list[Column] = [
    ("序号", "{{ row.no }}", "CellCentred"),
    ("隐患\n编号", "{{ row.hazard }}", "CellCentred"),
    ("来源\n发现日期", "{{ row.source }}\n{{ row.found }}", "CellCentred"),
    ("门店", "{{ row.outlet }}", "CellCentred"),
    ("清单编码", "{{ row.item }}", "CellCentred"),
    ("隐患描述", "{{ row.description }}", "CellText"),
    ("程度", "{{ row.severity }}", "CellCentred"),
    ("防范整改措施", "{{ row.precaution }}", "CellText"),
    ("责任人\n整改期限", "{{ row.owner }}\n{{ row.due }}", "CellCentred"),
    ("整改情况", "{{ row.state }}", "CellCentred"),
]
HAZARD_WIDTHS = (400, 760, 1040, 800, 600, 1420, 520, 1420, 1040, 1524)
DAY_COLUMNS: list[Column] = [
    ("门店", "{{ row.outlet }}", "CellText"),
    ("应检查\n（次）", "{{ row.due }}", "CellCentred"),
    ("已检查\n（次）", "{{ row.done }}", "CellCentred"),
    ("期后录入\n（次、日期）", "{{ row.late }}", "CellCentred"),
    ("有漏项\n（次、日期）", "{{ row.incomplete }}", "CellCentred"),
    ("漏检\n（次、日期）", "{{ row.missed }}", "CellCentred"),
    ("零风险\n报告（次）", "{{ row.zero_risk }}", "CellCentred"),
    ("不合格\n（项）", "{{ row.failed }}", "CellCentred"),
]
DAY_WIDTHS = (1544, 840, 840, 1420, 1420, 1420, 1180, 860)
OPINION_COLUMNS: list[Column] = [
    ("提出人", "{{ row.by }}", "CellCentred"),
    ("提出日期", "{{ row.on }}", "CellCentred"),
    ("类别", "{{ row.sort }}", "CellCentred"),
    ("内容", "{{ row.subject }}", "CellText"),
    ("采纳情况及理由", "{{ row.answer }}", "CellText"),
]
OPINION_WIDTHS = (1134, 1134, 800, 3328, 3128)


def daily_record(look: Look) -> DocumentObject:
    """《每日工业产品质量安全检查记录》, Article 10."""
    form = Form(look)
    form.head(late=True)
    form.pairs(
        (1304, 2600, 1134, 2036, 1134, 1316),
        [
            ("检查日期", "{{ day }}", "门店", "{{ outlet }}", "清单版本", "{{ list_version }}"),
            ("质量安全员", "{{ officer }}", "开始时间", "{{ started }}", "结束时间", "{{ finished }}"),
        ],
    )
    form.gap()
    items = form.rows(
        (400, 620, 1150, 2140, 560, 1150, 1344, 860, 600, 700),
        [
            ("序号", "{{ item.no }}", "CellCentred"),
            ("编码", "{{ item.code }}", "CellCentred"),
            ("检查项目", "{{ item.point }}", "CellText"),
            ("检查内容及标准", "{{ item.content }}", "CellText"),
            ("结果", "{{ item.result }}", "CellSymbol"),
            ("问题描述", "{{ item.problem }}", "CellText"),
            ("立即采取的防范措施", "{{ item.precaution }}", "CellText"),
            ("上报对象\n时间", "{{ item.report }}", "CellCentred"),
            ("隐患\n编号", "{{ item.hazard }}", "CellCentred"),
            ("证据", "{{ item.evidence }}", "CellText"),
        ],
        "items",
        of="item",
        empty=11,
    )
    standard = items.rows[2].cells[3]
    write(standard, "{%p if item.method or item.standard %}", "CellNote")
    write(
        standard, "{{ item.method }}{% if item.method and item.standard %}：{% endif %}{{ item.standard }}", "CellNote"
    )
    write(standard, "{%p endif %}", "CellNote")
    form.write("结果：√ 合格　× 不合格　/ 不适用", "Small")
    form.gap()
    form.pairs(
        (1304, form.width - 1304),
        [
            (
                "检查小结",
                "共 {{ total }}{% if not total %}　{% endif %} 项：合格 {{ passed }}{% if not total %}　{% endif %} 项，"
                "不合格 {{ failed }}{% if not total %}　{% endif %} 项，不适用 {{ not_applicable }}{% if not total %}　{% endif %} 项，"
                "未检查 {{ unanswered }}{% if not total %}　{% endif %} 项",
            ),
            (
                "检查结论",
                "　@@{{ zero_risk_box }}@@ 未发现问题（零风险报告）　　　"
                "@@{{ problems_box }}@@ 发现问题 {% if problems %}{{ problems }}{% else %}　　{% endif %} 项",
            ),
            ("附件", "{{ attachments }}"),
            ("备注", "{{ remark }}"),
        ],
    )
    form.gap()
    form.keep(
        form.rows(
            (3024, 1800, 1100, 1200, 2400),
            [
                ("不合格品名称", "{{ row.product }}", "CellText"),
                ("批次", "{{ row.lot }}", "CellCentred"),
                ("数量", "{{ row.quantity }}", "CellCentred"),
                ("处置", "{{ row.disposition }}", "CellCentred"),
                ("上报对象及时间", "{{ row.report }}", "CellCentred"),
            ],
            "products",
            empty=1,
        )
    )
    signatures = form.signatures(
        [
            ("质量安全员（签字）", "{{ officer_signed }}"),
            ("", ""),
            ("接收人（签字）：质量安全\n总监或主要负责人", "{{ receiver_signed }}"),
            ("", ""),
        ]
    )
    for n, text in ((1, "{%tr if receiver_wanted %}"), (3, "{%tr endif %}")):
        for cell in signatures.rows[n].cells:
            for run in cell.paragraphs[0].runs:
                run._r.getparent().remove(run._r)
        signatures.rows[n].cells[0].paragraphs[0].add_run(text)
    form.foot(recorded=True)
    return form.document


def weekly_report(look: Look) -> DocumentObject:
    """《每周工业产品质量安全排查治理报告》, Article 11."""
    form = Form(look)
    form.head(late=True, draft=True)
    form.pairs(
        (1304, 4220, 1304, 2696),
        [
            ("报告周期", "{{ week }}", "排查日期", "{{ held }}"),
            ("参加人员", "{{ participants }}", "组织人", "{{ organiser }}"),
            ("排查方式", "", "收件、抄送", ""),
        ],
    )
    form.section("一、本周日管控情况")
    form.rows(DAY_WIDTHS, DAY_COLUMNS, "days", empty=1)
    form.section("二、前次排查问题整改跟踪")
    form.write("{%p if followed or blank %}", "Gap")
    form.rows(
        (500, 900, 3524, 1200, 1200, 2200),
        [
            ("序号", "{{ row.no }}", "CellCentred"),
            ("隐患编号", "{{ row.hazard }}", "CellCentred"),
            ("隐患描述", "{{ row.description }}", "CellText"),
            ("责任人", "{{ row.owner }}", "CellCentred"),
            ("整改期限", "{{ row.due }}", "CellCentred"),
            ("整改情况", "{{ row.state }}", "CellCentred"),
        ],
        "followed",
        empty=1,
    )
    form.gap()
    form.write("{%p endif %}", "Gap")
    form.box("{{ followup }}", height=510)
    form.section("三、本周排查发现的问题和隐患")
    form.rows(HAZARD_WIDTHS, HAZARD_COLUMNS, "findings", empty=3)
    form.section("四、风险分析研判")
    form.box("{{ analysis }}", height=680)
    form.section("五、产品质量安全状况评价")
    form.box(
        "　@@{{ controlled_box }}@@ 可控　　　　@@{{ hazards_box }}@@ 存在隐患　　　　@@{{ serious_box }}@@ 存在严重隐患",
        height=454,
    )
    form.section("六、整改和管控措施")
    form.box("{{ measures }}", height=510)
    form.section("七、意见建议（含否决建议）")
    form.rows(OPINION_WIDTHS, OPINION_COLUMNS, "opinions", empty=1)
    form.section("八、下周重点")
    form.box("{{ next_focus }}", height=510)
    form.gap()
    form.keep(form.pairs((1304, form.width - 1304), [("附件", "{{ attachments }}"), ("备注", "{{ remark }}")]))
    signed = form.signatures(
        [
            ("质量安全总监（签字）", "{{ director_signed }}"),
            ("主要负责人批示（签字）", "{{ principal_signed }}"),
        ]
    )
    signed.rows[1].height = Twips(680)
    form.foot(recorded=True)
    return form.document


def _paragraphs(form: Form, over: str, *, lines: int = 2) -> None:
    """A paragraph for each text of a variable; ruled lines to write on where there is none."""
    form.write(f"{{%p for text in {over} %}}", "Body")
    form.write("{{ text }}", "Body")
    form.write("{%p else %}", "Body")
    for _ in range(lines):
        form.write("", "FillLine")
    form.write("{%p endfor %}", "Body")


def monthly_minutes(look: Look) -> DocumentObject:
    """《每月工业产品质量安全调度会议纪要》, Article 12."""
    form = Form(look)
    form.head(late=True, draft=True)
    for name, text in (
        ("时　　间", "{{ held }}"),
        ("地　　点", "{{ place }}"),
        ("主　　持", "{{ chair }}"),
        ("记　　录", "{{ recorder }}"),
        ("出　　席", "{{ participants }}"),
        ("请　　假", ""),
        ("列　　席", ""),
    ):
        form.write(f"**{name}：**\t{text}", "MinutesLine")
    form.gap()
    form.write(
        "{% if held %}{{ held }}{% else %}____年__月__日{% endif %}，"
        "{% if chair %}{{ chair }}{% else %}________{% endif %}主持召开"
        "{% if month %}{{ month }}{% else %}____年__月{% endif %}质量安全调度会议，纪要如下。",
        "Body",
    )
    form.section("一、质量安全总监工作汇报")
    _paragraphs(form, "director_report")
    form.section("二、当月日常管理情况")
    _paragraphs(form, "summary")
    form.rows(DAY_WIDTHS, DAY_COLUMNS, "days", empty=1)
    form.gap()
    form.pairs(
        (1300, 700, 900, 700, 1300, 1500, 1000, 2124),
        [
            (
                "周排查应做",
                "{{ weeks_due }}",
                "已做",
                "{{ weeks_done }}",
                "期后报告",
                "{{ weeks_late }}",
                "未做",
                "{{ weeks_missed }}",
            )
        ],
    )
    form.section("三、风险隐患排查治理情况")
    _paragraphs(form, "hazard_summary")
    form.pairs(
        (1481, 900, 1481, 900, 1481, 900, 1481, 900),
        [
            (
                "新发现",
                "{{ hazards_new }}",
                "其中重大",
                "{{ hazards_serious }}",
                "完成整改",
                "{{ hazards_closed }}",
                "月末未完成",
                "{{ hazards_open }}",
            ),
            ("其中逾期", "{{ hazards_overdue }}"),
        ],
    )
    form.gap()
    form.rows(HAZARD_WIDTHS, HAZARD_COLUMNS, "hazards", empty=2)
    form.section("四、上月重点工作落实情况")
    _priorities(form, "earlier", "落实情况", empty=1)
    form.section("五、意见建议及采纳情况")
    form.rows(OPINION_WIDTHS, OPINION_COLUMNS, "opinions", empty=1)
    form.section("六、培训考核、投诉、召回、监督检查")
    form.rows(
        (1304, 1700, 6520),
        [
            ("日期", "{{ row.on }}", "CellCentred"),
            ("事项", "{{ row.sort }}", "CellCentred"),
            ("内容", "{{ row.content }}", "CellText"),
        ],
        "events",
        empty=1,
    )
    form.section("七、下个月重点工作调度安排")
    _priorities(form, "priorities", "所需资源", empty=3)
    form.section("八、议定事项")
    for _ in range(3):
        form.write("", "FillLine").paragraph_format.keep_with_next = True
    form.gap()
    form.keep(
        form.pairs((1304, form.width - 1304), [("附件", "{{ attachments }}"), ("备注", "{{ remark }}"), ("抄送", "")])
    )
    form.signatures(
        [
            ("主要负责人（签字）", "{{ principal_signed }}"),
            ("质量安全总监（签字）", "{{ director_signed }}"),
            ("记录人（签字）", "{{ recorder_signed }}"),
            ("单位（盖章）", ""),
        ]
    )
    form.foot(recorded=True)
    return form.document


def _priorities(form: Form, over: str, last: str, *, empty: int) -> None:
    form.rows(
        (600, 4324, 1200, 1400, 2000),
        [
            ("序号", "{{ row.no }}", "CellCentred"),
            ("工作内容", "{{ row.content }}", "CellText"),
            ("责任人", "{{ row.owner }}", "CellCentred"),
            ("完成时限", "{{ row.due }}", "CellCentred"),
            (last, "", "CellText"),
        ],
        over,
        empty=empty,
    )
