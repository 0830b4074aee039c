"""Names of files, models and folders are shown as they are written: a browser runs nothing of them, and asks nobody."""

from urllib.parse import quote

import pytest
from mixed_folders import BLUE, GREEN, RED

HOSTILE = [
    '<img src="http://evil.example/a.png" onerror="window.ran=1">',
    '"><script>window.ran=1</script><a href="javascript:window.ran=1" title="',
    "![photo](http://evil.example/b.png) [link](javascript:window.ran=1) $\\href{javascript:window.ran=1}{x}$",
    "' onmouseover='window.ran=1' style='background:url(http://evil.example/c.png)",
    "</style><style>@import url(http://evil.example/d.css);</style>",
]
PAGES = ["", "Map", "Groups", "Confusion", "Compare", "Review", "Catalogs", "Learn", "Match", "Runs"]


@pytest.fixture
def hostile(tmp_path, draw_photo):
    """Photos in three colours; their files, models and folder have names that would run or fetch something."""
    folder = tmp_path / '<img src=x onerror="window.ran=1">'
    rows = ["image_id,model"]
    for number in range(30):
        model = number // 6
        colour = (BLUE, GREEN, RED, (200, 200, 40), (40, 40, 40))[(model + (number % 6 == 0)) % 5]
        name = f"{HOSTILE[model].replace('/', '')[:80]} {number}.png"
        draw_photo(folder / name, colour, number)
        rows.append(",".join('"' + cell.replace('"', '""') + '"' for cell in (name, HOSTILE[model])))
    (folder / "true.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_a_browser_runs_and_fetches_nothing_that_a_name_says(app_url, page, hostile, name):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    labels = quote(str(hostile / "true.csv"))
    page.goto(f"{app_url}/{name}?folder={quote(str(hostile))}&labels={labels}")
    page.locator("h1").first.wait_for()
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
    # Long enough for the charts.
    page.wait_for_timeout(2000)
    assert page.locator("[data-testid=stException]").count() == 0
    assert "window.ran" in page.content()
    for shown in page.locator("summary, [data-testid=stVegaLiteChart], .name, figure").all()[:20]:
        if shown.is_visible():
            shown.hover(force=True)
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") is None
    assert [url for url in asked if url.partition("?")[0].startswith("http://evil")] == []
    assert page.locator("a[href^='javascript:']").count() == 0
