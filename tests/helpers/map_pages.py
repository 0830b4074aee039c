"""Opens the Map page and reads what it draws."""

from app_pages import settled, threshold, visit
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df


def open_map(folder, **address):
    """PCA, instant, and three groups by colour, unless the address says otherwise."""
    return settled(visit("pages/Map.py", folder, **({"projection": "pca", "at": "0.99"} | address)))


def drawn(app):
    """The points as the browser gets them, by row."""
    (chart,) = app.get("vega_lite_chart")
    (data,) = chart.proto.datasets
    return convert_arrow_bytes_to_pandas_df(data.data.data).set_index("row").sort_index()


def move_threshold(app, percent):
    threshold(app).set_value(percent)
    return settled(app)
