"""Flows: thin Prefect wrappers around services, what registers them, and the process that runs them."""
