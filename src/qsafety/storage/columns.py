"""The types of the columns, so that text is compared byte by byte and bodies have room on every database."""

from typing import Any

from sqlalchemy import Dialect, LargeBinary, String
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator, TypeEngine

MYSQL = ("mysql", "mariadb")


class BinaryText(TypeDecorator[str]):
    """Text kept as its UTF-8 bytes: no collation of MySQL's takes less room, and none of the usual tells 'a' from 'a '."""

    impl = mysql.VARBINARY
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """Text to bytes."""
        return value if value is None else value.encode()

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Bytes to text; what is no UTF-8 was put there by others, and shows as damage."""
        return value.decode(errors="replace") if isinstance(value, bytes) else value


def key_text(size: int) -> TypeEngine[str]:
    """Text of at most so many bytes, in a key."""
    return _byte_order(size).with_variant(BinaryText(size), *MYSQL)


def plain_text(size: int) -> TypeEngine[str]:
    """ASCII of at most so many characters: days, instants, digests."""
    return _byte_order(size).with_variant(mysql.VARCHAR(size, charset="ascii", collation="ascii_bin"), *MYSQL)


def body() -> TypeEngine[bytes]:
    """Bytes without a limit worth naming; MySQL's own word for them stops at 64 KiB."""
    return LargeBinary().with_variant(mysql.LONGBLOB(), *MYSQL)


def _byte_order(size: int) -> String:
    return String(size).with_variant(String(size, collation="C"), "postgresql")
