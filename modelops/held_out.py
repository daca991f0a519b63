"""What the database itself refuses about data sets, whoever writes to it, so that a held-out vendor never comes into training.

    an item of a data set    on another side than its vendor's, or of a vendor without a side
    the side of a vendor     that items of it contradict

Only a vendor that is deleted leaves its items behind, on the side that they had; the same id cannot come back on another side.
``modelops.guards`` takes these off before migrations and puts them on after them.
"""

from __future__ import annotations

from collections.abc import Iterator

ITEM, SIDE = "modelops_datasetitem", "modelops_vendorside"
_OFF_SIDE = "a document is in a data set on the side of its vendor alone"
_FIXED = "data sets hold documents of this vendor on another side"
_CONTRADICTED = (
    f"EXISTS (SELECT 1 FROM {ITEM} WHERE (vendor_id = NEW.vendor_id OR "  # noqa: S608 - names of tables alone
    "(vendor_id IS NULL AND vendor_key = CAST(NEW.vendor_id AS varchar(80)))) AND side <> NEW.side)"
)
_EVENTS = {"insert": "INSERT", "update": "UPDATE OF vendor_id, side"}


def statements(vendor: str) -> Iterator[str]:
    """What puts the rules on."""
    yield from _postgresql() if vendor == "postgresql" else _sqlite()


def removal(vendor: str) -> Iterator[str]:
    """What takes the rules off; nothing happens where there are none."""
    for name, table in (("modelops_item_side", ITEM), ("modelops_side_fixed", SIDE)):
        for event in _EVENTS:
            yield f"DROP TRIGGER IF EXISTS {name}_{event}" + (f" ON {table}" if vendor == "postgresql" else "")


def _sqlite() -> Iterator[str]:
    own = f"EXISTS (SELECT 1 FROM {SIDE} WHERE vendor_id = NEW.vendor_id AND side = NEW.side)"  # noqa: S608 - names of tables alone
    wrong = {"insert": f"NOT {own}", "update": f"NOT (NEW.vendor_id IS NULL AND NEW.side = OLD.side) AND NOT {own}"}
    for event, when in _EVENTS.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{_OFF_SIDE}'); END"
        yield f"CREATE TRIGGER modelops_item_side_{event} BEFORE {when} ON {ITEM} WHEN {wrong[event]} {refuse}"
        refuse = f"BEGIN SELECT RAISE(ABORT, '{_FIXED}'); END"
        yield f"CREATE TRIGGER modelops_side_fixed_{event} BEFORE {when} ON {SIDE} WHEN {_CONTRADICTED} {refuse}"


def _postgresql() -> Iterator[str]:
    """The row of the side is locked by whoever adds an item, so that nobody changes the side in the same moment."""
    end = "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END"
    own = f"PERFORM 1 FROM {SIDE} WHERE vendor_id = NEW.vendor_id AND side = NEW.side FOR SHARE"
    gone = "IF TG_OP = 'UPDATE' THEN IF NEW.vendor_id IS NULL AND NEW.side = OLD.side THEN RETURN NEW; END IF; END IF"
    bodies = {
        "modelops_item_side": f"BEGIN {gone}; {own}; IF NOT FOUND THEN RAISE EXCEPTION '{_OFF_SIDE}' {end}",
        "modelops_side_fixed": f"BEGIN IF {_CONTRADICTED} THEN RAISE EXCEPTION '{_FIXED}' {end}",
    }
    for name, body in bodies.items():
        yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    for name, table in (("modelops_item_side", ITEM), ("modelops_side_fixed", SIDE)):
        for event, when in _EVENTS.items():
            yield f"CREATE TRIGGER {name}_{event} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
