"""Reads the `approved` entries of a configuration, and says everything that is wrong with one."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from medlint.config import Name, nearest
from medlint.findings import Approval, Product
from medlint.globs import matcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from medlint.values import Value

KEYS = (
    "claim",
    "phrase",
    "reference",
    "approver",
    "date",
    "expires",
    "rules",
    "products",
    "files",
)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SCALARS = frozenset(("true or false", "a number"))


class ApprovalReader:
    """Reads the approvals of one file; `problem` notes what is wrong with one of its values.

    `names` collects the rules and categories that they name, with where they stand.
    """

    def __init__(self, path: str, problem: Callable[[Value, str], None]) -> None:
        """Take the file's path, as messages show it."""
        self.names: list[Name] = []
        self._path = path
        self._problem = problem

    def read(self, value: Value | None) -> tuple[Approval, ...]:
        """Read a list of approvals; wrong ones are noted and left out."""
        if value is None or value.data is None:
            return ()
        if not isinstance(value.data, tuple):
            self._problem(value, f"“approved” must be a list, not {value.kind}")
            return ()
        found = (self._approval(item) for item in value.data)
        return tuple(each for each in found if each is not None)

    def _approval(self, item: Value) -> Approval | None:
        if item.entries is None:
            self._problem(item, f"an approval must be a mapping, not {item.kind}")
            return None
        for key, value in item.entries.items():
            if key not in KEYS:
                self._problem(value, f"unknown key “{key}”{nearest(key, KEYS)}")
        entries = {key: value for key, value in item.entries.items() if key in KEYS}
        words = self._words(item, entries)
        texts = [self._required(item, entries, key) for key in ("reference", "approver")]
        days = [self._day(item, entries, key) for key in ("date", "expires")]
        rules = self._list(entries.get("rules"), "rules")
        self.names += [Name(text, self._place(value)) for text, value in rules]
        products = self._products(entries.get("products"))
        files = self._files(entries.get("files"))
        reference, approver = texts
        date, expires = days
        if date and expires and expires <= date:
            self._problem(
                entries["expires"], f"“expires” ({expires}) must be later than “date” ({date})"
            )
            return None
        if not (words and reference and approver and date and expires):
            return None
        return Approval(
            text=words,
            is_phrase="phrase" in entries,
            reference=reference,
            approver=approver,
            date=date,
            expires=expires,
            rules=tuple(text for text, _ in rules),
            products=products,
            files=files,
            where=self._place(item),
        )

    def _words(self, item: Value, entries: dict[str, Value]) -> str:
        """Return the claim or the phrase, whichever there is."""
        given = [key for key in ("claim", "phrase") if key in entries]
        if len(given) != 1:
            cause = "not both" if given else "the words it is about"
            self._problem(item, f"an approval needs “claim” or “phrase”, {cause}")
            return ""
        (key,) = given
        text = self._required(item, entries, key)
        if text and key == "phrase":
            return text if self._is_phrase(entries[key], text) else ""
        if text and not any(map(str.isalnum, text)):
            self._problem(entries[key], f"“claim” has no word in it: “{text}”")
            return ""
        return text

    def _is_phrase(self, value: Value, text: str) -> bool:
        from medlint.patterns import (  # noqa: PLC0415  only phrases need their language
            AnyWord,
            Gap,
            PhraseError,
            parse_phrase,
        )

        try:
            sequences = parse_phrase(text)
        except PhraseError as error:
            self._problem(value, f"the approved phrase “{text}”: {error}")
            return False
        if any(isinstance(element, Gap | AnyWord) for each in sequences for element in each):
            self._problem(
                value,
                f"the approved phrase “{text}” leaves words open; nobody has approved those: "
                "write them out, or name a {concept}",
            )
            return False
        return True

    def _required(self, item: Value, entries: dict[str, Value], key: str) -> str:
        value = entries.get(key)
        if value is None:
            self._problem(item, f"an approval needs “{key}”")
            return ""
        if not isinstance(value.data, str):
            hint = "; put quotation marks around it" if value.kind in _SCALARS else ""
            self._problem(value, f"“{key}” must be text, not {value.kind}{hint}")
            return ""
        text = " ".join(value.data.split())
        if not text:
            self._problem(value, f"“{key}” is empty")
        return text

    def _day(self, item: Value, entries: dict[str, Value], key: str) -> dt.date | None:
        value = entries.get(key)
        if value is None:
            self._problem(item, f"an approval needs “{key}”")
            return None
        text = value.data if isinstance(value.data, str) else ""
        # Python also reads 20260131 and 2026-W05-6, which few people do.
        if _ISO_DATE.fullmatch(text) is None:
            given = f"“{text}”" if text else value.kind
            self._problem(value, f"“{key}” must be a day such as 2026-01-31, not {given}")
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self._problem(value, f"“{key}”: no calendar has the day “{text}”")
            return None

    def _products(self, value: Value | None) -> tuple[Product, ...]:
        known = [product.value for product in Product]
        products = []
        for text, place in self._list(value, "products"):
            if text in known:
                products.append(Product(text))
            else:
                self._problem(place, f"“products” cannot be “{text}”{nearest(text, known)}")
        return tuple(products)

    def _files(self, value: Value | None) -> tuple[str, ...]:
        globs = []
        for text, place in self._list(value, "files"):
            try:
                matcher((text,))
            except ValueError as error:
                self._problem(place, f"“{text}” is no glob: {error}")
            else:
                globs.append(text)
        return tuple(globs)

    def _list(self, value: Value | None, key: str) -> list[tuple[str, Value]]:
        """Return the texts of a list, each with its value; one text counts as a list."""
        if value is None:
            return []
        items = (value,) if isinstance(value.data, str) else value.data
        if not isinstance(items, tuple) or not items:
            # An empty list would limit the approval to nothing, or to everything: who knows.
            is_empty = items is None or items == ()
            cause = "is empty; leave it out" if is_empty else f"must be a list, not {value.kind}"
            self._problem(value, f"“{key}” {cause}")
            return []
        texts = []
        for item in items:
            if isinstance(item.data, str) and item.data.strip():
                texts.append((item.data, item))
            else:
                self._problem(item, f"“{key}” must hold text, not {item.kind}")
        return texts

    def _place(self, value: Value) -> str:
        return f"{self._path}:{value.line}"
