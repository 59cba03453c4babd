"""The commands, one file each, with a click command called `command`.

They read options, call `api` or `batch`, and print; what two of them need is in `common`.
"""

DEFAULT = "check"
# One file each, imported when it is asked for; the order is that of the help page.
COMMANDS = {
    "check": "Lint drafts (the default command).",
    "fix": "Apply the fixes that need nobody's word.",
    "review": "Walk through a draft's findings in the terminal.",
    "disclose": "Print disclosures to fill in.",
    "rules": "List the rules.",
    "explain": "Explain a rule, or what a sentence means to medlint.",
    "test": "Run the examples of rule files.",
    "eval": "Measure the rules on a labelled corpus.",
    "init": "Write a commented .medlint.yaml.",
    "serve": "Open the review page in a browser, on this machine alone.",
}
