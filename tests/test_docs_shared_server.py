"""The table of who may do what tells the truth where a test can read it."""

from app_pages import PROJECT

from shopsim.ui.access import rights
from shopsim.ui.access.hosts import LOCAL
from shopsim.ui.access.tries import APART_S

TEXT = (PROJECT / "docs/shared-server.md").read_text(encoding="utf-8")


def test_the_table_names_the_secret_its_length_and_the_local_names():
    assert f"`{rights.TOKEN}`" in TEXT
    assert f"The secret needs {rights._FEWEST} characters or more." in TEXT
    assert f"looks at one try per\n  {APART_S:.0f} seconds" in TEXT
    assert all(f"`{name}`" in TEXT for name in LOCAL)


def test_the_readme_leads_to_the_table():
    assert "(docs/shared-server.md)" in (PROJECT / "README.md").read_text(encoding="utf-8")
