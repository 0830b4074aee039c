"""The demo's product models: what they are called, how they are drawn, and the colours they are sold in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shopsim.catalog.demo import bags_casual, bags_classic, boots, shoes_flat, shoes_heels
from shopsim.catalog.demo.colours import dress
from shopsim.catalog.demo.sketch import Colours, Sketch


@dataclass(frozen=True)
class ProductModel:
    """id: the model id in file names, digits only. colourways: colour of every role, the best-selling one first."""

    category: str
    id: str
    name: str
    draw: Callable[[Sketch], None]
    colourways: tuple[Colours, ...]


def _bag(number: int, name: str, draw: Callable[[Sketch], None], *colourways: Colours) -> ProductModel:
    return ProductModel("bags", str(20310000000 + number), name, draw, colourways)


def _shoe(number: int, name: str, draw: Callable[[Sketch], None], *colourways: Colours) -> ProductModel:
    return ProductModel("shoes", str(20480000000 + number), name, draw, colourways)


# The best-selling model first.
MODELS: tuple[ProductModel, ...] = (
    _bag(4711, "Tote Vera", bags_classic.tote, dress("tan", "chocolate"), dress("black", "black")),
    _shoe(9120, "Sneaker Ace", shoes_flat.sneaker, dress("white", accent="forest")),
    _bag(1183, "Saddle bag Ines", bags_classic.saddle, dress("cognac", "chocolate"), dress("black", "black")),
    _shoe(3354, "Stiletto pump Vivienne", shoes_heels.stiletto, dress("black"), dress("red")),
    _bag(8042, "Camera bag Rosa", bags_casual.camera, dress("black", "black")),
    _shoe(7716, "Chelsea boot Brooke", boots.chelsea, dress("tan", sole="chocolate", accent="chocolate")),
    _shoe(
        2261,
        "Ballerina Odette",
        shoes_flat.ballerina,
        dress("black", "black", sole="tan"),
        dress("blush", "black", sole="tan"),
    ),
    _bag(6605, "Backpack Nora", bags_casual.backpack, dress("navy", "tan")),
    _bag(3918, "Hobo Luna", bags_casual.hobo, dress("taupe", "chocolate"), dress("burgundy", "burgundy")),
    _shoe(5470, "Runner Kilo", shoes_flat.trainer, dress("grey", "charcoal", accent="mustard")),
    _shoe(1029, "Penny loafer Jane", shoes_flat.loafer, dress("burgundy", "burgundy", sole="chocolate")),
    _bag(9937, "Satchel Clara", bags_classic.satchel, dress("cognac", "cognac"), dress("navy", "cognac")),
    _bag(2746, "Bucket bag Mila", bags_casual.bucket, dress("tan", "chocolate"), dress("forest", "chocolate")),
    _shoe(
        8883,
        "Ankle boot Tess",
        boots.ankle_boot,
        dress("black", "black", sole="cognac"),
        dress("cognac", "cognac", sole="chocolate"),
    ),
    _bag(
        5102,
        "Baguette Zoe",
        bags_classic.baguette,
        dress("lilac", "lilac", metal="silver"),
        dress("black", "black", metal="silver"),
    ),
    _shoe(
        4435,
        "Wedge Sienna",
        shoes_heels.wedge,
        dress("navy", "navy", sole="straw"),
        dress("cream", "tan", sole="straw"),
    ),
    _bag(7358, "Doctor bag Greta", bags_classic.doctor, dress("chocolate", "cognac")),
    _shoe(
        6617,
        "Espadrille Palma",
        shoes_flat.espadrille,
        dress("navy", sole="straw", accent="white"),
        dress("red", sole="straw", accent="cream"),
    ),
    _shoe(3092, "Mary Jane Polly", shoes_heels.mary_jane, dress("red", sole="tan"), dress("black", sole="tan")),
    _bag(1526, "Messenger Kim", bags_casual.messenger, dress("olive", "chocolate", lining="forest")),
    _shoe(9604, "Knee boot Margot", boots.knee_boot, dress("chocolate", "cognac", sole="charcoal")),
    _bag(8471, "Clutch Elise", bags_classic.clutch, dress("fuchsia", "fuchsia"), dress("champagne", "champagne")),
    _shoe(2870, "Sandal Ios", shoes_flat.sandal, dress("tan", sole="tan", lining="cream")),
    _bag(4069, "Frame purse Belle", bags_classic.frame, dress("forest")),
    _shoe(7243, "Platform Dahlia", shoes_heels.platform, dress("mustard", sole="cognac")),
    _bag(
        6138,
        "Top-handle bag Odile",
        bags_classic.patent_top_handle,
        dress("cream", "black"),
        dress("black", "burgundy"),
    ),
    _shoe(5815, "Mule Dita", shoes_heels.mule, dress("champagne", sole="tan")),
    _bag(3690, "Basket Capri", bags_casual.basket, dress("straw", "cognac", accent="cream")),
    _shoe(1947, "Winter boot Aspen", boots.winter_boot, dress("taupe", "chocolate", sole="charcoal", accent="cream")),
)
