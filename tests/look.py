"""Every letter as a picture, to be looked at: `python tests/look.py OUT [LETTER...]`.

Light and dark, 600 and 375 px, and without any CSS. Needs Chromium.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.chromium import shoot  # noqa: E402  the checkout has to be on the path first
from tests.letters_desk import POLICY, TEMPLATES, letter  # noqa: E402


def main(out: Path, names: list[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for language in POLICY.languages:
        for name in TEMPLATES.letters(language):
            if not names or name in names:
                _show(out, name, language)


def _show(out: Path, name: str, language: str) -> None:
    made = letter(name, language=language)
    (out / f"{language}-{name}.txt").write_text(f"Subject: {made.subject}\n\n{made.text}")
    pages = [
        (made.html, 640),
        (made.html, 375),
        (_dark(made.html), 640),
        (_dark(made.html), 375),
        (_bare(made.html), 500),
    ]
    frames = []
    for index, (html, width) in enumerate(pages):
        page = out / f"{language}-{name}-{index}.html"
        page.write_text(html)
        frames.append(f'<iframe src="{page.name}" width="{width}" height="1500" style="border:0"></iframe>')
    sheet = out / f"{language}-{name}.html"
    sheet.write_text(f'<body style="margin:0;background:#888;display:flex;gap:10px">{"".join(frames)}')
    shoot(sheet, out / f"{language}-{name}.png", 2640, 1500)
    for index in range(len(pages)):
        (out / f"{language}-{name}-{index}.html").unlink()
    sheet.unlink()


def _dark(html: str) -> str:
    return html.replace("@media (prefers-color-scheme: dark)", "@media all")


def _bare(html: str) -> str:
    html = re.sub(r"(?s)<style>.*?</style>", "", html)
    return re.sub(
        r' (style|bgcolor|class)="[^"]*"', "", html.replace('<div style="display:none', '<div hidden style="')
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
