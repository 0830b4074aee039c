"""Lists the names that columns have in people's tables: one list for every reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shopsim.base.errors import ShopsimError


@dataclass(frozen=True)
class Column:
    """A column has names, in lower case with '_' between words.

    wanted: words for the sentence that says which column a table lacks.
    ranks: names in order of preference. Within a rank, the first name wins. Of the others a table may have only one.
    """

    wanted: str
    ranks: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> frozenset[str]:
        """Returns every name that the column may have."""
        return frozenset(name for rank in self.ranks for name in rank)

    def place(self, header: Sequence[str], table: str) -> int | None:
        """Returns the column's place in a header, None if it is not there.

        Raises ShopsimError with the table's name if several columns could be this one.
        """
        plain = [plain_name(name) for name in header]
        for rank in self.ranks:
            found = [place for place, name in enumerate(plain) if name in rank]
            first = [place for place in found if plain[place] == rank[0]]
            found = first or found
            if len(found) > 1:
                one, other = (header[place] for place in found[:2])
                raise ShopsimError(
                    f"'{table}' has the columns '{one}' and '{other}', and either may be the {rank[0]}; "
                    f"call the right one '{rank[0]}'."
                )
            if found:
                return found[0]
        return None

    def needed(self, header: Sequence[str], table: str) -> int:
        """Returns the column's place, as `place` does; raises ShopsimError if it is not there."""
        place = self.place(header, table)
        if place is None:
            raise ShopsimError(f"'{table}' has the columns {', '.join(header)}; it needs {self.wanted}.")
        return place


def plain_name(name: str) -> str:
    """Returns the name of a column as it is compared: 'File Name' becomes 'file_name'."""
    return re.sub(r"[\s\-.]+", "_", name.strip().lower())


_PATHS = "path filename file_name filepath file_path image image_path image_name image_file imagepath img img_path"
_PATHS += " img_name photo_path relative_path rel_path"
_LABEL = "label labels class class_name class_id classname class_label"
_TRUE = "model model_id modelid true_label label_true labels_true y_true true_labels ground_truth truth target"
_GROUP = "group group_id groupid cluster cluster_id clusterid clusters pred prediction predictions predicted"
_GROUP += " predicted_label predicted_class pred_label label_pred labels_pred pred_labels y_pred"
_paths, _label, _true, _group = (tuple(names.split()) for names in (_PATHS, _LABEL, _TRUE, _GROUP))

PHOTO = Column("one called image_id or path", (("image_id",), _paths))
# If there is a path too, image_id may be a number from a database.
PATH = Column("'path'", (("path",), (*_paths, "image_id")))
MODEL = Column("one called model or label or group", (_true, _label, ("group",)))
GROUP = Column("one called group or label or model", (_group, _label, ("model", "model_id")))
MODEL_ID = Column("'model_id'", (("model_id", "model", "modelid", "id"), _label))
NAME = Column("'name'", (("name", "model_name", "title", "label_name"),))
PRODUCT = Column("'product'", (("product", "product_id", "productid"),))
CATEGORY = Column("'category'", (("category",),))
SPLIT = Column("'split'", (("split", "subset"),))
