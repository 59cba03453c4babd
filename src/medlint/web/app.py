"""The review page as an ASGI app: a fixed set of files, and the few things that the page asks.

The files are read when the app is made; no request is ever looked up in the file system.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from medlint.reporters.html_report import common_style
from medlint.web.guard import MOST_BYTES, Address, Guard
from medlint.web.worker import TIME_LIMIT, Done, Job, Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request

    from medlint.web.desk import Setup

_PAGE = Path(__file__).with_name("page")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_INDEX = "index.html"


def make_app(
    setup: Setup,
    address: Address,
    *,
    most_bytes: int = MOST_BYTES,
    time_limit: float = TIME_LIMIT,
) -> Starlette:
    """Return the app; it starts its worker when it is started itself."""
    worker = Worker(setup, time_limit=time_limit)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        worker.start()
        try:
            yield
        finally:
            worker.stop()

    app = Starlette(
        routes=[*_files(), *_questions(worker)],
        middleware=[Middleware(Guard, address=address, most_bytes=most_bytes)],
        exception_handlers={HTTPException: _explained},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def _files() -> list[Route]:
    """Return a route for each file of the page, which is in memory from now on."""
    routes = []
    for path in sorted(_PAGE.iterdir()):
        if path.suffix not in _TYPES:
            continue
        where = "/" if path.name == _INDEX else f"/{path.name}"
        routes.append(Route(where, _fixed(path.read_bytes(), _TYPES[path.suffix])))
    return [*routes, Route("/common.css", _fixed(common_style().encode(), _TYPES[".css"]))]


def _fixed(data: bytes, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return Response(data, headers={"content-type": media_type})

    return answer


def _questions(worker: Worker) -> list[Route]:
    async def start(_: Request) -> Response:
        return _response(await worker.do(Job(kind="start")))

    async def open_(request: Request) -> Response:
        name = request.query_params.get("name", "")
        return _response(await worker.do(Job(kind="open", body=await request.body(), name=name)))

    async def lint(request: Request) -> Response:
        number = request.headers.get("x-medlint-number", "")
        done = await worker.do(
            Job(kind="lint", body=await request.body()),
            page=request.headers.get("x-medlint-page", "")[:64],
            number=int(number) if number.isascii() and number.isdigit() else 0,
        )
        return _response(done)

    async def download(request: Request) -> Response:
        return _response(await worker.do(Job(kind="download", body=await request.body())))

    return [
        Route("/api/start", start, methods=["POST"]),
        Route("/api/open", open_, methods=["POST"]),
        Route("/api/lint", lint, methods=["POST"]),
        Route("/api/download", download, methods=["POST"]),
    ]


def _response(done: Done) -> Response:
    headers = {"content-type": done.media_type}
    if done.name:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(done.name, safe='')}"
    return Response(done.body, done.status, headers)


async def _explained(_: Request, error: Exception) -> Response:
    """Say in the words of the rest what Starlette found wrong."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    text = {404: "there is nothing here", 405: "not asked this way"}.get(status, "that failed")
    return JSONResponse({"error": text}, status)
