"""Moments as people read them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def moment(when: datetime) -> SafeString:
    """A moment as a `time` element: "today 10:31 a.m. UTC", or with its day."""
    local = timezone.localtime(when)
    told = {"time": date_format(local, "TIME_FORMAT"), "zone": local.tzname()}
    if local.date() == timezone.localdate():
        text = _("today %(time)s %(zone)s") % told
    else:
        text = _("%(day)s, %(time)s %(zone)s") % {**told, "day": date_format(local, "DATE_FORMAT")}
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), text)
