"""Who is signed in: reads the bearer token of a request."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from carehub.platform.access import Actor
from carehub.platform.accounts import sessions
from carehub.platform.refusals import Refused
from carehub.platform.running import Here

_bearer = HTTPBearer(auto_error=False, description="The access token of a sign-in.")


async def signed_in(
    here: Here, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None
) -> Actor:
    """Return who asks; refuses a request without a token that is good now."""
    if given is None:
        raise Refused("not_signed_in")
    token = given.credentials
    actor, unseen = await here.db.read(lambda tx: sessions.actor_of(tx, token, here.clock()))
    if unseen:
        await here.db.write(lambda tx: sessions.see(tx, actor.session_id, here.clock()))
    return actor


Signed = Annotated[Actor, Depends(signed_in)]
