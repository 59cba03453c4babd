"""A pseudo-terminal of a known size, with medlint in it, and what it shows."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Self

import pyte

import medlint

if TYPE_CHECKING:
    import signal
    from collections.abc import Mapping

SOURCES = str(Path(medlint.__file__).parents[1])
ROWS, COLUMNS = 32, 80
PATIENCE = 60.0
# Makes the terminal the one whose Ctrl-C counts, then becomes medlint.
_LOGIN = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


class Terminal:
    """Runs a command line as a person at a keyboard would."""

    def __init__(
        self,
        *arguments: str,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        columns: int = COLUMNS,
    ) -> None:
        """Start medlint."""
        self._screen = pyte.Screen(columns, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
        environment = {**os.environ, "PYTHONPATH": SOURCES, "TERM": "xterm-256color"}
        for name in ("COLUMNS", "LINES", "NO_COLOR", "VISUAL", "EDITOR"):
            environment.pop(name, None)
        environment |= {"PYTHONUTF8": "1", "MEDLINT_CACHE_DIR": str(cwd / "cache"), **(env or {})}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LOGIN, "-m", "medlint", "review", *arguments],
            cwd=cwd,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        """Return the terminal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the window, whatever runs in it."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._master)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def shows(self, text: str) -> str:
        """Wait until the screen shows a text, and return the whole screen."""
        end = monotonic() + PATIENCE
        while text not in self.screen:
            if not self._read(end - monotonic()):
                message = f"never showed {text!r}:\n{self.screen}"
                raise AssertionError(message)
        # The rest of the screen may still be on its way.
        while self._read(0.3):
            pass
        return self.screen

    def ends(self) -> int:
        """Wait for the end and return the exit code."""
        end = monotonic() + PATIENCE
        while self._read(end - monotonic()):
            pass
        return self._process.wait(max(end - monotonic(), 1))

    def send(self, number: signal.Signals) -> None:
        """Send a signal, as a closing window or `kill` does."""
        self._process.send_signal(number)

    @property
    def screen(self) -> str:
        """What the screen shows, without the blank lines at its end."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip() + "\n"

    def _read(self, seconds: float) -> bool:
        """Take in what was written; tell whether there was anything."""
        if seconds <= 0 or not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says so when the other side has closed
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)
