"""Folders of photos in which the colour and the named model disagree here and there."""

import html
import re

from drawn_photos import draw_photo

from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.corrections.action import SPLIT, action
from shopsim.grouping.corrections.store import keep
from shopsim.ui.map.on_request import make_asked_for

RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 60, 200)


def mixed_folder(folder, contents):
    """One folder a model; contents: {model: colours of its photos}."""
    seed = 0
    for model, colours in contents.items():
        for colour in colours:
            seed += 1
            draw_photo(folder / model / f"{model[:20]}-{seed}.png", colour, seed)
    return folder


def one_wrong(folder):
    """Ten photos in three colours; one red photo is said to be of the green model."""
    return mixed_folder(folder, {"red": [RED] * 4, "green": [GREEN] * 3 + [RED], "blue": [BLUE] * 2})


def plain_folder(folder, n_photos=8):
    """Photos in one folder, so without models, of two colours."""
    for number in range(n_photos):
        draw_photo(folder / f"photo {number}.png", BLUE if number % 2 else RED, number)
    return folder


def markup(app):
    """The HTML of everything the page draws itself, without styles and scripts."""
    drawn = "\n".join(element.proto.body for element in app.html)
    return re.sub(r"(?s)<(style|script)>.*?</\1>", "", drawn)


def read(app):
    """What that HTML says, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", markup(app)))


def shown_photos(app):
    """The image_id of every photo on the page, in order, repeats included."""
    return [html.unescape(found) for found in re.findall(r'<img [^>]*title="([^"]*)"', markup(app))]


def fetch_pictures(app):
    """Asks for every small picture on the page, as a browser does: the server makes it then."""
    for name in re.findall(r'src="app/static/([^"]+)"', markup(app)):
        make_asked_for(name)


def split_the_wrong_one(folder):
    """Keeps the correction that parts the wrong photo of `one_wrong` from the red ones."""
    catalog = load_catalog(folder)
    digest = {image.image_id: image.digest for image in catalog.images}
    wrong = digest["green/green-8.png"]
    keep(catalog, action(SPLIT, [[wrong], [digest[name] for name in digest if name.startswith("red/")]], "Jisoo"))
