"""What an import carries along from chunk to chunk."""

from dataclasses import dataclass, field

from .lookups import Lookups


@dataclass
class ImportSession:
    """An import that is being worked on, and what was looked up for it once.

    ``batch`` has full rights. ``prepare_lead`` returns the values of a new lead; called with (row, id of the
    caller or None, session). ``members``: id of a caller → id of the member of the campaign. What is filled on
    the way: ``teams``: id of a caller → id of the team of new leads; ``stages``: id of a team → id of the first
    stage; ``domains``: domain of an e-mail → whether it is a company's own, so that its people belong together.
    """

    batch: object
    prepare_lead: object
    lookups: Lookups
    members: dict
    teams: dict = field(default_factory=dict)
    stages: dict = field(default_factory=dict)
    domains: dict = field(default_factory=dict)


def start_session(batch, prepare_lead, lookups):
    """Return what all chunks of an import need."""
    members = batch.campaign_id.with_context(active_test=False).member_ids
    return ImportSession(
        batch=batch,
        prepare_lead=prepare_lead,
        lookups=lookups,
        members={member.user_id.id: member.id for member in members},
    )
