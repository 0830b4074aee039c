"""The server answers to its own names and pages only: names parsed, origins compared, requests refused."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from shopsim.ui.access import gate, rights
from shopsim.ui.access.hosts import is_local, is_same_origin, may_be_called, place_of

HERE = place_of("localhost:8501")


def run_apart(coroutine):
    """In a thread of its own: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("localhost", ("localhost", None)),
        ("LocalHost:8501", ("localhost", 8501)),
        ("localhost.:8501", ("localhost", 8501)),
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[::1]:8501", ("::1", 8501)),
        ("[0:0:0:0:0:0:0:1]", ("::1", None)),
        ("shop_1.example", ("shop_1.example", None)),
    ],
)
def test_a_host_is_read_as_browsers_write_it(text, place):
    assert place_of(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":8501",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "localhost:80:80",
        "me@localhost",
        "localhost@evil.example",
        "localhost, evil.example",
        "localhost/evil",
        "localhost#evil",
        "local host",
        " localhost",
        "localhost\n",
        "::1",
        "[::1",
        "[localhost]",
        "[:::1]",
        ".localhost",
        "ｌocalhost",
    ],
)
def test_what_is_no_host_is_none(text):
    assert place_of(text) is None


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_a_server_on_localhost_is_called_localhost(name):
    assert may_be_called(name, "localhost", [])


@pytest.mark.parametrize(
    "name",
    ["evil.example", "localhost.evil.example", "evil-localhost", "127.0.0.1.evil.example", "192.168.0.3", "0.0.0.0"],
)
def test_a_server_on_localhost_is_called_nothing_else(name):
    assert not may_be_called(name, "localhost", [])


@pytest.mark.parametrize("address", ["0.0.0.0", "::", None, "192.168.0.3"])
def test_a_server_for_others_is_called_by_addresses_and_its_own_name(address, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Shop")
    for name in ("192.168.0.3", "fe80::1", "localhost", "shop", "shop.local"):
        assert may_be_called(name, address, [])
    for name in ("evil.example", "192.168.0.3.evil.example", "shop.evil.example"):
        assert not may_be_called(name, address, [])


def test_listed_names_go_and_no_others():
    allowed = ["Shop.example.", "*.lan", "::1"]
    assert [name for name in ("shop.example", "a.lan", "::1") if not may_be_called(name, "0.0.0.0", allowed)] == []
    for name in ("lan", "evil.example", "localhost", "evilshop.example", "192.168.0.3"):
        assert not may_be_called(name, "0.0.0.0", allowed)
    assert may_be_called("any.example", "localhost", ["*"])


@pytest.mark.parametrize("origin", ["http://localhost:8501", "HTTP://LOCALHOST:8501", "http://localhost.:8501"])
def test_its_own_pages_are_answered(origin):
    assert is_same_origin(origin, HERE, [], False)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil.example",
        "http://evil.example:8501",
        "http://localhost",
        "http://localhost:3000",
        "http://127.0.0.1:8501",
        "http://localhost:8501@evil.example",
        "http://localhost:8501.evil.example",
        "http://localhost:8501/",
        "http://localhost:8501 http://evil.example",
        "localhost:8501",
        "file://localhost:8501",
        "ftp://localhost:8501",
        "chrome-extension://localhost:8501",
    ],
)
def test_pages_of_others_are_not(origin):
    assert not is_same_origin(origin, HERE, [], False)


def test_ports_that_are_not_written_are_those_of_the_scheme():
    assert is_same_origin("https://shop.example", place_of("shop.example"), [], False)
    assert is_same_origin("https://shop.example", place_of("shop.example:443"), [], False)
    assert is_same_origin("http://shop.example:80", place_of("shop.example"), [], False)
    assert not is_same_origin("https://shop.example", place_of("shop.example:80"), [], False)


@pytest.mark.parametrize("host", ["shop.example", "shop.example:443"])
def test_a_page_that_came_by_http_is_not_ours_where_we_are_reached_by_https(host):
    """Anyone on the way may write a page that comes by HTTP."""
    assert is_same_origin("https://shop.example", place_of(host), [], True)
    for origin in ("http://shop.example", "HTTP://shop.example", "http://shop.example:443"):
        assert not is_same_origin(origin, place_of(host), [], True)
    assert is_same_origin("http://shop.example", place_of(host), ["http://shop.example"], True)


def test_an_origin_that_was_allowed_goes():
    assert is_same_origin("https://other.example", HERE, ["https://Other.example/"], False)
    assert not is_same_origin("https://other.example.evil", HERE, ["https://other.example"], False)


@pytest.mark.parametrize(
    ("address", "allowed", "origins", "local"),
    [
        ("localhost", [], [], True),
        ("127.0.0.1", ["localhost", "::1"], ["http://localhost:3000"], True),
        ("localhost", ["shop.example"], [], False),
        ("localhost", ["*"], [], False),
        ("localhost", [], ["https://shop.example"], False),
        ("0.0.0.0", [], [], False),
        (None, [], [], False),
    ],
)
def test_a_server_is_local_only_if_all_its_names_are(address, allowed, origins, local):
    assert is_local(address, allowed, origins) is local


