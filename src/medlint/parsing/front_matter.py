"""Front matter: YAML between "---" lines or TOML between "+++" lines at a draft's start.

Every text value is linted where it stands. Its pieces come from the value's own syntax; where
they do not give the parsed value, the whole value is one piece, never a wrong place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from medlint.document import LineIndex
from medlint.errors import InputError
from medlint.parsing.lines import BREAK, WRAP
from medlint.parsing.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.document import ListPlace
    from medlint.parsing.builder import DocumentBuilder
    from medlint.parsing.lines import Piece

_OWN_KEY = "medlint"
_FENCE = re.compile(r"(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)")
_YAML_END = re.compile(r"(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_TOML_END = re.compile(r"(?<=[\r\n])\+\+\+[ \t]*(?:\r\n|\r|\n|\Z)")
_YAML_KEY = re.compile(r"(?:^|[\r\n])[ \t]*[\w\"'][^\r\n:#]*:(?=\s|$)")
_TOML_KEY = re.compile(r"(?:^|[\r\n])[ \t]*(?:\[|[\w\"'][^\r\n=#]*=)")
_PROSE = re.compile(r"\S\s+\S")
_LETTER = re.compile(r"[^\W\d_]")
_FILE_NAME = re.compile(r"[\w ./\\-]+\.[A-Za-z0-9]{2,4}")
_LINE_OF_TOML_ERROR = re.compile(r"\(at line (\d+)")


def read_front_matter(builder: DocumentBuilder) -> int:
    """Read the front matter into `builder` and return where the body starts.

    Raises:
        InputError: There is front matter, and it is broken.
    """
    source = builder.source
    fence = _FENCE.match(source)
    if fence is None:
        return 0
    begin = fence.end()
    is_yaml = fence[1] == "---"
    close = (_YAML_END if is_yaml else _TOML_END).search(source, begin)
    if close is None:
        return 0
    end = close.start()
    text = source[begin:end]
    if text.strip() and (_YAML_KEY if is_yaml else _TOML_KEY).search(text) is None:
        return 0  # a thematic break and prose
    read = _read_yaml if is_yaml else _read_toml
    return close.end() if read(builder, text, begin) else 0


def _is_prose(value: str) -> bool:
    """Tell whether a value is text: not one token, a date, an address or a file name."""
    return (
        _PROSE.search(value) is not None
        and _LETTER.search(value) is not None
        and _FILE_NAME.fullmatch(value) is None
    )


def _checked(pieces: list[Piece], value: str, start: int, end: int) -> list[Piece]:
    """Return `pieces` if they give `value`, or else the value as one piece."""
    if normalise("".join(piece[0] for piece in pieces)) == normalise(value):
        return pieces
    # A piece as long as its source would map character by character.
    return [(value if len(value) != end - start else f"{value} ", start, end - start)]


def _broken(builder: DocumentBuilder, line: int, cause: str) -> InputError:
    return InputError(
        f"{builder.path}:{line}: broken front matter: {cause}; correct it, or remove the fences"
        " around it"
    )


# YAML

_MOST_BRACKETS = 200
_LONGEST_NUMBER = 100
_MOST_MERGED = 10_000
_MERGE = "<<"
_BAD_VALUES = (ValueError, OverflowError, TypeError, IndexError, KeyError, AttributeError)
_LONGEST_FOR_C = 100_000
_DEEP_LINE = re.compile(r"(?:[-?:] ){50}")
_YAML_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r\n|\r|\n)[ \t]*|(.))", re.DOTALL
)
_YAML_LETTERS = dict(zip("0abtnvfre_NLP", "\0\a\b\t\n\v\f\r\x1b\xa0\x85\u2028\u2029", strict=True))
_YAML_PROPERTIES = re.compile(r"(?:[&!][^\s]*\s+)+")
_YAML_COMMENT = re.compile(r"(?:(?<=[\s])|\A)#([^\r\n]*)")
_BLOCK_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def _read_yaml(builder: DocumentBuilder, text: str, begin: int) -> bool:
    """Read YAML; return False if it is no mapping, and so no front matter."""
    import yaml  # noqa: PLC0415 - 40 ms, for drafts with front matter only

    loader = _yaml_loader(yaml, text)
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
        first_line = LineIndex.of(builder.source).position(begin)[0]
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        cause = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise _broken(builder, first_line + (mark.line if mark else 0), cause) from None
    except _BAD_VALUES as error:
        # An impossible date, "!!int" before no number.
        cause = str(error) if isinstance(error, ValueError) else "a value does not suit its type"
        line, _ = LineIndex.of(builder.source).position(begin)
        raise _broken(builder, line, cause) from None
    finally:
        loader.dispose()
    spans = []
    for scalar, key, place in _yaml_scalars(yaml, node, builder):
        start, end = scalar.start_mark.index, scalar.end_mark.index
        spans.append((start, end))
        is_text = scalar.tag == "tag:yaml.org,2002:str" and key
        if is_text and key.split(".")[0] != _OWN_KEY and _is_prose(scalar.value):
            pieces = _yaml_pieces(scalar.style or "", text, start, end)
            shifted = [(piece, at + begin, length) for piece, at, length in pieces]
            value = scalar.value
            builder.value(_checked(shifted, value, start + begin, end + begin), key, place)
    _yaml_comments(builder, text, begin, sorted(spans))
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


def _yaml_loader(yaml: Any, text: str) -> Any:
    """Return the fast loader, or the patient one where nesting could exhaust the C stack."""
    brackets = text.count("[") + text.count("{")
    is_tame = (
        brackets <= _MOST_BRACKETS and len(text) <= _LONGEST_FOR_C and not _DEEP_LINE.search(text)
    )
    fast = getattr(yaml, "CSafeLoader", None)
    return fast(text) if fast is not None and is_tame else yaml.SafeLoader(text)


def _yaml_scalars(
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


def _yaml_pieces(style: str, text: str, start: int, end: int) -> list[Piece]:
    """Return a scalar's pieces by its style; line folding is left to normalisation."""
    properties = _YAML_PROPERTIES.match(text, start, end)
    if properties is not None:
        start = properties.end()
    if style == '"':
        return _escaped(text, start + 1, end - 1, _YAML_ESCAPE, _yaml_escape)
    if style == "'":
        return _escaped(text, start + 1, end - 1, re.compile("''"), lambda _: "'")
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


