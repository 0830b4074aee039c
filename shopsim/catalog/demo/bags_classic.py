"""Draws structured handbags: each function draws one product model on an empty sketch."""

from __future__ import annotations

import numpy as np

from shopsim.catalog.demo.details import (
    buckle,
    d_ring,
    edge_stitches,
    padlock,
    plate,
    ring,
    seam,
    stamp,
    stitches,
    strap,
    stud,
    tube,
    turn_lock,
)
from shopsim.catalog.demo.materials import CROC, LEATHER, METAL, PATENT, PEBBLE, SATIN
from shopsim.catalog.demo.outlines import arch, band, between, box, curve, ellipse, hang, mirror, rounded, trace
from shopsim.catalog.demo.sketch import Sketch


def tote(s: Sketch) -> None:
    """Draws a wide open shopper with long double handles."""
    strap(s, arch((335, 420), (665, 420), 95), 30, tone=0.72)
    s.part(rounded([(165, 322), (835, 322), (800, 420), (200, 420)], 20), "lining", LEATHER, puff=20, tone=0.55)
    body = rounded([(140, 345), (500, 358), (860, 345), (905, 890), (500, 902), (95, 890)], [14, 300, 14, 50, 300, 50])
    s.part(body, "main", PEBBLE, puff=110, height=0.8)
    s.darken(np.array([(95, 780), (905, 780), (905, 900), (95, 900)]), 0.22, 60, clip=body)
    stitches(s, hang((150, 372), (850, 372), 12))
    for x in (335, 665):
        tab = rounded([(x - 24, 372), (x + 24, 372), (x + 24, 500), (x, 524), (x - 24, 500)], 6)
        s.part(tab, "trim", LEATHER, puff=12, height=0.7)
        edge_stitches(s, tab, 7)
    strap(s, arch((335, 470), (665, 470), 150), 30)
    for x in (335, 665):
        stud(s, x, 490, 8)
    stamp(s, 500, 440, 110)


def satchel(s: Sketch) -> None:
    """Draws a school satchel: full flap, two buckled straps, top handle."""
    tube(s, arch((400, 300), (600, 300), 175, 3), 30)
    for x in (400, 600):
        d_ring(s, x, 292, 46, 34)
    for shape in (box(120, 330, 215, 830, 40), mirror(box(120, 330, 215, 830, 40))):
        s.part(shape, "main", LEATHER, puff=50, tone=0.72)
    body = box(150, 300, 850, 860, 45)
    s.part(body, "main", LEATHER, puff=60)
    edge_stitches(s, body, 16)
    pocket = box(215, 560, 785, 815, 30)
    s.part(pocket, "main", LEATHER, puff=40)
    edge_stitches(s, pocket)
    flap = rounded([(140, 292), (860, 292), (866, 570), (760, 650), (240, 650), (134, 570)], [40, 40, 60, 70, 70, 60])
    s.part(flap, "main", LEATHER, puff=34, drop=12, shadow=0.5)
    edge_stitches(s, flap, 15)
    for x in (310, 690):
        strip = rounded([(x - 27, 300), (x + 27, 300), (x + 27, 730), (x, 758), (x - 27, 730)], 8)
        s.part(strip, "trim", LEATHER, puff=12, height=0.8)
        edge_stitches(s, strip, 8)
        buckle(s, x, 668, 72, 62)
        s.part(box(x - 34, 600, x + 34, 622, 4), "trim", LEATHER, puff=8)


def clutch(s: Sketch) -> None:
    """Draws an evening envelope with a pointed flap and a wrist loop."""
    strap(s, trace("880,400 935,470 925,620 880,700 850,620 872,500 880,420"), 20)
    body = box(70, 330, 890, 780, 18)
    s.part(body, "main", SATIN, puff=46, height=0.7)
    s.darken(box(70, 690, 890, 790), 0.2, 40, clip=body)
    flap = rounded([(64, 322), (896, 322), (896, 372), (520, 640), (440, 640), (64, 372)], [16, 16, 20, 60, 60, 20])
    s.part(flap, "main", SATIN, puff=26, drop=14, shadow=0.55)
    edge_stitches(s, flap, 12)
    plate(s, rounded([(420, 566), (540, 566), (524, 650), (436, 650)], 10), 12)
    stud(s, 480, 610, 14)
    d_ring(s, 882, 404, 26, 40, 6)


