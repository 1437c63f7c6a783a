"""Where records are used, before they are deleted."""


def find_uses(records, history=()):
    """Return {words for what refers to them: how many} over all models; one query for each field that refers.

    :param history: names of models that only remember the records
    """
    env, uses = records.env, {}
    for model_name, model_class in records.pool.items():
        if model_name in history or not model_class._auto or model_class._transient:
            continue
        for field in model_class._fields.values():
            if field.comodel_name != records._name or not field.store or field.type not in ("many2one", "many2many"):
                continue
            # everybody's: what is deleted is deleted for all
            model = env[model_name].sudo().with_context(active_test=False)
            count = model.search_count([(field.name, "in", records.ids)])
            if count:
                words = env["ir.model"]._get(model_name).name
                uses[words] = uses.get(words, 0) + count
    return uses
