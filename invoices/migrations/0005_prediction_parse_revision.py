from django.db import migrations, models
from django.db.models import F


def tell_the_text_that_was_read(apps, schema_editor):
    """What was made after the present text is of it; what is older, of the text before."""
    predictions = apps.get_model('invoices', 'Prediction').objects
    for document in apps.get_model('invoices', 'Document').objects.filter(parse_revision__gt=1).iterator():
        own = predictions.filter(document=document)
        own.update(parse_revision=document.parse_revision - 1)
        if document.parsed_at is not None:
            own.filter(created_at__gte=document.parsed_at).update(parse_revision=F('parse_revision') + 1)


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0004_prediction_examples'),
    ]

    operations = [
        migrations.AddField(
            model_name='prediction',
            name='parse_revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.RemoveConstraint(
            model_name='prediction',
            name='prediction_once',
        ),
        migrations.AddConstraint(
            model_name='prediction',
            constraint=models.UniqueConstraint(fields=('document', 'model_id', 'parse_revision'), name='prediction_once'),
        ),
        migrations.RunPython(tell_the_text_that_was_read, migrations.RunPython.noop),
    ]
