"""What the database itself refuses about deployments, whoever writes to it.

    a promotion or a canary of a model   without a pass of the gate for that model, or an override of a verdict about it
    a return                             to a model that never was the champion
    a first deployment                   of anything but what came with the product
    a serving model                      that no active deployment of its slot names

Triggers look into other tables, which SQLite rebuilds when a migration changes them; they are therefore taken off before the migrations
and put on again after them (``modelops.apps``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections

DEPLOYMENT, SERVING = "modelops_deployment", "invoices_servingmodel"
_PASSED = "SELECT 1 FROM modelops_gateresult r WHERE r.id = NEW.result_id AND r.model_id = NEW.model_id AND r.passed"
_LET_THROUGH = (
    "SELECT 1 FROM modelops_gateoverride o JOIN modelops_gateresult r ON r.id = o.result_id "
    "WHERE o.id = NEW.override_id AND r.model_id = NEW.model_id"
)
_SERVED = (
    "SELECT 1 FROM modelops_deployment d WHERE d.model_id = NEW.model_id AND d.slot = 'champion' "
    "AND (d.kind = 'first' OR d.kind = 'promotion') AND d.id <> NEW.id"
)
_SHIPPED = "SELECT 1 FROM modelops_modelversion m WHERE m.id = NEW.model_id AND m.origin = 'shipped'"
_ACTIVE = (
    "SELECT 1 FROM modelops_deployment d JOIN modelops_modelversion m ON m.id = d.model_id "
    "WHERE d.ended_at IS NULL AND d.slot = NEW.slot AND m.model_id = NEW.model_id"
)
RULES = (
    (
        "modelops_gate", DEPLOYMENT, "slot, kind, model_id, result_id, override_id",
        f"NEW.model_id IS NOT NULL AND NEW.kind IN ('promotion', 'canary') AND NOT EXISTS ({_PASSED}) AND NOT EXISTS ({_LET_THROUGH})",
        "a model is not deployed without a pass of the gate or an override",
    ),
    (
        "modelops_return", DEPLOYMENT, "slot, kind, model_id",
        f"NEW.model_id IS NOT NULL AND NEW.kind = 'rollback' AND NOT EXISTS ({_SERVED})",
        "nothing is rolled back to a model that never served",
    ),
    (
        "modelops_first", DEPLOYMENT, "slot, kind, model_id",
        f"NEW.model_id IS NOT NULL AND NEW.kind = 'first' AND NOT EXISTS ({_SHIPPED})",
        "what serves first is what came with the product",
    ),
    (
        "modelops_serving", SERVING, "slot, model_id",
        f"NEW.model_id <> '' AND NOT EXISTS ({_ACTIVE})",
        "a model serves by a deployment alone",
    ),
)  # fmt: skip


def statements(vendor: str) -> Iterator[str]:
    """What puts the rules on."""
    for name, table, columns, wrong, refusal in RULES:
        if vendor == "postgresql":
            refuse = f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'"
            body = f"BEGIN IF {wrong} THEN {refuse}; END IF; RETURN NEW; END"
            yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
            yield f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            continue
        refuse = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        yield f"CREATE TRIGGER {name}_insert BEFORE INSERT ON {table} {refuse}"
        yield f"CREATE TRIGGER {name}_update BEFORE UPDATE OF {columns} ON {table} {refuse}"


def removal(vendor: str) -> Iterator[str]:
    """What takes the rules off; nothing happens where there are none."""
    for name, table, *_ in RULES:
        if vendor == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        else:
            yield from (f"DROP TRIGGER IF EXISTS {name}_{when}" for when in ("insert", "update"))


def take_off(using: str, **_: Any) -> None:
    """Before the migrations."""
    _run(using, removal(connections[using].vendor))


def put_on(using: str, **_: Any) -> None:
    """After the migrations, unless they led back to before the tables."""
    vendor = connections[using].vendor
    if {DEPLOYMENT, SERVING} <= set(connections[using].introspection.table_names()):
        _run(using, [*removal(vendor), *statements(vendor)])


def _run(using: str, wanted: Any) -> None:
    with connections[using].cursor() as cursor:
        for statement in wanted:
            cursor.execute(statement)
