"""The path of a photo at a URL such as s3://bucket/photo.jpg, which is read where it lies, by pyarrow."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from shopsim.catalog.photo_url import is_url

if TYPE_CHECKING:
    import pyarrow.fs

_GONE, _NO_FILE = "there is no such file", "not a file"


def path_of(place: str) -> Path:
    """Returns the path of a local file, or of a photo at a URL."""
    return RemotePath(place) if is_url(place) else Path(place)


class RemotePath(type(Path())):
    """A photo at a URL, in the place of a local path: it is read as one, and its text is the URL.

    Raises OSError where a local path would.
    """

    def __new__(cls, url: str) -> RemotePath:
        self = super().__new__(cls, url)
        self._url = url
        return self

    def __str__(self) -> str:
        return self._url

    def __fspath__(self) -> str:
        return self._url

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return RemotePath, (self._url,)

    def absolute(self) -> RemotePath:
        """Returns itself."""
        return self

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Returns kind, size and time of change; the rest is 0."""
        ((obstacle, size, mtime_ns),) = asked([self._url])
        if obstacle:
            raise FileNotFoundError(errno.ENOENT, obstacle, self._url)
        seconds = mtime_ns // 10**9
        return os.stat_result((stat.S_IFREG | stat.S_IRUSR, 0, 0, 1, 0, 0, size, seconds, seconds, seconds))

    def open(self, mode: str = "r", *_: Any, **__: Any) -> io.BytesIO:
        """Reads the whole photo into memory; mode: 'rb'."""
        if mode != "rb":
            raise OSError(errno.EROFS, "a photo at a URL is only read", self._url)
        with _as_os_error(self._url):
            source, path = _place(self._url)
            with source.open_input_stream(path) as stream:
                return io.BytesIO(stream.read())


def asked(urls: Sequence[str]) -> list[tuple[str, int, int]]:
    """Returns why each URL is no photo ('' if it may be one), its size, and its time of change in nanoseconds.

    Raises OSError if a host does not answer.
    """
    from pyarrow.fs import FileType

    obstacles = {FileType.File: "", FileType.NotFound: _GONE}
    by_source: dict[tuple[str, str], list[str]] = {}
    for url in urls:
        by_source.setdefault(_parts(url)[:2], []).append(url)
    found = {}
    for several in by_source.values():
        with _as_os_error(several[0]):
            source = _place(several[0])[0]
            infos = source.get_file_info([_place(url)[1] for url in several])
        for url, info in zip(several, infos, strict=True):
            found[url] = obstacles.get(info.type, _NO_FILE), info.size or 0, info.mtime_ns or 0
    return [found[url] for url in urls]


def _parts(url: str) -> tuple[str, str, str]:
    """Returns scheme, host and path of a URL that `is_url`."""
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    return scheme, host, path


def _place(url: str) -> tuple[pyarrow.fs.FileSystem, str]:
    """Returns where a photo lies, and its path there."""
    scheme, host, path = _parts(url)
    source, top = _source(scheme, host)
    return source, f"{top.rstrip('/')}/{unquote(path)}"


@lru_cache(maxsize=64)
def _source(scheme: str, host: str) -> tuple[pyarrow.fs.FileSystem, str]:
    """Returns a host or bucket, which is asked for once, and its top folder."""
    import pyarrow.fs

    return pyarrow.fs.FileSystem.from_uri(f"{scheme}://{host}/")


@contextmanager
def _as_os_error(url: str) -> Iterator[None]:
    """Turns an error of pyarrow into one of the system, with a reason of one line."""
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException) as error:
        number = getattr(error, "errno", None) or errno.EIO
        raise OSError(number, str(error).strip().splitlines()[0].rstrip("."), url) from error
