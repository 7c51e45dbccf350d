"""Who works for a clinic: the gate of everything only health workers and doctors may do."""

from typing import Annotated

from fastapi import Depends

from carehub.platform.accounts.signed_in import Signed
from carehub.platform.directory import service
from carehub.platform.directory.service import Staff
from carehub.platform.refusals import Refused
from carehub.platform.running import Here


async def staffed(here: Here, who: Signed) -> Staff:
    """Return which member of which clinic's staff asks; refuses everybody else."""
    found = await here.db.read(lambda tx: service.member(tx, who.account_id))
    if found is None:
        raise Refused("not_allowed")
    return found


Staffed = Annotated[Staff, Depends(staffed)]
