"""medlint: a linter for marketing copy about health."""

__version__ = "0.1.0"
