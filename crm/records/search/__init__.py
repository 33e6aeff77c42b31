"""Full-text search over all types, comments and file names.

`find` searches; `put_text` and `drop_text` are for texts that hang on a record; `SearchFollower` keeps the index.
"""

from crm.records.search.follow import SearchFollower, waits_since
from crm.records.search.reading import Group, Hit, find, matching
from crm.records.search.writing import drop_text, put_text

__all__ = ["Group", "Hit", "SearchFollower", "drop_text", "find", "matching", "put_text", "waits_since"]
