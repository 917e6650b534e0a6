"""DNS over the wire, from a name server of the test's own."""

from __future__ import annotations

import time

import pytest

from gateway.edge.names import Nameservers, Records, records
from tests.nameserver import nameserver

pytestmark = pytest.mark.asyncio
ZONE = {
    ("acme.test", "MX"): ["20 MX2.acme.test.", "10 mx1.acme.test."],
    ("acme.test", "TXT"): ['"v=spf1 mx" " -all"', '"site=1"'],
    ("acme.test", "A"): ["192.0.2.1"],
    ("_dmarc.acme.test", "TXT"): ['"v=DMARC1; p=none"'],
    ("null.acme.test", "MX"): ["0 ."],
}


async def test_what_a_domain_publishes_is_read() -> None:
    with nameserver(ZONE) as at:
        found = await records("acme.test", at)
    assert sorted(found.mx) == [(10, "mx1.acme.test"), (20, "mx2.acme.test")]
    assert set(found.texts) == {"v=spf1 mx -all", "site=1"}
    assert (found.reachable, found.trouble) == (True, "")
    assert found.policies == (("_dmarc.acme.test", ("v=DMARC1; p=none",)),)


async def test_a_domain_below_has_the_policies_above_it_and_a_null_mx_has_no_host() -> None:
    with nameserver(ZONE) as at:
        found = await records("null.acme.test", at)
    assert found.mx == ((0, ""),)
    assert [name for name, _ in found.policies] == ["_dmarc.null.acme.test", "_dmarc.acme.test"]


async def test_a_domain_that_is_not_there_publishes_nothing_and_that_is_no_trouble() -> None:
    with nameserver(ZONE) as at:
        assert await records("nowhere.test", at) == Records(policies=(("_dmarc.nowhere.test", ()),))


async def test_a_name_server_that_is_silent_or_fails_is_trouble_and_soon() -> None:
    began = time.monotonic()
    with nameserver(ZONE, silent=True) as at:
        found = await records("acme.test", Nameservers(at.addresses, at.port, seconds=0.5))
    assert found.trouble == "no answer within 0.5 s"
    assert time.monotonic() - began < 10
    with nameserver(ZONE, failing=True) as at:
        assert (await records("acme.test", at)).trouble == "the name servers refuse or fail"
