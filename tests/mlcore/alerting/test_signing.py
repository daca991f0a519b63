"""The signature of a webhook."""

from __future__ import annotations

from mlcore.alerting.signing import WINDOW_SECONDS, is_signed, new_secret, sign


def test_a_signature_holds_for_its_body_its_time_and_its_secret() -> None:
    secret, body, now = new_secret(), b'{"event":"alert.opened"}', 1_790_000_000
    signature = sign(secret, now, body)
    assert is_signed(secret, str(now), signature, body, now + 3)
    assert not is_signed(secret, str(now), signature, body + b" ", now)
    assert not is_signed(secret, str(now + 1), signature, body, now)
    assert not is_signed(new_secret(), str(now), signature, body, now)
    assert not is_signed(secret, "soon", signature, body, now)


def test_what_was_recorded_is_not_taken_later() -> None:
    secret, body, now = new_secret(), b"{}", 1_790_000_000
    signature = sign(secret, now, body)
    assert is_signed(secret, str(now), signature, body, now + WINDOW_SECONDS)
    assert not is_signed(secret, str(now), signature, body, now + WINDOW_SECONDS + 1)
    assert not is_signed(secret, str(now), signature, body, now - WINDOW_SECONDS - 1)


def test_the_signature_is_what_the_documentation_says() -> None:
    # printf '1790000000.{}' | openssl dgst -sha256 -hmac cswh_test
    assert sign("cswh_test", 1790000000, b"{}") == "v1=" + "b009180e19eb7f6eeb1d82b869753f18c7c4cd95af04020c95d6110f2d289cb6"
