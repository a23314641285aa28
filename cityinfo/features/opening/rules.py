"""The steps of opening a city. Pure."""

FACTS, IMPRINT, MANAGERS, LANGUAGES, TEST = "facts", "imprint", "managers", "languages", "test"
STEPS = (FACTS, IMPRINT, MANAGERS, LANGUAGES, TEST)  # in the order in which people do them; going live is the last
