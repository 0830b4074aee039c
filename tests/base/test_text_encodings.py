"""Text that does not say its encoding: which one is found, when it is a guess, and that a person can choose."""

import json

import pytest
from catalog_fixtures import photo_folder

from shopsim import ShopsimError
from shopsim.base.text.csv_text import decode
from shopsim.base.text.text_encodings import ENCODINGS, guess_encoding
from shopsim.base.text.text_reading import names_in, reading_text
from shopsim.catalog.open_folder import load_catalog


def words(text):
    return text.split()


KOREAN = words(
    "가방 구두 숄더백 토트백 크로스백 지갑 에코백 백팩 파우치 운동화 스니커즈 로퍼 샌들 슬리퍼 부츠 플랫슈즈 펌프스 뮬 "
    "워커 힐 빨강 검정색 갈색 흰색 앞면 뒷면 옆면 정면 측면 사진 상품 모델 복사본 새폴더 핸드백 명품 가죽 코 하 티 "
    "체크 퀼팅백 여성화 클러치 하이힐 티셔츠 원피스 청바지 모자 장갑 벨트 시계 목걸이 뷔스티에 쿠션"
)
GERMAN = words(
    "Größe Schuh_weiß grün Tasche_schwarz_Öse Ärmel Übergröße Straße größer Gürtel Rücken süß Hüte Füße Mäntel Öl schön"
)
FRENCH = words("été à_côté né Ça gâteau crème brodé forêt étui béret bleu_foncé façade noël déjà créée élégante Étoile")
SPANISH = words("niño niña señora España año tacón corazón botín marrón pequeño café Ángel algodón más baño balón")
POLISH = words("biały żółta święto łódka buty_męskie dziecięce różowa torebka_skórzana źródło złote książka mała łąka")
RUSSIAN = words("сумка туфли сапоги красный белая ботинки Сумки женские")
JAPANESE = words("バッグ 財布 トートバッグ かばん 黒い靴 スニーカー")
CHINESE = words("红色手提包 女士凉鞋 黑色钱包 运动鞋 手提包 单肩包 正面 背面")
TAIWANESE = words("手提包 皮鞋 紅色 黑色錢包 運動鞋 單肩背包")


def guessed(names, encoding, from_dos=True):
    texts = [f"{name}.jpg".encode(encoding) for name in names]
    guess = guess_encoding(texts, from_dos=from_dos)
    return guess, [text.decode(guess.encoding) for text in texts]


@pytest.mark.parametrize(
    ("names", "encoding", "from_dos"),
    [
        (KOREAN, "cp949", True),
        (KOREAN, "cp949", False),
        (GERMAN, "cp850", True),
        (GERMAN, "cp437", True),
        (GERMAN, "cp1252", True),
        (GERMAN, "cp1252", False),
        (FRENCH, "cp850", True),
        (FRENCH, "cp1252", False),
        (SPANISH, "cp850", True),
        (SPANISH, "cp1252", False),
        (POLISH, "cp852", True),
        (POLISH, "cp1250", False),
        (RUSSIAN, "cp866", True),
        (RUSSIAN, "cp1251", False),
        (JAPANESE, "cp932", True),
        (CHINESE, "gbk", True),
        (TAIWANESE, "big5", True),
        ([*KOREAN, *GERMAN], "utf-8", True),
    ],
)
def test_the_names_of_an_archive_together_tell_their_encoding(names, encoding, from_dos):
    _, read = guessed(names, encoding, from_dos)
    assert read == [f"{name}.jpg" for name in names]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [(KOREAN, "cp949"), (GERMAN, "cp850"), (GERMAN, "cp437"), (FRENCH, "cp850"), (SPANISH, "cp850"), (POLISH, "cp852")],
)
def test_one_short_name_alone_is_read_rightly_or_called_a_guess(names, encoding):
    for word in names:
        guess, read = guessed([word], encoding)
        assert read == [f"{word}.jpg"] or not guess.is_sure, word


@pytest.mark.parametrize(
    "word",
    [
        *KOREAN,
        *words("A급_가방(2) iPhone케이스 nike운동화 女가방 꼼데가르송 엠씨엠 5cm굽 가방★특가 ①번가방 없 끝 흙 캡처"),
    ],
)
def test_one_korean_word_alone_is_korean(word):
    assert guessed([word], "cp949")[1] == [f"{word}.jpg"]


def test_korean_syllables_that_are_utf8_by_chance_stay_korean():
    assert "체크".encode("cp949").decode("utf-8") == "üũ"
    assert guessed(["체크"], "cp949")[0].encoding == "cp949"


@pytest.mark.parametrize(
    "text",
    [
        "가\nm²",
        "é\nm²",
        "À\na¹",
        "a¹",
        "Nº",
        "가방\n5µm",
        "é\n10kΩ",
        "가\nбa",
        "À\nбa\nxб",
        "über\n±5",
        "öre\n1ª",
        "žurka\n©Nike",
    ],
)
def test_utf8_with_signs_or_letters_of_other_alphabets_is_read_as_such(text):
    with reading_text() as reading:
        assert decode(text.encode(), "a.csv") == text
    assert reading.told == []


