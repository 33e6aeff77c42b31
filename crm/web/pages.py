"""The environment of templates: what is the same on every page of a language is worked out when a template is compiled.

A page has some sixty sentences, thirty icons and twenty addresses of files. Asked for one by one, by name, each time, they took
a quarter of a page's time; `_("Save")` and `icon("plus")` with nothing but constants in them are now part of the compiled text.
Each language has its own compiled templates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import has_request_context
from flask.templating import Environment
from jinja2 import nodes
from jinja2.utils import LRUCache
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from crm.web.context import current_locale

#: Compiled templates that are kept of each language: more than there are.
MOST: Final = 1_000
#: Functions whose answer hangs on nothing but their arguments and the language, by name.
Constants = Mapping[str, Callable[..., str]]


class PageEnvironment(Environment):
    """Flask's environment, with a compiled form of each template for each language; outside a request there is none."""

    #: Gives the constants of a language; set once, by the app factory.
    constants: Callable[[str], Constants] | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._caches: defaultdict[str, LRUCache] = defaultdict(lambda: LRUCache(MOST))
        super().__init__(*arguments, **options)

    @property  # type: ignore[override]  # for an attribute of Jinja's
    def cache(self) -> LRUCache:
        """Give the compiled templates of this request's language, where Jinja looks for them."""
        return self._caches[_language()]

    @cache.setter
    def cache(self, _made: Any) -> None:
        """Pass over the one that Jinja makes."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree, language = super()._parse(source, name, filename), _language()
        if language and self.constants is not None:
            _Folding(self.constants(language)).visit(tree)
        return tree


def _language() -> str:
    return current_locale() if has_request_context() else ""


class _Folding(NodeTransformer):
    """Puts what a call gives in its place, where all its arguments are written out."""

    def __init__(self, constants: Constants) -> None:
        self.constants = constants

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Look at one call, after those within it."""
        self.generic_visit(node)
        named = isinstance(node.node, nodes.Name) and node.node.name in self.constants
        plain = not node.kwargs and node.dyn_args is None and node.dyn_kwargs is None
        if not (named and plain and all(isinstance(one, nodes.Const) for one in node.args)):
            return node
        found = self.constants[node.node.name](*(one.value for one in node.args))  # type: ignore[attr-defined]  # as just asked
        constant = nodes.Const(str(found), lineno=node.lineno)
        return nodes.MarkSafe(constant, lineno=node.lineno) if isinstance(found, Markup) else constant
