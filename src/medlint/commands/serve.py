"""`medlint serve`: the review page."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medlint.commands.common import options_from
from medlint.commands.options import rule_options
from medlint.errors import MedlintError

if TYPE_CHECKING:
    from medlint.web.guard import Address

PORT = 8765


@click.command(name="serve")
@click.argument("draft", required=False, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--no-browser", is_flag=True, help="Do not open the page in a browser.")
@click.option(
    "--allow-network",
    is_flag=True,
    help="Let other machines in, where --host is no address of this machine alone.",
)
@rule_options
def command(draft: Path | None, **values: Any) -> int:
    """Open the review page: paste, open or drop a draft and see the findings while you write.

    The page runs on this machine alone. Nothing leaves it, and nothing is stored unless you
    download it. Ctrl-C ends it.
    """
    from datetime import date  # noqa: PLC0415

    _need_extra()
    from medlint.web.desk import Desk, Setup  # noqa: PLC0415
    from medlint.web.guard import Address  # noqa: PLC0415

    host = values["host"].strip("[]")
    _refuse_network(Address(host=host, port=0), allowed=values["allow_network"])
    setup = Setup(options=options_from(values), draft=draft)
    # What is wrong with the configuration, the rules or the draft is said here and now.
    desk = Desk(setup, date.today)
    desk.start()
    desk.warm()
    listening = _listen(host, values["port"])
    with listening:
        address = Address(host=host, port=listening.getsockname()[1])
        click.echo(f"medlint: the review page is at {address.url} (Ctrl-C ends it)", err=True)
        if not address.is_local:
            click.echo(
                "medlint: warning: other machines can reach this page, without a password and"
                " unencrypted; what is typed there passes over the network",
                err=True,
            )
        if not values["no_browser"]:
            _show(address.url)
        _run(setup, address, listening)
    return 0


def _need_extra() -> None:
    """Refuse where the extra is not installed.

    Raises:
        MedlintError: it is not.
    """
    try:
        import starlette  # noqa: F401, PLC0415
        import uvicorn  # noqa: F401, PLC0415
    except ImportError as error:
        message = (
            f"the review page needs {error.name}, which is not installed: "
            "python3 -m pip install 'medlint[web]'"
        )
        raise MedlintError(message) from None


def _refuse_network(address: Address, *, allowed: bool) -> None:
    if not address.is_local and not allowed:
        message = (
            f"--host {address.host} would let other machines read and use the page;"
            " if that is meant, add --allow-network"
        )
        raise click.UsageError(message)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        MedlintError: it cannot, because the port is taken, say.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        message = f"--host {host}: there is no such address: {error.strerror}"
        raise MedlintError(message) from error
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # A page that has just ended must not keep its port from the next one.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen()
    except OSError as error:
        listening.close()
        message = (
            f"port {port} of {host} cannot be used: {error.strerror}; "
            "choose another with --port, or a free one with --port 0"
        )
        raise MedlintError(message) from error
    return listening


def _show(url: str) -> None:
    """Open the page in a browser; one that runs in the terminal must not hold up the server."""
    import threading  # noqa: PLC0415
    import webbrowser  # noqa: PLC0415

    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _run(setup: Any, address: Address, listening: socket.socket) -> None:
    """Serve until Ctrl-C."""
    import uvicorn  # noqa: PLC0415

    from medlint.web.app import make_app  # noqa: PLC0415

    config = uvicorn.Config(
        make_app(setup, address),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        limit_concurrency=64,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        return
