"""English inflection, generated when rules are compiled.

Regular rules and a table of irregular words; nominalisations and adjectives are lexicon entries.
"""

from __future__ import annotations

from functools import lru_cache

from medlint.records import dataclass

# base: past, past participle, rarer past forms (third person and -ing form are regular)
_IRREGULAR_VERBS: dict[str, tuple[str, ...]] = {
    "arise": ("arose", "arisen"),
    "awake": ("awoke", "awoken"),
    "be": ("was", "been"),
    "bear": ("bore", "borne"),
    "beat": ("beat", "beaten"),
    "become": ("became", "become"),
    "begin": ("began", "begun"),
    "bid": ("bid", "bid"),
    "bind": ("bound", "bound"),
    "bite": ("bit", "bitten"),
    "bleed": ("bled", "bled"),
    "blow": ("blew", "blown"),
    "break": ("broke", "broken"),
    "bring": ("brought", "brought"),
    "build": ("built", "built"),
    "burn": ("burned", "burned", "burnt"),
    "burst": ("burst", "burst"),
    "buy": ("bought", "bought"),
    "catch": ("caught", "caught"),
    "choose": ("chose", "chosen"),
    "cling": ("clung", "clung"),
    "come": ("came", "come"),
    "cost": ("cost", "cost"),
    "cut": ("cut", "cut"),
    "deal": ("dealt", "dealt"),
    "do": ("did", "done"),
    "draw": ("drew", "drawn"),
    "drink": ("drank", "drunk"),
    "drive": ("drove", "driven"),
    "eat": ("ate", "eaten"),
    "fall": ("fell", "fallen"),
    "feed": ("fed", "fed"),
    "feel": ("felt", "felt"),
    "fight": ("fought", "fought"),
    "find": ("found", "found"),
    "flee": ("fled", "fled"),
    "fly": ("flew", "flown"),
    "foresee": ("foresaw", "foreseen"),
    "forget": ("forgot", "forgotten"),
    "forgive": ("forgave", "forgiven"),
    "forgo": ("forwent", "forgone"),
    "freeze": ("froze", "frozen"),
    "get": ("got", "gotten"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "grind": ("ground", "ground"),
    "grow": ("grew", "grown"),
    "hang": ("hung", "hung"),
    "have": ("had", "had"),
    "hear": ("heard", "heard"),
    "hide": ("hid", "hidden"),
    "hit": ("hit", "hit"),
    "hold": ("held", "held"),
    "hurt": ("hurt", "hurt"),
    "keep": ("kept", "kept"),
    "knit": ("knit", "knit", "knitted"),
    "know": ("knew", "known"),
    "lay": ("laid", "laid"),
    "lead": ("led", "led"),
    "learn": ("learned", "learned", "learnt"),
    "leave": ("left", "left"),
    "lend": ("lent", "lent"),
    "let": ("let", "let"),
    "lie": ("lay", "lain"),
    "light": ("lit", "lit", "lighted"),
    "lose": ("lost", "lost"),
    "make": ("made", "made"),
    "mean": ("meant", "meant"),
    "meet": ("met", "met"),
    "outdo": ("outdid", "outdone"),
    "outgrow": ("outgrew", "outgrown"),
    "overcome": ("overcame", "overcome"),
    "pay": ("paid", "paid"),
    "put": ("put", "put"),
    "quit": ("quit", "quit"),
    "read": ("read", "read"),
    "rebuild": ("rebuilt", "rebuilt"),
    "redo": ("redid", "redone"),
    "regrow": ("regrew", "regrown"),
    "remake": ("remade", "remade"),
    "reset": ("reset", "reset"),
    "rethink": ("rethought", "rethought"),
    "rewind": ("rewound", "rewound"),
    "rewrite": ("rewrote", "rewritten"),
    "rid": ("rid", "rid"),
    "ride": ("rode", "ridden"),
    "rise": ("rose", "risen"),
    "run": ("ran", "run"),
    "say": ("said", "said"),
    "see": ("saw", "seen"),
    "seek": ("sought", "sought"),
    "sell": ("sold", "sold"),
    "send": ("sent", "sent"),
    "set": ("set", "set"),
    "shake": ("shook", "shaken"),
    "shed": ("shed", "shed"),
    "shine": ("shone", "shone"),
    "show": ("showed", "shown"),
    "shrink": ("shrank", "shrunk"),
    "shut": ("shut", "shut"),
    "sing": ("sang", "sung"),
    "sink": ("sank", "sunk"),
    "sit": ("sat", "sat"),
    "sleep": ("slept", "slept"),
    "slow": ("slowed", "slowed"),
    "speak": ("spoke", "spoken"),
    "speed": ("sped", "sped", "speeded"),
    "spend": ("spent", "spent"),
    "spin": ("spun", "spun"),
    "spread": ("spread", "spread"),
    "spring": ("sprang", "sprung"),
    "stand": ("stood", "stood"),
    "steal": ("stole", "stolen"),
    "stick": ("stuck", "stuck"),
    "sting": ("stung", "stung"),
    "strike": ("struck", "struck", "stricken"),
    "swear": ("swore", "sworn"),
    "sweep": ("swept", "swept"),
    "swell": ("swelled", "swollen"),
    "swim": ("swam", "swum"),
    "take": ("took", "taken"),
    "teach": ("taught", "taught"),
    "tear": ("tore", "torn"),
    "tell": ("told", "told"),
    "think": ("thought", "thought"),
    "throw": ("threw", "thrown"),
    "turn": ("turned", "turned"),
    "undergo": ("underwent", "undergone"),
    "understand": ("understood", "understood"),
    "undo": ("undid", "undone"),
    "unwind": ("unwound", "unwound"),
    "upset": ("upset", "upset"),
    "wake": ("woke", "woken"),
    "wear": ("wore", "worn"),
    "win": ("won", "won"),
    "wind": ("wound", "wound"),
    "withdraw": ("withdrew", "withdrawn"),
    "withstand": ("withstood", "withstood"),
    "write": ("wrote", "written"),
}
_IRREGULAR_PLURALS = {
    "alga": "algae",
    "analysis": "analyses",
    "axis": "axes",
    "bacterium": "bacteria",
    "bronchus": "bronchi",
    "calf": "calves",
    "child": "children",
    "crisis": "crises",
    "criterion": "criteria",
    "diagnosis": "diagnoses",
    "disease": "diseases",
    "fibrosis": "fibroses",
    "foot": "feet",
    "fungus": "fungi",
    "half": "halves",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "loaf": "loaves",
    "man": "men",
    "metastasis": "metastases",
    "mitochondrion": "mitochondria",
    "mouse": "mice",
    "nucleus": "nuclei",
    "ovum": "ova",
    "person": "people",
    "phenomenon": "phenomena",
    "prognosis": "prognoses",
    "self": "selves",
    "serum": "sera",
    "shelf": "shelves",
    "stimulus": "stimuli",
    "stomach": "stomachs",
    "testis": "testes",
    "thrombosis": "thromboses",
    "tooth": "teeth",
    "vertebra": "vertebrae",
    "virus": "viruses",
    "wife": "wives",
    "woman": "women",
}
_IRREGULAR_BASES = {past: base for base, pasts in _IRREGULAR_VERBS.items() for past in pasts} | {
    many: single for single, many in _IRREGULAR_PLURALS.items()
}
_NO_MEN = frozenset("german human roman shaman talisman".split())
# Final consonant doubles although the word has more than one syllable.
_DOUBLING = frozenset(
    "abhor admit begin commit compel confer control defer deter dispel emit equip excel expel"
    " forget incur infer occur omit outfit permit prefer propel quit rebut recur refer regret repel"
    " reset sidestep submit transfer transmit unclog unplug unwrap unzip upset".split()
)
# Both spellings are in use: "remodeled" and "remodelled", "benefited" and "benefitted".
_BRITISH_DOUBLING = frozenset(
    "benefit cancel channel combat counsel dial enrol equal focus fuel fulfil label level model"
    " remodel rival signal swivel target total travel tunnel unravel".split()
)
_ES_AFTER_O = frozenset("go do undergo undo outdo redo forgo echo hero".split())
_VOWELS = "aeiou"
_SHORTEST_DOUBLED = len("rub")


@dataclass(frozen=True, slots=True)
class VerbForms:
    """The forms of a verb; `past` holds past tense and past participle."""

    base: tuple[str, ...]
    past: tuple[str, ...]
    ing: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every form, without repeats."""
        return tuple(dict.fromkeys(self.base + self.past + self.ing))


def verb_forms(word: str) -> VerbForms:
    """Return a verb's forms: base and third person, past forms, -ing form."""
    word = word.lower()
    past = _IRREGULAR_VERBS.get(word) or (_regular_past(word),)
    base: tuple[str, ...] = (word, _with_s(word))
    if word == "be":
        base, past = ("be", "is", "are", "am"), ("was", "were", "been")
    elif word == "have":
        base = ("have", "has")
    ing = _ing_forms(word)
    doubled = word + word[-1]
    if word in _BRITISH_DOUBLING:
        return VerbForms(base, (*past, doubled + "ed"), (*ing, doubled + "ing"))
    return VerbForms(base, tuple(dict.fromkeys(past)), ing)


def plural(word: str) -> str:
    """Return the plural of a noun, in lower case unless it is a name in capitals."""
    if word.isupper():
        return word + "s"
    lower = word.lower()
    if lower in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[lower]
    for ending in ("woman", "man"):
        if lower.endswith(ending) and lower not in _NO_MEN:
            return lower[: -len(ending)] + _IRREGULAR_PLURALS[ending]
    if lower.endswith("sis"):
        return lower[:-2] + "es"
    return _with_s(lower)


@lru_cache(maxsize=65_536)
def singulars(word: str) -> tuple[str, ...]:
    """Return what a word may be the plural of, the word itself first."""
    candidates = [word]
    for single, many in _IRREGULAR_PLURALS.items():
        if many == word:
            candidates.append(single)
    if word.endswith("ies") and len(word) > len("ties"):
        candidates.append(word[:-3] + "y")
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        candidates.append(word[:-2])
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        candidates.append(word[:-1])
    return tuple(dict.fromkeys(candidates))


def base_form(word: str) -> str:
    """Return the word that an irregular past form or plural belongs to, or the word itself."""
    return _IRREGULAR_BASES.get(word, word)


def inflections(word: str) -> tuple[str, ...]:
    """Return every inflection of a word as verb and as noun, the word itself first."""
    if word.isupper() and len(word) > 1:
        return (word, word + "s")
    lower = word.lower()
    return tuple(dict.fromkeys((lower, *verb_forms(lower).all, plural(lower))))


def _with_s(word: str) -> str:
    if word.endswith("y") and len(word) > 1 and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word in _ES_AFTER_O:
        return word + "es"
    return word + "s"


def _regular_past(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and len(word) > 1 and word[-2] not in _VOWELS:
        return word[:-1] + "ied"
    return _doubled(word) + "ed"


def _ing_forms(word: str) -> tuple[str, ...]:
    if word.endswith("ie"):
        return (word[:-2] + "ying",)
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")) and word != "be":
        stem = word[:-1] + "ing"
        return (stem, word + "ing") if word == "age" else (stem,)
    return (_doubled(word) + "ing",)


def _doubled(word: str) -> str:
    """Double a final consonant where English does: "stop", "control", not "heal", "fix"."""
    if word in _DOUBLING:
        return word + word[-1]
    if len(word) < _SHORTEST_DOUBLED or word[-1] in _VOWELS + "wxy":
        return word
    short = word[-2] in _VOWELS and word[-3] not in _VOWELS
    one_syllable = sum(letter in _VOWELS + "y" for letter in word) == 1
    return word + word[-1] if short and one_syllable else word
