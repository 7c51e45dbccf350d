"""All tables of all areas, under one metadata: what migrations and tests look at."""

from carehub.platform.accounts import tables as accounts
from carehub.platform.alerts import tables as alerts
from carehub.platform.attachments import tables as attachments
from carehub.platform.audit import tables as audit
from carehub.platform.consents import tables as consents
from carehub.platform.db import metadata
from carehub.platform.directory import tables as directory
from carehub.platform.family import tables as family
from carehub.platform.records import tables as records
from carehub.platform.rights import tables as rights

AREAS = (accounts, alerts, attachments, audit, consents, directory, family, records, rights)
REVISION = "0005"
"""The newest revision in `migrations/versions`."""

__all__ = ["AREAS", "REVISION", "metadata"]
