"""Carriers, and the people who work for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class Units(models.TextChoices):
    """Units of display. Everything is stored in SI."""

    US = "us", "US customary, metric in brackets"
    METRIC = "metric", "Metric"


class Role(models.TextChoices):
    """What a member of a carrier may do."""

    ADJUSTER = "adjuster", "Adjuster"
    MANAGER = "manager", "Manager"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class Carrier(models.Model):
    """A tenant: nothing of one carrier is reachable from another."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    units = models.CharField(max_length=10, choices=Units, default=Units.US)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(units__in=Units.values), name="carrier_units_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users that sign in by e-mail."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, **options: Any) -> None:
        # People sign in by it, however they spell it that day.
        self.email = self.email.strip().lower()
        super().save(**options)


class Membership(models.Model):
    """A person's role at a carrier."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "carrier"], name="membership_one_role_per_carrier"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.carrier}"
