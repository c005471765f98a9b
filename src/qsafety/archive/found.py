"""What a check of a pack has found so far."""

from qsafety.archive.problems import PackProblem, Property
from qsafety.bilingual import Bilingual

ASK = Bilingual("请取得原件", "ask for the original")


class Found:
    """Problems, in the order in which they were met, and notes: what is worth knowing and no damage."""

    def __init__(self) -> None:
        self.problems: list[PackProblem] = []
        self.notes: list[Bilingual] = []

    def wrong(self, of: Property, path: str, zh: str, en: str, hint: Bilingual = ASK) -> None:
        """One thing that is wrong."""
        self.problems.append(PackProblem(of, path, Bilingual(zh, en), hint))

    def note(self, zh: str, en: str) -> None:
        """One thing that is worth knowing."""
        self.notes.append(Bilingual(zh, en))


def shown(path: str) -> str:
    """A path of the disk as it can be shown."""
    return path.encode("utf-8", "backslashreplace").decode()
