"""Which pairs say something about how far people agree; sums that were kept of all of them are counted anew."""

from django.db import migrations, models
from django.db.models import Q


def tell_apart(apps, schema_editor):
    pairs = apps.get_model("labeling", "Agreement").objects
    pairs.filter(second__task__drawn_for="seed_missed").update(chance=False)
    pairs.filter(~Q(first__task__seeded={}) | ~Q(second__task__seeded={})).update(seeded=True)
    pairs.update(counted_in=None)
    pairs.filter(Q(chance=False) | Q(seeded=True)).update(counted_in=0)
    for name in ("AgreementDiffering", "AgreementTally", "WrongField", "CountedLabel", "CountedSkip", "QualityPeriod", "QualitySums"):
        apps.get_model("labeling", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("labeling", "0008_gold_tests")]

    operations = [
        migrations.AddField("agreement", "chance", models.BooleanField(default=True)),
        migrations.AddField("agreement", "seeded", models.BooleanField(default=False)),
        migrations.AlterField(
            "countedlabel",
            "source",
            models.CharField(
                blank=True,
                choices=[
                    ("pair", "Labeled by two people"),
                    ("gold_test", "Gold test"),
                    ("onboarding", "Onboarding"),
                    ("seed", "Wrong value on purpose"),
                ],
                default="",
                max_length=16,
            ),
        ),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
    ]
