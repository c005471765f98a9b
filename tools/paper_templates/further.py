"""The papers beside the six: Articles 3, 4, 13 and 16."""

from docx.document import Document as DocumentObject

from paper_templates.forms import BY_HAND, Form
from paper_templates.package import Look

PAIR_WIDTHS = (1604, 3158, 1604, 3158)


def _blankable(variable: str, line: str = "________") -> str:
    """A variable within a sentence, or a place to write on."""
    return f"{{% if {variable} %}}{{{{ {variable} }}}}{{% else %}}{line}{{% endif %}}"


def appointment_letter(look: Look) -> DocumentObject:
    """《质量安全人员任命书》, Articles 3 and 13."""
    form = Form(look)
    form.head()
    form.pairs(
        PAIR_WIDTHS,
        [
            ("文号", "{{ instrument }}", "变动", "{{ change }}"),
            ("姓名", "{{ person }}", "职务", "{{ post }}"),
            ("任职门店", "{{ outlet }}", "对谁负责", "{{ reports_to }}"),
            ("起始日期", "{{ start }}", "截止日期", "{{ end }}"),
            ("备注", "{{ remark }}"),
        ],
    )
    form.section("一、决定")
    form.write("{%p if removal %}", "Body")
    form.write("经研究决定，自{{ start }}起，免去{{ person }}的{{ post }}职务。", "Body")
    form.write("{%p else %}", "Body")
    form.write(
        "为落实产品质量安全主体责任，依据《工业产品销售单位落实质量安全主体责任监督管理规定》第三条，经研究决定，任命"
        + _blankable("person")
        + "为本单位"
        + _blankable("post")
        + "{% if outlet %}（{{ outlet }}）{% endif %}，自"
        + _blankable("start", "____年__月__日")
        + "起任职{% if reports_to %}，对{{ reports_to }}负责{% endif %}。",
        "Body",
    )
    form.write("{%p endif %}", "Body")
    form.write("{%p if duties or blank %}", "SectionHead")
    form.section("二、职责{% if duties %}（{{ duties_article }}）{% endif %}")
    form.write("{%p for row in duties %}", "Body")
    form.write("{{ row.text }}", "Body")
    form.write("{%p endfor %}", "Body")
    form.write("{%p endif %}", "Body")
    form.write("{%p if blank %}", "Body")
    for _ in range(6):
        form.write("", "FillLine")
    form.write("{%p endif %}", "Body")
    form.gap()
    form.signatures([("被任免人（阅知签字）", ""), ("主要负责人（签发）", ""), ("单位（盖章）", "")])
    form.foot()
    return form.document


def _veto_head(form: Form) -> None:
    form.head()
    form.pairs(
        PAIR_WIDTHS,
        [
            ("建议编号", "{{ opinion }}", "提出时间", "{{ raised_at }}{% if blank %}　　年　月　日　时　分{% endif %}"),
            ("提出人", "{{ by }}", "职务", "{{ post }}"),
            ("送达", "{{ to }}", "缺陷编号", "{{ matter }}"),
            ("涉及产品", "{{ product }}", "批次", "{{ lots }}"),
        ],
    )


def veto_recommendation(look: Look) -> DocumentObject:
    """《质量安全否决建议书》, Article 4, second paragraph."""
    form = Form(look)
    _veto_head(form)
    form.section("一、危及安全的缺陷")
    form.pairs(
        PAIR_WIDTHS,
        [
            ("发现日期", "{{ found }}", "发现人", "{{ found_by }}"),
            ("危及安全", "{{ endangers }}", "同一性缺陷", "{{ common_defect }}"),
            ("已售数量", "{{ sold }}"),
        ],
    )
    form.gap()
    form.box("{{ danger }}", height=964)
    form.section("二、否决建议")
    form.box("{{ subject }}", height=964)
    form.write(
        "依据：质量安全总监、质量安全员发现产品存在危及安全的缺陷时，应当提出停止相应产品销售等否决建议，销售单位应当立即组织分析研判，采取处置措施，"
        "消除风险隐患（第四条）。无正当理由未采纳的，应当认为质量安全总监和质量安全员已经依法履职尽责（第十六条）。",
        "Small",
    )
    form.section("三、附件（照片、检验报告等）")
    form.keep(form.box("", height=567))
    form.signatures([("提出人（签字）", ""), ("主要负责人（签收）", "")])
    form.foot()
    return form.document


