"""What every vision engine is and says.

An engine is asked once per photo and question. Asking and reading are apart, so that the raw
answer can be stored the moment it arrives and read again without being paid for twice.

EngineError
 +- EngineUnavailableError    overload, time-out, lost connection: the only one to ask again after
 +- EngineRefusedError        it looked at the question and declined; nobody looked
 +- GarbledAnswerError        an answer came and can't be read
 +- EngineMisconfiguredError  no key, unknown model, request rejected
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assessment.core.detection import Detection
from assessment.core.vocabulary import DamageType


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


class EngineRefusedError(EngineError):
    """The engine declined this question or this photo. It says nothing about damage."""


class GarbledAnswerError(EngineError):
    """An answer came that holds nothing readable and isn't an explicit "nothing found"."""


class EngineMisconfiguredError(EngineError):
    """The engine can't work as it is set up: a person must change the configuration."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question about one photo.

    `image` is an upright, metadata-free JPEG; `width` and `height` are those of the upright
    original in pixels, and detections come back in them.
    """

    image: bytes
    width: int
    height: int
    text: str
    damage_type: DamageType | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens billed; None where the vendor didn't say."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, verbatim. `model_served` is empty where the vendor didn't say."""

    text: str
    model_requested: str
    model_served: str
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer that was read: what was seen, and a sentence for each thing that was lost."""

    detections: tuple[Detection, ...]
    lost: tuple[str, ...] = ()


class Engine(Protocol):
    """A vision engine.

    `model` is the model id asked for; `prompt_version` changes whenever the same question would
    be put in other words; `wants_full_size` asks for the full-size copy in place of the small one.
    `examples` are questions, one for each kind of damage that it knows, in the words it
    understands; empty for an engine that is asked in any words.
    """

    name: str
    model: str
    prompt_version: str
    wants_full_size: bool
    examples: tuple[str, ...]

    def ask(self, request: Request) -> Answer:
        """Put the question. Raises EngineError."""
        ...

    def read(self, text: str, width: int, height: int) -> Reading:
        """Read an answer of this engine for a photo of this size. Raises GarbledAnswerError."""
        ...
