"""Lifecycles: states, transitions and guards as a pure engine."""
