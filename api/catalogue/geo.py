"""Distances as the crow flies. Good for "which is nearest", not for directions. Pure."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Protocol

_EARTH_RADIUS_KM = 6371.0


class Point(Protocol):
    """What lies somewhere, in WGS84 degrees."""

    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in km between two WGS84 points in degrees (haversine)."""
    dlat, dlon = radians(lat2 - lat1), radians(lon2 - lon1)
    chord = sin(dlat / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(dlon / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(sqrt(chord))
