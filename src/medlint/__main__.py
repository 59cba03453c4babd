"""`python -m medlint` is `medlint`."""

from __future__ import annotations

from medlint.cli import main

if __name__ == "__main__":
    main()
