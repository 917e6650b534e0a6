"""Which charset undeclared 8-bit bytes are in: the one in which they are made of a script's everyday letters.

A charset of one script reads bytes of another as that script's rare letters. So each candidate is scored by how many
of its characters are of its script, and how many are among those that half or more of any text in it consists of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SAMPLE = 8192
MIN_SCORE = 0.75
# … where the bytes would make no Western text.
MIN_SCORE_ODD = 0.5

# Small letters before capitals: no word has them.
_CAMELS = re.compile("[а-яёєіїґα-ώ][А-ЯЁЄІЇҐΑ-Ω]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# Letters and typographic marks of Western Europe.
_WESTERN = frozenset("ÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÒÓÔÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿœŒ“”‘’–—…€«»°§¿¡\xa0".encode("cp1252"))
_CHINESE = (
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起"
    "还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理月点电话问题"
    "请您谢购买产品使用处尽快件信收到帮忙系统订单付款帐号码密登录邮客服安装设置"
)
_TRADITIONAL = (
    "的一是不了在人有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小麼心多天而能好都然沒日於起"
    "還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理月點電話問題"
    "請您謝購買產品使用處盡快件信收到幫忙系統訂單付款帳號碼密登錄郵客服安裝設置匯功協助"
)
_HANGUL = (
    "이다는의에을가고하지어사은기를한로니아시도자해리서대나수일인스으라있정보그제요주전부만오여상않구게안장세면거어동유성공계신경화원과들입합"
    "습드확문용확관되무위때우선내바영었조방실마비소중래관출행연감까계네저부탁"
)
_KANA = "".join(map(chr, range(0x3041, 0x3094)))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """`script` matches what text of this charset may hold, `common` are its everyday characters, `share` how much of a
    text they make."""

    charset: str
    script: re.Pattern[str]
    common: frozenset[str]
    share: float

    @property
    def wide(self) -> bool:
        """Two bytes make a character."""
        return self.charset in ("gb18030", "cp950", "cp949", "cp932", "euc-jp")


def _candidate(charset: str, script: str, common: str, share: float) -> _Candidate:
    return _Candidate(charset, re.compile(f"[{script}]"), frozenset(common), share)


_CJK_MARKS = "\u3000-\u303f\uff00-\uff5e\u2014\u2018-\u201d\u2026\u00b7"
_RUSSIAN = "оеаинтсрвлкмдпуяыьгзОЕАИНТСРВЛКМДПУЯЫЬГЗ"
_CANDIDATES = (
    _candidate("gb18030", f"\u4e00-\u9fa5{_CJK_MARKS}", _CHINESE, 0.45),
    _candidate("cp950", f"\u4e00-\u9fa5{_CJK_MARKS}", _TRADITIONAL, 0.45),
    _candidate("cp949", f"\uac00-\ud7a3{_CJK_MARKS}", _HANGUL, 0.5),
    _candidate("cp932", f"\u3041-\u30ff\u4e00-\u9fa5{_CJK_MARKS}", _KANA, 0.35),
    _candidate("euc-jp", f"\u3041-\u30ff\u4e00-\u9fa5{_CJK_MARKS}", _KANA, 0.35),
    _candidate("cp1251", "А-Яа-яЁё№«»—–", _RUSSIAN, 0.75),
    _candidate("koi8-u", "А-Яа-яЁёЄєІіЇїҐґ", f"{_RUSSIAN}іїє", 0.75),
    _candidate("cp1253", "Ά-ώ΄΅«»’–—€", "αοιετσνηυρπκλμςωάίόέή", 0.8),
    _candidate("cp1255", "\u0590-\u05ff–—’“”₪", "יוהלאתרבמשנדםח", 0.75),
    _candidate("cp1256", "\u0600-\u06ff،؛؟", "اليمنرتبةعدسفهك", 0.75),
    _candidate("cp874", "\u0e00-\u0e7f…–—’“”", "านรอกเงมยลวดทสตะปบคหแจพชใไ่้ี่ั", 0.75),
)


def guess(data: bytes) -> str:
    """The charset of undeclared 8-bit bytes that are no UTF-8, or "" where they look like Western Europe.

    Looks at the first 8 KiB. Words of other alphabets are long runs of high bytes, Western text has lonely ones that
    are letters; where they are none, East Asia is likely.
    """
    sample = data[:SAMPLE]
    runs = _HIGH_RUN.findall(sample)
    high = b"".join(runs)
    if len(set(high)) < 3:
        return ""
    in_words = len(high) >= 4 and len(high) >= 2.5 * len(runs)
    odd = sum(byte in _WESTERN for byte in high) < len(high) / 2
    likely = [one for one in _CANDIDATES if in_words or (odd and one.wide)]
    scored = [(_score(sample, one), one.charset) for one in likely]
    scored = [
        (score, charset)
        for (score, charset), one in zip(scored, likely, strict=True)
        if score >= (MIN_SCORE_ODD if odd and one.wide else MIN_SCORE)
    ]
    charset = max(scored, key=lambda pair: pair[0])[1] if scored else ""
    return charset if charset and _is_strict(data, charset) else ""


def _score(sample: bytes, candidate: _Candidate) -> float:
    """0 to 1 or a little more. Bytes that are none in the charset count as characters that are not of its script."""
    text = sample.decode(candidate.charset, "replace")
    other = [char for char in text if char > "\x7f"]
    if not other:
        return 0.0
    of_script = (len(candidate.script.findall("".join(other))) - len(_CAMELS.findall(text))) / len(other)
    common = sum(char in candidate.common for char in other) / len(other)
    return max(0.0, of_script) * (0.5 + 0.5 * min(1.2, common / candidate.share))


def _is_strict(data: bytes, charset: str) -> bool:
    try:
        data.decode(charset)
    except UnicodeDecodeError:
        return False
    return True
