"""What every screen keeps to."""

import pytest

from handlers.screens.screen import Key, abreast, rows

KEY = Key("🏠 Home", disabled=True)


def test_a_screen_has_four_rows_of_buttons_at_most() -> None:
    assert len(rows([KEY], [KEY], [KEY], [KEY])) == 4
    with pytest.raises(ValueError, match="4 rows"):
        rows([KEY], [KEY], [KEY], [KEY], [KEY])


def test_a_row_that_has_nothing_to_offer_does_not_count() -> None:
    assert rows([KEY, None], [None], [], [KEY], [KEY], [KEY]) == ((KEY,),) * 4


def test_keys_stand_abreast_in_rows_of_so_many() -> None:
    assert abreast([KEY] * 5, 2) == [[KEY] * 2, [KEY] * 2, [KEY]]
