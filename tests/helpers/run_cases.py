"""What tests of runs share: photos by name, and runs of them."""

import numpy as np

from shopsim.grouping.runs.record import About, Photos, Provenance, Run, RunScores, RunSettings


def photos_named(**digests):
    """Photos by name; the values are their digests."""
    return Photos(tuple(digests), tuple(digests.values()), (None,) * len(digests))


def made_run(groups, name="first", run_id="1" * 16, folder="/photos", kept_at="2026-01-01T00:00:00+00:00", **digests):
    """A run of photos in these groups; their names and bytes are letters from 'a', unless digests are given."""
    digests = digests or {chr(97 + at): str(at) for at in range(len(groups))}
    numbers = np.array(groups, np.int64)
    n_groups = len(set(groups))
    settings = RunSettings(folder, "fake", "whitened", "average", 0.5)
    scores = RunScores(len(groups), 0, 0, n_groups, 0, "nothing tuned")
    origin = Provenance(kept_at, "ann", "photos", "fake-key", "", "key", None, {})
    about = About(run_id, name, "photos", "similarity", 0.5, settings, scores, origin, "", max(groups, default=-1) + 1)
    return Run(about, photos_named(**digests), numbers)
