"""Decoders share the memory there is: they wait until there is room, and give their share back."""

import threading
import time

import pytest
from image_cases import quarters, saved

from shopsim.catalog.photos import decode_memory, images
from shopsim.catalog.photos.decode_memory import Allowance
from shopsim.catalog.photos.soundness import judge
from shopsim.catalog.photos.unreadable import RefusedPhotoError
from shopsim.catalog.scan import FoundFile


def test_decoders_wait_until_there_is_room(monkeypatch):
    monkeypatch.setattr(decode_memory, "free_memory", lambda: 200)
    allowance, order = Allowance(), []

    def decode(n_bytes):
        with allowance.taking(n_bytes):
            order.append(n_bytes)

    with allowance.taking(60):
        thread = threading.Thread(target=decode, args=(50,))
        thread.start()
        decode(40)
        time.sleep(0.05)
        assert order == [40]
    thread.join(5)
    assert order == [40, 50]


def test_a_photo_that_does_not_fit_now_may_fit_another_time(tmp_path, monkeypatch):
    path = saved(tmp_path / "a.png", quarters())
    status = path.stat()
    files = [FoundFile("a.png", str(path), status.st_size, 1)]
    monkeypatch.setattr(images, "allowance", Allowance())
    monkeypatch.setattr(decode_memory, "free_memory", lambda: 1000)
    found = judge(tmp_path, files, tmp_path / "cache", lambda *_: None)["a.png"]
    assert found.problem == ("Cannot read 'a.png' as an image: it needs 0 MB to decode, and 0 MB may be taken now.")
    monkeypatch.setattr(images, "allowance", Allowance())
    monkeypatch.setattr(decode_memory, "free_memory", lambda: 1 << 30)
    assert judge(tmp_path, files, tmp_path / "cache", lambda *_: None)["a.png"].problem == ""


def test_where_the_system_does_not_tell_nothing_waits(monkeypatch):
    monkeypatch.setattr(decode_memory, "free_memory", lambda: None)
    with Allowance().taking(1 << 40):
        pass


def test_a_failing_decoder_gives_its_share_back(monkeypatch):
    monkeypatch.setattr(decode_memory, "free_memory", lambda: 200)
    allowance = Allowance()
    for _ in range(3):
        with pytest.raises(RefusedPhotoError), allowance.taking(100):
            raise RefusedPhotoError("no")
