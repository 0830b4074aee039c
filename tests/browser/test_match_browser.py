"""New photos in a real browser: files and a zip, and a picture pasted from the clipboard."""

import base64
import zipfile

import pytest
from drawn_photos import draw_photo

pytestmark = pytest.mark.browser

# What a browser does when a person presses Ctrl+V with a copied picture.
_PASTE = """(field, picture) => {
  const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "image.png", {type: "image/png"}));
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def new_photos(page):
    """The number on the page, once the photos are matched."""
    shown = page.locator('[data-testid="stMetric"]', has_text="New photos")
    shown.wait_for()
    return shown.locator('[data-testid="stMetricValue"]').inner_text()


def test_files_and_a_zip_are_matched(page, app_url, tmp_path):
    photo = draw_photo(tmp_path / "one.png", (200, 30, 30))
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.write(draw_photo(tmp_path / "two.png", (30, 200, 30)), "two.png")
    page.goto(f"{app_url}/Match")
    page.locator('input[type="file"]').first.set_input_files([photo, tmp_path / "more.zip"])
    page.get_by_text("more.zip").wait_for()
    page.get_by_role("button", name="Match", exact=True).click()
    assert new_photos(page) == "2"
    assert page.get_by_text("more/two.png").count()


def test_a_picture_is_pasted_from_the_clipboard(page, app_url, tmp_path):
    picture = base64.b64encode(draw_photo(tmp_path / "one.png", (30, 30, 200)).read_bytes()).decode()
    page.goto(f"{app_url}/Match")
    page.get_by_text("Clipboard", exact=True).click()
    field = page.locator('[data-testid="stChatInput"] textarea')
    field.wait_for()
    field.evaluate(_PASTE, picture)
    page.locator('[data-testid="stChatInput"]').get_by_text("image.png").wait_for()
    page.wait_for_timeout(1000)
    field.press("Enter")
    assert new_photos(page) == "1"
