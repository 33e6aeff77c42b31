"""Adapters to the outside world, each behind a port of `crm` and each with a working fake."""
