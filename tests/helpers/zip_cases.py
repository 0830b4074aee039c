"""Zips as tests make them, unpacked, and what then lies in a folder."""

import io
import zipfile

from shopsim.catalog.zips.zip_entries import Limits
from shopsim.catalog.zips.zips import unpack_zip


def zip_of(*files, compression=zipfile.ZIP_DEFLATED):
    """The bytes of a zip; each file is a name or a ZipInfo, alone or with its content."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for file in files:
            name, content = file if isinstance(file, tuple) else (file, b"photo")
            archive.writestr(name, content)
    return data.getvalue()


def unpack(data, folder, **limits):
    return unpack_zip(io.BytesIO(data), folder / "photos", Limits(**limits))


def tree(folder):
    """Everything below the folder, hidden or not, by relative name."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def with_mode(name, mode):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info
