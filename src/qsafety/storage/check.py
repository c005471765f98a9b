"""Whether a store is sound: records against their digests and days, histories without gaps, journals whose links hold."""

from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from qsafety.bilingual import Bilingual, Lang, same
from qsafety.codec import canonical
from qsafety.dossier import Person
from qsafety.errors import QSafetyError, SchemaTooNewError, SchemaTooOldError, StoreError, TransientError
from qsafety.storage.backend import Backend, RawRecord, Transaction
from qsafety.storage.given import COLLECTIONS_KIND, Given
from qsafety.storage.journal import ERASURE, Entry, entry
from qsafety.storage.records import (
    SCHEMA,
    content_of,
    day_of,
    digest_of,
    fact_of,
    place_of,
)
from qsafety.storage.walking import PAGE, records, sellers

Key = tuple[str, str, int]


@frozen
class StoreProblem:
    """One thing that is damaged: ``where`` is the seller, the record and its version, or the event."""

    code: str
    where: str
    message: Bilingual

    def to(self, lang: Lang) -> str:
        """A line: where, and what."""
        return f"{self.where}: {self.message.to(lang)}" if self.where else self.message.to(lang)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``code``, ``where``, and ``message`` in zh and en."""
        return {"code": self.code, "where": self.where, "message": self.message.to_dict()}


@frozen
class StoreCheck:
    """What a check found. ``notes`` are worth knowing and no damage."""

    sellers: int
    records: int
    problems: tuple[StoreProblem, ...] = field(repr=False)
    notes: tuple[Bilingual, ...] = field(repr=False)
    ok: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "ok", not self.problems)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "ok": self.ok,
            "sellers": self.sellers,
            "records": self.records,
            "problems": [problem.to_dict() for problem in self.problems],
            "notes": [note.to_dict() for note in self.notes],
        }


def check(backend: Backend, timeout: float) -> StoreCheck:
    """Look at everything in a store; damage is reported, never raised; another layout or a lost server is."""
    found = _Findings()
    try:
        for line in backend.check():
            found.problem("structure", "", same(line))
        with backend.begin(write=False, timeout=timeout) as tx:
            for seller in sellers(tx):
                found.sellers += 1
                try:
                    _check_seller(tx, seller, found)
                except TransientError:
                    raise
                except StoreError as error:
                    found.problem(error.code, seller, error.message)
                except Exception as error:  # a file that was edited by hand can hold anything anywhere
                    line = Bilingual(f"无法读取：{error}", f"it cannot be read: {error}")
                    found.problem("unreadable", seller, line)
    except (SchemaTooOldError, SchemaTooNewError, TransientError):
        raise  # it cannot be looked at here and now, which is no damage
    except StoreError as error:
        found.problem(error.code, "", error.message)
    return StoreCheck(found.sellers, found.records, tuple(found.problems), tuple(found.notes))


class _Findings:
    def __init__(self) -> None:
        self.sellers = 0
        self.records = 0
        self.problems: list[StoreProblem] = []
        self.notes: list[Bilingual] = []

    def problem(self, code: str, where: str, message: Bilingual) -> None:
        self.problems.append(StoreProblem(code, where, message))


def _check_seller(tx: Transaction, seller: str, found: _Findings) -> None:
    lines = list(_check_chain(tx, seller, found))
    put: dict[Key, Entry] = {}
    erased = {line.key: line for line in lines if line.kind == ERASURE}
    for line in lines:
        if line.kind != ERASURE and put.setdefault((line.kind, line.key, line.version), line) is not line:
            found.problem(
                "journal",
                f"{seller}#{line.seq}",
                Bilingual("同一版本在日志中出现两次", "one version comes twice in the journal"),
            )
    if not lines:
        found.notes.append(Bilingual(f"{seller}：没有日志链", f"{seller}: no chain (the journal is the host's)"))
    for latest in records(tx, seller):
        found.records += 1
        history = list(tx.history(seller, latest.kind, latest.key))
        if [record.version for record in history] != list(range(1, latest.version + 1)) or history[-1] != latest:
            found.problem("history", place_of(latest), Bilingual("历史版本不连续", "its history has gaps"))
        for record in history:
            _check_record(record, erased.get(record.key), found)
            if lines:
                _check_line(record, put.pop((record.kind, record.key, record.version), None), found)
    for line in put.values():
        found.problem(
            "journal",
            f"{seller}#{line.seq}",
            Bilingual(
                f"日志所载 {line.kind}/{line.key} 第 {line.version} 版不存在",
                f"it names {line.kind}/{line.key} v{line.version}, which is not there",
            ),
        )


def _check_chain(tx: Transaction, seller: str, found: _Findings) -> Iterator[Entry]:
    """The entries that can be read; a problem for each that does not follow the one before."""
    seq, prev, at = 0, "", ""
    after = 0
    while page := list(tx.events(seller, after=after, limit=PAGE)):
        for raw in page:
            line = entry(raw)
            where = f"{seller}#{line.seq}"
            if line.seq != seq + 1 or line.prev != prev:
                found.problem("chain", where, Bilingual("与前一条不相接", "it does not follow the event before"))
            if not line.holds():
                found.problem("chain", where, Bilingual("链值与内容不符", "its link is not that of its content"))
            if line.at < at:
                note = f"at {line.at}, before the event ahead of it ({at}): the clock went back"
                found.notes.append(
                    Bilingual(f"{where}：时间 {line.at} 早于前一条（{at}），时钟曾回拨", f"{where}: {note}")
                )
            seq, prev, at = line.seq, line.link, line.at
            yield line
        after = page[-1].seq
    if tx.head(seller) != (seq, prev):
        found.problem("chain", seller, Bilingual("日志末尾与链首不符", "the journal does not end at its head"))


def _check_record(record: RawRecord, erased: Entry | None, found: _Findings) -> None:
    where = place_of(record)
    if record.schema > SCHEMA:
        found.notes.append(
            Bilingual(f"{where}：由更新版本写成，未检查内容", f"{where}: written by a newer qsafety, not read")
        )
        return
    if not record.body:
        if record.kind == Person.KIND and erased is not None and record.version <= erased.version:
            when = erased.at[:10]
            found.notes.append(Bilingual(f"{where}：已于 {when} 清除", f"{where}: erased on {when}"))
        else:
            found.problem("body", where, Bilingual("内容缺失", "its body is missing"))
        return
    if digest_of(record.body) != record.digest:
        found.problem("digest", where, Bilingual("内容与摘要不符", "its body does not match its digest"))
        return
    try:
        if record.kind == COLLECTIONS_KIND:
            Given.read(record)
            return
        fact = fact_of(record)
    except QSafetyError as error:
        found.problem("body", where, error.message)
        return
    assert fact is not None  # its body is not empty
    day = day_of(fact)
    if fact.id != record.key or canonical(fact) != content_of(record):
        found.problem(
            "body", where, Bilingual("内容不是其键所指的记录", "its body is not the record that its key names")
        )
    if record.day != (day.isoformat() if day else None):
        found.problem(
            "day",
            where,
            Bilingual(
                f"索引日期 {record.day} 与内容（{day}）不符", f"it is indexed under {record.day}, and is about {day}"
            ),
        )


def _check_line(record: RawRecord, line: Entry | None, found: _Findings) -> None:
    where = place_of(record)
    if line is None:
        found.problem("journal", where, Bilingual("不在日志中", "it is not in the journal"))
    elif line.digest != record.digest or (record.at and line.at != record.at):
        found.problem("journal", where, Bilingual("与日志所载不符", "it is not what the journal says"))
