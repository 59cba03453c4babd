"""British and American spellings of a word, generated when rules are compiled."""

from __future__ import annotations

from functools import lru_cache

_OUR_WORDS = frozenset(
    "armour behaviour clamour colour demeanour endeavour favour fervour flavour glamour harbour"
    " honour humour labour neighbour odour parlour rigour rumour saviour savour splendour tumour"
    " valour vapour vigour".split()
)
_PAIRS = {
    "aeroplane": "airplane",
    "aluminium": "aluminum",
    "analyse": "analyze",
    "catalyse": "catalyze",
    "centre": "center",
    "defence": "defense",
    "fibre": "fiber",
    "grey": "gray",
    "licence": "license",
    "litre": "liter",
    "manoeuvre": "maneuver",
    "metre": "meter",
    "mould": "mold",
    "offence": "offense",
    "paralyse": "paralyze",
    "plough": "plow",
    "practise": "practice",
    "programme": "program",
    "sceptical": "skeptical",
    "skilful": "skillful",
    "sulphur": "sulfur",
    "theatre": "theater",
    "ageing": "aging",
    "catheterise": "catheterize",
}
_PAIRS_BACK = {american: british for british, american in _PAIRS.items()}
_NOT_ISE = frozenset(
    "advertise advise arise chastise circumcise comprise compromise demise despise devise disguise"
    " enterprise excise exercise expertise franchise guise improvise incise merchandise noise"
    " otherwise poise praise precise premise promise raise revise rise size supervise surmise"
    " surprise televise treatise wise bruise disease cruise prize seize capsize maize".split()
)
_LIGATURES = (
    ("aemi", "emi"),
    ("aem", "em"),
    ("haem", "hem"),
    ("paed", "ped"),
    ("oestro", "estro"),
    ("oesoph", "esoph"),
    ("oedem", "edem"),
    ("foet", "fet"),
    ("gynaec", "gynec"),
    ("anaes", "anes"),
    ("caes", "ces"),
    ("diarrhoe", "diarrhe"),
    ("orthopaed", "orthoped"),
    ("leukaem", "leukem"),
    ("ischaem", "ischem"),
    ("faec", "fec"),
    ("coeliac", "celiac"),
    ("homoeo", "homeo"),
    ("menorrhoe", "menorrhe"),
    ("apnoe", "apne"),
    ("dyspnoe", "dyspne"),
)


@lru_cache(maxsize=65_536)
def spelling_variants(word: str) -> tuple[str, ...]:
    """Return a word in its British and American spellings, itself first."""
    if not word.islower():
        return (word,)
    variants = [word]
    for stem, ending in _stems(word):
        swapped = _PAIRS.get(stem) or _PAIRS_BACK.get(stem)
        if swapped:
            variants.append(swapped + ending)
        if stem in _OUR_WORDS:
            variants.append(stem[:-3] + "or" + ending)
        if stem.endswith("or") and stem[:-2] + "our" in _OUR_WORDS:
            variants.append(stem[:-2] + "our" + ending)
    variants += _ise_variants(word)
    for old, new in _LIGATURES:
        if old in word:
            variants.append(word.replace(old, new))
    return tuple(dict.fromkeys(variants))


def _stems(word: str) -> tuple[tuple[str, str], ...]:
    endings = ("", "s", "ed", "d", "ing", "able", "al", "ful", "less", "ous", "er", "ers")
    return tuple(
        (word[: len(word) - len(ending)] if ending else word, ending)
        for ending in endings
        if word.endswith(ending)
    )


def _ise_variants(word: str) -> list[str]:
    variants = []
    for british, american in (("is", "iz"), ("iz", "is"), ("ys", "yz"), ("yz", "ys")):
        for ending in ("e", "es", "ed", "er", "ers", "ing", "ation", "ations", "able"):
            tail = british + ending
            if not word.endswith(tail) or len(word) < len(tail) + 3:
                continue
            base = word[: -len(ending)] + "e"
            if base in _NOT_ISE or (british[0] == "y" and "ly" not in word):
                continue
            variants.append(word[: -len(tail)] + american + ending)
    return variants
