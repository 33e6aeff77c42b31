"""The use cases of the meeting work, one file each."""

from crm.boards.services import annexes
from crm.boards.services.agenda import move_item
from crm.boards.services.approval_code import IssuedCode, issue_approval_code
from crm.boards.services.approve_pack import approve_pack, approve_with_code
from crm.boards.services.assemble_pack import (
    AssembledPack,
    StepReport,
    assemble_pack,
    collect_pack,
    fail_build,
    keep_version,
    start_build,
    write_word,
)
from crm.boards.services.find_meeting import BoardChoice, MeetingRef, board_choices, find_meeting, meeting_ref
from crm.boards.services.mail_pack import tell_assembled
from crm.boards.services.order_pack import order_pack
from crm.boards.services.publish_pack import PublishedPack, publish_pack

__all__ = [
    "AssembledPack",
    "BoardChoice",
    "IssuedCode",
    "MeetingRef",
    "PublishedPack",
    "StepReport",
    "annexes",
    "approve_pack",
    "approve_with_code",
    "assemble_pack",
    "board_choices",
    "collect_pack",
    "fail_build",
    "find_meeting",
    "issue_approval_code",
    "keep_version",
    "meeting_ref",
    "move_item",
    "order_pack",
    "publish_pack",
    "start_build",
    "tell_assembled",
    "write_word",
]
