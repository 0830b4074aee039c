"""Reads text files whose encoding nobody says, and tells what was read as what."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from shopsim.base.errors import ShopsimError
from shopsim.base.text.text_encodings import ENCODINGS, Guess, decoded, guess_encoding

_PIECES = re.compile(r'[,;\t"\r\n/\\]')
# No text has these; binary files do.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# How files begin that are packed, so that no encoding makes them text.
_PACKED = {
    b"PK\3\4": "a packed file, as Excel workbooks (.xlsx), .npz and .zip are",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls) or its like",
    b"\x1f\x8b": "packed by gzip",
}
_REFUSED = "is not text in UTF-8, UTF-16 or CP949, nor in another encoding that is tried"


@dataclass
class Reading:
    """How text files are read while a catalogue is opened.

    encoding: the one a person chose, '' to find it out; known: names that the files may mention, which decide where
    they do; told: what was read as what, one clause for each file that is not UTF-8, and what was not used of them.
    """

    encoding: str = ""
    known: Collection[str] = ()
    told: list[str] = field(default_factory=list)


_CURRENT: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading_text(encoding: str | None = None) -> Iterator[Reading]:
    """Every file that is decoded inside is read in that encoding, and told of.

    Raises ShopsimError for an encoding that is none of ENCODINGS.
    """
    if encoding and encoding not in ENCODINGS:
        raise ShopsimError(f"Unknown encoding '{encoding}'. Known: {', '.join(ENCODINGS)}.")
    reading = Reading(encoding or "")
    token = _CURRENT.set(reading)
    try:
        yield reading
    finally:
        _CURRENT.reset(token)


def decode_text(data: bytes, name: str) -> str:
    """The text of a file: in UTF-8 or UTF-16 by its mark, else as chosen, else in the encoding that fits best.

    Line ends are left as they are. Raises ShopsimError, naming the file, if it is no text.
    """
    for start, what in _PACKED.items():
        if data.startswith(start):
            raise ShopsimError(f"'{name}' is {what}, not text; save it as 'CSV UTF-8' or as UTF-8 text.")
    reading = _CURRENT.get() or Reading()
    marked = _marked(data)
    if marked or reading.encoding:
        text = _strictly(data, marked or reading.encoding)
        if text is None:
            which = f"is not text in {ENCODINGS[reading.encoding]}" if not marked else _REFUSED
            raise ShopsimError(f"'{name}' {which}; save it as 'CSV UTF-8' or as UTF-8 text.")
        return text
    guess = None if _CONTROLS.search(data) else _guess(data, reading.known)
    text = None if guess is None else _strictly(data, guess.encoding)
    if guess is None or text is None:
        raise ShopsimError(f"'{name}' {_REFUSED}; save it as 'CSV UTF-8' or as UTF-8 text.")
    tell(guess.clause(f"'{name}' was"))
    return text


def tell(clause: str) -> None:
    """Adds what a person should know of the files that are read, once; nothing for ''."""
    reading = _CURRENT.get()
    if reading is not None and clause and clause not in reading.told:
        reading.told.append(clause)


def names_in(known: Iterable[str]) -> Callable[[Sequence[str]], int]:
    """Counts how many folder and file names beyond ASCII texts have in common with known paths or texts."""
    wanted = _pieces(known)
    return lambda texts: len(wanted & _pieces(texts))


def _pieces(texts: Iterable[str]) -> set[str]:
    pieces = (piece.strip() for text in texts for piece in _PIECES.split(unicodedata.normalize("NFC", text)))
    return {piece for piece in pieces if not piece.isascii()}


def is_marked(data: bytes) -> bool:
    """Whether the text begins with a mark of UTF-8 or UTF-16."""
    return bool(_marked(data))


def _marked(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    # UTF-16 without its mark reads as text full of these; some programs write a second mark behind the first.
    return None if "\0" in text else text.lstrip("\ufeff")


def _guess(data: bytes, known: Collection[str]) -> Guess | None:
    """The encoding of a file, among those that read all of it; None if none of them gives words."""
    # What is UTF-8 can only be a few Korean syllables else: no need to try the others.
    tried = ("utf-8", "cp949") if decoded(data, "utf-8") is not None else ENCODINGS
    among = [encoding for encoding in tried if decoded(data, encoding) is not None]
    guess = guess_encoding(data.splitlines(), among, fits=names_in(known) if known else None)
    return guess if guess.is_text or guess.fits else None
