"""``tinydb:///shop.json``: a store that people can read with their eyes, and with TinyDB.

One file of JSON that is rewritten whole at every commit: right for a small shop, and refused where it grows too large
for that. :class:`SafeStorage` and :class:`SafeTable` stand at TinyDB's own extension points; :class:`SafeTinyDB` has both.
"""

try:
    import filelock as _filelock
    import tinydb as _tinydb
except ImportError as error:
    from qsafety.errors import MissingExtraError

    raise MissingExtraError("tinydb", "tinydb") from error

from qsafety.storage.tiny.backend import TinyBackend
from qsafety.storage.tiny.safe import LargeFileWarning, SafeStorage, SafeTable, SafeTinyDB

__all__ = ["LargeFileWarning", "SafeStorage", "SafeTable", "SafeTinyDB", "TinyBackend"]

del _filelock, _tinydb
