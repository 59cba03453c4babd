"""Writing a zip archive anew with some members changed and all others byte for byte the same."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from medlint.errors import FixError
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from medlint.parsing.docx.package import Package

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DEFLATED = 8
_UTF8_NAME = 0x800
_VERSION = 20
_LARGEST = 0xFFFFFFFF
_MOST = 0xFFFF
# 1980-01-01, the first day that a zip archive can name: the same draft gives the same bytes.
_FIRST_DAY = 0x21


@dataclass(frozen=True, slots=True)
class _Member:
    """A member as the archive will have it: its local part, and its entry in the directory."""

    local: bytes
    entry: bytes


def rewritten(package: Package, changes: Mapping[str, bytes]) -> bytes:
    """Return a package's bytes with the parts in `changes` replaced or added.

    Raises:
        FixError: the archive is of a kind that cannot be copied.
    """
    archive = package.archive
    changed = {name.lower(): content for name, content in changes.items()}
    entries = _entries(package)
    output = bytearray()
    directory: dict[int, bytes] = {}
    infos = archive.infolist()
    order = sorted(range(len(infos)), key=lambda number: infos[number].header_offset)
    for place, number in enumerate(order):
        info = infos[number]
        content = changed.pop(info.filename.lower(), None)
        if content is None:
            following = order[place + 1] if place + 1 < len(order) else None
            end = archive.start_dir if following is None else infos[following].header_offset
            member = _Member(package.data[info.header_offset : end], entries[number])
        else:
            member = _changed(entries[number], content)
        directory[number] = _at(member.entry, len(output))
        output += member.local
    for number, name in enumerate(name for name in changes if name.lower() in changed):
        member = _new(name, changes[name])
        directory[len(infos) + number] = _at(member.entry, len(output))
        output += member.local
    start = len(output)
    for number in sorted(directory):
        output += directory[number]
    if len(output) > _LARGEST or len(directory) >= _MOST:
        message = f"{package.path}: is too large to be written; split the document"
        raise FixError(message)
    count, size = len(directory), len(output) - start
    output += _END.pack(b"PK\5\6", 0, 0, count, count, size, start, len(archive.comment))
    return bytes(output + archive.comment)


def _entries(package: Package) -> list[bytes]:
    """Return the directory's entries as they stand, in order."""
    data = package.data
    position = package.archive.start_dir
    entries = []
    for info in package.archive.infolist():
        fields = _CENTRAL.unpack_from(data, position)
        end = position + _CENTRAL.size + sum(fields[10:13])
        if fields[0] != b"PK\1\2" or _LARGEST in fields[8:10] or fields[16] == _LARGEST:
            message = (
                f"{package.path}: its part {info.filename} is packed in a way that medlint cannot"
                " copy; open the file in Word and save it"
            )
            raise FixError(message)
        entries.append(data[position:end])
        position = end
    return entries


def _at(entry: bytes, offset: int) -> bytes:
    """Return a directory entry that leads to another place."""
    return entry[:42] + struct.pack("<L", offset & _LARGEST) + entry[46:]


def _changed(entry: bytes, content: bytes) -> _Member:
    """Return a member with other content, its name, time and rights as they were."""
    fields = list(_CENTRAL.unpack_from(entry))
    name_length, extra_length = fields[10], fields[11]
    name = entry[_CENTRAL.size : _CENTRAL.size + name_length]
    comment = entry[_CENTRAL.size + name_length + extra_length :]
    fields[2] = max(fields[2], _VERSION)
    return _packed(fields, name, comment, content)


def _new(name: str, content: bytes) -> _Member:
    flags = 0 if name.isascii() else _UTF8_NAME
    fields: list[int | bytes] = [b"PK\1\2", _VERSION, _VERSION, flags, _DEFLATED, 0, _FIRST_DAY]
    return _packed([*fields, *([0] * 10)], name.encode(), b"", content)


def _packed(fields: list[int | bytes], name: bytes, comment: bytes, content: bytes) -> _Member:
    """Pack content as a member; `fields` are those of its directory entry."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    flags = int(fields[3]) & _UTF8_NAME
    fields[3], fields[4] = flags, _DEFLATED
    fields[7:13] = [zlib.crc32(content), len(packed), len(content), len(name), 0, len(comment)]
    shared = (_VERSION, flags, _DEFLATED, *fields[5:10], len(name), 0)
    return _Member(
        _LOCAL.pack(b"PK\3\4", *shared) + name + packed, _CENTRAL.pack(*fields) + name + comment
    )
