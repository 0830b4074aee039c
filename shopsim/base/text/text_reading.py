"""Reads text files of unknown encoding, and reports which file was read in which encoding."""

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
# Binary files have these characters, and no text does.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# The first bytes of packed files, which are not text in any encoding.
_PACKED = {
    b"PK\3\4": "a packed file, as Excel workbooks (.xlsx), .npz and .zip are",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls) or its like",
    b"\x1f\x8b": "packed by gzip",
}
_REFUSED = "is not text in UTF-8, UTF-16 or CP949, nor in another encoding that is tried"


@dataclass
class Reading:
    """Says how text files are read while a catalogue is opened, and collects clauses on how they were read.

    encoding: the one that a person chose, '' to find it; known: names that the files may mention, which then decide.
    told: one clause per file that is not UTF-8 (which file, which encoding), and clauses on parts that were not used.
    """

    encoding: str = ""
    known: Collection[str] = ()
    told: list[str] = field(default_factory=list)


_CURRENT: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading_text(encoding: str | None = None) -> Iterator[Reading]:
    """Reads every file that is decoded inside the block in that encoding, and collects clauses on it.

    Raises ShopsimError for an encoding that is not one of ENCODINGS.
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
    """Decodes a file: UTF-8 or UTF-16 by its mark, else the chosen encoding, else the one that fits best.

    Line ends stay as they are. Raises ShopsimError with the file's name if it is not text.
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
    """Adds a clause that people should read on the current files, once; '' adds nothing."""
    reading = _CURRENT.get()
    if reading is not None and clause and clause not in reading.told:
        reading.told.append(clause)


def names_in(known: Iterable[str]) -> Callable[[Sequence[str]], int]:
    """Returns a function that counts the names beyond ASCII that texts share with known paths or texts."""
    wanted = _pieces(known)
    return lambda texts: len(wanted & _pieces(texts))


def _pieces(texts: Iterable[str]) -> set[str]:
    pieces = (piece.strip() for text in texts for piece in _PIECES.split(unicodedata.normalize("NFC", text)))
    return {piece for piece in pieces if not piece.isascii()}


def is_marked(data: bytes) -> bool:
    """Says whether the text begins with a mark of UTF-8 or UTF-16."""
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
    # UTF-16 without its mark reads as text full of NUL; some programs write a second mark after the first.
    return None if "\0" in text else text.lstrip("\ufeff")


def _guess(data: bytes, known: Collection[str]) -> Guess | None:
    """Finds the encoding of a file among those that can decode all of it; None if none of them gives words."""
    # A file that is valid UTF-8 can otherwise only be a few Korean syllables: no need to try the others.
    tried = ("utf-8", "cp949") if decoded(data, "utf-8") is not None else ENCODINGS
    among = [encoding for encoding in tried if decoded(data, encoding) is not None]
    guess = guess_encoding(data.splitlines(), among, fits=names_in(known) if known else None)
    return guess if guess.is_text or guess.fits else None
