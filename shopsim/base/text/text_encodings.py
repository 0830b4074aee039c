"""Finds the encoding of texts that do not name it, from all texts together and from known names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from shopsim.base.text.plausible_text import is_of_known_language, mixes_scripts, plausibilities

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp949": "Korean, CP949",
    "cp932": "Japanese, Shift-JIS",
    "gbk": "Chinese, GBK",
    "big5": "Chinese, Big5",
    "cp850": "Western European, CP850 of DOS",
    "cp437": "American, CP437 of DOS",
    "cp1252": "Western European, CP1252",
    "cp852": "Central European, CP852 of DOS",
    "cp1250": "Central European, CP1250",
    "cp866": "Cyrillic, CP866 of DOS",
    "cp1251": "Cyrillic, CP1251",
    "cp857": "Turkish, CP857 of DOS",
    "cp1254": "Turkish, CP1254",
    "cp775": "Baltic, CP775 of DOS",
    "cp1257": "Baltic, CP1257",
    "cp737": "Greek, CP737 of DOS",
    "cp1253": "Greek, CP1253",
    "cp862": "Hebrew, CP862 of DOS",
    "cp1255": "Hebrew, CP1255",
    "cp720": "Arabic, CP720 of DOS",
    "cp1256": "Arabic, CP1256",
    "cp874": "Thai, CP874",
    "cp1258": "Vietnamese, CP1258",
}
"""The encodings that are tried, and that people may choose; of equally good ones the first is taken."""
# Windows writes file names in zips in the encodings of DOS, and text in its own.
_OF_DOS = {"cp850": 0.1, "cp437": 0.1, "cp852": 0.05, "cp866": 0.05, "cp737": -0.1, "cp862": -0.1, "cp720": -0.1}
_OF_WINDOWS = {"cp1252": 0.15, "cp1250": 0.05, "cp1251": 0.05, "cp1253": -0.1, "cp1255": -0.1, "cp1256": -0.1}
# A reading counts as a guess if it is not this much better than the next one. Few letters are weaker evidence.
_SURE, _SURE_OF_ONE_BYTE = 0.25, 0.6
# From this score on, text in CP949 has only Korean syllables, and none of them is between Latin letters.
_ALL_KOREAN = 0.3
# Most users of this program name their photos in Korean.
_AT_HOME = {"cp949": 0.15}
_FAILED = -1.5
# A text with a lower score is in none of these languages.
_LEAST_WORTH = -0.5
# Up to this many accented letters may be valid UTF-8 by chance.
_BY_CHANCE = 2
# This many texts are enough to find the encoding.
_MOST_TEXTS = 500


@dataclass(frozen=True)
class Guess:
    """Describes the encoding in which texts were read.

    is_sure: whether no other encoding comes near; other: the second best encoding, '' if all give the same text.
    example, other_example: the first text that shows the difference, in either encoding.
    is_text: whether it reads like words at all; fits: whether known names decided.
    """

    encoding: str
    is_sure: bool = True
    other: str = ""
    example: str = ""
    other_example: str = ""
    is_text: bool = True
    fits: bool = False

    def clause(self, what: str) -> str:
        """Says which text was read in which encoding; '' for UTF-8 and plain ASCII. `what` ends with its verb."""
        if not self.example:
            return ""
        told = f"{what} read as {ENCODINGS[self.encoding]} ('{self.example}')"
        if self.is_sure:
            return told
        return f"{told}, which is a guess: as {ENCODINGS[self.other]} it is '{self.other_example}'"


def decoded(text: bytes, encoding: str) -> str | None:
    """Decodes the text into composed Unicode, None if it is not valid in that encoding."""
    try:
        found = text.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in found else unicodedata.normalize("NFC", found)


def guess_encoding(
    texts: Sequence[bytes],
    among: Collection[str] = tuple(ENCODINGS),
    from_dos: bool = False,
    fits: Callable[[Sequence[str]], int] | None = None,
) -> Guess:
    """Finds the encoding that suits all the texts best.

    It is UTF-8 if all texts are valid UTF-8. Otherwise `fits` counts the decoded texts that are known names, and the
    encoding with most of them is taken. If there are none, it is the encoding that reads most like words of a language.
    among: encodings to choose from; from_dos: whether the texts are names in a zip.
    """
    far = list(islice(dict.fromkeys(text for text in texts if not text.isascii()), _MOST_TEXTS))
    can_be_utf8 = "utf-8" in among and all(decoded(text, "utf-8") is not None for text in far)
    if not far or (can_be_utf8 and _is_utf8(far)):
        return Guess("utf-8")
    among = [encoding for encoding in among if encoding != "utf-8"]
    if not among:
        return Guess("utf-8", is_text=False)
    weights = np.array([sum(byte > 0x7F for byte in text) for text in far], np.float64)
    read = {encoding: [decoded(text, encoding) for text in far] for encoding in among}
    worth = {encoding: _worth(found, encoding, from_dos) for encoding, found in read.items()}
    order = sorted(worth, key=lambda encoding: -float(worth[encoding] @ weights))
    fitting = _fitting(order, read, fits) if fits else []
    best = replace(_best(fitting or order, read, worth, weights), fits=bool(fitting))
    # A text that is valid UTF-8 by chance makes words in another encoding; else it is UTF-8.
    return best if best.is_text or best.fits or not can_be_utf8 else Guess("utf-8")


def _best(
    order: Sequence[str],
    read: Mapping[str, Sequence[str | None]],
    worth: Mapping[str, np.ndarray],
    weights: np.ndarray,
) -> Guess:
    """Compares the first encoding with the next one that reads the texts otherwise, over the texts that differ."""
    best = order[0]
    is_text = float(np.average(worth[best], weights=weights)) >= _LEAST_WORTH
    for other in order[1:]:
        differs = np.array([one != two for one, two in zip(read[best], read[other], strict=True)])
        if differs.any():
            row = int(np.flatnonzero(differs)[0])
            gained = np.average(worth[best] - worth[other], weights=weights * differs)
            is_sure = bool(gained >= _SURE + _SURE_OF_ONE_BYTE / weights[differs].sum())
            return Guess(best, is_sure, other, _shown(read[best][row]), _shown(read[other][row]), is_text)
    return Guess(best, example=_shown(read[best][0]), is_text=is_text)


def _fitting(
    order: Sequence[str], read: Mapping[str, Sequence[str | None]], fits: Callable[[Sequence[str]], int]
) -> list[str]:
    """Returns the encodings in which most known names are found; none if no name is found."""
    hits = {encoding: fits([text for text in read[encoding] if text is not None]) for encoding in order}
    most = max(hits.values())
    return [encoding for encoding in order if hits[encoding] == most] if most else []


def _worth(found: Sequence[str | None], encoding: str, from_dos: bool) -> np.ndarray:
    """Returns (n,) scores of how plausible each text is; a text that cannot be decoded has the lowest."""
    read = [text for text in found if text is not None]
    prior = {**_AT_HOME, **(_OF_DOS if from_dos else _OF_WINDOWS)}.get(encoding, 0.0)
    each = iter(plausibilities(read, encoding))
    return np.array([_FAILED if text is None else next(each) + prior for text in found])


def _is_utf8(texts: Sequence[bytes]) -> bool:
    """Says whether texts that are valid UTF-8 are UTF-8, and not Korean in CP949 that is valid by chance."""
    found = [text for text in (decoded(text, "utf-8") for text in texts) if text is not None]
    if any(letter >= "\u0800" for text in found for letter in text):
        return True
    if sum(letter > "\x7f" for text in found for letter in text) <= _BY_CHANCE and any(map(mixes_scripts, found)):
        return False
    if is_of_known_language(found):
        return True
    korean = [decoded(text, "cp949") for text in texts]
    return None in korean or min(plausibilities([text for text in korean if text], "cp949")) < _ALL_KOREAN


def _shown(text: str | None) -> str:
    """Shortens a text for a sentence, and leaves out control characters."""
    kept = "".join(character if character.isprintable() else " " for character in text or "").strip()
    return kept if len(kept) <= 60 else f"{kept[:60]}…"
