"""Where a store is: the URL of a store, taken apart, with its password kept out of sight."""

import re
from collections.abc import Mapping
from typing import Self
from urllib.parse import parse_qsl, quote, unquote, urlencode

from attrs import field, frozen

from qsafety.bilingual import Bilingual
from qsafety.errors import StoreError

_FORM = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?P<place>[^/?]*)(?P<path>/[^?]*)?(?:\?(?P<query>.*))?", re.DOTALL
)
_SECRET = re.compile(r"pass|pwd|secret|token", re.IGNORECASE)


def _hidden(text: object) -> str:
    return "None" if text is None else "'***'"


def _wrong(text: str, zh: str, en: str) -> StoreError:
    shown = re.sub(r":[^:@/]*@", ":***@", text)  # what was meant as a password stays out of messages
    shown = shown if len(shown) <= 80 else shown[:77] + "..."
    return StoreError(
        Bilingual(f"存储地址“{shown}”{zh}", f"the store URL {shown!r} {en}"),
        advice=Bilingual(
            "请写作 memory:// 或 sqlite:///店铺.db（绝对路径写四个斜杠：sqlite:////数据/店铺.db）。",
            "Write memory:// or sqlite:///shop.db (four slashes for an absolute path: sqlite:////data/shop.db).",
        ),
    )


@frozen
class StoreUrl:
    """A store's URL in its parts; ``str()`` hides the password, ``query`` holds the options.

    The path is taken as it stands (a ``%`` in a file's name is a ``%``); user name and password are percent-decoded.
    What is no URL raises :class:`~qsafety.errors.StoreError`.

    >>> StoreUrl.parse("sqlite:///shop.db").path, StoreUrl.parse("sqlite:////data/shop.db").path
    ('shop.db', '/data/shop.db')
    >>> str(StoreUrl.parse("postgresql+psycopg://erp:s3cret@db:5432/shops?sslmode=require"))
    'postgresql+psycopg://erp:***@db:5432/shops?sslmode=require'
    """

    scheme: str
    username: str | None = None
    password: str | None = field(default=None, repr=_hidden)
    host: str | None = None
    port: int | None = None
    path: str = ""
    query: Mapping[str, str] = field(factory=dict, hash=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The parts of a URL such as ``sqlite:///shop.db`` or ``postgresql+psycopg://user:password@host/database``."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise _wrong(text, "缺少“方案://”开头", "does not begin with a scheme and ://")
        person, at, place = (found["place"] or "").rpartition("@")
        username, colon, password = person.partition(":")
        named = re.fullmatch(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[0-9]+))?", place)
        if named is None or int(named["port"] or 0) > 65535:
            raise _wrong(text, "的主机或端口不对", "has a host or port that cannot be")
        pairs = parse_qsl(found["query"] or "", keep_blank_values=True)
        query = dict(pairs)
        if len(query) < len(pairs):
            raise _wrong(text, "的选项重复", "gives an option twice")
        return cls(
            scheme=found["scheme"].lower(),
            username=unquote(username) if at and username else None,
            password=unquote(password) if colon else None,
            host=named["host"].strip("[]") or None,
            port=int(named["port"]) if named["port"] else None,
            path=(found["path"] or "")[1:],
            query=query,
        )

    def __str__(self) -> str:
        person = quote(self.username or "", safe="") + (":***" if self.password is not None else "")
        host = f"[{self.host}]" if self.host and ":" in self.host else self.host or ""
        place = (person + "@" if person else "") + host + (f":{self.port}" if self.port is not None else "")
        shown = {name: "***" if _SECRET.search(name) else value for name, value in self.query.items()}
        path = f"/{self.path}" if self.path else ""
        return f"{self.scheme}://{place}{path}" + (f"?{urlencode(shown, safe='/:*')}" if shown else "")
