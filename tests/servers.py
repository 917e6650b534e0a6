"""Private servers for tests: Dovecot and Postfix on free loopback ports, from temporary folders, ended by their pid.

Nothing under /etc, /run or /var/spool is read or written. Where a program is missing the test is skipped with a line
that says how to install it; with GATEWAY_REQUIRE_SERVERS=1 that is a failure.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import imaplib
import json
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest


def need(program: str, package: str) -> str:
    """The path of a server program, or the end of this test."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        without(f"{program} is missing: apt-get install -y --no-install-recommends {package}")
    return found


def without(line: str) -> NoReturn:
    """End this test: the machine lacks what `line` says."""
    if os.environ.get("GATEWAY_REQUIRE_SERVERS") == "1":
        pytest.fail(line)
    pytest.skip(line)


@dataclass(frozen=True)
class Certificates:
    """`ca` signs `cert`, which is for localhost and 127.0.0.1 and has the key `key`."""

    ca: Path
    cert: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.cert, self.key)
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca)


def make_certificates(folder: Path, days: int = 30) -> Certificates:
    """`days` that the server's is valid; -1: it has ended."""
    openssl = need("openssl", "openssl")
    names = folder / "names"
    names.write_text(
        "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")

    def run(*arguments: str) -> None:
        subprocess.run([openssl, *arguments], cwd=folder, check=True, capture_output=True)

    run(
        "req",
        "-x509",
        *key,
        *usage,
        "-days",
        "30",
        "-subj",
        "/CN=Test authority",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
    )
    run("req", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    run(
        "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", str(days), "-extfile", "names", "-out", "server.pem",
    )  # fmt: skip
    return Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes] | None, log: Path, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.02)
    raise RuntimeError(f"no answer on port {port}: {log.read_text() if log.exists() else 'no log'}")


