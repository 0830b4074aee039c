"""Catalogues with a table of further columns."""

import csv

from drawn_photos import draw_photo

COLOURS = {"red": (200, 40, 40), "green": (40, 160, 40), "blue": (50, 50, 200), "grey": (120, 120, 120)}
HEADER = ("path", "model", "product", "split", "brand", "price")


def table_of_photos(folder, n_per_model=4):
    """A folder of photos told apart by colour, with a table: each model has two products, brands and prices."""
    rows = []
    for number, (model, colour) in enumerate(COLOURS.items()):
        for photo in range(n_per_model):
            path = f"{model}-{photo}.png"
            draw_photo(folder / path, colour, 100 * number + photo)
            brand = ["Ardena", "Bellwyn", "Ardena", ""][photo % 4]
            product, split = f"{model}-{photo // 2}", ["train", "test"][photo % 2]
            rows.append((path, model, product, split, brand, f"{10 * number + photo}.50"))
    with (folder / "catalog.csv").open("w", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return folder
