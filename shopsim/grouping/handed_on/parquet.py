"""The groups as a Parquet file, for data tools that keep the types of columns."""

from __future__ import annotations

import io

import numpy as np

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.groups_csv import COLUMNS


def parquet_of(grouping: Grouping) -> bytes:
    """Returns one row per photo, by image_id, with the columns of groups.csv; the same photos give the same bytes.

    image_id, model, product and representative are text, null for none; group and group_size are int64, similarity is
    float64. Text is as it is: no spreadsheet runs a Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    images, central, labels_pred = grouping.fitted.catalog.images, grouping.representatives, grouping.labels_pred
    ids = [image.image_id for image in images]
    order = sorted(range(len(images)), key=ids.__getitem__)
    columns = (
        pa.array([ids[row] for row in order], pa.string()),
        pa.array([images[row].model for row in order], pa.string()),
        pa.array([images[row].product for row in order], pa.string()),
        pa.array(labels_pred[order], pa.int64()),
        pa.array(np.bincount(labels_pred, minlength=1)[labels_pred][order], pa.int64()),
        pa.array(central.similarity[order], pa.float64()),
        pa.array([ids[row] for row in central.index[order]], pa.string()),
    )
    buffer = io.BytesIO()
    pq.write_table(pa.table(dict(zip(COLUMNS, columns, strict=True))), buffer)
    return buffer.getvalue()
