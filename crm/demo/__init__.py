"""The demo: an invented support function of clusters with its users, its past and what it has before it.

`plan` makes up what happened, `stories` reads what was written by hand, `loading` lets it happen: each act by its person on its
day, through the one door.
"""
