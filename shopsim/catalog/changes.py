"""Says what has changed in a folder since it was opened."""

from __future__ import annotations

from shopsim.catalog.catalog import Catalog


def describe_changes(before: Catalog, after: Catalog) -> str:
    """Returns a sentence about photos added, changed and deleted between two readings of a folder; '' if none were."""
    old = {image.image_id: image.digest for image in before.images}
    new = {image.image_id: image.digest for image in after.images}
    counts = {
        "added": len(new.keys() - old.keys()),
        "changed": sum(old[image_id] != new[image_id] for image_id in old.keys() & new.keys()),
        "deleted or no longer readable": len(old.keys() - new.keys()),
    }
    parts = [f"{count} {what}" for what, count in counts.items() if count]
    return f"Photos in this folder since it was opened: {', '.join(parts)}." if parts else ""
