"""Tell people that a run failed: always in the log, by e-mail or webhook when configured.

What belongs here: the message and its carriers. When to send is the sensor's business. A carrier
that fails is logged and does not silence the other.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

import requests

from pipeline.settings import Settings

log = logging.getLogger("sco.alerts")
TIMEOUT_S = 20


@dataclass(frozen=True)
class Alert:
    """What failed, in a line and at length. ``subject`` never holds a line break."""

    subject: str
    body: str


def send(alert: Alert, settings: Settings) -> tuple[str, ...]:
    """Log ``alert`` and send it by every configured carrier; names of those that took it."""
    log.error("%s\n%s", alert.subject, alert.body)
    carriers: dict[str, Callable[[Alert, Settings], None]] = {}
    if settings.alert_webhook_url:
        carriers["webhook"] = _post
    if settings.alert_email_to and settings.smtp_host:
        carriers["e-mail"] = _mail
    taken = ["log"]
    for name, carry in carriers.items():
        try:
            carry(alert, settings)
        except (OSError, smtplib.SMTPException, requests.RequestException) as error:
            # The class only: the text of these errors can hold a webhook's secret address.
            log.error("the alert could not be sent by %s: %s", name, type(error).__name__)
        else:
            taken.append(name)
    return tuple(taken)


def _post(alert: Alert, settings: Settings) -> None:
    payload = {"text": f"{alert.subject}\n{alert.body}"}
    reply = requests.post(str(settings.alert_webhook_url), json=payload, timeout=TIMEOUT_S)
    reply.raise_for_status()


def _mail(alert: Alert, settings: Settings) -> None:
    message = EmailMessage()
    message["Subject"] = alert.subject
    message["From"] = settings.alert_email_from
    message["To"] = settings.alert_email_to
    message.set_content(alert.body)
    with smtplib.SMTP(settings.smtp_host or "", settings.smtp_port, timeout=TIMEOUT_S) as server:
        if settings.smtp_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        server.send_message(message)
