"""Build the Word templates of the papers: python tools/build_templates.py [FOLDER].

The templates are committed; this script is how they came to be, and how they are changed. python-docx adds the content to a package that is
made here by hand, because the one that python-docx brings holds a part that Word repairs. Chinese fonts are named, never bundled.
"""

import io
import itertools
import sys
from collections.abc import Callable
from pathlib import Path

from docx.document import Document as DocumentObject

from qsafety.papers.packages import Properties, settle

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # its parts stand beside it, wherever it is run from

from paper_templates.controlled import director_duties, officer_code, risk_control_list  # noqa: E402 (see above)
from paper_templates.further import (  # noqa: E402 (see above)
    appointment_letter,
    archive_index,
    exam_record,
    safe_harbour_sheet,
    stop_sale_notice,
    veto_recommendation,
    veto_reply,
)
from paper_templates.package import LOOKS, Look  # noqa: E402 (see above)
from paper_templates.periodic import daily_record, monthly_minutes, weekly_report  # noqa: E402 (see above)

FOLDER = HERE.parent / "src" / "qsafety" / "papers" / "templates"

TEMPLATES: dict[str, Callable[[Look], DocumentObject]] = {
    "director_duties": director_duties,
    "officer_code": officer_code,
    "risk_control_list": risk_control_list,
    "daily_record": daily_record,
    "weekly_report": weekly_report,
    "monthly_minutes": monthly_minutes,
    "appointment_letter": appointment_letter,
    "veto_recommendation": veto_recommendation,
    "veto_reply": veto_reply,
    "stop_sale_notice": stop_sale_notice,
    "exam_record": exam_record,
    "safe_harbour_sheet": safe_harbour_sheet,
    "archive_index": archive_index,
}


def build(folder: Path) -> None:
    """Write every template; the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for (name, make), (profile, look) in itertools.product(TEMPLATES.items(), LOOKS.items()):
        package = io.BytesIO()
        make(look).save(package)
        properties = Properties(title=name, subject="", author="qsafety", keywords="")
        file = f"{name}.docx" if profile == "office" else f"{name}.{profile}.docx"
        (folder / file).write_bytes(settle(package.getvalue(), properties))


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
