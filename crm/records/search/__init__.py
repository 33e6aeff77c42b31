"""Full-text search over all types, comments and file names.

`find` searches; `put_text` and `drop_text` are for texts that hang on a record; `SearchFollower` keeps the index.
"""

from crm.records.search.follow import SearchFollower, waits_since
from crm.records.search.reading import Group, Hit, find
from crm.records.search.snippets import Snippet, snippets
from crm.records.search.tokens import marked, read_search
from crm.records.search.writing import drop_text, put_text

__all__ = [
    "Group",
    "Hit",
    "SearchFollower",
    "Snippet",
    "drop_text",
    "find",
    "marked",
    "put_text",
    "read_search",
    "snippets",
    "waits_since",
]
