"""The two duty papers and the risk control list: Articles 7, 8 and 9."""

from docx.document import Document as DocumentObject
from docx.shared import Twips

from paper_templates.forms import BY_HAND, Column, Form, copies, merged, put, repeat_head, tag
from paper_templates.package import Look

DUTY_WIDTHS = (3624, 3100, 1100, 1700)
REVISION_WIDTHS = (1400, 1124, 1750, 1750, 1750, 1750)


def _head(form: Form) -> None:
    form.head()
    form.pairs(
        (1304, 1870, 1304, 1870, 1304, 1872),
        [
            ("版本", "{{ version }}", "生效日期", "{{ effective }}", "状态", "{{ status }}"),
            ("编制人", "{{ compiled_by }}", "批准人", "{{ approved_by }}", "批准日期", "{{ approved_on }}"),
        ],
    )


def _scope(form: Form, whom: str) -> None:
    form.write(
        f"本{whom}。涉及的工业产品：{{% if products %}}{{{{ products }}}}{{% else %}}________________{{% endif %}}。",
        "Body",
    )


def _duties(form: Form, article: str) -> None:
    """The items of the regulation, each one cell however many measures refine it."""
    table = form.grid(DUTY_WIDTHS, 7)
    repeat_head(table.rows[0])
    for i, name in enumerate((f"职责（第{article}条原文）", "细化措施", "频次", "输出记录")):
        put(table.rows[0].cells[i], name, "CellHead")
    for row, how, text in ((table.rows[3], "restart", "{{ row.text }}"), (table.rows[5], "continue", "")):
        put(row.cells[0], text, "CellText")
        put(row.cells[1], "{{ row.measure }}", "CellText")
        put(row.cells[2], "{{ row.frequency }}", "CellCentred")
        put(row.cells[3], "{{ row.output }}", "CellText")
        row.height = Twips(482)
        merged(row.cells[0], how)
    for n, text in (
        (1, "{%tr for row in duties %}"),
        (2, "{%tr if row.first %}"),
        (4, "{%tr else %}"),
        (6, "{%tr endif %}"),
    ):
        tag(table.rows[n], text)
    copies(table.rows[6], 1)
    table.rows[7].cells[0].paragraphs[0].runs[0].text = "{%tr endfor %}"


def _closing(form: Form, what: str) -> None:
    form.write(
        f"{what}由＿＿＿＿＿＿＿＿负责解释，自"
        "{% if effective %}{{ effective }}{% else %}____年__月__日{% endif %}起施行。",
        "Body",
    )


def director_duties(look: Look) -> DocumentObject:
    """《质量安全总监职责》, Article 7."""
    form = Form(look)
    _head(form)
    form.section("一、目的与依据")
    form.write(
        "为落实产品质量安全主体责任，明确质量安全总监的职责、权限和工作要求，依据《工业产品销售单位落实质量安全主体责任监督管理规定》"
        "第三条、第四条、第七条，结合本单位实际，制定本职责。",
        "Body",
    )
    form.section("二、适用范围")
    _scope(form, "职责适用于本单位质量安全总监")
    form.section("三、任职信息")
    form.write("质量安全总监直接对本单位主要负责人负责（第七条），不得兼任质量安全员（第六条）。", "Small")
    form.rows(
        (1500, 1304, 2220, 1400, 1400, 1700),
        [
            ("姓名", "{{ row.name }}", "CellCentred"),
            ("管理层人员", "{{ row.in_management }}", "CellCentred"),
            ("任命文件", "{{ row.instrument }}", "CellCentred"),
            ("任职日期", "{{ row.start }}", "CellCentred"),
            ("对谁负责", "{{ row.reports_to }}", "CellCentred"),
            ("其他任职", "{{ row.also }}", "CellCentred"),
        ],
        "directors",
    )
    form.section("四、任职条件")
    form.rows(
        (5024, 4500),
        [("条件（第六条原文）", "{{ row.text }}", "CellText"), ("符合情况与证明", "{{ row.evidence }}", "CellText")],
        "conditions",
    )
    form.section("五、职责")
    _duties(form, "七")
    form.section("六、权限")
    for text in (
        "（一）否决建议。发现产品存在危及安全的缺陷时，提出停止相应产品销售等否决建议（第四条）。"
        "提出途径和答复时限见下表。",
        "（二）一票否决。行使质量安全一票否决权，并采取处置措施，消除质量安全隐患（第七条）。适用情形见下表。",
        "（三）检查。检查本单位各岗位质量安全责任制落实情况（第七条），为此查阅记录、进入经营和仓储场所。",
        "（四）意见建议。单位作出涉及产品质量安全的重大决策前，提出意见或建议（第四条）。",
    ):
        form.write(text, "Body")
    form.pairs(
        (2200, 4324, 1300, 1700),
        [("否决建议提出途径", "", "答复时限", ""), ("一票否决适用情形", "")],
    )
    form.section("七、工作制度")
    for text in (
        "（一）周排查。每周至少组织1次风险隐患排查，形成《每周工业产品质量安全排查治理报告》（第十一条）。",
        "（二）月汇报。每月至少向主要负责人汇报1次管理工作情况（第十二条）。",
        "（三）教育培训。对员工组织开展质量安全教育、培训和考核（第七条）。年度计划另行制定，作为本职责的附件。",
    ):
        form.write(text, "Body")
    form.section("八、保障与奖惩")
    form.write(
        "单位为质量安全总监提供必要的工作条件、教育培训和岗位待遇，充分保障其依法履行职责；建立激励约束机制的，对工作成效显著的给予表彰奖励，"
        "对履职不到位的予以惩戒（第十六条）。",
        "Body",
    )
    form.section("九、培训考核")
    form.write(
        "单位组织对质量安全总监进行法律法规、标准和专业知识培训、考核，并予以记录，存档备查；未通过考核的，不得担任质量安全总监（第十五条）。",
        "Body",
    )
    form.section("十、附则")
    _closing(form, "本职责")
    form.section("修订记录")
    form.keep(form.revisions(REVISION_WIDTHS))
    form.signatures([("质量安全总监（阅知签字）", ""), ("主要负责人（批准签字）", ""), ("单位（盖章）", "")])
    form.foot()
    return form.document


