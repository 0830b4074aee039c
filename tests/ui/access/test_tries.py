"""Secrets are tried one after another per address; nobody's wrong tries lock another visitor out."""

import gc

import pytest
from refusals import refusal

from shopsim import ShopsimError
from shopsim.ui.access import rights, tries

SECRET = "correct horse battery staple"


class Clock:
    """Stands still but for who sleeps."""

    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(tries, "time", clock)
    return clock


def wrong():
    return False


def right():
    return True


def test_the_first_look_is_at_once_and_more_from_that_address_are_apart(clock):
    queue = tries.Tries()
    looked_at = []
    for _ in range(4):
        assert not queue.take("192.0.2.1", wrong)
        looked_at.append(clock.now)
    assert looked_at == [100.0, 102.0, 104.0, 106.0]


@pytest.mark.parametrize("address", [None, "192.0.2.2", "2001:db8:0:2::1"])
def test_a_right_secret_from_another_address_never_waits(clock, address):
    queue = tries.Tries()
    for _ in range(1000):
        queue.take("192.0.2.1", wrong)
        queue.take("2001:db8:0:1::1", wrong)
    before = clock.now
    assert queue.take(address, right)
    assert clock.now == before


def test_a_right_secret_from_the_same_address_waits_for_its_turn_only(clock):
    queue = tries.Tries()
    for _ in range(1000):
        queue.take("192.0.2.1", wrong)
    before = clock.now
    assert queue.take("192.0.2.1", right)
    assert clock.now - before <= 2.0


@pytest.mark.parametrize(
    "addresses",
    [
        ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::", "2001:db8::1%eth0"],
        ["192.0.2.1", "::ffff:192.0.2.1"],
        [None, "", "no address"],
    ],
)
def test_more_addresses_of_one_visitor_are_no_more_tries(clock, addresses):
    queue = tries.Tries()
    for address in addresses:
        queue.take(address, wrong)
    assert clock.now == 100.0 + 2.0 * (len(addresses) - 1)


def test_a_queue_has_an_end(clock, monkeypatch):
    monkeypatch.setattr(clock, "sleep", lambda _: None)  # All came at once.
    queue = tries.Tries()
    for _ in range(16):
        queue.take("192.0.2.1", wrong)
    assert refusal(lambda: queue.take("192.0.2.1", right)) == (
        "Many secrets are being tried from your address; try again in a few seconds."
    )
    assert queue.take("192.0.2.2", right)
    clock.now += 2.0
    assert queue.take("192.0.2.1", right)


def test_addresses_are_forgotten_when_their_turn_has_passed(clock):
    queue = tries.Tries()
    for number in range(200):
        queue.take(f"192.0.2.{number}", wrong)
    clock.now += 2.0
    queue.take("192.0.2.1", wrong)
    assert len(queue._next) == 1


def test_the_right_secret_is_taken_after_any_number_of_wrong_ones(clock, monkeypatch):
    monkeypatch.setenv(rights.TOKEN, SECRET)
    monkeypatch.setattr(rights, "_tries", tries.Tries())
    monkeypatch.setattr(rights.st, "session_state", {})
    for _ in range(50):
        with pytest.raises(ShopsimError, match="That is not the secret of this server"):
            rights.give_secret("wrong")
    before = clock.now
    rights.give_secret(SECRET)
    assert clock.now - before <= 2.0
    assert "rights" in rights.st.session_state


def test_a_session_that_ended_has_no_right_to_upload_any_more(clock, monkeypatch):
    class Context:
        session_id = "session-1"

    monkeypatch.setenv(rights.TOKEN, SECRET)
    monkeypatch.setenv("SHOPSIM_ROOTS", "/photos")
    monkeypatch.setattr(rights, "_tries", tries.Tries())
    monkeypatch.setattr(rights, "get_script_run_ctx", Context)
    session = {}
    monkeypatch.setattr(rights.st, "session_state", session)
    rights.give_secret(SECRET)
    assert rights.may_upload("session-1")
    assert not rights.may_upload("session-2")
    session.clear()
    gc.collect()
    assert not rights.may_upload("session-1")
    assert len(rights._given_by) == 0
