from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.engines import EXAMPLE, more_engines


def test_an_engine_is_named_with_its_class_and_options():
    assert more_engines(EXAMPLE) == {
        "sam3": {"class": "my_engines.sam3:Sam3Engine", "url": "http://10.0.0.7:8080"}
    }


@pytest.mark.parametrize("text", ["", "{}"])
def test_nothing_set_names_none(text):
    assert more_engines(text) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{sam3}", "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"local": {"class": "a:B"}}', 'names an engine "local"'),
        ('{"SAM 3": {"class": "a:B"}}', 'names an engine "SAM 3"'),
        ('{"sam3": {}}', 'gives "sam3" no class'),
        ('{"sam3": {"class": "a.B"}}', 'gives "sam3" no class'),
        ('{"sam3": "a:B"}', 'gives "sam3" no class'),
        ('{"sam3": {"class": "a:B", "deadline": "300"}}', 'gives "sam3" a deadline that is no'),
        ('{"sam3": {"class": "a:B", "deadline": 0}}', 'gives "sam3" a deadline that is no'),
    ],
)
def test_anything_else_is_told_with_an_example(text, said):
    with pytest.raises(ImproperlyConfigured, match=said) as raised:
        more_engines(text)
    assert EXAMPLE in str(raised.value)
