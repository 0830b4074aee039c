"""A real server is asked as a rebinding site, a framing site and a stranger would ask it."""

import pytest
from real_server import PROJECT, ask, connect, served

from shopsim.base.paths import home_dir

pytestmark = pytest.mark.slow
SECRET = "correct horse battery staple"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The port of a server as `make run` starts it."""
    folder = tmp_path_factory.mktemp("own")
    places = {"SHOPSIM_CACHE": str(folder / "cache"), "SHOPSIM_HOME": str(folder / "home")}
    with served(PROJECT, folder / "log", places) as port:
        yield port


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """The port of a server that others reach."""
    folder = tmp_path_factory.mktemp("shared")
    places = {
        "SHOPSIM_CACHE": str(folder / "cache"),
        "SHOPSIM_HOME": str(folder / "home"),
        "SHOPSIM_ADMIN_TOKEN": SECRET,
    }
    with served(PROJECT, folder / "log", places, "--server.address", "0.0.0.0") as port:
        yield port


@pytest.mark.parametrize("host", ["localhost:{}", "LOCALHOST:{}", "localhost.:{}", "127.0.0.1:{}", "[::1]:{}"])
def test_its_own_pages_open_a_websocket(own, host):
    host = host.format(own)
    assert connect(own, [host], [f"http://{host.lower()}"]) == 101
    assert ask(own, "/", [host])[0] == 200


@pytest.mark.parametrize(
    ("hosts", "origins"),
    [
        (["evil.example"], ["http://evil.example"]),
        (["evil.example:{}"], ["http://evil.example:{}"]),
        (["EVIL.example."], []),
        (["localhost.evil.example:{}"], []),
        (["localhost@evil.example"], []),
        (["evil.example@localhost"], []),
        (["192.168.0.3:{}"], ["http://192.168.0.3:{}"]),
        (["[fe80::1]:{}"], []),
        (["localhost:{}"], ["http://evil.example"]),
        (["localhost:{}"], ["http://localhost:3000"]),
        (["localhost:{}"], ["http://localhost:{}@evil.example"]),
        (["localhost:{}"], ["null"]),
        (["localhost:{}"], [""]),
        (["localhost:{}"], ["https://localhost"]),
        (["localhost"], ["http://localhost:{}"]),
        (["127.1:{}"], ["http://127.1:{}"]),
        (["2130706433:{}"], []),
        (["0.0.0.0:{}"], ["http://0.0.0.0:{}"]),
        (["[::ffff:127.0.0.1]:{}"], []),
        (["[::1%25lo]:{}"], []),
        (["[::]:{}"], []),
        (["localhost..:{}"], []),
        (["localhost:{}:80"], []),
        (["localhost:0x2135"], []),
        (["localhost:+{}"], []),
    ],
)
def test_another_name_or_site_opens_no_websocket_and_reads_nothing(own, hosts, origins):
    hosts, origins = ([each.format(own) for each in listed] for listed in (hosts, origins))
    assert connect(own, hosts, origins) == 403
    for path in ("/", "/_stcore/health", "/_stcore/host-config", "/app/static/a.jpg", "/media/a.png"):
        assert ask(own, path, hosts, origins)[0] == 403
    assert ask(own, "/_stcore/upload_file/a/b", hosts, origins, "PUT", ["Content-Length: 0"])[0] == 403


@pytest.mark.parametrize(
    ("hosts", "origins"),
    [
        ([], []),
        (["localhost:{}", "evil.example"], []),
        (["localhost:{}"], ["http://localhost:{}", "http://evil.example"]),
    ],
)
def test_a_request_that_contradicts_itself_is_refused(own, hosts, origins):
    """Some of these the server's own library refuses first, with 400."""
    hosts, origins = ([each.format(own) for each in listed] for listed in (hosts, origins))
    assert connect(own, hosts, origins) in (400, 403)
    assert ask(own, "/", hosts, origins)[0] in (400, 403)


def test_a_whole_address_as_the_target_is_read_as_its_path_only(own):
    """What the request line names is never believed, only the header that was looked at."""
    answer = ask(own, "http://evil.example/_stcore/health", [f"localhost:{own}"])[1]
    assert "evil.example" not in answer
    assert ask(own, f"http://localhost:{own}/", ["evil.example"])[0] == 403


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded: host=localhost; X"])
def test_no_other_header_names_the_server(own, header):
    more = [f"{header}: localhost:{own}"]
    assert ask(own, "/", ["evil.example"], more=more)[0] == 403
    assert ask(own, "/", [f"localhost:{own}"], ["http://evil.example"], more=more)[0] == 403
    assert ask(own, "/", [f"localhost:{own}"], more=[f"{header}: evil.example"])[0] == 200


def test_a_proxy_that_was_asked_by_https_has_pages_by_https_only(own):
    """A proxy on this machine says so in a header that is believed from there."""
    host, asked_by_https = [f"localhost:{own}"], ["X-Forwarded-Proto: https"]
    assert ask(own, "/", host, [f"https://localhost:{own}"], more=asked_by_https)[0] == 200
    assert ask(own, "/", host, [f"http://localhost:{own}"], more=asked_by_https)[0] == 403
    assert ask(own, "/", host, [f"https://localhost:{own}"])[0] == 200


def test_no_other_site_shows_it_in_a_frame(own):
    for path in ("/", "/Map", "/_stcore/health"):
        answer = ask(own, path, [f"localhost:{own}"])[1].lower()
        assert "content-security-policy: frame-ancestors 'none'" in answer
        assert "x-frame-options: deny" in answer


def test_the_metrics_are_closed(own):
    assert ask(own, "/_stcore/metrics", [f"localhost:{own}"])[0] == 404


def test_a_shared_server_is_called_by_its_address_but_not_by_any_name(shared):
    for host in (f"192.168.0.3:{shared}", f"localhost:{shared}", f"[fe80::1]:{shared}"):
        assert connect(shared, [host], [f"http://{host}"]) == 101
    assert connect(shared, ["evil.example"], ["http://evil.example"]) == 403
    assert "start it with --server.allowedHosts and the name" in ask(shared, "/", ["evil.example"])[1]


def test_strangers_send_a_shared_server_no_files(own, shared):
    path = "/_stcore/upload_file/some-session/some-file"
    refusal = "Only visitors who have entered this server's secret may upload."
    status, answer = ask(shared, path, [f"localhost:{shared}"], (), "PUT", ["Content-Length: 0"])
    assert status == 403
    assert refusal in answer
    assert refusal not in ask(own, path, [f"localhost:{own}"], (), "PUT", ["Content-Length: 0"])[1]


def test_a_server_called_by_a_listed_name_is_called_by_no_other(tmp_path):
    places = {"SHOPSIM_CACHE": str(tmp_path / "cache"), "SHOPSIM_HOME": str(home_dir())}
    options = ["--server.address=0.0.0.0", "--server.allowedHosts=127.0.0.1", "--server.allowedHosts=*.example"]
    with served(PROJECT, tmp_path / "log", places, *options) as port:
        assert connect(port, ["shop.example"], ["https://shop.example"]) == 101
        assert connect(port, [f"localhost:{port}"]) == 403
