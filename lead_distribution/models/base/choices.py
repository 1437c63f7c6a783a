"""Choices that a campaign has, for records that name one of them."""


def choices_of_campaign(name):
    """Return what ``fields.Selection`` takes as its choices: those of a field of campaigns, other addons' included."""
    return lambda self: self.env["lead.distribution.campaign"]._fields[name]._description_selection(self.env)
