"""Configurations as text: a campaign is loaded from one, and written as one.

One table says which keys there are (``keys/``, put together in ``table``). What is checked
(``check``), loaded and dumped as a plain field (``plain``), documented, and described to
editors (``schema``) comes from it. What is no plain field has a codec (``codecs/``), with
``load`` and ``dump`` side by side. ``load`` and ``dump`` have the flow, from top to bottom;
``reader`` and ``write_yaml`` are the text, ``write`` the records.

A new setting is a field of the campaign, a line in ``keys/``, and a place in a view.
"""
