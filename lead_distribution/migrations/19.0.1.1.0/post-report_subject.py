"""The subject of a report shows figures that are 0, which Odoo leaves out otherwise."""


def migrate(cr, version):
    if not version:
        return
    # in every language it was translated to, and where nobody has written another one
    cr.execute(
        """
        UPDATE mail_template
           SET subject = replace(replace(subject::text, '{{ object.leads_distributed }}',
                                         '{{ object.leads_distributed ||| 0}}'),
                                 '{{ object.leads_found }}', '{{ object.leads_found ||| 0}}')::jsonb
          FROM ir_model_data data
         WHERE data.module = 'lead_distribution' AND data.name = 'mail_template_run_report'
           AND data.model = 'mail.template' AND data.res_id = mail_template.id
        """
    )
