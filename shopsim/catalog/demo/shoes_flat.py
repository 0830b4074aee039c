"""Draws flat women's shoes, seen from the side with the toe to the left: one product model per function."""

from __future__ import annotations

import numpy as np

from shopsim.catalog.demo.details import buckle, edge_stitches, ring, seam, stitches, strap, tube
from shopsim.catalog.demo.materials import CANVAS, LEATHER, MESH, ROPE, RUBBER, WOOD
from shopsim.catalog.demo.outlines import band, curve, ellipse, inset, rounded, smooth, trace
from shopsim.catalog.demo.sketch import Sketch


def ballerina(s: Sketch) -> None:
    """Draws a round-toed flat with a bow."""
    inner = curve("330,660 520,640 760,620 900,590 900,700 600,720 350,710")
    s.part(inner, "lining", LEATHER, puff=24, tone=0.78)
    s.part(curve("60,778! 200,800 500,802 938,802! 944,768! 500,764 200,764"), "sole", LEATHER, puff=12)
    upper = curve(
        "58,782! 50,740 100,682 190,655 300,660 345,690 420,712 600,705 780,660 905,575! "
        "945,620 952,700 945,776! 600,790 300,792"
    )
    s.part(upper, "main", LEATHER, puff=95)
    rim = trace("300,667 345,697 420,720 600,713 780,668 905,585")
    s.part(band(rim, 14), "trim", LEATHER, puff=10, drop=4)
    seam(s, trace("205,660 240,700 225,760 195,786"))
    for wing in ("300,668 240,620 195,640 215,690 280,690", "310,668 370,625 420,648 400,692 325,692"):
        s.part(curve(wing), "trim", LEATHER, puff=24, drop=7)
    s.part(ellipse(304, 677, 17, 20), "trim", LEATHER, puff=16, drop=5)


def loafer(s: Sketch) -> None:
    """Draws a penny loafer with a moccasin seam and a saddle strap."""
    inner = curve("400,615 560,590 760,590 890,560 890,680 600,700 420,690")
    s.part(inner, "lining", LEATHER, puff=24, tone=0.72)
    s.part(rounded([(712, 770), (952, 770), (946, 824), (724, 824)], 5), "sole", RUBBER, puff=18, tone=0.7)
    sole = curve("46,756! 120,800 300,820 460,816 600,794 720,784 952,784! 954,758! 600,758 200,758")
    s.part(sole, "sole", WOOD, puff=12)
    stitches(s, trace("80,766 300,776 600,768 948,768"), 3, 9, 6)
    upper = curve(
        "54,766! 52,722 90,664 180,622 300,590 400,560 455,575 520,640 640,662 780,630 895,545! "
        "945,600 955,690 948,764! 500,770"
    )
    s.part(upper, "main", LEATHER, puff=110)
    ridge = trace("402,618 300,634 200,660 130,700 96,728")
    s.part(band(ridge, 16), "main", LEATHER, puff=16, height=1.2, drop=5)
    stitches(s, ridge, 3.4, 6, 6)
    saddle = curve("352,572 452,568 500,620 510,764! 398,764! 372,660")
    s.part(saddle, "trim", LEATHER, puff=26, drop=8)
    edge_stitches(s, saddle, 9)
    s.groove(rounded([(402, 640), (470, 634), (458, 660), (420, 664)], 6), 0.75)
    stitches(s, trace("530,652 640,676 780,646 890,565"), 2.6, 7, 5)
    seam(s, trace("800,625 815,700 812,764"))


def sneaker(s: Sketch) -> None:
    """Draws a low court sneaker: cup sole, laces, side stripe, heel tab."""
    inner = curve("430,480 560,440 740,470 880,430 880,560 600,580 440,540")
    s.part(inner, "lining", CANVAS, puff=24, tone=0.7)
    s.part(curve("330,560 430,440 500,400 540,420 520,540 420,620"), "main", LEATHER, puff=26, tone=0.9)
    upper = curve(
        "60,745! 58,700 90,632 160,595 290,560 400,490 490,425 535,440 580,500 700,530 800,490 880,415! "
        "935,450 930,560 945,650 940,745! 500,750"
    )
    s.part(upper, "main", LEATHER, puff=110)
    toe = curve("64,742! 66,690 100,636 170,598 262,572 300,640 290,745! 170,750")
    s.part(toe, "main", LEATHER, puff=50, drop=5)
    stitches(s, trace("262,586 290,640 282,735"), 2.6, 7, 5)
    stripe = curve("420,742 560,640 700,580 820,560 836,610 720,640 600,690 520,746")
    s.part(stripe, "accent", LEATHER, puff=12, drop=5, clip=upper)
    s.part(curve("858,440 880,418 932,452 930,560 935,600 860,590 845,520"), "accent", LEATHER, puff=20, drop=5)
    stay = curve("300,585 405,505 488,440 528,455 560,515 470,590 380,650")
    s.part(stay, "main", LEATHER, puff=14, drop=6)
    edge_stitches(s, stay, 9)
    _laces(s, 352, 590, 36, -31, 15)
    sole = rounded([(40, 725), (955, 725), (958, 800), (940, 815), (80, 815), (44, 790)], [24, 10, 14, 14, 24, 16])
    s.part(sole, "sole", RUBBER, puff=26)
    seam(s, np.array([(46, 748), (956, 748)]), 3, 0.3)
    stitches(s, np.array([(60, 738), (945, 738)]), 2.4, 10, 6)


