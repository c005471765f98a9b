"""Word to PDF through LibreOffice, where it is installed: many files in one call, for starting it is what takes long."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError

_USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)


def soffice() -> str | None:
    """Where LibreOffice is, on the PATH or in its usual places; None where it is not installed."""
    return (
        shutil.which("soffice")
        or shutil.which("libreoffice")
        or next((p for p in _USUAL_PLACES if Path(p).is_file()), None)
    )


def pdfs(documents: Sequence[bytes], *, patience: float = 60) -> list[bytes]:
    """Each Word document as PDF, in the order given; ``patience`` is in seconds, and grows with their number.

    :class:`PaperError` without LibreOffice, without any Chinese font, and where it fails.
    """
    program = soffice()
    if program is None:
        raise PaperError(
            Bilingual("转换为 PDF 需要 LibreOffice，当前未找到", "PDF needs LibreOffice, which was not found"),
            advice=Bilingual(
                "请安装 LibreOffice Writer，使 soffice 在 PATH 中；或只保存 Word 文件。",
                "Install LibreOffice Writer so that soffice is on the PATH, or save the Word file.",
            ),
        )
    _some_chinese_font()
    # a profile of its own: a LibreOffice that is open would answer instead, and do nothing
    with tempfile.TemporaryDirectory(prefix="qsafety-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        sources = [folder / f"{i}.docx" for i in range(len(documents))]
        for source, content in zip(sources, documents, strict=True):
            source.write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        to_pdf = ["--convert-to", "pdf", "--outdir", str(folder), *map(str, sources)]
        said = _run([program, profile, "--headless", "--norestore", *to_pdf], patience + 5 * len(documents))
        results = [source.with_suffix(".pdf") for source in sources]
        if not all(r.is_file() and r.stat().st_size for r in results):
            raise PaperError(Bilingual(f"LibreOffice 未能转换：{said}", f"LibreOffice did not convert: {said}"))
        return [result.read_bytes() for result in results]


def _some_chinese_font() -> None:
    """Without any font for Chinese a PDF would be boxes. Which of the named ones is missing is no error: LibreOffice takes another."""
    program = shutil.which("fc-list")
    if program is None:  # Windows and macOS have Chinese fonts
        return
    with suppress(OSError, subprocess.TimeoutExpired):
        run = subprocess.run([program, ":lang=zh", "family"], capture_output=True, timeout=20, check=False)
        if run.returncode == 0 and not run.stdout.strip():
            raise PaperError(
                Bilingual(
                    "本机没有中文字体，PDF 中的中文会是方框",
                    "there is no Chinese font: in a PDF Chinese would be boxes",
                ),
                advice=Bilingual(
                    "请安装一种，例如 fonts-noto-cjk；或只保存 Word 文件。",
                    "Install one, such as fonts-noto-cjk, or save the Word file.",
                ),
            )


def _run(command: Sequence[str], patience: float) -> str:
    """What it said. The program is a script that starts another: on time-out the whole group is ended, not only the script."""
    own_group = sys.platform != "win32"
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=own_group
    ) as process:
        try:
            said, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            _end(process)
            raise PaperError(
                Bilingual(
                    f"LibreOffice 在 {patience:.0f} 秒内未完成", f"LibreOffice did not finish in {patience:.0f} s"
                )
            ) from None
    return said.decode("utf-8", "replace").strip()[-500:]


def _end(process: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        import signal

        os.killpg(process.pid, signal.SIGKILL)
