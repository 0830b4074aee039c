"""A visitor without a browser: opens a session over Streamlit's WebSocket, sees the widgets, and moves them."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

KINDS = ("slider", "selectbox", "number_input", "button", "button_group", "checkbox")
PATIENCE_S = 120


@dataclass(frozen=True)
class Widget:
    """A widget as it was drawn last; element: its own message."""

    kind: str
    element: object
    fragment: str


class Visitor:
    """One open session; `widgets` are those on its page by their id."""

    def __init__(self, port: int, **address: str) -> None:
        self._socket = connect(
            f"ws://localhost:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None, ping_interval=None
        )
        self._states: dict[str, WidgetState] = {}
        self._page = ""
        self._query = urlencode(address)
        self.pages: dict[str, str] = {}
        self.widgets: dict[str, Widget] = {}
        self.broken: list[str] = []
        self.received: list[tuple[str, int]] = []
        """What each message of the last run holds, and its bytes."""
        self.on_metric: Callable[[str], None] | None = None
        """Is called with the label of each number that is drawn."""

    def open(self, page: str = "") -> None:
        """Another page, as by its link in the navigation."""
        self._page, self._states = self.pages.get(page, ""), {}
        self._run("")

    def move(self, widget: Widget, field: str, value: object) -> None:
        """Give a widget a value, in the field of WidgetState that holds its kind."""
        state = WidgetState(id=widget.element.id)
        if field in ("string_array_value", "double_array_value"):
            getattr(state, field).data.extend(value)
        else:
            setattr(state, field, value)
        self._states[widget.element.id] = state
        self._run(widget.fragment)
        if field == "trigger_value":
            self._states.pop(widget.element.id, None)

    def close(self) -> None:
        """As by closing the tab."""
        self._socket.close()

    def _run(self, fragment: str) -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash, asked.fragment_id = self._query, self._page, fragment
        asked.widget_states.widgets.extend(self._states.values())
        self.received = []
        self._socket.send(message.SerializeToString())
        self.widgets = {name: kept for name, kept in self.widgets.items() if fragment and kept.fragment != fragment}
        while not self._read():
            pass
        self._states = {name: state for name, state in self._states.items() if name in self.widgets}

    def _read(self) -> bool:
        """Take one message in; whether it says that the page is drawn."""
        content = self._socket.recv(timeout=PATIENCE_S)
        message = ForwardMsg.FromString(content)
        kind = message.WhichOneof("type")
        held = message.delta.new_element.WhichOneof("type") if kind == "delta" else kind
        self.received.append((held or "block", len(content)))
        if kind == "new_session":
            self.pages = {page.page_name: page.page_script_hash for page in message.new_session.app_pages}
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message.delta)
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _see(self, delta: object) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.broken.append(f"{element.exception.type}: {element.exception.message}")
        if kind == "metric" and self.on_metric is not None:
            self.on_metric(element.metric.label)
        if kind in KINDS:
            drawn = getattr(element, kind)
            self.widgets[drawn.id] = Widget(kind, drawn, delta.fragment_id)
