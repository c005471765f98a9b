"""Word files made to harm: refused before anything opens them, with what is wrong and where."""

import io
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping

import pytest

from qsafety.errors import PaperError
from qsafety.papers.scan import scan
from tests.papers.word_files import PACKAGE, RELATION, docx, paragraph, unzipped, zipped

GOOD = docx(paragraph("{{ a }}"))
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'


def with_part(name: str, content: bytes) -> bytes:
    return zipped({**unzipped(GOOD), name: content})


def with_relation(relation: str) -> bytes:
    own = unzipped(GOOD)
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'
    return zipped({**own, "word/_rels/document.xml.rels": rels.encode()})


def with_entry(name: str, *, flags: int = 0, method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as package:
        entry = zipfile.ZipInfo("placeholder".ljust(len(name), "_")[: len(name)] if flags == 0 else name)
        entry.compress_type = method
        package.writestr(entry, b"x")
    return file.getvalue().replace(entry.filename.encode(), name.encode())


def twice(name: str, again: str) -> bytes:
    held = name.replace("d", "e")
    return zipped({**unzipped(GOOD), held: b"x", again: b"x"}).replace(held.encode(), name.encode())


def patched(offset: int, form: str, value: int) -> bytes:
    """The good file with a number of its first directory entry changed: what the archive says of itself is false."""
    at = GOOD.index(b"PK\x01\x02") + offset
    return GOOD[:at] + struct.pack(form, value) + GOOD[at + struct.calcsize(form) :]


def large() -> bytes:
    """12 MiB that hold little, but not nothing."""
    return b"".join(os.urandom(40) + bytes(2000) for _ in range(6000))


HOSTILE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (
        lambda: with_part("word/media/a.bin", bytes(64 << 20)),
        "word/media/a.bin: it is compressed more than 200 times",
    ),
    "zeros": (lambda: with_part("word/a.bin", bytes(8 << 20)), "word/a.bin: it is compressed more than 200 times"),
    "a large part": (lambda: with_part("word/a.bin", large() + large()), "word/a.bin: it is larger than 16 MiB"),
    "many large parts": (
        lambda: zipped({**unzipped(GOOD), **{f"{n}.bin": large() for n in range(6)}}),
        "it is larger than",
    ),
    "10,000 entries": (
        lambda: zipped({**unzipped(GOOD), **{f"{n}.xml": b"" for n in range(10_000)}}),
        "more than 1000 parts",
    ),
    "1,001 short names": (
        lambda: zipped({**unzipped(GOOD), **{f"{n}": b"" for n in range(1001)}}),
        "more than 1000 parts",
    ),
    "an archive inside": (
        lambda: with_part("word/media/a.png", GOOD),
        "word/media/a.png: it is an archive within the archive",
    ),
    "an old Word file inside": (
        lambda: with_part("a.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        "a.bin: it is an archive",
    ),
    "two parts of one name": (lambda: twice("word/d.xml", "word/d.xml"), "word/d.xml: it is there twice"),
    "names that differ in case": (
        lambda: with_part("word/Document.xml", b"<a/>"),
        "word/Document.xml: it is there twice",
    ),
    "a DTD": (lambda: with_part("word/document.xml", ENTITY), "word/document.xml: it has a DTD"),
    "a DTD in UTF-16": (
        lambda: with_part(
            "word/styles.xml",
            ENTITY.decode()
            .replace("1.0", "1.0' encoding='utf-16")
            .replace('"1.0', "'1.0")
            .replace('16"', "16'")
            .encode("utf-16"),
        ),
        "word/styles.xml: it has a DTD",
    ),
    "a DTD in UTF-16 without a mark": (
        lambda: with_part("a.xml", ENTITY[21:].decode().encode("utf-16-be")),
        "a.xml: it has a DTD",
    ),
    "a DTD in EBCDIC": (
        lambda: with_part("a.xml", ENTITY.decode().replace('"1.0"', '"1.0" encoding="cp037"').encode("cp037")),
        "a.xml is no XML that can be read",
    ),
    "a DTD after a comment": (
        lambda: with_part("a.xml", b"<!--" + b"-x" * 9999 + b"-->" + ENTITY[21:]),
        "a.xml: it has a DTD",
    ),
    "much before the root": (
        lambda: with_part("a.xml", b"<!--" + os.urandom(1 << 20).hex().encode() + b"-->" + ENTITY[21:]),
        "a.xml has more than 1 MiB before its first element",
    ),
    "a stream without an end": (lambda: patched(20, "<L", 20), "is not what the archive says of it"),
    "an external entity": (
        lambda: with_part("a.rels", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
        "a.rels: it has a DTD",
    ),
    "a DTD where types are read": (
        lambda: with_part("[Content_Types].xml", ENTITY),
        "[Content_Types].xml: it has a DTD",
    ),
    "a macro": (lambda: with_part("word/vbaProject.bin", b"x"), "word/vbaProject.bin: it brings a macro"),
    "a macro of another name": (
        lambda: zipped(
            {k: v.replace(b".document.main+xml", b".macroEnabled.main+xml") for k, v in unzipped(GOOD).items()}
        ),
        "word/document.xml: it brings a macro",
    ),
    "an embedded object": (lambda: with_part("word/embeddings/o.bin", b"x"), "an embedded object"),
    "a template elsewhere": (
        lambda: with_relation(
            f'<Relationship Id="a" Type="{RELATION}/attachedTemplate" Target="http://x.example/a.dotm" TargetMode="External"/>'
        ),
        "refers to something outside: http://x.example/a.dotm",
    ),
    "a picture elsewhere": (
        lambda: with_relation(
            f'<Relationship Id="a" Type="{RELATION}/image" Target="\\\\host\\a.png" TargetMode="external"/>'
        ),
        "refers to something outside",
    ),
    "a link that is not called external": (
        lambda: with_relation(f'<Relationship Id="a" Type="{RELATION}/frame" Target="file:///etc/passwd"/>'),
        "refers to something outside",
    ),
    "half a file": (lambda: GOOD[: len(GOOD) // 2], "it is no whole archive"),
    "all but its last byte": (lambda: GOOD[:-1], "it is no whole archive"),
    "no archive": (lambda: b"hello", "it is no whole archive"),
    "something before the archive": (lambda: b"#!/bin/sh\n" + GOOD, "it is no whole archive"),
    "a name above the package": (lambda: with_entry("../../evil.xml"), "its name points out of the package"),
    "an absolute name": (lambda: with_entry("/etc/evil.xml"), "its name points out of the package"),
    "a name with a drive": (lambda: with_entry("C:/evil.xml"), "its name points out of the package"),
    "a name with a backslash": (lambda: with_entry("word\\evil.xml"), "its name points out of the package"),
    "a name with an end in it": (lambda: with_entry("word/a\0.xml"), "its name has a control character"),
    "a false size": (lambda: patched(24, "<L", 10), "is not what the archive says of it"),
    "a false digest": (lambda: patched(16, "<L", 1), "is not what the archive says of it"),
    "a false place": (lambda: patched(42, "<L", 7), "is not where it is said to be"),
    "a false name": (lambda: GOOD[:30] + b"_" + GOOD[31:], "[Content_Types].xml has another name where it begins"),
    "an encrypted part": (lambda: patched(8, "<H", 1), "it is encrypted"),
    "another compression": (lambda: patched(10, "<H", 14), "it is compressed in a way that Word does not use"),
    "a large comment": (lambda: GOOD[:-2] + struct.pack("<H", 9) + b"PK\x05\x06    x", "it is no whole archive"),
    "no types": (lambda: zipped({"word/document.xml": b"<a/>"}), "no Word file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_is_refused_before_anything_opens_it(name: str) -> None:
    make, why = HOSTILE[name]
    content = make()
    tracemalloc.start()
    try:
        with pytest.raises(PaperError) as caught:
            scan(content, name="t.docx")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert why in str(caught.value)
    assert str(caught.value).startswith("template t.docx is refused: ")
    assert caught.value.to("zh").startswith("拒绝模板 t.docx：")
    assert peak < 100 << 20


def test_links_for_readers_pass() -> None:
    scan(
        with_relation(
            f'<Relationship Id="a" Type="{RELATION}/hyperlink" Target="https://www.samr.gov.cn/" TargetMode="External"/>'
        ),
        name="t.docx",
    )


def test_folders_in_the_archive_pass() -> None:
    file = io.BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("word/media/", b"")
    scan(file.getvalue(), name="t.docx")
