"""Folders as lists of names, read or asked about."""

import pytest

from shopsim.catalog.forms.folder_forms import recognise
from shopsim.catalog.forms.readings import SeveralReadingsError
from shopsim.catalog.scan import FoundFile


def found(names):
    return [FoundFile(name, f"/x/{name}", 1, 1) for name in names]


def read(tmp_path, *names, form=None):
    return recognise(tmp_path / "photos", found(names), form)


def asked(tmp_path, *names):
    """The readings offered: {form: number of models}."""
    with pytest.raises(SeveralReadingsError) as error:
        read(tmp_path, *names)
    return {reading.form: reading.n_models for reading in error.value.readings}


def models(recognition):
    return {row.file.name: row.model for row in recognition.rows}
