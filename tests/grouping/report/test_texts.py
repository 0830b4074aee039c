"""Every sentence of the report is used, whole, and in one place."""

import re
from pathlib import Path
from string import Formatter

import pytest

from shopsim.grouping import report
from shopsim.grouping.report.texts import ENGLISH, Texts

PLACE = Path(report.__file__).parent
SOURCES = [path for path in PLACE.iterdir() if path.suffix in (".py", ".j2") and path.stem != "texts"]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def test_every_sentence_is_asked_for():
    """Keys that are put together end in what differs; what comes before stands in the source."""
    unused = [key for key in ENGLISH if f'"{key}"' not in SOURCE and not _is_put_together(key)]
    assert unused == []


def _is_put_together(key):
    stem = key.rpartition(".")[0]
    return bool(stem) and (
        f'"{stem}"' in SOURCE or f'"{stem}.' in SOURCE or f'"{stem}{{' in SOURCE or stem in ("worst", "best")
    )


def test_a_sentence_for_one_has_one_for_many():
    for key in ENGLISH:
        if key.endswith(".one"):
            assert key.removesuffix(".one") + ".many" in ENGLISH


def test_places_are_named():
    for sentence in ENGLISH.values():
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
        assert all(re.fullmatch(r"[a-z_0-9]+", name) for name in names), sentence


def test_another_language_takes_the_place_of_english():
    assert Texts({"figure.ari": "수정 랜드 지수"}).say("figure.ari") == "수정 랜드 지수"


def test_an_unknown_sentence_is_a_mistake():
    with pytest.raises(KeyError):
        Texts().say("no such")
