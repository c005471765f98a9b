"""自改模板。 A template changed by hand: exported, edited, checked, used (in a sandbox, in a child process).

What Word or WPS would do with a mouse is done here with python-docx: a line is added under the title, once with a slip of the pen.

    python examples/custom_template.py
"""

import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from docx import Document

import qsafety as qs
from qsafety.errors import PaperError
from qsafety.papers import export_templates
from qsafety.papers.lint import lint


def with_line(template: Path, text: str, to: Path) -> Path:
    """A copy with one more paragraph, above the number."""
    document = Document(str(template))
    number = next(p for p in document.paragraphs if "{{ number }}" in p.text)
    number.insert_paragraph_before(text)
    document.save(str(to))
    return to


with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    shop = qs.read_ledger(ledger)

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    export_templates(folder / "templates")
    original = folder / "templates" / "daily_record.docx"

    slip = with_line(original, "质检部 · {{ oficer }}", folder / "slip.docx")
    for problem in lint(slip, "daily_record"):
        print("×", problem.to("zh"))
        print(" ", problem.to("en"))
    try:
        qs.render("daily_record", shop, period="2024-01-10", outlet="M1", template=slip)
    except PaperError as error:
        print("→", error.to("zh"))

    own = with_line(original, "质检部 · {{ officer }}", folder / "own.docx")
    assert lint(own, "daily_record") == []
    paper = qs.render("daily_record", shop, period="2024-01-10", outlet="M1", template=own)
    paper.save(folder)
    print("√", next(p.text for p in Document(str(folder / paper.name)).paragraphs if "质检部" in p.text))
