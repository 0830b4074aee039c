"""Draws soft and sporty handbags: each function draws one product model on an empty sketch."""

from __future__ import annotations

import numpy as np

from shopsim.catalog.demo.details import (
    buckle,
    chain,
    d_ring,
    edge_stitches,
    plate,
    pleats,
    ring,
    seam,
    stamp,
    stitches,
    strap,
    stud,
    tassel,
    tube,
    zipper,
)
from shopsim.catalog.demo.materials import CANVAS, LEATHER, PEBBLE, QUILTED, ROPE, SOFT, STRAW, SUEDE
from shopsim.catalog.demo.outlines import (
    arch,
    band,
    between,
    box,
    curve,
    ellipse,
    hang,
    inset,
    mirror,
    rounded,
    smooth,
    trace,
)
from shopsim.catalog.demo.sketch import Sketch


def hobo(s: Sketch) -> None:
    """Draws a slouching crescent that runs out into its own shoulder strap."""
    strap(s, trace("165,470 190,250 360,110 560,95 750,190 840,440"), 46, tone=0.9)
    body = curve(
        "130,480 175,430 235,470 360,560 520,590 690,545 790,430 "
        "850,400 890,470 910,660 800,850 540,915 280,870 120,690"
    )
    s.part(body, "main", SOFT, puff=170, height=1.0)
    pleats(s, hang((200, 500), (840, 470), 130), hang((230, 830), (800, 800), 90), 9, 0.42)
    rim = trace("186,462 235,480 360,568 520,597 690,553 800,440 830,424")
    s.part(band(rim, 22), "trim", LEATHER, puff=10)
    stitches(s, rim, 2.6, 8, 5)
    for x, y in ((168, 446), (846, 416)):
        ring(s, x, y, 38, 9)
    tassel(s, 250, 600, 150)


def backpack(s: Sketch) -> None:
    """Draws a small city backpack: domed top, front pocket, two zips."""
    strap_left = trace("300,230 178,470 165,740 240,880")
    for path in (strap_left, mirror(strap_left)):
        strap(s, path, 46, tone=0.75)
    tube(s, arch((435, 165), (565, 165), 70, 2.6), 24)
    body = curve("500,130 680,150 790,280 815,560 800,860 740,915! 500,925 260,915! 200,860 185,560 210,280 320,150")
    s.part(body, "main", PEBBLE, puff=120)
    seam(s, trace("196,470 225,300 330,180 500,158 670,180 775,300 804,470"))
    zipper(s, trace("215,480 245,310 345,205 500,184 655,205 755,310 785,480"), 17)
    pocket = rounded([(250, 545), (750, 545), (770, 890), (230, 890)], [60, 60, 50, 50])
    s.part(pocket, "main", PEBBLE, puff=80, drop=12)
    edge_stitches(s, pocket)
    zipper(s, np.array([(300, 600), (690, 600)]), 17)
    label = box(430, 690, 570, 750, 8)
    s.part(label, "trim", LEATHER, puff=7)
    edge_stitches(s, label, 7)
    stamp(s, 500, 712, 84)


def bucket(s: Sketch) -> None:
    """Draws a drawstring bucket with a rounded base."""
    strap(s, arch((235, 430), (765, 430), 85, 2.2), 36)
    s.part(ellipse(500, 345, 262, 62), "lining", SUEDE, puff=14, tone=0.5)
    body = curve("238,345! 400,398 600,398 762,345! 800,600 800,860 760,900 500,930 240,900 200,860 200,600")
    s.part(body, "main", SUEDE, puff=190)
    pleats(s, hang((250, 440), (750, 440), 44), hang((220, 800), (780, 800), 30), 11, 0.45)
    base = curve("197,772! 350,805 500,812 650,805 803,772! 803,860 762,903 500,933 238,903 197,860")
    s.part(base, "trim", LEATHER, puff=60)
    stitches(s, hang((205, 785), (795, 785), 44))
    for x, y in ((270, 432), (350, 450), (430, 459), (570, 459), (650, 450), (730, 432)):
        ring(s, x, y, 15, 6)
    cord = hang((250, 428), (750, 428), 34)
    for start, end in ((0.05, 0.19), (0.36, 0.64), (0.81, 0.95)):
        tube(s, between(cord, start, end), 13)
    for dx in (-26, 26):
        tube(s, smooth([(500 + dx * 0.4, 462), (500 + dx * 1.6, 520), (500 + dx * 1.2, 600)], closed=False), 12)
        tassel(s, 500 + dx * 1.25, 596, 92)
    s.part(box(468, 470, 532, 508, 12), "trim", LEATHER, puff=18)
    for x in (238, 762):
        stud(s, x, 424, 12)


