"""The Groups page as visitors meet it: the list, a group opened, links to both; and whatever may go wrong."""

import numpy as np
import pytest
from app_pages import (
    address_of,
    button,
    button_labels,
    metrics,
    no_traceback,
    open_page,
    select,
    settled,
    texts,
    threshold,
    visit,
)
from mixed_folders import BLUE, RED, markup, mixed_folder, one_wrong, plain_folder, read, shown_photos


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


def open_groups(folder, **address):
    return open_page("pages/Groups.py", folder, **address)


def cards(app):
    return [label for label in button_labels(app) if label.startswith("Group ")]


# The list


def test_every_group_has_a_card_the_largest_first(folder):
    app = open_groups(folder)
    assert no_traceback(app)
    assert [label.partition(" · ")[2] for label in cards(app)] == ["5 photos", "3 photos", "2 photos"]
    assert "3 groups, 10 photos" in texts(app)


def test_a_card_says_the_model_the_purity_the_weakest_and_the_wrong_photos(folder):
    said = read(open_groups(folder))
    assert "red" in said
    assert "80.0% pure" in said
    assert "weakest" in said
    assert "✗ 1 wrong photo" in said
    assert said.count("✓ one model") == 2


def test_a_wrong_photo_is_marked_on_its_card(folder):
    assert markup(open_groups(folder)).count('<figure class="wrong">') == 1


def test_the_order_can_be_chosen_and_is_in_the_address(folder):
    app = open_groups(folder)
    select(app, "Order").set_value("smallest").run()
    assert cards(app)[0].endswith("2 photos")
    assert address_of(app)["sort"] == "smallest"
    select(app, "Order").set_value("wrong").run()
    assert cards(app)[0].endswith("5 photos")


def test_only_groups_with_wrong_photos_can_be_listed(folder):
    app = open_groups(folder)
    select(app, "Show").set_value("mixed").run()
    assert len(cards(app)) == 1
    assert "1 of 3 groups" in texts(app)


def test_only_single_photos_can_be_listed(folder):
    app = open_groups(folder, at="1", sort="group,single")
    assert len(cards(app)) == 10
    assert all(label.endswith("1 photo") for label in cards(app))


def test_a_least_size_leaves_small_groups_out(folder):
    app = open_groups(folder)
    next(field for field in app.number_input if field.label == "Photos at least").set_value(3).run()
    assert len(cards(app)) == 2
    assert address_of(app)["sort"] == "size,all,3"


@pytest.mark.parametrize(("text", "n_found"), [("BLUE", 1), ("green", 2), ("green-8", 1), ("#0", 1), ("nowhere", 0)])
def test_groups_are_found_by_model_file_name_and_number(folder, text, n_found):
    app = open_groups(folder)
    app.text_input[-1].set_value(text).run()
    assert no_traceback(app)
    assert len(cards(app)) == n_found
    assert address_of(app)["find"] == text


def test_a_korean_name_is_found_however_it_is_spelled(tmp_path):
    decomposed = "\u1100\u1161\u1107\u1161\u11bc"
    app = open_groups(mixed_folder(tmp_path / "bags", {decomposed: [RED] * 2, "구두": [BLUE] * 2}), find="가방")
    assert len(cards(app)) == 1


def test_a_search_without_a_match_says_so_and_leads_back(folder):
    app = open_groups(folder, find="nowhere")
    assert "None of the 3 groups matches" in texts(app)
    button(app, "List all groups").click().run()
    assert len(cards(app)) == 3


def test_many_groups_come_in_pages(tmp_path):
    folder = plain_folder(tmp_path / "many", 30)
    app = open_groups(folder, at="1", sort="group")
    assert len(cards(app)) == 24
    app.pagination[0].set_value(2).run()
    assert [label.split(" · ")[0] for label in cards(app)] == [f"Group {number}" for number in range(24, 30)]
    assert address_of(app)["page"] == "2"
    assert len(shown_photos(app)) == 6


def test_another_order_starts_at_the_first_page(tmp_path):
    app = open_groups(plain_folder(tmp_path / "many", 30), at="1", page="2")
    select(app, "Order").set_value("group").run()
    assert cards(app)[0].startswith("Group 0 ")
    assert "page" not in address_of(app)


# A group


def test_a_group_opened_shows_all_its_photos_the_weakest_last(folder):
    app = open_groups(folder)
    button(app, cards(app)[0]).click().run()
    assert no_traceback(app)
    assert len(shown_photos(app)) == 5
    assert metrics(app)["Photos"] == "5"
    assert (metrics(app)["Purity"], metrics(app)["Wrong pairs"]) == ("80.0%", "4")
    percents = [float(word[:-1]) for word in read(app).split() if word.endswith("%")]
    assert percents == sorted(percents, reverse=True)
    assert f"{np.mean(percents):.0f}%" == metrics(app)["Similar on average"]
    assert f"The photo least like the most central one is {percents[-1]:.1f}% similar to it." in texts(app)


