"""Many papers at once: every record of a window, into one folder, with several processes where asked for."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from time import process_time

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Dossier
from qsafety.errors import PaperError, PeriodError
from qsafety.law.editions import Edition
from qsafety.law.editions import edition as edition_of
from qsafety.law.obligations import DRAFT
from qsafety.law.vocabulary import Cadence, FurtherPaper, PaperKind, SlotStatus
from qsafety.papers.asking import Asked, Window, any_period
from qsafety.papers.book import Book
from qsafety.papers.packages import digest
from qsafety.papers.paper import Paper, write_whole
from qsafety.papers.rendering import NumberParts, number_of, paper_of, plan_of
from qsafety.papers.specs import ALL, FURTHER, OFFICE, SPECS, spec_of
from qsafety.periods import ONE_DAY, Day, Period, parse

CONTROLLED = (PaperKind.DIRECTOR_DUTIES, PaperKind.OFFICER_CODE, PaperKind.RISK_CONTROL_LIST)
CADENCES = {
    Cadence.DAILY_CONTROL: PaperKind.DAILY_RECORD,
    Cadence.WEEKLY_SCREENING: PaperKind.WEEKLY_REPORT,
    Cadence.MONTHLY_COORDINATION: PaperKind.MONTHLY_MINUTES,
}
_Put = tuple[str, bool, Sequence[Bilingual]]
_CHUNK = 32
WORTH = 2.0
"""Seconds of the processor's time that processes are started for: each takes most of a second to begin, a thousand papers' worth."""


@attrs.frozen(kw_only=True)
class Skipped:
    """A paper that was not made, and why: the period has no record, or there is no such document."""

    kind: PaperKind | FurtherPaper
    outlet: str | None = None
    period: str | None = None
    why: Bilingual

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.kind), self.outlet, self.period, self.why.en)))


@attrs.frozen(kw_only=True, repr=False)
class Papers:
    """What :func:`render_many` did: ``made`` was written, ``kept`` was there already with the right digest, ``skipped`` has no record.

    ``remarks`` says by file name what is left to write of a paper.
    """

    made: Sequence[Path] = ()
    kept: Sequence[Path] = ()
    skipped: Sequence[Skipped] = ()
    remarks: Mapping[str, Sequence[Bilingual]] = attrs.field(factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every paper that is now there, by name."""
        return tuple(sorted((*self.made, *self.kept)))

    def __iter__(self) -> Iterator[Path]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.made) + len(self.kept)

    def __repr__(self) -> str:
        return f"Papers(made={len(self.made)}, kept={len(self.kept)}, skipped={len(self.skipped)})"


@attrs.frozen
class _Task:
    kind: PaperKind | FurtherPaper
    asked: Asked


@attrs.frozen
class _How:
    edition: Edition
    number: Callable[[NumberParts], str]
    profile: str


def _paper(task: _Task, plan: Book, how: _How) -> Paper:
    return paper_of(ALL[task.kind], plan, task.asked, how.edition, how.number, how.profile)


