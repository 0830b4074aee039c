"""Trust in networks as the workspace's database keeps it: the first files stay, damage trusts nothing."""

import json
from functools import partial

import pytest
from network_cases import write_saved_model
from refusals import refusal

from shopsim.base.paths import home_dir
from shopsim.base.workspace.database import read
from shopsim.base.workspace.rows import rows
from shopsim.base.workspace.schema import TRUSTED
from shopsim.features.networks.contents import contents_digest
from shopsim.features.networks.trust import FilesChanged, check_at_hand, keep_trust
from shopsim.features.networks.weights import obtain, trust, why_not_trusted

pytestmark = pytest.mark.usefixtures("hub")
ADDRESS = "https://networks.example/some_model/1"
SIDE = 32


@pytest.fixture
def net(tmp_path):
    """The folder of a network that lies anywhere."""
    return write_saved_model(tmp_path / "elsewhere/net")


def test_trust_that_the_disk_refuses_is_none(net):
    (home_dir() / "shopsim.db").mkdir(parents=True)
    refused = f"Cannot write '{home_dir() / 'shopsim.db'}': Is a directory."
    assert refusal(lambda: trust("tfhub", handle=str(net), size=SIDE)) == refused
    assert "was not trusted" in refusal(lambda: obtain("tfhub", handle=str(net), size=SIDE))


def test_a_database_that_cannot_be_read_trusts_nothing(net):
    trust("tfhub", handle=str(net), size=SIDE)
    (home_dir() / "shopsim.db").write_bytes(b"damaged")
    assert "was not trusted" in refusal(lambda: obtain("tfhub", handle=str(net), size=SIDE))


def test_the_first_files_stay_trusted_whatever_another_process_fetched(tmp_path):
    trust("tfhub", handle=ADDRESS, size=SIDE)
    first = write_saved_model(tmp_path / "first")
    second = write_saved_model(tmp_path / "second", b"other weights")
    check_at_hand(ADDRESS, first)
    assert "has other files than when it was trusted" in refusal(lambda: check_at_hand(ADDRESS, second))
    assert read(partial(rows, table=TRUSTED)) == [(ADDRESS, contents_digest(first))]


def test_what_an_earlier_version_trusted_stays_trusted(net):
    home_dir().mkdir()
    trusted = {"network": str(net), "contents": contents_digest(net)}
    (home_dir() / "trusted-networks.json").write_text(json.dumps([trusted]))
    assert obtain("tfhub", handle=str(net), size=SIDE) == net
    (net / "saved_model.pb").write_bytes(b"other")
    assert isinstance(why_not_trusted("tfhub", handle=str(net), size=SIDE), FilesChanged)


@pytest.mark.parametrize(
    "entries", [["net"], [{"network": "net"}], [{"network": 1, "contents": None}], [None], [{"contents": "0"}]]
)
def test_a_damaged_list_of_an_earlier_version_trusts_nothing(net, entries):
    home_dir().mkdir()
    (home_dir() / "trusted-networks.json").write_text(json.dumps([*entries, str(net)]))
    assert "was not trusted" in refusal(lambda: obtain("tfhub", handle=str(net), size=SIDE))
    keep_trust(str(net), net)
    assert obtain("tfhub", handle=str(net), size=SIDE) == net
    assert json.loads((home_dir() / "trusted-networks.json").read_text()) == [*entries, str(net)]
