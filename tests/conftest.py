"""What many tests share: places of their own on disk, small catalogues, a fast extractor, networks, commands."""

import json
import os
import urllib.error
import urllib.request

import pytest
from balance import ByFile, turn_of
from catalog_fixtures import SHARED, photo_folder
from drawn_photos import draw_photo
from fake_extractor import FakeExtractor
from filelock import FileLock
from hypothesis import settings
from learning_cases import MOST_MODELS, RECIPE, SIDE, save_random_network
from nightly import without_reason

from shopsim.base.disk import damage
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.cli.main import main
from shopsim.features.extractors import extractors
from shopsim.features.networks.trust import trusting_all
from shopsim.learning.network.backbone import backbone_from
from shopsim.learning.network.depth import LAST
from shopsim.learning.network.engine import Engine

TINY_MODELS = {
    "bags": {"101": (200, 40, 40), "102": (40, 160, 60)},
    "shoes": {"201": (40, 60, 200), "202": (90, 80, 70)},
}
TINY_PHOTOS_PER_MODEL = 4

# Processes that test side by side share the cores; more threads than those only wait for each other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

# A machine that is busy is no failure.
settings.register_profile("in any time", settings(), deadline=None)
settings.load_profile("in any time")


def pytest_xdist_make_scheduler(config, log):
    """Processes share the tests file by file."""
    return ByFile(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(items):
    """Skip, with the reason, what needs photos or networks that are not at hand; ask for the reason of `nightly`."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: turn_of(item.nodeid))
    if unexplained := without_reason(items):
        raise pytest.UsageError(f"The mark 'nightly' needs a sentence that says why: {', '.join(unexplained)}")
    for mark, folder in (("photos", SHARED / "data"), ("network", SHARED / "models")):
        if not folder.is_dir():
            for item in items:
                if item.get_closest_marker(mark):
                    item.add_marker(pytest.mark.skip(reason=f"needs {folder}, which is not here"))


def pytest_make_parametrize_id(val):
    """Bytes name no test: those of a zip hold the time, and processes that share the tests must agree on the names."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    """No test reads or writes the cache and workspace of the person who runs it."""
    monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / "shopsim-cache"))
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path / "shopsim-home"))
    # The deep network takes seconds to start.
    monkeypatch.setenv("SHOPSIM_EXTRACTOR", "color_shape")
    for name in ("SHOPSIM_ADMIN_TOKEN", "SHOPSIM_MODEL_DIR", "SHOPSIM_ROOTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def nothing_damaged():
    """What an earlier test found damaged is not said in this one."""
    damage.take()


@pytest.fixture(scope="session")
def drawn_cache(tmp_path_factory):
    """A cache with the demo in it, drawn once for all tests, those of the processes beside this one included."""
    base = tmp_path_factory.getbasetemp()
    cache = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "drawn-cache"
    with FileLock(f"{cache}.lock"):
        demo_catalog_folder(cache)
    return cache


@pytest.fixture
def demo_folder(drawn_cache, monkeypatch):
    """The demo's photos; what is computed of them stays for the tests that follow."""
    monkeypatch.setenv("SHOPSIM_CACHE", str(drawn_cache))
    return demo_catalog_folder(drawn_cache)


@pytest.fixture(name="draw_photo")
def draw_photo_fixture():
    """The function that draws one small photo."""
    return draw_photo


@pytest.fixture
def run(capsys):
    """Runs the command line in this process: (exit code, stdout, stderr)."""

    def call(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def run_json(run):
    """Runs a command that must succeed and gives its JSON object."""

    def call(*arguments):
        code, out, err = run(*arguments, "--json")
        assert code == 0, err
        assert out.count("\n") == 1
        return json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))

    return call


@pytest.fixture
def tiny_catalog(tmp_path):
    """A folder of 16 photos in contest file names: two categories, four models told apart by colour."""
    folder = tmp_path / "tiny"
    seed = 0
    for category, models in TINY_MODELS.items():
        for model, colour in models.items():
            for number in range(TINY_PHOTOS_PER_MODEL):
                seed += 1
                draw_photo(folder / category / f"{model}_{seed}_{number}.png", colour, seed)
    return folder


@pytest.fixture
def cache(tmp_path):
    """Where a catalogue is told to keep what is computed of it."""
    return tmp_path / "cache"


@pytest.fixture
def opened(tmp_path, cache):
    """Opens a folder of so many photos, no two alike: the catalogue."""

    def open_folder(n_photos=10, name="photos"):
        (tmp_path / name).mkdir(exist_ok=True)
        photo_folder(tmp_path / name, [f"{number:03}.jpg" for number in range(n_photos)])
        return load_catalog(tmp_path / name, cache=cache)

    return open_folder


@pytest.fixture
def fake_extractor():
    """The extractor registered as `fake` while the test runs."""
    fake = FakeExtractor()
    with extractors.temporarily():
        extractors.register("fake", title="Fake", source="tests")(lambda: fake)
        yield fake


@pytest.fixture
def group(run_json, tiny_catalog, fake_extractor, tmp_path):
    """Groups the tiny catalogue with more options: the JSON object."""
    return lambda *more: run_json("group", tiny_catalog, "--extractor", "fake", "--out", tmp_path / "out", *more)


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """An empty Hub cache, an empty model folder, and a network that is down."""

    def unreachable(*_, **__):
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    monkeypatch.setenv("SHOPSIM_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setattr(urllib.request, "urlopen", unreachable)
    return tmp_path / "hub"


@pytest.fixture(scope="session")
def random_network(tmp_path_factory):
    """Folder and features of a small MobileNetV2 of random weights."""
    folder = tmp_path_factory.mktemp("network")
    return folder, save_random_network(folder)


@pytest.fixture
def trusting():
    """Whatever network a test names is loaded, as with --trust-network."""
    with trusting_all():
        yield


@pytest.fixture(scope="session")
def backbone(random_network):
    """That network, parted into what stays as it is and what is trained."""
    with trusting_all():
        return backbone_from(random_network[0], SIDE, 1280, LAST)


@pytest.fixture(scope="session")
def engine(backbone):
    """One step of training for all tests; to trace it takes seconds."""
    return Engine(backbone, RECIPE, MOST_MODELS)
