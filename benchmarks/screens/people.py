"""The people of the benchmark's station, who can sign in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from benchmarks.screens.fates import BILLERS, PASSWORD
from invoices.models import Role, User


@dataclass(frozen=True, slots=True)
class Staff:
    """Billers, three seniors, an admin."""

    billers: list[User]
    seniors: list[User]
    admin: User

    @classmethod
    def hired(cls) -> Staff:
        """Those that are there; made where they are not."""
        names = {f"biller{n}": Role.BILLER for n in range(BILLERS)} | {f"senior{n}": Role.SENIOR for n in range(3)} | {"admin": Role.ADMIN}
        if not User.objects.filter(username="admin").exists():
            secret = make_password(PASSWORD)
            User.objects.bulk_create(User(username=name, role=role, password=secret) for name, role in names.items())
        found = User.objects.in_bulk(list(names), field_name="username")
        billers, seniors = [found[f"biller{n}"] for n in range(BILLERS)], [found[f"senior{n}"] for n in range(3)]
        return cls(billers, seniors, found["admin"])

    def pair(self, number: int, chance: float) -> tuple[int, User, int, User]:
        """Side and person of a first and of a second label, on different halves of the billers; the measured one is often the second."""
        digit = int(chance * 5)
        second = self.billers[0] if number % 3 == 0 else self.billers[number % BILLERS]
        others = [one for one in self.billers if (one.pk >> digit & 1) != (second.pk >> digit & 1)]
        first = others[number // 7 % len(others)]
        return 2 * digit + (first.pk >> digit & 1), first, 2 * digit + (second.pk >> digit & 1), second
