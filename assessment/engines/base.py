"""What every vision engine is and says.

An engine is asked per photo and question, and once more in another way where its answer doesn't do.
Asking and reading are apart, so that the raw answer can be stored the moment it arrives and read
again without being paid for twice.

EngineError
 +- EngineUnavailableError    overload, time-out, lost connection: the only one to ask again after
 |   +- EngineBusyError       it is there, but this question's turn comes later
 +- EngineRefusedError        it looked at the question and declined; nobody looked
 +- GarbledAnswerError        an answer came and can't be read
 +- EngineMisconfiguredError  no key, unknown model, request rejected
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from assessment.core.detection import Box, Detection
from assessment.core.vocabulary import AnswerForm, DamageType


class EngineError(Exception):
    """Something stood between a question and its answer; the message is a sentence for people."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EngineUnavailableError(EngineError):
    """The engine can't be reached now; ask again, not before `retry_after` seconds if given."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EngineBusyError(EngineUnavailableError):
    """Nobody was asked, and the engine may well be there: the turn comes after `retry_after`."""


class EngineRefusedError(EngineError):
    """The engine declined this question or this photo. It says nothing about damage.

    `answer` is what came of it and may have to be paid for, where anything did.
    """

    def __init__(self, message: str, answer: Answer | None = None) -> None:
        super().__init__(message)
        self.answer = answer


class GarbledAnswerError(EngineError):
    """An answer came that holds nothing readable and isn't an explicit "nothing found".

    `answer` is what came and was paid for, where `ask` itself found it unreadable.
    """

    def __init__(self, message: str, answer: Answer | None = None) -> None:
        super().__init__(message)
        self.answer = answer


class EngineMisconfiguredError(EngineError):
    """The engine can't work as it is set up: a person must change the configuration."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question about one photo, or about a part of it.

    `image` is an upright, metadata-free JPEG; `width` and `height` are those of what it shows, in
    pixels of the upright original, and detections come back in them. `form` is the richest form of
    outline to ask for; an engine without it asks for the next that it has. `known` are the boxes,
    in the same pixels, of what an earlier answer named already: the rest is asked for. `model` is
    asked in place of the engine's own, where it is given.
    """

    image: bytes
    width: int
    height: int
    text: str
    damage_type: DamageType | None = None
    form: AnswerForm = AnswerForm.MASK
    known: tuple[Box, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens billed; None where the vendor didn't say."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, verbatim.

    `model_requested` is the id that was asked, perhaps a fallback; `model_served` is empty where
    the vendor didn't say. `form` is what was asked for, None by an engine that can be asked in one
    way only. `cut` says that the engine stopped at its own limit.
    """

    text: str
    model_requested: str
    model_served: str
    usage: Usage = Usage()
    form: AnswerForm | None = None
    cut: bool = False


MOST_TOKENS = 10_000_000
"""Several times the longest context there is; a count beyond it is none."""

LONGEST_MODEL_ID = 100


def sound(answer: Answer) -> Answer:
    """The answer, and of what is said beside it only what can be true: it is stored and told."""
    said = answer.usage
    return replace(
        answer,
        model_requested=_model_id(answer.model_requested),
        model_served=_model_id(answer.model_served),
        usage=Usage(sound_count(said.input_tokens), sound_count(said.output_tokens)),
    )


def sound_count(tokens: int | None) -> int | None:
    """How many tokens the vendor says there were, unless that many can't be."""
    return tokens if tokens is not None and 0 <= tokens <= MOST_TOKENS else None


def _model_id(said: str) -> str:
    return "".join(sign for sign in said if sign.isprintable())[:LONGEST_MODEL_ID]


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer that was read: what was seen, and a sentence for each thing that was lost.

    `cut` says that it breaks off or is damaged, so that there may have been more.
    """

    detections: tuple[Detection, ...]
    lost: tuple[str, ...] = ()
    cut: bool = False


class Engine(Protocol):
    """A vision engine.

    `model` is the model id asked for, `second_model` another one whose answers are held against its
    own, empty where there is none; `varies` says that the same question may be answered otherwise
    the next time, so that asking again tells how sure an answer is. `prompt_version` changes
    whenever the same question would be put in other words; `wants_full_size` asks for the full-size
    copy in place of the small one, and for no parts of it. `examples` are questions, one for each
    kind of damage that it knows, in the words it understands; empty for an engine that is asked in
    any words.
    """

    name: str
    model: str
    second_model: str
    varies: bool
    prompt_version: str
    wants_full_size: bool
    examples: tuple[str, ...]

    def billed_at_most(self, request: Request) -> Mapping[str, Usage]:
        """The most tokens that the question can be billed as, by each model that it may be put to.

        Empty where asking costs nothing. The picture is cut afterwards: `image` is empty here.
        """
        ...

    def ask(self, request: Request) -> Answer:
        """Put the question. Raises EngineError."""
        ...

    def read(self, text: str, width: int, height: int) -> Reading:
        """Read an answer of this engine for a photo of this size. Raises GarbledAnswerError."""
        ...

    def close(self) -> None:
        """Let go of connections; an engine that is asked again afterwards opens them anew."""
        ...
