"""`carehub platform`: serve, and what an operator does besides."""

import argparse
import dataclasses
import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from carehub import log, paths
from carehub.cli import platform_directory, times
from carehub.cli.grammar import Nouns, Parser
from carehub.cli.output import emit
from carehub.errors import InputError
from carehub.i18n import _, ngettext

if TYPE_CHECKING:
    from carehub.platform.settings import Settings

DATABASE = "platform.db"
UPLOADS = "uploads"
SECRET = "platform.secret"  # noqa: S105 - the file's name


def register(nouns: Nouns) -> None:
    """Add `platform` and its verbs to the command line."""
    noun = nouns.noun("platform", _("run and look after the service at the other end"))
    serving = noun.verb("serve", _("answer clients until asked to stop"), serve)
    serving.add_argument("--host", default="127.0.0.1", help=_("the address to listen on"))
    serving.add_argument("--port", type=int, default=8443, help=_("the port to listen on"))
    serving.add_argument(
        "--tls-cert", "--tls-certificate",
        type=Path, metavar="FILE", dest="tls_cert", help=_("certificate chain (PEM)"),
    )  # fmt: skip
    serving.add_argument(
        "--without-tls",
        action="store_true",
        help=_("listen in the open on every address; only where something in front speaks TLS"),
    )
    serving.add_argument(
        "--uploads", type=Path, metavar="FOLDER", help=_("where attachments are kept")
    )
    serving.add_argument("--tls-key", type=Path, metavar="FILE", help=_("its private key (PEM)"))
    reviewing = noun.verb(
        "guardian", _("say yes or no to a guardian whose documents were looked at"), review
    )
    reviewing.add_argument("--person", type=UUID, required=True, help=_("whose records"))
    reviewing.add_argument("--mandate", type=UUID, required=True, help=_("which mandate"))
    verdict = reviewing.add_mutually_exclusive_group(required=True)
    verdict.add_argument("--approve", action="store_true", help=_("the documents do"))
    verdict.add_argument("--refuse", action="store_true", help=_("the documents do not do"))
    waiting = noun.verb("guardians", _("list the guardians who wait for a review"), list_guardians)
    checking = noun.verb("audit", _("prove that every audit chain is whole"), audit_check)
    checking.add_argument("what", choices=["check"])
    tidying = noun.verb("tidy", _("forget what nobody needs any more, as is done daily"), tidy)
    restored = noun.verb(
        "restored", _("say that the database came from a backup: all devices compare anew"), restore
    )
    for parser in (
        serving, reviewing, waiting, checking, tidying, restored,
        *platform_directory.register(noun, _settings)
    ):  # fmt: skip
        _takes_database(parser)


def serve(args: argparse.Namespace) -> int:
    """Run the service in this process; one line of JSON a request goes to standard error."""
    from carehub.platform.serving import Address, serve

    _check_tls(args)
    log.set_up(paths.state(), debug=True)
    settings = dataclasses.replace(
        _settings(args),
        tls=args.tls_cert is not None,
        uploads=args.uploads or paths.home() / "platform" / UPLOADS,
    )
    address = Address(args.host, args.port, args.tls_cert, args.tls_key)
    if not serve(settings, address, times.now):
        raise InputError(
            _(
                "The service could not start on {host}:{port}. "
                "Look whether something else listens there."
            ).format(host=args.host, port=args.port)
        )
    return 0


def _check_tls(args: argparse.Namespace) -> None:
    """Refuse to start where others could listen in, or with a certificate that does not work."""
    import ssl

    if (args.tls_cert is None) != (args.tls_key is None):
        raise InputError(_("A certificate needs its key. Give --tls-cert and --tls-key."))
    if args.tls_cert is not None:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
                args.tls_cert, args.tls_key
            )
        except OSError as error:  # ssl.SSLError is one of these
            raise InputError(
                _("The certificate and its key cannot be used. Look at both files.")
            ) from error
    elif not args.without_tls and not _only_here(args.host):
        raise InputError(
            _(
                "Others could read what is sent to {host}. Give --tls-cert and --tls-key, or "
                "--without-tls where something in front speaks TLS."
            ).format(host=args.host)
        )


def _only_here(host: str) -> bool:
    """Tell whether only this machine itself reaches the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def tidy(args: argparse.Namespace) -> int:
    """Forget what is older than it has to be known."""
    from carehub.platform import admin

    done = admin.tidy(_settings(args), times.now())
    emit(
        dataclasses.asdict(done),
        args.json,
        [
            _("Forgotten: {ops} ops, {changes} changes, {rows} rows of accounts.").format(
                ops=done.ops, changes=done.changes, rows=done.accounts
            )
        ],
    )
    return 0


def restore(args: argparse.Namespace) -> int:
    """Begin every stream anew after a restore."""
    from carehub.platform import admin

    count = admin.begin_anew(_settings(args))
    told = ngettext("{n} person's records begin anew.", "{n} people's records begin anew.", count)
    emit({"people": count}, args.json, [told.format(n=count)])
    return 0


def review(args: argparse.Namespace) -> int:
    """Note the operator's verdict on a guardian's documents."""
    from carehub.platform import admin

    state = admin.review(
        _settings(args), (args.person, args.mandate), good=args.approve, now=times.now()
    )
    if state is None:
        raise InputError(_("No such mandate waits for a review."))
    emit({"state": state}, args.json, [_("The mandate is now: {state}.").format(state=state)])
    return 0


def list_guardians(args: argparse.Namespace) -> int:
    """Print the mandates of guardians that wait for a review."""
    from carehub.platform import admin

    rows = admin.waiting_guardians(_settings(args))
    found = [{"person": str(person), "mandate": str(mandate)} for person, mandate in rows]
    emit(found, args.json, [f"{each['person']}  {each['mandate']}" for each in found])
    return 0


def audit_check(args: argparse.Namespace) -> int:
    """Check every person's chain; the exit code is 1 where one does not hold."""
    from carehub.platform import admin

    checked, broken = admin.check_audit(_settings(args))
    emit(
        {"checked": checked, "broken": [{"person": str(b.person_id), "line": b.n} for b in broken]},
        args.json,
        [
            _("{count} chains were checked.").format(count=checked),
            *(
                _("The chain of {person} does not hold from line {line} on.").format(
                    person=each.person_id, line=each.n
                )
                for each in broken
            ),
        ],
    )
    return 1 if broken else 0


def _takes_database(parser: Parser) -> None:
    parser.add_argument(
        "--database",
        metavar="URL",
        help=_("postgresql://… for real use; otherwise a file in CAREHUB_HOME"),
    )


def _settings(args: argparse.Namespace) -> "Settings":
    """Return the settings of this machine's service: its database, and the secret kept beside it."""
    from carehub.platform.settings import DRIVEN, Settings, secret_in, url

    folder = paths.home() / "platform"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = url(args.database or f"sqlite:///{folder / DATABASE}")
    if not database.startswith(DRIVEN):
        raise InputError(
            _("This is no database address the service knows: give postgresql:// or sqlite://.")
        )
    return Settings(database=database, secret=secret_in(folder / SECRET))
