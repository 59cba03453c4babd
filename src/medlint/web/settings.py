"""Writes what was chosen in the page as a configuration to keep beside the drafts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from medlint.findings import Product

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.web.wanted import Allowed


def settings_file(rulesets: tuple[str, ...], product: Product, allowed: tuple[Allowed, ...]) -> str:
    """Return a `.medlint.yaml` with these settings, each allowance under its reason."""
    return "\n".join(_lines(rulesets, product, allowed)) + "\n"


def _lines(
    rulesets: tuple[str, ...], product: Product, allowed: tuple[Allowed, ...]
) -> Iterator[str]:
    yield "# What was chosen in medlint's review page."
    yield f"rulesets: [{', '.join(map(_quoted, rulesets))}]"
    if product is not Product.AUTO:
        yield f"product: {product.value}"
    phrases = [each for each in allowed if each.phrase]
    if phrases:
        yield "allow:"
        for each in phrases:
            yield f"  # {_comment(each.reason)}"
            yield f"  - {_quoted(each.phrase)}"
    elsewhere = [each for each in allowed if each.category]
    if elsewhere:
        yield "disclosed-elsewhere:"
        for each in elsewhere:
            yield f"  # {_comment(each.reason)}"
            yield f"  - {each.category}"


def _quoted(text: str) -> str:
    """Return a text as YAML; every JSON text is one."""
    return text if text.isascii() and text.isalnum() else json.dumps(text, ensure_ascii=True)


def _comment(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