def render_many(
    dossier: Dossier,
    *,
    since: Period | date | str,
    until: Period | date | str,
    on: date | None = None,
    kinds: Iterable[PaperKind | FurtherPaper | str] | None = None,
    to: str | os.PathLike[str],
    edition: str | Edition = DRAFT,
    blank: bool = False,
    number: Callable[[NumberParts], str] = number_of,
    profile: str = OFFICE,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Papers:
    """Every paper of a window as Word files in the folder ``to``, which is made where it is missing.

    A daily record, weekly report or monthly minutes for each period whose last day lies in ``[since, until]``; the duty papers and the
    risk control list as of ``until``. ``kinds`` chooses some, and the further papers: one for each record of the window, and the
    archive index of the window as known on ``on`` (the day after it).
    Periods that were due and have no record are listed in ``skipped``, and so is
    a document that the dossier does not hold. ``blank`` gives one empty form of each kind instead.

    A file that is there with the right digest is not written again, so a run that was interrupted is finished by running it again.
    ``workers`` above 1 takes up to that many processes, where there is so much to do that starting them pays (``number`` must then be a
    function of a module, and a script needs its ``if __name__ == "__main__"``). ``progress`` is called with how many are done, of how many.
    Errors are those of :func:`qsafety.render`; a window that ends before it begins is a :class:`~qsafety.errors.PeriodError`.
    """
    first, last = any_period(since).start, any_period(until).end
    if last < first:
        raise PeriodError(
            Bilingual(f"截止日 {last} 早于起始日 {first}", f"the window ends ({last}) before it begins ({first})")
        )
    chosen = [spec_of(kind).kind for kind in kinds] if kinds is not None else list(SPECS)
    how = _How(edition_of(edition), number, profile)
    plan = plan_of(dossier)
    if blank:
        tasks: list[_Task] = [_Task(kind, Asked(blank=True)) for kind in dict.fromkeys(chosen)]
        skipped: list[Skipped] = []
    else:
        tasks, skipped = _tasks(plan, chosen, first, last, on or last + ONE_DAY)
    folder = folder_of(Path(to))
    made: list[Path] = []
    kept: list[Path] = []
    names: set[str] = set()
    remarks: dict[str, Sequence[Bilingual]] = {}
    for i, (name, new, said) in enumerate(_work(plan, tasks, how, folder, workers), 1):
        if name in names:
            raise PaperError(
                Bilingual(f"两份文书同名：{name}", f"two papers have one file name: {name}"),
                advice=Bilingual(
                    "请改门店编号，使其在文件名中也不同。", "Give the outlets ids that differ as file names too."
                ),
            )
        names.add(name)
        if said:
            remarks[name] = said
        (made if new else kept).append(folder / name)
        if progress:
            progress(i, len(tasks))
    return Papers(made=tuple(made), kept=tuple(kept), skipped=tuple(skipped), remarks=remarks)


def folder_of(folder: Path) -> Path:
    """The folder, made where it is missing; :class:`PaperError` where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise PaperError(
            Bilingual(f"无法建立文件夹 {folder}：{why}", f"cannot make the folder {folder}: {why}"),
            advice=Bilingual("请另选文件夹。", "Choose another folder."),
        ) from error
    return folder


def _tasks(
    plan: Book, kinds: Iterable[PaperKind | FurtherPaper], since: date, until: date, on: date
) -> tuple[list[_Task], list[Skipped]]:
    tasks: list[_Task] = []
    skipped: list[Skipped] = []
    wanted = set(kinds)
    for kind in SPECS:
        if kind in wanted and kind in CONTROLLED:
            try:
                SPECS[kind].choose(plan, Asked(period=Day(until)))
            except PaperError as error:
                skipped.append(Skipped(kind=kind, why=error.message))
            else:
                tasks.append(_Task(kind, Asked(period=Day(until))))
    for further, spec in FURTHER.items():
        if further in wanted:
            tasks += [_Task(further, asked) for asked in spec.each(plan, Window(since=since, until=until, on=on))]
    several = len(plan.outlet_names) > 1
    for kind, period, outlet in _periods(plan, since, until):
        if kind not in wanted:
            continue
        if kind is PaperKind.DAILY_RECORD and several and outlet is None:  # only its id says which check that is
            best = plan.best(plan.checks[None, period.start], period)
            tasks.append(_Task(kind, Asked(record=best[0].id if best else None)))
        else:
            tasks.append(_Task(kind, Asked(period=period, outlet=outlet)))
    for slot in plan.slots(since, until):
        kind = CADENCES[slot.cadence]
        if kind in wanted and slot.record is None and slot.status is not SlotStatus.NOT_REQUIRED:
            outlet = slot.outlet if several else None
            why = Bilingual("没有记录", "no record")
            skipped.append(Skipped(kind=kind, outlet=outlet, period=str(slot.period), why=why))
    return tasks, skipped


def _periods(plan: Book, since: date, until: date) -> Iterator[tuple[PaperKind, Period, str | None]]:
    """Each day and outlet, week and month that has a record and whose last day lies in the window, in order; drafts are no records."""
    daily = PaperKind.DAILY_RECORD
    for outlet, day in sorted(plan.checks, key=lambda key: (key[1], key[0] or "")):
        if since <= day <= until:
            yield daily, Day(day), outlet
    weeks = (PaperKind.WEEKLY_REPORT, plan.screenings)
    months = (PaperKind.MONTHLY_MINUTES, plan.meetings)
    for kind, records in (weeks, months):
        for text in sorted(records):
            if since <= (period := parse(text)).end <= until:
                yield kind, period, None


def _work(
    plan: Book,
    tasks: Sequence[_Task],
    how: _How,
    folder: Path,
    workers: int,
) -> Iterator[_Put]:
    began = process_time()
    for done, task in enumerate(tasks):
        if workers > 1 and done == _CHUNK and (process_time() - began) / _CHUNK * (len(tasks) - done) > WORTH:
            yield from _shared(plan, tasks[done:], how, folder, workers)
            return
        yield _put(_paper(task, plan, how), folder)


def _shared(plan: Book, tasks: Sequence[_Task], how: _How, folder: Path, workers: int) -> Iterator[_Put]:
    # spawn, for a fork of a program with threads may never end
    with ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(plan.dossier, how, folder),
    ) as pool:
        yield from pool.map(_one, tasks, chunksize=_CHUNK)


def _put(paper: Paper, folder: Path) -> _Put:
    target = folder / paper.name
    if _is(paper, target):
        return paper.name, False, paper.remarks
    write_whole(target, paper.bytes, durable=False)  # running it again finds what a power cut left
    return paper.name, True, paper.remarks


def _is(paper: Paper, target: Path) -> bool:
    """Whether a file that is there is this paper, however it was compressed."""
    try:
        content = target.read_bytes()
        return content == paper.bytes or digest(content) == paper.sha256
    except Exception:  # no file, or whatever a damaged package makes zipfile and zlib raise: it is made again
        return False


_given: list[tuple[Book, _How, Path]] = []
"""What a worker process was given when it began."""


def _begin(dossier: Dossier, how: _How, folder: Path) -> None:
    _given[:] = [(plan_of(dossier), how, folder)]


def _one(task: _Task) -> _Put:
    plan, how, folder = _given[0]
    return _put(_paper(task, plan, how), folder)
