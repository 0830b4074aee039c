"""The photos that a `catalog.csv` names by URLs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import composed
from shopsim.catalog.photo_url import leads_out
from shopsim.catalog.remote_path import asked
from shopsim.catalog.scan import FoundFile
from shopsim.catalog.tables import urls_in

# So many are asked for at once.
_MOST_ASKED = 1000


def remote_files(table: Path) -> list[FoundFile]:
    """Asks for the photos at the URLs of a table, each once; one that is not there is a file with an obstacle.

    Nothing is asked for a file outside the folder of the table.
    Raises ShopsimError if a host does not answer.
    """
    urls = [url for url in dict.fromkeys(urls_in(table)) if not leads_out(url, table.parent)]
    return list(_found(urls))


def _found(urls: list[str]) -> Iterable[FoundFile]:
    for start in range(0, len(urls), _MOST_ASKED):
        some = urls[start : start + _MOST_ASKED]
        try:
            answers = asked(some)
        except OSError as error:
            raise ShopsimError(f"Cannot ask for the photo '{error.filename}': {error.strerror}.") from error
        for url, (obstacle, size, mtime_ns) in zip(some, answers, strict=True):
            yield FoundFile(composed(url), url, size, mtime_ns, obstacle)