def test_a_wrong_photo_is_marked_with_its_true_model(folder):
    app = open_groups(folder)
    button(app, cards(app)[0]).click().run()
    assert "✗ green" in read(app)
    assert markup(app).count('<figure class="wrong">') == 1
    assert "4 × red · 1 × green" in read(app)


def test_groups_are_leafed_through_in_the_order_of_the_list(folder):
    app = open_groups(folder)
    numbers = [label.split()[1] for label in cards(app)]
    button(app, cards(app)[0]).click().run()
    assert button(app, "Previous group").disabled
    button(app, "Next group").click().run()
    assert address_of(app)["group"] == numbers[1]
    button(app, "Next group").click().run()
    assert button(app, "Next group").disabled


def test_the_way_back_leads_to_the_page_with_the_groups_card(tmp_path):
    app = open_groups(plain_folder(tmp_path / "many", 30), at="1", sort="group", group="27")
    button(app, "All groups").click().run()
    assert "Group 27 · 1 photo" in cards(app)
    assert address_of(app)["page"] == "2"


def test_a_large_group_comes_in_pages(tmp_path):
    app = open_groups(plain_folder(tmp_path / "large", 205), group="0")
    threshold(app).set_value(threshold(app).min).run()
    assert metrics(app)["Photos"] == "205"
    assert len(shown_photos(app)) == 200
    app.pagination[0].set_value(2).run()
    assert len(shown_photos(app)) == 5
    assert "201 to 205 of 205" in texts(app)


def test_an_open_group_is_followed_when_the_threshold_moves(folder):
    app = open_groups(folder, group="0")
    before = shown_photos(app)[0]
    threshold(app).set_value(100.0).run()
    assert shown_photos(app) == [before]


# Links


def test_a_link_shows_what_its_sender_saw(folder):
    sender = open_groups(folder, sort="smallest,all,2", find="re")
    button(sender, cards(sender)[0]).click().run()
    receiver = settled(visit("pages/Groups.py", **address_of(sender)))
    assert shown_photos(receiver) == shown_photos(sender)
    assert metrics(receiver) == metrics(sender)
    button(receiver, "All groups").click().run()
    button(sender, "All groups").click().run()
    assert cards(receiver) == cards(sender)
    assert select(receiver, "Order").value == "smallest"


HOSTILE = ["nan", "-1", "99999", "inf", "<b>", "٣", "1e5", "9" * 4000, "0x1", ",,,,", " "]


def test_hostile_details_fall_back_to_the_list(folder, subtests):
    for value in HOSTILE:
        with subtests.test(value=value):
            app = open_groups(folder, group=value, sort=value, page=value, model=value)
            assert no_traceback(app)
            assert len(cards(app)) == 3
            assert "group" not in address_of(app)


def test_a_hostile_search_finds_nothing_or_something_but_breaks_nothing(folder, subtests):
    for value in HOSTILE:
        with subtests.test(value=value):
            app = open_groups(folder, find=value)
            assert no_traceback(app)


# Any catalogue


def test_without_labels_there_is_no_talk_of_models(tmp_path):
    app = open_groups(plain_folder(tmp_path / "plain"), sort="purity,mixed")
    assert no_traceback(app)
    assert "pure" not in read(app)
    assert select(app, "Order").value == "size"
    assert "Least pure first" not in select(app, "Order").options
    button(app, cards(app)[0]).click().run()
    assert list(metrics(app)) == ["Photos", "Similar on average"]


def test_photos_without_a_label_are_grouped_but_not_called_wrong(tmp_path):
    folder = plain_folder(tmp_path / "half")
    rows = "".join(f"photo {number}.png,{'red' if number % 2 == 0 else ''}\n" for number in range(8))
    (folder / "catalog.csv").write_text(f"path,model\n{rows}")
    app = open_groups(folder)
    assert no_traceback(app)
    assert "no known model" in read(app)
    assert "✗" not in read(app)
    for card in cards(app):
        button(app, card).click().run()
        assert no_traceback(app)
        button(app, "All groups").click().run()


@pytest.mark.parametrize("n_groups", [1, 2])
def test_two_photos_are_enough(tmp_path, n_groups):
    app = open_groups(plain_folder(tmp_path / "two", 2))
    threshold(app).set_value(threshold(app).min if n_groups == 1 else threshold(app).max).run()
    assert no_traceback(app)
    assert len(cards(app)) == n_groups
    button(app, cards(app)[0]).click().run()
    assert no_traceback(app)
    assert len(shown_photos(app)) == 3 - n_groups


@pytest.mark.parametrize("name", ["<b>bold<b>", "*stars* _and_ $x$", ":red[x]", "y" * 120, "가방 사진"])
def test_a_model_is_shown_as_it_is_written(tmp_path, name):
    app = open_groups(mixed_folder(tmp_path / "odd", {name: [RED] * 3, "blue": [BLUE] * 2}))
    assert name in read(app)
    assert "<b>" not in markup(app)
    button(app, cards(app)[0]).click().run()
    assert f"Mostly {name}" in read(app)
    assert "<b>" not in markup(app)
