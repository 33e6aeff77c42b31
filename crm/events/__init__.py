"""Events, their sessions, who took part as what, and how it was rated."""
