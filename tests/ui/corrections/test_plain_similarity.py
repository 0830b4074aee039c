"""A page with two scales of similarity names the one that is not the threshold's."""

import pytest
from app_pages import open_page, texts
from mixed_folders import one_wrong

TOLD = "Similarities between photos are plain ones here"


@pytest.mark.parametrize(("clusterer", "is_told"), [("average_local", True), ("average", False)])
def test_plain_similarities_are_named_beside_a_local_scale_only(tmp_path, clusterer, is_told):
    folder = one_wrong(tmp_path / "mixed")
    app = open_page("pages/Groups.py", folder, group="0", space="raw", clusterer=clusterer)
    next(each for each in app.segmented_control if each.key == "group-tool").set_value("why").run()
    assert "Weakest link" in texts(app)
    assert (TOLD in texts(app)) == is_told
