"""What each paper is: its place in the regulation, its letter in document numbers, its template."""

from collections.abc import Mapping
from importlib.resources import files

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError, UnknownWordError
from qsafety.law.vocabulary import PaperKind


@attrs.frozen
class Spec:
    """One of the mandated papers. ``provision`` is the article that asks for it, ``letter`` its mark in document numbers."""

    kind: PaperKind
    letter: str
    provision: str
    keyword: str

    @property
    def title(self) -> str:
        """The name of the paper, without its 《》."""
        return self.kind.zh.strip("《》")

    @property
    def template(self) -> bytes:
        """The shipped Word template."""
        return (files("qsafety.papers") / "templates" / f"{self.kind}.docx").read_bytes()


SPECS: Mapping[PaperKind, Spec] = {
    spec.kind: spec for spec in [Spec(PaperKind.DAILY_RECORD, letter="D", provision="10", keyword="日管控")]
}


def spec_of(kind: PaperKind | str) -> Spec:
    """The paper of a kind; a word that is none is a :class:`PaperError` with the nearest.

    >>> spec_of("daily_record").title
    '每日工业产品质量安全检查记录'
    """
    try:
        return SPECS[PaperKind(kind)]
    except UnknownWordError as error:
        raise PaperError(
            Bilingual(f"没有名为“{kind}”的文书", f"there is no paper named {str(kind)!r}"), advice=error.advice
        ) from None
    except KeyError:
        raise PaperError(
            Bilingual(f"本版本还不能出具“{kind}”", f"this version cannot render {str(kind)!r} yet"),
            advice=Bilingual(f"可用：{'、'.join(SPECS)}。", f"Available: {', '.join(SPECS)}."),
        ) from None