def asked(path="/", kind="http", method="GET", hosts=("localhost:8501",), origins=(), scheme="http"):
    """What the gate sends for such a request; `passed` where the app behind it was reached."""
    headers = [*((b"host", host.encode()) for host in hosts), *((b"origin", origin.encode()) for origin in origins)]
    scope = {"type": kind, "path": path, "method": method, "headers": headers, "scheme": scheme}
    sent = []

    async def app(scope, receive, send):
        sent.append("passed")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]})

    async def send(message):
        sent.append(message)

    run_apart(gate.Gate(app)(scope, None, send))
    return sent


def test_every_answer_forbids_frames():
    for sent in (asked(), asked(hosts=["evil.example"])):
        headers = dict(next(message for message in sent if message != "passed")["headers"])
        assert headers[b"content-security-policy"] == b"frame-ancestors 'none'"
        assert headers[b"x-frame-options"] == b"DENY"
    assert (b"x-own", b"1") in asked()[1]["headers"]


@pytest.mark.parametrize("hosts", [(), ("evil.example",), ("localhost:8501", "evil.example"), ("localhost:8501",) * 2])
@pytest.mark.parametrize("path", ["/", "/_stcore/stream", "/app/static/a.jpg", "/media/x", "/_stcore/upload_file/a/b"])
def test_another_name_reaches_nothing(monkeypatch, hosts, path):
    monkeypatch.setattr(gate.st, "get_option", {"server.address": "localhost"}.get)
    assert asked(path, hosts=hosts)[0]["status"] == 403
    assert asked(path, "websocket", hosts=hosts) == [{"type": "websocket.close", "code": 1008}]


def test_another_sites_page_reaches_nothing():
    assert asked("/_stcore/stream", "websocket", origins=["http://evil.example"]) == [
        {"type": "websocket.close", "code": 1008}
    ]
    assert asked(method="PUT", origins=["http://localhost:8501", "http://localhost:8501"])[0]["status"] == 403
    assert asked("/_stcore/stream", "websocket", origins=["http://localhost:8501"])[0] == "passed"


@pytest.mark.parametrize(("kind", "scheme"), [("http", "https"), ("websocket", "wss")])
def test_a_page_by_http_reaches_nothing_by_https(kind, scheme):
    assert asked(kind=kind, scheme=scheme, origins=["https://localhost:8501"])[0] == "passed"
    assert asked(kind=kind, scheme=scheme, origins=["http://localhost:8501"])[0] != "passed"


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/below/_stcore/metrics"])
def test_nobody_counts_the_sessions(path):
    assert asked(path)[0]["status"] == 404


def test_files_are_taken_only_from_who_may_change_something(monkeypatch):
    path = "/_stcore/upload_file/session-1/file-1"
    assert asked(path, method="PUT")[0] == "passed"
    monkeypatch.setenv("SHOPSIM_ROOTS", "/photos")
    assert asked(path, method="PUT")[0]["status"] == 403
    monkeypatch.setattr(rights, "_given_by", {"session-1": rights._Right()})
    assert asked(path, method="PUT")[0] == "passed"
    assert asked(path.replace("-1/", "-2/"), method="PUT")[0]["status"] == 403


def frame(**fields):
    return {"type": "websocket.receive", "bytes": BackMsg(**fields).SerializeToString()}


def reached_by(frames):
    """Those messages of a page that the app behind the gate receives."""
    left, reached = [*frames, {"type": "websocket.disconnect"}], []

    async def receive():
        return left.pop(0)

    async def app(scope, receive, send):
        while not reached or reached[-1]["type"] != "websocket.disconnect":
            reached.append(await receive())

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"localhost:8501")]}
    run_apart(gate.Gate(app)(scope, receive, None))
    return reached[:-1]


def test_pages_send_what_they_need():
    operations = [{"deferred_file": {"file_id": "a"}}, {"dataframe_chunk": {}}]
    frames = [frame(stop_script=True), frame(app_heartbeat=True), frame(rerun_script={}), frame(file_urls_request={})]
    frames += [frame(backend_operation_request=each) for each in operations]
    # Streamlit itself refuses these.
    frames += [{"type": "websocket.receive", "bytes": b"no message"}, {"type": "websocket.receive", "text": "text"}]
    assert reached_by(frames) == frames


@pytest.mark.parametrize(
    "command",
    [
        {"clear_cache": True},
        {"clear_cache": False},
        {"set_run_on_save": True},
        {"load_git_info": True},
        {"debug_shutdown_runtime": True},
        {"debug_disconnect_websocket": True},
        {"backend_operation_request": {"install_skills": {}}},
        {"backend_operation_request": {"dismiss_skills_nudge": {}}},
        {"backend_operation_request": {}},
    ],
)
def test_no_visitor_commands_what_no_page_offers(command):
    assert reached_by([frame(**command)]) == []


@pytest.mark.parametrize(
    ("options", "opened"),
    [
        ({"server.headless": True, "server.address": "localhost"}, []),
        ({"server.headless": False, "server.address": "localhost"}, ["http://localhost:8501"]),
        ({"server.headless": False, "server.address": "0.0.0.0"}, ["http://localhost:8501"]),
    ],
)
def test_the_app_opens_in_a_browser_unless_it_is_headless(monkeypatch, options, opened):
    found = []
    monkeypatch.setattr(gate, "open_address", found.append)
    monkeypatch.setattr(gate.st, "get_option", options.get)

    async def run():
        async with gate.open_browser(None):
            pass

    run_apart(run())
    assert found == opened
