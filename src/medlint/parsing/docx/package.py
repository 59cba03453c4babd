"""The package around a Word document: a zip archive with parts and their relations.

Nothing is unpacked to a disk and nothing outside the package is opened. What Word would never
write (a part that leaves its folder, two parts of one name, a document type, text that unpacks to
hundreds of megabytes) is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from medlint.errors import InputError
from medlint.parsing.docx.markup import attributes_of
from medlint.records import dataclass

if TYPE_CHECKING:
    from typing import NoReturn

# What a part, and all parts that are read, may unpack to. A novel has some megabytes.
LARGEST_PART = 32 * 1024 * 1024
LARGEST_TEXT = 64 * 1024 * 1024
# Word's markup shrinks to a tenth; a part that large which shrinks to nothing is a bomb.
_SUSPICIOUS = 4 * 1024 * 1024
_STEEPEST = 100
_MOST_PARTS = 20_000

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ROOT_RELATIONS = "_rels/.rels"
_UNSAFE_NAME = re.compile(r"\A[/\\]|\A[A-Za-z]:|(?:\A|[/\\])\.\.?(?:[/\\]|\Z)|[\\\0]")

# What zipfile raises on damage, on passwords and on compression that it does not know (that one is
# NotImplementedError).
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    ValueError,
    EOFError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says about another: its id, the last word of its type, and the target."""

    id: str
    kind: str
    target: str


class Package:
    """A Word document's parts, by name and without their leading slash."""

    def __init__(self, data: bytes, path: str) -> None:
        """Open a package; `path` is for messages.

        Raises:
            InputError: it is none, it is encrypted, or it is not to be trusted.
        """
        self.data = data
        self.path = path
        self._left = LARGEST_TEXT
        self._refuse_compound_file()
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            self.fail(f"is no Word document, or a damaged one ({error}); open it in Word and save"
                      " it as .docx")  # fmt: skip
        self._parts = self._checked()

    def fail(self, cause: str) -> NoReturn:
        """Refuse the document.

        Raises:
            InputError: always.
        """
        message = f"{self.path}: {cause}"
        raise InputError(message)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part of that name, however its letters are cased."""
        return name.lower() in self._parts

    def read(self, name: str) -> bytes:
        """Return a part's bytes.

        Raises:
            InputError: it is missing, damaged or too large.
        """
        info = self._parts.get(name.lower())
        if info is None:
            self.fail(f"its part {name} is missing: the file is damaged; open it in Word, let Word"
                      " repair it, and save it")  # fmt: skip
        size, packed = info.file_size, max(info.compress_size, 1)
        bomb = size > _SUSPICIOUS and size > packed * _STEEPEST
        if bomb or size > min(LARGEST_PART, self._left):
            self.fail(
                f"its part {name} unpacks to {size:,} bytes from {info.compress_size:,}; medlint"
                f" reads up to {LARGEST_PART:,} of a part and {LARGEST_TEXT:,} in all, less where"
                " it shrinks that well: split the document"
            )
        try:
            # ZipExtFile gives no more than the size announced, whatever the data holds.
            content = self.archive.read(info)
        except _BROKEN as error:
            self.fail(f"its part {name} is damaged ({error}); open the file in Word, let Word"
                      " repair it, and save it")  # fmt: skip
        self._left -= len(content)
        return content

    def main(self) -> tuple[str, bool]:
        """Return the main part's name, and whether its relations are named the strict way.

        Raises:
            InputError: there is none: the archive is something else.
        """
        if _ROOT_RELATIONS in self:
            for name, relation in self._relations(_ROOT_RELATIONS, ""):
                if relation.kind == "officeDocument" and relation.target in self:
                    return relation.target, "purl.oclc.org" in name
        cause = "is a zip archive without a document inside; save the draft as .docx in Word"
        return self.fail(cause)

    def relations(self, part: str) -> tuple[Relation, ...]:
        """Return what a part is related to inside the package, in the order written.

        Raises:
            InputError: a target lies outside the package.
        """
        name = relations_of(part)
        if name not in self:
            return ()
        return tuple(each for _, each in self._relations(name, posixpath.dirname(part)))

    def _relations(self, name: str, folder: str) -> list[tuple[str, Relation]]:
        found = []
        for attributes in attributes_of(self.read(name), "Relationship", f"{self.path}: {name}"):
            # Links to the world are no parts, and are never followed.
            if attributes.get("TargetMode") == "External":
                continue
            target = self._target(attributes.get("Target", ""), folder, name)
            kind = attributes.get("Type", "")
            relation = Relation(attributes.get("Id", ""), kind.rpartition("/")[2], target)
            found.append((kind, relation))
        return found

    def _target(self, written: str, folder: str, name: str) -> str:
        """Return the part that a relation leads to."""
        target = written.partition("#")[0]
        joined = posixpath.normpath(posixpath.join("/", folder, target))
        climbs = posixpath.normpath(posixpath.join(folder, target)).startswith("..")
        if climbs or "\\" in target or "\0" in target or "://" in target:
            self.fail(f"{name} leads out of the document to “{written}”; medlint does not follow")
        return joined.lstrip("/")

    def _refuse_compound_file(self) -> None:
        if not self.data.startswith(_COMPOUND_FILE):
            return
        if _ENCRYPTED_PACKAGE in self.data:
            self.fail("is encrypted; take its password off in Word (File, Info, Protect Document)"
                      " and save it")  # fmt: skip
        self.fail("is a document of Word 2003 or older, named .docx; open it in Word and save it"
                  " as .docx")  # fmt: skip

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        """Return the parts by name in small letters, if all of them are in order."""
        infos = self.archive.infolist()
        if len(infos) > _MOST_PARTS:
            self.fail(f"holds {len(infos):,} parts; Word writes hundreds at most")
        parts: dict[str, zipfile.ZipInfo] = {}
        offsets = set()
        for info in infos:
            # `filename` is cut at a NUL; what was written is not.
            name = info.orig_filename
            if _UNSAFE_NAME.search(name):
                self.fail(f"holds a part named “{name}”, which leads out of the document; Word"
                          " writes no such name")  # fmt: skip
            if name.lower() in parts or info.header_offset in offsets:
                self.fail(f"holds the part {name} twice: readers may see different documents; open"
                          " it in Word and save it")  # fmt: skip
            if info.flag_bits & 0x1:
                self.fail(f"its part {name} is encrypted; save it without a password")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                self.fail(f"its part {name} is packed in a way that Word does not know; open it in"
                          " Word and save it")  # fmt: skip
            parts[name.lower()] = info
            offsets.add(info.header_offset)
        return parts


def relations_of(part: str) -> str:
    """Return the name of the part that holds a part's relations."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
