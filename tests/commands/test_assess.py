from __future__ import annotations

import shutil

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from assessment.management.summary import printed
from claims.models import Claim
from samples import draw_samples
from standin.server import Standin
from standin.steps import Act
from tests.commands.assessing import assess
from tests.factories import drone_jpeg, jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def test_an_answered_question_has_findings_with_polygons_and_exit_status_0(roof_file, roof):
    result = assess(roof_file, "--query", roof.question, "--engine", "local")

    (photo,) = result["photos"]
    (query,) = photo["queries"]
    finding = query["findings"][0]
    assert result["status"] == 0
    assert result["engine"]["name"] == "local"
    assert result["engine"]["model_served"].startswith("eaves-local")
    assert (photo["width"], photo["height"]) == (roof.width, roof.height)
    assert (query["outcome"], query["reason"]) == ("answered", "")
    assert finding["polygon"]["type"] == "MultiPolygon"
    assert finding["damage_type"] == "missing_covering"
    assert finding["approximate"] is True
    assert (finding["agreement"], finding["confidence"]) == (None, "not_known")
    assert (finding["area_m2"], finding["unmeasured"], photo["scale"]) == (None, "", None)
    assert result["triage"]["lane"] == "desk"
    assert result["report"] is None


def test_a_question_that_is_not_understood_is_unanswered_with_exit_status_3(roof_file, roof):
    result = assess(roof_file, "--query", roof.question, "--query", "the door that is ajar")

    answered, unanswered = result["photos"][0]["queries"]
    assert result["status"] == 3
    assert answered["outcome"] == "answered"
    assert unanswered["outcome"] == "unanswered"
    assert "ajar" in unanswered["reason"]
    assert (unanswered["findings"], unanswered["total"]) == ([], None)


def test_a_line_of_known_length_gives_square_metres_near_the_truth(roof_file, roof):
    line = ",".join(f"{part:g}" for part in roof.reference_line)
    result = assess(roof_file, "--query", roof.question, "--line", f"{line}={roof.length_m}")

    (photo,) = result["photos"]
    area = photo["queries"][0]["total"]["area_m2"]
    assert area["low"] <= roof.truth_m2 <= area["high"]
    assert "reference line" in area["basis"]
    assert photo["scale"]["basis"].startswith("Scale from a reference line")
    assert (photo["scale"]["warnings"], photo["scale"]["refused"]) == ([], "")


def test_an_area_that_is_too_uncertain_is_a_sentence_in_its_place(tmp_path, capsys):
    wall = next(sample for sample in draw_samples() if sample.name == "wall-crack.jpg")
    path = tmp_path / wall.name
    path.write_bytes(wall.jpeg)
    line = ",".join(f"{part:g}" for part in wall.reference_line)
    asked = (path, "--query", wall.question, "--line", f"{line}={wall.length_m}")

    (query,) = assess(*asked)["photos"][0]["queries"]
    (finding,) = query["findings"]
    assert (finding["area_m2"], query["total"]["area_m2"]) == (None, None)
    assert finding["unmeasured"].startswith("Too uncertain to print: between 0 and")
    assert query["total"]["unmeasured"].startswith("Too uncertain to print: between 0 and")

    call_command("assess", *map(str, asked))
    assert "of the picture. Too uncertain to print: between 0 and" in capsys.readouterr().out


def test_a_drones_photo_says_how_it_was_scaled_or_why_it_was_not(tmp_path):
    for name, data in {"roof.jpg": drone_jpeg(), "sky.jpg": drone_jpeg(pitch="0")}.items():
        (tmp_path / name).write_bytes(data)

    flown, level = assess(tmp_path / "roof.jpg", tmp_path / "sky.jpg", "--query", "cracks")[
        "photos"
    ]

    assert flown["scale"]["basis"].startswith("Scale from the drone's height of 40.0 m")
    assert "31 % too large" in flown["scale"]["warnings"][0]
    assert level["scale"]["basis"] == ""
    assert "0 degrees below the horizon" in level["scale"]["refused"]


