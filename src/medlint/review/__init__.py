"""Reviewing a draft finding by finding: what `medlint review` does, without a terminal.

`session` holds the state and the steps, `allowing` finds the place for a comment, `phrases` adds
an allowed phrase to a configuration, `memory` remembers what was skipped, `screen` draws.
"""
