"""Lists the letters of each language that has encodings of one byte per letter, and their places within words."""

from __future__ import annotations

import unicodedata

_WESTERN = (
    "äöüß",
    "àâæçéèêëîïôœùûü",
    "áéíñóúü",
    "ãáàâçéêíõóôú",
    "àèéìíòóù",
    "åäöæøé",
)
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșşțţ", "čćđšž")
_CYRILLIC = ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",)
_TURKISH = ("çğıöşü",)
_BALTIC = ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž")
_GREEK = ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ",)
_HEBREW = ("אבגדהוזחטיכךלמםנןסעפףצץקרשת",)
_ARABIC = ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",)
_THAI_CONSONANTS, _THAI_LEADING, _THAI_MARKS = "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศษสหฬอฮณฐฎฏ", "เแโใไ", "ะัาำิีึืุู็่้๊๋์"
_THAI = (_THAI_CONSONANTS + _THAI_LEADING + _THAI_MARKS,)
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_TONED = (unicodedata.normalize("NFC", f"{vowel}{tone}") for vowel in "aăâeêioôơuưy" for tone in _TONES)
_VIETNAMESE = ("đ" + "".join(letter for letter in _TONED if letter > "\x7f"),)

LANGUAGES = {
    "cp437": _WESTERN,
    "cp850": _WESTERN,
    "cp1252": _WESTERN,
    "cp852": _CENTRAL,
    "cp1250": _CENTRAL,
    "cp866": _CYRILLIC,
    "cp1251": _CYRILLIC,
    "cp857": _TURKISH,
    "cp1254": _TURKISH,
    "cp775": _BALTIC,
    "cp1257": _BALTIC,
    "cp737": _GREEK,
    "cp1253": _GREEK,
    "cp862": _HEBREW,
    "cp1255": _HEBREW,
    "cp720": _ARABIC,
    "cp1256": _ARABIC,
    "cp874": _THAI,
    "cp1258": _VIETNAMESE,
}
"""The letters beyond ASCII of each language that is written in an encoding."""

RARE_LETTERS = frozenset("щъэёфцюхшжчξψζϊϋβφχץףזטסןךצגظضغذثءؤئآإطزخ")
"""Letters that make up less than 2 % of a text in their language."""

NEAR_LETTERS = frozenset().union(*_WESTERN, *_CENTRAL, *_CYRILLIC)
"""Letters of languages whose text in UTF-8 never looks like a few Korean syllables."""

_VOWELS = frozenset("aeiouyıаеёиоуыэюяіїєαεηιουωάέήίόύώϊϋ")
# Forms of letters that are used only at the end of a word.
_FINAL = frozenset("ςךםןףץةىìò")


def small(letter: str) -> str:
    """Returns the letter in lower case, always as one letter."""
    return "ı" if letter == "İ" else letter.lower()


def is_vowel(letter: str) -> bool:
    """Says whether the letter is a vowel, with or without an accent."""
    return letter in _VOWELS or unicodedata.normalize("NFD", letter)[0] in _VOWELS


def is_thai(word: str) -> bool:
    """Says whether it is a piece of a Thai word; marks above and below letters divide Thai words into pieces."""
    return "\u0e00" < word < "\u0e80"


def writes_vowels(word: str) -> bool:
    """Says whether words in this script have vowels: Hebrew, Arabic and Thai come after Greek and Cyrillic."""
    return word < "\u0590"


def is_misplaced(text: str, place: int) -> bool:
    """Says whether no word has the letter there: within a word, at its start, after a vowel, or without a consonant."""
    letter = small(text[place])
    before, after = small(text[place - 1 : place] if place else ""), small(text[place + 1 : place + 2])
    if letter in _FINAL:
        return after.isalpha()
    if letter in "ьъ":
        return not before.isalpha() or is_vowel(before)
    if letter in "йы":
        return (before.isalpha() and is_vowel(before) == (letter == "ы")) or (letter == "ы" and not before.isalpha())
    if letter in _THAI_MARKS:
        return not before or before not in _THAI_CONSONANTS + _THAI_MARKS
    return letter in _THAI_LEADING and (not after or after not in _THAI_CONSONANTS)
