"""Keeps the reports of a long run out of memory until a reporter asks for them.

The first megabytes stay where they are, the rest goes to a temporary file that has no name. Where
none can be written, because the disk is full, say, reports stay in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.packed import PackedReport

if TYPE_CHECKING:
    from typing import IO

    from medlint.findings import FileReport

# Bytes of reports that stay in memory: those of some 700 posts.
IN_MEMORY = 8_000_000


class Stowage:
    """Takes reports in, and gives them back in a form that reads them when they are asked for."""

    def __init__(self) -> None:
        """Begin with nothing; no file is made before it is needed."""
        self._left = IN_MEMORY
        self._file: IO[bytes] | None = None
        self._end = 0
        self._is_full = False

    def __del__(self) -> None:
        """Close the file, which removes it; the reports in it are gone by now."""
        if self._file is not None:
            self._file.close()

    def stow(self, report: FileReport) -> FileReport:
        """Return a report that holds its bytes elsewhere, if it is packed and memory is short."""
        if not isinstance(report, PackedReport) or self._is_full:
            return report
        data = report.data
        size = sum(map(len, data))
        if size <= self._left:
            self._left -= size
            return report
        places = []
        for each in data:
            place = self._put(each)
            if place is None:
                return report
            places.append(place)
        return report.elsewhere(lambda part: self._get(*places[part]))

    def _put(self, data: bytes) -> tuple[int, int] | None:
        """Write bytes to the file; return where they are, None if they could not be written."""
        try:
            if self._file is None:
                from tempfile import TemporaryFile  # noqa: PLC0415  short runs need none

                self._file = TemporaryFile(buffering=0)  # noqa: SIM115  open as long as the run
            self._file.seek(self._end)
            written = self._file.write(data)
        except OSError:
            written = -1
        if written != len(data):
            self._is_full = True
            return None
        place = (self._end, written)
        self._end += written
        return place

    def _get(self, start: int, size: int) -> bytes:
        assert self._file is not None  # noqa: S101  what is there was written
        self._file.seek(start)
        data = b""
        while len(data) < size:
            more = self._file.read(size - len(data))
            if not more:
                message = "the temporary file of this run was cut off"
                raise OSError(message)
            data += more
        return data
