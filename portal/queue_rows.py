"""Rows of the queue as people see them: the words of each, and which ask for news of themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from assessment.core.vocabulary import Stage
from assessment.selectors.claim_list import STAGE_OF_TAB, ClaimRow, Tab
from portal.wording import LANE_TAGS, STAGE_TAGS, Tag

# Each row that asks is a request every few seconds, and people look at the first ones.
MOST_ASKING = 10
# A row says on which photos, the claim's own page says on which and why.
MOST_FAILED_NAMED = 5
ROUTED = {Stage.FAST, Stage.REVIEW, Stage.INSPECTION, Stage.SPECIALIST}
TABS: Mapping[Tab, Promise | str] = {
    Tab.MINE: gettext_lazy("My claims"),
    **{tab: STAGE_TAGS[stage].label for tab, stage in STAGE_OF_TAB.items()},
    # The words of their tag are too long for a row of tabs.
    Tab.FAILED: gettext_lazy("Failed"),
    Tab.ALL: gettext_lazy("All"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the queue.

    `reasons` are those for which it stands where it stands. `version` is the ETag of all it says,
    `news_headers` the JSON of the headers with which it asks for news; empty if it doesn't.
    """

    claim: ClaimRow
    tag: Tag
    reasons: tuple[str, ...]
    failed: str
    waited: str
    version: str
    news_headers: str


@dataclass(frozen=True, slots=True)
class TabLink:
    """A list as its tab names it; `count` is None where nobody counts."""

    tab: Tab
    name: Promise | str
    count: int | None
    is_current: bool


def rows_of(claims: Sequence[ClaimRow]) -> list[Row]:
    """The rows of a page. The first few whose claims are at work ask for news."""
    at_work = [claim.number for claim in claims if claim.stage is Stage.ANALYSING]
    asking = set(at_work[:MOST_ASKING])
    return [row_of(claim, asks=claim.number in asking) for claim in claims]


def row_of(claim: ClaimRow, *, asks: bool) -> Row:
    """One row; it asks for news only while its claim is at work."""
    waited = waiting_text(timezone.now() - claim.since)
    said = repr((claim, waited, get_language()))
    version = f'"{hashlib.sha256(said.encode()).hexdigest()[:16]}"'
    asks = asks and claim.stage is Stage.ANALYSING
    return Row(
        claim=claim,
        tag=tag_of(claim),
        reasons=claim.reasons if claim.stage in ROUTED else (),
        failed=failed_sentence(claim.failed),
        waited=waited,
        version=version,
        news_headers=json.dumps({"If-None-Match": version}) if asks else "",
    )


def tag_of(claim: ClaimRow) -> Tag:
    """Where the claim stands, in a word: its lane once that is what counts."""
    if claim.lane and claim.stage in ROUTED:
        return LANE_TAGS[claim.lane]
    return STAGE_TAGS[claim.stage]


def tab_links(current: Tab, counts: Mapping[Tab, int]) -> list[TabLink]:
    """Every list, with how many claims it holds where that was counted."""
    return [TabLink(tab, name, counts.get(tab), tab is current) for tab, name in TABS.items()]


def failed_sentence(photos: Sequence[int]) -> str:
    """On which photos the analysis failed; empty for none."""
    if not photos:
        return ""
    named = ", ".join(map(str, photos[:MOST_FAILED_NAMED]))
    more = ", …" if len(photos) > MOST_FAILED_NAMED else ""
    return ngettext(
        "Photo %(numbers)s could not be analysed.",
        "Photos %(numbers)s could not be analysed.",
        len(photos),
    ) % {"numbers": named + more}


def waiting_text(waited: timedelta) -> str:
    """How long a claim has waited, as a narrow column has room for it: "1 d 6 h"."""
    minutes = max(0, int(waited.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)d m") % {"hours": hours, "minutes": minutes % 60}
    return _("%(minutes)d m") % {"minutes": minutes}
