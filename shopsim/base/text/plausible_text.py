"""Scores from -1.5 to 1 how much bytes in an encoding look like words of a language that uses it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from shopsim.base.text.alphabets import (
    LANGUAGES,
    NEAR_LETTERS,
    RARE_LETTERS,
    is_misplaced,
    is_thai,
    is_vowel,
    small,
    writes_vowels,
)

# Encodings of two bytes per character put the frequent characters into rows of their own. Each entry has (first,
# last) leading byte, and the score of a character from there. All their other characters are rare.
_ROWS: dict[str, tuple[tuple[int, int, float], ...]] = {
    "cp949": ((0xA1, 0xAC, 0.0), (0xB0, 0xC8, 0.3), (0xCA, 0xFD, -0.6)),
    "cp932": ((0x81, 0x81, 0.0), (0x88, 0x97, 0.6)),
    "gbk": ((0xA1, 0xA9, 0.0), (0xB0, 0xD7, 0.35), (0xD8, 0xF7, 0.0)),
    "big5": ((0xA1, 0xA3, 0.0), (0xA4, 0xC6, 0.35), (0xC9, 0xF9, -0.3)),
}
_RARE = -1.0
# CP949 has 2,350 syllables in its rows; these ones make up nearly all of any Korean text.
_FREQUENT_HANGUL = frozenset(
    "가각간감갑강갖같개객거걱건걸검것게겨격견결경계고곡골공과관광교구국군굴권귀규그극근글금급기긴길김까깔깨꺼께꼬꽃꾸끈끌끼"
    "나낙난날남납내냄너넓네넥녀년노녹논놀농높누눈뉴느는늘능니닝다단달담답당대댄더던데도독돈돌동되된두둘뒤뒷드득든들등디따때"
    "떠또뚜뜨라락란람랑래랙랩러런럼레렌려력련렬령로록론롱료루룩룸류르른를름릉리린림립링마막만말망맞매맥맨머먹멀메멜면명모목"
    "몬몰몸못무문물뮬미민밀바박반받발밤방배백밴뱅버벅번벌법베벤벨벽변별병보복본볼봄봉부북분불브블비빈빌빗빛빨뽀쁜사산살삼상"
    "새색샌생샤샵서석선설섬성세센셀셋소속손솔송쇼숄숍수숙순술슈스슬습승시식신실심십싱싸쓰씨아악안알암앞애액앤야약양어억언얼엄"
    "업엉에엔엘여역연열염영옆예오옥온올옷와완왕외요용우운울움워원월웨위윈유육율으은을음의이인일임입잇있자작잔잘장재저적전절점"
    "접정제져조족존졸종좋좌죄주준줄중쥬즈증지직진질집징짝쪽차착찬참창채책처천철첫청체초촉총최추축출충취츠측층치친침카칼캐캔"
    "캠커컬컴케켓코콘콜쿠크클키킬킷타탁탄탈탑태택터턴테텐토톤통투트특틀티틱팀파판팔패팩팬퍼펄펌페편평포폭폴표푸품풍퓨프플피픽"
    "넘넷덕델돔듀딘딩랄럽렉렛롬롯뤼립맘맛멋멍몽묘뱀뷔뷰빠빼뿔삭섀섹셔셰숏쉐쉬싹쌍썸쏘앨얇엣엮옐욕윙잉젤젯쫄찌찡챙챠쳐쵸춤캣"
    "컨컷켄콰쿄쿤쿨쿼퀼큐큘킨킹탱텀툴튜튼틴팁팅팡퐁푼퓰핏햅헌헬홈횡훌훨휘휠흐흔희"
    "값겟괜굽꼼끝낡넋닥닭많맑밝삶샴샷쌤않앉없옻웹읽읍잃있잎젖좁짚짧찍찮촬츄캡쾌퀵툰틀펩흙"
    "핀필핑하학한할함합항해핸햄햇행향허험헤현형호혼홀홍화확환활황회획효후훈휴흑흰히힐"
)
# People write these signs next to words and numbers, never after a letter.
_SIGNS = frozenset("€£§°®™¹²³º½¼·×–—…‘’“”„«»¿¡")
# In UTF-8 these are signs too. Some encodings of one byte have letters in their places.
_SIGNS_OF_UTF8 = _SIGNS | frozenset("©±ª")
# Letters of other alphabets that are written next to Latin letters: kΩ, µm.
_UNITS = frozenset("µμΩΩΔ")
_WORDS_OF_ONE_LETTER = frozenset("àèéóÀÈÉÓ")
_MISPLACED = -0.5
_WORD = re.compile(r"[^\W\d_]+")


def is_of_known_language(texts: Sequence[str]) -> bool:
    """Says whether every letter beyond ASCII is Western, Central European or Cyrillic."""
    return all(
        letter in NEAR_LETTERS or letter in _SIGNS_OF_UTF8
        for text in texts
        for letter in text.lower()
        if letter > "\x7f"
    )


def mixes_scripts(text: str) -> bool:
    """Says whether a word mixes small Latin letters with letters of another alphabet, which no language does."""
    return any(re.search(r"[a-z]", word) and any(map(_is_foreign_to_latin, word)) for word in _WORD.findall(text))


def _is_foreign_to_latin(letter: str) -> bool:
    # Numbers such as the ² of m² are not letters, but regular expressions treat them as letters.
    return letter.isalpha() and letter < "\u0800" and letter not in _UNITS and not _is_latin(letter)


def plausibilities(texts: Sequence[str], encoding: str) -> list[float]:
    """Returns for each text the mean score of its bytes beyond ASCII; 1.0 if it has none.

    texts: decoded by that encoding.
    """
    worth = _of_rows(encoding) if encoding in _ROWS else _of_letters(encoding, texts)
    return [value / count if count else 1.0 for value, count in map(worth, texts)]


def _of_rows(encoding: str) -> Callable[[str], tuple[float, int]]:
    """Returns a function that gives (score, bytes) of a text, by the rows that its characters come from."""

    def worth(text: str) -> tuple[float, int]:
        total, count = 0.0, 0
        for run in re.finditer(r"[^\x00-\x7f]+", text):
            spans = [(character.encode(encoding, "replace"), character) for character in run.group()]
            n_bytes = sum(len(span) for span, _ in spans)
            total += sum(len(span) * _worth_of(span, character, encoding) for span, character in spans)
            total -= n_bytes * _broken_word(text, run.start(), run.end())
            count += n_bytes
        return total, count

    return worth


def _worth_of(span: bytes, character: str, encoding: str) -> float:
    if encoding == "cp949" and character in _FREQUENT_HANGUL:
        return 1.0
    if encoding == "cp932" and "\u3041" <= character <= "\u30ff":
        return 0.9
    if len(span) == 2 and (encoding == "cp932" or span[1] >= 0xA1 or encoding == "big5"):
        for first, last, value in _ROWS[encoding]:
            if first <= span[0] <= last:
                return value
    return _RARE


def _broken_word(text: str, start: int, end: int) -> float:
    """Returns the deduction for a run amid small Latin letters: there an accented letter was read with the next one."""
    beside = [text[place] for place in (start - 1, end) if 0 <= place < len(text)]
    n_small = sum("a" <= letter <= "z" for letter in beside)
    if n_small == 2:
        return 1.0
    return (0.7 if end - start == 1 else 0.1) * n_small


def _of_letters(encoding: str, texts: Sequence[str]) -> Callable[[str], tuple[float, int]]:
    """Returns a function that gives (score, bytes) of a text, by the alphabet that has most of the texts' letters."""
    languages = [frozenset(language) for language in LANGUAGES[encoding]]
    letters = [small(letter) for text in texts for letter in text if letter > "\x7f"]
    best = max(languages, key=lambda language: sum(letter in language for letter in letters))
    known = frozenset().union(*languages)

    def worth(text: str) -> tuple[float, int]:
        far = [place for place, letter in enumerate(text) if letter > "\x7f"]
        total = sum(_worth_of_letter(text, place, best, known) for place in far)
        return total - sum(_oddness(word.group()) for word in _WORD.finditer(text)), len(far)

    return worth


