"""Which addresses may be fetched: every form in which one of ours could hide is refused."""

import pytest

from bot.fetching.addresses import NotFetched, is_public, meant


@pytest.mark.parametrize(
    "typed",
    [
        "http://calendar.example.com/a.ics",
        "file:///etc/passwd",
        "gopher://calendar.example.com/",
        "ftp://calendar.example.com/a.ics",
        "data:text/calendar,BEGIN",
        "//calendar.example.com/a.ics",
        "calendar.example.com/a.ics",
        "https:",
        "https:///a.ics",
        "",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0177.0.0.01/",
        "https://127.0.0.0x1/",
        "https://1.1.1.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://[2606:4700::1111]/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://localhost./",
        "https://LOCALHOST/",
        "https://intranet/",
        "https://calendar.example.com@10.0.0.1/",
        "https://me:secret@calendar.example.com/",
        "https://me@calendar.example.com/",
        "https://calendar.example.com\\@10.0.0.1/",
        "https://calendar.example.com:99999/",
        "https://calendar.example.com:x/",
        "https://calen dar.example.com/",
        "https://calendar.example.com/a\r\nHost: ours",
        "https://calendar.example.com/\x00",
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://calendar.exämple.com/",
        "https://%31%32%37.0.0.1/",
        "https://-calendar.example.com/",
        "https://calendar..example.com/",
        f"https://calendar.example.com/{'a' * 2048}",
    ],
)
def test_an_address_in_disguise_is_not_fetched(typed: str) -> None:
    with pytest.raises(NotFetched):
        meant(typed)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://calendar.example.com/a.ics", "https://calendar.example.com/a.ics"),
        ("webcal://calendar.example.com/a.ics?key=1", "https://calendar.example.com/a.ics?key=1"),
        (" WEBCALS://Calendar.Example.com/a.ics#now ", "https://calendar.example.com/a.ics"),
        ("https://calendar.example.com:8443/a%20b.ics", "https://calendar.example.com:8443/a%20b.ics"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://calendar.example.com./", "https://calendar.example.com./"),
    ],
)
def test_a_public_name_over_https_is_what_it_says(typed: str, url: str) -> None:
    assert str(meant(typed)) == url


def test_a_refusal_never_holds_the_address() -> None:
    with pytest.raises(NotFetched) as refused:
        meant("http://calendar.example.com/private-token")
    assert "token" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2001:0:a00:1::",
        "2001:db8::1",
        "2002:a00:1::",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "no address",
        "",
    ],
)
def test_an_address_that_is_not_anybodys_is_not_connected_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450::1"])
def test_a_public_address_is_connected_to(address: str) -> None:
    assert is_public(address)
