"""S/MIME opaque signatures (RFC 8551 §3.5.2): the signed content taken out of its CMS wrapping (RFC 5652 §5).

Reads through a signature; it proves nothing and checks nothing.
"""

from __future__ import annotations

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x04, 0x24, 0xA0


def signed_content(der: bytes) -> bytes | None:
    """The MIME entity inside SignedData, or None where this is no SignedData, or holds none, or is damaged."""
    if _SIGNED_DATA not in der[:64]:
        return None
    at = der.find(_DATA, 0, 4096)
    if at == -1:
        return None
    wrapped = _element(der, at + len(_DATA))
    if wrapped is None or wrapped[0] != _EXPLICIT:
        return None
    return _octets(der, wrapped[1], 0)


def _octets(der: bytes, position: int, depth: int) -> bytes | None:
    """An OCTET STRING at `position`, in one piece or in many (BER)."""
    element = _element(der, position)
    if element is None or depth > 4:
        return None
    tag, start, end = element
    if tag == _OCTETS:
        return der[start:end]
    if tag != _OCTETS_IN_PIECES:
        return None
    pieces: list[bytes] = []
    while start < end and der[start : start + 2] != b"\0\0":
        piece = _element(der, start)
        if piece is None or piece[0] != _OCTETS:
            return None
        pieces.append(der[piece[1] : piece[2]])
        start = piece[2]
    return b"".join(pieces)


def _element(der: bytes, position: int) -> tuple[int, int, int] | None:
    """(tag, start and end of the contents); of indefinite length, the end is that of the data."""
    if position + 2 > len(der):
        return None
    tag, length = der[position], der[position + 1]
    start = position + 2
    if length == 0x80:
        return tag, start, len(der)
    if length > 0x80:
        octets = length & 0x7F
        if octets > 4:
            return None
        length = int.from_bytes(der[start : start + octets], "big")
        start += octets
    return (tag, start, start + length) if start + length <= len(der) else None
