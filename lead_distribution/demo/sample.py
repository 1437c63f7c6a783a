"""The sample leads as plain values: the same on every machine, dates relative to today."""

from random import Random

LEAD_COUNT = 1250
SEED = 20260
ZONE = "America/New_York"  # of people and campaigns

PEOPLE = {
    "alice_smith": "Alice Smith",
    "bob_johnson": "Bob Johnson",
    "carol_williams": "Carol Williams",
    "dave_brown": "Dave Brown",
    "eve_davis": "Eve Davis",
    "frank_miller": "Frank Miller",
    "gina_wilson": "Gina Wilson",
    "henry_jones": "Henry Jones",
    "ivan_petrov": "Ivan Petrov",
    "judy_chen": "Judy Chen",
    "marc_spiegel": "Marc Spiegel",
    "pat_adler": "Pat Adler",
    "kevin_levonas": "Kevin Levonas",
}
LEFT_THE_COMPANY = ("judy_chen",)
# pictures of Odoo's own sample people
FACES = {
    "alice_smith": "address_13", "bob_johnson": "address_2", "carol_williams": "address_14",
    "dave_brown": "address_24", "eve_davis": "address_31", "frank_miller": "address_3", "gina_wilson": "address_33",
    "henry_jones": "address_27", "ivan_petrov": "address_18", "judy_chen": "address_32", "marc_spiegel": "address_10",
    "pat_adler": "address_34", "kevin_levonas": "main1",
}  # fmt: skip

