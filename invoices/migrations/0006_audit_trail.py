"""The trail, and the triggers by which the database itself refuses to change it.

An entry may be sealed once: its three columns of the chain may be written while ``position`` is empty. Everything else of it, and all
of a seal or a verification, stays as inserted. On SQLite ``REPLACE`` deletes without asking the trigger of a deletion, so rows are
refused that would take the place of others; a read that is known already is passed over.
"""

from django.db import migrations, models

REFUSAL = "the audit trail is append-only"
FIXED = "id, at, person_id, person_name, role, address, request_id, action, object_kind, object_id, document_id, before, after, once"
CHAIN = "position, previous, hash"
TABLES = ("invoices_auditentry", "invoices_auditseal", "invoices_auditverification")
KEPT = TABLES[1:]


def quoted(columns):
    return ", ".join(f'"{column}"' for column in columns.split(", "))


def sqlite():
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    entry, seal, _ = TABLES
    for table in TABLES:
        yield f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {refuse}"
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        yield f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} WHEN {taken} {refuse}"
    for table in KEPT:
        yield f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}"
    taken = f"EXISTS (SELECT 1 FROM {seal} WHERE position = NEW.position)"
    yield f"CREATE TRIGGER {seal}_position BEFORE INSERT ON {seal} WHEN {taken} {refuse}"
    yield f"CREATE TRIGGER {entry}_position BEFORE INSERT ON {entry} WHEN NEW.position IS NOT NULL {refuse}"
    known = f"EXISTS (SELECT 1 FROM {entry} WHERE once = NEW.once)"
    yield f"CREATE TRIGGER {entry}_once BEFORE INSERT ON {entry} WHEN {known} BEGIN SELECT RAISE(IGNORE); END"
    yield f"CREATE TRIGGER {entry}_update BEFORE UPDATE OF {quoted(FIXED)} ON {entry} {refuse}"
    sealed = f"OLD.position IS NOT NULL OR NEW.position IS NULL OR EXISTS (SELECT 1 FROM {entry} WHERE position = NEW.position)"
    yield f"CREATE TRIGGER {entry}_seal BEFORE UPDATE OF {quoted(CHAIN)} ON {entry} WHEN {sealed} {refuse}"


def postgresql():
    body = f"BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END"
    yield f"CREATE FUNCTION invoices_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    refuse = "EXECUTE FUNCTION invoices_audit_refuse()"
    for table in TABLES:
        yield f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}"
        yield f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
    for table in KEPT:
        yield f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} FOR EACH ROW {refuse}"
    entry = TABLES[0]
    yield f"CREATE TRIGGER {entry}_update BEFORE UPDATE OF {quoted(FIXED)} ON {entry} FOR EACH ROW {refuse}"
    sealed = "OLD.position IS NOT NULL OR NEW.position IS NULL"
    yield f"CREATE TRIGGER {entry}_position BEFORE INSERT ON {entry} FOR EACH ROW WHEN (NEW.position IS NOT NULL) {refuse}"
    yield f"CREATE TRIGGER {entry}_seal BEFORE UPDATE OF {quoted(CHAIN)} ON {entry} FOR EACH ROW WHEN ({sealed}) {refuse}"


def statements(vendor):
    """What protects the trail on this database."""
    return list(postgresql() if vendor == "postgresql" else sqlite())


def removal(vendor):
    """The opposite of ``statements``."""
    made = [statement.split() for statement in statements(vendor) if statement.startswith("CREATE TRIGGER")]
    if vendor != "postgresql":
        return [f"DROP TRIGGER {words[2]}" for words in made]
    tables = {words[2]: words[words.index("ON") + 1] for words in made}
    dropped = [f"DROP TRIGGER {name} ON {table}" for name, table in tables.items()]
    return [*dropped, "DROP FUNCTION invoices_audit_refuse()"]


def protect(apps, schema_editor):
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def unprotect(apps, schema_editor):
    for statement in removal(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0005_prediction_parse_revision'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.BigIntegerField(unique=True)),
                ('hash', models.CharField(max_length=64)),
                ('entries', models.PositiveIntegerField()),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AuditVerification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('start', models.BigIntegerField()),
                ('end', models.BigIntegerField()),
                ('faults', models.PositiveIntegerField()),
                ('first_fault', models.CharField(blank=True, default='', max_length=400)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('person_id', models.BigIntegerField(null=True)),
                ('person_name', models.CharField(blank=True, default='', max_length=150)),
                ('role', models.CharField(blank=True, default='', max_length=16)),
                ('address', models.CharField(blank=True, default='', max_length=45)),
                ('request_id', models.CharField(blank=True, default='', max_length=64)),
                ('action', models.CharField(max_length=40)),
                ('object_kind', models.CharField(blank=True, default='', max_length=32)),
                ('object_id', models.CharField(blank=True, default='', max_length=64)),
                ('document_id', models.BigIntegerField(null=True)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('once', models.CharField(max_length=160, null=True, unique=True)),
                ('position', models.BigIntegerField(null=True, unique=True)),
                ('previous', models.CharField(blank=True, default='', max_length=64)),
                ('hash', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['at', 'id'], name='audit_time'), models.Index(fields=['person_id', 'at', 'id'], name='audit_person'), models.Index(fields=['action', 'at', 'id'], name='audit_action'), models.Index(fields=['person_id', 'action', 'at', 'id'], name='audit_person_action'), models.Index(fields=['object_id', 'at', 'id'], name='audit_object'), models.Index(fields=['document_id', 'at', 'id'], name='audit_document')],
            },
        ),
        migrations.RunPython(protect, unprotect),
    ]
