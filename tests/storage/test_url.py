import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsafety.errors import StoreError
from qsafety.storage import StoreUrl


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("x:///a", "a"),
        ("x:////a", "/a"),
        ("x:///", ""),
        ("x://", ""),
        ("x:///C:\\data\\shop.db", "C:\\data\\shop.db"),
        ("x:///店铺/质量 安全.db", "店铺/质量 安全.db"),
        ("x:///100%25.db", "100%25.db"),
        ("x:///a#b", "a#b"),
    ],
)
def test_the_path_is_what_stands_behind_the_third_slash(text: str, path: str) -> None:
    assert StoreUrl.parse(text).path == path


def test_a_url_is_taken_apart() -> None:
    url = StoreUrl.parse("PostgreSQL+psycopg://erp:p%40ss%2Fword@[::1]:5432/shops?sslmode=require&empty=")
    assert (url.scheme, url.username, url.password) == ("postgresql+psycopg", "erp", "p@ss/word")
    assert (url.host, url.port, url.path) == ("::1", 5432, "shops")
    assert url.query == {"sslmode": "require", "empty": ""}


def test_no_text_of_a_url_shows_its_password() -> None:
    url = StoreUrl.parse("mysql+pymysql://erp:s3cret@db/shops?ssl_key_password=s3cret&charset=utf8mb4")
    assert str(url) == "mysql+pymysql://erp:***@db/shops?ssl_key_password=***&charset=utf8mb4"
    assert "s3cret" not in repr(url)


def test_a_mistyped_url_does_not_show_its_password_either() -> None:
    with pytest.raises(StoreError, match=r"postgresql:/erp:\*\*\*@db/shops") as refused:
        StoreUrl.parse("postgresql:/erp:s3cret@db/shops")
    assert "s3cret" not in refused.value.to("zh")


@pytest.mark.parametrize(
    "text", ["", "shop.db", "sqlite:shop.db", "sqlite:/shop.db", "://x", "1x:///a", "x://h:port/a"]
)
def test_what_is_no_url_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///shop\.db"):
        StoreUrl.parse(text)


def test_an_option_given_twice_is_refused() -> None:
    with pytest.raises(StoreError, match="twice"):
        StoreUrl.parse("x:///a?create=true&create=false")


@given(st.text("abc/.:@%# 店", max_size=12), st.dictionaries(st.text("ab&=%店", min_size=1), st.text("ab&=?店")))
def test_a_url_without_a_password_is_read_back_from_its_text(path: str, query: dict[str, str]) -> None:
    url = StoreUrl("x", path=path, query=query)
    assert StoreUrl.parse(str(url)) == url
