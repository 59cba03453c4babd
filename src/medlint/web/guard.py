"""What stands between the network and the page: who may ask, how much, and what an answer may do.

A page on the web can make a browser send requests to this machine, and can point a name of its own
here (DNS rebinding). So the Host has to be one that this server was started under, and a foreign
Origin is refused; what changes or computes anything is POST with a type that no form can send.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
from typing import TYPE_CHECKING

from medlint.records import dataclass

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 32 * 1024 * 1024
# How long a request's body may take to arrive.
BODY_SECONDS = 30.0
TYPES = ("application/json", "application/octet-stream")
_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  compared with, not bound to

# Each answer bears these: nothing is kept, framed, sniffed or loaded from anywhere else.
HEADERS = (
    (
        "content-security-policy",
        (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            " require-trusted-types-for 'script'; trusted-types 'none'"
        ),
    ),
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the server listens, as it was asked to."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """The page's address."""
        host = "127.0.0.1" if self.host in _EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def serves(self, host: str) -> bool:
        """Tell whether a Host header means this server.

        Open to the network, any address in figures does: only names can be pointed here by others.
        """
        name, colon, port = host.rpartition(":")
        if not colon or not port.isdigit():
            name, port = host, "80"
        if not port.isascii() or int(port) != self.port:
            return False
        name = name.lower()
        own = f"[{self.host}]" if ":" in self.host else self.host.lower()
        if name in _LOCAL or name == own:
            return True
        return not self.is_local and _is_figures(name)


def _is_figures(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


class Guard:
    """Lets through what the page itself would ask, and marks every answer."""

    def __init__(self, app: ASGIApp, *, address: Address, most_bytes: int = MOST_BYTES) -> None:
        """Take the app, the address it is reached under, and how much a request may hold."""
        self._app = app
        self._address = address
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in HEADERS]
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(marked, *refusal)
            return
        if scope["method"] != "POST":
            await self._app(scope, receive, marked)
            return
        try:
            body = await asyncio.wait_for(self._body(receive), BODY_SECONDS)
        except TimeoutError:
            await _refuse(marked, 408, "the request took too long to arrive")
            return
        if body is None:
            await _refuse(marked, 413, self._too_much())
            return
        await self._app(scope, _Replay(body, receive), marked)

    def _too_much(self) -> str:
        size = self._most / 1024 / 1024
        return f"the draft is larger than {size:g} MB; check it with “medlint FILE”"

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and cause where a request is refused before its body is read."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        hosts = headers.get("host", [])
        if len(hosts) != 1 or not self._address.serves(hosts[0]):
            return 421, f"this server is {self._address.url} and goes by no other name"
        origins = headers.get("origin", [])
        if any(origin != f"http://{hosts[0]}" for origin in origins):
            return 403, "another site may not ask this"
        sites = headers.get("sec-fetch-site", [])
        if any(site not in {"same-origin", "none"} for site in sites):
            return 403, "another site may not ask this"
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return 405, "only GET and POST are answered"
        if scope["method"] == "POST":
            return self._post_refusal(headers)
        return None

    def _post_refusal(self, headers: dict[str, list[str]]) -> tuple[int, str] | None:
        kinds = [kind.partition(";")[0].strip().lower() for kind in headers.get("content-type", [])]
        if len(kinds) != 1 or kinds[0] not in TYPES:
            return 415, f"the content type has to be {' or '.join(TYPES)}"
        lengths = headers.get("content-length", [])
        if any(not each.isdigit() or int(each) > self._most for each in lengths):
            return 413, self._too_much()
        return None

    async def _body(self, receive: Receive) -> bytes | None:
        """Return a request's body, or None where it is too large."""
        pieces = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return bytes(pieces)
            pieces += message.get("body", b"")
            if len(pieces) > self._most:
                return None
            if not message.get("more_body", False):
                return bytes(pieces)


class _Replay:
    """Gives an app the body that was read already, then what comes after it."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _refuse(send: Send, status: int, text: str) -> None:
    body = json.dumps({"error": text}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
