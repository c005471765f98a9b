"""The twelve promises of a backend, as sentences, and how long a test of one may take before it counts as hanging."""

import re
from collections.abc import Mapping

from qsafety.bilingual import Bilingual

PROMISES: Mapping[int, Bilingual] = {
    1: Bilingual(
        "事务看得到自己写的内容；他人的只看得到已提交的。",
        "A transaction sees its own writes, and of others only what is committed.",
    ),
    2: Bilingual("一个事务要么全部保存，要么什么也不留。", "All of a transaction is kept, or nothing."),
    3: Bilingual(
        "scan 给出每个键的最新一版，按（seller, kind, key）的码点顺序，直到最后一页；sellers 给出每个有记录的 seller 各一次。",
        "scan yields the latest version of each key, by (seller, kind, key) in code-point order, to the last page; "
        "sellers each seller with a record once.",
    ),
    4: Bilingual(
        "put 只接受当前版本加一，否则为 ConflictError，不论其他句柄或进程做了什么；history 保留每一版。",
        "put of any version but the current plus one is a ConflictError, whatever other handles or processes do; "
        "history keeps every version.",
    ),
    5: Bilingual(
        "append 只接受最后序号加一、且 prev 为最后一条的 link，否则为 ConflictError；events(after=0) 自第一条起。",
        "append takes the last seq plus one with the last link as prev, else ConflictError; events(after=0) begins at the first.",
    ),
    6: Bilingual(
        "提交或回滚之后，二者再调用无效果，其余为错误；可重复关闭；只读事务中写入为 StoreError；begin 在 timeout 秒后报 TransientError。",
        "After commit or rollback both are no-ops and the rest is an error; closing twice is fine; writing in a "
        "write=False transaction is a StoreError; begin raises TransientError after timeout seconds.",
    ),
    7: Bilingual(
        "Backend 由各线程共用，Transaction 不共用；派生进程后重新打开。",
        "A Backend is shared by threads, a Transaction is not; after a fork, open anew.",
    ),
    8: Bilingual("返回的都是副本。", "What is returned is a copy."),
    9: Bilingual(
        "文本与字节原样返回，键按码点比较；forget 清空每一版的内容，并返回版数。",
        "Text and bytes come back exactly, keys are compared by code point; forget empties every version's body and "
        "returns how many.",
    ),
    10: Bilingual(
        "磁盘已满、服务器失联、文件只读时为 StoreError，上次提交的内容仍在。",
        "A full disk, a lost server, a read-only file is a StoreError, and leaves the last commit.",
    ),
    11: Bilingual("commit 之后，所承诺的持久性成立。", "After commit the claimed durability holds."),
    12: Bilingual(
        "加入宿主事务时，commit 只写入；持久性由宿主负责。",
        "The commit of a transaction that joined a host's flushes; durability is the host's.",
    ),
}
"""The promises by number; a test named ``test_4_…`` proves one part of the fourth."""

LIMIT = 60.0
"""Seconds after which a test of the kit is taken to hang."""

UNCLAIMED = "claims no "
"""How the reason of a skipped test begins where the backend does not claim what it would prove."""


def promise_of(test: str) -> int | None:
    """The number of the promise that a test proves, by its name.

    >>> promise_of("test_4_put_takes_the_next_version"), promise_of("test_something")
    (4, None)
    """
    found = re.match(r"test_(\d+)_", test)
    number = int(found[1]) if found else None
    return number if number in PROMISES else None
