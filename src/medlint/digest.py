"""Hashes without OpenSSL, whose import takes five milliseconds."""

from __future__ import annotations

# As the standard library's `random` does; the lean modules are private, so hashlib backs them.
try:
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found]  # before Python 3.12
    except ImportError:
        from hashlib import sha256

try:
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b", "sha256"]
