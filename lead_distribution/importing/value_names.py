"""What the words in a column mean where they are no literal name of ours: "neu" is new. Pure Python.

Each entry: code of a status, or number of stars, and what people write for it in the languages of the sales
teams we know of. What is missing here is learned when a person has chosen a meaning.
"""

from difflib import get_close_matches

from .targets import normal

STATUS_NAMES = {
    "new": "neu, neuer lead, unbearbeitet, offen, open, fresh, untouched, nouveau, nouvelle, nuevo, nueva, nuovo, "
    "nuova, nieuw, novo, nova",
    "in_progress": "in bearbeitung, bearbeitung, working, contacted, kontaktiert, en cours, en curso, in corso, "
    "in behandeling, em andamento",
    "call_back": "callback, rückruf, rueckruf, wiedervorlage, zurückrufen, à rappeler, rappel, rappeler, "
    "devolver llamada, llamar de nuevo, richiamare, terugbellen, retornar ligação",
    "utr": "unable to reach, not reached, no answer, nicht erreicht, nicht erreichbar, injoignable, pas de réponse, "
    "no contesta, non risponde, niet bereikt, não atende",
    "full_pitch_follow_up": "follow up, followup, nachfassen, angebot gesendet, relance, seguimiento, opvolgen",
    "won": "gewonnen, closed won, gagné, gagnée, ganado, ganada, vinto, vinta, ganho, ganha",
    "lost": "verloren, closed lost, kein interesse, not interested, no interest, perdu, perdue, perdido, perdida, "
    "perso, persa",
    "cancelled": "canceled, storniert, abgesagt, abgebrochen, annulé, annulée, cancelado, cancelada, annullato, "
    "geannuleerd",
    "do_not_call": "nicht anrufen, kein anruf, keine anrufe, ne pas appeler, no llamar, non chiamare, niet bellen, "
    "não ligar, robinson",
    "blocked": "gesperrt, blockiert, bloqué, bloqueado, bloccato, geblokkeerd",
    "opt_out": "abgemeldet, widerspruch, widersprochen, unsubscribed, désabonné, désinscrit, afgemeld",
}
PRIORITY_NAMES = {
    "0": "niedrig, gering, none, keine, aucune, ninguna, geen, nenhuma, basse, faible, baja, bassa, laag, baixa",
    "1": "mittel, normal, average, moyenne, moyen, normale, media, medio, média, médio, gemiddeld, normaal, middel",
    "2": "hoch, wichtig, important, haute, élevée, alta, hoog",
    "3": "sehr hoch, dringend, critical, kritisch, très haute, très élevée, urgent, urgente, muy alta, molto alta, "
    "zeer hoog, muito alta",
}
NEAR = 0.85  # how alike a text and a name must be to be taken for the same with a typing error
SHORTEST = 4  # shorter texts are like too many others
LONGEST = 80  # longer ones are no names


def value_key(text):
    """Return a text as it is compared: no case, no accents, no signs, where that leaves something.

    >>> value_key(" Rückruf! "), value_key("***")
    ('ruckruf', '***')
    """
    return (normal(text) or text.strip().lower())[:255]


def make_names(meanings):
    """Return {key: meaning} of a table as the two above."""
    return {value_key(name): meaning for meaning, names in meanings.items() for name in names.split(",")}


STATUS_WORDS, PRIORITY_WORDS = make_names(STATUS_NAMES), make_names(PRIORITY_NAMES)


def guess(key, known, typing_errors=True):
    """Return the meaning of the name that is this key, or is like it; None if there is none.

    :param known: {key: meaning}

    >>> guess("gewonen", STATUS_WORDS), guess("xyz", STATUS_WORDS)
    ('won', None)
    """
    if key in known or not typing_errors or not SHORTEST <= len(key) <= LONGEST:
        return known.get(key)
    near = get_close_matches(key, known, n=1, cutoff=NEAR)
    return known[near[0]] if near else None
