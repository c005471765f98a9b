"""What the system sees: exit statuses, encodings, pipes, terminals, interrupts."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.cells import cell_len

ON = ("--on", "2024-02-01")


def test_the_script_and_the_module_are_the_same(process, shop):
    script = shutil.which("qsafety", path=str(Path(sys.executable).parent))
    if script is None:
        pytest.skip("no script qsafety beside this Python")
    for words in (["--version"], ["--help"], ["assess", str(shop), *ON], ["asess"]):
        module = process(*words)
        other = subprocess.run(
            [script, *words], capture_output=True, env={**os.environ, "PYTHONUTF8": "1"}, check=False
        )
        assert (module.returncode, module.stdout, module.stderr) == (other.returncode, other.stdout, other.stderr)


def test_the_version_is_told(process):
    from importlib.metadata import version

    assert process("--version").stdout.decode().strip() == f"qsafety {version('qsafety')}"


def test_a_pipe_gets_no_colours_and_80_columns(process, shop):
    done = process("assess", shop, *ON, COLUMNS="40")
    text = done.stdout.decode("utf-8")
    assert done.returncode == 1 and "\x1b" not in text
    assert max(map(cell_len, text.splitlines())) <= 80


def test_colours_can_be_asked_for_and_refused(process, shop):
    assert b"\x1b[" in process("due", shop, *ON, FORCE_COLOR="1").stdout
    assert b"\x1b[" not in process("due", shop, *ON, FORCE_COLOR="1", NO_COLOR="1").stdout
    plain = process("due", shop, *ON).stdout.decode("utf-8")
    coloured = process("due", shop, *ON, FORCE_COLOR="1").stdout.decode("utf-8")
    import re

    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_a_terminal_gets_colours(shop):
    import pty

    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    with subprocess.Popen(
        [sys.executable, "-m", "qsafety", "due", str(shop), *ON],
        stdout=theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
        env={**environment, "TERM": "xterm-256color"},
    ) as running:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that nobody is at the other end
                break
            if not piece:
                break
            seen += piece
    os.close(ours)
    assert running.returncode == 0 and b"\x1b[1m" in seen


@pytest.mark.parametrize("words", [["assess"], ["due"], ["exposure"], ["assess", "--lang", "en"]])
def test_a_gbk_console_gets_the_same_text(process, shop, words):
    arguments = (words[0], shop, *ON, *words[1:])
    gbk = process(*arguments, PYTHONIOENCODING="gbk:strict", PYTHONUTF8="0")
    assert gbk.stderr == b""
    assert gbk.stdout.decode("gbk") == process(*arguments).stdout.decode("utf-8")


@pytest.mark.parametrize(
    "words", [["--help"], ["law", "show"], ["law", "show", "A10.2"], ["law", "gaps"], ["doctor"], ["backends"]]
)
def test_the_other_pages_pass_a_gbk_console_too(process, words):
    done = process(*words, PYTHONIOENCODING="gbk:strict", PYTHONUTF8="0")
    assert done.returncode == 0 and done.stderr == b""
    done.stdout.decode("gbk")


def test_a_name_that_the_console_does_not_have_stops_nothing(process, tmp_path):
    import qsafety as qs

    file = tmp_path / "shop.json"
    file.write_text(qs.to_json(qs.Dossier(seller=qs.Seller(id="s", name="店\N{SNOWMAN}"))), encoding="utf-8")
    done = process("assess", file, *ON, PYTHONIOENCODING="gbk:strict", PYTHONUTF8="0")
    assert done.returncode == 0 and done.stderr == b"" and "店?" in done.stdout.decode("gbk")
    as_json = process("assess", file, *ON, "--format", "json", PYTHONIOENCODING="gbk:strict", PYTHONUTF8="0")
    assert json.loads(as_json.stdout)["seller"]["name"] == "店\N{SNOWMAN}"
    assert "店\N{SNOWMAN}" in process("assess", file, *ON, "--format", "json").stdout.decode("utf-8")


def test_a_reader_that_leaves_changes_no_status(shop):
    with subprocess.Popen(
        [sys.executable, "-m", "qsafety", "assess", str(shop), *ON],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in the file system")
def test_an_interrupt_is_130_and_says_nothing_more(tmp_path):
    pipe = tmp_path / "slow.json"
    os.mkfifo(pipe)
    words = [sys.executable, "-m", "qsafety", "assess", str(pipe)]

    def heed_interrupts() -> None:
        # what a shell starts in the background ignores them, and so would what it starts
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed_interrupts) as running:
        writer = None
        while writer is None and running.poll() is None:
            try:
                writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)  # succeeds when the other side reads
            except OSError:
                time.sleep(0.01)
        for _ in range(20):  # Python may lose an interrupt that comes while it is tidying up
            running.send_signal(signal.SIGINT)
            try:
                running.wait(1)
                break
            except subprocess.TimeoutExpired:
                continue
        else:
            running.kill()
        out, err = running.communicate()
        if writer is not None:
            os.close(writer)
    assert running.returncode == 130 and out == b"" and err.strip() == b""


def test_wrong_input_is_2_for_the_system_too(process, tmp_path):
    done = process("assess", tmp_path / "none.xlsx")
    assert done.returncode == 2 and done.stdout == b"" and "没有文件" in done.stderr.decode("utf-8")
    gbk = process("assess", tmp_path / "none.xlsx", PYTHONIOENCODING="gbk:strict", PYTHONUTF8="0")
    assert gbk.returncode == 2 and "没有文件" in gbk.stderr.decode("gbk")


def test_help_costs_no_more_than_click(process):
    program = (
        "import sys; from qsafety.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(*[m for m in ('rich', 'openpyxl', 'sqlalchemy', 'qsafety.law', 'qsafety.rules') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.stdout.splitlines()[-1] == ""


PAGES = [
    [], ["assess"], ["due"], ["slots"], ["exposure"], ["manifest"], ["law"], ["law", "show"], ["law", "diff"], ["law", "trace"],
    ["law", "gaps"],
    ["import"], ["store"], ["store", "check"], ["store", "upgrade"], ["backends"], ["doctor"], ["demo"],
]  # fmt: skip


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_help_page_fits_and_speaks_both_languages(call, words):
    done = call(*words, "--help")
    assert done.status == 0 and "显示帮助 / Show this message" in done.out
    assert max(map(cell_len, done.out.splitlines())) <= 80
    done.out.encode("gbk")


def test_without_a_command_the_help_is_shown(call):
    assert call().out == call("--help").out and call().status == 0
    assert call("law").out == call("law", "--help").out


def test_the_list_of_commands_is_the_list_that_works(call):
    from qsafety.cli import main

    for name, member in main.members.items():
        assert member.load().name == name
        assert name in call("--help").out
