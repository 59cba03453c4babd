"""Reports that are written piece by piece are those that are made as a whole."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from medlint.reporters import as_json, spliced

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(
    items=st.lists(PLAIN, max_size=4),
    before=PLAIN,
    after=PLAIN,
    depth=st.integers(0, 3),
    cut=st.integers(1, 9),
)
def test_a_list_is_spliced_in(
    items: list[Any], before: Any, after: Any, depth: int, cut: int
) -> None:
    """To the last character what `json.dumps` gives of it all, wherever items are cut."""

    def around(inner: Any) -> Any:
        data: Any = {"before": before, "list": inner, "after": after}
        for number in range(depth):
            data = {"a": 1, "b": [data]} if number % 2 else [data]
        return data

    texts = [as_json(item) for item in items]
    pieces = ([text[n : n + cut] for n in range(0, len(text), cut)] for text in texts)
    made = "".join(spliced(around("\0here"), "\0here", pieces))
    assert made == json.dumps(around(items), ensure_ascii=False, indent=2)
