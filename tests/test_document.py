from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given

from milestonebot.document import Code, Document, Line, Link, Listing, Strong, Table, line, say
from tests.strategies import documents, parts


def test_a_line_is_its_parts() -> None:
    assert line() == Line(())
    assert line("essex-2", Strong("!")) == Line(("essex-2", Strong("!")))


def test_what_is_said_is_a_document_of_one_line_that_found_something() -> None:
    said = say(Strong("essex-2"), ": due")
    assert said == Document((Line((Strong("essex-2"), ": due")),), {}, found=True)


def test_it_carries_the_same_for_programs() -> None:
    said = say("There is no more.", data={"more": None}, found=False)
    assert (said.data, said.found) == ({"more": None}, False)


def test_two_documents_share_no_data() -> None:
    first, second = Document(()), Document(())
    assert first.data == {}
    assert first.data is not second.data


def test_what_looks_the_same_is_not_the_same_part() -> None:
    assert len({Strong("x"), Code("x"), Link("x", "x")}) == 3


def test_blocks_have_no_title_unless_they_are_given_one() -> None:
    assert Listing(()).title is None
    assert (Table(()).title, Table(()).header) == (None, ())


@given(documents())
def test_a_document_cannot_be_changed_once_it_is_said(document: Document) -> None:
    with pytest.raises(FrozenInstanceError):
        document.found = False  # type: ignore[misc]  # this is the mistake
    for block in document.blocks:
        name = "parts" if isinstance(block, Line) else "title"
        with pytest.raises(FrozenInstanceError):
            setattr(block, name, ())


@given(parts(), parts())
def test_a_line_keeps_its_parts_in_order(first: object, second: object) -> None:
    assert line(first, second).parts == (first, second)  # type: ignore[arg-type]  # parts they are
