"""The run cache's files: read back whole, or not at all."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections import OrderedDict
from datetime import date
from pathlib import Path

import pytest

from medlint import runcache
from medlint.config import Choices
from medlint.findings import Product, Severity
from medlint.runcache import Entry, RunCache, described, key_of

KEY = key_of([b"a draft"])
ENTRY = Entry(b"body", (("core", "1"), ("us", "2")), b"text")


def files(folder: Path) -> list[Path]:
    """Return all files below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_an_entry_comes_back(tmp_path: Path) -> None:
    """Under its own key, from another cache object, and with nobody else's rights."""
    assert RunCache(tmp_path).get(KEY, "") is None
    assert not RunCache(tmp_path).exists()
    RunCache(tmp_path).put(KEY, ENTRY)
    assert RunCache(tmp_path).exists()
    assert RunCache(tmp_path).get(KEY, "2026-01-01") == ENTRY
    assert RunCache(tmp_path).get(key_of([b"another"]), "") is None
    (file,) = files(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_entry_may_hold_for_one_day(tmp_path: Path) -> None:
    """What may expire is not taken for true on another day, earlier or later."""
    cache = RunCache(tmp_path)
    entry = Entry(b"body", (), day="2026-11-22")
    cache.put(KEY, entry)
    days = ["2026-11-21", "2026-11-22", "2026-11-23", ""]
    assert [cache.get(KEY, day) for day in days] == [None, entry, None, None]


def test_a_damaged_entry_counts_as_none(tmp_path: Path) -> None:
    """Cut off anywhere, any byte changed, or grown: not one of them is read."""
    cache = RunCache(tmp_path)
    cache.put(KEY, ENTRY)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for number in range(len(whole)):
        file.write_bytes(whole[:number])
        assert cache.get(KEY, "") is None
        file.write_bytes(whole[:number] + bytes([whole[number] ^ 1]) + whole[number + 1 :])
        assert cache.get(KEY, "") is None
    file.write_bytes(whole + b"\0")
    assert cache.get(KEY, "") is None
    file.write_bytes(whole)
    assert cache.get(KEY, "") == ENTRY


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"N",
        b"\xff",
        b"(\xff\xff\xff\x7f",
        b"i\x01\x00\x00\x00",
        b")\x02N",
        b")\x01N",
        b")\xffN",
    ],
)
def test_a_forged_body_counts_as_none(tmp_path: Path, body: bytes) -> None:
    """Even with the right hash, what is no entry is none."""
    cache = RunCache(tmp_path)
    cache.put(KEY, ENTRY)
    (file,) = files(tmp_path)
    file.write_bytes(b"medlint1" + runcache._digest(body) + KEY + body)  # noqa: SLF001
    assert cache.get(KEY, "") is None


def test_an_entry_under_another_name_counts_as_none(tmp_path: Path) -> None:
    """A clean report cannot be lent to another draft by renaming its file."""
    cache, other = RunCache(tmp_path), key_of([b"another"])
    cache.put(KEY, ENTRY)
    cache.put(other, Entry(b"other", ()))
    first, second = sorted(files(tmp_path), key=lambda path: KEY.hex()[2:] not in path.name)
    second.write_bytes(first.read_bytes())
    assert (cache.get(KEY, ""), cache.get(other, "")) == (ENTRY, None)


def test_what_others_can_write_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry of another user, or that others may have changed, counts as none."""
    cache = RunCache(tmp_path)
    cache.put(KEY, ENTRY)
    (file,) = files(tmp_path)
    for mode in (0o620, 0o602):
        file.chmod(mode)
        assert cache.get(KEY, "") is None
    file.chmod(0o600)
    assert cache.get(KEY, "") == ENTRY
    own = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    assert cache.get(KEY, "") is None


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_is_no_regular_file_counts_as_none(tmp_path: Path, kind: str) -> None:
    """A link, a folder or a pipe in an entry's place is left alone, and nothing waits for it."""
    cache = RunCache(tmp_path / "cache")
    cache.put(KEY, ENTRY)
    (file,) = files(tmp_path)
    if kind == "link":
        file.rename(tmp_path / "elsewhere")
        file.symlink_to(tmp_path / "elsewhere")
    else:
        file.unlink()
        file.mkdir() if kind == "folder" else os.mkfifo(file)
    assert cache.get(KEY, "") is None


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """Nothing is written below a file, say, and it is tried once only."""
    (tmp_path / "file").write_text("")
    cache = RunCache(tmp_path / "file")
    cache.put(KEY, ENTRY)
    (tmp_path / "file").unlink()
    cache.put(KEY, ENTRY)
    assert cache.get(KEY, "") is None
    assert files(tmp_path) == []


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that could not be written whole is taken away again."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache = RunCache(tmp_path)
    cache.put(KEY, ENTRY)
    assert files(tmp_path) == []
    assert cache.get(KEY, "") is None


