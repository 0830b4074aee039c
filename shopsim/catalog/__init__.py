"""A folder, a zip or a table becomes a Catalog: its photos, their true models, and what was left out."""
