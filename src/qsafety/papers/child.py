"""A child process with limits, in which a template from outside is worked on. Only plain data goes in, and a file or a message comes out.

Both ways the data is JSON and bytes, nothing that could run. The child knows none of the parent's environment; on POSIX it limits its own
processor time, memory and files before it looks at the template.
"""

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import IO, Any

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError

CPU_SECONDS = 5
WALL_SECONDS = 8
MEMORY = 512 << 20
LARGEST_ANSWER = 64 << 20

_PROGRAM = "import sys; sys.path[:] = {path!r}; from qsafety.papers.child import main; main()"
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP")  # what Python and its libraries need to start
_TOO_LONG = Bilingual("处理时间过长，已中止", "it took too long and was ended")
_TOO_MUCH = Bilingual("占用内存过多，已中止", "it took too much memory and was ended")
_TOO_BIG = Bilingual("生成的文书过大，已中止", "what it makes is too large; it was ended")


def limits() -> Bilingual:
    """What limits a template from outside on this system.

    >>> "8 s" in limits().en
    True
    """
    if sys.platform == "win32":
        return Bilingual(
            f"时间 {WALL_SECONDS} 秒；本系统无法限制处理器时间和内存",
            f"{WALL_SECONDS} s in all; this system cannot limit processor time and memory",
        )
    memory = Bilingual(f"内存 {MEMORY >> 20} MiB", f"{MEMORY >> 20} MiB of memory")
    if sys.platform == "darwin":
        memory = Bilingual("本系统不限制内存", "this system does not hold to a limit of memory")
    return Bilingual(
        f"处理器时间 {CPU_SECONDS} 秒，总时间 {WALL_SECONDS} 秒，{memory.zh}",
        f"{CPU_SECONDS} s of processor time, {WALL_SECONDS} s in all, {memory.en}",
    )


def in_child(job: str, template: bytes, data: Mapping[str, Any], *, name: str) -> bytes:
    """What a job makes of a template, worked out in a child: ``"fill"`` gives the Word file, ``"lint"`` JSON.

    A template that cannot be filled, or takes more than :func:`limits` allows, is a :class:`PaperError`; so is a value that is not plain.
    """
    order = json.dumps({"job": job, "name": name, "data": _plain(data, "")}).encode()
    if not sys.executable:
        raise PaperError(
            Bilingual("找不到 Python 解释器，无法安全处理外来模板", "no Python to run a template from outside safely")
        )
    program = _PROGRAM.format(path=[os.path.abspath(folder) for folder in sys.path])
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", program],
                input=len(order).to_bytes(8, "big") + order + template,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS,
                env={key: os.environ[key] for key in _KEPT if key in os.environ},
            )
        except subprocess.TimeoutExpired:
            raise _ended(name, _TOO_LONG) from None
        except OSError as error:
            raise PaperError(
                Bilingual(f"无法启动处理模板 {name} 的子进程：{error}", f"cannot start a process for template {name}: {error}")
            ) from None
        return _answer(answer, done.returncode, name)


def _answer(answer: IO[bytes], status: int, name: str) -> bytes:
    answer.seek(0)
    mark = answer.read(1)
    if status == 0 and mark == b"+":
        return answer.read(LARGEST_ANSWER)
    if status == 0 and mark == b"-":
        said = json.loads(answer.read(LARGEST_ANSWER))
        advice = said["advice"]
        raise PaperError(Bilingual(**said["message"]), advice=Bilingual(**advice) if advice else None)
    if status == 0 and mark == b"!":
        raise _ended(name, _TOO_MUCH)
    if -status == getattr(signal, "SIGXCPU", None):
        raise _ended(name, _TOO_LONG)
    if -status == getattr(signal, "SIGXFSZ", None) or mark == b"#":
        raise _ended(name, _TOO_BIG)
    raise _ended(name, Bilingual(f"处理进程意外结束（{status}）", f"the process ended unexpectedly ({status})"))


def _ended(name: str, why: Bilingual) -> PaperError:
    return PaperError(
        Bilingual(f"模板 {name}：{why.zh}", f"template {name}: {why.en}"),
        advice=Bilingual(f"限制：{limits().zh}。", f"The limits: {limits().en}."),
    )


def _plain(value: Any, path: str) -> Any:
    """The value if it is plain data: texts, whole and finite numbers, flags, lists and dicts of them."""
    if value is None or type(value) in (str, bool, int) or (type(value) is float and math.isfinite(value)):
        return value
    if type(value) in (list, tuple):
        return [_plain(member, f"{path}[{i}]") for i, member in enumerate(value, 1)]
    if type(value) is dict and all(type(key) is str for key in value):
        return {key: _plain(member, f"{path}.{key}".lstrip(".")) for key, member in value.items()}
    raise PaperError(
        Bilingual(
            f"模板变量只能是文字、数字、是否、列表和字典：{path} 是 {type(value).__name__}",
            f"the variables of a template are texts, numbers, flags, lists and dicts: {path} is {type(value).__name__}",
        )
    )


def _limit() -> None:
    """Limit this process. Windows has no such limits: there the parent ends it after its time in all."""
    if sys.platform != "win32":
        import resource

        for what, amount in (
            (resource.RLIMIT_CPU, CPU_SECONDS),
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(what)[1]
            amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            resource.setrlimit(what, (amount, amount if what != resource.RLIMIT_CPU else hard))


def main() -> None:
    """The child: read an order and a template, do the job, answer."""
    _limit()
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    order = json.loads(stdin.read(int.from_bytes(stdin.read(8), "big")))
    template = stdin.read()
    try:
        answer = b"+" + _job(order, template)
    except PaperError as error:
        answer = b"-" + json.dumps(error.to_dict()).encode()
    except MemoryError:
        answer = b"!"
    if len(answer) > LARGEST_ANSWER:
        answer = b"#"
    stdout.write(answer)
    stdout.flush()
    os._exit(0)  # what a template left behind needs no tidying


def _job(order: Mapping[str, Any], template: bytes) -> bytes:
    if order["job"] == "fill":
        from qsafety.papers.engine import documented

        return documented(template, order["data"], name=order["name"])
    from qsafety.papers.lint import lint_json

    return lint_json(template, order["data"])
