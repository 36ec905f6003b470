from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.vocabulary import DamageType
from assessment.reports.typefaces import FACES, FOLDER, LONGEST_TEXT, legible, printable, signs
from tests.reports.specimens import DOSSIER, finding, photo


@settings(deadline=None)
@given(st.text(max_size=80))
def test_every_printed_sign_is_in_the_shipped_faces(text):
    assert {ord(sign) for sign in printable(text)} <= signs()


@settings(deadline=None)
@given(st.text(alphabet="abcñÑáüßŁżπя .,-'\"<>&{}", max_size=80))
def test_text_of_the_shipped_faces_is_printed_as_it_is(text):
    assert printable(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("sign", "shown"),
    [
        ("王", "[U+738B]"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}", "[U+202E]"),
        ("\N{ZERO WIDTH SPACE}", "[U+200B]"),
        ("\N{SOFT HYPHEN}", "[U+00AD]"),
        ("\x00", "[U+0000]"),
        ("\N{GRINNING FACE}", "[U+1F600]"),
    ],
)
def test_a_sign_that_cannot_be_seen_is_printed_as_its_code_point(sign, shown):
    assert printable(f"a{sign}b") == f"a{shown}b"


def test_a_letter_and_its_accent_are_joined():
    assert printable("n\N{COMBINING TILDE}") == "ñ"


def test_lines_are_joined():
    assert printable("one\r\ntwo\tthree") == "one two three"


def test_a_long_text_says_how_much_is_left_out():
    assert printable("x" * (LONGEST_TEXT + 7)) == "x" * LONGEST_TEXT + "… [7 more signs]"


def test_a_whole_dossier_is_made_legible_and_keeps_its_words():
    entry = photo(1, findings=(finding(1, label="王"),))
    printed = legible(entry)
    assert printed.findings[0].label == "[U+738B]"
    assert printed.findings[0].damage_type is DamageType.MISSING_COVERING
    assert printed.findings[0].polygon is entry.findings[0].polygon


def test_a_legible_dossier_stays_as_it_is():
    assert legible(DOSSIER) == DOSSIER


def test_every_face_is_shipped_with_its_licence():
    shipped = {file.name for file in FOLDER.iterdir()}
    assert shipped == {face.file for face in FACES} | {"OFL.txt"}
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / "OFL.txt").read_text()
