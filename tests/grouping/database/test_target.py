"""The address of a database: what is wrong with it is one sentence, and no sentence has its password."""

import pytest
from refusals import refusal

from shopsim.grouping.database import target as module
from shopsim.grouping.database.target import target_of


@pytest.mark.parametrize(
    "address", ["", "groups.db", "mysql://ann:hidden@host/shop", "sqlite:groups.db", "http://host", "://", "\0"]
)
def test_another_kind_of_database_is_refused(address):
    said = refusal(lambda: target_of(address))
    assert said.startswith("The address of the database begins with none of sqlite, postgresql, mongodb, mongodb+srv;")
    assert "hidden" not in said


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///", "postgresql://ann:hidden@host", "mongodb://host/"])
def test_an_address_without_a_database_is_refused(address):
    said = refusal(lambda: target_of(address))
    assert "names no database; right would be sqlite:///groups.db" in said
    assert "hidden" not in said


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann:hid%40den@host/shop",
        "postgresql://ann:hid@den@host:5432/shop",
        "postgresql://ann@host/shop?password=hid@den",
        "mongodb://ann:hid@den@host/shop?authSource=admin",
    ],
)
def test_no_form_of_a_password_is_shown(address):
    target = target_of(address)
    for text in (target.shown, repr(target), str(target.refusal("it said hid@den and hid%40den and more"))):
        assert "hid@den" not in text
        assert "hid%40den" not in text


def test_a_missing_package_is_told_with_the_extra(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert refusal(lambda: target_of("postgresql://host/shop")) == (
        "Writing to postgresql needs the package 'sqlalchemy'; install it by: pip install 'shopsim[database]'."
    )
    assert refusal(lambda: target_of("mongodb://host/shop")).endswith("pip install 'shopsim[mongodb]'.")


@pytest.mark.parametrize(
    "address, shown",
    [
        ("postgresql://me:hid?den@127.0.0.1/db", "postgresql://me:***@127.0.0.1/db"),
        ("postgresql://me:hid/?den@127.0.0.1/db", None),
        ("postgresql://me:hid@?den@127.0.0.1/db", None),
        ("postgresql://me:x@host/db?password=hid@den/db", None),
        ("postgresql://me@host/db?password=hid@den", "postgresql://me@host/db"),
        ("postgresql://me:hid?den", None),
        ("postgresql://me:hidden/db", "postgresql://***"),
        ("postgresql://host:5432/db", "postgresql://host:5432/db"),
        ("postgresql://[::1]:5432/db", "postgresql://[::1]:5432/db"),
        ("mongodb://one:1,two:2/db?replicaSet=x", "mongodb://one:1,two:2/db"),
    ],
)
def test_a_password_with_signs_of_an_address_is_not_shown_in_part(address, shown):
    said = refusal(lambda: target_of(address)) if shown is None else repr(target_of(address))
    assert "hid" not in said
    assert "den" not in said
    if shown is not None:
        assert said == f"Target('{shown}')"


def test_a_short_password_leaves_other_words_whole():
    target = target_of("postgresql://me:a@host/db")
    assert target.without_secrets("a man said a, 'a'") == "*** man said ***, '***'"


def test_a_file_of_sqlite_may_have_an_at_in_its_name():
    assert target_of("sqlite:///shop:me@home.db").shown == "sqlite:///shop:me@home.db"
