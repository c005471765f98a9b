"""Promises 8 and 9: copies, and text and bytes that come back exactly as they went in."""

import hashlib
import inspect
import json
from collections.abc import Iterable
from pathlib import Path

import attrs
import pytest

from qsafety.errors import CapabilityError, StoreError
from qsafety.storage import Backend, RawEvent, RawQuery, StoreUrl
from qsafety.testing.contract import (
    Contract,
    event,
    everything,
    found,
    keep,
    record,
    refused,
    unclaimed,
    versions,
    writing,
)

HOSTILE = (
    "'; DROP TABLE records; --", '" OR "1"="1', "%_*?[a]", "\\", "\\x00\\u0000", "{x}", "${HOME}", "$(id)", "`id`", "a:b|c,d;e=f&g#h",
    "..", ".", "../../etc", "a/../b", "a//b", "C:\\x", "~", "-rf", "con", "nul.txt", "null", "None", "NaN", "true", "0", "00", "1e5", "1.0",
    "0x10", "2024-01-31", " a", "a ", "  ", "a\u00a0", "\u3000", "a\u200b", "a\u200d", "\ufeffa", "\u202etxt.exe", "\u2066x\u2069", "שלום",
    "مرحبا", "é", "e\u0301", "\u00c5", "\u212b", "A\u030a", "ﬁ", "fi", "ß", "SS", "ss", "İ",
    "i", "I", "ı", "Ａ", "A", "a", "а", "\u0399", "\u212a", "K", "ク\u3099", "グ",
    "店", "電動", "𠮷野家", "🛵", "👨\u200d👩\u200d👧", "🇨🇳", "\U0010fffd", "\ue000", "\uffee", "\x01", "\x1f", "\x7f", "\x85", "\u2028",
    "<b>&amp;</b>", "=1+1", "@x", "+1", "x" * 200, "y" * 199 + "z",
)  # fmt: skip
"""Keys that some layer or other reads as something else, folds together, trims or cuts. None is empty; a tab, a line break
and NUL, which no key holds, are not among them."""

BODIES = (
    "{}",
    '{"a":1.0,"b":1e5,"c":12345678901234567890,"d":0.10,"e":-0}',
    '{"z":1,"a":[true,false,null],"":" "}',
    '{ "spaces" : [ 1 , 2 ] }\n',
    '{"escaped":"\\u5e97\\u0000\\/\\ud83d\\ude00\\n"}',
    '{"raw":"店𠮷🛵é e\u0301 שלום \u2028\u2029\ufeff\x7f"}',
    '{"quotes":"\'\\"\\\\%s {} ? :x $1"}',
    '{"twice":1,"twice":2}',
    '["' + "长" * 5000 + '"]',
)
"""JSON that another writer would write otherwise."""


