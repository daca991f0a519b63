"""Versions that hold the same as another one, and the triggers by which the database itself keeps held-out vendors out of training.

A document is in a version on the side of its vendor alone: an item on another side, or of a vendor without a side, is refused, and so is
a side that the items of the vendor contradict. Only a vendor that goes away leaves its items behind, on the side that they had.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ITEM, SIDE = "modelops_datasetitem", "modelops_vendorside"
OFF_SIDE = "a document is in a data set on the side of its vendor alone"
FIXED = "data sets hold documents of this vendor on another side"


def sqlite():
    own = f"EXISTS (SELECT 1 FROM {SIDE} WHERE vendor_id = NEW.vendor_id AND side = NEW.side)"
    gone = "NEW.vendor_id IS NULL AND NEW.side = OLD.side"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{OFF_SIDE}'); END"
    yield f"CREATE TRIGGER {ITEM}_side_insert BEFORE INSERT ON {ITEM} WHEN NOT {own} {refuse}"
    yield f"CREATE TRIGGER {ITEM}_side_update BEFORE UPDATE OF vendor_id, side ON {ITEM} WHEN NOT ({gone}) AND NOT {own} {refuse}"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{FIXED}'); END"
    for event in ("INSERT", "UPDATE OF vendor_id, side"):
        name = f"{SIDE}_fixed_{event.split()[0].lower()}"
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {SIDE} WHEN {contradicted('NEW')} {refuse}"


def contradicted(row):
    """Whether an item of the vendor, or of the same vendor before it was deleted, is on another side."""
    theirs = f"vendor_id = {row}.vendor_id OR (vendor_id IS NULL AND vendor_key = CAST({row}.vendor_id AS varchar(80)))"
    return f"EXISTS (SELECT 1 FROM {ITEM} WHERE ({theirs}) AND side <> {row}.side)"


def postgresql():
    end = "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END"
    own = f"PERFORM 1 FROM {SIDE} WHERE vendor_id = NEW.vendor_id AND side = NEW.side FOR SHARE"
    gone = "IF TG_OP = 'UPDATE' THEN IF NEW.vendor_id IS NULL AND NEW.side = OLD.side THEN RETURN NEW; END IF; END IF"
    body = f"BEGIN {gone}; {own}; IF NOT FOUND THEN RAISE EXCEPTION '{OFF_SIDE}' {end}"
    yield f"CREATE FUNCTION modelops_item_on_its_side() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    body = f"BEGIN IF {contradicted('NEW')} THEN RAISE EXCEPTION '{FIXED}' {end}"
    yield f"CREATE FUNCTION modelops_side_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    for event in ("INSERT", "UPDATE OF vendor_id, side"):
        name = event.split()[0].lower()
        done = "FOR EACH ROW EXECUTE FUNCTION"
        yield f"CREATE TRIGGER {ITEM}_side_{name} BEFORE {event} ON {ITEM} {done} modelops_item_on_its_side()"
        yield f"CREATE TRIGGER {SIDE}_fixed_{name} BEFORE {event} ON {SIDE} {done} modelops_side_is_fixed()"


def statements(vendor):
    """What keeps held-out vendors out of training on this database."""
    return list(postgresql() if vendor == "postgresql" else sqlite())


def removal(vendor):
    """The opposite of ``statements``."""
    made = [statement.split() for statement in statements(vendor)]
    if vendor != "postgresql":
        return [f"DROP TRIGGER {words[2]}" for words in made]
    triggers = [f"DROP TRIGGER {words[2]} ON {words[words.index('ON') + 1]}" for words in made if words[1] == "TRIGGER"]
    return [*triggers, *(f"DROP FUNCTION {words[2]}" for words in made if words[1] == "FUNCTION")]


def protect(apps, schema_editor):
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def unprotect(apps, schema_editor):
    for statement in removal(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('modelops', '0003_alerts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='datasetversion',
            name='same_as',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='modelops.datasetversion'),
        ),
        migrations.AlterField(
            model_name='datasetversion',
            name='state',
            field=models.CharField(choices=[('collecting', 'Being put together'), ('frozen', 'Frozen'), ('same', 'Same as an earlier one'), ('failed', 'Failed')], default='collecting', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='datasetversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'collecting')), fields=('state',), name='dataset_collecting_once'),
        ),
        migrations.AddField(
            model_name='documentremoval',
            name='files',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='documentremoval',
            name='finished_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(protect, unprotect),
    ]
