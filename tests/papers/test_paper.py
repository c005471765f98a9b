"""A paper on its way to the disk: whole or not at all; its digest is of what is in it."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from qsafety.dossier import Dossier
from qsafety.errors import PaperError
from qsafety.papers import Paper, render
from qsafety.papers.packages import CORE, EPOCH, digest
from qsafety.papers.paper import write_whole


@pytest.fixture(scope="module")
def paper(shop: Dossier) -> Paper:
    return render("daily_record", shop, period="2024-01-10", outlet="M1")


def test_the_digest_is_of_the_lines_of_the_parts(paper: Paper) -> None:
    with zipfile.ZipFile(io.BytesIO(paper.bytes)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    lines = sorted(f"{name}\t{hashlib.sha256(content).hexdigest()}\n" for name, content in parts.items())
    assert paper.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert "word/document.xml" in parts


def test_the_digest_does_not_depend_on_how_it_was_packed(paper: Paper) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(paper.bytes)) as file, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as other:
        for name in reversed(file.namelist()):
            other.writestr(name, file.read(name))
    assert packed.getvalue() != paper.bytes
    assert digest(packed.getvalue()) == paper.sha256


def test_times_order_and_properties_are_fixed(paper: Paper) -> None:
    from docx import Document

    with zipfile.ZipFile(io.BytesIO(paper.bytes)) as file:
        entries = file.infolist()
        assert "1980-01-01T00:00:00Z" in file.read(CORE).decode()
    assert {(e.date_time, e.create_system, e.external_attr) for e in entries} == {(EPOCH, 3, 0o600 << 16)}
    names = [e.filename for e in entries]
    assert names[:2] == ["[Content_Types].xml", "_rels/.rels"]
    assert names[2:] == sorted(names[2:])
    properties = Document(io.BytesIO(paper.bytes)).core_properties
    assert properties.title == "每日工业产品质量安全检查记录"
    assert properties.subject.endswith("第十条")
    assert properties.author == "杭州拟行电动自行车销售有限公司"
    assert properties.keywords == "日管控 hz01-D-2024-01-10-M1"


def test_it_says_what_it_is_in_one_line(paper: Paper) -> None:
    said = repr(paper)
    assert said.startswith("Paper(daily_record, 'hz01-D-2024-01-10-M1', ")
    assert paper.sha256[:12] in said
    assert len(said) < 120


def test_it_is_saved_where_asked_or_into_a_folder_under_its_usual_name(paper: Paper, tmp_path: Path) -> None:
    assert paper.save(tmp_path / "记录.docx") == tmp_path / "记录.docx"
    assert paper.save(str(tmp_path)) == tmp_path / "daily_record-M1-2024-01-10.docx"
    assert {p.read_bytes() for p in tmp_path.iterdir()} == {paper.bytes}
    assert len(list(tmp_path.iterdir())) == 2  # nothing beside them


def test_what_was_there_is_replaced(paper: Paper, tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    target.write_bytes(b"old")
    paper.save(target)
    assert target.read_bytes() == paper.bytes


def test_a_missing_folder_is_named(paper: Paper, tmp_path: Path) -> None:
    target = tmp_path / "none" / "a.docx"
    with pytest.raises(PaperError) as caught:
        paper.save(target)
    assert str(caught.value).startswith(f"cannot write {target}: ")
    assert str(target) in caught.value.to("zh")
    assert not target.parent.exists()


def test_a_folder_that_is_a_file_is_refused(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(PaperError, match="cannot write"):
        paper.save(tmp_path / "file" / "a.docx")


def test_a_folder_that_cannot_be_written_is_refused(paper: Paper, tmp_path: Path) -> None:
    superuser = hasattr(os, "geteuid") and os.geteuid() == 0
    folder = Path("/proc") if superuser else tmp_path  # where not even the superuser may make a file
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(PaperError, match="cannot write"):
            paper.save(folder / "a.docx")
    finally:
        tmp_path.chmod(0o700)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    target = tmp_path / "a.docx"
    target.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, hard))  # a disk that is full after 64 KiB
    try:
        with pytest.raises(PaperError, match="cannot write"):
            write_whole(target, b"x" * (1 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert [p.name for p in tmp_path.iterdir()] == ["a.docx"]
    assert target.read_bytes() == b"old"
