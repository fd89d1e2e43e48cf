"""What a call says, in Twilio's markup (https://www.twilio.com/docs/voice/twiml). Pure; words are escaped."""

from html import escape

from bot.ring.said import spoken

SAID_TIMES = 3
WAITS_S = 10
ACKNOWLEDGE = "1"


def call_words(words: str, answer_url: str) -> str:
    """The words of a call, spelled and repeated. With an address that hears digits, 1 acknowledges."""
    if answer_url:
        return _response(_gather(f"{spoken(words)} Press 1 to acknowledge.", answer_url))
    return _response(_say(f"{spoken(words)} Open Slack.", SAID_TIMES))


def acknowledged() -> str:
    return _response(_say("Acknowledged. Goodbye."))


def too_late() -> str:
    """After 1 was pressed for what somebody else has by now, or what is over."""
    return _response(_say("Nothing is waiting for you any more. Slack says who has it."))


def not_saved() -> str:
    return _response(_say("That could not be saved. Open Slack.", SAID_TIMES))


def misheard(answer_url: str) -> str:
    """After another digit."""
    return _response(_gather("Press 1 to acknowledge.", answer_url))


def _gather(words: str, answer_url: str) -> str:
    to = f'action="{escape(answer_url)}" method="POST"'
    return f'<Gather numDigits="1" timeout="{WAITS_S}" {to}>{_say(words, SAID_TIMES)}</Gather>'


def _say(words: str, times: int = 1) -> str:
    return f'<Say loop="{times}">{escape(words)}</Say>'


def _response(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'
