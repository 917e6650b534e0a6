"""Private servers for tests: Dovecot and Postfix on free loopback ports, from temporary folders, ended by their pid.

Nothing under /etc, /run or /var/spool is read or written. Where a program is missing the test is skipped with a line
that says how to install it; with GATEWAY_REQUIRE_SERVERS=1 that is a failure.
"""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


def need(program: str, package: str) -> str:
    """The path of a server program, or the end of this test."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        line = f"{program} is missing: apt-get install -y --no-install-recommends {package}"
        if os.environ.get("GATEWAY_REQUIRE_SERVERS") == "1":
            pytest.fail(line)
        pytest.skip(line)
    return found


@dataclass(frozen=True)
class Certificates:
    """`ca` signs `cert`, which is for localhost and 127.0.0.1 and has the key `key`."""

    ca: Path
    cert: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.cert, self.key)
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca)


def make_certificates(folder: Path) -> Certificates:
    openssl = need("openssl", "openssl")
    names = folder / "names"
    names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")

    def run(*arguments: str) -> None:
        subprocess.run([openssl, *arguments], cwd=folder, check=True, capture_output=True)

    run("req", "-x509", *key, "-days", "30", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
    run("req", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    run(
        "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "30", "-extfile", "names", "-out", "server.pem",
    )  # fmt: skip
    return Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
