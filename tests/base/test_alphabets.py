"""Encodings of one alphabet or a few: names of photos are read in the right one, and never surely in a wrong one."""

import unicodedata

import pytest
from catalog_fixtures import photo_folder

from shopsim.base.text.csv_text import decode
from shopsim.base.text.text_encodings import ENCODINGS, guess_encoding
from shopsim.catalog.open_folder import load_catalog

NAMES = {
    "cp857 cp1254": "çanta ayakkabı kırmızı siyah_çizme güneş_gözlüğü beyaz_gömlek yeşil_şapka sağ_taraf İstanbul",
    "cp775 cp1257": "rankinė batai žalia juoda_rankinė moteriškas šviesus krepšys ąžuolas įdėklas mėlyna",
    "cp737 cp1253": "τσάντα παπούτσια κόκκινο μαύρη_τσάντα γυναικείο μπότες πορτοφόλι Σανδάλια άσπρο",
    "cp862 cp1255": "תיק נעליים אדום שחור ארנק מגפיים סנדלים תיק_יד נשים תמונה",
    "cp720 cp1256": "حقيبة حذاء أحمر أسود محفظة صندل حقيبة_يد نسائي صورة جلد",
    "cp874": "กระเป๋า รองเท้า สีแดง สีดำ กระเป๋าถือ รองเท้าผู้หญิง รูปภาพ ด้านหน้า หนังแท้",
    "cp1258": "túi_xách giày đỏ màu_đen túi_da giày_nữ ví_da ảnh_sản_phẩm dép",
    "cp852 cp1250": "kabelka červená boty_dámské žluté příliš kůň lodičky šedé modrá peněženka",
}
CASES = [(encoding, names.split()) for encodings, names in NAMES.items() for encoding in encodings.split()]


def in_parts(name):
    """As CP1258 writes Vietnamese: the tone behind its letter."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = [unicodedata.normalize("NFD", letter) for letter in name]
    return "".join(
        unicodedata.normalize("NFC", "".join(sign for sign in part if sign not in tones))
        + "".join(sign for sign in part if sign in tones)
        for part in parts
    )


def written(name, encoding):
    return (in_parts(name) if encoding == "cp1258" else name).encode(encoding)


def read(data, encoding):
    return unicodedata.normalize("NFC", data.decode(encoding, "replace"))


@pytest.mark.parametrize("from_dos", [True, False], ids=["zip", "text"])
@pytest.mark.parametrize(("encoding", "names"), CASES, ids=[encoding for encoding, _ in CASES])
def test_names_together_tell_their_encoding(encoding, names, from_dos):
    texts = [written(f"{name}.jpg", encoding) for name in names]
    guess = guess_encoding(texts, from_dos=from_dos)
    assert [read(text, guess.encoding) for text in texts] == [f"{name}.jpg" for name in names]
    assert ENCODINGS[encoding].partition(",")[0] in guess.clause("They were")


@pytest.mark.parametrize("from_dos", [True, False], ids=["zip", "text"])
@pytest.mark.parametrize(("encoding", "names"), CASES, ids=[encoding for encoding, _ in CASES])
def test_no_name_alone_is_surely_read_wrongly(encoding, names, from_dos):
    for name in names:
        text = written(f"{name}.jpg", encoding)
        guess = guess_encoding([text], from_dos=from_dos)
        assert read(text, guess.encoding) == f"{name}.jpg" or not guess.is_sure, name


@pytest.mark.parametrize(("encoding", "names"), CASES, ids=[encoding for encoding, _ in CASES])
def test_utf8_stays_utf8(encoding, names):
    text = "\n".join(names)
    assert decode(text.encode(), "labels.txt") == text


@pytest.mark.parametrize("encoding", ["cp1254", "cp857", "cp1253", "cp1255", "cp874"])
def test_a_table_of_models_is_read_and_told_or_chosen(tmp_path, encoding):
    names = dict(CASES)[encoding]
    folder = photo_folder(tmp_path / "photos", [f"{number}.jpg" for number in range(len(names))])
    table = "path,model\n" + "".join(f"{number}.jpg,{name}\n" for number, name in enumerate(names))
    (folder / "catalog.csv").write_bytes(table.encode(encoding))
    catalog = load_catalog(folder, cache=tmp_path / "cache")
    assert [image.model for image in catalog.images] == names
    assert f"'catalog.csv' was read as {ENCODINGS[encoding]}" in catalog.reason
    asked = load_catalog(folder, encoding=encoding, cache=tmp_path / "cache")
    assert ([image.model for image in asked.images], "read as" in asked.reason) == (names, False)
