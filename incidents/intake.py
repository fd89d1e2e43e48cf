"""From what a frightened person can answer to a severity with its reason, and to "restricted or not". Pure.

The tests are the first column of the severity table (docs/severity.md); the first that matches wins."""

import re
import unicodedata

from msgspec import Struct

from incidents.model import Harm, Severity
from runbooks.model import Runbook

TITLE_MAX = 150
RESTRICTED_HARMS = frozenset(
    {Harm.CHILD_SAFETY, Harm.THREAT_TO_LIFE, Harm.LAW_ENFORCEMENT, Harm.PRIVACY, Harm.INSIDER}
)


class Answers(Struct, frozen=True):
    """The three questions of the declare form; None is "I don't know"."""

    in_danger: bool | None = None
    growing: bool | None = None
    authority: bool | None = None


class Proposal(Struct, frozen=True):
    """A severity and why; one tap changes it."""

    severity: Severity
    why: str


def propose(answers: Answers, harm: Harm = Harm.OTHER, runbook: Runbook | None = None) -> Proposal:
    """If unsure the higher wins. A runbook's floor is never undercut."""
    asked = _from_answers(answers, harm)
    floor = _floor(harm, runbook)
    if floor is not None and floor < asked.severity:
        return Proposal(floor, f"{harm.label} is never below {floor.label}")
    return asked


def _from_answers(answers: Answers, harm: Harm) -> Proposal:
    if answers.in_danger or harm is Harm.THREAT_TO_LIFE:
        return Proposal(Severity.SEV0, "somebody may be in danger now")
    if answers.authority and answers.growing:
        return Proposal(Severity.SEV1, "an authority is waiting and it is still growing")
    if answers.authority:
        return Proposal(Severity.SEV1, "a regulator, court or police is waiting")
    if answers.growing:
        return Proposal(Severity.SEV2, "it is still growing")
    if answers.in_danger is None or answers.growing is None:
        return Proposal(Severity.SEV2, "too little is known yet, and the higher is the safer")
    return Proposal(Severity.SEV3, "nobody is in danger and it is not growing")


def _floor(harm: Harm, runbook: Runbook | None) -> Severity | None:
    if harm is Harm.CHILD_SAFETY:
        return Severity.SEV1
    return Severity(runbook.floor) if runbook is not None and runbook.floor < Severity.SEV4 else None


def lifted(severity: Severity, harm: Harm, runbook: Runbook | None) -> Proposal:
    """The typed severity, raised to the harm area's floor where it is milder than that."""
    floor = _floor(harm, runbook)
    if floor is not None and floor < severity and severity is not Severity.SEV4:
        return Proposal(floor, f"{harm.label} is never below {floor.label}")
    return Proposal(severity, "as declared")


# "Minor outage" speaks of no child; what is not in this list is taken for one.
_SMALL = (
    r"bugs?|changes?|defects?|delays?|degradation|disruptions?|errors?|fix(es)?|glitch(es)?|incidents?|"
    r"interruptions?|issues?|outages?|problems?|releases?|updates?|versions?"
)

# Words that name a harm area in a title. The first list that matches gives the area of a typed declare.
_AREA_WORDS: tuple[tuple[Harm, str], ...] = (
    (Harm.CHILD_SAFETY, rf"csam|csea|child(ren)?|minors?(?! (?:{_SMALL})\b)|grooming|underage|teen(ager)?s?"),
    (
        Harm.THREAT_TO_LIFE,
        r"threat to life|bomb|shoot(er|ing)|kill(ing)?(?![ -]?switch)|murder|hostage|imminent|kidnap\w*",
    ),
    (Harm.SELF_HARM, r"suicid\w*|self[- ]harm\w*"),
    (Harm.LAW_ENFORCEMENT, r"police|law enforcement|subpoena|court|warrant|regulator\w*|europol|fbi"),
    (Harm.PRIVACY, r"privacy|data (leak|breach|exposure)|breach|gdpr|exposed (data|records)|personal data"),
    (Harm.INSIDER, r"insider|employee (abuse|misuse)|rogue (employee|admin)"),
    (Harm.FRAUD, r"fraud\w*|account[- ]?take-?overs?|ato|scam\w*|phish\w*|payout\w*|chargeback\w*"),
    (Harm.API_MISUSE, r"api|developer|key leak|leaked keys?|token leak"),
    (Harm.COORDINATED_ABUSE, r"jailbreak\w*|coordinated|campaign|brigad\w*|bot ?net|influence operation"),
    (Harm.VENDOR_OUTAGE, r"vendor|outage|site down|coverage loss"),
)
_AREAS = tuple((harm, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for harm, words in _AREA_WORDS)

_SENSITIVE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a child", _AREAS[0][1]),
    ("a threat to life", _AREAS[1][1]),
    ("self-harm", _AREAS[2][1]),
    ("an e-mail address", re.compile(r"[^\s@]@[^\s@]+\.\w")),
    ("a link", re.compile(r"\b(?:https?|ftp)://|\bwww\.|<https?:", re.IGNORECASE)),
    ("a phone number", re.compile(r"(?<![\w-])(?!\d{4}-\d\d-\d\d\b)\+?\d[\d ().-]{7,}\d(?![\w-])")),
    ("a person's account", re.compile(r"(?<!\w)@\w{2,}")),
    (
        "an intimate image",
        re.compile(r"\b(?:nudes?|ncii|intimate image\w*|revenge porn|rape\w*)\b", re.IGNORECASE),
    ),
)


def harm_of(title: str) -> Harm:
    """The harm area that the whole of a title, as typed, speaks of, or OTHER."""
    plain = one_line(title)
    return next((harm for harm, words in _AREAS if words.search(plain)), Harm.OTHER)


def restricted_because(title: str, harm: Harm) -> str:
    """Why an incident starts restricted, as the end of "Opened restricted because …"; "" if it does not."""
    plain = one_line(title)
    mention = next((name for name, words in _SENSITIVE if words.search(plain)), "")
    if mention:
        return f"the title mentions {mention}"
    return f"{harm.label.lower()} always starts restricted" if harm in RESTRICTED_HARMS else ""


def clean_title(typed: str) -> tuple[str, str]:
    """What was typed → (title of at most 150 characters, the full text if it was longer, else "").

    White space is folded, controls part words, invisible characters are taken out of them; words are kept.
    """
    folded = one_line(typed)
    if len(folded) <= TITLE_MAX:
        return folded, ""
    cut = folded.rfind(" ", TITLE_MAX // 2, TITLE_MAX)
    return folded[: cut if cut > 0 else TITLE_MAX - 1].rstrip() + "…", typed.strip()


def one_line(typed: str) -> str:
    """The words that can be seen, white space folded: nothing invisible hides, parts or turns them round."""
    return " ".join("".join(map(_plain, typed)).split())


_JOINERS = "\u200c\u200d"  # inside emoji, and inside words of Persian and of India


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cf":
        return character if character in _JOINERS else ""
    return " " if kind in ("Cc", "Cs", "Co", "Zl", "Zp") else character


def folded(title: str) -> str:
    """Titles that are equal after this are the same title."""
    return " ".join(title.casefold().split())
