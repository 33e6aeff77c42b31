"""The screens of sparring: logging one anywhere, totals, and the brief before a call."""

from crm.sparring import panels
from crm.sparring.views import brief, log, totals
from crm.sparring.views.blueprint import bp

panels.install()

__all__ = ["bp", "brief", "log", "totals"]
