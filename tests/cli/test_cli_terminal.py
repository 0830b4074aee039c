"""Names from elsewhere give a terminal no commands."""

import re

import pytest
from app_pages import PROJECT

from shopsim.cli.terminal import printable

EVIL = "a\x1b]0;owned\x07\x1b[31m\nLeft out 'b'\u202e"
SPELLED = r"a\x1b]0;owned\x07\x1b[31m\nLeft out 'b'\u202e"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë 写真 \t '=' 😀", "Zoë 写真 \t '=' 😀"),
        (EVIL, SPELLED),
        ("\r\x7f\x9b31m", r"\r\x7f\x9b31m"),
        ("\udc80", "\udc80"),
    ],
)
def test_what_a_terminal_would_obey_is_spelled_out(text, shown):
    assert printable(text) == shown


def test_a_file_name_gives_the_terminal_no_command(run, tmp_path, draw_photo):
    for number in range(3):
        draw_photo(tmp_path / "photos" / f"{number}.png", (200, 40, 40), number)
    (tmp_path / "photos" / f"{EVIL}.png").write_bytes(b"no photo")
    code, _, err = run("group", tmp_path / "photos", "--out", tmp_path / "out")
    assert code == 0
    assert f"'{SPELLED}.png'" in err
    assert "\x1b" not in err


def test_the_sentence_of_a_failure_gives_the_terminal_no_command(run, tmp_path):
    (tmp_path / EVIL).mkdir()
    code, _, err = run("group", tmp_path / EVIL, "--out", tmp_path / "out")
    assert code == 1
    assert SPELLED in err
    assert "\x1b" not in err


def test_a_model_name_in_a_result_gives_the_terminal_no_command(run, tmp_path, draw_photo):
    for number in range(12):
        colour = (200, 40, 40) if number < 5 else (40, 60, 200)
        draw_photo(tmp_path / "photos" / f"{EVIL}{number // 6}" / f"{number}.png", colour, number)
    code, out, _ = run("review", tmp_path / "photos", "--out", tmp_path / "out.csv")
    assert code == 0
    assert "\x1b" not in out


def test_all_that_is_printed_goes_one_way():
    """Of the JSON object every character is ASCII; a progress line is made printable where it is written."""
    for path in PROJECT.glob("shopsim/**/*.py"):
        n_allowed = {"cli/terminal.py": 1, "cli/result.py": 1}.get(f"{path.parent.name}/{path.name}", 0)
        assert len(re.findall(r"\bprint\(", path.read_text(encoding="utf-8"))) == n_allowed, path
