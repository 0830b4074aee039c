"""Says which URLs of photos are allowed: the table may come from somebody else, and the credentials are yours.

pyarrow takes a user, a password and options such as the address of the server from the part before the first slash.
So nothing but the plain name of a bucket is allowed there.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*"
# A name with other dots would be another server than Azure's.
_ACCOUNT = r"[A-Za-z0-9]+(\.(dfs|blob)\.core\.windows\.net)?"
_PLACES = "|".join(
    [
        "file://",
        f"(s3|gs|gcs)://{_NAME}",
        f"abfss?://{_NAME}@{_ACCOUNT}",
        f"hdfs://{_NAME}(:[0-9]+)?",
    ]
)
_ALLOWED = re.compile(rf"({_PLACES})/[^?]+", re.DOTALL)
_ANY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.*", re.DOTALL)
URL_REFUSED = (
    "its URL is not allowed; right would be s3://bucket/photo.jpg, without user, password and options (for a '?' in a "
    "name write %3F)"
)
FILE_OUTSIDE = "a file:// URL must name a file in the folder of the catalogue"


def is_url(text: str) -> bool:
    """Whether a cell of a table is the URL of a photo that may be read."""
    return _ALLOWED.fullmatch(text) is not None


def is_refused(text: str) -> bool:
    """Whether a cell is a URL that must not be read; such a one may hold a password, so do not show it."""
    return _ANY.fullmatch(text) is not None and not is_url(text)


def leads_out(url: str, folder: Path) -> bool:
    """Whether a URL that `is_url` names a file of this machine outside the folder; links are followed."""
    if not url.startswith("file://"):
        return False
    try:
        place = Path(unquote(url.removeprefix("file://"))).resolve()
        return not place.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # A NUL in the name, or links in a circle.
        return True
