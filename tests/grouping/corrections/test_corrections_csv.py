"""Corrections as CSV: there and back, by hand, twice, and with rows that are wrong."""

import pytest
from correction_cases import catalog_of

from shopsim import ShopsimError
from shopsim.grouping.corrections.action import DIFFERENT, MOVE, NAME, SAME, action
from shopsim.grouping.corrections.corrections_csv import BadRows, corrections_csv, new_among, read_corrections
from shopsim.grouping.corrections.store import keep, read_actions

KEYS = [f"{number:032x}" for number in range(8)]
CATALOG = catalog_of(KEYS)


def read(text):
    return read_corrections(text, "told.csv", CATALOG)


def written(actions):
    return corrections_csv(CATALOG, actions).decode("utf-8-sig")


def test_what_is_written_is_read_again_with_who_and_when():
    keep(
        CATALOG,
        action(SAME, [KEYS[:2], KEYS[2:4]], "=Jisoo"),
        action(MOVE, [[KEYS[0]], KEYS[4:6], KEYS[1:3]]),
        action(NAME, [KEYS[:2]], text='a, "b"\nc'),
    )
    kept = read_actions(CATALOG)
    again = read(written(kept))
    assert again == kept
    assert new_among(again, kept) == ()


def test_a_person_can_write_it_by_names_of_photos():
    (said,) = read(f"correction;kind;part;image_id\n7;different;1;{KEYS[0]}.jpg\n7;different;2;{KEYS[3]}.jpg\n")
    assert (said.kind, said.parts) == (DIFFERENT, ((KEYS[0],), (KEYS[3],)))


def test_every_bad_row_gets_a_sentence_and_nothing_is_read():
    text = (
        "correction,kind,part,photo,image_id,text,who,at\n"
        f"1,same,1,{KEYS[0]},,,,\n1,same,1,{KEYS[1]},,,,\n"
        "2,same,1,,nowhere.jpg,,,\n"
        "3,same,1,xyz,,,,\n"
        f"four,same,1,{KEYS[0]},,,,\n"
        f"5,same,one,{KEYS[0]},,,,\n"
        f"6,same,1,{KEYS[0]},,,,\n6,split,2,{KEYS[1]},,,,\n"
        f"7,join,1,{KEYS[0]},,,,\n"
    )
    with pytest.raises(BadRows, match="Nothing was imported") as caught:
        read(text)
    told = caught.value.sentences
    assert [sentence.split(":")[0] for sentence in told] == [
        f"Row {line} of 'told.csv'" for line in (4, 5, 6, 7, 9, 8, 10)
    ]
    words = ["nowhere.jpg", "'xyz' is no digest", "'four'", "'one'", "differs from row 8", "at least two", "no kind"]
    assert all(word in sentence for word, sentence in zip(words, told, strict=True))


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "correction,kind,part\n1,same,1\n"])
def test_a_file_that_is_no_table_of_corrections_is_refused(text):
    with pytest.raises(ShopsimError, match=r"told\.csv"):
        read(text)
