"""Casual and summer shoes, seen from the side with the toe to the left: each function draws one product model."""

from __future__ import annotations

import numpy as np

from shopsim.drawing.details import buckle, edge_stitches, ring, seam, stitches, strap, stud, tube
from shopsim.drawing.materials import CANVAS, FUR, LEATHER, MESH, ROPE, RUBBER, SUEDE, WOOD
from shopsim.drawing.outlines import band, curve, ellipse, inset, rounded, smooth, trace
from shopsim.drawing.sketch import Sketch


def sneaker(s: Sketch) -> None:
    """A low court sneaker: cup sole, laces, side stripe, heel tab."""
    s.part(curve("430,480 560,440 740,470 880,430 880,560 600,580 440,540"), "lining", CANVAS, puff=24, tone=0.7)
    s.part(curve("330,560 430,440 500,400 540,420 520,540 420,620"), "main", LEATHER, puff=26, tone=0.9)
    upper = curve(
        "58,735 70,650 160,595 290,560 400,490 490,425 535,440 580,500 700,530 800,490 880,415! 935,450 930,560 945,650 940,745! 500,750 70,750"
    )
    s.part(upper, "main", LEATHER, puff=110)
    toe = curve("62,740 70,655 160,600 262,572 300,640 290,745! 170,750")
    s.part(toe, "main", LEATHER, puff=50, drop=5)
    stitches(s, trace("262,586 290,640 282,735"), 2.6, 7, 5)
    stripe = curve("420,742 560,640 700,580 820,560 836,610 720,640 600,690 520,746")
    s.part(stripe, "accent", LEATHER, puff=12, drop=5, clip=upper)
    tab = curve("858,440 880,418 932,452 930,560 935,600 860,590 845,520")
    s.part(tab, "accent", LEATHER, puff=20, drop=5)
    stay = curve("300,585 405,505 488,440 528,455 560,515 470,590 380,650")
    s.part(stay, "main", LEATHER, puff=14, drop=6)
    edge_stitches(s, stay, 9)
    for k in range(5):
        x, y = (352 + 36 * k, 590 - 31 * k)
        s.groove(ellipse(x + 36, y + 18, 6), 0.8)
        tube(s, smooth([(x - 26, y - 34), (x + 2, y - 22), (x + 38, y + 18)], closed=False), 15, "sole", CANVAS)
    sole = rounded([(40, 725), (955, 725), (958, 800), (940, 815), (80, 815), (44, 790)], [24, 10, 14, 14, 24, 16])
    s.part(sole, "sole", RUBBER, puff=26)
    seam(s, np.array([(46, 748), (956, 748)]), 3, 0.3)
    stitches(s, np.array([(60, 738), (945, 738)]), 2.4, 10, 6)


def trainer(s: Sketch) -> None:
    """A knit running shoe on a thick, flared foam sole."""
    s.part(curve("470,430 600,400 760,420 900,350 900,480 640,520 480,480"), "lining", CANVAS, puff=26, tone=0.7)
    upper = curve(
        "70,690 90,620 190,570 330,530 450,450 520,390 570,410 640,470 760,470 850,400 905,325! 940,350 925,450 930,560 950,650 930,700 500,715 90,715"
    )
    s.part(upper, "main", MESH, puff=120)
    for shift in (0, 75, 150):
        overlay = smooth(
            [
                (395 + shift, 700),
                (470 + shift, 600),
                (520 + shift, 500),
                (550 + shift, 500),
                (520 + shift, 610),
                (465 + shift, 700),
            ]
        )
        s.part(overlay, "accent", RUBBER, puff=10, drop=4, clip=upper)
    s.part(curve("66,690 88,622 180,576 250,600 200,660 190,715 110,715"), "trim", RUBBER, puff=24, drop=4)
    s.part(curve("800,600 860,480 925,460 928,560 948,650 930,705 800,710"), "trim", RUBBER, puff=34, drop=5)
    for k in range(5):
        x, y = (350 + 38 * k, 556 - 29 * k)
        tube(s, smooth([(x - 30, y - 22), (x, y - 14), (x + 34, y + 22)], closed=False), 11, "sole", CANVAS)
    sole = curve(
        "36,700! 110,722 300,716 500,690 700,660 880,640 985,622! 978,720 930,812! 700,822 400,818 160,800 70,760"
    )
    s.part(sole, "sole", RUBBER, puff=55)
    seam(s, trace("60,735 300,758 560,745 800,705 975,690"), 5, 0.4)
    s.part(curve("160,790 400,806 700,808 930,796 925,822 700,832 400,828 180,812"), "trim", RUBBER, puff=8)
    for k in range(4):
        s.groove(band(np.array([(640 + 75 * k, 768), (690 + 75 * k, 746)]), 16), 0.3)


