"""format=flowed (RFC 3676): soft line breaks undone, quoting and the signature line kept."""

from __future__ import annotations


def unflow(text: str, delsp: bool) -> str:
    """Paragraphs on one line each. Quote marks come back as "> " for each level."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if depth == open_depth and content != "-- ":
            out[-1] += content
        else:
            out.append("> " * depth + content)
        if flows and delsp:
            out[-1] = out[-1][:-1]
        open_depth = depth if flows else -1
    return "\n".join(line.rstrip(" ") if line not in ("-- ",) else line for line in out)
