"""Files and folders that appear whole or not at all, the cache, and what killed programs leave behind."""