def trainer(s: Sketch) -> None:
    """Draws a knit running shoe on thick foam."""
    inner = curve("470,430 600,400 760,420 900,350 900,480 640,520 480,480")
    s.part(inner, "lining", CANVAS, puff=26, tone=0.7)
    upper = curve(
        "66,722! 74,660 110,612 190,572 330,530 450,450 520,390 570,410 640,470 760,470 850,400 905,325! "
        "940,350 925,450 930,560 950,650 945,700! 500,725"
    )
    s.part(upper, "main", MESH, puff=120)
    slash = curve("395,710 470,600 520,500 550,500 520,610 465,710")
    for shift in (0, 75, 150):
        s.part(slash + [shift, 0], "accent", RUBBER, puff=10, drop=4, clip=upper)
    s.part(curve("70,718! 78,660 112,616 180,580 250,604 205,660 196,722!"), "trim", RUBBER, puff=30, drop=4)
    s.part(curve("800,600 860,480 925,460 928,560 948,650 930,705 800,710"), "trim", RUBBER, puff=34, drop=5)
    _laces(s, 350, 556, 38, -29, 11)
    sole = curve(
        "38,712! 120,728 300,722 500,704 700,684 850,668 975,640! "
        "985,720 960,800 900,818 700,820 400,818 180,804 80,770"
    )
    s.part(sole, "sole", RUBBER, puff=60)
    seam(s, trace("62,744 300,764 560,756 800,728 974,706"), 5, 0.4)
    tread = curve("150,796 400,812 700,814 930,806 905,828 700,832 400,830 190,816")
    s.part(tread, "trim", RUBBER, puff=8)
    for k in range(4):
        s.groove(band(np.array([(620 + 75 * k, 790), (672 + 75 * k, 768)]), 15), 0.3)


def _laces(s: Sketch, x: float, y: float, across: float, up: float, width: float) -> None:
    """Draws five laces along the instep, in the colour of the sole."""
    for k in range(5):
        left, top = x + across * k, y + up * k
        s.groove(ellipse(left + 36, top + 20, 6), 0.8)
        lace = smooth([(left - 28, top - 30), (left + 1, top - 19), (left + 36, top + 20)], closed=False)
        tube(s, lace, width, "sole", CANVAS)


def sandal(s: Sketch) -> None:
    """Draws a flat sandal of narrow straps with a ring and an ankle buckle."""
    s.part(band(trace("690,560 740,510 850,500 905,530"), 24), "main", LEATHER, puff=9, tone=0.62)
    sole = curve("46,762! 180,778 500,770 760,752 955,740! 955,806! 500,812 120,812 60,800")
    s.part(sole, "sole", WOOD, puff=16)
    bed = curve("42,752 110,744 500,742 760,726 956,712! 958,742! 760,758 500,776 180,782 60,775")
    s.part(bed, "lining", LEATHER, puff=12)
    for over in ("120,770 180,660 262,640", "250,776 270,680 310,640", "420,772 400,670 330,625"):
        strap(s, trace(over), 34, "main")
    ring(s, 305, 632, 36, 10)
    strap(s, trace("322,604 420,560 580,560 700,585"), 30, "main")
    counter = curve("780,748 800,660 850,540 905,510 935,560 950,660 955,735 870,745")
    s.part(counter, "main", LEATHER, puff=44)
    edge_stitches(s, counter, 9)
    strap(s, trace("905,535 820,585 740,600 690,575"), 28, "main")
    buckle(s, 760, 597, 46, 44)


def espadrille(s: Sketch) -> None:
    """Draws a flat canvas slip-on on a braided jute sole, stripes across the toe."""
    inner = curve("360,620 560,600 760,590 890,560 890,680 600,700 380,690")
    s.part(inner, "lining", CANVAS, puff=20, tone=0.8)
    upper = curve(
        "58,755! 56,712 95,655 180,610 310,575 390,580 440,630 560,670 720,650 895,545! "
        "940,590 950,680 945,750! 500,755"
    )
    s.part(upper, "main", CANVAS, puff=110)
    for x in (150, 215, 280):
        stripe = smooth([(x + 60, 560), (x + 20, 660), (x, 770)], closed=False)
        s.part(band(stripe, 26), "accent", CANVAS, puff=3, shadow=0, clip=inset(upper, 4))
    s.darken(band(trace("60,735 300,745 600,745 945,735"), 30), 0.25, 14, clip=upper)
    stitches(s, trace("392,594 440,642 560,683 720,663 890,562"))
    seam(s, trace("445,640 440,700 430,750"))
    s.part(rounded([(45, 735), (955, 735), (958, 805), (60, 805)], [26, 14, 22, 30]), "sole", ROPE, puff=22)
    s.part(rounded([(70, 797), (940, 797), (930, 812), (90, 812)], 5), "trim", RUBBER, puff=6)
    stitches(s, np.array([(52, 744), (950, 744)]), 4.5, 16, 12)
