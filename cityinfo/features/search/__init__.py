"""Search: what is published and answers a query, in whatever spelling, language or script it was typed."""

from .actions import KIND, add_synonyms, change_synonyms, count_misses, delete_old_misses, remove_synonyms
from .encoding import ENCODE, encode, enqueue_encoding
from .finding import Found, Hit, Question, Search
from .index import Index, Listing
from .indexes import MOST_OPEN, Indexes
from .jobs import purge
from .misses import Misses
from .models import Embedding, EmbeddingHead, SearchMiss, SynonymGroup
from .ports import Encoder
from .queries import LEAST_COUNT, Missed, missed, synonym_group, synonym_groups
from .rules import MOST_QUERY

__all__ = [
    "ENCODE",
    "KIND",
    "LEAST_COUNT",
    "MOST_OPEN",
    "MOST_QUERY",
    "Embedding",
    "EmbeddingHead",
    "Encoder",
    "Found",
    "Hit",
    "Index",
    "Indexes",
    "Listing",
    "Missed",
    "Misses",
    "Question",
    "Search",
    "SearchMiss",
    "SynonymGroup",
    "add_synonyms",
    "change_synonyms",
    "count_misses",
    "delete_old_misses",
    "encode",
    "enqueue_encoding",
    "missed",
    "purge",
    "remove_synonyms",
    "synonym_group",
    "synonym_groups",
]
