"""Defines the CSS that Streamlit's own widgets don't cover; it follows the light and the dark theme."""

STYLE = """
<style>
.block-container {padding-top: 2.6rem; padding-bottom: 3rem; max-width: 1500px;}
h1 {padding-bottom: .2rem;}
[data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]) {flex-wrap: wrap;}
[data-testid="stColumn"]:has([data-testid="stMetric"]) {min-width: 132px;}
[data-testid="stMetricValue"] {font-size: clamp(1.3rem, 2.3vw, 2.25rem);}
.st-key-expected-scores [data-testid="stMetric"] {border-style: dashed; border-width: 2px;}
.st-key-expected-scores [data-testid="stMetricValue"] {font-style: italic; opacity: .75;}
[data-testid="stButton"] p, [data-testid="stDownloadButton"] p {white-space: normal;}
[data-testid="stMultiSelectTagsContainer"] {flex-wrap: wrap; mask-image: none; row-gap: 4px; padding-block: 4px;}
[role="group"]:has(> [data-testid="stMultiSelectTagsContainer"]) {max-height: none; height: auto;}
.part {font-size: .8rem; font-weight: 600; padding: .5rem 0 0 .55rem;}
.photos {display: grid; gap: 10px; grid-template-columns: repeat(auto-fill, minmax(var(--side, 120px), 1fr));}
.photos figure {margin: 0; min-width: 0;}
.photos img, .photos .none {width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 6px; display: block;
  background: rgba(128,128,128,.12);}
.photos .none {display: grid; place-items: center; font-size: .75rem; opacity: .7; text-align: center;}
.photos figcaption {font-size: .74rem; line-height: 1.25; margin-top: 3px; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; opacity: .85;}
.photos figure {position: relative;}
.photos .wrong::before {content: "✗"; position: absolute; top: 4px; left: 4px; z-index: 1; width: 1.5em; height: 1.5em;
  line-height: 1.4em; text-align: center; font-size: .8rem; font-weight: 700; color: #fff; background: #111;
  border: 2px solid #fff; border-radius: 50%; box-shadow: 0 0 3px #000; pointer-events: none;}
.photos .wrong img {opacity: .8;}
.photos .center img {box-shadow: 0 0 0 3px #0072B2;}
.mark {color: light-dark(#a84300, #ff9d5c); font-weight: 600;}
.good {color: light-dark(#00714f, #3fcf9f); font-weight: 600;}
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {opacity: 1;
  color: light-dark(#595b63, #b4b7c0);}
[data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"],
[data-testid="stMultiSelectTagsContainer"] [title] {color: light-dark(#fff, #0b1a24) !important;}
.photos img[data-large] {cursor: zoom-in;}
.photos .gone img {opacity: .35;}
.lightbox {max-width: min(92vw, 900px); max-height: 94vh; border: 0; border-radius: 10px; padding: 1rem;
  background: Canvas; color: CanvasText;}
.lightbox::backdrop {background: rgba(0,0,0,.7);}
.lightbox > img {display: block; max-width: 100%; max-height: 62vh; margin: 0 auto .6rem; border-radius: 6px;}
.lightbox p {margin: .15rem 0; overflow-wrap: anywhere; font-size: .9rem;}
.lightbox .bar {display: flex; gap: .4rem; align-items: center; margin-bottom: .6rem;}
.lightbox .bar span {flex: 1;}
.lightbox button {min-width: 2.2rem; min-height: 2.2rem; border: 1px solid currentColor; border-radius: 6px;
  background: transparent; color: inherit; cursor: pointer;}
.lightbox .strip {display: flex; gap: .3rem; overflow-x: auto; margin-top: .5rem;}
.lightbox .strip button {padding: 0; border: 0;}
.lightbox .strip img {width: 72px; height: 72px; object-fit: contain; border-radius: 4px;}
.chart-ring {position: absolute; display: none; z-index: 1000; pointer-events: none; border: 3px solid #CC79A7;
  border-radius: 6px; box-shadow: 0 0 0 2px #fff;}
.only-heard {position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);}
.drawing-frame #vg-tooltip-element {display: none !important;}
.st-key-map-row > * > [data-testid="stHorizontalBlock"] {flex-wrap: wrap;}
.st-key-map-row > * > * > [data-testid="stColumn"] {min-width: min(100%, 160px);}
.st-key-map-row > * > * > [data-testid="stColumn"]:first-child {min-width: min(100%, 520px); flex: 6 1 520px;}
.st-key-map-row [data-testid="stElementToolbar"] {top: .25rem; right: .25rem;}
[class*="st-key-look-"] {scroll-margin-top: 4rem;}
[class*="st-key-csv-row-"] {flex-wrap: nowrap;}
[class*="st-key-six-figures-"] [data-testid="stColumn"]:has([data-testid="stMetric"]) {
  min-width: calc((100% - 2rem) / 3);}
.st-key-question-pair [data-testid="stHorizontalBlock"] {flex-wrap: nowrap; gap: .6rem;}
.st-key-question-pair [data-testid="stColumn"] {min-width: 0;}
.st-key-group-actions [data-testid="stButtonGroup"], .st-key-group-actions [data-testid="stButtonGroup"] [role] {
  flex-wrap: wrap; max-width: 100%;}
.st-key-map-touch {display: none;}
@media (hover: none) {
  .st-key-map-how {display: none;}
  .st-key-map-touch {display: flex;}
}
@media (max-width: 640px) {
  [data-testid="stFullScreenFrame"]:has([data-testid="stVegaLiteChart"]) {overflow-x: auto;}
  [class*="st-key-glance-"] .photos {grid-template-columns: repeat(6, minmax(0, 1fr)) !important;}
  [data-testid="stLayoutWrapper"]:has(> .st-key-map-row) {order: -1;}
}
.facts {font-size: .82rem; line-height: 1.45;}
.facts .name {font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;}
.facts .whole {white-space: normal; overflow-wrap: anywhere; font-size: .95rem;}
[class*="st-key-glance-"] .photos {gap: 4px;}
[class*="st-key-card-"] .photos {gap: 5px;}
[class*="st-key-card-"] .photos figure:first-child {grid-column: span 2; grid-row: span 2;}
</style>
"""
