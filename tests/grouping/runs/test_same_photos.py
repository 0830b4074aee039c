"""The same photos in two lists: by name and bytes, then by bytes alone."""

from run_cases import photos_named

from shopsim.grouping.runs.same_photos import same_photos


def found(before, after):
    return same_photos(photos_named(**before), photos_named(**after))


def test_the_same_list_has_no_change():
    same = found({"a": "1", "b": "2"}, {"a": "1", "b": "2"})
    assert same.is_all
    assert same.before.tolist() == same.after.tolist() == [0, 1]


def test_a_renamed_photo_is_the_same_photo():
    same = found({"a": "1", "b": "2"}, {"a": "1", "c": "2"})
    assert same.renamed.tolist() == [[1, 1]]
    assert same.before.tolist() == [0, 1]
    assert not len(same.added) and not len(same.removed)


def test_a_name_with_other_bytes_is_another_photo():
    same = found({"a": "1", "b": "2"}, {"a": "1", "b": "3"})
    assert same.changed.tolist() == [[1, 1]]
    assert same.before.tolist() == [0]
    assert not len(same.added) and not len(same.removed)


def test_new_and_gone_photos_are_told():
    same = found({"a": "1", "b": "2"}, {"b": "2", "c": "3"})
    assert (same.removed.tolist(), same.added.tolist()) == ([0], [1])


def test_two_photos_that_swap_names_are_both_renamed():
    same = found({"a": "1", "b": "2"}, {"a": "2", "b": "1"})
    assert sorted(same.renamed.tolist()) == [[0, 1], [1, 0]]
    assert not len(same.changed)


def test_of_byte_equal_copies_each_is_found_once():
    same = found({"a": "1", "b": "1"}, {"a": "1", "c": "1", "d": "1"})
    assert (same.before.tolist(), same.after.tolist()) == ([0, 1], [0, 1])
    assert same.added.tolist() == [2]
