"""What a column of a file can mean: the targets, and the names people give them. Pure Python.

Names are compared in lower case without signs, see ``normal``. The languages are those of
the sales teams we know of; a name that is missing here is learned when a mapping is kept.
"""

import re
import unicodedata
from typing import NamedTuple

IGNORE, NOTES = "ignore", "notes"
LEAVE_OUT = "leave_out"  # what a value can mean: rows with it are not imported


class Target(NamedTuple):
    """What a column can mean.

    ``label`` is what people choose from; ``names`` are the names of columns that mean it, separated by commas.
    """

    label: str
    names: str


# in the order in which they are offered
LEAD_TARGETS = {
    "name": Target(
        "Title of the lead",
        "title, lead, lead name, lead title, subject, opportunity, betreff, titel, titre, objet, asunto, título, "
        "oggetto, onderwerp, assunto",
    ),
    "contact_name": Target(
        "Full name",
        "contact name, name, full name, contact, contact person, person, customer name, client name, client, "
        "customer, ansprechpartner, kontakt, vollständiger name, nom complet, contacto, nombre completo, nome "
        "completo, contatto, contactpersoon, volledige naam, naam, contato",
    ),
    "first_name": Target(
        "First name",
        "first name, firstname, given name, forename, fname, vorname, prénom, nombre, nome, voornaam, primeiro nome",
    ),
    "last_name": Target(
        "Last name",
        "last name, lastname, surname, family name, lname, nachname, familienname, nom, nom de famille, apellido, "
        "apellidos, cognome, achternaam, sobrenome",
    ),
    "company": Target(
        "Company",
        "company, company name, organisation, organization, account, account name, business, employer, firma, "
        "firmenname, unternehmen, société, entreprise, empresa, compañía, azienda, società, bedrijf, partner name",
    ),
    "email": Target(
        "Email",
        "email, e mail, mail, email address, e mail address, email from, mail address, work email, e mail adresse, "
        "courriel, adresse email, adresse e mail, correo, correo electrónico, posta elettronica, indirizzo email, "
        "mailadres, e mailadres, endereço de e mail",
    ),
    "phone": Target(
        "Phone",
        "phone, phone number, telephone, telephone number, tel, tel no, phone no, contact number, number, work "
        "phone, telefon, telefonnummer, rufnummer, téléphone, teléfono, telefono, telefoon, telefone",
    ),
    "mobile": Target(
        "Second phone",
        "mobile, mobile phone, mobile number, cell, cell phone, cellphone, handy, mobil, mobiltelefon, mobilnummer, "
        "portable, móvil, celular, cellulare, mobiel, telemóvel, whatsapp, second phone, phone 2, other phone",
    ),
    "street": Target(
        "Street",
        "street, address, address line, address line 1, address 1, street address, straße, strasse, adresse, "
        "anschrift, rue, dirección, calle, indirizzo, via, adres, straat, rua, endereço",
    ),
    "street2": Target(
        "Street, second line",
        "street 2, street2, address line 2, address 2, adresszusatz, straße 2, complément, complément d adresse, "
        "complemento",
    ),
    "city": Target(
        "City",
        "city, town, place, ort, stadt, ville, ciudad, città, plaats, stad, cidade",
    ),
    "zip": Target(
        "ZIP",
        "zip, zip code, zipcode, postal code, postcode, post code, plz, postleitzahl, code postal, código postal, "
        "cap, cep, cp",
    ),
    "state": Target(
        "State or province",
        "state, province, region, county, bundesland, kanton, état, provincia, estado, regione, provincie",
    ),
    "country": Target(
        "Country",
        "country, country name, country code, nation, land, länder, staat, pays, país, paese",
    ),
    "source": Target(
        "Source",
        "source, lead source, web source, origin, quelle, herkunft, origine, origen, fuente, fonte, origem, bron, "
        "herkomst",
    ),
    "medium": Target(
        "Marketing medium",
        "medium, marketing medium, channel, kanal, canal, canale",
    ),
    "marketing_campaign": Target(
        "Marketing campaign",
        "campaign, marketing campaign, utm campaign, kampagne, campagne, campaña, campagna, campanha",
    ),
    "status": Target(
        "Lead status",
        "status, current status, lead status, state of lead, disposition, statut, estatus, estado del lead, "
        "situação, stato",
    ),
    "tags": Target(
        "Tags",
        "tags, tag, labels, categories, schlagworte, schlagwörter, stichworte, stichwörter, étiquettes, mots clés, "
        "etiquetas, etichette, marcadores",
    ),
    "priority": Target(
        "Priority",
        "priority, rating, stars, priorität, priorité, prioridad, prioridade, priorità, prioriteit",
    ),
    "date": Target(
        "Date of the lead",
        "date, source date, created, created on, created at, creation date, date added, lead date, submitted, "
        "received, timestamp, datum, erstellt, erstellt am, eingangsdatum, eingegangen am, date de création, créé "
        "le, fecha, fecha de creación, aanmaakdatum, aangemaakt op, data, data de criação, criado em",
    ),
    "website": Target(
        "Website",
        "website, web site, web, url, homepage, webseite, site web, sitio web, sito",
    ),
    "function": Target(
        "Job position",
        "function, job, job title, job position, position, role, occupation, beruf, funktion, fonction, poste, "
        "puesto, cargo, ruolo, functie, função",
    ),
    "revenue": Target(
        "Expected revenue",
        "revenue, expected revenue, amount, value, deal value, budget, umsatz, erwarteter umsatz, betrag, montant, "
        "revenu attendu, revenu espéré, chiffre d affaires, ingresos, ingresos esperados, importe, importo, omzet, "
        "verwachte omzet, bedrag, receita, receita esperada, valor",
    ),
    NOTES: Target(
        "Notes",
        "notes, note, comment, comments, remark, remarks, description, message, notiz, notizen, bemerkung, "
        "kommentar, nachricht, commentaire, commentaires, remarques, comentario, comentarios, notas, nota, "
        "opmerking, opmerkingen, notities, observações",
    ),
}
PEOPLE_TARGETS = {
    "salesperson": Target(
        "Salesperson: name",
        "salesperson name, salesperson, name, agent, agent name, caller, caller name, user, user name, full name, "
        "employee, mitarbeiter, vertriebsmitarbeiter, verkäufer, vendeur, commercial, vendedor, verkoper, venditore",
    ),
    "login": Target(
        "Salesperson: login or email",
        "login, email, e mail, mail, email address, username, benutzername, anmeldename, identifiant, usuario, "
        "usuário, gebruikersnaam",
    ),
    "campaign": Target(
        "Salesperson: campaign",
        "campaign name, campaign, kampagne, campagne, campaña, campanha",
    ),
    "level": Target(
        "Salesperson: level",
        "level, seniority, experience, grade, stufe, niveau, nivel, nível, livello",
    ),
    "target": Target(
        "Salesperson: target",
        "target leads, target, quota, capacity, ziel, objectif, objetivo, obiettivo, doel, meta",
    ),
    "team": Target(
        "Salesperson: team",
        "team, sales team, group, gruppe, verkaufsteam, vertriebsteam, équipe, équipe commerciale, equipo, equipe, "
        "verkoopteam, squadra",
    ),
    "weight": Target(
        "Salesperson: weight",
        "weight, share, gewicht, gewichtung, poids, peso",
    ),
    "active": Target(
        "Salesperson: active",
        "active, is active, enabled, status, aktiv, actif, actief, activo, ativo, attivo",
    ),
}
LEAD_NAMES = {target: meaning.names for target, meaning in LEAD_TARGETS.items()}
PEOPLE_NAMES = {target: meaning.names for target, meaning in PEOPLE_TARGETS.items()}
CODES = {"country", "state"}  # where NA is no missing value
NAMES_OF = {"leads": LEAD_NAMES, "people": PEOPLE_NAMES}


def normal(text):
    """Return a column's name as it is compared: no case, no accents, no signs.

    >>> normal("  E-Mail_Adresse: "), normal("firstName"), normal("Téléphone")
    ('e mail adresse', 'first name', 'telephone')
    """
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    text = unicodedata.normalize("NFKD", text).replace("ß", "ss")
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())


def make_index(kind):
    """Return {normal name: target} of a kind of file; the first target of a name wins."""
    index = {}
    for target, names in NAMES_OF[kind].items():
        for name in (target.replace("_", " "), *names.split(",")):
            index.setdefault(normal(name), target)
    if kind == "leads":
        index.update({"name": "contact_name", "full name": "contact_name"})
    return index


def get_choices():
    """Return [(target, label)] of all meanings, as they are offered."""
    leads = [(target, meaning.label) for target, meaning in LEAD_TARGETS.items() if target != NOTES]
    people = [(target, meaning.label) for target, meaning in PEOPLE_TARGETS.items()]
    return [(IGNORE, "(not used)"), (NOTES, LEAD_TARGETS[NOTES].label), *leads, *people]


INDEX = {kind: make_index(kind) for kind in NAMES_OF}