def officer_code(look: Look) -> DocumentObject:
    """《质量安全员守则》, Article 8."""
    form = Form(look)
    _head(form)
    form.section("一、目的与依据")
    form.write(
        "为落实产品质量安全主体责任，明确质量安全员的职责和行为准则，依据《工业产品销售单位落实质量安全主体责任监督管理规定》"
        "第三条、第六条、第八条，结合本单位实际，制定本守则。",
        "Body",
    )
    form.section("二、适用范围")
    _scope(form, "守则适用于本单位质量安全员")
    form.section("三、在岗人员")
    form.write(
        "质量安全员对质量安全总监或单位主要负责人负责（第八条），最多只能担任两个不相关的质量控制岗位（第六条）。",
        "Small",
    )
    form.rows(
        (1304, 1800, 2270, 1750, 1200, 1200),
        [
            ("姓名", "{{ row.name }}", "CellCentred"),
            ("门店", "{{ row.outlet }}", "CellCentred"),
            ("质量控制岗位", "{{ row.posts }}", "CellText"),
            ("任命文件", "{{ row.instrument }}", "CellCentred"),
            ("任职日期", "{{ row.start }}", "CellCentred"),
            ("对谁负责", "{{ row.reports_to }}", "CellCentred"),
        ],
        "officers",
        empty=2,
    )
    form.section("四、任职条件")
    form.rows(
        (1304, 2055, 2055, 2055, 2055),
        [
            ("姓名", "{{ row.name }}", "CellCentred"),
            ("（一）法规、强制性标准和本单位制度", "{{ row.knowledge }}", "CellText"),
            ("（二）教育背景、工作经验和技能", "{{ row.skill }}", "CellText"),
            ("（三）培训并通过考核", "{{ row.examined }}", "CellText"),
            ("（四）其他能力", "{{ row.other }}", "CellText"),
        ],
        "officers",
        empty=2,
    )
    form.section("五、职责")
    _duties(form, "八")
    form.section("六、行为准则")
    for no, text in enumerate(
        (
            "每日根据《工业产品质量安全风险管控清单》进行检查，形成《每日工业产品质量安全检查记录》（第十条）。",
            "如实、当日、完整记录检查情况，不代填、不编造。",
            "未发现问题的，也予以记录，实行零风险报告（第十条）。",
            "对发现的质量安全风险隐患，立即采取防范措施（第十条）。",
            "及时上报质量安全总监或者单位主要负责人（第十条）。上报途径：＿＿＿＿＿＿，电话：＿＿＿＿＿＿。",
            "对不合格品实施控制，予以封存、标识或者退货，督促问题处置并及时报告质量安全总监（第八条）。",
            "发现产品存在危及安全的缺陷时，提出停止相应产品销售等否决建议（第四条）。",
            "管理维护本单位销售产品质量安全档案，按要求保存相关资料（第八条）。",
            "接受和配合监督检查、缺陷产品召回、事故调查和质量安全追溯，如实提供有关材料，不隐瞒（第八条）。",
        ),
        1,
    ):
        form.write(f"{no}. {text}", "Body")
    form.section("七、保障、培训和考核")
    form.write(
        "单位为质量安全员提供必要的工作条件、教育培训和岗位待遇（第十六条），组织法律法规、标准和专业知识培训、考核，并予以记录，存档备查；"
        "未通过考核的，不得担任质量安全员（第十五条）。",
        "Body",
    )
    form.section("八、附则")
    _closing(form, "本守则")
    form.section("阅知确认")
    form.rows(
        (1904, 2620, 2800, 2200),
        [
            ("质量安全员", "{{ row.name }}", "CellCentred"),
            ("门店", "{{ row.outlet }}", "CellCentred"),
            ("签字", "", "CellCentred"),
            ("日期", "", "CellCentred"),
        ],
        "officers",
        empty=2,
    ).rows[2].height = BY_HAND
    form.section("修订记录")
    form.keep(form.revisions(REVISION_WIDTHS))
    form.signatures([("质量安全总监（签字）", ""), ("主要负责人（批准签字）", ""), ("单位（盖章）", "")])
    form.foot()
    return form.document


