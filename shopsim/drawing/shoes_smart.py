"""Smart women's shoes, seen from the side with the toe to the left: each function draws one product model."""

from __future__ import annotations

import numpy as np

from shopsim.drawing.details import buckle, edge_stitches, seam, stitches, strap, stud, zipper
from shopsim.drawing.materials import LEATHER, PATENT, RUBBER, SATIN, SUEDE, WOOD
from shopsim.drawing.outlines import band, box, curve, ellipse, rounded, smooth, trace
from shopsim.drawing.sketch import Sketch

GROUND = 800


def stiletto(s: Sketch) -> None:
    """A pointed pump on a needle heel."""
    heel = curve("800,470 930,440 935,520 905,640 893,798! 871,798! 868,660 840,580 775,545")
    s.part(heel, "main", PATENT, puff=40, height=1.2, tone=0.92)
    s.part(box(868, 790, 896, 802, 2), "sole", RUBBER, puff=6)
    sole = curve(
        "38,786! 150,800 330,800 420,780 560,690 700,580 820,530 930,520 930,500 820,490 600,600 400,740 200,770"
    )
    s.part(sole, "sole", LEATHER, puff=14)
    s.part(
        curve("400,640 560,520 730,430 850,385 905,350 880,470 640,600 430,690"), "lining", LEATHER, puff=20, tone=0.8
    )
    upper = curve(
        "36,784! 150,716 290,664 385,640 470,655 600,600 740,490 860,400 905,335! 935,380 940,470 930,515 820,530 700,580 560,690 420,776 330,794 150,794"
    )
    s.part(upper, "main", PATENT, puff=75, height=1.15)
    edge = trace("385,645 470,660 600,606 740,497 862,407 905,342")
    stitches(s, edge + [3, 9], 2.2, 6, 4)


def ballerina(s: Sketch) -> None:
    """A round-toed flat with a bow."""
    s.part(curve("330,660 520,640 760,620 900,590 900,700 600,720 350,710"), "lining", LEATHER, puff=24, tone=0.78)
    s.part(curve("60,778! 200,800 500,800 930,800 940,770! 500,760 200,760"), "sole", LEATHER, puff=12)
    s.part(rounded([(760, 772), (935, 772), (930, 804), (770, 804)], 6), "sole", RUBBER, puff=10, tone=0.7)
    upper = curve(
        "50,745 90,685 190,655 300,660 345,690 420,712 600,705 780,660 905,575! 945,620 952,700 945,776! 600,790 300,792 80,782"
    )
    s.part(upper, "main", LEATHER, puff=95)
    edge = trace("300,667 345,697 420,720 600,713 780,668 905,585")
    s.part(band(edge, 14), "trim", LEATHER, puff=10, drop=4)
    toe = trace("205,652 240,700 225,760 190,792")
    seam(s, toe)
    for wing in (
        ((300, 668), (240, 620), (195, 640), (215, 690), (280, 690)),
        ((310, 668), (370, 625), (420, 648), (400, 692), (325, 692)),
    ):
        s.part(smooth(wing), "trim", LEATHER, puff=24, drop=7)
    s.part(ellipse(304, 677, 17, 20), "trim", LEATHER, puff=16, drop=5)


def ankle_boot(s: Sketch) -> None:
    """An ankle boot on a block heel with a zip at the side."""
    s.part(curve("470,190 640,176 800,190 800,215 640,230 470,215"), "lining", LEATHER, puff=12, tone=0.6)
    s.part(rounded([(690, 660), (880, 660), (872, 800), (712, 800)], [4, 4, 6, 6]), "sole", WOOD, puff=30, tone=0.9)
    s.part(box(708, 788, 876, 803, 3), "lining", RUBBER, puff=6)
    s.part(
        curve("70,770 200,802 430,800 560,745 700,690 880,680 880,650 700,650 500,700 300,750"), "sole", WOOD, puff=14
    )
    upper = curve(
        "66,762 80,690 180,625 330,560 420,470 455,340 462,200! 640,222 808,200! 836,380 850,480 880,560 884,676! 700,686 560,738 430,790 200,794"
    )
    s.part(upper, "main", LEATHER, puff=130)
    seam(s, trace("300,580 370,640 400,720 410,790"))
    stitches(s, trace("314,572 384,636 414,716 424,786"), 2.6, 7, 5)
    zipper(s, trace("610,640 640,500 640,250")[::-1][::-1], 18)
    stitches(s, trace("474,224 640,242 796,224"))
    s.part(rounded([(770, 150), (800, 150), (806, 220), (776, 220)], 8), "trim", LEATHER, puff=8)


