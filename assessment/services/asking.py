"""Asking an engine until what it says can be read: every window of a photo, in every run.

Each look climbs a ladder of its own, several at once. A look that fails keeps no other from being
taken; what came stays, and is not asked for again by whoever goes on with the job.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress

from django.db import DatabaseError

from assessment.engines.base import (
    Engine,
    EngineBusyError,
    EngineError,
    EngineMisconfiguredError,
    EngineUnavailableError,
)
from assessment.models import Call, Job, Segmentation
from assessment.services.budget import keys_let_go, longest_call, turn_begins
from assessment.services.calls import (
    Asked,
    CallsUnderWay,
    Came,
    Desk,
    Look,
    call_prepare,
    call_store,
    call_without_answer,
    model_of,
)
from assessment.services.jobs import (
    JobUnfinishedError,
    job_came_on,
    job_is_at_its_last_wait,
    job_was_taken_before,
    stopping,
)
from assessment.services.looks import (
    Climb,
    climbs_added,
    climbs_begun,
    climbs_resumed,
    drift_store,
)
from assessment.services.pictures import Pictures

MOST_AT_ONCE = 8
"""Calls of one job under way: more would leave other jobs nothing of the engine's rate."""

MOST_IN_VAIN = 3
"""Calls of a model in a row that find it away or not to be asked, before it is left alone."""

LONGEST_ASKING = 240.0
"""Seconds for which a job begins calls. What is left is asked when the job is taken again: a task
lives CELERY_TASK_TIME_LIMIT and must see the end of its last call."""

POLL_SECONDS = 1.0
"""How often is looked whether the answer to what somebody else is asking has come."""

LATER_SECONDS = 10.0
"""When somebody looks again at a job for which a turn could do nothing but wait."""

UNFINISHED = "{} of {} looks at the photo are taken so far; the others follow."
NO_PLACE = "As many questions are being asked as this worker may ask at once; this one follows."
NOT_YET = "No look at the photo could be taken in this turn; they follow."


def looks_taken(
    job: Job, segmentation: Segmentation, engine: Engine, pictures: Pictures
) -> list[Climb]:
    """Ask until what came of each look will do, beginning with what is stored.

    A worker that was overtaken goes on with what the other stored. When a further call fails, what
    came before it is the answer, and says what is missing; only an engine that is away is waited
    for first. Raises EngineUnavailableError for that (EngineBusyError where nothing could be done
    but wait), and JobUnfinishedError when there is more to ask than one turn of a job has time for.
    """
    desk = Desk(segmentation, engine, pictures)
    if job_was_taken_before(job):
        keys_let_go(segmentation)
        climbs = climbs_resumed(desk)
    else:
        climbs = climbs_begun(desk)
    asking = _Asking(job, desk)
    try:
        asking.ask(climbs)
        if added := climbs_added(desk, climbs):
            climbs += added
            asking.ask(climbs)
    finally:
        asking.let_go()
        drift_store(desk, climbs)
    return climbs


