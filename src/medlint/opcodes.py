"""The numbers that the compiler and the matcher agree on."""

from __future__ import annotations

# Symbols that the matcher itself hands out.
NUMBER = 0
CARRIED = 1
# Opcodes of a linear pattern: a symbol, or one of these; a gap of n words is GAP - n, the word set
# of number n is WORDS - n, the group of number n is GROUP - n.
ANY_WORD = -1
START = -2
END = -3
CLAUSE_START = -4
GAP = -10
WORDS = -1_000
GROUP = -1_000_000
# What is known of words is kept together by so many of their first letters.
WORD_KEY = 3
