"""Groups product photos by product model. Only `run` needs a browser. Scripts may rely on everything said here.

FOLDER is a folder of photos, a .npy with an img_paths.txt beside it, or the word `demo` for the built-in demo
(if there is a folder called demo, that one is opened).

Results go to stdout, progress and files left out to stderr. With --json stdout is exactly one line, one JSON
object (benchmark: one line per catalogue); floats have full precision, and what is not known is null. Files are
written whole or not at all.
A run that is stopped or killed keeps what it has finished: features, trees, settings that Auto has tried, passes of
training. The same command goes on from there.

Exit code: 0 done; 1 failed or stopped, with one sentence on stderr; 2 wrong usage. benchmark reports every catalogue
that it can score. It ends with 1, and one sentence per other catalogue, if there are any.

The fields of the JSON objects are documented in docs/json.md.

Environment: SHOPSIM_CACHE (what can be computed again), SHOPSIM_HOME (what cannot), SHOPSIM_MODEL_DIR (network
weights), SHOPSIM_ROOTS (folders the app may open beyond localhost), SHOPSIM_ADMIN_TOKEN (secret of an app that
others reach).

A network that --handle or tuned settings name is a program: it is fetched and loaded only with --trust-network, or
once it was trusted on a page. Networks in SHOPSIM_MODEL_DIR and those trained here need no consent.
"""
