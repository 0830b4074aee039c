"""`report`: one HTML file that needs nothing else, whatever the photos are called."""

import re
from html.parser import HTMLParser

import pytest
from cli_cases import sentence
from drawn_photos import draw_models, draw_photo

HOSTILE = '<script>alert(1)</script>"onload="x'


class _Parsed(HTMLParser):
    """The tags with their attributes, and the text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def report(run_json, fake_extractor, tmp_path):
    """Writes the report of a folder and parses it."""

    def write(*given):
        file = tmp_path / "report.html"
        result = run_json("report", *given, "--extractor", "fake", "--out", file)
        assert result["files"] == [str(file)]
        return _Parsed(file.read_text(encoding="utf-8"))

    return write


def test_the_report_says_question_answer_and_limits(report, tiny_catalog):
    page = report(tiny_catalog)
    said = " ".join(page.text.split())
    assert "Which of the 16 photos of 'tiny' show the same product model?" in said
    assert "The adjusted Rand index (ARI) is" in said
    assert "The threshold was chosen on these same photos." in said
    assert "Nobody has corrected these groups." in said
    assert "tuned on these photos" in said


def test_nothing_is_fetched_and_nothing_runs(report, tiny_catalog):
    page = report(tiny_catalog)
    assert not {"script", "link", "iframe", "object", "a", "form"} & {tag for tag, _ in page.tags}
    sources = [found.get("src") or found.get("href") for _, found in page.tags if "src" in found or "href" in found]
    assert sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    (policy,) = [found["content"] for _, found in page.tags if found.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy


def test_names_are_never_read_as_html(report, tmp_path):
    folder = draw_models(tmp_path / "shop" / HOSTILE.replace("/", "∕"), 3, name="<b>{model}/{number}<img src=x>.png")
    page = report(folder)
    assert "script" not in {tag for tag, _ in page.tags}
    # Its own six figures are the only bold texts.
    assert sum(tag == "b" for tag, _ in page.tags) == 6
    pictures = [found for tag, found in page.tags if tag == "img"]
    assert all(found["src"].startswith("data:") for found in pictures)
    assert any("<img src=x>" in found["alt"] for found in pictures)
    assert "<script>alert(1)" in page.text


def test_without_labels_the_report_says_that_nobody_knows(report, tiny_catalog):
    said = " ".join(report(tiny_catalog, "--form", "plain").text.split())
    assert "No photo has a known model, so nobody can say how many of these groups are right." in said
    assert "For these settings shopsim has no estimate of the score" in said
    assert "How many pairs are wrong is not known" in said
    assert "ARI) is" not in said
    assert "What was mixed up" not in said


def test_costs_are_told_with_prices(report, tiny_catalog):
    said = " ".join(report(tiny_catalog, "--threshold", "0.99999", "--costs", "5", "1").text.split())
    assert re.search(
        r"At 5 per pair wrongly together and 1 per missed pair, these groups of 16 photos cost [\d,]+\.", said
    )
    assert re.search(r"The least possible cost is [\d,]+, at a threshold of", said)


def test_a_clustering_without_a_tree_has_no_curve(report, tiny_catalog):
    page = report(tiny_catalog, "--clusterer", "kmeans")
    assert "svg" not in {tag for tag, _ in page.tags}
    assert "no threshold that could be moved" in " ".join(page.text.split())


def test_the_report_of_a_kept_run_has_its_numbers_and_name(run_json, report, group, tmp_path):
    group("--keep", "monday", "--threshold", "0.3")
    file = tmp_path / "of-run.html"
    run_json("report", "--run", "monday", "--out", file)
    assert "Kept as the run" in file.read_text(encoding="utf-8")


def test_a_photo_that_changed_meanwhile_is_not_shown(report, tiny_catalog, monkeypatch):
    monkeypatch.setattr("shopsim.grouping.report.pictures.file_digest", lambda path: "another")
    page = report(tiny_catalog)
    assert "img" not in {tag for tag, _ in page.tags}
    assert "photo not at hand" in page.text


def test_a_folder_is_no_file(run, tiny_catalog, fake_extractor, tmp_path):
    said = sentence(run, "report", tiny_catalog, "--extractor", "fake", "--out", tmp_path)
    assert said == f"'{tmp_path}' is a folder; --out needs the name of a file, such as report.html."
    assert fake_extractor.n_extracted == 0


def test_one_model_per_group_is_said_plainly(report, tmp_path):
    folder = tmp_path / "two"
    for number in range(6):
        colour, model = ((200, 20, 20), "red") if number % 2 else ((20, 20, 200), "blue")
        draw_photo(folder / model / f"{number}.png", colour, number)
    said = " ".join(report(folder, "--form", "folders").text.split())
    assert "Every group holds photos of one model, and every model is in one group." in said
    assert "There is no such group." in said


def test_without_labels_costs_are_told_as_estimates(run, demo_folder, tmp_path):
    file = tmp_path / "report.html"
    given = ("--form", "plain", "--extractor", "color_shape", "--costs", "5", "1", "--out", file)
    code, _, err = run("report", demo_folder, *given)
    assert code == 0, err
    said = " ".join(_Parsed(file.read_text(encoding="utf-8")).text.split())
    assert re.search(r"Per 1,000 photos, about [\d,]+ pairs may be wrongly together and about [\d,]+ missed\.", said)
    assert re.search(
        r"these groups of \d+ photos may cost about [\d,]+\. ?The least cost to expect is about [\d,]+, at a", said
    )
    assert re.search(r"shopsim expects an ARI of about 0\.\d\d, likely between 0\.\d\d and [01]\.\d\d;", said)


def test_the_report_uses_the_titles_of_pages(report, tiny_catalog):
    said = " ".join(report(tiny_catalog, "--clusterer", "complete", "--space", "raw").text.split())
    assert "Complete linkage" in said
    assert "SpaceRaw" in said.replace(" ", "")
    assert "Space raw" not in said


def test_a_count_of_none_is_left_out(report, tiny_catalog):
    said = " ".join(report(tiny_catalog, "--threshold", "0.0").text.split())
    assert re.search(r"shopsim put 16 photos into \d groups\.", said)
    assert "0 of them" not in said


def test_costs_name_the_photos_they_are_of(report, tiny_catalog):
    said = " ".join(report(tiny_catalog, "--threshold", "0.99999", "--costs", "5", "1").text.split())
    assert "these groups of 16 photos cost" in said


def test_a_wrong_photo_has_the_badge_of_pages(report, tiny_catalog):
    page = report(tiny_catalog, "--threshold", "0.0")
    assert any(tag == "figure" and found.get("class") == "wrong" for tag, found in page.tags)
    assert '.wrong::before { content: "✗"' in page.text
    assert ".wrong img" not in page.text
