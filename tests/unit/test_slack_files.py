"""The bot's token goes to the Slack whose Web API it calls, and to nobody else."""

import pytest

from bot.slack_files import is_slacks

SLACK, LOCAL = "https://slack.com/api/", "http://127.0.0.1:3777/api/"


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.ics", SLACK),
        ("https://safety.slack.com/files/a.ics", SLACK),
        ("https://files.slack-gov.com/files-pri/T1-F1/a.ics", "https://slack-gov.com/api/"),
        ("http://127.0.0.1:3777/files/F1/a.ics?download=1", LOCAL),
    ],
)
def test_files_of_slack_itself_are_read(url: str, base: str) -> None:
    assert is_slacks(url, base)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://files.slack.com/a.ics", SLACK),
        ("https://files.slack.com.example.org/a.ics", SLACK),
        ("https://evilslack.com/a.ics", SLACK),
        ("https://files.slack.com@example.org/a.ics", SLACK),
        ("https://a:b@files.slack.com/a.ics", SLACK),
        ("https://files.slack.com:8443/a.ics", SLACK),
        ("https://files.slack.com:99999/a.ics", SLACK),
        ("https://drive.example.com/a.ics", SLACK),
        ("http://169.254.169.254/latest", SLACK),
        ("http://127.0.0.1:3778/files/F1/a.ics", LOCAL),
        ("http://127.0.0.2:3777/files/F1/a.ics", LOCAL),
        ("https://evil.0.1/a.ics", "https://127.0.0.1/api/"),
        ("https://evil.co.uk/a.ics", "https://proxy.co.uk/api/"),
        ("https://[::1/a.ics", SLACK),
        ("", SLACK),
        ("file:///etc/passwd", SLACK),
    ],
)
def test_files_from_elsewhere_are_not(url: str, base: str) -> None:
    assert not is_slacks(url, base)
