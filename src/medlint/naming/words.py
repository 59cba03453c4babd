"""Words that tell what names a sentence holds, and names as they read in another sentence."""

from __future__ import annotations

import re

# What joins the parts of an enumeration, and how many such words may stand between two parts.
JOINING = frozenset(", and or / & your the a an".split())
MOST_JOINING = 2
# A longer list of complaints is left to the author.
LONGEST = 90
DETERMINERS = frozenset("our this these the a an".split())
# In "our advanced cell therapy", "our" may stand this many words before the name.
OUR_REACH = 3
# What stands before a function or complaint and stays with it: "the immune system".
KEPT_ARTICLES = frozenset(("the", "your"))
CHANGING = frozenset(("a", "an", "the"))
OWN_ARTICLES = DETERMINERS | frozenset("your each every one such my their".split())
# What makes "treatment" the one that is sold.
POINTING = frozenset(("our", "this", "these", "the"))
# Pronouns that open a claim, and whether they are plural.
PRONOUNS = {"it": False, "this": False, "they": True, "these": True}
# Heads of names that take an article in the singular.
COUNTED = frozenset(
    "aid app bath bed booster boost capsule chamber cleanse cream device diet drip facial filler"
    " formula gel graft gummy implant infusion injection lamp laser lens mask massage mat method"
    " pack patch peel pill plan procedure product program programme protocol retreat scan serum"
    " session shot spray supplement system table tablet technique test tonic transplant".split()
)
# Names that say nothing of what they name.
GENERIC = frozenset(
    "treatment treatments therapy therapies procedure procedures approach approaches medicine"
    " medicines remedy remedies program programs programme programmes method methods solution"
    " solutions option options session sessions visit visits supplement supplements product"
    " products one single each every same".split()
)
# Words that say no more of a complaint than that there is one.
VAGUE = frozenset(
    "disease diseases illness condition conditions problem problems issue issues symptom symptoms"
    " disorder disorders ailment ailments wound function functions damage body life daily common"
    " chronic certain many other various wide range of a the your glow balance speed cells plan"
    " surface matrix lives spots world".split()
)
# What is not sold here: "these traditional treatments", "Chinese medicine".
USUAL = frozenset("medicine traditional conventional standard usual mainstream orthodox".split())
# What a claim is not about, but comes of: "damaged by trauma".
CAUSING = frozenset("by from after during".split())
# What the benefits of what is sold are called: "the benefits of PRP", but "the king of herbs".
BELONGING = frozenset(
    "benefit benefits effect effects power powers use advantage advantages safety success course"
    " session sessions dose doses series science magic combination help form forms type types kind"
    " properties potential injection injections infusion infusions bottle cup drop drops round"
    " rounds effectiveness efficacy risks features".split()
)
# What stands before a name that something is done by or with: "relief with PRP", "we use PRP".
# After another verb it is what comes of the treatment: "makes more collagen".
BEFORE_AGENTS = frozenset(
    "of with by through via using as like from during after in about that whether how if when"
    " while because since but and so where is are was were be being been called use uses used take"
    " takes taking took try tried get gets getting given offer offers offered receive receives"
    " received receiving had have has having add adding adds combine combines combining contains"
    " containing include includes including choose choosing provide provides provided introducing"
    " discover undergo such recommend recommends do does did can could will would may should why"
    " well show shows showed found find say says believe believes think means suggest suggests"
    " credit".split()
)
# What may stand between that and the name.
BEFORE_NAMES = frozenset(
    "only just even several some most many all other new more certain daily regular".split()
)
ADJECTIVE_ENDS = ("al", "ic", "ive", "ous", "ary", "ese")
# "Levels of collagen", "an increase in melatonin": the body's own.
MEASURED = frozenset(
    "level levels production amount amounts release formation growth synthesis loss lack supply"
    " result results increase decrease rise boost source concentration".split()
)
LINKING = frozenset("is are was were be being been".split())
# What is compared, or left out: "unlike in acupuncture, needles go straight in".
APART = frozenset("unlike than versus vs without instead before".split())
PRONOUN_SUBJECTS = frozenset("it which who this he she also".split())
# What a name goes on with that stands before it: "our stem cell programme".
HEADS = frozenset(
    "treatment treatments therapy therapies procedure procedures program programs programme"
    " programmes protocol protocols regimen regimens formula formulas tincture tinctures gummies"
    " capsules tablets pills drops injection injections infusion infusions supplement supplements"
    " cream creams serum serums device devices session sessions product products system systems"
    " plan plans package packages facial facials kit kits".split()
)
# "Faster recovery" is what is claimed; the claim is about recovery.
COMPARED = frozenset(
    "faster better deeper thicker healthier stronger smoother shorter quicker improved enhanced"
    " increased reduced sharper greater fewer less more new softer firmer brighter clearer plumper"
    " younger younger-looking".split()
)
# Words that keep a small letter in a title, however long they are.
SMALL_IN_TITLES = frozenset(
    "with without through from into over under your their that this than when after before".split()
)
# How many words after "of" belong to a name: "the texture of the skin".
OF_REACH = 4
# Adjectives that lead nowhere else: "in a natural way".
EMPTY_HEADS = frozenset("way manner fashion".split())
SUPERLATIVES = frozenset("most best first leading".split())
# Words that have their capital everywhere.
NAMES = frozenset("Lyme Chinese Indian Korean Japanese Swedish Thai Ayurvedic Ayurveda".split())
SINGULAR_ENDS = ("ss", "us", "is", "'s", "diabetes", "herpes", "shingles", "measles", "rabies")
PLURALS = frozenset("people teeth feet men women children bacteria".split())
HEAD_ENDS = (" of ", " for ", " with ", " in ", " to ")
# What stands between two adjectives of one noun, and before them.
BETWEEN_PRAISE = frozenset((",", "and"))
INTENSIFIERS = frozenset(
    "very highly truly totally completely entirely really so extremely most more virtually".split()
)
BEFORE_NOUNS = DETERMINERS | frozenset(
    "with of for to by through from in into using as on at about offers offer provides provide use"
    " uses get try choose your their its my is are was not that".split()
)
# What a line that leads in a list ends with where its items end the sentence: "if you:".
UNFINISHED = frozenset(
    "a an and are can for from have help including is may notice of or report that the to who will"
    " with you".split()
)
# What it ends with where the items are parts of a thing.
HOLDING = frozenset("include includes contain contains combine combines use uses".split())
# What makes them outcomes: "benefits include:".
OUTCOMES = frozenset(
    "benefit benefits advantage advantages result results effect effects outcome outcomes change"
    " changes improvement improvements reason reasons condition conditions symptom symptoms use"
    " uses".split()
)
# What an answer may consist of that says no more than yes or no: "Not at all."
ANSWERS = frozenset(
    "yes no not none never absolutely definitely certainly completely of course at all sure nope"
    " yep it is does they are do".split()
)
# Words that no noun phrase begins with: there the praise is all that is said.
NO_NOUNS = frozenset(
    "is are was were be been being has have had do does did can could will would may might must"
    " should and or but nor in on at of to for from by with as than that which who when while"
    " because if enough so not yet though as , . : ; ! ? ( ) —".split()
)
# What may follow a noun that is named whole: "relieves pain within days", "reduces pain naturally".
# Behind any other word, the noun may be the beginning of a longer name: "mild pain reliever".
AFTER_NOUNS = NO_NOUNS | frozenset(
    "without within over under after before during through throughout into onto about around near"
    " between among across against upon up down out off until since unless where whose whom why how"
    " fast faster quickly soon sooner again today tonight now then once twice too also well long"
    " longer even only both either plus per via like such here there every each all any just still"
    " right quick instantly alike overall altogether better patients sufferers relief"
    " improve improves improved return returns returned respond responds restored eased gone you"
    " your we our it its they their i".split()
)
LETTERS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
# A word of so many letters is capitalised in a line only where the line is in title case.
LONG_WORD = 4


def small(word: str) -> str:
    """Return a word in small letters unless it looks like a name: PRP, Ortho-K, Parkinson's."""
    if word.endswith("'s") or word in NAMES:
        return word
    return word.lower() if all(part[1:].islower() for part in word.split("-")) else word


def enumerated(text: str) -> str:
    """Return an enumeration whose rest is no part of it with an "and" before its last name.

    "Intense pulsed light, IPL" is one thing, and so is "mitochondria, the power stations".
    """
    if ", " not in text or any(f" {word} " in text for word in ("and", "or", "&")):
        return text
    before, _, last = text.rpartition(", ")
    if ", " not in before and (last.isupper() or last.startswith("the ")):
        return before
    return f"{before} and {last}"


def head_of(text: str) -> str:
    """Return the last word of a name, before "of" and the like."""
    for sign in HEAD_ENDS:
        text = text.partition(sign)[0]
    return text.rpartition(" ")[2]


def is_plural(text: str) -> bool:
    """Tell whether a name takes a verb in the plural."""
    if " and " in text or " & " in text:
        return True
    head = head_of(text)
    if head.isupper():
        return False
    head = head.lower()
    if head in PLURALS:
        return True
    return head.endswith("s") and not head.endswith(SINGULAR_ENDS)
