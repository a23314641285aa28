"""Mail over SMTP (RFC 5321), always encrypted beyond this host; in development into a folder instead."""

from __future__ import annotations

import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cityinfo.features.logins.ports import Letter
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.i18n import say

PATIENCE = 20.0  # seconds
_PORTS = {"smtp": 587, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")


class SmtpMailer:
    """Fulfils `features.logins.ports.Mailer`.

    `url` is ``smtps://user:password@host:465`` (encrypted from the first byte) or ``smtp://…:587`` (STARTTLS, required
    unless the server is this host). `sender` is the address letters come from, a name may stand before it.
    """

    def __init__(self, url: str, sender: str, *, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise Invalid("mail.url", "CITYINFO_SMTP_URL cannot be used; write smtps://user:password@host:465.")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._context = context or ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        """Hand the letter to the server."""
        message = _message(letter, self._sender)
        try:
            with self._connection() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(max(status for status, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(
                "mail.failed", say("The mail server cannot be used ({reason}).", reason=type(error).__name__)
            ) from None

    def _connection(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=PATIENCE, context=self._context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=PATIENCE)
            self._encrypt(server)
        if self._user:
            server.login(self._user, self._password)
        return server

    def _encrypt(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=self._context)
            server.ehlo()
        elif self._host not in _HERE:
            server.close()
            raise Unavailable("mail.open", "The mail server offers no encryption; letters with links are not sent so.")


class FolderMailer:
    """Fulfils `features.logins.ports.Mailer` for development: each letter is a file that any mail program opens."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """Write the letter down; a second copy takes the place of the first one."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / f"{letter.reference}.eml").write_bytes(bytes(_message(letter, self._sender)))


class NoMailer:
    """Fulfils `features.logins.ports.Mailer` where no way is set up, in production: it says so."""

    def send(self, letter: Letter) -> None:  # noqa: ARG002 - it refuses every one
        """Refuse."""
        raise Unavailable("mail.none", "No mail can be sent before CITYINFO_SMTP_URL and CITYINFO_MAIL_FROM are set.")


def _message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as it travels. `EmailMessage` refuses line breaks in headers, so nobody can add some."""
    message = EmailMessage()
    try:
        message["From"] = _named(sender, letter.sender)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        if letter.reply_to:
            message["Reply-To"] = Address(addr_spec=letter.reply_to)
    except (ValueError, IndexError, MessageError):
        raise Invalid("mail.address", "This is no address mail can be sent to.") from None
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{sha256(letter.reference.encode()).hexdigest()[:32]}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: answered by no machine
    message.set_content(letter.text)
    message["Content-Language"] = letter.language
    return message


def _named(sender: str, name: str) -> str | Address:
    """The address that all letters come from, under the name of the city that sends this one."""
    return Address(name, addr_spec=parseaddr(sender)[1]) if name else sender


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].rstrip("> ") or "localhost"


def _refused(status: int) -> Unavailable | Invalid:
    """RFC 5321: 4xx may pass, 5xx will not."""
    if 500 <= status < 600:
        return Invalid(
            "mail.refused", say("The mail server refuses this letter for good (status {status}).", status=status)
        )
    return Unavailable("mail.later", say("The mail server takes this letter later (status {status}).", status=status))
