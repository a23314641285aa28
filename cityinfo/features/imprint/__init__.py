"""The imprint: who answers for what a city tells, in one text per language."""

from .actions import archive, open_imprint, restore
from .models import Imprint
from .projection import IMPRINT
from .queries import KIND, SLUG, is_public, of_city

__all__ = ["IMPRINT", "KIND", "SLUG", "Imprint", "archive", "is_public", "of_city", "open_imprint", "restore"]