def _escaped(text: str, start: int, end: int, escape: re.Pattern[str], decode: Any) -> list[Piece]:
    """Split a quoted value at its escapes, each of which is a piece of its own."""
    pieces: list[Piece] = []
    done = start
    for match in escape.finditer(text, start, end):
        first, last = match.span()
        pieces.append((text[done:first], done, first - done))
        pieces.append((decode(match), first, last - first))
        done = last
    pieces.append((text[done:end], done, end - done))
    return [piece for piece in pieces if piece[0]]


def _yaml_escape(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return _character(code)
    if match[4]:
        return ""
    return _YAML_LETTERS.get(match[5], match[5])


def _character(code: str) -> str:
    number = int(code, 16)
    # Half a surrogate pair is no text.
    return "\ufffd" if number > 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)  # noqa: PLR2004


def _yaml_comments(
    builder: DocumentBuilder, text: str, begin: int, spans: list[tuple[int, int]]
) -> None:
    starts = [start for start, _ in spans]
    for match in _YAML_COMMENT.finditer(text):
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or spans[index][1] <= match.start():
            builder.comment(match.start() + begin, match.end() + begin, match[1])


# TOML

_TOML_TOKEN = re.compile(
    r"(?P<comment>\#[^\r\n]*)"
    r'|(?P<text>"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\r\n]++|\\.)*+"'
    r"|'[^'\r\n]*+')"
    r"|(?P<sign>[\[\]{}=,.])"
    r"|(?P<line_end>\r\n|[\r\n])"
    r"|(?P<bare>[^\s\[\]{}=,.\"'#]+)",
    re.DOTALL,
)
_TOML_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([ \t]*(?:\r\n|\r|\n)\s*)|(.))",
    re.DOTALL,
)


