"""Tell people that a run or a publisher failed: in the log, by e-mail or webhook when configured.

What belongs here: the message and its carriers. When to send is the sensor's business. A carrier
that fails is logged and does not silence the other.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import requests

from pipeline.settings import Settings

log = logging.getLogger("sco.alerts")
TIMEOUT_S = 20


@dataclass(frozen=True)
class Alert:
    """What failed, in a line and at length. ``subject`` never holds a line break."""

    subject: str
    body: str


def of_publishers(run: str, outcomes: Sequence[Mapping[str, Any]]) -> Alert | None:
    """What to tell of publishers that did not give all their series; None where all did.

    Args:
        run: what ran, for people.
        outcomes: what each publisher's step noted of it (see ``assets.archive``).
    """
    troubled = [outcome for outcome in outcomes if outcome["failures"]]
    if not troubled:
        return None
    names = ", ".join(f"{o['name']} ({_kinds(o)})" for o in troubled)
    body = [
        f"{o['name']} ({o['publisher']}): {o['summary']}\n  first: {o['first']}" for o in troubled
    ]
    return Alert(f"SCO report: {run}: not all series of {names}", "\n".join(body))


def _kinds(outcome: Mapping[str, Any]) -> str:
    return ", ".join(sorted(set(outcome["kinds"].values())))


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
