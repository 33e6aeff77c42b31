"""The environment of templates: what is the same on every page of a language is worked out when a template is compiled.

A page has some sixty sentences, thirty icons and twenty addresses of files. Asked for one by one, by name, each time, they took
a quarter of a page's time; `_("Save")` and `icon("plus")` with nothing but constants in them are now part of the compiled text.
Each language has its own compiled templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import has_request_context
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from crm.web.context import current_locale

#: Compiled templates that are kept of each language: more than there are.
MOST: Final = 1_000
#: Functions whose answer hangs on nothing but their arguments and the language, by name.
Constants = Mapping[str, Callable[..., str]]


class PageEnvironment(Environment):
    """Flask's environment, and within it one for each language, which share all but their compiled templates.

    A page's own template is looked for in its language's; what it extends, includes and imports then comes from there too.
    """

    #: Gives the constants of a language; set once, by the app factory.
    constants: Callable[[str], Constants] | None = None
    #: The language of an inner environment; the outer one has none.
    language: str = ""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._by_language: dict[str, PageEnvironment] = {}

    def get_or_select_template(self, *arguments: Any, **options: Any) -> Template:
        """Give a page's template in the language of the request; outside one as it is written."""
        if self.language or not has_request_context():
            return super().get_or_select_template(*arguments, **options)
        return self._inner(current_locale()).get_or_select_template(*arguments, **options)

    def _inner(self, language: str) -> PageEnvironment:
        found = self._by_language.get(language)
        if found is None:
            found = self.overlay(cache_size=MOST)
            found.language = language
            self._by_language[language] = found
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language and self.constants is not None:
            _Folding(self.constants(self.language)).visit(tree)
        return tree


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
