"""The commands, one file each, with a click command called `command`.

They read options, call `api` or `batch`, and print; what two of them need is in `common`.
"""
