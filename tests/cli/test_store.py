"""``qsafety import``, ``store`` and ``backends``."""

import sqlite3

import qsafety as qs


def test_a_ledger_is_kept_once(call, shop, tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    first = call("import", shop, "--store", url)
    again = call("import", shop, "--store", url)
    assert (first.status, again.status) == (0, 0)
    assert "条记录" in first.out and "没有写入" in again.out
    with qs.open_store(url) as store:
        assert store.dossier("hz-ebike") == qs.read_ledger(shop)


def test_a_wrong_ledger_makes_no_store(call, tmp_path):
    assert call("import", tmp_path / "none.xlsx", "--store", f"sqlite:///{tmp_path / 'shop.db'}").status == 2
    assert not (tmp_path / "shop.db").exists()


def test_a_store_that_is_not_there_is_not_made(call, tmp_path):
    url = f"sqlite:///{tmp_path / 'none.db'}"
    assert call("assess", url, "--seller", "s").status == 2
    assert call("store", "check", url).status == 2
    assert not (tmp_path / "none.db").exists()


def test_the_seller_of_a_store_is_named(call, shop, tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    call("import", shop, "--store", url)
    nobody = call("assess", url)
    wrong = call("assess", url, "--seller", "hz-ebik")
    assert (nobody.status, wrong.status) == (2, 2)
    assert "hz-ebike" in nobody.err and "是否为“hz-ebike”" in wrong.err


def test_damage_is_found(call, shop, tmp_path):
    file = tmp_path / "shop.db"
    url = f"sqlite:///{file}"
    call("import", shop, "--store", url)
    assert (call("store", "check", url).status, "完好" in call("store", "check", url).out) == (0, True)
    assert call("store", "upgrade", url).status == 0
    with sqlite3.connect(file) as database:
        (table,) = database.execute("select name from sqlite_master where sql like '%body%' limit 1").fetchone()
        database.execute(f"update {table} set body = x'7b7d' where rowid = (select min(rowid) from {table})")
    database.close()
    done = call("store", "check", url)
    assert done.status == 1 and "×" in done.out


def test_the_password_of_a_url_is_not_printed(call, shop):
    done = call("import", shop, "--store", "nosuch://me:s3cret@host/db")
    assert done.status == 2 and "s3cret" not in done.err


def test_backends_are_listed(call):
    done = call("backends")
    assert done.status == 0 and "sqlite://" in done.out and "memory://" in done.out
