import ipaddress

import pytest
from twisted.internet.address import IPv4Address

from crawler.net.addresses import AddressGuard, literal_address, parse_network
from crawler.net.resolver import _Filter

NOT_PUBLIC = [
    "127.0.0.1",
    "127.255.0.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:db8::1",
    "not an address",
    "",
]
PUBLIC = ["1.1.1.1", "93.184.215.14", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_refused(address):
    assert not AddressGuard().allows(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_allowed(address):
    assert AddressGuard().allows(address)


def test_only_the_networks_that_were_named_are_allowed_beside_the_public_ones():
    guard = AddressGuard(["127.0.1.0/24", "10.0.0.7", "fd00::/16"])
    allowed = ["127.0.1.9", "10.0.0.7", "fd00::5", "::ffff:10.0.0.7", "1.1.1.1"]
    refused = ["127.0.0.1", "127.0.2.1", "10.0.0.8", "fd01::5", "::ffff:10.0.0.8"]
    assert [a for a in allowed if not guard.allows(a)] == []
    assert [a for a in refused if guard.allows(a)] == []


@pytest.mark.parametrize(
    "spelling",
    [
        "127.0.0.1",
        "127.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "127.0.0.1.",
    ],
)
def test_odd_spellings_of_an_address_are_read(spelling):
    assert literal_address(spelling) == ipaddress.ip_address("127.0.0.1")


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.1.example.org", "1.2.3.4.5", "0x7g", "a1", "999.1.1.1.1"]
)
def test_names_are_no_addresses(host):
    assert literal_address(host) is None
    assert AddressGuard().allows_host(host)


@pytest.mark.parametrize("host", ["[::1]", "[fe80::1%25eth0]", "127.1", "[::ffff:127.0.0.1]"])
def test_hosts_that_spell_out_a_refused_address_are_refused(host):
    assert not AddressGuard().allows_host(host)


@pytest.mark.parametrize("text", ["", "example.org", "10.0.0.0/99", "10.0.0"])
def test_a_network_that_is_none_is_an_error(text):
    with pytest.raises(ValueError, match="does not appear to be"):
        parse_network(text)


class Receiver:
    def __init__(self):
        self.addresses, self.complete = [], False

    def resolutionBegan(self, resolution):  # noqa: N802  # Twisted's interface
        pass

    def addressResolved(self, address):  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self):  # noqa: N802
        self.complete = True


class Resolver:
    guard = AddressGuard(["10.0.0.0/8"])

    def __init__(self):
        self.refused = set()


@pytest.mark.parametrize(
    ("found", "passed", "refused"),
    [
        (["127.0.0.1"], [], {"name.example"}),
        (["127.0.0.1", "1.1.1.1"], ["1.1.1.1"], set()),
        (["10.2.3.4"], ["10.2.3.4"], set()),
        ([], [], set()),
    ],
)
def test_the_resolver_hides_refused_addresses(found, passed, refused):
    receiver, resolver = Receiver(), Resolver()
    filtered = _Filter(receiver, resolver, "Name.example")
    filtered.resolutionBegan(None)
    for host in found:
        filtered.addressResolved(IPv4Address("TCP", host, 80))
    filtered.resolutionComplete()
    assert receiver.complete
    assert receiver.addresses == passed
    assert resolver.refused == refused
