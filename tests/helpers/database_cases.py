"""Rows that tests write into databases."""

from run_cases import made_run

from shopsim.grouping.database.rows import Written, _run


def made_rows(n_photos=6, run_id="a"):
    """A run of so many photos in three groups."""
    run = _run(made_run(list(range(3))).about, run_id, True)
    groups = [
        {
            "run_id": run_id,
            "group_id": group,
            "n_photos": n_photos // 3,
            "model": "신발" if group else None,
            "purity": 0.5,
            "representative": "a'b\".jpg",
        }
        for group in range(3)
    ]
    photos = [
        {
            "run_id": run_id,
            "place": place,
            "image_id": f"{place}'); DROP TABLE shopsim_runs;--.jpg",
            "digest": f"{place:032x}",
            "group_id": place % 3,
            "model": None,
            "product": "p",
            "category": None,
            "similarity": 1 / (place + 1),
        }
        for place in range(n_photos)
    ]
    return Written(run, groups, photos)
