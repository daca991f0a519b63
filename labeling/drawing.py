"""Draws for documents, written down: each is made once, and can be repeated from what is stored."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.utils import IntegrityError

from labeling.draws import is_drawn
from labeling.models import Draw, LabelingPolicy

_NEXT = """
    INSERT INTO labeling_drawstratum (key, count) VALUES (%s, 1)
    ON CONFLICT (key) DO UPDATE SET count = labeling_drawstratum.count + 1 RETURNING count"""


def draw(*, document_id: int, what: str, stratum: str, share: float, policy: LabelingPolicy) -> bool:
    """Whether the document is drawn; asked again, the first answer. Call it in a transaction.

    The position in the stratum comes off a counter row by one statement, so workers at the same time get different ones and a
    stratum keeps its share whatever their order. Nothing is written, and nothing drawn, while the share is 0.
    """
    known = Draw.objects.filter(document=document_id, what=what).values_list("drawn", flat=True).first()
    if known is not None:
        return known
    if share <= 0:
        return False
    try:
        with transaction.atomic():
            position = _next_position(f"{what}: {stratum}")
            drawn = is_drawn(seed=policy.seed, what=what, stratum=stratum, position=position, share=share)
            Draw.objects.create(
                document_id=document_id,
                what=what,
                stratum=stratum,
                position=position,
                share=share,
                seed=policy.seed,
                drawn=drawn,
                policy_id=policy.pk,
            )
    except IntegrityError:  # another worker drew for this document; its counter moved, ours was rolled back
        return Draw.objects.values_list("drawn", flat=True).get(document=document_id, what=what)
    return drawn


def _next_position(key: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [key])
        return int(cursor.fetchone()[0])
