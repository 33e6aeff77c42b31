"""The pure policy: what an actor's grants allow. Every screen, list, filter, export and API call asks here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from crm.kernel.errors import AccessDenied

#: From narrow to wide: of several grants for the same act the widest counts.
SCOPES: Final = ("own", "board", "all")
ALL: Final = frozenset({"all"})
#: Acts and types come from our own lists, but a transition's name is typed by a caller: the memory must not grow with them.
MOST_ANSWERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """One row of the grant table, as plain data."""

    type_key: str
    act: str
    scope: str = "all"
    read_fields: frozenset[str] | None = None
    write_fields: frozenset[str] | None = None
    #: The role that it is of; grants of no known role add up like those of different ones.
    role: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What one actor may do: their grants; a system actor may do everything."""

    grants: tuple[GrantFacts, ...] = ()
    everything: bool = False
    _index: dict[tuple[str, str], list[GrantFacts]] = field(init=False, repr=False, compare=False)
    #: Answers given before: a page asks for the same rights dozens of times, and grants never change under an Access.
    _known: dict[tuple[str, str], frozenset[str]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _known_fields: dict[tuple[str, str], frozenset[str] | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        index: dict[tuple[str, str], list[GrantFacts]] = {}
        for grant in self.grants:
            index.setdefault((grant.type_key, grant.act), []).append(grant)
        object.__setattr__(self, "_index", index)

    def _matching(self, act: str, type_key: str) -> Iterable[GrantFacts]:
        yield from self._index.get((type_key, act), ())
        yield from self._index.get((type_key, "*"), ())
        if not type_key.startswith("@"):
            yield from self._index.get(("*", act), ())
            yield from self._index.get(("*", "*"), ())

    def scopes(self, act: str, type_key: str) -> frozenset[str]:
        """Give the scopes in which the act is allowed: empty when it is not; `all` alone when it is unbounded."""
        if self.everything:
            return ALL
        known = self._known.get((act, type_key))
        if known is None:
            found = frozenset(grant.scope for grant in self._matching(act, type_key))
            known = ALL if "all" in found else found
            if len(self._known) < MOST_ANSWERS:
                self._known[(act, type_key)] = known
        return known

    @property
    def is_bounded(self) -> bool:
        """Whether any grant reaches some records of a type only."""
        return not self.everything and any(grant.scope != "all" for grant in self.grants)

    def may(self, act: str, type_key: str) -> bool:
        """Whether the act is allowed on at least some records of the type."""
        return bool(self.scopes(act, type_key))

    def may_use(self, area: str) -> bool:
        """Whether an area of the product (`@crm`, `@portal`, `@admin`, `@api`, `@flows`) is open."""
        return self.may("use", area)

    def require(self, act: str, type_key: str) -> None:
        """Refuse an act that no grant allows.

        Raises:
            AccessDenied: there is no such grant.
        """
        if not self.may(act, type_key):
            raise AccessDenied

    def readable(self, type_key: str) -> frozenset[str] | None:
        """Give the fields that may be read; None means all."""
        return self._fields("read", type_key)

    def writable(self, act: str, type_key: str) -> frozenset[str] | None:
        """Give the fields that may be written by `create` or `update`; None means all."""
        return self._fields(act, type_key)

    def _fields(self, act: str, type_key: str) -> frozenset[str] | None:
        """Within one scope, what any grant allows; of several scopes, the unbounded one's, or else what all of them allow.

        So a wide grant of few fields and a narrow grant of many never add up to many fields of all records. Where a role has
        a grant of this very type, that one says which fields, and the role's grant of all types adds none in its scope.
        """
        if self.everything:
            return None
        try:
            return self._known_fields[act, type_key]
        except KeyError:
            found = self._found_fields(act, type_key)
        if len(self._known_fields) < MOST_ANSWERS:
            self._known_fields[act, type_key] = found
        return found

    def _found_fields(self, act: str, type_key: str) -> frozenset[str] | None:
        by_scope: dict[str, frozenset[str] | None] = {}
        found = list(self._matching(act, type_key))
        named = {(grant.role, grant.scope) for grant in found if grant.role and grant.type_key == type_key}
        for grant in found:
            if grant.type_key == "*" and (grant.role, grant.scope) in named:
                continue
            allowed = grant.read_fields if act == "read" else grant.write_fields
            before = by_scope.get(grant.scope, frozenset())
            by_scope[grant.scope] = None if allowed is None or before is None else before | allowed
        if "all" in by_scope:
            return by_scope["all"]
        bounded = [names for names in by_scope.values() if names is not None]
        if not by_scope:
            return frozenset()
        return frozenset.intersection(*bounded) if bounded else None


EVERYTHING_ALLOWED: Final = Access(everything=True)
NOTHING_ALLOWED: Final = Access()
