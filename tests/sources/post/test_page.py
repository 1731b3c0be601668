import pytest

from milestonebot.sources.post.events import events
from milestonebot.sources.post.findings import Head
from milestonebot.sources.post.page import head_of, is_page, post_of


def head(html: str) -> Head:
    found = events(html)
    return head_of(found, post_of(found))


def text(html: str) -> str:
    return "".join(each for each in post_of(events(html)) if isinstance(each, str)).strip()


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE html>", "\n<html lang=en>", '<?xml version="1.0"?>', "<!-- saved --><html>"]
)
def test_a_page_is_told_by_how_it_begins(start: str) -> None:
    assert is_page(f"{start}<p>text")


@pytest.mark.parametrize("start", ["# Title", "<p>some text", "Title: x", "<div>"])
def test_text_with_some_html_is_no_page(start: str) -> None:
    assert not is_page(start)


@pytest.mark.parametrize(
    "html",
    [
        "<body>no<article>yes<article>no</article></article>no<article>no",
        "<body>no<main>yes</main>no",
        "<head><title>no</title></head><body>yes",
        "yes",
    ],
)
def test_the_post_is_the_first_article_or_the_main_part_or_the_body(html: str) -> None:
    assert text(html) == "yes"


def test_the_page_tells_of_its_post() -> None:
    assert head(
        "<title>Site - One</title><meta name=author content=' The  team '>"
        "<meta property=article:tag content=Example>"
        "<meta name=keywords content='Example, News'><link rel=canonical href=https://e.example/1>"
        "<h1>Site</h1><article><h1>One <b>thing</b></h1><time datetime=2019-05-02>today</time></article>"
    ) == Head(
        title="One thing",
        author="The team",
        tags=("Example", "News"),
        url="https://e.example/1",
        published="2019-05-02",
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<title>Site - One</title>", Head(title="Site - One")),
        ("<meta property=og:title content=One><title>No</title>", Head(title="One")),
        ("<h1>One</h1><main>text</main>", Head(title="One")),
        (
            "<meta property=article:published_time content=2019-05-02><time datetime=2020>",
            Head(published="2019-05-02"),
        ),
        ("<meta property=og:url content=https://e.example/2>", Head(url="https://e.example/2")),
        ("<link rel=canonical href=/2>", Head()),
        ("", Head()),
    ],
)
def test_what_one_place_does_not_tell_another_does(html: str, expected: Head) -> None:
    assert head(html) == expected
