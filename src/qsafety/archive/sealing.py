"""Who vouches for a pack, and when: a CMS signature and an RFC 3161 time stamp over the tag manifest.

All cryptography is that of libraries: signatures are made by ``cryptography`` and checked by ``openssl cms``, time stamps are asked for and
checked by ``rfc3161-client``. The tag manifest holds the digest of everything else, so one seal covers the pack.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from qsafety.archive.problems import SealError
from qsafety.bilingual import Bilingual
from qsafety.errors import MissingExtraError, QSafetyError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Sign = Callable[[bytes], bytes]
"""Given what is to be signed; returns a detached CMS signature (DER). A key that never leaves its token is signed with so."""

Stamp = Callable[[bytes], bytes]
"""Given a time stamp request (DER); returns the authority's response (DER)."""

_PATIENCE = 30


@frozen
class Signer:
    """A key and its certificate, with the certificates above it, as :func:`qsafety.pack` takes them for ``sign``."""

    key: Any = field(repr=False)
    certificate: "Certificate"
    chain: "Sequence[Certificate]" = ()

    @classmethod
    def load(
        cls, key: str | os.PathLike[str], certificate: str | os.PathLike[str], *, password: bytes | None = None
    ) -> "Signer":
        """From two PEM files; certificates after the first in the second are those above it."""
        try:
            from cryptography import x509
            from cryptography.hazmat.primitives.serialization import load_pem_private_key
        except ImportError:
            raise MissingExtraError("sign", "cryptography") from None
        try:
            own, *above = x509.load_pem_x509_certificates(Path(certificate).read_bytes())
            return cls(load_pem_private_key(Path(key).read_bytes(), password), own, tuple(above))
        except (OSError, ValueError, TypeError) as error:
            raise SealError(
                Bilingual(
                    f"无法读取签名密钥或证书：{error}", f"the signing key or certificate cannot be read: {error}"
                ),
                advice=Bilingual("请给出 PEM 格式的密钥和证书。", "Give a key and a certificate in PEM."),
            ) from error

    def __call__(self, content: bytes) -> bytes:
        """A detached CMS signature. Without signed attributes, so that an RSA key signs the same content to the same bytes."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.serialization import Encoding
        from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

        builder = PKCS7SignatureBuilder().set_data(content)
        builder = builder.add_signer(self.certificate, self.key, hashes.SHA256())
        for certificate in self.chain:
            builder = builder.add_certificate(certificate)
        options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoAttributes]
        return builder.sign(Encoding.DER, options)


def signature(sign: Sign, content: bytes) -> bytes:
    """What ``sign`` makes of the content, or a :class:`SealError`."""
    try:
        made = sign(content)
    except QSafetyError:
        raise
    except Exception as error:  # a key, a token, a driver: whatever it raises, there is no signature
        raise SealError(Bilingual(f"签名失败：{error}", f"it could not be signed: {error}")) from error
    if not made:
        raise SealError(Bilingual("签名函数没有返回内容", "the signing function returned nothing"))
    return made


def time_stamp(stamp: Stamp | str, content: bytes) -> bytes:
    """The authority's response about the content; a text is the authority's address."""
    client = _client()
    request = client.TimestampRequestBuilder().data(content).hash_algorithm(client.HashAlgorithm.SHA256).build()
    ask: Stamp = _over_http(stamp) if isinstance(stamp, str) else stamp
    try:
        response = ask(request.as_bytes())
        client.decode_timestamp_response(response)
    except Exception as error:  # a network, an authority, a function of the host's
        raise SealError(Bilingual(f"取得时间戳失败：{error}", f"no time stamp could be had: {error}")) from error
    if _imprint(client.decode_timestamp_response(response)) != _sha256(content):
        raise SealError(Bilingual("时间戳不是这个存档包的", "the time stamp is not about this pack"))
    return response


def _over_http(address: str) -> Stamp:
    def ask(request: bytes) -> bytes:
        from urllib.request import Request, urlopen

        if not address.startswith(("http://", "https://")):
            raise ValueError(f"no http address: {address}")
        header = {"Content-Type": "application/timestamp-query"}
        with urlopen(Request(address, request, header), timeout=_PATIENCE) as answer:
            content: bytes = answer.read(1 << 20)
        return content

    return ask


class SealStatus(StrEnum):
    """``valid``: of a signer who is trusted. ``unknown_signer``: unbroken, but nobody was named who is trusted.

    ``unchecked``: that cannot be told here.
    """

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN_SIGNER = "unknown_signer"
    UNCHECKED = "unchecked"


@frozen
class Seal:
    """A signature or a time stamp that a pack carries, and what was found of it; ``by`` and ``at`` where they could be read."""

    path: str
    status: SealStatus
    by: str | None = None
    at: datetime | None = None
    why: Bilingual | None = None


def checked_signature(path: str, made: bytes, content: bytes, trust: Sequence[bytes]) -> Seal:
    """A CMS signature, by ``openssl cms``; ``trust``: certificates (PEM) of those who are trusted."""
    program = shutil.which("openssl")
    if program is None:
        return Seal(
            path,
            SealStatus.UNCHECKED,
            why=Bilingual("没有 openssl，未核验签名", "no openssl here: the signature was not checked"),
        )
    with tempfile.TemporaryDirectory(prefix="qsafety-seal-") as name:
        folder = Path(name)
        (folder / "p7s").write_bytes(made)
        (folder / "content").write_bytes(content)
        (folder / "trust.pem").write_bytes(b"\n".join(trust))
        said = [
            program,
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            "p7s",
            "-content",
            "content",
            "-out",
            os.devnull,
        ]
        unbroken = _run([*said, "-noverify", "-signer", "signer.pem"], folder)
        if unbroken.returncode != 0:
            return Seal(
                path,
                SealStatus.INVALID,
                why=Bilingual("签名与内容不符，或不是 CMS 签名", "it does not fit the content, or is no CMS signature"),
            )
        by = _subject((folder / "signer.pem").read_bytes())
        if not trust:
            return Seal(path, SealStatus.UNKNOWN_SIGNER, by)
        known = _run([*said, "-CAfile", "trust.pem", "-purpose", "any", "-partial_chain", "-no-CApath"], folder)
        if known.returncode == 0:
            return Seal(path, SealStatus.VALID, by)
        return Seal(
            path,
            SealStatus.INVALID,
            by,
            why=Bilingual("签名者不在所信任之列", "its signer is none of those who are trusted"),
        )


def _run(command: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
    )


def _subject(pem: bytes) -> str | None:
    try:
        from cryptography import x509

        return x509.load_pem_x509_certificate(pem).subject.rfc4514_string()
    except (ImportError, ValueError):
        return None


def checked_time_stamp(path: str, response: bytes, content: bytes, trust: Sequence[bytes]) -> Seal:
    """An RFC 3161 time stamp; ``trust``: certificates (PEM) of the authorities that are trusted."""
    try:
        client = _client()
    except MissingExtraError as error:
        return Seal(path, SealStatus.UNCHECKED, why=Bilingual(error.to("zh"), error.to("en")))
    from cryptography import x509

    try:
        answer = client.decode_timestamp_response(response)
        at, imprint = answer.tst_info.gen_time, _imprint(answer)
        inside = [x509.load_der_x509_certificate(der) for der in answer.signed_data.certificates]
    except ValueError as error:
        return Seal(
            path,
            SealStatus.INVALID,
            why=Bilingual(f"不是 RFC 3161 时间戳：{error}", f"it is no RFC 3161 time stamp: {error}"),
        )
    if imprint != _sha256(content):
        return Seal(
            path, SealStatus.INVALID, at=at, why=Bilingual("不是这个存档包的时间戳", "it is not about this pack")
        )
    by = inside[0].subject.rfc4514_string() if inside else None
    roots = [c for pem in trust for c in x509.load_pem_x509_certificates(pem)]
    for root in roots:
        if _stamped(client, answer, content, root):
            return Seal(path, SealStatus.VALID, by, at)
    if roots:
        return Seal(
            path,
            SealStatus.INVALID,
            by,
            at,
            Bilingual(
                "时间戳机构不在所信任之列，或时间戳已损坏",
                "its authority is none of those who are trusted, or it is damaged",
            ),
        )
    return Seal(path, SealStatus.UNKNOWN_SIGNER, by, at)


def _stamped(client: Any, answer: Any, content: bytes, root: "Certificate") -> bool:
    try:
        return bool(client.VerifierBuilder().add_root_certificate(root).build().verify_message(answer, content))
    except (client.VerificationError, ValueError):
        return False


def _imprint(answer: Any) -> bytes:
    imprint: bytes = answer.tst_info.message_imprint.message
    return imprint


def _sha256(content: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(content).digest()


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise MissingExtraError("sign", "rfc3161-client") from None
    return rfc3161_client
