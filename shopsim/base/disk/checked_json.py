"""The old place of `parsed`."""

from shopsim.base.disk.records import parsed as parsed
