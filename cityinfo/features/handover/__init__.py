"""Handing over: someone leaves a city, and a colleague takes over what waits for them."""

from .actions import hand_over
from .facts import WorkHandedOver
from .queries import Burden, burden_of, successors

__all__ = ["Burden", "WorkHandedOver", "burden_of", "hand_over", "successors"]