def test_plain_ascii_is_utf8_and_nothing_is_told():
    assert guess_encoding([b"a.jpg", b"b.jpg"]).clause("Names were") == ""
    assert guess_encoding([]).encoding == "utf-8"


def test_what_was_read_as_what_is_told_and_a_guess_called_one():
    sure, _ = guessed(["가죽숄더백", "검정구두"], "cp949")
    assert sure.clause("Names were") == "Names were read as Korean, CP949 ('가죽숄더백.jpg')"
    doubtful, _ = guessed(["女가방"], "cp949")
    assert doubtful.clause("Names were") == (
        "Names were read as Korean, CP949 ('女가방.jpg'), which is a guess: as Chinese, GBK it is '页啊规.jpg'"
    )


def test_names_that_are_known_decide_against_what_looks_likelier():
    raw = ["Größe.jpg".encode("cp850")]
    assert guess_encoding(raw, from_dos=True, fits=names_in(["Gr붳e.jpg"])).encoding == "cp949"


# Text files


@pytest.mark.parametrize("names", [GERMAN, FRENCH, SPANISH], ids=["German", "French", "Spanish"])
def test_western_text_of_windows_is_not_read_as_korean(names):
    text = "\n".join(["path,model", *(f"{number}.jpg,{name}" for number, name in enumerate(names))])
    assert decode(text.encode("cp1252"), "catalog.csv") == text


@pytest.mark.parametrize("text", ["öß", "Größe", "é", "ñ\n", "가방", "체크무늬", "20 € – rot"])
def test_short_text_is_read_as_it_was_meant(text):
    encoding = "cp949" if text >= "가" else "cp1252"
    assert decode(text.encode(encoding), "labels.txt") == text


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\xff\xff", b"a\0b", b"\xff\xfe\x00", b"\x01\x02"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(ShopsimError, match=r"'a\.txt' is not text in UTF-8, UTF-16 or CP949"):
        decode(data, "a.txt")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\3\4\x14\0", r"a packed file, as Excel workbooks \(\.xlsx\), \.npz and \.zip are"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", r"an old Excel workbook \(\.xls\) or its like"),
        (b"\x1f\x8b\x08\0", "packed by gzip"),
    ],
)
@pytest.mark.parametrize("encoding", [None, "cp850"])
def test_packed_files_are_called_so(data, what, encoding):
    with reading_text(encoding), pytest.raises(ShopsimError, match=rf"^'a\.csv' is {what}, not text; save it"):
        decode(data, "a.csv")


def test_a_chosen_encoding_is_taken_and_refused_where_it_does_not_fit():
    data = "Größe".encode("cp1252")
    with reading_text("cp949"):
        assert decode(data, "a.txt") == "Gr秤e"
    with reading_text("utf-8"), pytest.raises(ShopsimError, match=r"'a.txt' is not text in UTF-8; save it"):
        decode(data, "a.txt")
    with pytest.raises(ShopsimError, match=r"Unknown encoding 'latin'\. Known: utf-8, cp949"), reading_text("latin"):
        pass


@pytest.mark.parametrize("encoding", ["utf-8", "cp850", "cp1252", "cp949"])
def test_a_table_is_read_so_that_it_names_the_photos(tmp_path, encoding):
    names = ["Größe.jpg", "weiß.jpg"] if encoding != "cp949" else ["가.jpg", "뷁.jpg"]
    folder = photo_folder(tmp_path / "photos", names)
    table = "path,model\n" + "".join(f"{name},{name[:3]}\n" for name in names)
    (folder / "catalog.csv").write_bytes(table.encode(encoding))
    catalog = load_catalog(folder, cache=tmp_path / "cache")
    assert [(image.image_id, image.model) for image in catalog.images] == [(name, name[:3]) for name in names]
    assert catalog.problems == ()
    told = "" if encoding == "utf-8" else f"; 'catalog.csv' was read as {ENCODINGS[encoding]}"
    assert told in catalog.reason


def test_labels_are_read_so_that_they_name_the_photos_or_as_asked(tmp_path):
    folder = photo_folder(tmp_path / "photos", ["Größe.jpg", "a.jpg"])
    labels = tmp_path / "labels.csv"
    labels.write_bytes("path,model\nGröße.jpg,öß\na.jpg,b\n".encode("cp1252"))
    catalog = load_catalog(folder, labels=labels, cache=tmp_path / "cache")
    assert [image.model for image in catalog.images] == ["öß", "b"]
    asked = load_catalog(folder, labels=labels, encoding="cp1250", cache=tmp_path / "cache")
    assert asked.models == ("b", "öß")
    assert "read as" not in asked.reason


def test_the_command_line_tells_the_encoding_and_takes_one(run, run_json, tmp_path):
    for name in ("true.txt", "pred.txt"):
        (tmp_path / name).write_bytes("Größe\nweiß\nöß\n".encode("cp1252"))
    files = (tmp_path / "true.txt", tmp_path / "pred.txt")
    assert "'true.txt' was read as Western European, CP1252 ('Größe')" in run("evaluate", *files)[1]
    assert run_json("evaluate", *files, "--encoding", "cp1250")["ari"] == 1.0
    assert run("evaluate", *files, "--encoding", "latin-9")[0] == 2
    assert json.dumps(run_json("evaluate", *files))