def wedge(s: Sketch) -> None:
    """A cork-and-rope wedge with canvas toe and ankle ribbon."""
    s.part(band(trace("620,330 700,285 800,300 850,340"), 24), "trim", CANVAS, puff=8, tone=0.65)
    s.part(curve("430,600 600,540 780,470 890,400 890,540 640,620 450,660"), "lining", LEATHER, puff=20, tone=0.8)
    body = curve("48,770 60,735 180,730 380,720 560,640 740,545 925,520! 935,660 915,802! 600,806 120,806")
    s.part(body, "sole", ROPE, puff=60)
    s.part(rounded([(70, 792), (918, 792), (915, 812), (100, 812)], 6), "lining", RUBBER, puff=6, tone=0.7)
    upper = curve("60,742 70,680 160,620 290,580 380,590 440,650 430,702 380,722 180,736")
    s.part(upper, "main", CANVAS, puff=90)
    stitches(s, trace("292,594 372,604 426,652"))
    counter = curve("720,560 790,480 870,380 905,350 930,400 938,470 928,526 860,532")
    s.part(counter, "main", CANVAS, puff=60)
    edge_stitches(s, counter, 10)
    for line in (((845, 400), (760, 380), (640, 330)), ((860, 350), (780, 400), (660, 420), (612, 345))):
        s.part(band(smooth(line, closed=False), 26), "trim", CANVAS, puff=9, drop=7)
    for wing in (((630, 335), (570, 280), (530, 300), (560, 350)), ((630, 340), (600, 410), (560, 450), (545, 420))):
        s.part(smooth(wing), "trim", CANVAS, puff=16, drop=7)
    s.part(ellipse(630, 340, 17), "trim", CANVAS, puff=14)


def flat_sandal(s: Sketch) -> None:
    """A flat sandal of narrow straps with a ring and an ankle buckle."""
    s.part(band(trace("690,560 740,510 850,500 905,530"), 24), "main", LEATHER, puff=9, tone=0.62)
    s.part(curve("250,660 300,610 370,600 400,640 360,720 280,720"), "main", LEATHER, puff=12, tone=0.55)
    s.part(
        curve("48,765 180,778 500,770 760,752 945,740 958,765 945,805 500,812 120,812 60,795"), "sole", WOOD, puff=12
    )
    s.part(
        curve("44,752 180,744 500,742 760,726 950,712 956,740 760,758 500,776 180,782 60,775"),
        "lining",
        LEATHER,
        puff=12,
    )
    for a, b, c in (
        ((120, 770), (180, 660), (262, 640)),
        ((250, 776), (270, 680), (310, 640)),
        ((420, 772), (400, 670), (330, 625)),
    ):
        strap(s, smooth([a, b, c], closed=False), 34, "main")
    ring(s, 305, 632, 34, 9)
    strap(s, trace("318,604 420,560 580,560 700,585"), 30, "main")
    counter = curve("780,748 800,660 850,540 905,510 935,560 950,660 955,735 870,745")
    s.part(counter, "main", LEATHER, puff=44)
    edge_stitches(s, counter, 9)
    strap(s, trace("905,535 820,585 740,600 690,575"), 28, "main")
    buckle(s, 760, 597, 46, 44)


