"""`carehub sync`: sign in, exchange with the platform now, say how it stands, sign out."""

import argparse
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from carehub.cli import export, opening, people, times
from carehub.cli.grammar import Noun, Nouns
from carehub.cli.output import emit
from carehub.errors import InputError, NotAllowed, NotSignedIn, SyncError
from carehub.i18n import N_, _, language, ngettext

if TYPE_CHECKING:
    from carehub.archive.accounts import Account
    from carehub.archive.outbox import Refusal
    from carehub.archive.store import Archive
    from carehub.sync.client import Client
    from carehub.wire.rights import Receipt
    from carehub.workflows.sync import Standing, Synced

Result = TypeVar("Result")

WHY = {
    "mandate_over": N_("the leave to do this had run out"),
    "grant_revoked": N_("the leave to do this was taken back"),
    "consent_withdrawn": N_("sharing is switched off for this person"),
    "not_allowed": N_("there was no leave to do this"),
    "too_large": N_("it is too large to send"),
    "file_too_large": N_("it is too large to send"),
    "media_type": N_("files of this kind do not travel"),
    "quota": N_("there is no more room for this person"),
    "disk_full": N_("the platform's disk is full"),
    "platform_unreachable": N_("the line broke"),
}


def register(nouns: Nouns) -> None:
    """Add `sync` and its verbs to the command line."""
    noun = nouns.noun("sync", _("share with the platform, and see how that stands"))
    noun.verb("now", _("send what waits and fetch what is new"), now, archive=True)
    noun.verb("status", _("say what was sent, what waits, what was refused"), status, archive=True)
    _sign_in(noun)
    binding = noun.verb(
        "bind", _("let this computer sign in with a PIN from now on"), bind, archive=True
    )
    binding.add_argument(
        "--pin-stdin",
        action="store_true",
        help=_("read the PIN from the next line of standard input"),
    )
    copying = noun.verb(
        "copy", _("fetch a copy of everything the platform keeps of a person"), copy, archive=True
    )
    people.takes_person(copying)
    copying.add_argument(
        "--to", metavar="FILE", required=True, help=_("the ZIP to write; it is not encrypted")
    )
    erasing = noun.verb(
        "erase", _("let the platform erase everything it keeps of a person"), erase, archive=True
    )
    people.takes_person(erasing)
    erasing.add_argument(
        "--yes", action="store_true", help=_("yes, erase it: it cannot be brought back from there")
    )
    noun.verb("sign-out", _("end the sign-in; what waits stays here"), sign_out, archive=True)


def _sign_in(noun: Noun) -> None:
    parser = noun.verb("sign-in", _("sign this archive in to a platform"), sign_in, archive=True)
    parser.add_argument("--url", help=_("the platform's address, with https://"))
    parser.add_argument("--login", help=_("name or telephone number"))
    parser.add_argument(
        "--browser", action="store_true", help=_("sign in on a page of the platform instead")
    )
    parser.add_argument(
        "--pin-stdin",
        action="store_true",
        help=_("read the PIN this computer was bound to from the next line of standard input"),
    )
    parser.add_argument("--register", action="store_true", help=_("make the account first"))
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help=_("read the password from the next line of standard input"),
    )


def sign_in(args: argparse.Namespace) -> int:
    """Sign the archive in; password and PIN come on standard input, never as a word."""
    with opening.opened(args) as archive:
        if args.pin_stdin:
            from carehub.sync import pins

            pin = opening.first_line(_("PIN: "))
            account = _with_client(
                _known_url(archive), lambda client: pins.sign_in(archive, client, pin, times.now)
            )
        else:
            account = _sign_in_at(args, archive)
    emit(
        {"account_id": str(account.id), "url": account.url},
        args.json,
        [_("This archive is signed in to {url}.").format(url=account.url)],
    )
    return 0


def _sign_in_at(args: argparse.Namespace, archive: "Archive") -> "Account":
    """Sign in at the address that was given, on its page or with a password."""
    from carehub.sync.account import Asked
    from carehub.sync.address import address
    from carehub.workflows import sync

    url = address(args.url or "")
    if args.browser:
        return _with_client(
            url, lambda client: sync.sign_in_by_browser(archive, client, url, _show, times.now)
        )
    if not args.login or not args.password_stdin:
        raise InputError(
            _(
                "Give --login, and the password on standard input with --password-stdin; or --browser."
            )
        )
    asked = Asked(url, args.login, opening.first_line(_("Password: ")), args.register)
    return _with_client(url, lambda client: sync.sign_in(archive, client, asked, times.now))


def _show(page: str) -> None:
    """Open the page, and print where it is for who has no browser here that opens by itself."""
    import webbrowser

    print(_("Sign in on this page: {page}").format(page=page), file=sys.stderr, flush=True)
    webbrowser.open(page)


def bind(args: argparse.Namespace) -> int:
    """Bind this computer to a PIN."""
    from carehub.sync import pins

    with opening.opened(args) as archive:
        if not args.pin_stdin:
            raise InputError(_("Give the PIN on standard input, with --pin-stdin."))
        pin = opening.first_line(_("PIN: "))
        _with_client(_known_url(archive), lambda client: pins.bind(archive, client, pin, times.now))
    emit({"bound": True}, args.json, [_("This computer now takes the PIN as well.")])
    return 0


def sign_out(args: argparse.Namespace) -> int:
    """End the sign-in."""
    from carehub.workflows import sync

    with opening.opened(args) as archive:
        _with_client(_known_url(archive), lambda client: sync.sign_out(archive, client, times.now))
    emit({"signed_in": False}, args.json, [_("This archive is signed out.")])
    return 0


