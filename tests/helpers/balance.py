"""How the test files are shared by the processes of `make test`: which belong together, and which start first."""

from xdist.scheduler import LoadScopeScheduling

# What these start takes seconds and hundreds of megabytes: each is started in one process only. The longest is first.
TOGETHER = {
    "tensorflow": (
        "tests/learning/test_network_learner.py",
        "tests/learning/test_backbone.py",
        "tests/learning/test_network_kinds.py",
        "tests/learning/test_training.py",
        "tests/cli/test_cli_learn.py",
        "tests/features/test_trained_networks.py",
        "tests/features/test_saved_model.py",
        "tests/features/test_efficientnet_lite.py",
        "tests/features/test_extractors.py",
        "tests/features/test_openvino.py",
        "tests/features/test_int8.py",
        "tests/features/test_bf16.py",
        "tests/features/test_converted.py",
        "tests/features/test_kept.py",
        "tests/features/test_trust.py",
        "tests/ui/access/test_page_trust.py",
    ),
    "browser": ("tests/browser/",),
    "ray": ("tests/grouping/test_by_ray.py", "tests/cli/test_cli_ray.py"),
    "umap": ("tests/features/test_projections.py", "tests/ui/map/test_page_map.py"),
}
# More than ten seconds each. One that starts last would keep the other processes waiting.
SLOW = (
    "tests/cli/test_cli_benchmark.py",
    "tests/cli/test_cli_tune.py",
    "tests/ui/compare/test_page_compare.py",
    "tests/ui/tuned/",
    "tests/tuning/",
    "tests/cli/",
    "tests/ui/",
)
_FIRST = [*(place for places in TOGETHER.values() for place in places), *SLOW]


class ByFile(LoadScopeScheduling):
    """Gives a process one file after the other, or all the files that belong together."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def unit_of(nodeid):
    """What a test is given to a process with: the name of what it starts, or its file."""
    file = nodeid.partition("::")[0]
    return next((name for name, places in TOGETHER.items() if file.startswith(places)), file)


def turn_of(nodeid):
    """When a test starts: the smaller, the sooner."""
    return next((number for number, place in enumerate(_FIRST) if nodeid.startswith(place)), len(_FIRST))
