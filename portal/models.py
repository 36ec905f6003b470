"""What the door itself remembers."""

from __future__ import annotations

from django.db import models


class SignInAttempt(models.Model):
    """One attempt to sign in that hasn't succeeded, counted against an account or an address.

    `key` is a keyed hash: what people type into the e-mail field by mistake may be a password.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempt_of_key")]

    def __str__(self) -> str:
        return f"{self.key[:8]} at {self.at:%Y-%m-%d %H:%M:%S}"
