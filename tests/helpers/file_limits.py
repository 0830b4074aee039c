"""A system that takes no large files."""

import resource
from contextlib import contextmanager


@contextmanager
def no_file_above(n_bytes):
    """Within the block only: pytest reports a test before its fixtures end, and its report may go to a larger file."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
