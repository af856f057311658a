from crawler.net.patience import Patience


def test_the_first_try_has_little_time_and_the_second_all():
    patience = Patience(5, 30)
    assert [patience.seconds("a", tries) for tries in (0, 1, 2)] == [5, 30, 30]


def test_a_fast_site_is_waited_for_less():
    patience = Patience(5, 30)
    patience.answered("a", 0.1)
    assert patience.seconds("a", 0) == 2
    patience.answered("b", 0.001)
    assert patience.seconds("b", 0) == 1
    assert patience.seconds("c", 0) == 5


def test_a_slow_site_gets_its_time_at_once():
    patience = Patience(5, 30)
    patience.answered("a", 4)
    assert patience.seconds("a", 0) == 12
    patience.answered("a", 25)
    assert patience.seconds("a", 0) == 30


def test_one_slow_answer_is_forgotten_with_time():
    patience = Patience(5, 30)
    patience.answered("a", 8)
    for _ in range(200):
        patience.answered("a", 0.1)
    assert patience.seconds("a", 0) < 5


def test_patience_that_was_in_vain_ends():
    patience = Patience(5, 30)
    for _ in range(2):
        patience.gave_up("a", 30)
    patience.gave_up("a", 5)
    assert patience.seconds("a", 1) == 30
    patience.gave_up("a", 30)
    assert patience.seconds("a", 1) == 5
    assert patience.seconds("b", 1) == 30
