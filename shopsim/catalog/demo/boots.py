"""Draws women's boots, seen from the side with the toe to the left: each function draws one product model."""

from __future__ import annotations

import numpy as np

from shopsim.catalog.demo.details import buckle, crease, seam, stitches, strap, stud, tube, zipper
from shopsim.catalog.demo.materials import CANVAS, FUR, LEATHER, RUBBER, SUEDE, WOOD
from shopsim.catalog.demo.outlines import band, box, close, curve, rounded, smooth, trace
from shopsim.catalog.demo.sketch import Sketch


def ankle_boot(s: Sketch) -> None:
    """Draws an ankle boot on a block heel with a zip at the side."""
    s.part(curve("484,204! 640,180 790,204! 640,228"), "lining", LEATHER, puff=12, tone=0.55)
    s.part(rounded([(690, 660), (880, 660), (872, 800), (712, 800)], [4, 4, 6, 6]), "sole", WOOD, puff=30, tone=0.9)
    s.part(box(708, 788, 876, 803, 3), "lining", RUBBER, puff=6)
    sole = curve("70,770! 200,802 430,800 560,745 700,690 882,684! 882,650! 700,650 500,700 300,750")
    s.part(sole, "sole", WOOD, puff=14)
    upper = curve(
        "68,770! 70,715 110,652 190,615 330,555 430,470 470,350 480,200! 640,222 794,200! "
        "824,380 840,480 876,560 884,676! 700,686 560,738 430,790 200,794"
    )
    s.part(upper, "main", LEATHER, puff=130)
    for fold in ("470,490 540,520 620,512", "452,530 530,562 600,552"):
        crease(s, trace(fold), 0.22, 14)
    seam(s, trace("300,572 370,640 400,720 410,790"))
    stitches(s, trace("314,564 384,636 414,716 424,786"), 2.6, 7, 5)
    zipper(s, trace("660,640 680,500 680,262"), 18)
    stitches(s, trace("490,224 640,244 784,224"))
    s.part(rounded([(752, 150), (782, 150), (792, 224), (762, 224)], 8), "trim", LEATHER, puff=8)


def knee_boot(s: Sketch) -> None:
    """Draws a riding boot up to the knee, strap and buckle at the ankle."""
    s.part(curve("476,78! 600,54 728,82! 600,102"), "lining", LEATHER, puff=10, tone=0.5)
    s.part(rounded([(620, 850), (774, 850), (768, 935), (628, 935)], 4), "sole", RUBBER, puff=18, tone=0.85)
    sole = curve("190,908! 300,934 470,934 620,900 774,882! 774,850! 560,860 300,890")
    s.part(sole, "sole", RUBBER, puff=12)
    upper = curve(
        "188,908! 190,868 220,832 290,800 400,752 466,680 488,560 470,380 462,200 466,74! 600,96 738,78! "
        "752,260 740,460 712,640 730,720 772,800 774,876! 620,892 470,928 300,928"
    )
    s.part(upper, "main", LEATHER, puff=110)
    seam(s, trace("706,92 716,300 700,480 676,640 700,760 730,876"))
    for fold, depth in (
        ("488,606 570,630 660,616", 0.2),
        ("484,640 575,666 670,652", 0.3),
        ("480,672 570,700 660,690", 0.2),
    ):
        crease(s, trace(fold), depth, 13)
    strap(s, trace("474,700 560,748 650,758 724,722"), 36)
    buckle(s, 590, 752, 58, 58)
    strap(s, trace("467,130 600,152 743,134"), 40)
    stud(s, 600, 152, 8)


def chelsea(s: Sketch) -> None:
    """Draws a flat Chelsea boot with elastic at the side and a pull tab."""
    s.part(curve("462,272! 620,250 784,272! 620,296"), "lining", LEATHER, puff=10, tone=0.55)
    s.part(rounded([(732, 196), (774, 196), (784, 310), (742, 310)], 14), "trim", LEATHER, puff=9, tone=0.9)
    sole = curve("50,748! 80,786 200,800 480,800 600,788 640,812! 938,812! 938,752! 500,752")
    s.part(sole, "sole", RUBBER, puff=16)
    upper = curve(
        "54,756! 56,708 90,652 170,612 320,556 416,480 452,390 458,268! 620,290 788,268! "
        "820,420 868,520 922,610 934,756! 500,762"
    )
    s.part(upper, "main", SUEDE, puff=140)
    gore = rounded([(520, 292), (700, 292), (680, 540), (612, 600), (552, 540)], [6, 6, 60, 40, 60])
    s.part(gore, "accent", RUBBER, puff=10, shadow=0)
    for i in range(17):
        x = 522 + i * 11
        s.groove(band(np.array([(x, 290), (612 + (x - 610) * 0.62, 610)]), 2.4), 0.5, clip=gore)
    s.groove(band(close(gore), 4), 0.6)
    seam(s, trace("612,600 592,680 580,758"))
    crease(s, trace("430,500 490,540 545,560"), 0.2, 16)
    stitches(s, np.array([(70, 766), (930, 766)]), 3.2, 10, 7)


def winter_boot(s: Sketch) -> None:
    """Draws a winter boot: fur collar, hooks for the laces and a ridged rubber shell."""
    upper = curve(
        "90,750! 100,640 200,585 340,540 420,460 440,320! 610,330 790,310! 815,440 850,540 890,620 900,740! 500,750"
    )
    s.part(upper, "main", SUEDE, puff=140)
    shell = curve(
        "58,775! 60,700 90,638 150,610 260,600 330,660 480,690 700,680 830,620 905,600 930,690 930,775! 500,780"
    )
    s.part(shell, "trim", RUBBER, puff=70, drop=9)
    stitches(s, trace("262,612 335,674 480,704 700,694 836,632"), 3.4, 10, 7)
    for k in range(4):
        x, y = 372 + 26 * k, 520 - 55 * k
        lace = smooth([(x - 22, y - 6), (x + 40, y + 12), (x + 100, y + 4)], closed=False)
        tube(s, lace, 14, "accent", CANVAS)
        for dx in (0, 92):
            stud(s, x + dx, y + 6, 10)
    sole = rounded([(50, 755), (935, 755), (940, 825), (60, 825)], [20, 10, 12, 24])
    s.part(sole, "sole", RUBBER, puff=20)
    for x in range(80, 920, 44):
        s.groove(rounded([(x, 800), (x + 20, 800), (x + 20, 828), (x, 828)], 3), 0.7)
    collar = curve("405,330 400,260 450,225 560,232 660,222 780,225 830,262 825,335 760,362 610,372 470,362")
    s.part(collar, "accent", FUR, puff=80, drop=10)