def platform(s: Sketch) -> None:
    """A seventies platform sandal: thick sole, high block heel, wide crossed straps."""
    s.part(band(trace("640,330 700,285 820,280 870,315"), 30), "main", SUEDE, puff=9, tone=0.6)
    s.part(rounded([(715, 520), (925, 500), (915, 830), (745, 830)], [4, 8, 6, 6]), "sole", WOOD, puff=50)
    s.part(
        curve(
            "50,745 60,705 300,700 430,670 580,580 740,500 925,480 930,520 760,560 620,660 500,770 430,830! 110,830 56,800"
        ),
        "sole",
        WOOD,
        puff=40,
    )
    s.part(
        curve("56,705 300,690 430,655 580,565 740,484 928,462 930,488 740,512 580,600 430,690 300,716 60,726"),
        "lining",
        LEATHER,
        puff=10,
    )
    wide = curve("110,712 150,620 250,560 350,545 400,590 440,670 330,705 200,715")
    s.part(wide, "main", SUEDE, puff=70)
    edge_stitches(s, wide, 12)
    cross = curve("120,650 210,570 330,560 470,640 420,680 300,640 200,650 130,700")
    s.part(cross, "main", SUEDE, puff=30, drop=9)
    edge_stitches(s, cross, 9)
    counter = curve("730,500 780,400 860,310 910,300 938,370 940,470 830,492")
    s.part(counter, "main", SUEDE, puff=50)
    edge_stitches(s, counter, 9)
    strap(s, trace("900,320 800,375 700,375 640,330"), 34, "main", SUEDE)
    buckle(s, 720, 378, 54, 52)


def espadrille(s: Sketch) -> None:
    """A flat canvas slip-on on a braided jute sole, stripes across the toe."""
    s.part(curve("360,620 560,600 760,590 890,560 890,680 600,700 380,690"), "lining", CANVAS, puff=20, tone=0.8)
    upper = curve(
        "55,740 75,670 180,610 310,575 390,580 440,630 560,670 720,650 895,545! 940,590 950,680 945,750! 500,755 65,755"
    )
    s.part(upper, "main", CANVAS, puff=110)
    for x in (150, 215, 280):
        s.part(
            band(smooth([(x + 60, 560), (x + 20, 660), (x, 770)], closed=False), 26),
            "accent",
            CANVAS,
            puff=3,
            shadow=0,
            clip=inset(upper, 4),
        )
    s.darken(band(trace("60,735 300,745 600,745 945,735"), 30), 0.25, 14, clip=upper)
    stitches(s, trace("392,594 440,642 560,683 720,663 890,562"))
    seam(s, trace("445,640 440,700 430,750"))
    sole = rounded([(45, 735), (955, 735), (958, 805), (60, 805)], [26, 14, 22, 30])
    s.part(sole, "sole", ROPE, puff=22)
    s.part(rounded([(70, 797), (940, 797), (930, 812), (90, 812)], 5), "trim", RUBBER, puff=6)
    stitches(s, np.array([(52, 744), (950, 744)]), 4.5, 16, 12)


def winter_boot(s: Sketch) -> None:
    """A quilted-feeling winter boot: fur collar, hooks and a ridged rubber shell."""
    s.part(curve("440,300 600,270 780,290 770,330 600,340 450,330"), "lining", FUR, puff=14, tone=0.5)
    upper = curve(
        "90,720 100,640 200,585 340,540 420,460 440,320! 610,330 790,310! 815,440 850,540 890,620 900,740! 500,750"
    )
    s.part(upper, "main", SUEDE, puff=140)
    shell = curve("62,760 70,660 150,610 260,600 330,660 480,690 700,680 830,620 905,600 930,690 930,775! 500,780")
    s.part(shell, "trim", RUBBER, puff=70, drop=9)
    stitches(s, trace("262,612 335,674 480,704 700,694 836,632"), 3.4, 10, 7)
    for k in range(4):
        x, y = (372 + 26 * k, 520 - 55 * k)
        tube(s, smooth([(x - 22, y - 6), (x + 40, y + 12), (x + 100, y + 4)], closed=False), 14, "accent", CANVAS)
        for dx in (0, 92):
            stud(s, x + dx, y + 6, 10)
    sole = rounded([(50, 755), (935, 755), (940, 825), (60, 825)], [20, 10, 12, 24])
    s.part(sole, "sole", RUBBER, puff=20)
    for x in range(80, 920, 44):
        s.groove(rounded([(x, 800), (x + 20, 800), (x + 20, 828), (x, 828)], 3), 0.7)
    collar = curve("405,330 400,260 450,225 560,232 660,222 780,225 830,262 825,335 760,362 610,372 470,362")
    s.part(collar, "accent", FUR, puff=80, drop=10)
