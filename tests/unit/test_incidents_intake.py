"""From what a frightened person types to a severity, a harm area, and open or restricted."""

import pytest

from incidents.intake import (
    RESTRICTED_HARMS,
    TITLE_MAX,
    Answers,
    clean_title,
    folded,
    harm_of,
    lifted,
    propose,
    restricted_because,
)
from incidents.model import Harm, Severity
from runbooks.catalogue import library_path, load

BOOKS = load(library_path())


@pytest.mark.parametrize(
    ("answers", "severity", "why"),
    [
        (Answers(in_danger=True), Severity.SEV0, "somebody may be in danger"),
        (Answers(in_danger=True, growing=False, authority=False), Severity.SEV0, "in danger"),
        (Answers(False, True, True), Severity.SEV1, "an authority is waiting and it is still growing"),
        (Answers(False, False, True), Severity.SEV1, "regulator, court or police"),
        (Answers(False, True, False), Severity.SEV2, "still growing"),
        (Answers(), Severity.SEV2, "too little is known"),
        (Answers(None, False, False), Severity.SEV2, "too little is known"),
        (Answers(False, None, False), Severity.SEV2, "too little is known"),
        (Answers(False, False, False), Severity.SEV3, "nobody is in danger"),
        (Answers(False, False, None), Severity.SEV3, "nobody is in danger"),
    ],
)
def test_the_first_test_that_matches_gives_the_severity(
    answers: Answers, severity: Severity, why: str
) -> None:
    proposal = propose(answers)
    assert proposal.severity is severity
    assert why in proposal.why


def test_an_imminent_threat_to_life_is_the_gravest_whatever_was_answered() -> None:
    assert propose(Answers(False, False, False), Harm.THREAT_TO_LIFE).severity is Severity.SEV0


@pytest.mark.parametrize(
    ("harm", "floor"),
    [
        (Harm.CHILD_SAFETY, Severity.SEV1),
        (Harm.PRIVACY, Severity.SEV1),
        (Harm.FRAUD, Severity.SEV2),
        (Harm.OTHER, Severity.SEV3),
    ],
)
def test_no_proposal_and_no_typed_severity_undercuts_the_floor(harm: Harm, floor: Severity) -> None:
    book = BOOKS.for_harm(harm.value)
    assert propose(Answers(False, False, False), harm, book).severity is floor
    assert lifted(Severity.SEV3, harm, book).severity is floor


def test_a_floor_says_why_and_lowers_nothing() -> None:
    book = BOOKS.for_harm(Harm.FRAUD.value)
    assert lifted(Severity.SEV3, Harm.FRAUD, book).why == "Fraud is never below SEV2"
    assert lifted(Severity.SEV0, Harm.FRAUD, book).severity is Severity.SEV0
    assert propose(Answers(True), Harm.FRAUD, book).severity is Severity.SEV0
    assert propose(Answers(), Harm.CHILD_SAFETY).severity is Severity.SEV1


def test_a_drill_stays_a_drill() -> None:
    assert lifted(Severity.SEV4, Harm.CHILD_SAFETY, None).severity is Severity.SEV4


@pytest.mark.parametrize(
    ("title", "harm"),
    [
        ("CSAM found in uploads", Harm.CHILD_SAFETY),
        ("A minor was contacted", Harm.CHILD_SAFETY),
        ("bomb threat against a school", Harm.THREAT_TO_LIFE),
        ("self-harm cluster", Harm.SELF_HARM),
        ("Europol asks for data", Harm.LAW_ENFORCEMENT),
        ("personal data of 300 people exposed", Harm.PRIVACY),
        ("rogue employee reads chats", Harm.INSIDER),
        ("Account-takeover wave in EU", Harm.FRAUD),
        ("leaked keys in a repository", Harm.API_MISUSE),
        ("jailbreaks spread", Harm.COORDINATED_ABUSE),
        ("vendor site down", Harm.VENDOR_OUTAGE),
        ("something odd", Harm.OTHER),
    ],
)
def test_a_title_names_its_harm_area(title: str, harm: Harm) -> None:
    assert harm_of(title) is harm


@pytest.mark.parametrize(
    "title", ["Minor bug in the queue", "Minor issues", "kill switch pressed", "kill-switch"]
)
def test_words_that_only_look_grave_are_left_alone(title: str) -> None:
    assert harm_of(title) is Harm.OTHER
    assert restricted_because(title, Harm.OTHER) == ""


@pytest.mark.parametrize(
    ("title", "mention"),
    [
        ("A child is groomed", "a child"),
        ("He will kill her", "a threat to life"),
        ("suicide note", "self-harm"),
        ("writes from jo@example.org", "an e-mail address"),
        ("see https://example.org/x", "a link"),
        ("see www.example.org", "a link"),
        ("calls from +44 20 7946 0958", "a phone number"),
        ("<@U024BE7LH> posts it", "a person's account"),
        ("nudes are traded", "an intimate image"),
        ("chi\u00adld in danger", "a child"),
        ("chi\u200bld in danger", "a child"),
    ],
)
def test_a_sensitive_word_restricts_and_says_which_kind(title: str, mention: str) -> None:
    assert restricted_because(title, Harm.OTHER) == f"the title mentions {mention}"


def test_a_date_is_no_phone_number() -> None:
    assert restricted_because("Payouts fail since 2026-11-30 14:05", Harm.OTHER) == ""


@pytest.mark.parametrize("harm", list(Harm))
def test_five_harm_areas_start_restricted_whatever_the_title(harm: Harm) -> None:
    assert bool(restricted_because("Something odd", harm)) is (harm in RESTRICTED_HARMS)


def test_a_long_title_is_cut_at_a_word_and_kept_whole_beside_it() -> None:
    typed = "payouts are held " * 250
    title, rest = clean_title(typed[:4000])
    assert len(title) <= TITLE_MAX
    assert title.endswith(" are…")
    assert rest == typed[:4000].strip()


def test_a_long_title_without_spaces_is_cut_at_its_length() -> None:
    title, _ = clean_title("x" * 4000)
    assert title == "x" * (TITLE_MAX - 1) + "…"


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("  two \t words \n", "two words"),
        ("a\x00b\x1bc", "a b c"),
        ("\u202eevil\u202c", "evil"),
        ("\u202e \u200b", ""),
        ("هجوم على الحسابات", "هجوم على الحسابات"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧 hurt", "👩\u200d👧 hurt"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("<!channel> <@U1>", "<!channel> <@U1>"),
        ("half \ud800 a pair", "half a pair"),
    ],
)
def test_words_are_kept_and_what_cannot_be_seen_is_not(typed: str, title: str) -> None:
    assert clean_title(typed) == (title, "")


def test_titles_are_the_same_whatever_their_case_and_spaces() -> None:
    assert folded("Straße  gesperrt") == folded("STRASSE gesperrt")
    assert folded("one") != folded("another")
