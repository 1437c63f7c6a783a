"""With every new version: what our views add to other views is empty until it is loaded again, in this same update.

A view is checked together with all that extends it. What extends it is still that of the version before when the view
is loaded: it may show what this version keeps from some people, or what there is no more.
"""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE ir_ui_view v SET arch_db = '{"en_US": "<data/>"}' FROM ir_model_data d
         WHERE d.module = 'lead_distribution' AND d.model = 'ir.ui.view' AND d.res_id = v.id AND NOT d.noupdate
           AND v.inherit_id IS NOT NULL AND v.mode = 'extension'
        """
    )
