"""An edition from its folder: whole, or an overlay on a shipped one. A folder is data only; nothing in it is executed.

``edition.toml`` says what it is. ``text.txt``, ``obligations.toml`` and ``definitions.toml`` are what an overlay may leave
out: then they are those of the edition that it ``inherits``. Everything that is wrong is told at once, with file and line.
"""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import attrs

from qsafety.bilingual import Bilingual, join
from qsafety.errors import EditionErrors, EditionProblem
from qsafety.law.data import FOLDER
from qsafety.law.duties import Duties
from qsafety.law.messages import message
from qsafety.law.obligations import DRAFT, edition_ids
from qsafety.law.provisions import (
    Certainty,
    DefinedTerm,
    Difference,
    Edition,
    Parameter,
    Provision,
    named_pieces,
    touches,
    upwards,
)
from qsafety.law.tables import Folder, Table
from qsafety.law.vocabulary import EditionStatus, ProvisionKind

FILES = ("edition.toml", "text.txt", "obligations.toml", "definitions.toml")
"""The files of an edition; any other in its folder is not looked at."""

_HEAD = (
    "id",
    "inherits",
    "title",
    "issuer",
    "number",
    "promulgated_on",
    "effective_on",
    "status",
    "verified_on",
    "source",
)
_BODY = ("sha256", "notice", "kinds", "provisions", "verified", "obligations", "dropped", "parameters", "differences")
_ID = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def from_folder(path: Path) -> Edition:
    """The edition in a folder; :class:`EditionErrors` with everything that is wrong."""
    folder = Folder(path)
    if not path.is_dir():
        what = Bilingual("没有这个文件夹", "there is no such folder")
        raise EditionErrors(str(path), [EditionProblem(str(path), None, what)])
    values = folder.toml("edition.toml")
    if values is None:
        if not folder.problems:
            folder.wrong("edition.toml", (), "没有这个文件", "there is no such file")
        raise folder.refused()
    shipped = path.resolve().parent == FOLDER.resolve()
    read = _Reading(folder, Table(folder, "edition.toml", values), shipped)
    found = read.edition()
    if folder.problems or found is None:
        raise folder.refused()
    return found


