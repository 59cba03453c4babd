"""The process that does the work, so that none of it can hold up the page for ever.

One job runs at a time. A job that takes too long is ended together with the process, and a new one
begins; a job of a page that has asked for something newer meanwhile is left out.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
from collections import OrderedDict
from datetime import date
from typing import TYPE_CHECKING

from medlint.errors import MedlintError
from medlint.records import dataclass

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from medlint.web.desk import Desk, Setup

# Rules of jurisdictions that were never used here are compiled first, which takes a while.
TIME_LIMIT = 60.0
_MOST_WAITING = 16
_MOST_PAGES = 64
_OK, _BAD, _GONE, _BUSY, _UNABLE, _FAILED, _TOO_LONG = 200, 400, 409, 503, 422, 500, 504
_JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do: `kind` is one of those of `_done`, `body` what the page sent."""

    kind: str
    body: bytes = b""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of it; `name` is what a file to download is called."""

    status: int
    body: bytes
    media_type: str = _JSON
    name: str = ""


def problem(status: int, text: str) -> Done:
    """Return an answer that says what went wrong."""
    return Done(status=status, body=json.dumps({"error": text}).encode())


# In the process


def _serve(pipe: Connection, setup: Setup) -> None:
    """Do one job after another until there are no more."""
    import gc  # noqa: PLC0415  this is the beginning of a process

    from medlint.web.desk import Desk  # noqa: PLC0415  the work is done here and nowhere else

    # Ctrl-C reaches every process of the terminal; the server ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    desk = Desk(setup, date.today)
    gc.freeze()
    while True:
        try:
            job: Job = pipe.recv()
        except EOFError:
            return
        pipe.send(_attempted(desk, job))


def _attempted(desk: Desk, job: Job) -> Done:
    """Do a job; whatever goes wrong becomes an answer."""
    from medlint.web.wanted import RequestError  # noqa: PLC0415

    try:
        return _done(desk, job)
    except RequestError as error:
        return problem(_BAD, str(error))
    except MedlintError as error:
        return problem(_UNABLE, str(error))
    except Exception as error:  # noqa: BLE001  one job must not keep the others from their turn
        return problem(
            _FAILED, f"medlint failed on this ({type(error).__name__}); please report it"
        )


def _done(desk: Desk, job: Job) -> Done:
    from medlint.web import wanted  # noqa: PLC0415

    if job.kind == "warm":
        desk.warm()
        return Done(status=_OK, body=b"{}")
    if job.kind == "start":
        return _data(desk.start())
    if job.kind == "open":
        return _data(desk.open(job.body, job.name))
    if job.kind == "lint":
        return _data(desk.lint(wanted.read(job.body)))
    file = desk.download(wanted.read(job.body))
    return Done(status=_OK, body=file.data, media_type=file.media_type, name=file.name)


def _data(data: object) -> Done:
    return Done(status=_OK, body=json.dumps(data, ensure_ascii=False).encode())


# In the server


class Worker:
    """Hands jobs to the process and waits for what comes of them."""

    def __init__(self, setup: Setup, *, time_limit: float = TIME_LIMIT) -> None:
        """Take how the page was started; the process begins with `start`."""
        self._setup = setup
        self._time_limit = time_limit
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._newest: OrderedDict[str, int] = OrderedDict()

    def start(self) -> None:
        """Begin the process."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._setup), daemon=True)
        self._process.start()
        theirs.close()

    def stop(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    async def do(self, job: Job, *, page: str = "", number: int = 0) -> Done:
        """Do a job in its turn.

        `page` and `number` tell which of a page's requests this is: when its turn comes and the
        page has sent a newer one, the job is stale and left out.
        """
        if page:
            self._newest[page] = max(number, self._newest.get(page, 0))
            self._newest.move_to_end(page)
            if len(self._newest) > _MOST_PAGES:
                self._newest.popitem(last=False)
        if self._waiting >= _MOST_WAITING:
            return problem(_BUSY, "too much at once; try again")
        # Who stops waiting must not leave an answer behind for the next one: the turn is taken to
        # its end whoever is still there.
        return await asyncio.shield(asyncio.create_task(self._in_turn(job, page, number)))

    async def _in_turn(self, job: Job, page: str, number: int) -> Done:
        self._waiting += 1
        try:
            async with self._turn:
                if page and number < self._newest.get(page, 0):
                    return problem(_GONE, "the page has asked for something newer")
                return await self._exchange(job)
        finally:
            self._waiting -= 1

    async def _exchange(self, job: Job) -> Done:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(None, self._ask, job)
        except (EOFError, OSError):
            self.stop()
            return problem(_FAILED, "the process that checks drafts ended; try again")

    def _ask(self, job: Job) -> Done:
        """Ask the process and wait; runs in a thread, one at a time."""
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self.stop()
            self.start()
        pipe = self._pipe
        assert pipe is not None  # noqa: S101  start made it
        pipe.send(job)
        if not pipe.poll(self._time_limit):
            self.stop()
            text = f"took longer than {self._time_limit:g} seconds and was ended"
            return problem(_TOO_LONG, text)
        done: Done = pipe.recv()
        return done
