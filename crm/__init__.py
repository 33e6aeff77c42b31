"""Klynge: the CRM of a business-cluster secretariat."""

__version__ = "0.1.0"