class _Asking:
    """One turn of asking: calls begin and end until every look has what it can get."""

    def __init__(self, job: Job, desk: Desk) -> None:
        self._job = job
        self._desk = desk
        self._climbs: dict[Look, Climb] = {}
        self._waiting: deque[Climb] = deque()
        self._elsewhere: list[Climb] = []
        self._awaited: set[Look] = set()
        self._calls = CallsUnderWay(desk.engine)
        self._end = time.monotonic() + LONGEST_ASKING
        self._begun = self._answers = 0
        self._in_vain: Counter[str] = Counter()
        self._error: EngineError | None = None
        self._broken: Exception | None = None

    def ask(self, climbs: Sequence[Climb]) -> None:
        """Ask on at each of these looks. Raises as looks_taken does."""
        self._climbs = {climb.look: climb for climb in climbs}
        self._waiting = deque(climb for climb in climbs if climb.next)
        alone = len(self._waiting) == 1
        while self._may_begin() or self._calls:
            while self._may_begin_now():
                self._begin(self._waiting.popleft(), alone=alone)
            self._calls.leave_room()
            if self._calls:
                self._take(self._calls.next())
            elif self._elsewhere:
                time.sleep(POLL_SECONDS)
            self._waiting.extend(self._elsewhere)
            self._elsewhere.clear()
        self._stop()

    def let_go(self) -> None:
        """Wait for no call any more: whoever interrupts this turn interrupts its calls."""
        self._calls.let_go()

    def _may_begin(self) -> bool:
        if not self._waiting or self._broken or stopping.is_set():
            return False
        # A turn that asks nothing would be followed by others that ask nothing.
        return self._begun == 0 or time.monotonic() < self._end

    def _may_begin_now(self) -> bool:
        if not self._may_begin() or len(self._calls) >= MOST_AT_ONCE:
            return False
        # What comes of the calls under way must not wait for a place.
        return not self._calls or self._calls.make_room(within=0.0)

    def _begin(self, climb: Climb, *, alone: bool) -> None:
        if not (rung := climb.next):
            return
        self._begun += 1
        try:
            call = call_prepare(self._desk, climb.look, rung, number=len(climb.turns) + 1)
            self._go_on(climb, call, alone=alone)
        except EngineError as error:
            self._fail(climb, error)
        except Exception as error:  # noqa: BLE001  # raised once what is under way is kept
            self._broken = error

    def _go_on(self, climb: Climb, call: Asked | Call | None, *, alone: bool) -> None:
        """Make the call, take the answer that is stored already, or wait for that of others."""
        if call is None:
            self._elsewhere.append(climb)
            self._awaited.add(climb.look)
        elif isinstance(call, Call):
            self._answered(climb, call)
        else:
            self._wait_for_room(call)
            self._calls.begin(call, alone=alone)

    def _wait_for_room(self, asked: Asked) -> None:
        """Raises EngineBusyError where there is none for as long as a call takes: money is set
        aside meanwhile."""
        try:
            if self._calls.make_room(within=longest_call()) and not stopping.is_set():
                if asked.mark:
                    turn_begins(asked.mark)
                return
            raise EngineBusyError(NO_PLACE, retry_after=_later())
        except BaseException:
            call_without_answer(asked)
            raise

    def _answered(self, climb: Climb, call: Call) -> None:
        """Go on from what is stored now: the job has come so far, whoever asked for it."""
        self._answers += 1
        self._awaited.discard(climb.look)
        climb.go_on(call, self._desk.engine)
        if climb.next:
            self._waiting.appendleft(climb)

    def _take(self, came: Came) -> None:
        """Keep what a call brought, at once; a fault of ours keeps no other from being kept."""
        try:
            self._keep(self._climbs[came.asked.look], came)
        except Exception as error:  # noqa: BLE001  # raised once what is under way is kept
            self._broken = self._broken or error
            with suppress(DatabaseError):
                call_without_answer(came.asked)

    def _keep(self, climb: Climb, came: Came) -> None:
        if came.answer is not None:
            call = call_store(self._desk.segmentation, came, came.answer)
            self._in_vain[self._model(climb)] = 0
            self._answered(climb, call)
            return
        call_without_answer(came.asked)
        if isinstance(came.error, EngineError):
            self._fail(climb, came.error)
        else:
            self._broken = self._broken or came.error

    def _fail(self, climb: Climb, error: EngineError) -> None:
        climb.error = self._error = error
        model = self._model(climb)
        in_vain = isinstance(error, EngineUnavailableError | EngineMisconfiguredError)
        self._in_vain[model] = self._in_vain[model] + 1 if in_vain else 0
        if self._in_vain[model] >= MOST_IN_VAIN:
            for other in self._waiting:
                if self._model(other) == model:
                    other.error = error
            self._waiting = deque(other for other in self._waiting if not other.error)

    def _model(self, climb: Climb) -> str:
        return model_of(self._desk.engine, climb.look.run)

    def _stop(self) -> None:
        """Raise what must be heard of before the answers are read."""
        if self._broken:
            raise self._broken
        if self._answers:
            job_came_on(self._job)
        self._leave_to_the_next_try()
        if self._waiting and self._answers:
            whole = len(self._climbs)
            raise JobUnfinishedError(UNFINISHED.format(whole - len(self._waiting), whole))
        if any(stopping.is_set() or climb.look in self._awaited for climb in self._waiting):
            raise EngineBusyError(NOT_YET, retry_after=_later())
        for climb in self._waiting:
            # All this time nothing came but this.
            climb.error = self._error

    def _leave_to_the_next_try(self) -> None:
        errors = [climb.error for climb in self._climbs.values()]
        away = [error for error in errors if isinstance(error, EngineUnavailableError)]
        failed = [error for error in away if not isinstance(error, EngineBusyError)]
        if failed and not job_is_at_its_last_wait(self._job):
            delays = [error.retry_after for error in away if error.retry_after is not None]
            raise EngineUnavailableError(failed[-1].message, retry_after=max(delays, default=None))
        if len(away) > len(failed):
            # Its turn comes; that is no fault of the engine's, and is waited for at any time.
            raise min(
                (error for error in away if isinstance(error, EngineBusyError)),
                key=lambda error: error.retry_after or 0.0,
            )


def _later() -> float:
    """In how many seconds somebody looks again: at once, where only this process may not ask."""
    return 0.0 if stopping.is_set() else LATER_SECONDS
