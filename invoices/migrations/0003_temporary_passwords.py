from django.db import migrations, models


def move_out_of_preferences(apps, schema_editor):
    """The mark used to be a screen setting, which a person can change."""
    for person in apps.get_model('invoices', 'User').objects.filter(preferences__has_key='password_is_temporary'):
        person.password_is_temporary = person.preferences.pop('password_is_temporary') is True
        person.save(update_fields=['preferences', 'password_is_temporary'])


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0002_reading_events'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='password_is_temporary',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(move_out_of_preferences, migrations.RunPython.noop),
    ]
