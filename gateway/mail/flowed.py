"""format=flowed (RFC 3676): soft line breaks undone, quoting and the signature line kept."""

from __future__ import annotations

MAX_QUOTES = 50


def unflow(text: str, delsp: bool) -> str:
    """Paragraphs on one line each. Quote marks come back as "> " for each level."""
    out: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        signature = content == "-- "
        flows = content.endswith(" ") and not signature
        if depth != open_depth or signature:
            out.append(["> " * min(depth, MAX_QUOTES)])
        out[-1].append(content[:-1] if flows and delsp else content)
        open_depth = depth if flows else -1
    lines = ("".join(pieces) for pieces in out)
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)
