"""The ground, which knows nothing about photos: errors, files, text, work beside the pages, registries."""
