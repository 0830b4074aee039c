"""Further columns of a table: kept as they stand, within bounds, and typed for use."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from catalog_fixtures import photo_folder

from shopsim.catalog import extra_columns
from shopsim.catalog.attributes import NO_VALUE, attribute_of
from shopsim.catalog.extra_columns import keep_columns
from shopsim.catalog.open_folder import load_catalog

TABLE = (
    "path,Model,Brand,price,seller,split,note\na.jpg,x,Ecco,12.50,7,train,\nb.jpg,x,,9,08,test,\nc.jpg,y,'=Ecco,,7,,\n"
)


@pytest.fixture
def opened(tmp_path, cache):
    folder = photo_folder(tmp_path / "photos", ["a.jpg", "b.jpg", "c.jpg"])

    def open_with(text):
        (folder / "catalog.csv").write_text(text)
        return load_catalog(folder, cache=cache)

    return open_with


def test_further_columns_are_kept_as_text_and_empty_ones_are_not(opened):
    catalog = opened(TABLE)
    assert catalog.problems == ()
    assert catalog.extra_columns == ("brand", "price", "seller")
    assert [image.cells for image in catalog.images] == [("Ecco", "12.50", "7"), ("", "9", "08"), ("=Ecco", "", "7")]
    assert list(catalog.columns) == ["brand", "price", "seller", "split"]
    assert catalog.columns["brand"].values == ("=Ecco", "Ecco")
    assert catalog.columns["brand"].codes.tolist() == [1, NO_VALUE, 0]
    assert [catalog.columns["brand"].value(photo) for photo in range(3)] == ["Ecco", "", "=Ecco"]
    assert catalog.columns["seller"].counts.tolist() == [1, 2]


def test_a_catalogue_of_some_photos_keeps_their_cells(opened):
    catalog = opened(TABLE).subset(["b.jpg", "c.jpg"])
    assert catalog.columns["seller"].values == ("08", "7")
    assert catalog.columns["seller"].codes.tolist() == [0, 1]


def test_columns_change_what_is_shown_and_no_key_of_a_number(opened):
    catalog, plain = opened(TABLE), opened("path,model,split\na.jpg,x,train\nb.jpg,x,test\nc.jpg,y,\n")
    assert catalog.digest == plain.digest
    assert catalog.shown_digest != plain.shown_digest
    assert opened(TABLE.replace("Ecco", "Ekko")).shown_digest != catalog.shown_digest
    assert plain.shown_digest == replace(catalog, extra_columns=(), images=plain.images).shown_digest


def test_the_cells_of_a_label_file_do_not_take_the_columns_away(opened, tmp_path):
    (tmp_path / "photos" / "labels.csv").write_text("path,model\na.jpg,x\nb.jpg,x\nc.jpg,y\n")
    catalog = opened(TABLE.replace("Model", "Maker"))
    assert catalog.models == ("x", "y")
    assert "seller" in catalog.columns


def test_a_column_of_long_cells_is_left_out_with_its_reason(opened):
    catalog = opened(TABLE.replace("Ecco,12", "e" * 5000 + ",12"))
    assert catalog.extra_columns == ("price", "seller")
    assert [(each.reason, each.left_out) for each in catalog.problems] == [
        ("the column 'brand' is not kept: a cell has 5,000 letters, and there is room for 200", False)
    ]


def test_of_very_many_columns_the_first_are_kept(opened):
    names = [f"c{number}" for number in range(1000)]
    rows = [",".join([name, *(str(number) for number in range(1000))]) for name in ("a.jpg", "b.jpg")]
    catalog = opened("\n".join([",".join(["path", *names]), *rows]))
    assert catalog.extra_columns == tuple(names[: extra_columns.MOST_COLUMNS])
    assert "968 further columns are not kept; a catalogue has room for 32" in [each.reason for each in catalog.problems]


def test_the_letters_of_a_column_are_bounded(monkeypatch):
    monkeypatch.setattr(extra_columns, "MOST_LETTERS", 10)
    kept = keep_columns(["path", "same", "title"], [["a", "red", "1234567"], ["b", "red", "89012345"]], [0])
    assert kept.names == ("same",)
    assert kept.reasons == (
        "the column 'title' is not kept: its distinct cells have 15 letters, and there is room for 10",
    )


def test_a_column_with_the_name_of_another_fact_is_left_out():
    kept = keep_columns(["path", "product_id", "product"], [["a", "1", "2"]], [0, 1])
    assert (kept.names, kept.reasons) == ((), ("the column 'product' is not kept: another column tells the product",))


def test_equal_rows_are_one_object():
    kept = keep_columns(["path", "brand"], [[str(number), "Ec" + "co"] for number in range(3)], [0])
    assert kept.rows[0] is kept.rows[1] is kept.rows[2]
    assert len({id(row) for row in pickle.loads(pickle.dumps(kept.rows))}) == 1


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", "-3", "1,234.50", "₩12,000", "12 EUR", "", ".5"], "number"),
        (["1", "about 2"], "category"),
        (["1.2.3"], "category"),
        (["S12", "S13"], "category"),
        (["12,000원", "KRW 5", "€ 3"], "number"),
        (["-"], "category"),
        (["red", "blue"] * 30, "category"),
        ([f"title {number}" for number in range(60)], "text"),
        ([f"seller {number % 25}" for number in range(60)], "category"),
    ],
)
def test_a_column_has_a_type_for_use(cells, kind):
    assert attribute_of("x", cells).kind == kind


def test_numbers_are_read_with_currency_and_commas():
    column = attribute_of("price", ["₩12,000", "", "1,234.50", "-3", "12 EUR", "007"])
    np.testing.assert_array_equal(column.numbers, [12000, np.nan, 1234.5, -3, 12, 7])


def test_photos_without_a_value_are_a_part_of_their_own():
    assert attribute_of("seller", ["b", "", "a", "b", ""]).parts().tolist() == [1, 2, 0, 1, 2]
