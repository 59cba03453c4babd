"""What several commands share: output, colour, failures, and what their options come to."""

from __future__ import annotations

import errno
import os
import re
import sys
from errno import EACCES
from typing import TYPE_CHECKING, Any

from medlint.api import LARGEST_DRAFT, Options
from medlint.config import Choices, Name
from medlint.errors import MedlintError
from medlint.findings import Product, Severity
from medlint.reporters import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from medlint.findings import Failure

# Characters of a report that are written at once.
_PIECE = 65_536


def options_from(values: Mapping[str, Any]) -> Options:
    """Return what a command's options say of rules and configuration, as the library takes it."""
    from datetime import date  # noqa: PLC0415

    if values["config"] and values["no_config"]:
        message = "--config and --no-config exclude each other."
        raise usage_error(message)
    select = split(values.get("select", ()))
    ignore = split(values.get("ignore", ()))
    product, fail_on, today = (values.get(name) for name in ("product", "fail_on", "today"))
    return Options(
        config=values["config"],
        no_config=values["no_config"],
        rulesets=split(values["rulesets"]),
        choices=Choices(
            product=Product(product) if product else None,
            select=select or None,
            ignore=ignore,
        ),
        names=(
            *(Name(name, "--select") for name in select),
            *(Name(name, "--ignore") for name in ignore),
        ),
        fail_on=Severity(fail_on) if fail_on else None,
        today=_day(today) if today else date.today(),  # noqa: DTZ011  the day where the user is
    )


def _day(text: str) -> date:
    from datetime import date  # noqa: PLC0415

    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    message = f"--today must be a day such as 2026-01-31, not {text}."
    raise usage_error(message)


def run_cache() -> Path | None:
    """Return the folder for what runs remember; None where the user has none."""
    from medlint.loader import cache_folder  # noqa: PLC0415  only runs over drafts remember

    try:
        return cache_folder()
    except RuntimeError:
        # Without a home there is no place.
        return None


def usage_error(message: str) -> Exception:
    """Return the error for a command line that asks for what does not go together."""
    import click  # noqa: PLC0415  most runs have no use for it

    return click.UsageError(message)


def tell(text: str) -> None:
    """Write a line to standard error."""
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)  # noqa: T201


def split(values: Iterable[str]) -> tuple[str, ...]:
    """Return the parts of values that may each hold several, joined by commas."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def is_terminal(stream: Any) -> bool:
    """Tell whether a stream shows what is written to a person."""
    return stream is not None and bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def wants_color(choice: str, stream: Any) -> bool:
    """Tell whether output is to be coloured: `choice` is auto, always or never."""
    if choice != "auto":
        return choice == "always"
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def width() -> int:
    """Return how many columns the terminal has."""
    import shutil  # noqa: PLC0415  brings compression along

    return shutil.get_terminal_size().columns


def write(text: str | Iterable[str], output: Path | None = None, *, utf8: bool = False) -> None:
    """Write text to a file, or to standard output; `utf8` is for formats that are always UTF-8.

    Raises:
        MedlintError: the file cannot be written.
    """
    pieces = (text,) if isinstance(text, str) else text
    encoding = "utf-8"
    if output is None and not utf8:
        encoding = getattr(sys.stdout, "encoding", None) or encoding
    # A path or match that the terminal's encoding lacks must not end the run.
    write_data((_encoded(each, encoding) for each in _joined(pieces)), output)


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "backslashreplace")


def _joined(pieces: Iterable[str]) -> Iterator[str]:
    """Join pieces of text to larger ones: each is written by itself."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def write_data(data: bytes | Iterable[bytes], output: Path | None) -> None:
    """Write bytes, or pieces of them, to a file, or to standard output.

    Raises:
        MedlintError: they cannot be written.
    """
    pieces = (data,) if isinstance(data, bytes) else data
    if output is None:
        for each in pieces:
            if not write_bytes(each):
                return
        return
    try:
        if output.exists() and not output.is_file():
            # A pipe or a device is written to; a file is replaced in one step.
            _write_pieces(output, pieces, "wb")
        else:
            _replace(output, pieces)
    except OSError as error:
        message = f"{output}: cannot be written: {error.strerror}; choose another --output"
        raise MedlintError(message) from error


def _write_pieces(place: Path, pieces: Iterable[bytes], mode: str) -> None:
    with place.open(mode) as file:
        for each in pieces:
            file.write(each)


def _replace(output: Path, pieces: Iterable[bytes]) -> None:
    """Write a file so that it is never there by half."""
    target = output.resolve()
    temporary = target.with_name(f".{target.name[:200]}.{os.getpid()}")
    try:
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and not os.access(target, os.W_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
        try:
            _write_pieces(temporary, pieces, "xb")
        except PermissionError:
            # The file may be written though its folder may not.
            _write_pieces(target, pieces, "wb")
            return
        if mode is not None:
            temporary.chmod(mode & 0o7777)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def read_input() -> bytes:
    """Return what standard input holds.

    Raises:
        MedlintError: it is closed, cannot be read, or is too large.
    """
    if sys.stdin is None:
        message = "standard input: is closed"
        raise MedlintError(message)
    try:
        data = sys.stdin.buffer.read(LARGEST_DRAFT + 1)
    except OSError as error:
        message = f"standard input: cannot be read: {error.strerror}"
        raise MedlintError(message) from error
    if len(data) > LARGEST_DRAFT:
        message = f"standard input: is larger than {LARGEST_DRAFT:,} bytes; that is no draft"
        raise MedlintError(message)
    return data


def write_bytes(data: bytes) -> bool:
    """Write bytes to standard output; a reader that went away is no error.

    Returns:
        Whether there is still a reader.

    Raises:
        MedlintError: the output cannot be written, because the disk is full, say.
    """
    if sys.stdout is None:
        message = "standard output: is closed; use --output"
        raise MedlintError(message)
    try:
        sys.stdout.flush()
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None:
            sys.stdout.write(data.decode("utf-8", "replace"))
        else:
            stream.write(data)
            stream.flush()
    except OSError as error:
        _discard_output()
        # What Windows says of a pipe that nobody reads any more.
        closed = os.name == "nt" and error.errno == errno.EINVAL
        if isinstance(error, BrokenPipeError) or closed:
            return False
        message = f"standard output: cannot be written: {error.strerror}; use --output"
        raise MedlintError(message) from error
    return True


def _discard_output() -> None:
    """Send what is still buffered nowhere, or Python would fail again when it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(failures: Iterable[Failure]) -> None:
    """Name on standard error everything that went unchecked."""
    for failure in failures:
        rule = f" [{failure.rule}]" if failure.rule else ""
        # Editors and people jump to “path:line:”.
        text = re.sub(r"\A: line (\d+): ", r":\1: ", f": {failure.error}")
        shown = one_line(f"{failure.path or '(no file)'}{text}{rule}")
        tell(f"medlint: {shown}")
