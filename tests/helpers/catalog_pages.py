"""Opens the Catalogs page and finds its parts."""

from app_pages import as_read, open_page, settled

from shopsim.ui.parts.recent import recent_catalogs

PAGE = "pages/Catalogs.py"


def catalogs(folder=None, **address):
    return open_page(PAGE, folder=folder, **address)


def field(app, start):
    return next(field for field in app.text_input if field.label.startswith(start))


def button(app, label):
    return next(button for button in app.button if button.label == label and not button.disabled)


def open_folder(app, folder, form=None, labels=None):
    """Fill in the form and send it."""
    field(app, "Folder of photos").set_value(str(folder))
    if form:
        next(select for select in app.selectbox if select.label == "Form").set_value(form)
    if labels:
        field(app, "File of true models").set_value(str(labels))
    button(app, "Open").click()
    return settled(app)


def subheaders(app):
    return [as_read(subheader.value) for subheader in app.subheader]


def recent_folders():
    return [recent.folder for recent in recent_catalogs()]