def now(args: argparse.Namespace) -> int:
    """Exchange once."""
    from carehub.workflows import sync

    with opening.joined(args) as app:
        archive = app.archive

        async def once(client: "Client") -> "Synced":
            return await sync.Sharing(archive, client, times.now).now()

        done = _with_client(_known_url(archive), once)
        after = sync.status(archive)
    shape = {
        "sent": done.sent,
        "fetched": done.fetched,
        "too_old": done.too_old,
        "troubled": {str(person): code for person, code in done.troubled.items()},
    }
    emit(shape | _shape(after), args.json, [_told(done), *_lines(after)])
    return 0


def status(args: argparse.Namespace) -> int:
    """Say how sharing stands, without asking anybody."""
    from carehub.workflows import sync

    with opening.opened(args) as archive:
        standing = sync.status(archive)
    emit(_shape(standing), args.json, _lines(standing))
    return 0


def copy(args: argparse.Namespace) -> int:
    """Fetch a copy of everything into a file."""
    from carehub.workflows.rights import Rights

    file = export.checked(Path(args.to))
    with opening.opened(args) as archive:
        with archive.read() as tx:
            person = people.meant(tx, args.person)
        size = _with_client(
            _known_url(archive),
            lambda client: Rights(archive, client, times.now).copy(person.id, file, language()),
        )
    shape = {"file": str(file), "person_id": str(person.id), "bytes": size}
    emit(
        shape,
        args.json,
        [_("Written to {file}. It is not encrypted: keep it safe.").format(file=file)],
    )
    return 0


def erase(args: argparse.Namespace) -> int:
    """Let the platform erase everything of a person, and print its receipt."""
    from carehub.workflows.rights import Rights
    from carehub.workflows.sync import Sharing

    if not args.yes:
        raise InputError(
            _(
                "This erases all the platform keeps of the person, and ends what their family may see."
                " What is on this computer stays. Say --yes if you want that."
            )
        )
    with opening.opened(args) as archive:
        with archive.read() as tx:
            person = people.meant(tx, args.person)

        async def work(client: "Client") -> "Receipt":
            receipt = await Rights(archive, client, times.now).erase(person.id)
            with suppress(
                NotAllowed, SyncError
            ):  # the receipt counts; the next exchange hears of it
                await Sharing(archive, client, times.now).now()
            return receipt

        receipt = _with_client(_known_url(archive), work)
    told = receipt.sentences.zh if language() == "zh_CN" else receipt.sentences.en
    emit(
        receipt.model_dump(mode="json"),
        args.json,
        [told, _("Receipt: {hash}").format(hash=receipt.hash)],
    )
    return 0


def _known_url(archive: "Archive") -> str:
    from carehub.workflows import sync

    url = sync.status(archive).url
    if not url:
        raise NotSignedIn
    return url


def _with_client(url: str, work: "Callable[[Client], Awaitable[Result]]") -> Result:
    from carehub.sync.client import Client

    async def run() -> Result:
        client = Client(url)
        try:
            return await work(client)
        finally:
            await client.close()

    import asyncio

    return asyncio.run(run())


def _shape(standing: "Standing") -> dict[str, object]:
    last = standing.last_success_at
    return {
        "signed_in": standing.signed_in,
        "url": standing.url,
        "last_success_at": times.written_or_none(last, 0),
        "trouble": standing.trouble,
        "waiting": standing.waiting + standing.held,
        "refused": [_refusal(each) for each in standing.refused],
        "files_held": [
            {"attachment_id": str(each.attachment_id), "sent": each.sent, "code": each.code}
            for each in standing.files_held
        ],
        "conflicts": len(standing.conflicts),
        "people": [
            {"person_id": str(s.person_id), "role": s.role, "paused": s.paused}
            for s in standing.streams
        ],
    }


def _refusal(refusal: "Refusal") -> dict[str, object]:
    op = refusal.op
    return {
        "op_id": str(op.op_id),
        "person_id": str(op.person_id),
        "kind": str(op.kind),
        "entity_id": str(op.entity_id),
        "act": str(op.act),
        "state": str(refusal.state),
        "code": refusal.code,
    }


def _told(done: "Synced") -> str:
    sent = ngettext("{n} change sent", "{n} changes sent", done.sent).format(n=done.sent)
    got = ngettext("{n} change fetched", "{n} changes fetched", done.fetched)
    return f"{sent}, {got.format(n=done.fetched)}."


def _lines(standing: "Standing") -> list[str]:
    if not standing.url:
        return [_("This archive was never signed in to a platform.")]
    lines = [_("Platform: {url}").format(url=standing.url)]
    if standing.last_success_at is None:
        lines.append(_("Nothing was exchanged yet."))
    else:
        at = standing.last_success_at
        when = times.day_and_time(at, times.local_offset(at))
        lines.append(_("Last exchange: {when}").format(when=when))
    lines.append(_("Waiting to be sent: {n}").format(n=standing.waiting + standing.held))
    lines += [_refused_line(each) for each in standing.refused]
    lines += [
        _("A photo or document waits, because {why} ({id})").format(
            why=_(WHY[each.code]) if each.code in WHY else each.code, id=each.attachment_id
        )
        for each in standing.files_held
    ]
    return lines


def _refused_line(refusal: "Refusal") -> str:
    why = WHY.get(refusal.code)
    return _("Not sent, please look: {kind}, because {why} ({id})").format(
        kind=refusal.op.kind, why=_(why) if why else refusal.code, id=refusal.op.op_id
    )