def saddle(s: Sketch) -> None:
    """Draws a saddle-shaped shoulder bag: one long curved flap, lopsided on purpose."""
    strap(s, trace("205,400 230,250 420,120 610,120 790,240 835,380"), 34)
    body = curve("170,440 300,400 600,380 850,390 905,520 870,720 700,850 430,860 210,770 130,590")
    s.part(body, "main", LEATHER, puff=90, tone=0.94)
    edge_stitches(s, body, 15)
    flap = curve("160,410 300,378 600,362 862,372 890,470 800,560 640,640 470,790 330,800 230,690 150,540")
    s.part(flap, "main", LEATHER, puff=70, drop=14, shadow=0.55)
    edge_stitches(s, flap, 15)
    for x, y in ((205, 420), (838, 396)):
        ring(s, x, y, 32, 8)
    s.part(rounded([(340, 690), (420, 690), (412, 860), (380, 880), (348, 860)], 10), "trim", LEATHER, puff=12)
    plate(s, curve("345,730 415,730 425,790 380,830 335,790"), 12)
    s.groove(ellipse(380, 778, 20, 24), 0.75)


def baguette(s: Sketch) -> None:
    """Draws a long, low bag that is carried under the arm on a short strap."""
    strap(s, arch((170, 440), (830, 440), 180, 2.1), 40)
    body = rounded([(90, 430), (910, 430), (930, 740), (70, 740)], [50, 50, 80, 80])
    s.part(body, "main", CROC, puff=110)
    flap = rounded([(84, 420), (916, 420), (920, 610), (80, 610)], [50, 50, 60, 60])
    s.part(flap, "main", CROC, puff=60, drop=12, shadow=0.5)
    edge_stitches(s, flap, 12)
    for x in (170, 830):
        d_ring(s, x, 430, 58, 44)
    s.part(box(462, 500, 538, 668, 12), "trim", LEATHER, puff=12)
    plate(s, box(446, 580, 554, 650, 14), 12)
    s.part(box(470, 600, 530, 630, 5), "trim", LEATHER, puff=6, shadow=0)


def doctor(s: Sketch) -> None:
    """Draws a doctor's bag: metal frame mouth, arched top, belt and padlock."""
    for top, tone in ((120, 0.7), (150, 1.0)):
        tube(s, arch((375, 330), (625, 330), top, 3), 32, tone=tone)
    body = curve("250,330 500,300 750,330 870,480 900,700 880,870! 500,885 120,870! 100,700 130,480")
    s.part(body, "main", PEBBLE, puff=150)
    side = between(trace("250,330 190,480 170,700 180,870"), 0.05, 1)
    for line in (side, mirror(side)):
        seam(s, line)
        stitches(s, line + [9 if line[0, 0] < 500 else -9, 0])
    base = rounded([(112, 770), (888, 770), (884, 874), (116, 874)], [10, 10, 40, 40])
    s.part(base, "trim", LEATHER, puff=24)
    stitches(s, np.array([(130, 786), (870, 786)]))
    mouth = band(trace("212,372 262,330 500,300 738,330 788,372"), 30)
    s.part(mouth, "metal", METAL, puff=16)
    for x in (375, 625):
        d_ring(s, x, 330, 50, 34)
    s.part(box(462, 310, 538, 500, 14), "trim", LEATHER, puff=14)
    edge_stitches(s, box(462, 310, 538, 500, 14), 8)
    padlock(s, 500, 490, 30)


def frame(s: Sketch) -> None:
    """Draws a kiss-lock purse, pleated into its metal frame, on a chain."""
    from shopsim.catalog.demo.details import chain, pleats

    chain(s, trace("232,420 180,250 330,110 500,75 670,110 820,250 768,420"), 30, 6)
    body = curve("240,400 500,375 760,400 890,580 880,770 720,890 500,910 280,890 120,770 110,580")
    s.part(body, "main", SATIN, puff=210, height=0.9)
    pleats(s, hang((265, 420), (735, 420), -16), hang((130, 760), (870, 760), 120), 15, 0.34)
    rim = trace("222,425 250,385 500,360 750,385 778,425")
    s.part(band(rim, 32), "metal", METAL, puff=18, drop=9)
    for x in (232, 768):
        ring(s, x, 420, 20, 6)
    for x, y in ((478, 345), (522, 338)):
        stud(s, x, y, 23)


def patent_top_handle(s: Sketch) -> None:
    """Draws a ladylike trapeze of patent leather, one stiff handle and a turn lock."""
    tube(s, arch((330, 380), (670, 380), 140, 2.6), 34)
    for x in (330, 670):
        ring(s, x, 388, 30, 8)
    body = rounded([(210, 385), (790, 385), (880, 850), (120, 850)], [26, 26, 40, 40])
    s.part(body, "main", PATENT, puff=80)
    for line in (np.array([(268, 395), (205, 845)]), np.array([(732, 395), (795, 845)])):
        seam(s, line)
    flap = rounded([(204, 376), (796, 376), (822, 520), (600, 610), (400, 610), (178, 520)], [26, 26, 40, 60, 60, 40])
    s.part(flap, "trim", PATENT, puff=30, drop=12, shadow=0.5)
    edge_stitches(s, flap, 12)
    turn_lock(s, 500, 585, 44)
    for x in (150, 850):
        stud(s, x, 838, 7)