# login, campaign, active, level, target: eight who work, then two who left
MEMBERS = (
    ("alice_smith", "Voice", True, "senior", 200),
    ("bob_johnson", "Voice", True, "senior", 200),
    ("carol_williams", "Voice", True, "mid_level", 150),
    ("dave_brown", "Voice", True, "mid_level", 150),
    ("eve_davis", "Voice", True, "junior", 100),
    ("frank_miller", "Voice", True, "junior", 100),
    ("gina_wilson", "Apple", True, "senior", 200),
    ("henry_jones", "Apple", True, "mid_level", 150),
    ("ivan_petrov", "Voice", False, "mid_level", 150),
    ("judy_chen", "Voice", True, "senior", 200),
)
# web source patterns, and who takes the leads that got too old
DROPBACK_DAYS = 170
DROPBACK_RULES = (
    ("Voice", ".*voice.*", "pat_adler"),
    ("Apple", ".*apple.*", "kevin_levonas"),
    ("default", "", "marc_spiegel"),
)
CAMPAIGNS = {
    "Voice": "Telephony customers: new leads, and those whose callers got no further.",
    "Apple": "Apple products: new leads only.",
}
SOURCES = (
    "facebook_form", "google_ads", "website_contact", "linkedin_ads", "twitter_ads",
    "facebook_voice", "google_ads_voice", "voice_landing_page", "facebook_apple",
    "google_ads_apple", "apple_landing_page",
)  # fmt: skip
MARKETING_CAMPAIGNS = ("voice_campaign_2024", "apple_campaign_2024", "summer_promo")
NOT_FOR_ANYBODY = "do_not_distribute"
TAGS = ("hot_lead", "vip", NOT_FOR_ANYBODY, "enterprise_sales", "technical_knowledge")
PLACES = {
    "US": ("+1 212 555", ("New York", "Chicago", "Austin", "Denver")),
    "GB": ("+44 20 7946", ("London", "Leeds", "Bristol")),
    "DE": ("+49 30 90182", ("Berlin", "Hamburg", "Köln")),
    "FR": ("+33 1 99 00", ("Paris", "Lyon")),
    "IN": ("+91 22 5550", ("Mumbai", "Pune")),
}
STATUS_WEIGHTS = {
    "new": 30, "in_progress": 12, "utr": 18, "call_back": 14, "full_pitch_follow_up": 9,
    "won": 4, "lost": 6, "cancelled": 2, "dnc": 2, "do_not_call": 2, "opt_out": 1,
}  # fmt: skip
FIRST = (
    "Olivia", "Liam", "Emma", "Noah", "Amara", "Jürgen", "Chloé", "Arjun", "Sofía", "Mateo",
    "Hannah", "Yusuf", "Priya", "Lucas", "Ingrid", "Tomás", "Grace", "Viktor", "Leila", "Hugo",
)  # fmt: skip
LAST = (
    "Taylor", "Müller", "Dubois", "Patel", "García", "Nguyen", "Kowalski", "Rossi", "Sharma",
    "Andersen", "O'Brien", "Schmidt", "Lefèvre", "Walker", "Iyer", "Novak", "Haddad", "Larsen",
)  # fmt: skip
TRADES = (
    "Bakery",
    "Logistics",
    "Dental",
    "Roofing",
    "Studio",
    "Clinic",
    "Motors",
    "Legal",
    "Foods",
)
WISHES = ("Phone system", "New tariff", "Call centre", "Headsets", "Tablets", "Video rooms")
HOLDERS = (  # of Voice: as many as fit their targets
    *(login for login, campaign, *_rest, target in MEMBERS for _turn in range(target // 50) if campaign == "Voice"),
    "gina_wilson", "henry_jones", "marc_spiegel",
)  # fmt: skip


def make_leads(count=LEAD_COUNT, seed=SEED):
    """Return ``count`` dicts of a lead's values; names of records instead of ids."""
    rng = Random(seed)
    return [_make_lead(rng, number) for number in range(count)]


def make_arrivals(campaign, first, count):
    """Return ``count`` dicts of leads that just came in for a campaign and that nobody has.

    :param campaign: name of a campaign
    :param first: number of the first one; the same number makes the same lead
    """
    rng, is_apple = Random(SEED + first), campaign == "Apple"
    sources = [source for source in SOURCES if ("apple" in source) == is_apple]
    fixed = {"holder": None, "status": "new", "type": "lead", "is_customer": False, "age": 0, "activity": None}
    leads = [{**_make_lead(rng, first + number), **fixed} for number in range(count)]
    for lead in leads:
        lead["source"] = rng.choice(sources)
        lead["tags"] = [tag for tag in lead["tags"] if tag != NOT_FOR_ANYBODY]
    return leads


def _make_lead(rng, number):
    first, last = rng.choice(FIRST), rng.choice(LAST)
    country = rng.choices(tuple(PLACES), weights=(50, 20, 12, 8, 10))[0]
    prefix, cities = PLACES[country]
    company = f"{last} {rng.choice(TRADES)}"
    status = rng.choices(tuple(STATUS_WEIGHTS), weights=tuple(STATUS_WEIGHTS.values()))[0]
    is_opportunity = rng.random() < 0.06
    holder = None if status == "new" and rng.random() < 0.75 else rng.choice(HOLDERS)
    return {
        "title": f"{rng.choice(WISHES)} for {company}",
        "contact": f"{first} {last}",
        "company": company,
        "email": _mail(rng, first, last, number),
        "phone": f"{prefix} {number % 10000:04d}" if rng.random() < 0.95 else False,
        "city": rng.choice(cities),
        "country": country,
        "type": "opportunity" if is_opportunity else "lead",
        "is_customer": is_opportunity or rng.random() < 0.1,
        "holder": holder,
        "status": status,
        "source": rng.choice((*SOURCES, None)),
        "marketing_campaign": rng.choice((*MARKETING_CAMPAIGNS, None, None)),
        "tags": [tag for tag in TAGS if rng.random() < 0.05],
        "priority": rng.choices("0123", weights=(50, 30, 15, 5))[0],
        "age": _age(rng),
        "activity": rng.randint(-20, 10) if holder and rng.random() < 0.2 else None,
    }


def _mail(rng, first, last, number):
    if rng.random() < 0.04:
        return False
    plain = f"{first}.{last}{number}".lower().encode("ascii", "ignore").decode().replace("'", "")
    return f"{plain}@example.com"


def _age(rng):
    """Half of the leads came in the last 30 days, the others up to 200 days ago."""
    return rng.randint(1, 30) if rng.random() < 0.5 else rng.randint(31, 200)
