"""The most tokens that a question can cost, before it is put."""

from __future__ import annotations

import json
import math

from assessment.core.vocabulary import AnswerForm
from assessment.engines.base import Request, Usage
from assessment.engines.families import Family
from assessment.engines.prompt import SYSTEM, prompt, schema

TILE_TOKENS = 258
"""The 2.5 models bill a picture by tiles two thirds of its shorter side long, so the more the
longer it is for its width (ai.google.dev/gemini-api/docs/image-understanding)."""

PICTURE_TOKENS = 1_120
"""The 3.x models bill any picture so, at the resolution that they take where none is named
(ai.google.dev/gemini-api/docs/media-resolution)."""

MARGIN = 1.25

LONGEST_ANSWER = 65_536
"""Where every current model stops by itself, for a family that isn't told where to."""


def most_tokens(family: Family, form: AnswerForm, request: Request) -> Usage:
    """The most tokens that a model of this family can bill for a question in this form.

    Words have no more tokens than bytes. Thinking counts as output, within the same limit.
    """
    words = SYSTEM + prompt(form, family.most_objects, request) + json.dumps(schema(form))
    told = picture_tokens(request.width, request.height) + len(words.encode(errors="replace"))
    return Usage(math.ceil(MARGIN * told), family.most_tokens or LONGEST_ANSWER)


def picture_tokens(width: int, height: int) -> int:
    """The most tokens that a picture of these proportions is billed as, by either family.

    >>> picture_tokens(4000, 3000), picture_tokens(8000, 1000)
    (1120, 6192)
    """
    tiles = 2 * math.ceil(1.5 * max(width, height) / min(width, height))
    return max(PICTURE_TOKENS, tiles * TILE_TOKENS)
