"""Signatures and time stamps: made by libraries, accepted by openssl, and a broken one is told."""

import subprocess
from pathlib import Path

import pytest

import qsafety as qs
from qsafety.archive import SealError, SealStatus, Signer
from qsafety.archive.layout import SIGNATURE, TIMESTAMP


def run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A test authority with a signer and a time stamp authority, made with openssl."""
    at = tmp_path_factory.mktemp("authority")
    run(
        at,
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-subj",
        "/CN=CA",
    )
    for name, use in (("tsa", "critical,timeStamping"), ("signer", "emailProtection")):
        (at / f"{name}.ext").write_text(f"extendedKeyUsage={use}\n")
        made = ["-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}"]
        run(at, "openssl", "req", "-newkey", "rsa:2048", "-nodes", *made)
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", f"{name}.ext"]
        run(at, "openssl", "x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", *by)
    (at / "ts.cnf").write_text(
        "[tsa]\ndefault_tsa=t\n[t]\nserial=./serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\n"
    )
    return at


@pytest.fixture(scope="module")
def sealed(authority: Path, shop, january, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def stamp(request: bytes) -> bytes:
        (authority / "q.tsq").write_bytes(request)
        who = ["-signer", "tsa.pem", "-inkey", "tsa.key"]
        run(authority, "openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", "q.tsq", *who, "-out", "r.tsr")
        return (authority / "r.tsr").read_bytes()

    signer = Signer.load(authority / "signer.key", authority / "signer.pem")
    to = tmp_path_factory.mktemp("sealed")
    return qs.pack(shop, to=to, papers=False, sign=signer, timestamp=stamp, **january)


def test_openssl_accepts_both(sealed, authority):
    content, ca = "tagmanifest-sha256.txt", str(authority / "ca.pem")
    signed = ["-inform", "DER", "-in", SIGNATURE, "-content", content, "-CAfile", ca]
    run(sealed, "openssl", "cms", "-verify", "-binary", *signed, "-purpose", "any", "-out", "/dev/null")
    run(sealed, "openssl", "ts", "-verify", "-in", TIMESTAMP, "-data", content, "-CAfile", ca)


def test_valid_unknown_and_not_trusted(sealed, authority):
    trusted = qs.verify_pack(sealed, trust=[authority / "ca.pem"])
    assert trusted.ok and [s.status for s in trusted.seals] == [SealStatus.VALID, SealStatus.VALID]
    nobody = qs.verify_pack(sealed)
    assert nobody.ok and [s.status for s in nobody.seals] == [SealStatus.UNKNOWN_SIGNER] * 2
    assert nobody.seals[0].by == "CN=signer" and nobody.seals[1].at is not None
    assert not qs.verify_pack(sealed, trust=[authority / "tsa.pem"]).ok


@pytest.mark.parametrize("path", [SIGNATURE, TIMESTAMP])
def test_a_broken_or_missing_seal_is_told(sealed, path):
    file = sealed / path
    before = file.read_bytes()
    file.write_bytes(before[:-10] + bytes([before[-10] ^ 1]) + before[-9:])
    assert not qs.verify_pack(sealed).ok
    file.unlink()
    assert [p.property for p in qs.verify_pack(sealed).problems if p.path == path] == ["authenticity", "integrity"][
        ::-1
    ]
    file.write_bytes(before)
    assert qs.verify_pack(sealed).ok


def test_a_signature_that_cannot_be_made_leaves_nothing(shop, january, tmp_path):
    def broken(content: bytes) -> bytes:
        raise RuntimeError("the token is not plugged in")

    with pytest.raises(SealError, match="not plugged in"):
        qs.pack(shop, to=tmp_path / "out", papers=False, sign=broken, **january)
    assert not (tmp_path / "out").exists()
    with pytest.raises(SealError, match="cannot be read"):
        Signer.load(tmp_path / "no.key", tmp_path / "no.pem")
