"""Hypothesis strategies for every value of `care` that the archive keeps."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from carehub.care.alerts.model import Inputs
from carehub.care.readings import Kind, Reading
from carehub.wire.exchange import Act, EntityKind, Op

times = st.integers(-(2**52), 2**52)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.integers(-(10**12), 10**12).map(lambda n: Decimal(n).scaleb(-6))
ids = st.uuids()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)


st.register_type_strategy(UUID, ids)
st.register_type_strategy(date, st.dates())


def of(kind: type[Any], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for a dataclass of `care`, every field drawn by its type."""
    hints = get_type_hints(kind)
    drawn = {
        field.name: fixed.get(field.name, _by_type(hints[field.name]))
        for field in dataclasses.fields(kind)
    }
    return st.builds(kind, **drawn)


def reading(person_id: UUID | None) -> st.SearchStrategy[Reading]:
    """Return a strategy for readings of one person."""
    return of(Reading, person_id=st.just(person_id))


def op(person_id: UUID) -> st.SearchStrategy[Op]:
    """Return a strategy for ops of one person, about nothing that is in the archive."""
    return st.builds(
        Op,
        op_id=ids,
        person_id=st.just(person_id),
        kind=st.sampled_from(list(EntityKind)),
        entity_id=ids,
        act=st.sampled_from(list(Act)),
        at=times,
        body=st.dictionaries(words, json_values, max_size=3),
    )


def _by_type(hint: Any) -> st.SearchStrategy[Any]:
    named: dict[Any, st.SearchStrategy[Any]] = {
        int: times,
        str: words,
        Decimal: values,
        Decimal | None: st.none() | values,
        int | None: st.none() | times,
        Inputs: st.dictionaries(words, json_values, max_size=3),
        tuple[str, ...]: st.lists(words, max_size=3).map(tuple),
        tuple[int, ...]: st.lists(times, max_size=3).map(tuple),
        tuple[UUID, ...]: st.lists(ids, max_size=3).map(tuple),
        tuple[tuple[int | None, UUID], ...]: st.lists(
            st.tuples(st.none() | st.integers(0, 255), ids), max_size=3
        ).map(tuple),
    }
    return named.get(hint, st.from_type(hint))


__all__ = ["Kind", "ids", "json_values", "of", "op", "reading", "times", "values", "words"]
