import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


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
    ]
