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

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import MissingExtraError, PaperError

LARGEST_ANSWER = 64 << 20

_PROGRAM = "import sys; sys.path[:] = {path!r}; from qsafety.papers.child import main; main()"
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP")  # what Python and its libraries need to start
_TOO_LONG = Bilingual("处理时间过长，已中止", "it took too long and was ended")
_TOO_MUCH = Bilingual("占用内存过多，已中止", "it took too much memory and was ended")
_TOO_BIG = Bilingual("生成的文书过大，已中止", "what it makes is too large; it was ended")


@attrs.frozen(kw_only=True)
class Limits:
    """What a template from outside may take: processor time, time in all, memory.

    >>> "8 s" in Limits().said.en
    True
    """

    cpu_seconds: int = 5
    wall_seconds: float = 8
    memory: int = 512 << 20

    @property
    def said(self) -> Bilingual:
        """The limits that hold on this system, and those that it does not know."""
        if sys.platform == "win32":
            return Bilingual(
                f"总时间 {self.wall_seconds} 秒；本系统无法限制处理器时间和内存",
                f"{self.wall_seconds} s in all; this system cannot limit processor time and memory",
            )
        memory = Bilingual(f"内存 {self.memory >> 20} MiB", f"{self.memory >> 20} MiB of memory")
        if sys.platform == "darwin":
            memory = Bilingual("本系统不限制内存", "this system does not hold to a limit of memory")
        return Bilingual(
            f"处理器时间 {self.cpu_seconds} 秒，总时间 {self.wall_seconds} 秒，{memory.zh}",
            f"{self.cpu_seconds} s of processor time, {self.wall_seconds} s in all, {memory.en}",
        )


LIMITS = Limits()


def in_child(job: str, template: bytes, data: Mapping[str, Any], *, name: str, limits: Limits = LIMITS) -> bytes:
    """What a job makes of a template, worked out in a child: ``"fill"`` gives the Word file, ``"lint"`` JSON.

    A template that cannot be filled, or takes more than the limits, is a :class:`PaperError`; so is a value that is not plain.
    Without docxtpl: :class:`MissingExtraError`.
    """
    order = _order(job, data, name, limits)
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
                timeout=limits.wall_seconds,
                env={key: os.environ[key] for key in _KEPT if key in os.environ},
            )
        except subprocess.TimeoutExpired:
            raise _ended(name, limits, _TOO_LONG) from None
        except OSError as error:
            raise PaperError(
                Bilingual(
                    f"无法启动处理模板 {name} 的子进程：{error}", f"cannot start a process for template {name}: {error}"
                )
            ) from None
        return _answer(answer, done.returncode, name, limits)


def _answer(answer: IO[bytes], status: int, name: str, limits: Limits) -> bytes:
    answer.seek(0)
    mark = answer.read(1)
    if status == 0 and mark == b"+":
        return answer.read(LARGEST_ANSWER)
    if status == 0 and mark == b"-":
        said = json.loads(answer.read(LARGEST_ANSWER))
        advice = said["advice"]
        raise PaperError(Bilingual(**said["message"]), advice=Bilingual(**advice) if advice else None)
    if status == 0 and mark == b"?":
        raise MissingExtraError("docx", "docxtpl")
    if status == 0 and mark == b"!":
        raise _ended(name, limits, _TOO_MUCH)
    if -status == getattr(signal, "SIGXCPU", None):
        raise _ended(name, limits, _TOO_LONG)
    if -status == getattr(signal, "SIGXFSZ", None) or mark == b"#":
        raise _ended(name, limits, _TOO_BIG)
    raise _ended(name, limits, Bilingual(f"处理进程意外结束（{status}）", f"the process ended unexpectedly ({status})"))


def _ended(name: str, limits: Limits, why: Bilingual) -> PaperError:
    return PaperError(
        Bilingual(f"模板 {name}：{why.zh}", f"template {name}: {why.en}"),
        advice=Bilingual(f"限制：{limits.said.zh}。", f"The limits: {limits.said.en}."),
    )


def _order(job: str, data: Mapping[str, Any], name: str, limits: Limits) -> bytes:
    try:
        plain = _plain(data, "")
        order = {"job": job, "name": name, "data": plain, "cpu": limits.cpu_seconds, "memory": limits.memory}
        return json.dumps(order).encode()
    except (RecursionError, ValueError) as error:
        if isinstance(error, PaperError):
            raise
        raise PaperError(
            Bilingual(
                "模板变量嵌套过深或数字过大",
                "the variables of the template are nested too deeply, or a number is too large",
            )
        ) from None


def _plain(value: Any, path: str) -> Any:
    """The value if it is plain data: texts, whole and finite numbers, flags, lists and dicts of them."""
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, list | tuple):
        return [_plain(member, f"{path}[{i}]") for i, member in enumerate(value, 1)]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _plain(member, f"{path}.{key}".lstrip(".")) for key, member in value.items()}
    raise PaperError(
        Bilingual(
            f"模板变量只能是文字、数字、是否、列表和字典：{path} 是 {type(value).__name__}",
            f"the variables of a template are texts, numbers, flags, lists and dicts: {path} is {type(value).__name__}",
        )
    )


def _limit(cpu: int, memory: int) -> None:
    """Limit this process. Windows has no such limits: there the parent ends it after its time in all."""
    if sys.platform != "win32":
        import resource

        for what, amount in (
            (resource.RLIMIT_CPU, cpu),
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))


def main() -> None:
    """The child: read an order and a template, do the job, answer."""
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    order = json.loads(stdin.read(int.from_bytes(stdin.read(8), "big")))
    _limit(order["cpu"], order["memory"])
    template = stdin.read()
    try:
        answer = b"+" + _job(order, template)
    except PaperError as error:
        answer = b"-" + json.dumps(error.to_dict()).encode()
    except MemoryError:
        answer = b"!"
    except ImportError:
        answer = b"?"
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

    return lint_json(template, order["data"], name=order["name"])
