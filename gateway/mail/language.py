"""A guess at the language of a text: by its script, else by its little words. Enough to choose a template."""

from __future__ import annotations

import re
from collections import Counter

MAX_CHARS = 4000

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_WORD = re.compile(r"[^\W\d_]+")
_LITTLE_WORDS = {
    "en": "the and to of is you for that have with this are not can please we it on your thanks my be was from our",
    "de": "der die und das ist nicht ich sie mit für wir ein eine den zu auf haben bitte es von dem können danke wie",
    "fr": "le la les et des est vous pour que nous une dans pas je sur avec votre merci bonjour du cette ce ne mon",
    "es": "el los las que es por para una con no está mi gracias hola se del un su lo como pero en puede hay",
    "it": "il che di è per non una con sono grazie del della mi ho questo buongiorno gli si nel alla più ma le ci",
    "pt": "o os que não para uma com em é por obrigado mas você do da se no meu está dos ao foi tem olá",
    "nl": "de het een en van is niet dat op te ik voor met zijn we kan bedankt deze er maar aan bij u heb",
    "sv": "och att det är inte en jag för på som med har vi den till kan om tack ett av hej var så men",
    "da": "og at det er ikke en jeg for på som med har vi den til kan om tak et af hej af men hvad også",
    "nb": "og at det er ikke en jeg for på som med har vi den til kan om takk et av hei men hva også noe",
    "fi": "ja on ei että se en mutta kun niin hän mitä ole olen tämä kiitos voi hei myös kuin joka ovat nyt",
    "pl": "i w na nie się że do jest to z jak o za dzień dobry proszę dziękuję czy mam ale po od przez",
    "cs": "a se na je že to v s z do jsem není ale jak pro děkuji prosím dobrý den by jsme při tak mám",
    "hu": "a az és hogy nem egy is van ez köszönöm kérem meg de ha csak el vagy már itt ezt még lehet",
    "ro": "și în de la nu o că este pe un cu pentru mulțumesc să din care am mai dar vă ce bună ziua",
    "tr": "ve bir bu için ile de da çok ne var değil merhaba teşekkürler ama daha olarak gibi sonra kadar lütfen ben",
    "ca": "el la els les i que és per amb una no gràcies hola del un com però ha aquest més tinc bon dia meu",
    "ru": "и в не на что я с это как по но мы у вы за от к для из спасибо здравствуйте можно есть нет",
    "uk": "і в не на що я з це як по але ми у ви за від до для із дякую добрий день можна є немає",
    "bg": "и в не на че аз с това как по но ние да се от за ще има няма благодаря здравейте може",
}
_WEIGHTS = {language: frozenset(words.split()) for language, words in _LITTLE_WORDS.items()}


def guess(text: str) -> str:
    """An ISO 639-1 code, or "" where the text is too short or too mixed to tell."""
    sample = text[:MAX_CHARS]
    found = _WORD.findall(sample)
    letters = sum(map(len, found))
    if letters < 2:
        return ""
    for language, script in () if sample.isascii() else _SCRIPTS:
        share = len(script.findall(sample)) / letters
        if share > (0.05 if language == "ja" else 0.3):
            return language
    return _by_words(Counter(map(str.lower, found)), len(_CYRILLIC.findall(sample)) > letters / 3)


def _by_words(words: Counter[str], cyrillic: bool) -> str:
    """`words` with how often each is there."""
    known = words.keys()
    scores = {
        language: sum(words[word] for word in known & little)
        for language, little in _WEIGHTS.items()
        if (language in ("ru", "uk", "bg")) == cyrillic
    }
    ranked = sorted(scores, key=lambda language: -scores[language])
    best, second = ranked[0], ranked[1]
    return best if scores[best] >= 2 and scores[best] > scores[second] else ""
