"""Draws women's shoes on heels, seen from the side with the toe to the left: one product model per function."""

from __future__ import annotations

from shopsim.catalog.demo.details import buckle, crease, edge_stitches, stitches, strap
from shopsim.catalog.demo.materials import CANVAS, LEATHER, PATENT, ROPE, RUBBER, SATIN, SUEDE, WOOD
from shopsim.catalog.demo.outlines import band, box, curve, ellipse, rounded, trace
from shopsim.catalog.demo.sketch import Sketch


def stiletto(s: Sketch) -> None:
    """Draws a pointed pump on a needle heel."""
    heel = curve("800,470 930,440 935,520 905,640 893,798! 871,798! 868,660 840,580 775,545")
    s.part(heel, "main", PATENT, puff=40, height=1.2, tone=0.92)
    s.part(box(868, 790, 896, 802, 2), "sole", RUBBER, puff=6)
    sole = curve(
        "38,786! 150,800 330,800 420,780 560,690 700,580 820,530 930,520! 930,500! 820,490 600,600 400,740 200,770"
    )
    s.part(sole, "sole", LEATHER, puff=14)
    inner = curve("400,640 560,520 730,430 850,385 905,350 880,470 640,600 430,690")
    s.part(inner, "lining", LEATHER, puff=20, tone=0.8)
    upper = curve(
        "36,784! 150,716 290,664 385,640 470,655 600,600 740,490 860,400 905,335! "
        "935,380 940,470 930,515 820,530 700,580 560,690 420,776 330,794 150,794"
    )
    s.part(upper, "main", PATENT, puff=75, height=1.15)
    stitches(s, trace("388,654 473,669 603,615 743,506 865,416 908,351"), 2.2, 6, 4)


def mary_jane(s: Sketch) -> None:
    """Draws a shoe with a round toe, a strap over the instep and a stout heel."""
    heel = rounded([(735, 600), (915, 590), (905, 800), (770, 800)], [4, 4, 8, 8])
    s.part(heel, "main", PATENT, puff=46, tone=0.92)
    s.part(box(766, 788, 909, 803, 3), "sole", RUBBER, puff=6)
    sole = curve("60,776! 180,803 400,800 560,740 740,650 916,642! 916,614! 740,610 520,700 300,760")
    s.part(sole, "sole", LEATHER, puff=12)
    inner = curve("390,620 560,570 740,500 880,440 880,570 600,650 400,670")
    s.part(inner, "lining", LEATHER, puff=24, tone=0.78)
    s.part(band(trace("505,480 455,505 440,570 458,690"), 40), "main", PATENT, puff=12, tone=0.55)
    upper = curve(
        "54,768! 56,735 90,676 180,630 290,612 370,630 430,668 560,640 720,545 885,415! "
        "922,470 930,560 918,640! 740,648 560,734 400,792 180,796"
    )
    s.part(upper, "main", PATENT, puff=100)
    stitches(s, trace("372,642 430,680 560,652 720,557 882,428"), 2.4, 7, 5)
    strap(s, trace("486,481 530,490 580,545 606,610 612,672"), 42, "main", PATENT)
    buckle(s, 596, 588, 52, 50)


def mule(s: Sketch) -> None:
    """Draws a backless mule on a kitten heel, knotted on top."""
    heel = curve("790,640 900,628 896,700 874,798! 846,798! 836,730 780,690")
    s.part(heel, "sole", WOOD, puff=34, height=1.2)
    sole = curve("60,785! 200,802 400,798 560,745 720,680 905,668 915,640 905,622 720,640 540,706 380,762 180,768")
    s.part(sole, "sole", WOOD, puff=14)
    bed = curve("380,735 540,678 720,612 905,600 915,628 720,648 540,712 380,766")
    s.part(bed, "lining", LEATHER, puff=12)
    upper = curve("58,784! 66,752 120,692 230,620 380,545 470,530 520,570 545,650 560,720 470,768 380,790 180,794")
    s.part(upper, "main", SATIN, puff=130)
    for fold in ("200,650 310,622 410,618", "170,712 300,662 415,645", "260,772 350,706 430,672"):
        crease(s, trace(fold), 0.24, 15)
    knot = curve("388,598 430,565 478,590 492,640 480,696 440,708 402,672")
    s.part(knot, "main", SATIN, puff=60, height=1.2, drop=10)
    crease(s, trace("440,580 452,640 444,700"), 0.26, 12)


def wedge(s: Sketch) -> None:
    """Draws a rope wedge with a canvas toe and an ankle ribbon."""
    s.part(band(trace("620,330 700,285 800,300 850,340"), 24), "trim", CANVAS, puff=8, tone=0.65)
    inner = curve("430,600 600,540 780,470 890,400 890,540 640,620 450,660")
    s.part(inner, "lining", LEATHER, puff=20, tone=0.8)
    body = curve("48,800! 50,755 90,735 180,730 380,720 560,640 740,545 925,520! 935,660 915,802! 600,806 120,806")
    s.part(body, "sole", ROPE, puff=60)
    s.part(rounded([(70, 792), (918, 792), (915, 812), (100, 812)], 6), "lining", RUBBER, puff=6, tone=0.7)
    upper = curve("60,738! 66,690 160,620 290,580 380,590 440,650 430,702 380,722 180,736")
    s.part(upper, "main", CANVAS, puff=90)
    stitches(s, trace("292,594 372,604 426,652"))
    counter = curve("720,560 790,480 870,380 905,350 930,400 938,470 928,526 860,532")
    s.part(counter, "main", CANVAS, puff=60)
    edge_stitches(s, counter, 10)
    for ribbon in ("860,400 760,380 640,330", "885,360 790,400 670,420 612,345"):
        s.part(band(trace(ribbon), 26), "trim", CANVAS, puff=9, drop=7)
    for wing in ("630,335 570,280 530,300 560,350", "630,340 600,410 560,450 545,420"):
        s.part(curve(wing), "trim", CANVAS, puff=16, drop=7)
    s.part(ellipse(630, 340, 17), "trim", CANVAS, puff=14)


def platform(s: Sketch) -> None:
    """Draws a seventies platform sandal: thick sole, high block heel, wide crossed straps."""
    s.part(band(trace("640,330 700,285 820,280 870,315"), 30), "main", SUEDE, puff=9, tone=0.6)
    heel = rounded([(715, 520), (925, 500), (915, 830), (745, 830)], [4, 8, 6, 6])
    s.part(heel, "sole", WOOD, puff=50)
    sole = curve(
        "52,815! 50,735 70,708 300,700 430,670 580,580 740,500 925,480! 928,520! "
        "760,560 620,660 500,770 430,830! 110,830"
    )
    s.part(sole, "sole", WOOD, puff=40)
    bed = curve(
        "56,712 110,700 300,690 430,655 580,565 740,484 926,464! 928,488! 740,512 580,600 430,690 300,716 110,726"
    )
    s.part(bed, "lining", LEATHER, puff=10)
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
