"""Checks every request: the server answers to its own names only, and no other site may show it in a frame."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import streamlit as st
from google.protobuf.message import DecodeError
from streamlit.cli_util import open_browser as open_address
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.server_util import get_display_address, get_url

from shopsim.ui.access.hosts import Place, is_same_origin, may_be_called, place_of
from shopsim.ui.access.rights import may_upload

if TYPE_CHECKING:
    from starlette.middleware import Middleware
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UPLOADS = "/_stcore/upload_file/"
# Counts of sessions and memory, for monitoring; no page of ours asks for it.
_CLOSED = "/_stcore/metrics"
_MESSAGES = ("rerun_script", "stop_script", "file_urls_request", "app_heartbeat")
_OPERATIONS = ("deferred_file", "dataframe_chunk")
_HEADERS = [(b"content-security-policy", b"frame-ancestors 'none'"), (b"x-frame-options", b"DENY")]


def server_gate() -> list[Middleware]:
    """Returns the gate in the form that the server takes."""
    from starlette.middleware import Middleware

    return [Middleware(Gate)]


@asynccontextmanager
async def open_browser(_: object) -> AsyncIterator[None]:
    """Opens the app in a browser when the server starts, as `streamlit run` does without a gate."""
    if not st.get_option("server.headless"):
        open_address(get_url(get_display_address(st.get_option("server.address") or "localhost")))
    yield


class Gate:
    """Middleware that sees every request before Streamlit does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it before Streamlit sees it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refused = _why_refused(scope)
        if refused is None:
            await self._app(scope, _what_pages_send(receive), _in_no_frame(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _answer(_in_no_frame(send), *refused)


def _why_refused(scope: Scope) -> tuple[int, str] | None:
    """Returns status and sentence if the request does not come from this server's own pages, else None."""
    hosts, origins = (_headers(scope, name) for name in (b"host", b"origin"))
    host = place_of(hosts[0]) if len(hosts) == 1 else None
    if host is None or not may_be_called(host.name, *_names()):
        return 403, _refusal(host)
    if len(origins) > 1 or (origins and not _is_answered(origins[0], host, scope)):
        return 403, "This server answers to its own pages only, and another site's page has sent this."
    path = scope["path"].rstrip("/")
    if path.endswith(_CLOSED):
        return 404, "Not found."
    rest = path.rpartition(_UPLOADS)[2] if _UPLOADS in path else ""
    if rest and scope.get("method") not in ("OPTIONS", "DELETE") and not may_upload(rest.partition("/")[0]):
        return 403, "Only visitors who have entered this server's secret may upload."
    return None


def _is_answered(origin: str, host: Place, scope: Scope) -> bool:
    # The server's own certificate, or a trusted proxy's X-Forwarded-Proto, makes the scheme a secure one.
    is_secure = scope.get("scheme") in ("https", "wss")
    return is_same_origin(origin, host, _option("server.corsAllowedOrigins"), is_secure)


def _refusal(host: Place | None) -> str:
    name = "this name" if host is None else f"the name '{host.name}'"
    return f"This server does not answer to {name}; if it should, start it with --server.allowedHosts and the name."


def _names() -> tuple[str | None, list[str]]:
    return st.get_option("server.address"), _option("server.allowedHosts")


def _option(name: str) -> list[str]:
    return list(st.get_option(name) or [])


def _headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _what_pages_send(receive: Receive) -> Receive:
    """Lets only messages through that our pages need, so no command that changes the server for every visitor."""

    async def without() -> Message:
        while not _is_needed(message := await receive()):
            pass
        return message

    return without


def _is_needed(message: Message) -> bool:
    if message["type"] != "websocket.receive":
        return True
    sent = BackMsg()
    try:
        sent.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return True  # Streamlit says what is wrong with it.
    kind = sent.WhichOneof("type")
    if kind == "backend_operation_request":
        return sent.backend_operation_request.WhichOneof("payload") in _OPERATIONS
    return kind is None or kind in _MESSAGES


def _in_no_frame(send: Send) -> Callable[[Message], object]:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *_HEADERS]}
        await send(message)

    return with_headers


async def _answer(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})
