"""Letters over a real mail server, and what happens to them where there is none."""

from __future__ import annotations

import email
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cityinfo.adapters.smtp import FolderMailer, NoMailer, SmtpMailer
from cityinfo.app import open_jobs
from cityinfo.features import feedback, logins
from cityinfo.features.logins.ports import Letter
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.jobs import Job, run_job, sweep
from tests.factories import EDITOR
from tests.factories_logins import invite
from tests.factories_offers import send

SENDER = "Landkreis Grünau <info@gruenau.example>"


def letter(**changes):
    words = {"subject": "Ihr Zugang zu Grünau", "text": "Guten Tag Zoë,\n\nhttps://city.example/x\n"}
    return Letter(**{"to": "zoe@city.example", "language": "de", "reference": "link-1", **words, **changes})


class Server(Controller):
    """A mail server on a port that the system chooses."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Box:
    """Takes letters, and refuses recipients as it is told."""

    def __init__(self):
        self.letters = []
        self.refusal = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the library's name
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library's name
        self.letters.append((envelope, email.message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def plain(box):
    """A server on this host without encryption."""
    server = Server(box, hostname="127.0.0.1", port=0)
    server.start()
    yield server.port
    server.stop()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """What a server shows, and a context that believes it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return shown, ssl.create_default_context(cafile=str(folder / "cert.pem"))


def test_a_letter_arrives_as_it_was_written(box, plain):
    SmtpMailer(f"smtp://127.0.0.1:{plain}", SENDER).send(letter())
    (envelope, message) = box.letters[0]
    assert envelope.rcpt_tos == ["zoe@city.example"]
    assert (message["Subject"], message["From"]) == ("Ihr Zugang zu Grünau", SENDER)
    assert message.get_content().replace("\r\n", "\n") == letter().text
    assert (message["Content-Language"], message["Auto-Submitted"]) == ("de", "auto-generated")


def test_a_second_copy_is_known_as_one(box, plain):
    mailer = SmtpMailer(f"smtp://127.0.0.1:{plain}", SENDER)
    for reference in ("link-1", "link-1", "link-2"):
        mailer.send(letter(reference=reference))
    first, second, other = (message["Message-ID"] for _, message in box.letters)
    assert first == second != other


def test_a_password_goes_only_over_an_encrypted_connection(box, certificates):
    shown, believed = certificates
    said = []

    def check(server, session, envelope, mechanism, data):
        said.append((data.login, data.password))
        return AuthResult(success=True)

    server = Server(
        box, hostname="localhost", port=0, tls_context=shown, require_starttls=True, auth_required=True,
        authenticator=check,
    )  # fmt: skip
    server.start()
    try:
        SmtpMailer(f"smtp://bote:ge%40heim@localhost:{server.port}", SENDER, context=believed).send(letter())
    finally:
        server.stop()
    assert said == [(b"bote", b"ge@heim")]
    assert len(box.letters) == 1


def test_a_server_whose_certificate_nobody_knows_gets_no_letter(box, certificates):
    shown, _ = certificates
    server = Server(box, hostname="localhost", port=0, tls_context=shown, require_starttls=True)
    server.start()
    try:
        with pytest.raises(Unavailable, match="SSLCertVerificationError"):
            SmtpMailer(f"smtp://localhost:{server.port}", SENDER).send(letter())
    finally:
        server.stop()
    assert box.letters == []


@pytest.mark.parametrize(("refusal", "problem"), [("550 no such person", Invalid), ("451 later", Unavailable)])
def test_what_the_server_refuses_is_tried_again_only_if_it_may_succeed(box, plain, refusal, problem):
    box.refusal = refusal
    with pytest.raises(problem) as told:
        SmtpMailer(f"smtp://127.0.0.1:{plain}", SENDER).send(letter())
    assert "zoe" not in told.value.message


def test_a_server_that_is_away_is_tried_again():
    with pytest.raises(Unavailable, match="mail server"):
        SmtpMailer("smtp://127.0.0.1:1", SENDER).send(letter())


@pytest.mark.parametrize("to", ["a@city.example\nBcc: b@city.example", "no address", "", "a@b@c"])
def test_an_address_cannot_add_recipients(box, plain, to):
    with pytest.raises(Invalid, match="no address"):
        SmtpMailer(f"smtp://127.0.0.1:{plain}", SENDER).send(letter(to=to))
    assert box.letters == []


@pytest.mark.parametrize("url", ["mail.example:25", "http://mail.example", "smtp://"])
def test_an_address_of_a_server_that_cannot_be_used_is_refused_by_name(url):
    with pytest.raises(Invalid, match="CITYINFO_SMTP_URL"):
        SmtpMailer(url, SENDER)


def test_in_development_a_letter_is_a_file(tmp_path):
    for _ in range(2):
        FolderMailer(tmp_path / "mail", SENDER).send(letter())
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "link-1.eml"
    assert "https://city.example/x" in email.message_from_bytes(file.read_bytes(), policy=policy.default).get_content()


def test_in_production_without_a_server_the_reason_is_said():
    with pytest.raises(Unavailable, match="CITYINFO_SMTP_URL"):
        NoMailer().send(letter())


# From the promise to the mailbox, as the worker is wired


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_was_promised_arrives_with_the_words_of_whoever_it_is_for(settings, city, database, box, plain):
    invite(city, "nour@example.org", name="Nour")
    send(city, comment="Wo ist das Amt?", contact="amal@example.org", rating="down")
    with city.write() as db:
        feedback.forward(db, feedback.listed(db)[0].id, to="beratung@caritas.example", actor=EDITOR)
    work(replace(settings, smtp_url=f"smtp://127.0.0.1:{plain}", mail_from=SENDER), database)
    invitation, forwarded = sorted((message for _, message in box.letters), key=lambda one: one["To"], reverse=True)
    assert invitation["Subject"] == "Ihr Zugang zu Stadt Teststadt"
    assert forwarded["Subject"] == "Rückmeldung zu Stadt Teststadt"
    for words in ("Wo ist das Amt?", "Bewertung: schlecht", "Antwort an: amal@example.org"):
        assert words in forwarded.get_content()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_was_deleted_before_it_was_sent_is_not_sent(settings, city, database, box, plain):
    send(city)
    with city.write() as db:
        feedback.forward(db, feedback.listed(db)[0].id, to="beratung@caritas.example", actor=EDITOR)
    with city.write() as db:
        feedback.delete_old(db, clock.now() + timedelta(days=4000))
    work(replace(settings, smtp_url=f"smtp://127.0.0.1:{plain}", mail_from=SENDER), database)
    assert box.letters == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_letter_that_could_not_be_sent_waits_and_its_job_says_why_without_naming_anyone(settings, city, database):
    invite(city, "nour@example.org", name="Nour")
    work(replace(settings, smtp_url="smtp://127.0.0.1:1"), database)
    with city.read() as db:
        (job,) = db.query(Job).filter(Job.name == logins.SEND_LINK)
    assert (job.finished_at, job.failure) == (None, "Unavailable mail.failed")
    assert job.run_after > clock.now()


def work(settings, database):
    """One round of the worker."""
    jobs = open_jobs(settings)
    for tenant_id, job_id in sweep(database):
        run_job(database, jobs, tenant_id, job_id)
