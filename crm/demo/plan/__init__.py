"""What happened in the invented office, made up anew from the same dice each time: the same day gives the same demo."""

from crm.demo.plan.make import make_plan
from crm.demo.plan.sizes import Size

__all__ = ["Size", "make_plan"]