@attrs.define
class _Reading:
    folder: Folder
    about: Table
    shipped: bool
    base: Edition | None = None

    def edition(self) -> Edition | None:
        """The edition, or None where problems leave none."""
        about = self.about
        about.only([*_HEAD, *_BODY])
        for key in ("id", "title", *(() if "inherits" in about.values else ("issuer", "status", "source"))):
            about.needs(key)
        id_, title, issuer, source = self._id(), about.both("title"), about.both("issuer"), about.both("source")
        status, number = about.word("status", EditionStatus), about.text("number")
        days = {name: about.day(name) for name in ("promulgated_on", "effective_on", "verified_on")}
        base = self.base = self._base()
        if base is None and "inherits" in about.values:
            return None
        provisions = self._provisions()
        duties = Duties(self.folder, about, base, self._known())
        obligations = duties.obligations()
        dropped = duties.dropped(obligations)
        duties.rest_on(provisions, obligations, dropped)
        notice = self._notice(id_, title, status or (base.status if base else None))
        differences = self._differences(provisions)
        parameters = self._parameters()
        defines = self._defines(provisions)
        if base is not None:
            issuer, status = issuer or base.issuer, status or base.status
            source = source or Bilingual(
                f"沿用 {base.id}，并作所列改动", f"{base.id}, with the changes that are listed"
            )
        if self.folder.problems or not (id_ and title and issuer and source and status and notice):
            return None
        text = "".join(p.text for p in provisions)
        made = Edition(
            id=id_,
            title=title,
            issuer=issuer,
            number=number,
            status=status,
            **days,
            source=source,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            data_sha256=None if self.shipped else self._digest(),
            provisions=provisions,
            obligations=obligations,
            dropped=dropped,
            defines=defines,
            parameters=parameters,
            inherits=base.id if base else None,
            differences=differences,
            notice=notice,
        )
        return None if self.folder.problems else self._no_namesake(made)

    def _base(self) -> Edition | None:
        from qsafety.law.editions import edition

        name = self.about.text("inherits")
        if name is None:
            return None
        if name not in edition_ids():
            self.about.unknown("inherits", Bilingual("随附的版本", "shipped edition"), name, edition_ids())
            return None
        if self.shipped and name == self.folder.path.name:
            self.about.wrong("inherits", "版本不能沿用自身", "an edition cannot inherit itself")
            return None
        return edition(name)

    def _known(self) -> Edition | None:
        """The edition that says which obligations and figures there are: their ids are permanent, and rules rest on them."""
        from qsafety.law.editions import edition

        return None if self.shipped and self.folder.path.name == DRAFT else edition(DRAFT)

    def _id(self) -> str | None:
        id_ = self.about.text("id")
        if id_ is not None and not (set(id_) <= _ID and len(id_) <= 64):
            self.about.expect(
                "id", id_, "不超过 64 个字母、数字、点、短横", "at most 64 letters, digits, dots and hyphens"
            )
            return None
        return id_

    def _digest(self) -> str:
        """One digest of everything the folder says, whatever the files' dates and order."""
        sums = [f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in sorted(self.folder.files.items())]
        return hashlib.sha256("\n".join(sums).encode()).hexdigest()

    def _no_namesake(self, made: Edition) -> Edition | None:
        """A copy of a shipped edition is that edition; anything else under its id would be taken for it."""
        from qsafety.law.editions import edition

        if self.shipped or made.id not in edition_ids():
            return made
        theirs = {path.name: path.read_bytes() for name in FILES if (path := FOLDER / made.id / name).exists()}
        if theirs == self.folder.files:
            return edition(made.id)
        self.about.wrong(
            "id",
            f"“{made.id}”是随附版本的编号，内容却不同；请另取编号",
            f"{made.id!r} is the id of a shipped edition, and this is another; choose another id",
        )
        return None

    # ------------------------------------------------------------------ the text

    def _provisions(self) -> tuple[Provision, ...]:
        text = self.folder.text("text.txt")
        inherited = self.base.provisions if self.base else ()
        if text is None:
            if self.base is None and not any(p.file == "text.txt" for p in self.folder.problems):
                self.folder.wrong(
                    "text.txt",
                    (),
                    "没有这个文件；不沿用随附版本的，须有全文",
                    "there is no such file; an edition that inherits none has its whole text",
                )
            base = self.base.id if self.base else None
            found = tuple(attrs.evolve(p, inherited_from=p.inherited_from or base) for p in inherited)
        else:
            self._same_text(text)
            found = tuple(self._pieces(text, {p.id: p.kind for p in inherited}))
        return self._verified(self._reworded(found))

    def _same_text(self, text: str) -> None:
        stated, found = self.about.text("sha256"), hashlib.sha256(text.encode()).hexdigest()
        if stated is not None and stated != found:
            remedy = ("请重新安装 qsafety", "install qsafety again")
            if self.about.values.get("id") not in edition_ids():
                remedy = ("若改动是有意的，请写上新的值", "if the change is meant, write the new value")
            self.about.wrong(
                "sha256",
                f"条文与其 SHA-256 不符：应为 {stated}，实为 {found}；{remedy[0]}",
                f"the text does not match its SHA-256: expected {stated}, got {found}; {remedy[1]}",
            )

    def _pieces(self, text: str, kinds: dict[str, ProvisionKind]) -> Iterator[Provision]:
        table = self.about.inner("kinds")
        if table is not None:
            table.only([*map(str, ProvisionKind)])
            for kind in ProvisionKind:
                kinds |= dict.fromkeys(table.texts(str(kind)) or (), kind)
        seen: set[str] = set()
        try:
            pieces = list(named_pieces(text))
        except ValueError:
            self.folder.wrong("text.txt", (), "条号无法读懂", "the number of an article cannot be understood")
            return
        for id_, article, paragraph, item, heading, words in pieces:
            if not article or id_ in seen:
                self.folder.wrong(
                    "text.txt",
                    (),
                    f"“{words.strip()[:20]}……”之前没有条号，或条号重复",
                    f"no number of an article before {words.strip()[:20]!r}…, or one that comes twice",
                )
                continue
            seen.add(id_)
            if id_ not in kinds:
                place = table or self.about
                place.wrong("", f"[kinds] 没有说明 {id_} 的性质", f"[kinds] does not say what {id_} does")
                continue
            yield Provision(
                id=id_, article=article, paragraph=paragraph, item=item, heading=heading, text=words, kind=kinds[id_]
            )

    def _reworded(self, found: tuple[Provision, ...]) -> tuple[Provision, ...]:
        """The pieces, those whose words ``[provisions]`` gives with these."""
        table = self.about.inner("provisions")
        if table is None:
            return found
        table.only([p.id for p in found])
        result = []
        for piece in found:
            words = table.text(piece.id)
            if words is not None:
                tail = piece.text[len(piece.text.rstrip()) :]
                piece = attrs.evolve(piece, text=words.strip() + tail, inherited_from=None)
            result.append(piece)
        return tuple(result)

    def _verified(self, found: tuple[Provision, ...]) -> tuple[Provision, ...]:
        """The pieces, those that were compared with the published text and found the same no longer marked as inherited."""
        named = self.about.texts("verified") or ()
        for id_ in named:
            if not any(touches(id_, p.id) for p in found):
                self.about.unknown("verified", Bilingual("条款", "provision"), id_, [p.id for p in found])
        return tuple(
            attrs.evolve(p, inherited_from=None) if any(f"{p.id}.".startswith(f"{id_}.") for id_ in named) else p
            for p in found
        )

    # ------------------------------------------------------------------ figures, terms, differences, notice

    def _parameters(self) -> tuple[Parameter, ...]:
        rows = {p.name: p for p in self.base.parameters} if self.base else {}
        known = self._known()
        for group in self.about.tables("parameters"):
            group.only(("unit", "valid_from", "provision", "basis", "values"))
            values = group.inner("values")
            if not (group.needs("unit") & group.needs("basis") & group.needs("values")) or values is None:
                continue
            unit, basis = group.text("unit"), group.both("basis")
            for name in values.values:
                if known is not None and name not in (p.name for p in known.parameters):
                    values.unknown(name, Bilingual("参数", "parameter"), name, [p.name for p in known.parameters])
                elif unit is not None and basis is not None:
                    rows[name] = Parameter(
                        name=name,
                        value=self._figure(values, name),
                        unit=unit,
                        valid_from=group.day("valid_from"),
                        provision=group.text("provision") or (rows[name].provision if name in rows else ""),
                        basis=basis,
                    )
        if known is not None and (missing := [p.name for p in known.parameters if p.name not in rows]):
            listed = ", ".join(missing)
            self.about.wrong("parameters", f"缺少参数：{listed}", f"parameters are missing: {listed}")
        return tuple(rows.values())

    def _figure(self, table: Table, name: str) -> Decimal | None:
        value = table.values[name]
        if value == "none":
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and number >= 0 and number.adjusted() <= 30:
                return number
        table.expect(name, value, '不小于 0 的数，或 "none"', 'a number of at least 0, or "none"')
        return None

    def _defines(self, provisions: tuple[Provision, ...]) -> tuple[DefinedTerm, ...]:
        own = self.folder.toml("definitions.toml")
        if own is None:
            return self.base.defines if self.base else ()
        table = Table(self.folder, "definitions.toml", own)
        table.only([p.id for p in provisions])
        found = []
        for id_ in table.values:
            row = table.inner(id_)
            if row is None:
                continue
            row.only(("zh", "en", "also"))
            term, also = row.bilingual(), row.texts("also") or ()
            if term is not None:
                found.append(DefinedTerm(provision=id_, term=term, also=also))
        return tuple(found)

    def _differences(self, provisions: tuple[Provision, ...]) -> tuple[Difference, ...]:
        """The differences that are stated, and those of the base in provisions of which nothing is stated."""
        ids = {id_ for p in provisions for id_ in upwards(p.id)}
        found: list[Difference] = []
        for row in self.about.tables("differences"):
            row.only(("provision", "certainty", "draft", "other"))
            if not all([row.needs(key) for key in ("provision", "certainty", "draft", "other")]):
                continue
            provision, certainty = row.text("provision"), row.word("certainty", Certainty)
            draft, other = row.both("draft"), row.both("other")
            if provision is not None and ids and provision not in ids:
                row.unknown("provision", Bilingual("条款", "provision"), provision, ids)
            elif provision in ids and certainty and draft and other:
                found.append(Difference(provision=provision, draft=draft, other=other, certainty=certainty))
        old = self.base.differences if self.base else ()
        kept = [d for d in old if not any(touches(d.provision, own.provision) for own in found)]
        return tuple(sorted([*kept, *found], key=lambda d: [int(n) for n in d.provision.split(".")]))

    def _notice(self, id_: str | None, title: Bilingual | None, status: EditionStatus | None) -> Bilingual | None:
        """What reports say: of a shipped edition its own words; of another whose it is, and what its makers add."""
        if self.shipped:
            name = self.about.text("notice")
            return message("general", name) if name else None
        own = self.about.both("notice") if "notice" in self.about.values and not self._named_notice() else None
        if id_ is None or title is None:
            return None
        said = Bilingual(
            f"本报告依据使用者提供的版本 {id_}（{title.zh}），其条文与数据由提供者负责",
            f"This report is based on {id_} ({title.en}), an edition that its user brought and answers for",
        )
        if self.base is not None:
            marked = Bilingual(
                f"沿用 {self.base.id} 的条文均标注“沿用，未经核对”",
                f"words taken from {self.base.id} are marked “inherited, not verified”",
            )
            said = join([said, marked])
        head = [message("general", "draft_notice")] if status is EditionStatus.DRAFT else []
        return join([*head, said, *([own] if own else [])], zh="。", en=". ")

    def _named_notice(self) -> bool:
        """Whether ``notice`` names a text of ours, as in a copy of a shipped edition."""
        return self.about.values["notice"] in ("draft_notice", "order76_notice")
