"""What the program says when it refuses."""

import pytest

from shopsim import ShopsimError


def refusal(make):
    """The sentence with which it is refused."""
    with pytest.raises(ShopsimError) as caught:
        make()
    return str(caught.value)
