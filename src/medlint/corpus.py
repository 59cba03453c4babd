"""Reads labelled corpora: JSON lines, an entry each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from medlint.document import Span
from medlint.errors import InputError
from medlint.findings import Category, Product
from medlint.parsing import FORMATS
from medlint.parsing.decode import decode
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Label:
    """What a reviewer marked; borderline where careful reviewers would differ."""

    span: Span
    category: Category
    borderline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A labelled draft; `doc_labels` is None where nobody looked for missing disclosures."""

    id: str
    path: str
    text: str
    labels: tuple[Label, ...]
    doc_labels: frozenset[Category] | None = None
    kind: str = ""
    format: str | None = None
    product: Product | None = None


def read_corpus(path: Path) -> Iterator[Entry]:
    """Read a corpus, entry by entry.

    Raises:
        InputError: the file cannot be read, or a line of it is wrong.
    """
    try:
        text = _read(path).decode("utf-8-sig")
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise InputError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise InputError(message) from error
    # JSON strings may hold the separators that str.splitlines breaks at.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _entry(json.loads(line), path, number)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                message = f"{path}:{number}: {_cause(error)}"
                raise InputError(message) from error


def _read(path: Path) -> bytes:
    # Reading a pipe or a device would wait for ever.
    if path.exists() and not path.is_file():
        raise OSError(0, "it is no regular file")
    return path.read_bytes()


def _cause(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"this line is no JSON: {error}"
    if isinstance(error, KeyError):
        return f"the key {error} is missing"
    return str(error)


def _entry(data: dict[str, Any], corpus: Path, number: int) -> Entry:
    form = data.get("format")
    if form is not None and form not in FORMATS:
        message = f"“{form}” is no format; it can be {', '.join(FORMATS)}"
        raise ValueError(message)
    if ("text" in data) == ("file" in data):
        message = "an entry needs either “text” or “file”"
        raise ValueError(message)
    if "file" in data:
        place = corpus.parent / data["file"]
        try:
            text = decode(_read(place), str(place))
        except OSError as error:
            message = f"{place}: cannot be read: {error.strerror}"
            raise ValueError(message) from error
        shown = str(place)
    else:
        text, shown = data["text"], f"{corpus.name}:{number}"
        # Without a file name to tell, a text is what people paste.
        form = form or "plain"
    doc_labels = data.get("doc_labels")
    return Entry(
        id=str(data["id"]),
        path=shown,
        text=text,
        labels=tuple(_label(label, len(text)) for label in data["labels"]),
        doc_labels=None if doc_labels is None else frozenset(map(Category, doc_labels)),
        kind=str(data.get("kind", "")),
        format=form,
        product=Product(data["product"]) if data.get("product") else None,
    )


def _label(data: dict[str, Any], length: int) -> Label:
    span = Span(int(data["start"]), int(data["end"]))
    if not 0 <= span.start < span.end <= length:
        message = f"the label {span.start}–{span.end} lies outside the text"  # noqa: RUF001
        raise ValueError(message)
    return Label(span, Category(data["category"]), bool(data.get("borderline", False)))
