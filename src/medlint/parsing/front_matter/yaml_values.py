"""The text values of front matter in YAML, with their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from medlint.parsing.front_matter.values import OWN_KEY, broken, checked, is_prose, unescaped
from medlint.parsing.lines import BREAK, WRAP, split_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.document import ListPlace
    from medlint.parsing.builder import DocumentBuilder
    from medlint.parsing.lines import Piece

_MOST_BRACKETS = 200
_LONGEST_NUMBER = 100
_MOST_MERGED = 10_000
_MERGE = "<<"
_BAD_VALUES = (ValueError, OverflowError, TypeError, IndexError, KeyError, AttributeError)
_LONGEST_FOR_C = 100_000
_DEEP_LINE = re.compile(r"(?:[-?:] ){50}")
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r\n|\r|\n)[ \t]*|(.))", re.DOTALL
)
_PROPERTIES = re.compile(r"(?:[&!][^\s]*\s+)+")
_COMMENT = re.compile(r"(?:(?<=[\s])|\A)#([^\r\n]*)")
_BLOCK_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def read(builder: DocumentBuilder, text: str, begin: int) -> bool:
    """Read YAML; return False if it is no mapping, and so no front matter."""
    import yaml  # noqa: PLC0415 - 40 ms, for drafts with front matter only

    loader = _loader(yaml, text)
    try:
        node = loader.get_single_node()
        if node is None:
            return True
        if not isinstance(node, yaml.MappingNode):
            return False
        problem = _tamed(yaml, node)
        if problem:
            raise ValueError(problem)
        builder.front_matter = loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        cause = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise broken(builder, begin, mark.line if mark else 0, cause) from None
    except _BAD_VALUES as error:
        # An impossible date, "!!int" before no number.
        cause = str(error) if isinstance(error, ValueError) else "a value does not suit its type"
        raise broken(builder, begin, 0, cause) from None
    finally:
        loader.dispose()
    spans = []
    for scalar, key, place in _scalars(yaml, node, builder):
        start, end = scalar.start_mark.index, scalar.end_mark.index
        spans.append((start, end))
        is_text = scalar.tag == "tag:yaml.org,2002:str" and key
        if is_text and key.split(".")[0] != OWN_KEY and is_prose(scalar.value):
            pieces = _pieces(scalar.style or "", text, start, end)
            shifted = [(piece, at + begin, length) for piece, at, length in pieces]
            value = scalar.value
            builder.value(checked(shifted, value, start + begin, end + begin), key, place)
    _note_comments(builder, text, begin, sorted(spans))
    return True


def _tamed(yaml: Any, root: Any) -> str:
    """Make long numbers text: reading or writing one takes time by the square of its length.

    Returns what forbids building the values, if anything does: merge keys ("<<") multiply what
    they bring in.
    """
    seen: set[int] = set()
    merged: list[Any] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            if node.tag == "tag:yaml.org,2002:int" and len(node.value) > _LONGEST_NUMBER:
                node.tag = "tag:yaml.org,2002:str"
            continue
        for child in node.value:
            stack += child if isinstance(child, tuple) else (child,)
            if isinstance(child, tuple) and child[0].value == _MERGE:
                merged += child[1].value if isinstance(child[1], yaml.SequenceNode) else child[1:]
    mappings = [node.value for node in merged if isinstance(node, yaml.MappingNode)]
    if sum(map(len, mappings)) > _MOST_MERGED:
        return f"its merge keys (<<) bring in more than {_MOST_MERGED:,} values; write them out"
    if any(key.value == _MERGE for pairs in mappings for key, _ in pairs):
        return "what a merge key (<<) brings in has merge keys itself; write it out"
    return ""


def _loader(yaml: Any, text: str) -> Any:
    """Return the fast loader, or the patient one where nesting could exhaust the C stack."""
    brackets = text.count("[") + text.count("{")
    is_tame = (
        brackets <= _MOST_BRACKETS and len(text) <= _LONGEST_FOR_C and not _DEEP_LINE.search(text)
    )
    fast = getattr(yaml, "CSafeLoader", None)
    return fast(text) if fast is not None and is_tame else yaml.SafeLoader(text)


def _scalars(
    yaml: Any, root: Any, builder: DocumentBuilder
) -> Iterator[tuple[Any, str, ListPlace | None]]:
    """Yield each scalar once with its path; mapping keys have none. Aliases are not followed."""
    seen: set[int] = set()
    stack: list[tuple[Any, str, ListPlace | None]] = [(root, "", None)]
    while stack:
        node, key, place = stack.pop()
        if isinstance(node, yaml.ScalarNode):
            if id(node) not in seen or not key:
                yield node, key, place
            seen.add(id(node))
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        children: list[tuple[Any, str, ListPlace | None]] = []
        if isinstance(node, yaml.MappingNode):
            for name, value in node.value:
                children.append((name, "", None))
                label = str(name.value) if isinstance(name, yaml.ScalarNode) else "?"
                children.append((value, f"{key}.{label}" if key else label, None))
        else:
            its_place = builder.list_place(place, led=False)
            children = [(item, f"{key}.{i}", its_place) for i, item in enumerate(node.value)]
        stack.extend(reversed(children))


def _pieces(style: str, text: str, start: int, end: int) -> list[Piece]:
    """Return a scalar's pieces by its style; line folding is left to normalisation."""
    properties = _PROPERTIES.match(text, start, end)
    if properties is not None:
        start = properties.end()
    if style == '"':
        return split_at(text, start + 1, end - 1, _ESCAPE, unescaped)
    if style == "'":
        return split_at(text, start + 1, end - 1, re.compile("''"), lambda _: "'")
    if style not in ("|", ">"):
        return [(text[start:end], start, end - start)]
    pieces: list[Piece] = []
    was_blank = False
    header = _BLOCK_LINE.match(text, start, end)
    position = header.end() if header else end
    while position < end:
        line = _BLOCK_LINE.match(text, position, end)
        stop = line.end() if line else end
        content = text[position:stop].rstrip("\r\n")
        is_blank = not content.strip()
        if pieces and not is_blank:
            mark = BREAK if style == "|" or was_blank else WRAP
            pieces.append((mark, position, 0))
        if not is_blank:
            pieces.append((content, position, len(content)))
        was_blank = is_blank
        position = stop
    return pieces


def _note_comments(
    builder: DocumentBuilder, text: str, begin: int, spans: list[tuple[int, int]]
) -> None:
    starts = [start for start, _ in spans]
    for match in _COMMENT.finditer(text):
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or spans[index][1] <= match.start():
            builder.comment(match.start() + begin, match.end() + begin, match[1])
