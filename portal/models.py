"""What the door itself remembers."""

from __future__ import annotations

from django.db import models

from claims.models import Claim


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


class UploadKey(models.Model):
    """The key that a browser gave one upload, so that one that is sent twice is answered alike.

    `key` and `sha256` are hex, of the key as it was sent and of the file. `fresh` says that the
    claim didn't have the photo before.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    fresh = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "key"], name="upload_key_once_per_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} at {self.at:%Y-%m-%d %H:%M:%S}"
