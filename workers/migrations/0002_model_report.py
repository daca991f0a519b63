import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ModelReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker', models.CharField(max_length=120, unique=True)),
                ('state', models.CharField(choices=[('loading', 'Getting ready'), ('ready', 'Reads'), ('unusable', 'Cannot be used')], max_length=12)),
                ('model_id', models.CharField(blank=True, default='', max_length=80)),
                ('message', models.CharField(blank=True, default='', max_length=600)),
                ('documents', models.PositiveIntegerField(default=0)),
                ('last_batch', models.PositiveIntegerField(default=0)),
                ('last_seconds', models.FloatField(default=0.0)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
    ]
