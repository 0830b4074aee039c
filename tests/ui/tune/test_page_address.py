"""The Tune page as visitors meet it: what an address holds, and hostile ones."""

from app_pages import (
    RECIPE,
    address_of,
    metrics,
    no_traceback,
    open_page,
    select,
    sentences,
    settled,
    texts,
    threshold,
    visit,
)


def test_a_hostile_threshold_falls_back_to_the_opening_one(tiny_catalog, subtests):
    for at in ["nan", "inf", "-1", "-inf", "7", "eighty", "", "1e999", "\0"]:
        with subtests.test(at=at):
            app = open_page(folder=tiny_catalog, at=at)
            assert no_traceback(app)
            assert metrics(app)["ARI"] == "1.000"
            assert "at" not in address_of(app)


def test_a_hostile_address_falls_back_to_the_defaults(tiny_catalog):
    hostile = {"space": "-1", "clusterer": "nan", "form": "<b>", "category": "no such", "copies": "maybe"}
    app = open_page(folder=tiny_catalog, at="inf", **hostile, **{"space.strength": "inf", "unknown": "x" * 9000})
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"
    assert select(app, "Space").value == "whitened"
    assert address_of(app) == {"extractor": "fake", "folder": str(tiny_catalog), **RECIPE}


def test_a_folder_that_cannot_be_opened_is_told_in_one_sentence(subtests):
    for folder in [
        "/no/such/folder",
        "nan",
        "-1",
        "~nobody-here/photos",
        "x" * 3000,
        "a/" * 1500,
        "/dev/null",
        "<b>",
        "$x$ *y*",
    ]:
        with subtests.test(folder=folder):
            app = open_page(folder=folder)
            assert no_traceback(app)
            assert len(sentences(app)) == 1
            assert sentences(app)[0].endswith(".")
            assert "Open another catalogue" in [link.proto.label for link in app.get("page_link")]


def test_a_folder_with_a_nul_falls_back_to_the_demo(demo_folder):
    app = open_page(folder="/photos\0")
    assert no_traceback(app)
    assert "Demo catalogue" in texts(app)


def test_a_labels_file_that_cannot_be_read_is_told_in_one_sentence(tiny_catalog, subtests):
    for labels in ["/no/such.csv", "~nobody-here/a.csv", "x" * 3000, "/"]:
        with subtests.test(labels=labels):
            app = open_page(folder=tiny_catalog, labels=labels)
            assert no_traceback(app)
            assert len(sentences(app)) == 1


def test_a_folder_outside_the_roots_is_not_opened(tiny_catalog, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tmp_path / "elsewhere"))
    app = open_page(folder=tiny_catalog)
    assert no_traceback(app)
    assert "may not be opened" in sentences(app)[0]
    assert not metrics(app)


def test_a_labels_file_outside_the_roots_is_not_read(tiny_catalog, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tiny_catalog))
    secret = tmp_path / "secret.txt"
    secret.write_text("one\n" * 16)
    app = open_page(folder=tiny_catalog, labels=str(secret))
    assert "may not be opened" in sentences(app)[0]


def test_a_link_shows_what_its_sender_saw(tiny_catalog):
    sender = open_page(folder=tiny_catalog)
    select(sender, "Clustering").set_value("complete")
    settled(sender)
    select(sender, "Category").set_value("bags")
    settled(sender)
    threshold(sender).set_value(99.9).run()
    receiver = settled(visit(**address_of(sender)))
    assert metrics(receiver) == metrics(sender)
    assert address_of(receiver) == address_of(sender)
    assert select(receiver, "Clustering").value == "complete"


def test_an_address_typed_later_is_followed(tiny_catalog, plain_folder):
    app = open_page(folder=tiny_catalog)
    app.query_params["folder"] = str(plain_folder)
    settled(app)
    assert "**plain**" in texts(app)
    assert select(app, "Catalogue").value == str(plain_folder)
