"""Ten people on call at once: each is paged for a tenth of what is declared, as in ten teams of one house."""

import re
import sys
from itertools import product

from bot.applying import EXAMPLE
from tests.support.processes import Running
from tests.support.started import ended

AREAS = {
    "fraud": "Fraud wave",
    "api_misuse": "Leaked keys",
    "coordinated_abuse": "Jailbreak campaign",
    "vendor_outage": "Vendor outage",
    "other": "Strange thing",
}
PEOPLE = ("ana", "bo", "cy", "kenji", "lena", "arjun", "ruby", "niamh", "tom", "zofia")
_OWN_POLICIES = re.compile(r"^escalation:\n(?:[ #].*\n|\n)*", re.MULTILINE)
SPREAD = tuple(f"sev{severity} {words}" for severity, words in product((1, 2), AREAS.values()))
"""Severity and title, each for another of the ten."""


def page_ten_people(started: Running) -> None:
    """Apply the example organisation with ten policies, one for each person."""
    whens = product(("SEV1", "SEV2"), AREAS)
    policies = (
        f"  - when: {{severity: {severity}, harm: {harm}}}\n"
        f'    levels: [{{after: 0, page: "@{person}"}}, {{after: 60, page: lead}}]\n'
        for (severity, harm), person in zip(whens, PEOPLE, strict=True)
    )
    file = started.home / "organisation.yaml"
    example = _OWN_POLICIES.sub("", EXAMPLE.read_text(encoding="utf-8"))
    file.write_text(f"{example}\nescalation:\n{''.join(policies)}", encoding="utf-8")
    words = [sys.executable, "-m", "bot", "apply", str(file)]
    done = ended(words, {"MERIDIAN_HOME": str(started.home)})
    assert done.code == 0, done.err
