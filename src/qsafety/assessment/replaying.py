"""An answer given again, from its receipt."""

from collections.abc import Mapping
from typing import Any

from qsafety.assessment import assess
from qsafety.assessment.receipts import Receipt
from qsafety.assessment.report import Report
from qsafety.dossier import Dossier
from qsafety.law.editions import Edition
from qsafety.law.readings import Readings


def replay(receipt: Receipt | Mapping[str, Any], dossier: Dossier, *, edition: Edition | None = None) -> Report:
    """The report that a receipt is of, from the same dossier; ``edition`` where it was made with a folder of the user's.

    Raises :class:`~qsafety.assessment.receipts.ReceiptError` where the version, the edition, its text or the dossier is another,
    and names which.

    >>> from datetime import date
    >>> from qsafety.dossier import Seller
    >>> shop = Dossier(seller=Seller(id="s", name="店"))
    >>> report = assess(shop, on=date(2024, 2, 1), readings={"size_class": "both"})
    >>> replay(report.receipt.to_dict(), shop).to_dict() == report.to_dict()
    True
    """
    asked = Receipt.of(receipt)
    chosen = asked.edition if edition is None else edition
    report = assess(dossier, on=asked.on, since=asked.since, edition=chosen, readings=Readings.of(asked.readings))
    asked.refuse(report.receipt)
    return report
