"""Statements are SQLAlchemy Core expressions, compiled once into the dialect's own SQL: at their
first use, since compiling them all takes longer than a start should.

Core gives one schema and one set of statements (SQLite now, PostgreSQL for several replicas later);
its engine is not used, because its asyncio adapter costs four to six times a hop to the driver.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, Compiled
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect
from sqlalchemy.sql.expression import ClauseElement


class _ConstantsInline(SQLiteCompiler):
    """Writes constants into the SQL: they are our own enum values and numbers, and a list after IN
    has no other spelling that the driver understands. Named parameters stay parameters."""

    def visit_bindparam(  # type: ignore[override]
        self, bindparam: BindParameter[Any], literal_binds: bool = False, **options: Any
    ) -> str:
        inline = literal_binds or not bindparam.required
        text: str = super().visit_bindparam(  # type: ignore[no-untyped-call]
            bindparam, literal_binds=inline, **options
        )
        return text


_DIALECT = SQLiteDialect(paramstyle="named")
_DIALECT.statement_compiler = _ConstantsInline


class Statement:
    """A statement's SQL and the names of its parameters."""

    def __init__(self, expression: ClauseElement) -> None:
        self._expression = expression

    @cached_property
    def sql(self) -> str:
        return str(self._compiled)

    def bind(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The driver's parameters. Raises `TypeError` when a name is missing or unknown."""
        if values.keys() != self._names:
            raise TypeError(f"wants {sorted(self._names)}, got {sorted(values)}: {self.sql}")
        return values

    def of_these(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The driver's parameters, picked out of more. Raises `KeyError` when one is missing."""
        return {name: values[name] for name in self._names}

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self._compiled.params)

    @cached_property
    def _compiled(self) -> Compiled:
        return self._expression.compile(dialect=_DIALECT)
