"""Whom we believe over TLS: the system's authorities, and one of the operator's own."""

from __future__ import annotations

import ssl
from pathlib import Path


def client_tls(ca: Path | None) -> ssl.SSLContext:
    """Chain and name are verified, always. Reads files: call it in a thread. Raises OSError, also ssl.SSLError."""
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(cafile=ca)
        # Python 3.13 wants key usage extensions that private authorities have never written.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
