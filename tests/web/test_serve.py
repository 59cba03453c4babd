"""`medlint serve`: starting, refusing to start, and ending."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from medlint import cli
from medlint.commands import serve
from medlint.web.guard import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("uvicorn", reason="uvicorn is not installed here")
SOURCES = Path(__file__).parents[2] / "src"


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the test if a server is started."""
    monkeypatch.setattr(serve, "_run", lambda *_: pytest.fail("was started"))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Address]:
    """Collect the addresses that are served, without serving them."""
    addresses: list[Address] = []
    monkeypatch.setattr(serve, "_run", lambda _, address, __: addresses.append(address))
    return addresses


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port that something listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it says."""
    code = cli.run(("serve", "--no-browser", "--no-config", *arguments))
    return code, capsys.readouterr().err


@pytest.mark.usefixtures("never")
def test_a_taken_port_is_named(capsys: pytest.CaptureFixture[str], taken: int) -> None:
    """The message has the port and the way out."""
    code, text = said(capsys, "--port", str(taken))
    assert code == 2
    assert re.fullmatch(
        rf"medlint: port {taken} of 127\.0\.0\.1 cannot be used: [^;]+; "
        r"choose another with --port, or a free one with --port 0\n",
        text,
    )


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.com"])  # noqa: S104
def test_the_network_is_kept_out(capsys: pytest.CaptureFixture[str], host: str) -> None:
    """Without --allow-network no other machine can be let in."""
    code, text = said(capsys, "--host", host)
    assert (code, "--allow-network" in text) == (2, True)


def test_the_network_can_be_let_in(
    capsys: pytest.CaptureFixture[str], started: list[Address]
) -> None:
    """Asked for by name, and warned of."""
    code, text = said(capsys, "--host", "0.0.0.0", "--port", "0", "--allow-network")  # noqa: S104
    assert (code, [address.is_local for address in started]) == (0, [False])
    assert "warning: other machines can reach this page" in text


def test_this_machine_needs_no_flag(
    capsys: pytest.CaptureFixture[str], started: list[Address]
) -> None:
    """The address that is printed is the one that is served."""
    code, text = said(capsys, "--port", "0")
    (address,) = started
    expected = f"medlint: the review page is at {address.url} (Ctrl-C ends it)\n"
    assert (code, text, address.is_local) == (0, expected, True)


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize("name", ["starlette", "uvicorn"])
def test_a_missing_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Without the extra, the message says what to install."""
    monkeypatch.setitem(sys.modules, name, None)
    code, text = said(capsys)
    assert (code, text) == (
        2,
        (
            f"medlint: the review page needs {name}, which is not installed: "
            "python3 -m pip install 'medlint[web]'\n"
        ),
    )


@pytest.mark.usefixtures("never")
def test_what_is_wrong_is_said_before_starting(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing draft, one of no known format, an unknown ruleset, a broken configuration."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    for arguments, cause in (
        (("none.md",), "none.md: cannot be read"),
        (("x.pdf",), "x.pdf: unknown format"),
        (("--ruleset", "mars"), "there is no ruleset “mars”"),
        (("--select", "nothing-such"), "there is no rule or category"),
    ):
        code, text = said(capsys, *arguments)
        assert (code, cause in text) == (2, True), text
    (tmp_path / ".medlint.yaml").write_text("prodcut: device\n", "utf-8")
    assert cli.run(("serve", "--no-browser")) == 2
    assert ".medlint.yaml:1: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "header", "served"),
    [
        ("127.0.0.1", "127.0.0.1:80", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "[::1]:80", True),
        ("127.0.0.1", "10.0.0.1:80", False),
        ("0.0.0.0", "10.0.0.1:80", True),  # noqa: S104
        ("0.0.0.0", "[fe80::1]:80", True),  # noqa: S104
        ("0.0.0.0", "evil.example:80", False),  # noqa: S104
        ("desk.example", "desk.example:80", True),
        ("desk.example", "other.example:80", False),
        ("127.0.0.1", "127.0.0.1:8\u00b2", False),
        ("127.0.0.1", "127.0.0.1:80:80", False),
    ],
)
def test_which_names_are_served(host: str, header: str, *, served: bool) -> None:
    """Names are served as they were given; open to the network, figures are too."""
    assert Address(host=host, port=80).serves(header) is served


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_it_runs_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    """The page answers; Ctrl-C ends it with 0 and without a word, and no process is left."""
    draft = tmp_path / "knee.md"
    draft.write_text("Our clinic cures arthritis.\n", "utf-8")
    command = (sys.executable, "-m", "medlint", "serve", "--no-browser", "--port", "0", draft)
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUTF8": "1"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        assert server.stderr is not None
        found = re.search(r"http://\S+", server.stderr.readline())
        assert found is not None
        with urllib.request.urlopen(found[0], timeout=30) as page:  # noqa: S310
            assert page.read().startswith(b"<!doctype html>")
        os.killpg(server.pid, signal.SIGINT)
        assert (server.wait(30), server.stderr.read()) == (0, "")
        assert ends(server.pid)


def ends(group: int) -> bool:
    """Tell whether all processes of a group have ended, or do so soon."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