@contextlib.contextmanager
def _open_folder() -> Iterator[Path]:
    """A temporary folder that the servers' own users may enter; pytest's are for its user alone."""
    folder = Path(tempfile.mkdtemp(prefix="gateway-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


PASSWORD = 's3c ret"ü'
TOKEN_KEY = b"test-hmac-key-0123456789abcdef01"


@dataclass
class Dovecot:
    """A running Dovecot with the accounts user0…user49@example.test, all with PASSWORD, or a token made by `token`."""

    base: Path
    imap_port: int
    imaps_port: int
    lmtp_port: int
    certificates: Certificates
    _process: subprocess.Popen[bytes] | None = None
    _used: int = 0

    def account(self) -> str:
        """An account that no other test has used."""
        self._used += 1
        return f"user{self._used - 1}@example.test"

    def start(self) -> None:
        log = self.base / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [need("dovecot", "dovecot-imapd dovecot-lmtpd"), "-F", "-c", str(self.base / "dovecot.conf")],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        _wait_for(self.imap_port, self._process, log)

    def stop(self) -> None:
        if self._process is not None:
            self.thaw()
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def deliver(self, account: str, *mails: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            for mail in mails:
                client.sendmail("alice@customer.example", [account], mail)

    def maildir(self, account: str) -> Path:
        return self.base / "mail" / account.partition("@")[0] / "Maildir"

    @contextlib.contextmanager
    def other_client(self, account: str) -> Iterator[imaplib.IMAP4]:
        """Another mail client on the same mailbox, INBOX selected."""
        client = imaplib.IMAP4("127.0.0.1", self.imap_port)
        client.login(account, "plain")
        client.select("INBOX")
        try:
            yield client
        finally:
            client.logout()

    def bump_uidvalidity(self, account: str) -> None:
        """As after a restore from a backup: the same mails, new UIDs, a new UIDVALIDITY."""
        for path in self.maildir(account).glob("dovecot*"):
            path.unlink()

    def cut(self) -> None:
        """Kill live sessions without a word; the server stays."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """A black hole: connections stay open, nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for pid in children:
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/comm").read_text().strip() == "imap":
                    os.kill(int(pid), number)


def token(account: str, seconds: int = 600) -> str:
    """An access token that this Dovecot checks by itself (JWT, HS256); expired where `seconds` is negative."""

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    now = int(time.time())
    claims = {"sub": account, "email": account, "iss": "https://idp.example.test", "iat": now - 5, "nbf": now - 5}
    head = part(b'{"alg":"HS256","typ":"JWT"}') + "." + part(json.dumps({**claims, "exp": now + seconds}).encode())
    return head + "." + part(hmac.new(TOKEN_KEY, head.encode(), hashlib.sha256).digest())


@contextlib.contextmanager
def dovecot(
    *, capability: str = "", separator: str = "/", prefix: str = "", certificate_days: int = 30
) -> Iterator[Dovecot]:
    """`capability` replaces what the server announces; `separator` and `prefix` are those of its personal namespace."""
    program = need("dovecot", "dovecot-imapd dovecot-lmtpd")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3"):
        without(f"this Dovecot configuration is for 2.3, not {version.strip()}")
    with _open_folder() as base:
        (base / "tls").mkdir()
        certificates = make_certificates(base / "tls", certificate_days)
        server = Dovecot(base, free_port(), free_port(), free_port(), certificates)
        _configure_dovecot(server, capability, separator, prefix)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _configure_dovecot(server: Dovecot, capability: str, separator: str, prefix: str) -> None:
    base = server.base
    root = os.geteuid() == 0
    mail_user = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
    me = mail_user.pw_name
    for name in ("run", "state", "mail", "keys/default/HS256"):
        (base / name).mkdir(parents=True)
    if root:
        os.chown(base / "mail", mail_user.pw_uid, mail_user.pw_gid)
    (base / "keys/default/HS256/default").write_bytes(base64.b64encode(TOKEN_KEY))
    home = f"{mail_user.pw_uid}:{mail_user.pw_gid}::{base}/mail"
    users = [f"user{n}@example.test:{{PLAIN}}{PASSWORD}:{home}/user{n}::" for n in range(50)]
    (base / "users").write_text("\n".join(users) + "\n")
    (base / "others").write_text("\n".join(line.replace(PASSWORD, "plain") for line in users) + "\n")
    (base / "oauth2").write_text(
        f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={base}/keys/\n"
        "username_attribute = email\nissuers = https://idp.example.test\n"
    )
    internal = "" if root else f"default_internal_user = {me}\ndefault_login_user = {me}\n"
    announced = f"imap_capability = {capability}\n" if capability else ""
    passdbs = "".join(
        f"passdb {{\n driver = {driver}\n {settings}\n}}\n"
        for driver, settings in (
            ("oauth2", f"mechanisms = xoauth2\n args = {base}/oauth2"),
            ("passwd-file", f"args = scheme=PLAIN username_format=%u {base}/users"),
            ("passwd-file", f"args = scheme=PLAIN username_format=%u {base}/others"),
        )
    )
    (base / "dovecot.conf").write_text(
        f"""base_dir = {base}/run
state_dir = {base}/state
instance_name = t{server.imap_port}
log_path = {base}/log
listen = 127.0.0.1
protocols = imap lmtp
mail_location = maildir:~/Maildir:LAYOUT=fs
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login xoauth2
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <{server.certificates.cert}
ssl_key = <{server.certificates.key}
ssl_min_protocol = TLSv1.2
imap_idle_notify_interval = 10s
mail_max_userip_connections = 50
{internal}{announced}{passdbs}
userdb {{
 driver = passwd-file
 args = username_format=%u {base}/users
}}
namespace inbox {{
 inbox = yes
 separator = {separator}
 prefix = {prefix}
}}
service imap-login {{
 chroot =
 inet_listener imap {{
  port = {server.imap_port}
 }}
 inet_listener imaps {{
  port = {server.imaps_port}
  ssl = yes
 }}
}}
service lmtp {{
 inet_listener lmtp {{
  address = 127.0.0.1
  port = {server.lmtp_port}
 }}
}}
service anvil {{
 chroot =
 # Else each refused login makes the next one wait for seconds.
 unix_listener anvil-auth-penalty {{
  mode = 0
 }}
}}
service stats {{
 chroot =
}}
"""
    )


@dataclass
class Postfix:
    """A running Postfix: mail for example.test goes to the gateway, all else to `sink_port`. Its clocks are seconds."""

    base: Path
    port: int

    def run(self, program: str, *arguments: str) -> str:
        command = [need(program, "postfix"), "-c", str(self.base / "etc"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def queue(self) -> list[str]:
        """The deferred mails, a JSON object each."""
        return self.run("postqueue", "-j").splitlines()

    def log(self) -> str:
        return (self.base / "log" / "maillog").read_text()


@contextlib.contextmanager
def postfix(gateway: str, *, sink_port: int = 9) -> Iterator[Postfix]:
    """`gateway` is a transport such as "lmtp:[127.0.0.1]:2424" or "lmtp:unix:/path/lmtp.sock"."""
    need("postfix", "postfix")
    if os.geteuid() != 0:
        without("Postfix needs root to start: run this test as root")
    with _open_folder() as base:
        server = Postfix(base, free_port())
        _configure_postfix(server, gateway, sink_port)
        server.run("postfix", "start")
        pid = int((base / "spool/pid/master.pid").read_text())
        try:
            _wait_for(server.port, None, base / "log" / "maillog")
            yield server
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                server.run("postfix", "stop")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _configure_postfix(server: Postfix, gateway: str, sink_port: int) -> None:
    base = server.base
    for name in ("etc", "spool", "data", "log"):
        (base / name).mkdir()
    os.chown(base / "data", pwd.getpwnam("postfix").pw_uid, -1)
    (base / "etc/main.cf").write_text(
        f"""compatibility_level = 3.6
queue_directory = {base}/spool
data_directory = {base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
multi_instance_name = postfix-t{server.port}
multi_instance_enable = yes
maillog_file = {base}/log/maillog
maillog_file_prefixes = {base}/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:no local delivery
mynetworks = 127.0.0.0/8
relay_domains = example.test
relay_recipient_maps =
recipient_delimiter = +
transport_maps = inline:{{ example.test={gateway} }}
relayhost = [127.0.0.1]:{sink_port}
smtputf8_enable = yes
append_dot_mydomain = no
disable_dns_lookups = yes
smtp_tls_security_level = none
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
transport_retry_time = 1s
smtp_connect_timeout = 5s
lmtp_connect_timeout = 5s
lmtp_data_done_timeout = 10s
default_destination_concurrency_failed_cohort_limit = 0
message_size_limit = 60000000
default_process_limit = 10
"""
    )
    services = [
        f"127.0.0.1:{server.port} inet n - n - - smtpd",
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce",
        "trace unix - - n - 0 bounce",
        "verify unix - - n - 1 verify",
        "flush unix n - n 1000? 0 flush",
        "proxymap unix - - n - - proxymap",
        "proxywrite unix - - n - 1 proxymap",
        "smtp unix - - n - - smtp",
        "relay unix - - n - - smtp",
        "lmtp unix - - n - - lmtp",
        "showq unix n - n - - showq",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "discard unix - - n - - discard",
        "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache",
        "postlog unix-dgram n - n - 1 postlogd",
    ]
    (base / "etc/master.cf").write_text("\n".join(services) + "\n")
