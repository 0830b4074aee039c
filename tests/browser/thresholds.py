"""Moves the threshold of a page."""


def move_threshold(page, steps):
    """So many steps up, until the page says something else of the groups and has come to rest."""
    said = page.get_by_text("Groups at least").inner_text()
    page.get_by_role("slider", name="Similarity threshold").focus()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("old => !document.body.innerText.includes(old)", arg=said)
    page.wait_for_timeout(1000)
