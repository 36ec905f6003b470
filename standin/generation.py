"""What a request sets for the generation, checked as the real service checks it.

Names are taken in camelCase and in snake_case, as there. Sentences are those that were seen of the
service; where none was seen, they are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from standin.models import OUTPUT_LIMIT, Model
from standin.rejected import RejectedError
from standin.schema import check_schema

JSON_TYPE = "application/json"
TYPES = (JSON_TYPE, "text/plain", "application/xml", "application/yaml", "text/x.enum")

BODY_FIELDS = frozenset(
    (
        "contents",
        "systeminstruction",
        "generationconfig",
        "safetysettings",
        "tools",
        "toolconfig",
        "cachedcontent",
        "model",
        "labels",
        "store",
        "servicetier",
    )
)
CONFIG_FIELDS = frozenset(
    (
        "candidatecount",
        "stopsequences",
        "maxoutputtokens",
        "temperature",
        "topp",
        "topk",
        "seed",
        "presencepenalty",
        "frequencypenalty",
        "responselogprobs",
        "logprobs",
        "responsemimetype",
        "responseschema",
        "responsejsonschema",
        "responsemodalities",
        "speechconfig",
        "thinkingconfig",
        "mediaresolution",
        "audiotimestamp",
        "routingconfig",
        "imageconfig",
        "enableenhancedcivicanswers",
        "enableaffectivedialog",
        "modelselectionconfig",
    )
)
THINKING_FIELDS = frozenset(("includethoughts", "thinkingbudget", "thinkinglevel"))

THOUGHTS = {"minimal": 0, "low": 96, "medium": 512, "high": 2048}
"""Tokens that the stand-in's models think, by level; of a budget they use no more than medium."""

BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


@dataclass(frozen=True, slots=True)
class Generation:
    """What was set: JSON mode, the most tokens of thoughts and answer, and tokens of thoughts."""

    is_json: bool = False
    most_tokens: int = OUTPUT_LIMIT
    thoughts: int = 0


def read_generation(body: Mapping[str, Any], model: Model) -> Generation:
    """Check a request's names and its generationConfig for a model. Raises RejectedError."""
    check_names(body, BODY_FIELDS, "")
    told = _object(_plain(body), "generationconfig", CONFIG_FIELDS, "generation_config")
    _check_numbers(told)
    is_json = _check_type(told)
    place = "generation_config.thinking_config"
    thoughts = _thoughts(_object(told, "thinkingconfig", THINKING_FIELDS, place), model)
    return Generation(is_json, told.get("maxoutputtokens") or OUTPUT_LIMIT, thoughts)


def _object(
    told: Mapping[str, Any], name: str, known: frozenset[str], place: str
) -> dict[str, Any]:
    """What an object in a request sets, by the plain names of its fields."""
    fields = told.get(name) or {}
    if not isinstance(fields, dict):
        raise RejectedError(400, f"Invalid value at '{place}': not an object.")
    check_names(fields, known, place)
    return _plain(fields)


def check_names(told: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    """Reject names that the service doesn't know, all at once. Raises RejectedError."""
    place = f" at '{where}'" if where else ""
    unknown = [name for name in told if _spelled(name) not in known]
    if not unknown:
        return
    sentences = [
        f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'
        for name in unknown
    ]
    violations = [{"field": where, "description": each} for each in sentences]
    details = {"@type": BAD_REQUEST, "fieldViolations": violations}
    raise RejectedError(400, "\n".join(sentences), details)


def _spelled(name: str) -> str:
    return name.replace("_", "").lower()


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    return {_spelled(name): value for name, value in told.items()}


def _check_numbers(told: Mapping[str, Any]) -> None:
    for name, fault in _wrong_numbers(told):
        raise RejectedError(400, f"* GenerateContentRequest.generation_config.{name}: {fault}")


def _wrong_numbers(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    temperature, most = told.get("temperature"), told.get("maxoutputtokens")
    if temperature is not None and not (_is_number(temperature) and 0 <= temperature <= 2):
        yield "temperature", "temperature must be in the range [0.0, 2.0]."
    if most is not None and not (_is_whole(most) and 0 < most <= OUTPUT_LIMIT):
        yield (
            "max_output_tokens",
            f"max_output_tokens must be positive and at most {OUTPUT_LIMIT}.",
        )
    if (told.get("candidatecount") or 1) != 1:
        yield "candidate_count", "only one candidate can be specified."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and isinstance(value, int)


def _check_type(told: Mapping[str, Any]) -> bool:
    """Whether JSON mode is on."""
    kind = told.get("responsemimetype") or "text/plain"
    if kind not in TYPES:
        raise RejectedError(
            400,
            "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are "
            "`text/plain`, `application/json`, `application/xml`, `application/yaml` and "
            "`text/x.enum`.",
        )
    schemas = {
        "response_schema": told.get("responseschema"),
        "response_json_schema": told.get("responsejsonschema"),
    }
    given = {name: schema for name, schema in schemas.items() if schema is not None}
    if len(given) > 1:
        raise RejectedError(400, "Only one of response_schema and response_json_schema can be set.")
    for name, schema in given.items():
        if kind != JSON_TYPE:
            raise RejectedError(400, f"{name} requires response_mime_type to be {JSON_TYPE}.")
        check_schema(schema, f"GenerateContentRequest.generation_config.{name}")
    return kind == JSON_TYPE


def _thoughts(thinking: Mapping[str, Any], model: Model) -> int:
    """Tokens that the model thinks under what was set."""
    budget, level = thinking.get("thinkingbudget"), thinking.get("thinkinglevel")
    if budget is not None and level is not None:
        raise RejectedError(400, "You can only set only one of thinking budget and thinking level.")
    if level is not None:
        return _thoughts_of_level(str(level).lower(), model)
    if budget is None:
        return THOUGHTS["medium"]
    return _thoughts_of_budget(budget, model)


def _thoughts_of_level(level: str, model: Model) -> int:
    if not model.levels:
        raise RejectedError(400, "Thinking level is not supported for this model.")
    if level not in model.levels:
        name = level.upper()
        raise RejectedError(400, f"Thinking level {name} is not supported for this model.")
    return THOUGHTS[level]


def _thoughts_of_budget(budget: Any, model: Model) -> int:
    if budget == 0 and not model.can_rest:
        raise RejectedError(400, "Budget 0 is invalid. This model only works in thinking mode.")
    least, most = model.budgets
    if not _is_whole(budget) or not (budget in (-1, 0) or least <= budget <= most):
        raise RejectedError(
            400,
            f"The thinking budget {budget} is invalid. Please choose a value between {least} and "
            f"{most}.",
        )
    return THOUGHTS["medium"] if budget == -1 else min(budget, THOUGHTS["medium"])