def knee_boot(s: Sketch) -> None:
    """A riding boot up to the knee, strap and buckle at the ankle."""
    s.part(curve("470,62 600,50 730,66 728,92 600,104 472,90"), "lining", LEATHER, puff=10, tone=0.55)
    s.part(rounded([(620, 850), (772, 850), (766, 935), (628, 935)], 4), "sole", RUBBER, puff=18, tone=0.85)
    s.part(curve("190,905 300,934 470,934 620,900 772,880 772,850 560,860 300,890"), "sole", RUBBER, puff=12)
    upper = curve(
        "188,902 200,850 280,806 400,760 470,680 490,560 470,380 462,200 466,74! 600,96 734,78! 752,260 740,460 712,640 730,720 772,800 774,876! 620,892 470,928 300,928"
    )
    s.part(upper, "main", LEATHER, puff=110)
    seam(s, trace("706,92 716,300 700,480 676,640 700,760 730,876"))
    for y, depth in ((640, 0.4), (680, 0.32), (606, 0.25)):
        fold = smooth([(490, y), (580, y + 26), (690, y + 10)], closed=False)
        s.darken(band(fold, 12), depth, 12)
        s.darken(band(fold + [0, 16], 10), -depth * 0.5, 12)
    strap(s, trace("474,690 560,740 650,750 722,716"), 36)
    buckle(s, 590, 744, 58, 58)
    band_top = trace("468,130 600,152 738,134")
    strap(s, band_top, 40)
    stud(s, 600, 152, 8)


def loafer(s: Sketch) -> None:
    """A penny loafer with an apron seam and a saddle strap."""
    s.part(curve("380,610 560,590 760,590 890,560 890,680 600,700 400,690"), "lining", LEATHER, puff=24, tone=0.72)
    s.part(rounded([(48, 760), (950, 760), (952, 790), (80, 790)], [14, 8, 8, 20]), "sole", WOOD, puff=10)
    s.part(rounded([(690, 780), (950, 780), (944, 830), (704, 830)], 5), "sole", RUBBER, puff=14, tone=0.55)
    s.part(rounded([(85, 786), (560, 786), (540, 806), (140, 806)], 6), "sole", RUBBER, puff=10, tone=0.6)
    upper = curve(
        "50,735 75,670 180,622 300,590 400,560 455,575 520,640 640,662 780,630 895,545! 945,600 955,690 948,764! 500,768 70,766"
    )
    s.part(upper, "main", LEATHER, puff=110)
    apron = trace("400,600 260,632 150,668 118,702 170,722 300,706 420,680")
    s.part(band(apron, 15), "main", LEATHER, puff=12, drop=5)
    stitches(s, apron, 3.4, 6, 6)
    saddle = curve("360,578 452,572 520,640 520,766 390,766 395,680")
    s.part(saddle, "trim", LEATHER, puff=22, drop=8)
    edge_stitches(s, saddle, 9)
    s.groove(rounded([(415, 640), (480, 640), (466, 664), (430, 664)], 6), 0.75)
    stitches(s, trace("530,652 640,676 780,646 890,565"), 2.6, 7, 5)
    seam(s, trace("800,625 815,700 812,764"))