def messenger(s: Sketch) -> None:
    """Draws a canvas messenger bag with a deep flap and leather straps on a webbing belt."""
    strap(s, trace("112,400 140,240 330,120 560,120 800,230 888,400"), 52, "lining", CANVAS)
    body = rounded([(90, 380), (910, 380), (900, 860), (100, 860)], [20, 20, 40, 40])
    s.part(body, "main", CANVAS, puff=60)
    flap = rounded([(82, 365), (918, 365), (914, 740), (86, 740)], [18, 18, 60, 60])
    s.part(flap, "main", CANVAS, puff=30, height=0.8, drop=12, shadow=0.5)
    s.part(rounded([(83, 690), (917, 690), (914, 742), (86, 742)], [2, 2, 56, 56]), "trim", LEATHER, puff=10)
    stitches(s, np.array([(90, 704), (910, 704)]))
    stitches(s, np.array([(92, 388), (908, 388)]))
    for x in (265, 735):
        strip = rounded([(x - 30, 470), (x + 30, 470), (x + 30, 790), (x, 818), (x - 30, 790)], 8)
        s.part(strip, "trim", LEATHER, puff=12)
        edge_stitches(s, strip, 8)
        buckle(s, x, 735, 78, 56)
        stud(s, x, 498, 8)
    for x in (112, 888):
        d_ring(s, x, 402, 66, 42)


def camera(s: Sketch) -> None:
    """Draws a quilted camera bag on a chain, with a zip along the top and a tassel."""
    chain(s, trace("170,440 150,260 290,120 500,80 710,120 850,260 830,440"), 34, 7)
    body = box(120, 400, 880, 850, 95)
    s.part(box(112, 392, 888, 858, 100), "trim", LEATHER, puff=26)
    s.part(inset(body, 14), "main", QUILTED, puff=90)
    s.part(rounded([(150, 398), (850, 398), (868, 452), (132, 452)], 30), "trim", LEATHER, puff=24)
    zipper(s, np.array([(185, 425), (800, 425)]), 20)
    tassel(s, 800, 466, 130)
    for x in (150, 850):
        ring(s, x, 448, 24, 7)
    plate(s, box(452, 640, 548, 672, 8), 8)


def basket(s: Sketch) -> None:
    """Draws a woven half-moon basket with leather handles."""
    tube(s, arch((350, 420), (650, 420), 130, 2.3), 30, tone=0.7)
    body = curve("110,410! 500,428 890,410! 905,540 830,760 650,880 500,900 350,880 170,760 95,540")
    s.part(body, "main", STRAW, puff=170)
    for k in range(5):
        y = 500 + 84 * k
        s.darken(band(hang((100, y), (900, y), 50), 16), 0.28, 14, clip=body)
    s.part(band(hang((100, 420), (900, 420), 16), 36), "accent", ROPE, puff=22)
    for x in (350, 650):
        tab = rounded([(x - 30, 400), (x + 30, 400), (x + 30, 560), (x, 590), (x - 30, 560)], 8)
        s.part(tab, "trim", LEATHER, puff=12)
        edge_stitches(s, tab, 8)
        for y in (430, 540):
            stud(s, x, y, 9)
    tube(s, arch((350, 440), (650, 440), 170, 2.3), 30)
