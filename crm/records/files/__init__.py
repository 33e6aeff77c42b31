"""Files of records: bytes by hash under the home folder, a row for each version, the record's rights each time.

`add_file`, `add_version`, `describe_file`, `delete_file` and `restore_file` write; each stands in the change log (kind `file`)
and can be undone. `files_of` lists, `open_file` hands out. What is taken is said in `records.file_formats`.
"""

from crm.records.file_formats import FORMATS, GROUPS, Checked, FileRules, check_file, suffixes_of, tidy_name
from crm.records.files.bytes import DiskFileStore, FileStore
from crm.records.files.pending import keep_pending
from crm.records.files.reading import (
    CURRENT,
    FileLine,
    count_files,
    current_file,
    file_row,
    files_of,
    open_file,
    stream,
    stream_file,
)
from crm.records.files.services import (
    add_file,
    add_version,
    attach,
    delete_file,
    describe_file,
    field_rules,
    register_hold,
    restore_file,
)
from crm.records.files.sweep import FileSweeper
from crm.records.files.undo import install

__all__ = [
    "CURRENT",
    "FORMATS",
    "GROUPS",
    "Checked",
    "DiskFileStore",
    "FileLine",
    "FileRules",
    "FileStore",
    "FileSweeper",
    "add_file",
    "add_version",
    "attach",
    "check_file",
    "count_files",
    "current_file",
    "delete_file",
    "describe_file",
    "field_rules",
    "file_row",
    "files_of",
    "install",
    "keep_pending",
    "open_file",
    "register_hold",
    "restore_file",
    "stream",
    "stream_file",
    "suffixes_of",
    "tidy_name",
]
