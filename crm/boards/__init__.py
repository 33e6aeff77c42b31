"""Boards, mandates, meetings, agenda, decisions, follow-ups; and the pack that a meeting is prepared with."""