def test_a_refused_file_says_why_and_the_others_go_on(tmp_path, roof_file, roof):
    note = tmp_path / "note.jpg"
    note.write_text("this is no picture")
    result = assess(note, roof_file, "--query", roof.question)

    refused, answered = result["photos"]
    assert result["status"] == 3
    assert refused["width"] is None
    assert refused["queries"][0]["outcome"] == "failed"
    assert "text file" in refused["queries"][0]["reason"]
    assert answered["queries"][0]["outcome"] == "answered"
    assert len(answered["sha256"]) == 64


def test_the_report_is_written_where_it_was_asked_for(tmp_path, roof_file, roof):
    pdf = tmp_path / "out.pdf"
    result = assess(roof_file, "--query", roof.question, "--report", pdf)

    text = PdfReader(pdf).pages[0].extract_text()
    assert result["report"] == str(pdf)
    assert "Property damage report" in text


def test_without_json_the_result_is_printed_for_people(roof_file, roof, capsys):
    call_command("assess", str(roof_file), "--query", roof.question)

    printed = capsys.readouterr().out
    assert roof.question in printed
    assert "Lane: desk" in printed
    assert f"Kept as claim {Claim.objects.get().number}" in printed


def test_with_files_one_line_names_the_claim_and_what_was_written(
    tmp_path, roof_file, roof, capsys
):
    pdf, told = tmp_path / "out.pdf", tmp_path / "out.json"
    call_command(
        *("assess", str(roof_file), "--query", roof.question),
        *("--json", str(told), "--report", str(pdf)),
    )

    number = Claim.objects.get().number
    assert capsys.readouterr().out == f"Kept as claim {number}; written: {told} and {pdf}\n"


@pytest.mark.parametrize(
    ("agreements", "told"),
    [
        ([None, None], "of the picture."),
        ([0.8, 0.8], "of the picture. The runs agree to 0.80."),
        ([0.91, 0.456, None], "of the picture. The runs agree to 0.46 to 0.91."),
    ],
)
def test_how_far_the_runs_agree_is_printed_where_there_were_several(agreements, told):
    query = {
        "text": "dents",
        "outcome": "answered",
        "findings": [{"agreement": each} for each in agreements],
        "total": {"share": 0.1, "area_m2": None, "unmeasured": ""},
        "lost": [],
        "drift": "",
    }
    photo = {"file": "a.jpg", "same_as": None, "width": 9, "queries": [query], "height": 9}
    text = printed(
        {
            "claim": "CLI-1",
            "photos": [photo],
            "triage": {"lane": "desk", "reasons": []},
            "cost_usd": 0.0,
            "reused": 0,
            "report": None,
        }
    )

    assert text.splitlines()[1].endswith(told)


def test_a_query_that_nobody_can_read_is_bad_usage(roof_file):
    with pytest.raises(CommandError, match="--query is empty") as refused:
        call_command("assess", str(roof_file), "--query", "\u200b")
    assert refused.value.returncode == 2


def test_the_same_question_in_other_capitals_is_asked_once(roof_file, roof):
    result = assess(roof_file, "--query", roof.question, "--query", roof.question.upper())

    assert [query["text"] for query in result["photos"][0]["queries"]] == [roof.question]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no-such-file.jpg", "--query", "cracks"], "can't be read"),
        ([".", "--query", "cracks"], "a folder"),
        (["{roof}", "--query", ""], "--query is empty"),
        (["{roof}", "--query", "cracks", "--query", "   "], "--query is empty"),
        (["{roof}", "--query", "x" * 501], "--query \"xxx.* can't be asked: .*500"),
        (["{roof}", "{other}", "--query", "cracks", "--line", "0,0,100,0=1"], "one photo"),
        (["{roof}", "--query", "cracks", "--json", "no/such/out.json"], "no such folder"),
        (["{roof}", "--query", "cracks", "--json", "{roof}"], "overwritten"),
        (["{roof}", "--query", "cracks", "--json", "x", "--report", "x"], "overwritten"),
    ],
)
def test_bad_usage_is_a_sentence_and_exit_status_2(roof_file, tmp_path, arguments, sentence):
    other = tmp_path / "other.jpg"
    other.write_bytes(jpeg())
    given = [each.format(roof=roof_file, other=other) for each in arguments]

    with pytest.raises(CommandError, match=sentence) as raised:
        call_command("assess", *given)
    assert raised.value.returncode == 2
    assert not Claim.objects.exists()


