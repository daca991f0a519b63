"""Sending a message by e-mail, through the configured server."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from modelops.alerts.destinations import EMAIL_OFF, email_is_on
from modelops.alerts.errors import DeliveryAway, DeliveryRefused
from modelops.alerts.messages import Message


def send_mail(address: str, message: Message, delivery_id: int) -> None:
    """Hand the message to the mail server. Raises ``DeliveryFailed``.

    Its Message-ID is the same when it is sent again, so that a mail program shows it once.
    """
    if not email_is_on():
        raise DeliveryRefused("email_off", EMAIL_OFF)
    host = settings.EMAIL_FROM.rpartition("@")[2].strip("> ") or "countersign"
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<countersign-alert-{delivery_id}@{host}>"}
    mail = EmailMessage(message.subject, message.text + "\n", settings.EMAIL_FROM, [address], headers=headers, connection=get_connection())
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = max((reply[0] for reply in error.recipients.values()), default=0)
        refused = DeliveryRefused if code >= 550 else DeliveryAway
        raise refused("recipient_refused", f"The mail server does not take mail for this address ({code}). Correct the address.") from error
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryAway(
            "mail_sign_in",
            f"The mail server refused name or password ({error.smtp_code}). Correct COUNTERSIGN_EMAIL_USER and its password.",
        ) from error
    except smtplib.SMTPResponseException as error:
        raise DeliveryAway("mail_server", f"The mail server answered {error.smtp_code}. Look at its log.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryAway(
            "mail_away", f"The mail server could not be reached ({type(error).__name__}). Look at COUNTERSIGN_EMAIL_HOST."
        ) from error