LIST_COLUMNS: list[Column] = [
    ("序号", "{{ row.no }}", "CellCentred"),
    ("编码", "{{ row.code }}", "CellCentred"),
    ("风险类别", "{{ row.category }}", "CellCentred"),
    ("风险点", "{{ row.point }}", "CellText"),
    ("风险描述", "{{ row.description }}", "CellText"),
    ("依据\n（标准、条款）", "{{ row.standard }}", "CellText"),
    ("风险等级", "{{ row.level }}", "CellCentred"),
    ("管控措施", "{{ row.measure }}", "CellText"),
    ("检查方法", "{{ row.method }}", "CellCentred"),
    ("频次", "{{ row.frequency }}", "CellCentred"),
    ("主要\n负责人", "{{ row.principal }}", "CellSymbol"),
    ("总监", "{{ row.director }}", "CellSymbol"),
    ("安全员", "{{ row.officer }}", "CellSymbol"),
    ("证据", "{{ row.evidence }}", "CellCentred"),
    ("适用产品", "{{ row.note }}", "CellText"),
]
LIST_WIDTHS = (700, 480, 680, 900, 1400, 1740, 1690, 560, 1740, 620, 480, 700, 560, 680, 560, 1080)
DUTY_BEARERS = (11, 13)
"""The columns under the common head 责任."""


def risk_control_list(look: Look) -> DocumentObject:
    """《工业产品质量安全风险管控清单》, Article 9: landscape, grouped by stage."""
    form = Form(look, lying=True)
    form.head()
    form.pairs(
        (1304, 2200, 1304, 2500, 1304, 2200, 1304, 2454),
        [
            ("版本", "{{ version }}", "生效日期", "{{ effective }}", "状态", "{{ status }}", "项数", "{{ total }}"),
            (
                "编制人",
                "{{ compiled_by }}",
                "批准人",
                "{{ approved_by }}",
                "批准日期",
                "{{ approved_on }}",
                "最近评审",
                "{{ reviewed }}",
            ),
            ("下次评审", "", "适用产品", "{{ products }}"),
        ],
    )
    form.gap()
    table = form.grid(LIST_WIDTHS, 13)
    _list_head(table)
    for row, how, text in ((table.rows[4], "restart", "{{ row.stage }}"), (table.rows[6], "continue", "")):
        put(row.cells[0], text, "CellCentred")
        merged(row.cells[0], how)
        for i, (_, variable, style_id) in enumerate(LIST_COLUMNS, 1):
            put(row.cells[i], variable, style_id)
    for n, text in (
        (2, "{%tr for row in items %}"),
        (3, "{%tr if row.first %}"),
        (5, "{%tr else %}"),
        (7, "{%tr endif %}"),
        (8, "{%tr endfor %}"),
        (9, "{%tr if not items %}"),
        (11, "{%tr endif %}"),
    ):
        tag(table.rows[n], text)
    for cell in table.rows[10].cells:
        put(cell, "", "CellText")
    table.rows[10].height = BY_HAND
    legend = table.rows[12]
    whole = legend.cells[0].merge(legend.cells[-1])
    put(
        whole,
        "图例　责任：@@★@@ 主管，@@●@@ 主相关，@@○@@ 相关　　风险等级：低、中、高、重大　　频次：日、周、月　　证据：照片、记录、说明、无",
        "CellText",
    )
    copies(table.rows[10], 11)
    form.gap()
    form.pairs((1304, form.width - 1304), [("附件", "{{ attachments }}"), ("备注", "{{ remark }}")])
    form.section("修订记录")
    form.keep(form.revisions((2400, 1650, 2630, 2630, 2630, 2630)))
    form.signatures([("编制：质量安全总监（签字）", ""), ("批准：主要负责人（签字）", "")], name_width=3600)
    form.foot()
    return form.document


def _list_head(table: object) -> None:
    from docx.table import Table

    assert isinstance(table, Table)
    first, last = DUTY_BEARERS
    names = ["控制\n环节", *(name for name, _, _ in LIST_COLUMNS)]
    for row in table.rows[:2]:
        repeat_head(row)
    upper, lower = table.rows[0].cells, table.rows[1].cells
    for i, name in enumerate(names):
        if first <= i <= last:
            put(lower[i], name, "CellHead")
        else:
            put(upper[i], name, "CellHead")
            put(lower[i], "", "CellHead")
            merged(upper[i], "restart")
            merged(lower[i], "continue")
    put(upper[first].merge(upper[last]), "责任", "CellHead")
