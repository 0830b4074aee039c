"""Opens the Learn page and finds its parts."""

from app_pages import button_labels, open_page, settled

from shopsim.catalog.open_folder import load_catalog

PAGE = "pages/Learn.py"


def learn(folder=None, **address):
    return open_page(PAGE, folder, **address)


def with_metric(app):
    app.segmented_control(key="learn-what").set_value("metric")
    return settled(app)


def from_network(app, name):
    app.selectbox(key="learn-extractor-network").set_value(name)
    return settled(app)


def has(app, label):
    return any(each.startswith(label) for each in button_labels(app))


def charts(app):
    return app.get("vega_lite_chart")


def ids(folder, *models):
    return [each.image_id for each in load_catalog(folder).images if each.model in models]
