"""Adds allowed phrases to a configuration's text, leaving everything else in it as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from medlint.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medlint.review.session import Phrase

_KEY = re.compile(r"allow[ \t]*:[ \t]*(?P<rest>[^\n]*)")
_ITEM = re.compile(r"(?P<indent>[ \t]*)-[ \t]")
_FLOW = re.compile(r"\[(?P<items>.*)\][ \t]*(?P<comment>#.*)?")


def with_phrases(text: str, phrases: Iterable[Phrase], shown: str) -> str:
    """Return a configuration's YAML with phrases added to its `allow` list.

    `shown` names the file in messages.

    Raises:
        ConfigError: the list is written in a way that has to be edited by hand.
    """
    added = tuple(phrases)
    if not added:
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    changed = newline.join(_added(text.splitlines(), added))
    changed += newline
    before, after = _read(text), _read(changed)
    if not isinstance(after, dict) or after != _expected(before or {}, added):
        lines = ", ".join(_quoted(phrase.text) for phrase in added)
        message = f"{shown}: its “allow” cannot be added to here; add {lines} by hand"
        raise ConfigError(message)
    return changed


def _added(lines: list[str], phrases: tuple[Phrase, ...]) -> list[str]:
    number = next((n for n, line in enumerate(lines) if _KEY.match(line)), None)
    if number is None:
        gap = [""] if lines and lines[-1].strip() else []
        return [*lines, *gap, "allow:", *_items(phrases, "  ")]
    found = _KEY.match(lines[number])
    flow = _FLOW.fullmatch(found["rest"].strip()) if found else None
    if flow:
        texts = ", ".join((flow["items"].strip().rstrip(","), *_texts(phrases))).lstrip(", ")
        reasons = [f"# {_quoted(phrase.text)}: {phrase.reason}" for phrase in phrases]
        comment = f"  {flow['comment']}" if flow["comment"] else ""
        return [*lines[:number], *reasons, f"allow: [{texts}]{comment}", *lines[number + 1 :]]
    end, indent = number + 1, "  "
    for place in range(number + 1, len(lines)):
        item = _ITEM.match(lines[place])
        if item:
            indent, end = item["indent"], place + 1
        elif lines[place][:1].strip() and not lines[place].startswith("#"):
            break
        elif lines[place].strip() and not lines[place].lstrip().startswith("#"):
            end = place + 1  # an item that goes on
    return [*lines[:end], *_items(phrases, indent), *lines[end:]]


def _items(phrases: Iterable[Phrase], indent: str) -> list[str]:
    return [f"{indent}- {_quoted(each.text)}  # {each.reason}" for each in phrases]


def _texts(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    return tuple(_quoted(phrase.text) for phrase in phrases)


def _quoted(text: str) -> str:
    import json  # noqa: PLC0415  a JSON string is a YAML one

    return json.dumps(text, ensure_ascii=False)


def _expected(before: Any, phrases: tuple[Phrase, ...]) -> Any:
    if not isinstance(before, dict):
        return None
    allowed = before.get("allow") or []
    allowed = [allowed] if isinstance(allowed, str) else allowed
    return {**before, "allow": [*allowed, *(phrase.text for phrase in phrases)]}


def _read(text: str) -> Any:
    import yaml  # noqa: PLC0415  only here

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None
