"""Is it nothing but a "thank you"? Then what is closed stays closed."""

from __future__ import annotations

import re

_LONGEST = 160  # characters: what is longer says something

_THANKS = frozenset(
    """
        thanks thank thx ty cheers danke dank vielen herzlichen merci beaucoup remerciements gracias muchas
        grazie mille obrigado obrigada bedankt dankjewel dankuwel tack takk tak kiitos dziękuję dzięki
        děkuji díky спасибо дякую teşekkürler teşekkür ederim ありがとう ありがとうございます 谢谢 謝謝
        감사합니다 شكرا תודה köszönöm mulțumesc
        """.split()
)
_BESIDE = frozenset(
    """
        you so much very a lot many again all for the your help quick reply answer response support great
        perfect super works working it now fine good ok okay everything is solved that did fixed best
        regards kind sehr schön für die schnelle hilfe antwort es funktioniert jetzt alles gut klappt prima
        toll wunderbar ihre eure und mit freundlichen grüßen pour votre aide réponse rapide ça marche
        maintenant parfait por su ayuda la respuesta funciona ahora todo per il suo aiuto la risposta pela
        ajuda voor uw hulp hartelijk het werkt nu och för hjälpen hi hello hallo dear liebe lieber bonjour
        hola ciao ana team mfg lg vg und tous nous a bien
        """.split()
)


def is_thanks(text: str, *, files: bool) -> bool:
    """Short, with a word of thanks and nearly nothing else, no question, no number, no file.

    Up to three words outside the list (names, "yes") may stand beside; a doubt means that it says something.
    """
    said = text.strip()
    if files or not said or len(said) > _LONGEST or re.search(r"[?？0-9]", said):
        return False
    words = re.findall(r"[^\W\d_]+", said.lower())
    if not any(word in _THANKS for word in words):
        return False
    others = [word for word in words if word not in _THANKS and word not in _BESIDE]
    return len(others) <= 3 and not _TROUBLE.intersection(words)


_TROUBLE = frozenset(
    """
        but however not no still error fails failed broken problem issue unfortunately aber nicht noch kein
        keine fehler leider mais pas encore erreur malheureusement pero aún todavía error ma non ancora
        errore mas não ainda maar niet nog fout men inte ikke fortfarande
        """.split()
)
