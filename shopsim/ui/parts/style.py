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
.photos .wrong img {box-shadow: 0 0 0 3px #D55E00;}
.photos .center img {box-shadow: 0 0 0 3px #0072B2;}
.photos .mark {color: #D55E00; font-weight: 600;}
.facts {font-size: .82rem; line-height: 1.45;}
.facts .name {font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;}
.facts .whole {white-space: normal; overflow-wrap: anywhere; font-size: .95rem;}
.facts .mark {color: #D55E00; font-weight: 600;}
.facts .good {color: #00714f; font-weight: 600;}
[class*="st-key-glance-"] .photos {gap: 4px;}
[class*="st-key-card-"] .photos {gap: 5px;}
[class*="st-key-card-"] .photos figure {position: relative;}
[class*="st-key-card-"] .photos figure:first-child {grid-column: span 2; grid-row: span 2;}
[class*="st-key-card-"] .photos figcaption {position: absolute; top: 0; left: 3px; padding: 0 3px; margin: 2px 0;
  background: #fff; border-radius: 3px; opacity: 1;}
</style>
"""
