"""Who may run campaigns."""

from odoo.exceptions import AccessError

from ..names import MANAGERS
from ..tools.companies import may_cross_companies


def check_manager(campaigns):
    """Only managers may run a campaign; the ORM checks who may change one.

    :raise AccessError: for others
    """
    env = campaigns.env
    campaigns.check_access("write")
    crosses = any(not campaign.company_id for campaign in campaigns)
    if crosses and not env.su and not may_cross_companies(env):
        raise AccessError(env._("A campaign of all companies can only be run by somebody who works for all of them."))
    if not env.su and not env.user.has_group(MANAGERS):
        raise AccessError(env._("Only sales managers can distribute leads."))


def check_scheduler(env):
    """Only the scheduler and administrators may start what is scheduled, where it works with full rights.

    Odoo runs a scheduled action for whoever asks for it as a server action, portal users included: those of models that
    nobody else writes would do their work for everybody.

    :raise AccessError: for others
    """
    if not env.su and not env.user.has_group("base.group_system"):
        raise AccessError(env._("Only the schedule or an administrator can start this."))