def test_an_entry_too_large_is_not_kept(tmp_path: Path) -> None:
    """It would push all others of its folder out."""
    cache = RunCache(tmp_path)
    cache.put(KEY, Entry(bytes(runcache.MOST_BYTES), ()))
    assert files(tmp_path) == []


def in_one_folder(count: int) -> list[bytes]:
    """Return keys whose entries share a folder."""
    return [b"\0" + number.to_bytes(15, "big") for number in range(count)]


def test_the_cache_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entries that were used last stay, whatever was written first; half-written files go."""
    monkeypatch.setattr(runcache, "MOST_ENTRIES", 20)
    monkeypatch.setattr(runcache, "_WRITES", 1)
    keys = in_one_folder(30)
    cache = RunCache(tmp_path)
    now = time.time()
    for number, key in enumerate(keys[:20]):
        cache.put(key, ENTRY)
        path = cache._path(key)  # noqa: SLF001
        os.utime(path, (now - 1e6 + number,) * 2)
    half = Path(cache._path(keys[0]) + ".1.2")  # noqa: SLF001
    half.write_bytes(b"half")
    os.utime(half, (now - 1e5,) * 2)
    # In use again: the oldest is now the youngest.
    assert cache.get(keys[0], "") == ENTRY
    cache.put(keys[20], ENTRY)
    left = [number for number, key in enumerate(keys) if cache.get(key, "")]
    assert left == [0, *range(6, 21)]
    assert len(files(tmp_path)) == 16


def test_the_cache_is_bounded_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large entries leave room for fewer."""
    monkeypatch.setattr(runcache, "MOST_BYTES", 10_000)
    monkeypatch.setattr(runcache, "_WRITES", 1)
    cache = RunCache(tmp_path)
    for key in in_one_folder(50):
        cache.put(key, Entry(bytes(900), ()))
        assert sum(path.stat().st_size for path in files(tmp_path)) <= 11_000


def test_runs_at_once_do_no_harm(tmp_path: Path) -> None:
    """Writers and readers of the same entries see each whole or not at all."""
    keys = in_one_folder(8)
    wrong: list[Entry] = []

    def work() -> None:
        cache = RunCache(tmp_path)
        for _ in range(20):
            for key in keys:
                cache.put(key, Entry(key * 500, ()))
                found = cache.get(key, "")
                if found != Entry(key * 500, ()):
                    wrong.append(found or ENTRY)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(files(tmp_path)) == 8


def test_keys_tell_parts_apart() -> None:
    """What stands in one part is not the same in another."""
    made = {key_of(parts) for parts in ([b"ab", b"c"], [b"a", b"bc"], [b"abc"], [b"abc", b""])}
    assert len(made) == 4


def test_a_description_is_the_same_for_equal_values_only() -> None:
    """The order of sets and mappings does not count; everything else does."""
    one = Choices(product=Product.DEVICE, rules={"a": False, "b": Severity.ERROR}, allow=("x",))
    two = Choices(
        product=Product.DEVICE, rules=OrderedDict(b=Severity.ERROR, a=False), allow=("x",)
    )
    assert described(dict(one.rules)) == described(dict(two.rules))
    assert described(frozenset("abc")) == described(frozenset("cab"))
    different: list[object] = [
        one,
        Choices(product=Product.DEVICE, rules={"a": False, "b": Severity.WARNING}, allow=("x",)),
        Choices(product=Product.DEVICE, rules={"a": False, "b": "error"}, allow=("x",)),  # type: ignore[dict-item]
        Choices(product=Product.DEVICE, rules={"a": False}, allow=("x",)),
        Choices(product=Product.DEVICE, rules={"a": False}, ignore=("x",)),
        ("a", "b"),
        ("a,str:'b'",),
        ["a", "b"],
        "1",
        1,
        True,
        1.0,
        b"1",
        None,
        "None",
        date(2026, 1, 1),
        "2026-01-01",
        Path("x"),
    ]
    assert len({described(value) for value in different}) == len(different)
    with pytest.raises(TypeError, match="cannot describe a object"):
        described((object(),))
