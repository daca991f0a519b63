"""A policy of which each version is a row: what counts, storing a new version with every fault named at once, and its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, Generic, TypeVar

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from invoices.storable import storable
from labeling.models import StoredPolicy
from labeling.versioned.settings import PolicySetting, Value

MAX_NOTE: Final = 500
SHOWN: Final = 50
Policy = TypeVar("Policy", bound=StoredPolicy)


@dataclass(frozen=True, slots=True)
class Changed:
    """One setting that a version changed."""

    setting: PolicySetting
    before: Value
    after: Value


@dataclass(frozen=True)
class StoredVersion(Generic[Policy]):
    """One stored version and what it changed against the one before, the first against the defaults."""

    policy: Policy
    changes: list[Changed]


@dataclass(frozen=True)
class VersionedPolicy(Generic[Policy]):
    """Its rows are ``model``, its values those of ``settings``.

    ``title`` names it to who may not change it, ``called`` in a fault, ``target`` and ``action`` in the trail. ``refusal`` is the error of
    a fault, with ``code``, a sentence and the problems; ``forbidden`` that of anybody but an admin. ``build`` makes a row of values that
    is not stored (of none: the defaults), ``read`` is its inverse; without them each setting is a column. ``stores_defaults``: a first
    version may say the same as the defaults.
    """

    model: type[Policy]
    settings: tuple[PolicySetting, ...]
    title: str
    called: str
    target: str
    action: Action
    refusal: type[Exception]
    forbidden: type[Exception]
    code: str = "policy_invalid"
    build: Callable[[Mapping[str, Any]], Policy] | None = None
    read: Callable[[Policy], dict[str, Value]] | None = None
    stores_defaults: bool = False

    @cached_property
    def by_name(self) -> dict[str, PolicySetting]:
        """The settings by name."""
        return {one.name: one for one in self.settings}

    def current(self) -> Policy:
        """The newest version, or the defaults (not stored, without an id)."""
        return self.model._default_manager.select_related("created_by").order_by("-pk").first() or self._row({})

    def values(self, policy: Policy) -> dict[str, Value]:
        """Every setting by name; money as a number."""
        if self.read is not None:
            return self.read(policy)
        return {one.name: float(getattr(policy, one.name)) if one.kind == "money" else getattr(policy, one.name) for one in self.settings}

    def versions(self) -> list[StoredVersion[Policy]]:
        """The newest ``SHOWN`` versions, newest first: one statement."""
        stored = list(self.model._default_manager.select_related("created_by").order_by("-pk")[: SHOWN + 1])
        before = [*stored, self._row({})] if len(stored) <= SHOWN else stored
        return [StoredVersion(policy, self._changes(earlier, policy)) for policy, earlier in pairwise(before)]

    def store(self, *, user: User, values: Mapping[str, Any], note: str = "") -> Policy:
        """Store the policy with these values changed as a new version; without any change the current one stays and is answered.

        Raises ``forbidden`` for anybody but an admin and ``refusal`` with every problem.
        """
        if not user.has_role(Role.ADMIN):
            raise self.forbidden(f"Changing {self.title} needs the role of an admin.")
        note = storable(note).strip()
        good = self._checked(values, note)
        with transaction.atomic():
            before = self.model._default_manager.select_for_update().order_by("-pk").first() or self._row({})
            policy = self._row({**self.values(before), **good})
            changes = self._changes(before, policy)
            if not changes and (before.pk is not None or not self.stores_defaults):
                return before
            policy.note, policy.created_by = note, user
            policy.save()
            record(
                self.action,
                actor=user,
                object=Target(self.target, policy.pk),
                before={one.setting.name: one.before for one in changes},
                after={one.setting.name: one.after for one in changes},
            )
        return policy

    def refuse(self, detail: str, problems: list[dict[str, str]] | None = None) -> Exception:
        """The error of a fault."""
        return self.refusal(self.code, detail, {"problems": problems} if problems else {})

    def _row(self, values: Mapping[str, Any]) -> Policy:
        return self.model(**values) if self.build is None else self.build(values)

    def _changes(self, before: Policy, after: Policy) -> list[Changed]:
        old, new = self.values(before), self.values(after)
        return [Changed(one, old[one.name], new[one.name]) for one in self.settings if old[one.name] != new[one.name]]

    def _checked(self, values: Mapping[str, Any], note: str) -> dict[str, Value]:
        problems = []
        good: dict[str, Value] = {}
        for name, value in values.items():
            setting, said = self.by_name.get(name), storable(str(name)[:40])
            problem = f"{said!r} is no setting of {self.called}." if setting is None else setting.problem(value)
            if problem or setting is None:
                problems.append({"path": said, "code": self.code, "message": problem})
            else:
                good[name] = setting.stored(value)
        if len(note) > MAX_NOTE:
            message = f"The note has {len(note)} characters; the limit is {MAX_NOTE}."
            problems.append({"path": "note", "code": self.code, "message": message})
        if problems:
            detail = " ".join(problem["message"] for problem in problems)
            raise self.refuse(f"{detail} Nothing was stored.", problems)
        return good
