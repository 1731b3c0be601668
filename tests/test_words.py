"""Questions in words: those of COMMANDS, and real ones that people asked in other projects."""

import pytest

from milestonebot.clock import at
from milestonebot.lookup import Lookup
from milestonebot.words import understand
from tests.asking import ask, shipped

TODAY = Lookup(shipped(), at("2011-12-20").now().date())


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ("when is essex-3?", "when essex-3"),
        ("When's essex-3", "when essex-3"),
        ("when will essex-3 be released?", "when essex-3"),
        ("when does essex-3 come out", "when essex-3"),
        ("so, do you know when essex-3 is due?", "when essex-3"),
        ("what is the next milestone?", "next"),
        ("what's next?", "next"),
        ("next milestone", "next"),
        ("when is the next release", "next release"),
        ("when is a-2", "when a-2"),
        ("whats next", "next"),
        ("when is Essex 3 due, please?", "when essex 3"),
        ("when did essex start?", "series essex"),
        ("when is the essex cycle start", "series essex"),
        ("when does essex reach end of life", "series essex"),
        ("anyone know when essex ships?", "when essex"),
        ("release date of essex", "when essex"),
        ("how many blueprints are in essex-2?", "overview essex-2"),
        ("what's the status of nova-rootwrap?", "blueprint nova-rootwrap"),
        ("is nova-rootwrap implemented?", "blueprint nova-rootwrap"),
        ("when is the next nova milestone?", "next nova"),
        ("how long until feature freeze?", "when feature freeze"),
        ("how many days are left till essex-4", "when essex-4"),
        ("is nova-rootwrap in essex-2?", "is nova-rootwrap in essex-2"),
        ("did nova-rootwrap make it into essex-2", "is nova-rootwrap in essex-2"),
        ("has nova-rootwrap landed in essex 2", "is nova-rootwrap in essex 2"),
        ("what landed in essex-2 for nova?", "blueprints essex-2 nova"),
        ("what landed in essex-2", "overview essex-2"),
        ("what's in essex 2?", "overview essex-2"),
        ("is essex-2 out?", "is essex-2 out"),
        ("has essex-2 been released yet?", "is essex-2 out"),
        ("any ETA for essex-4", "when essex-4"),
        ("what is the release date of essex?", "when essex"),
        ("what is nova-rootwrap?", "blueprint nova-rootwrap"),
        ("what is essex-2", "milestone essex-2"),
        ("how is essex-2 going?", "progress essex-2"),
        ("essex-2", "milestone essex-2"),
        ("essex", "series essex"),
        ("nova", "project nova"),
        ("openstack", "next openstack"),
        ("what can you do?", "help"),
    ],
)
def test_a_question_becomes_a_command(asked: str, command: str) -> None:
    understood = understand(asked, TODAY)
    assert understood is not None
    assert " ".join((understood.name, *understood.arguments)) == command


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("What is the next milestone?", "essex-3: Thu 26 Jan 2012"),
        (
            "is there any expected date for Esssex M3 ?",
            "No milestone is called esssex m3. Did you mean essex-3",
        ),
        ("Is v1.1 really due by October 15 ?", "No milestone is called v1.1."),
        ("do you have an ETA for the next release ?", "Essex 2012.1 release: Thu 5 Apr 2012"),
        ("Will the next release v.0.4.2 in this month?", "No milestone is called v.0.4.2."),
        ("So when is code freeze?", "No milestone is called code freeze."),
        ("When are the version 5 changes due to appear?", "No milestone is called 5."),
        ("close to a release?", "essex-3: Thu 26 Jan 2012"),
        (
            "what landed in essex-9?",
            "No milestone is called essex-9. Did you mean essex-1, essex-2 or essex-3?",
        ),
        ("what went into essex 9", "No milestone is called essex 9. Did you mean essex-1"),
        ("what landed in essex-9 for nova?", "No milestone is called essex-9. Did you mean essex-1"),
        ("what's new in zed-4?", "No milestone is called zed-4. Did you mean zed-1"),
        (
            "how many blueprints landed in essex-9?",
            "No milestone is called essex-9. Did you mean essex-1",
        ),
        ("what landed in v99.1?", "No milestone is called v99.1. Try !next or !series."),
        ("is nova-rootwrap in essex-9?", "No milestone is called essex-9. Did you mean essex-1"),
        ("Cuando sale el siguiente release...?", "Essex 2012.1 release: Thu 5 Apr 2012"),
    ],
)
async def test_the_real_questions_are_answered(asked: str, answer: str) -> None:
    assert (await ask(asked)).startswith(answer)


@pytest.mark.parametrize(
    "said",
    [
        "is it okay to get the doc-builds fixes into this release?",
        "Milestone v0.7.0 is still open, but v0.7.0 had already been released",
        "one place says Nov 7th, another the 19th",
        "a reader may interpret the date as a commitment",
        "thanks",
        "is anybody here?",
        "what landed in the tea?",
        "what's in those 5 of theirs 2?",
        "what landed in nova?",
        "is sugar in essex-9?",
    ],
)
async def test_what_is_not_sure_is_not_guessed_at(said: str) -> None:
    assert understand(said, TODAY) is None
    assert (await ask(said)).startswith(
        "I am not sure what you ask. I tell dates and blueprints; try when is essex-3?"
    )


def test_a_long_question_is_cut_before_it_is_read() -> None:
    assert understand("when is " + "x" * 64_000, TODAY) is None
    assert understand("is " * 20_000, TODAY) is None
