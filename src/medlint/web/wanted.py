"""What the page asks for: a draft with the settings chosen, read from JSON and checked."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, TypeVar

from medlint.config import ELSEWHERE, Choices
from medlint.errors import InputError, MedlintError
from medlint.findings import Product
from medlint.parsing import FORMATS, format_of
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = "docx"
# The suffix that a draft gets whose name has none of its format.
SUFFIXES = {"markdown": ".md", "plain": ".txt", "html": ".html", WORD: ".docx"}
_LONGEST_NAME = 100
_LONGEST_NOTE = 500
_MOST_ALLOWED = 200

_T = TypeVar("_T")


class RequestError(MedlintError):
    """The page, or something that passes for it, asked for what cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What the writer answers for: a phrase, or a duty that is met elsewhere, and why."""

    reason: str
    phrase: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A draft as it stands in the page, and what it is to be checked by.

    `document` are the bytes of a Word document that `text` came out of. `form` is the file wanted
    of a download. Without `jurisdictions` (None), those of the configuration hold.
    """

    text: str
    format: str
    name: str
    document: bytes = b""
    jurisdictions: tuple[str, ...] | None = None
    product: Product = Product.AUTO
    allowed: tuple[Allowed, ...] = ()
    form: str = ""

    @property
    def choices(self) -> Choices:
        """Return what the page sets, as a layer over the configuration."""
        return Choices(
            product=None if self.product is Product.AUTO else self.product,
            allow=tuple(each.phrase for each in self.allowed if each.phrase),
            disclosed_elsewhere=tuple(each.category for each in self.allowed if each.category),
        )


def read(data: bytes) -> Wanted:
    """Read a request.

    Raises:
        RequestError: it is none; the message names what is wrong.
    """
    try:
        tree: Any = json.loads(data)
    except (ValueError, RecursionError):
        message = "the request is not JSON"
        raise RequestError(message) from None
    if not isinstance(tree, dict):
        message = "the request is not a JSON object"
        raise RequestError(message)
    form = _value(tree, "format", str, "markdown")
    if form not in (*FORMATS, WORD):
        message = f"“format” is {form!r}; it can be {', '.join((*FORMATS, WORD))}"
        raise RequestError(message)
    document = _bytes(_value(tree, "document", str, ""))
    if (form == WORD) is not bool(document):
        message = "“document” goes with the format docx, and with no other"
        raise RequestError(message)
    return Wanted(
        text=_value(tree, "text", str, ""),
        format=form,
        name=named(_value(tree, "name", str, ""), form),
        document=document,
        jurisdictions=_names(tree.get("jurisdictions"), "jurisdictions"),
        product=_member(_value(tree, "product", str, Product.AUTO.value)),
        allowed=_allowed(_value(tree, "allowed", list, [])),
        form=_value(tree, "as", str, ""),
    )


def named(name: str, form: str = "") -> str:
    """Return what a draft is called: a bare file name, with a suffix of its format.

    Whatever a request calls it, no folder is left in the name and nothing that is not printable.
    """
    bare = name.replace("\\", "/").rpartition("/")[2]
    bare = "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem = bare[:_LONGEST_NAME]
    if stem and (not form or _suits(stem, form)):
        return stem
    return f"{stem.rpartition('.')[0] or stem or 'draft'}{SUFFIXES.get(form, '')}"


def _suits(name: str, form: str) -> bool:
    try:
        return format_of(name) == form
    except InputError:
        return False


def _value(tree: dict[str, Any], key: str, kind: type[_T], usual: _T) -> _T:
    value = tree.get(key, usual)
    if not isinstance(value, kind):
        message = f"“{key}” is no {'list' if kind is list else 'text'}"
        raise RequestError(message)
    return value


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        message = "“document” is not base64"
        raise RequestError(message) from None


def _names(value: Any, key: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        message = f"“{key}” is no list of texts"
        raise RequestError(message)
    return tuple(value)


def _member(name: str) -> Product:
    try:
        return Product(name)
    except ValueError:
        message = f"“product” is {name!r}; it can be {', '.join(Product)}"
        raise RequestError(message) from None


def _allowed(entries: Iterable[Any]) -> tuple[Allowed, ...]:
    found = tuple(map(_one_allowed, entries))
    if len(found) > _MOST_ALLOWED:
        message = f"more than {_MOST_ALLOWED} things are allowed; put phrases into .medlint.yaml"
        raise RequestError(message)
    return found


def _one_allowed(entry: Any) -> Allowed:
    if not isinstance(entry, dict):
        message = "“allowed” holds something that is no object"
        raise RequestError(message)
    texts = {
        key: " ".join(_value(entry, key, str, "").split())
        for key in ("phrase", "category", "reason")
    }
    if not texts["reason"]:
        message = "what is allowed needs a reason"
        raise RequestError(message)
    if bool(texts["phrase"]) is bool(texts["category"]):
        message = "what is allowed is either a phrase or a category"
        raise RequestError(message)
    if texts["category"] and texts["category"] not in {each.value for each in ELSEWHERE}:
        message = f"“{texts['category']}” cannot be met elsewhere"
        raise RequestError(message)
    if max(map(len, texts.values())) > _LONGEST_NOTE:
        message = f"a phrase or reason has more than {_LONGEST_NOTE} characters"
        raise RequestError(message)
    return Allowed(**texts)
