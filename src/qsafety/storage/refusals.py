"""What every backend says in the same words when it refuses."""

from collections.abc import Iterable, Mapping

from qsafety.bilingual import Bilingual
from qsafety.errors import (
    CapabilityError,
    ReadOnlyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    TransientError,
    nearest,
)
from qsafety.storage.url import StoreUrl

WHAT_TO_DO: Mapping[type[StoreError], Bilingual] = {
    TransientError: Bilingual("稍后再试；程序里用 run_transaction。", "Try again; in a program with run_transaction."),
    StoreFullError: Bilingual("请腾出空间后再试。", "Make room, and try again."),
    StoreCorruptError: Bilingual("请从备份恢复。", "Restore a backup."),
    ReadOnlyError: Bilingual("请取得写入权限，或换一个位置。", "Get the permission to write, or use another place."),
}
"""What helps against each kind of failure, whichever database it comes from."""


def ended() -> StoreError:
    """The transaction was committed or rolled back."""
    return StoreError(Bilingual("此事务已经结束", "this transaction has ended"))


def closed() -> StoreError:
    """The store was closed."""
    return StoreError(Bilingual("存储已经关闭", "the store is closed"))


def forked() -> StoreError:
    """The store was opened by the process that this one was forked from."""
    return StoreError(
        Bilingual("存储由父进程打开", "the store was opened by the parent process"),
        advice=Bilingual("派生进程后请重新打开。", "Open it anew after a fork."),
    )


def not_for_writing() -> StoreError:
    """A read-only transaction was asked to write."""
    return StoreError(
        Bilingual("此事务只供读取", "this transaction only reads"),
        advice=Bilingual("请以 write=True 开始事务。", "Begin it with write=True."),
    )


def unknown_option(url: StoreUrl, name: str, known: Iterable[str]) -> StoreError:
    """The URL has an option that the backend does not know."""
    words = sorted(known)
    guess = nearest(name, words)
    return StoreError(
        Bilingual(f"存储地址 {url} 的选项“{name}”不存在", f"the store URL {url} has an unknown option {name!r}"),
        advice=Bilingual(f"是否为“{guess}”？", f"Did you mean {guess!r}?")
        if guess
        else Bilingual(f"可用：{'、'.join(words)}。", f"Known: {', '.join(words)}."),
    )


def cannot_erase() -> CapabilityError:
    """The backend does not claim erasure."""
    return CapabilityError(
        Bilingual("此存储不能物理清除内容", "this store cannot physically erase contents"),
        advice=Bilingual("请改用支持清除的存储，例如 sqlite:///。", "Use one that claims erasure, such as sqlite:///."),
    )