def _read_toml(builder: DocumentBuilder, text: str, begin: int) -> bool:
    from medlint import toml  # noqa: PLC0415 - for drafts with TOML front matter only

    try:
        builder.front_matter = toml.loads(text)
    except ValueError as error:
        line = _LINE_OF_TOML_ERROR.search(str(error))
        first_line = LineIndex.of(builder.source).position(begin)[0]
        cause = str(error).split(" (at ")[0]
        raise _broken(builder, first_line + (int(line[1]) - 1 if line else 0), cause) from None
    _TomlReader(builder, text, begin).run()
    return True


class _TomlReader:
    """Finds the places of text values in TOML that is known to be valid."""

    def __init__(self, builder: DocumentBuilder, text: str, begin: int) -> None:
        self._builder = builder
        self._text = text
        self._begin = begin
        self._table: list[str] = []
        self._table_counts: dict[str, int] = {}
        self._parts: list[str] = []
        # Open arrays and inline tables: path, next index (None for a table), place.
        self._nests: list[tuple[list[str], int | None, ListPlace | None]] = []
        self._expects = "key"

    def run(self) -> None:
        """Walk over the tokens."""
        for match in _TOML_TOKEN.finditer(self._text):
            kind = match.lastgroup
            if kind == "comment":
                start, end = match.start() + self._begin, match.end() + self._begin
                self._builder.comment(start, end, match[0][1:])
            elif kind == "line_end":
                if not self._nests:
                    self._expects, self._parts = "key", []
            elif kind == "sign":
                self._sign(match[0])
            elif self._expects in ("key", "header"):
                token = match[0]
                is_text = kind == "text"
                self._parts.append(_toml_value(token) if is_text else token)
            elif self._expects == "value":
                if kind == "text":
                    self._value(match)
                self._expects = "next"

    def _sign(self, sign: str) -> None:
        if self._expects == "header":
            self._header(sign)
        elif sign == "=" and self._expects == "key":
            self._expects = "value"
        elif sign == "[" and self._expects == "key":
            self._expects, self._parts = "header", []
        elif sign == "[" and self._expects == "value":
            parent = self._nests[-1][2] if self._nests else None
            array = self._builder.list_place(parent, led=False)
            self._nests.append((self._path(), 0, array))
        elif sign == "{" and self._expects == "value":
            self._nests.append((self._path(), None, None))
            self._expects, self._parts = "key", []
        elif sign in "]}" and self._nests:
            self._nests.pop()
            self._expects = "next"
        elif sign == "," and self._nests:
            path, index, place = self._nests[-1]
            if index is None:
                self._expects, self._parts = "key", []
            else:
                self._nests[-1] = (path, index + 1, place)
                self._expects = "value"

    def _header(self, sign: str) -> None:
        """Read a table's name; an array of tables has two brackets and counts its tables."""
        if sign == "[":
            self._expects = "header"
            self._parts = [""]
        elif sign == "]":
            parts = self._parts
            if parts and not parts[0]:
                parts = parts[1:]
                name = ".".join(parts)
                count = self._table_counts.get(name, -1) + 1
                self._table_counts[name] = count
                parts = [*parts, str(count)]
            self._table = parts
            self._expects = "next"

    def _path(self) -> list[str]:
        """Return the path of the value that comes now."""
        if not self._nests:
            return self._table + self._parts
        path, index, _ = self._nests[-1]
        return path + (self._parts if index is None else [str(index)])

    def _value(self, match: re.Match[str]) -> None:
        path = self._path()
        value = _toml_value(match[0])
        if path[:1] == [_OWN_KEY] or not _is_prose(value):
            return
        start, end = match.span()
        width = _quote_width(match[0])
        first, last = start + width, end - width
        if match[0][0] == '"':
            pieces = _escaped(self._text, first, last, _TOML_ESCAPE, _yaml_escape)
        else:
            pieces = [(self._text[first:last], first, last - first)]
        begin = self._begin
        place = self._nests[-1][2] if self._nests else None
        shifted = [(text, at + begin, length) for text, at, length in pieces]
        self._builder.value(shifted, ".".join(path), place)


def _quote_width(token: str) -> int:
    return 3 if token.startswith(('"""', "'''")) else 1


def _toml_value(token: str) -> str:
    """Return the text that a TOML string stands for."""
    width = _quote_width(token)
    inner = token[width:-width]
    return inner if token[0] == "'" else _TOML_ESCAPE.sub(_yaml_escape, inner)