class Texts(Contract):
    """Promises 8 and 9."""

    def test_8_what_was_returned_does_not_change(self, backend: Backend) -> None:
        keep(backend, record(), record(version=2), record("B"), events=[event(1)])
        with writing(backend) as tx:
            got, page = tx.get("s1", "k", "A"), list(tx.scan(RawQuery(limit=9)))
            old = list(tx.history("s1", "k", "A"))
            late = (
                tx.history("s1", "k", "A"),
                tx.scan(RawQuery(limit=9)),
                tx.events("s1", after=0, limit=9),
                tx.sellers(after=None, limit=9),
            )
            tx.put(record(version=3))
            tx.put(record("C"))
            tx.put(record("C", seller="s0"))
            tx.append(event(2))
            rest = [None if inspect.isgenerator(each) else list(each) for each in late]  # a generator has not begun yet
            tx.commit()
        expected = ([record(), record(version=2)], [record(version=2), record("B")], [event(1)], ["s1"])
        assert (got, page, old) == (record(version=2), [record(version=2), record("B")], list(expected[0]))
        for name, told, wanted in zip(("history", "scan", "events", "sellers"), rest, expected, strict=True):
            assert told in (None, wanted), f"what {name} returned changed when something was written"

    def test_8_reading_goes_on_while_writing(self, backend: Backend) -> None:
        keep(backend, *(record(f"{number:02d}") for number in range(20)))
        with writing(backend) as tx:
            for each in tx.scan(RawQuery(limit=10)):
                tx.put(attrs.evolve(each, version=each.version + 1))
                if each.key == "09":
                    break
            tx.put(record("new"))

    def test_8_what_was_given_may_be_changed_later(self, backend: Backend) -> None:
        given, told = record(), event(1)
        keep(backend, given, events=[told])
        returned = found(backend, lambda tx: tx.get("s1", "k", "A"))
        assert returned is not None
        for each in (returned, *found(backend, lambda tx: list(tx.scan(RawQuery(limit=9))))):
            assert type(each.body) is bytes, f"a body is {type(each.body).__name__}, not bytes"
            assert all(type(text) is str for text in (*each.place, each.digest))
        for told_event in found(backend, lambda tx: list(tx.events("s1", after=0, limit=9))):
            assert type(told_event.body) is bytes, f"a body is {type(told_event.body).__name__}, not bytes"
        for lists in ("history", "scan", "sellers"):
            with writing(backend) as tx:
                handed: object = {
                    "history": lambda tx=tx: tx.history("s1", "k", "A"),
                    "scan": lambda tx=tx: tx.scan(RawQuery(limit=9)),
                    "sellers": lambda tx=tx: tx.sellers(after=None, limit=9),
                }[lists]()
                if isinstance(handed, list):
                    handed.clear()
                assert tx.get("s1", "k", "A") == record(), f"clearing what {lists} returned took it from the store"
                assert versions(tx) == [1], f"clearing what {lists} returned took it from the store"

    def test_9_hostile_texts_come_back_exactly(self, backend: Backend) -> None:
        kept = [record(key, body=json.dumps({"key": key}, ensure_ascii=False)) for key in HOSTILE]
        keep(backend, *kept)
        assert found(backend, everything) == sorted(kept, key=lambda each: each.place)
        with backend.begin(write=False, timeout=5) as tx:
            for each in kept:
                assert tx.get(*each.place) == each, f"key {each.key!r}"
                assert list(tx.history(*each.place)) == [each], f"key {each.key!r}"

    def test_9_sellers_and_kinds_are_texts_too(self, backend: Backend) -> None:
        names = [name for name in HOSTILE if len(name) < 60]
        kept = [record(seller=name) for name in names] + [record(kind=name[:16], seller="kinds") for name in names]
        kept = list({each.place: each for each in kept}.values())
        keep(backend, *kept, events=[event(1, name) for name in names])
        with backend.begin(write=False, timeout=5) as tx:
            assert list(tx.sellers(after=None, limit=999)) == sorted({*names, "kinds"})
            for each in kept:
                assert tx.get(*each.place) == each, f"{each.place}"
            for name in names:
                assert list(tx.events(name, after=0, limit=9)) == [event(1, name)], f"the journal of {name!r}"
                if name != "kinds":
                    assert [each.seller for each in tx.scan(RawQuery(limit=9, seller=name))] == [name]

    def test_9_keys_that_look_alike_stay_apart(self, backend: Backend) -> None:
        pairs = [
            ("a", "A"),
            ("é", "e\u0301"),
            ("a", "a "),
            ("ß", "ss"),
            ("I", "ı"),
            ("1", "01"),
            ("а", "a"),
            ("K", "\u212a"),
            ("ﬁ", "fi"),
            ("x\u200b", "x"),
        ]
        for number, (first, second) in enumerate(pairs):
            seller = f"pair {number}"
            keep(backend, record(first, seller=seller), events=[event(1, f"{seller} {first}")])
            assert found(backend, lambda tx, s=seller, k=second: tx.get(s, "k", k)) is None, (  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
                f"{second!r} is taken for {first!r}"
            )
            assert found(backend, lambda tx, s=seller, k=second: list(tx.history(s, "k", k))) == []  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
            assert found(backend, lambda tx, s=f"{seller} {second}": list(tx.events(s, after=0, limit=9))) == []  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
            keep(backend, record(second, seller=seller), record(second, 2, seller=seller))
            latest = found(backend, lambda tx, s=seller: list(tx.scan(RawQuery(limit=9, seller=s))))  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
            assert {each.key: each.version for each in latest} == {first: 1, second: 2}

    def test_9_bodies_come_back_byte_for_byte(self, backend: Backend) -> None:
        kept = [record(version=number, body=body, schema=number) for number, body in enumerate(BODIES, 1)]
        keep(backend, *kept, events=[event(number, body=body) for number, body in enumerate(BODIES, 1)])
        history = found(backend, lambda tx: list(tx.history("s1", "k", "A")))
        assert [each.body for each in history] == [each.body for each in kept], "a body came back with other bytes"
        assert history == kept
        assert found(backend, everything) == kept[-1:]
        told = found(backend, lambda tx: list(tx.events("s1", after=0, limit=99)))
        assert [each.body.decode() for each in told] == list(BODIES)

    def test_9_every_part_of_a_record_comes_back(self, backend: Backend) -> None:
        kept = [
            record(f"{schema} {day}", schema=schema, day=day)
            for schema in (0, 1, 7, 2**31 - 1)
            for day in (None, "0001-01-01", "2024-02-29", "9999-12-31")
        ]
        keep(backend, *kept)
        assert found(backend, everything) == sorted(kept, key=lambda each: each.place), (
            "a part of a record came back changed"
        )
        odd = RawEvent("s1", 1, "", "ab" * 32, "2024-01-31T23:59:59.999999Z", '{"店":"𠮷"}'.encode())
        keep(backend, events=[odd])
        assert found(backend, lambda tx: list(tx.events("s1", after=0, limit=9))) == [odd]

    @pytest.mark.parametrize("size", [255, 256, 4000, 65535, 65536, 70000, 2**20])
    def test_9_long_bodies_come_back_whole(self, backend: Backend, size: int) -> None:
        size = min(size, backend.capabilities.max_body_bytes or size)
        body = json.dumps("店" * (size // 3 - 2), ensure_ascii=False)
        body += " " * (size - len(body.encode()))  # to the byte
        keep(backend, record(body=body), record("B"))
        keep(backend, record(version=2))
        back = found(backend, lambda tx: list(tx.history("s1", "k", "A")))
        assert len(back[0].body) == size, f"of a body of {size} bytes {len(back[0].body)} came back"
        assert back == [record(body=body), record(version=2)]

    @pytest.mark.parametrize("length", [64, 200, 254, 255, 256, 1023, 1024])
    def test_9_long_keys_are_never_cut(self, backend: Backend, length: int) -> None:
        keys = ["k" * (length - 1) + last for last in "abA"]
        for key in keys:
            try:
                keep(backend, record(key))
            except Exception:
                # beyond 200 it may refuse aloud
                if length <= 200:
                    raise
                return
        assert [each.key for each in found(backend, everything)] == sorted(keys)
        assert found(backend, lambda tx: tx.get("s1", "k", "k" * (length - 1))) is None

    def test_9_forget_empties_every_version(self, backend: Backend) -> None:
        if not backend.capabilities.erasure:
            self._cannot_forget(backend)
        kept = [record(version=number, day="2024-01-31", schema=number) for number in (1, 2, 3)]
        others = [record("B"), record("A "), record("a"), record(seller="s2"), record(kind="l")]
        keep(backend, *kept[:2], *others)
        empty = [attrs.evolve(each, body=b"") for each in kept]
        with writing(backend) as tx:
            tx.put(kept[2])
            assert tx.forget("s1", "k", "A") == 3
            assert tx.forget("s1", "k", "absent") == 0
            assert list(tx.history("s1", "k", "A")) == empty, "forget leaves a body, or takes more than it"
            tx.commit()
        assert found(backend, lambda tx: list(tx.history("s1", "k", "A"))) == empty, (
            "forget leaves a body, or takes more"
        )
        assert found(backend, lambda tx: tx.get("s1", "k", "A")) == empty[-1]
        for other in others:
            assert found(backend, lambda tx, place=other.place: tx.get(*place)) == other  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
        keep(backend, record(version=4))
        with writing(backend) as tx:
            assert tx.forget("s1", "k", "A") == 4
        bodies = found(backend, lambda tx: [each.body for each in tx.history("s1", "k", "A")])
        assert bodies == [b"", b"", b"", record(version=4).body], "a rollback did not bring back what was forgotten"
        assert "s1" in found(backend, lambda tx: list(tx.sellers(after=None, limit=9)))

    def _cannot_forget(self, backend: Backend) -> None:
        keep(backend, record())
        with writing(backend) as tx:
            assert refused(lambda: tx.forget("s1", "k", "A"), CapabilityError), (
                "forget works without the claim of erasure"
            )
        assert found(backend, lambda tx: tx.get("s1", "k", "A")) == record()
        unclaimed("erasure")

    def test_9_no_file_holds_what_was_forgotten(self, backend: Backend, url: str) -> None:
        if not backend.capabilities.erasure:
            unclaimed("erasure")
        canary = "Q7vX2kWm9ZrT4bNc"
        keep(
            backend,
            record("other"),
            record(body=f'{{"phone":"{canary}"}}'),
            record(version=2, body=f'{{"phone":"{canary}2"}}'),
        )
        before = any(canary.encode() in data for data in _files(url))
        with writing(backend) as tx:
            tx.forget("s1", "k", "A")
            tx.commit()
        left = [data for data in _files(url) if canary.encode() in data]
        if not before:
            unclaimed("body that could be found in its files by its bytes")
        assert left == [], f"{len(left)} file(s) still hold it"

    def test_9_damage_is_never_taken_for_a_record(self, backend: Backend, url: str) -> None:
        kept = [record(f"{number}", body=json.dumps({"text": "长" * 50})) for number in range(20)]
        keep(backend, *kept)
        backend.close()
        if self.spoil(url) is NotImplemented:
            unclaimed("way to spoil it")
        try:
            spoilt = self.open(url)
            told, told_of = found(spoilt, everything), spoilt.check()
            spoilt.close()
        except StoreError:
            return
        changed = [each for each in told if each not in kept]
        sound = [each for each in changed if hashlib.sha256(each.body).hexdigest() == each.digest]
        assert told_of or not sound, "a changed byte was read as if it had been put, and check() says nothing"

    def test_9_a_sound_store_is_told_to_be_sound(self, backend: Backend) -> None:
        keep(backend, record(), record(version=2), events=[event(1)])
        assert list(backend.check()) == []
        assert backend.schema_version() >= 0


def _files(url: str) -> Iterable[bytes]:
    """The contents of every file of a store: its path, what is in it, and what stands beside it under its name."""
    place = StoreUrl.parse(url)
    path = Path(place.path)
    if place.host or not place.path or not path.parent.is_dir():
        return []
    paths = [found for found in path.parent.rglob("*") if found.is_file() and str(found).startswith(str(path))]
    return [found.read_bytes() for found in paths]
