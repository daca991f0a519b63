"""Where a webhook may go: only to hosts that were named, and never into the network that the station stands in by accident."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from mlcore.alerting.allowlist import AllowedHost, is_public, read_entries, target_of, unwrapped

HOSTS, FAULTS = read_entries(
    ["hooks.example.org", "hooks.example.org:8443", "http://collector.internal:8080=10.0.0.0/8", "https://192.0.2.7", "[2001:db8::7]:9443"]
)


def test_entries_are_read() -> None:
    assert FAULTS == []
    assert [(host.scheme, host.host, host.port) for host in HOSTS] == [
        ("https", "hooks.example.org", 443),
        ("https", "hooks.example.org", 8443),
        ("http", "collector.internal", 8080),
        ("https", "192.0.2.7", 443),
        ("https", "2001:db8::7", 9443),
    ]


@pytest.mark.parametrize(
    "entry", ["", "ftp://x.org", "x.org/path", "user@x.org", "x.org=ten", "x y.org", "http://", "x.org:99999", "-x.org", "*"]
)
def test_what_is_no_entry_is_named(entry: str) -> None:
    hosts, faults = read_entries([entry])
    assert (hosts, len(faults)) == ((), 1)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://hooks.example.org", "/"),
        ("https://HOOKS.example.org./in?team=7", "/in?team=7"),
        ("https://hooks.example.org:443/in", "/in"),
        ("https://hooks.example.org:8443/in", "/in"),
        ("http://collector.internal:8080/x", "/x"),
        ("https://[2001:db8::7]:9443/x", "/x"),
    ],
)
def test_an_address_of_an_entry_is_allowed(url: str, path: str) -> None:
    assert target_of(url, HOSTS).path == path


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://hooks.example.org:9000/",
        "https://hooks.example.org.evil.net/",
        "https://evil.net/?hooks.example.org",
        "https://evil.net/#@hooks.example.org/",
        "https://hooks.example.org@evil.net/",
        "https://user:pw@hooks.example.org/",
        "https://evil.net\\@hooks.example.org/",
        "https://hooks.example.org /",
        "https://hooks.example.org/\r\nX: 1",
        "https://collector.internal:8080/",
        "//hooks.example.org/",
        "file:///etc/passwd",
        "gopher://hooks.example.org/",
        "https://169.254.169.254/",
        "https://0x7f000001/",
        "https://hооks.example.org/",
        "https://hooks.example.org:99999999/",
        "",
        "https://hooks.example.org/" + "x" * 400,
    ],
)
def test_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        target_of(url, HOSTS)


def test_without_an_entry_nothing_is_allowed() -> None:
    with pytest.raises(ValueError, match="COUNTERSIGN_WEBHOOK_HOSTS"):
        target_of("https://hooks.example.org/", ())


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"),
        "2001:db8::1",
    ],
)
def test_addresses_of_inside_are_not_public(address: str) -> None:
    host = AllowedHost("https", "hooks.example.org", 443)
    assert not is_public(unwrapped(ip_address(address)))
    assert not host.may_be_at(ip_address(address))


def test_an_address_of_inside_is_allowed_where_it_was_named() -> None:
    inside = HOSTS[2]
    assert inside.may_be_at(ip_address("10.3.4.5"))
    assert inside.may_be_at(ip_address("::ffff:10.3.4.5"))
    assert not inside.may_be_at(ip_address("127.0.0.1"))
    assert AllowedHost("https", "x.org", 443).may_be_at(ip_address("1.1.1.1"))
    assert HOSTS[3].may_be_at(ip_address("192.0.2.7")), "an entry that is an address names itself"
