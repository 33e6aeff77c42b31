"""Prefect as the flow engine, spoken to over its REST API: the web and the worker never import Prefect itself."""