def _worth_of_letter(text: str, place: int, best: frozenset[str], known: frozenset[str]) -> float:
    letter = small(text[place])
    if is_misplaced(text, place):
        return _MISPLACED
    if letter in best:
        return 0.4 if letter in RARE_LETTERS else 0.8
    if letter in known:
        return 0.4
    return 0.3 if letter in _SIGNS and not text[max(0, place - 1)].isalpha() else -1.0


def _oddness(word: str) -> float:
    """Returns the deduction for two scripts, capitals within a word, accents side by side, unpronounceable letters."""
    far = [place for place, letter in enumerate(word) if letter > "\x7f"]
    n_latin = sum(map(_is_latin, word))
    if 0 < n_latin < len(word):
        return 1.0 * len(far)
    odd = sum(_odd_case(word, place) for place in far)
    if len(word) == 1:
        return 0.0 if word in _WORDS_OF_ONE_LETTER or is_thai(word) else 0.8
    if not n_latin:
        # Few words are that short, and any two bytes may look like one.
        odd += 0.8 * (len(word) == 2 and not is_thai(word))
        return odd + 0.3 * len(word) * (writes_vowels(word) and not any(map(is_vowel, word.lower())))
    odd += sum(0.3 * (word[place - 1 : place] > "\x7f") + 0.25 * _hard_to_say(word, place) for place in far)
    return odd + 0.5 * len(word) * (len(far) == len(word))


def _odd_case(word: str, place: int) -> float:
    letter, before, after = word[place], word[place - 1 : place] if place else "", word[place + 1 : place + 2]
    if letter == "ß":
        return 0.0
    rises = letter.isupper() and before.islower()
    falls = letter.islower() and (after.isupper() or (before.isupper() and place > 1))
    return 0.8 * (rises or falls)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or "LATIN" in unicodedata.name(letter, "")


def _hard_to_say(word: str, place: int) -> bool:
    """Says whether the letter is one of three vowels, or of three consonants, in a row."""
    plain = [is_vowel(small(letter)) for letter in word]
    first = last = place
    while first > 0 and plain[first - 1] == plain[place]:
        first -= 1
    while last + 1 < len(plain) and plain[last + 1] == plain[place]:
        last += 1
    return last - first >= 2