def veto_reply(look: Look) -> DocumentObject:
    """《质量安全否决建议答复书》, Articles 4 and 16."""
    form = Form(look)
    _veto_head(form)
    form.section("一、建议内容")
    form.box("{{ subject }}", height=680)
    form.section("二、答复")
    form.box(
        "　@@{{ adopted_box }}@@ 采纳　　　　@@{{ partly_box }}@@ 部分采纳　　　　@@{{ rejected_box }}@@ 未采纳",
        height=454,
    )
    form.gap()
    form.pairs(PAIR_WIDTHS, [("答复人", "{{ answered_by }}", "答复时间", "{{ answered_at }}")])
    form.section("三、理由（未采纳或部分采纳的，应当说明）")
    form.box("{{ justification }}", height=680)
    form.section("四、分析研判和处置措施")
    form.box("{{ measures }}", height=680)
    form.gap()
    form.keep(
        form.pairs(
            PAIR_WIDTHS,
            [
                ("分析研判", "{{ analysed }}", "停止销售", "{{ stopped }}"),
                ("隐患消除", "{{ eliminated }}", "启动召回", "{{ recalled }}"),
                ("报告监管部门", "{{ reported }}"),
            ],
        )
    )
    form.write(
        "销售单位及其主要负责人无正当理由未采纳的，应当认为提出人已经依法履职尽责，不予处罚（第十六条）。", "Small"
    )
    form.gap()
    form.signatures([("主要负责人（签字）", ""), ("提出人（签收）", ""), ("单位（盖章）", "")])
    form.foot()
    return form.document


def stop_sale_notice(look: Look) -> DocumentObject:
    """《停止销售通知》, Article 4, second paragraph."""
    form = Form(look)
    form.head()
    form.write("致：" + _blankable("to", "________________"), "Addressed")
    form.write(
        _blankable("product", "________________")
        + "{% if lots %}（批次：{{ lots }}）{% endif %}发现缺陷，自"
        + _blankable("stopped", "____年__月__日")
        + "起停止销售。请收到本通知后立即执行：",
        "Body",
    )
    for text in (
        "（一）下架、封存、标识全部涉及产品，不得销售或者调拨；",
        "（二）清点在库和已售数量，填写回执，当日交回；",
        "（三）保存购销记录，配合分析研判、召回和监督检查；",
        "（四）未接到书面恢复通知，不得恢复销售。",
    ):
        form.write(text, "Body")
    form.section("缺陷情况")
    form.pairs(
        PAIR_WIDTHS,
        [
            ("发现日期", "{{ found }}", "发现人", "{{ found_by }}"),
            ("危及安全", "{{ endangers }}", "已售数量", "{{ sold }}"),
            ("启动召回", "{{ recalled }}", "联系电话", ""),
            ("否决建议", "{{ vetoes }}"),
            ("处置措施", "{{ measures }}"),
            ("备注", "{{ remark }}"),
        ],
    )
    form.section("回执")
    receipts = form.rows(
        (2724, 1300, 1300, 2300, 1900),
        [
            ("门店", "{{ row.outlet }}", "CellText"),
            ("在库数量", "", "CellCentred"),
            ("封存数量", "", "CellCentred"),
            ("经办人（签字）", "", "CellCentred"),
            ("日期", "", "CellCentred"),
        ],
        "addressees",
        empty=1,
    )
    receipts.rows[2].height = BY_HAND
    form.keep(receipts)
    form.signatures([("质量安全总监（签字）", ""), ("主要负责人（签发）", ""), ("单位（盖章）", "")])
    form.foot()
    return form.document


def exam_record(look: Look) -> DocumentObject:
    """《质量安全人员培训考核记录》, Article 15, first paragraph."""
    form = Form(look)
    form.head()
    form.pairs(
        PAIR_WIDTHS,
        [
            ("姓名", "{{ person }}", "考核职务", "{{ post }}"),
            ("考核日期", "{{ day }}", "考核方式", ""),
            ("成绩", "{{ score }}", "合格分数", "{{ pass_mark }}"),
        ],
    )
    form.section("一、考核前的培训")
    form.rows(
        (1400, 3724, 800, 1500, 2100),
        [
            ("日期", "{{ row.on }}", "CellCentred"),
            ("培训内容", "{{ row.topics }}", "CellText"),
            ("学时", "{{ row.hours }}", "CellCentred"),
            ("培训人", "{{ row.trainer }}", "CellCentred"),
            ("附件", "{{ row.files }}", "CellText"),
        ],
        "trainings",
        empty=3,
    )
    form.section("二、考核内容（法律法规、标准和专业知识）")
    form.box("", height=1400)
    form.section("三、考核结论")
    form.box("　@@{{ passed_box }}@@ 合格　　　　@@{{ failed_box }}@@ 不合格", height=454)
    form.write(
        "未通过考核的人员不得担任相应岗位的质量安全管理人员；培训、考核情况予以记录，存档备查（第十五条）。", "Small"
    )
    form.gap()
    form.keep(form.pairs((1604, form.width - 1604), [("试卷等附件", ""), ("备注", "{{ remark }}")]))
    form.signatures([("被考核人（签字）", ""), ("考核人（签字）", ""), ("单位（盖章）", "")])
    form.foot()
    return form.document


