"""Whatever is wrong with a store: one clear error with what to do, exit status 2, and no file."""

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("shop.db", "does not begin with a scheme and ://. Write memory:// or sqlite:///shop.db"),
        ("sqlite://shop.db", "lacks a slash. Write sqlite:///shop.db"),
        ("sqlite:///", "names no file. Write sqlite:///file"),
        ("sqlit:///shop.db", "no backend serves the scheme 'sqlit'. Did you mean 'sqlite'?"),
        ("sqlite:///no/such/shop.db", "there is no folder no/such. Make the folder first."),
        ("tinydb:///shop.json?indent=2", "has an unknown option 'indent'. Known: create."),
        ("postgresql://u:geheim@h/x", "Did you mean 'postgresql+psycopg'?"),
        ("postgresql+psycopg://u:geheim@127.0.0.1:1/x", "the server cannot be reached"),
        (
            "sql+oracle://u:geheim@h/x",
            "this database needs oracledb, which is not installed. Run: pip install oracledb",
        ),
    ],
)
def test_a_wrong_url_says_what_to_write(call, shop, tmp_path: Path, monkeypatch, url: str, said: str) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    found = call("import", str(shop), "--store", url, "--lang", "en")
    assert found.status == 2
    assert said in " ".join(found.err.split())
    assert "geheim" not in found.out + found.err
    assert "Traceback" not in found.err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("scheme", ["sqlite", "tinydb"])
@pytest.mark.parametrize("how", ["cut short", "one byte", "nothing of ours"])
def test_a_damaged_file_is_said_to_be_damaged_and_stays_as_it_is(
    call, shop, tmp_path: Path, scheme: str, how: str
) -> None:
    file = tmp_path / "kept"
    assert call("import", shop, "--store", f"{scheme}:///{file}").status == 0
    data = bytearray(file.read_bytes())
    if how == "cut short":
        data = data[: len(data) // 2]
    elif how == "one byte":
        data[5] ^= 0x02  # in the words that say what the file is
    else:
        data = bytearray("这不是数据库".encode() * 2000)
    file.write_bytes(data)
    found = call("import", shop, "--store", f"{scheme}:///{file}", "--lang", "en")
    assert found.status == 2
    assert any(word in found.err for word in ("damaged", "no SQLite database", "no file of TinyDB", "checksum"))
    told = found.err.replace("\n", "")  # a long path is broken at the edge of the page
    assert "backup" in told.lower() or ".bak" in told
    assert "Traceback" not in found.err
    assert file.read_bytes() == bytes(data)