def mary_jane(s: Sketch) -> None:
    """A round toe, a strap over the instep and a stout heel."""
    s.part(rounded([(735, 600), (915, 590), (905, 800), (770, 800)], [4, 4, 8, 8]), "main", PATENT, puff=46, tone=0.92)
    s.part(box(766, 788, 909, 803, 3), "sole", RUBBER, puff=6)
    s.part(
        curve("60,776 180,803 400,800 560,740 740,650 915,640 915,610 740,610 520,700 300,760"),
        "sole",
        LEATHER,
        puff=12,
    )
    s.part(curve("390,600 560,560 740,500 880,440 880,570 600,640 400,660"), "lining", LEATHER, puff=24, tone=0.78)
    s.part(band(trace("430,560 480,490 600,470 640,500"), 36), "main", PATENT, puff=10, tone=0.6)
    upper = curve(
        "52,752 78,680 180,630 290,612 370,630 430,668 560,640 720,545 885,415! 922,470 930,560 918,640! 740,648 560,734 400,792 180,796"
    )
    s.part(upper, "main", PATENT, puff=100)
    strap(s, trace("452,500 520,540 600,600 640,650"), 42, "main", PATENT)
    buckle(s, 596, 600, 52, 50)
    stitches(s, trace("372,642 430,680 560,652 720,557 882,428"), 2.4, 7, 5)


def mule(s: Sketch) -> None:
    """A backless mule on a kitten heel, folded knot on top."""
    heel = curve("790,640 900,628 896,700 874,798! 846,798! 836,730 780,690")
    s.part(heel, "sole", WOOD, puff=34, height=1.2)
    s.part(
        curve("60,785 200,802 400,798 560,745 720,680 905,668 915,640 905,622 720,640 540,706 380,762 180,768"),
        "sole",
        WOOD,
        puff=14,
    )
    s.part(curve("380,735 540,678 720,612 905,600 915,628 720,648 540,712 380,766"), "lining", LEATHER, puff=12)
    upper = curve("56,778 110,700 230,620 380,545 470,530 520,570 545,650 560,720 470,768 380,790 180,794")
    s.part(upper, "main", SATIN, puff=120)
    for line in (
        ((150, 700), (300, 640), (420, 640)),
        ((200, 760), (330, 690), (430, 662)),
        ((330, 785), (410, 720), (450, 680)),
    ):
        fold = smooth(line, closed=False)
        s.darken(band(fold, 12), 0.42, 11)
        s.darken(band(fold + [2, 15], 12), -0.25, 11)
    s.part(curve("395,590 450,575 485,620 485,690 440,705 400,670"), "main", SATIN, puff=46, drop=10)


def chelsea(s: Sketch) -> None:
    """A flat Chelsea boot with elastic at the side and a pull tab."""
    s.part(curve("440,262 600,248 790,262 790,284 600,298 440,284"), "lining", LEATHER, puff=10, tone=0.6)
    s.part(rounded([(745, 120), (790, 120), (800, 300), (755, 300)], 14), "trim", LEATHER, puff=9, tone=0.9)
    sole = rounded([(55, 752), (935, 752), (938, 812), (620, 812), (590, 790), (90, 790)], [16, 8, 8, 8, 8, 24])
    s.part(sole, "sole", RUBBER, puff=16)
    upper = curve(
        "52,742 68,668 170,610 320,550 405,470 432,370 434,268! 610,290 800,268! 830,420 880,520 926,610 934,756! 500,762 64,760"
    )
    s.part(upper, "main", SUEDE, puff=140)
    gore = rounded([(500, 292), (690, 292), (668, 560), (590, 625), (530, 560)], [6, 6, 60, 40, 60])
    s.part(gore, "accent", RUBBER, puff=10, shadow=0)
    for i in range(18):
        x = 503 + i * 11
        s.groove(band(np.array([(x, 290), (560 + (x - 590) * 0.62, 620)]), 2.4), 0.5, clip=gore)
    s.groove(band(np.vstack([gore, gore[:1]]), 4), 0.6)
    seam(s, trace("590,625 570,690 560,760"))
    stitches(s, np.array([(70, 764), (930, 764)]), 3.2, 10, 7)
