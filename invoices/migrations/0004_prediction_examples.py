from django.db import migrations, models


def take_over_from_templates(apps, schema_editor):
    """What the document page used to look up for each prediction."""
    predictions = apps.get_model('invoices', 'Prediction')
    predictions.objects.filter(model_id__startswith='template-', model_id__endswith=':zero-shot').update(examples=0)
    for template in apps.get_model('invoices', 'VendorTemplate').objects.iterator():
        named = predictions.objects.filter(model_id__startswith='template-', model_id__endswith=f':{template.template_id}')
        named.update(examples=template.example_count)


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0003_temporary_passwords'),
    ]

    operations = [
        migrations.AddField(
            model_name='prediction',
            name='examples',
            field=models.PositiveIntegerField(default=None, null=True),
        ),
        migrations.RunPython(take_over_from_templates, migrations.RunPython.noop),
    ]
