"""Which earlier corrections stand against a new one."""

from correction_cases import catalog_of

from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.action import DIFFERENT, SAME, Action
from shopsim.grouping.corrections.against import against


def test_either_link_of_the_chain_stands_against_it_and_no_other_does():
    catalog = catalog_of("abcd")
    keys = photo_keys(catalog)

    def said(kind, one, other, number=0):
        return Action(kind, ((keys[one],), (keys[other],)), number=number)

    kept = [said(SAME, 0, 1, 1), said(SAME, 1, 2, 2), said(SAME, 2, 3, 3)]
    assert [each.number for each in against(catalog, said(DIFFERENT, 0, 2), kept, (0, 1, 2))] == [2, 1]
