import pytest

from crawler.discovery.shape import Kind, Shapes, kind_of
from tests.cases import load


@pytest.mark.parametrize("case", load("url_shapes"))
def test_the_kind_of_a_url(case):
    assert kind_of(case["url"], case.get("text", "")) == case["kind"]


def test_shapes_that_a_feed_called_articles_are_known_again():
    shapes = Shapes()
    assert shapes.kind_of("https://example.org/p/7") is Kind.LISTING
    shapes.learn("https://example.org/p/3")
    assert shapes.kind_of("https://example.org/p/7") is Kind.ARTICLE
    assert shapes.kind_of("https://example.org/q/7") is Kind.LISTING
    assert shapes.kind_of("https://other.example.org/p/7") is Kind.LISTING


def test_a_shape_without_anything_of_its_own_is_not_learnt():
    shapes = Shapes()
    shapes.learn("https://example.org/tech/")
    assert shapes.kind_of("https://example.org/tech/", "科技") is Kind.LISTING


def test_a_known_shape_makes_no_article_of_what_can_be_none():
    shapes = Shapes()
    shapes.learn("https://example.org/video/7")
    assert shapes.kind_of("https://example.org/video/8") is Kind.OTHER