def safe_harbour_sheet(look: Look) -> DocumentObject:
    """《尽职免责情况表》, Article 16, last paragraph."""
    form = Form(look)
    form.head()
    form.pairs(
        PAIR_WIDTHS,
        [
            ("提出人", "{{ person }}", "职务", "{{ post }}"),
            ("意见编号", "{{ opinion }}", "类别", "{{ sort }}"),
            ("提出时间", "{{ raised_at }}", "截至", "{{ as_of }}"),
            ("意见内容", "{{ subject }}"),
            ("所涉事项", "{{ matter }}"),
            ("答复", "{{ answer }}", "答复时间", "{{ answered_at }}"),
            ("答复人", "{{ answered_by }}"),
            ("未采纳理由", "{{ justification }}"),
        ],
    )
    form.section("一、记录所示")
    form.box(
        "　@@{{ applies_box }}@@ 从记录看适用　　　@@{{ not_box }}@@ 不适用"
        "　　　@@{{ judge_box }}@@ 需人工判断　　　@@{{ unknown_box }}@@ 资料不足",
        height=454,
    )
    form.gap()
    form.box("{{ reason }}", height=620)
    form.section("二、依据的记录")
    form.rows(
        (700, 6124, 2700),
        [
            ("序号", "{{ row.no }}", "CellCentred"),
            ("事实", "{{ row.text }}", "CellText"),
            ("记录编号", "{{ row.source }}", "CellCentred"),
        ],
        "grounds",
        empty=2,
    )
    form.section("三、条文（第十六条末款）")
    form.write("{{ provision }}", "Body")
    form.section("四、人工判断（理由是否正当等）")
    form.keep(form.box("", height=1200))
    form.write("{{ disclaimer }}", "Small")
    form.gap()
    form.signatures([("填表人（签字）", ""), ("单位（盖章）", "")])
    form.foot()
    return form.document


def archive_index(look: Look) -> DocumentObject:
    """《存档目录》, Article 13: landscape, for a line says much."""
    form = Form(look, lying=True)
    form.head()
    form.pairs(
        (1304, 2200, 1304, 2500, 1304, 2200, 1304, 2454),
        [("起始日", "{{ since }}", "截止日", "{{ until }}", "截至所知", "{{ known_on }}", "条目数", "{{ total }}")],
    )
    form.section("一、汇总")
    form.rows(
        (900, 7270, 1600, 1600, 1600, 1600),
        [
            ("类号", "{{ row.slot }}", "CellCentred"),
            ("存档内容（第十三条）", "{{ row.title }}", "CellText"),
            ("已有份数", "{{ row.present }}", "CellCentred"),
            ("其中逾期补录", "{{ row.late }}", "CellCentred"),
            ("缺", "{{ row.missing }}", "CellCentred"),
            ("资料不足", "{{ row.unknown }}", "CellCentred"),
        ],
        "slots",
    )
    form.gap()
    form.signatures([("整理人（签字）", ""), ("质量安全总监（签字）", "")], name_width=3600)
    form.write("二、目录", "SectionHead").paragraph_format.page_break_before = True  # the summary is a cover
    form.rows(
        (700, 700, 3400, 1300, 1500, 900, 2570, 1400, 2100),
        [
            ("序号", "{{ row.no }}", "CellCentred"),
            ("类号", "{{ row.slot }}", "CellCentred"),
            ("存档内容", "{{ row.title }}", "CellText"),
            ("期间", "{{ row.period }}", "CellCentred"),
            ("门店", "{{ row.outlet }}", "CellText"),
            ("状态", "{{ row.state }}", "CellCentred"),
            ("记录编号", "{{ row.source }}", "CellText"),
            ("摘要\n（前12位）", "{{ row.hash }}", "CellCentred"),
            ("文件", "{{ row.file }}", "CellText"),
        ],
        "entries",
        empty=12,
    )
    form.foot()
    return form.document