@pytest.mark.parametrize("line", ["1,2,3=4", "a,b,c,d=1", "0,0,5,0=1", "0,0,500,0=-2"])
def test_a_line_that_bears_no_scale_is_refused(roof_file, line):
    with pytest.raises(CommandError, match="line"):
        call_command("assess", str(roof_file), "--query", "cracks", "--line", line)


def test_gemini_answers_through_its_real_client(roof_file, settings):
    with Standin() as standin:
        settings.EAVES_ENGINES = {
            "gemini": {"model": "gemini-2.5-flash", "api_key": "k", "base_url": standin.url}
        }
        result = assess(roof_file, "--query", "what stands out", "--engine", "gemini")

    assert result["status"] == 0
    assert result["engine"]["model_served"] == "gemini-2.5-flash"
    assert result["photos"][0]["queries"][0]["findings"]
    assert len(standin.requests) == 1


def test_an_engine_that_cannot_be_asked_is_told_before_anything_is_opened(roof_file):
    with pytest.raises(CommandError, match="neither an API key nor") as refused:
        call_command("assess", roof_file, "--query", "cracks", "--engine", "gemini")

    assert refused.value.returncode == 2
    assert not Claim.objects.exists()


def test_who_asks_is_told_that_another_model_answered(roof_file, settings, capsys):
    with Standin([Act.GONE, Act.LOOK]) as standin:
        settings.EAVES_ENGINES = {
            "gemini": {
                "model": "gemini-9",
                "fallbacks": ["gemini-3.8-flash"],
                "api_key": "k",
                "base_url": standin.url,
            }
        }
        call_command("assess", roof_file, "--query", "cracks", "--engine", "gemini")

    told = "gemini-3.8-flash was asked in place of gemini-9."
    assert told in capsys.readouterr().out


@pytest.mark.shared
def test_the_recorded_answer_of_15_masks_shows_13_things_two_of_them_under_two_labels(
    shared_data, settings, tmp_path
):
    answer = (shared_data / "gemini/cookbook_cupcakes_flash25_0520_masks15.json").read_text()
    with Standin(answer=answer) as standin:
        settings.EAVES_ENGINES = {
            "gemini": {"model": "gemini-2.5-flash", "api_key": "k", "base_url": standin.url}
        }
        result = assess(
            shared_data / "gemini/cupcakes_620.png", "--query", "cupcakes", "--engine", "gemini"
        )

    query = result["photos"][0]["queries"][0]
    single = sum(finding["area_px"] for finding in query["findings"])
    assert len(query["findings"]) == 13
    assert sum(1 + len(finding["also"]) for finding in query["findings"]) == 15
    assert single / query["total"]["area_px"] == pytest.approx(1.0, abs=0.01)


@pytest.mark.shared
def test_every_broken_file_is_refused_with_a_sentence_and_the_rest_goes_on(
    shared_data, roof_file, roof, tmp_path
):
    broken = sorted(
        path for path in (shared_data / "broken").iterdir() if path.suffix in {".jpg", ".heic"}
    )
    copies = [shutil.copy(path, tmp_path) for path in broken]
    result = assess(*copies, roof_file, "--query", roof.question)

    *refused, good = result["photos"]
    assert len(refused) == 4
    for photo in refused:
        assert photo["queries"][0]["outcome"] == "failed"
        assert photo["queries"][0]["reason"].endswith(".")
    assert good["queries"][0]["outcome"] == "answered"


def test_what_an_earlier_run_was_answered_is_asked_again_only_where_that_is_wished(
    roof_file, settings
):
    results = []
    with Standin() as standin:
        settings.EAVES_ENGINES = {
            "gemini": {"model": "gemini-2.5-flash", "api_key": "k", "base_url": standin.url}
        }
        for more in ([], [], ["--again"]):
            asked = (roof_file, "--query", "what stands out", "--engine", "gemini")
            results.append(assess(*asked, *more))

    assert [each["status"] for each in results] == [0, 0, 0]
    assert [each["reused"] for each in results] == [0, 1, 0]
    assert [each["photos"][0]["queries"][0]["reused"] for each in results] == [0, 1, 0]
    assert len(standin.requests) == 2
    first, second, third = (each["cost_usd"] for each in results)
    assert first == third > second == 0
