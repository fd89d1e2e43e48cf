"""Names of places that people type and the catalogue of zones does not have: cities, and letters of a zone.

Letters that several places use are all listed, so that they are asked back. Data only."""

from __future__ import annotations

from collections.abc import Mapping

_NEW_YORK, _CHICAGO = "America/New_York", "America/Chicago"
_DENVER, _LOS_ANGELES = "America/Denver", "America/Los_Angeles"

CITIES: Mapping[str, str] = {
    "nyc": _NEW_YORK,
    "boston": _NEW_YORK,
    "washington": _NEW_YORK,
    "atlanta": _NEW_YORK,
    "miami": _NEW_YORK,
    "austin": _CHICAGO,
    "dallas": _CHICAGO,
    "houston": _CHICAGO,
    "seattle": _LOS_ANGELES,
    "san francisco": _LOS_ANGELES,
    "sf": _LOS_ANGELES,
    "san diego": _LOS_ANGELES,
    "montreal": "America/Toronto",
    "ottawa": "America/Toronto",
    "rio de janeiro": "America/Sao_Paulo",
    "bangalore": "Asia/Kolkata",
    "bengaluru": "Asia/Kolkata",
    "chennai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "hyderabad": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "pune": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "osaka": "Asia/Tokyo",
    "hanoi": "Asia/Ho_Chi_Minh",
    "cebu": "Asia/Manila",
    "tel aviv": "Asia/Jerusalem",
    "abu dhabi": "Asia/Dubai",
    "canberra": "Australia/Sydney",
    "wellington": "Pacific/Auckland",
    "barcelona": "Europe/Madrid",
    "cologne": "Europe/Berlin",
    "frankfurt": "Europe/Berlin",
    "germany": "Europe/Berlin",
    "hamburg": "Europe/Berlin",
    "munich": "Europe/Berlin",
    "cork": "Europe/Dublin",
    "galway": "Europe/Dublin",
    "ireland": "Europe/Dublin",
    "edinburgh": "Europe/London",
    "manchester": "Europe/London",
    "uk": "Europe/London",
    "geneva": "Europe/Zurich",
    "krakow": "Europe/Warsaw",
    "milan": "Europe/Rome",
}

LETTERS: Mapping[str, tuple[str, ...]] = {
    "et": (_NEW_YORK,),
    "est": (_NEW_YORK,),
    "edt": (_NEW_YORK,),
    "ct": (_CHICAGO,),
    "cst": (_CHICAGO, "Asia/Shanghai"),
    "cdt": (_CHICAGO,),
    "mt": (_DENVER,),
    "mst": (_DENVER, "America/Phoenix"),
    "mdt": (_DENVER,),
    "pt": (_LOS_ANGELES,),
    "pst": (_LOS_ANGELES, "Asia/Manila"),
    "pdt": (_LOS_ANGELES,),
    "bst": ("Europe/London",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "wet": ("Europe/Lisbon",),
    "cet": ("Europe/Berlin",),
    "cest": ("Europe/Berlin",),
    "eet": ("Europe/Athens", "Africa/Cairo"),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "hkt": ("Asia/Hong_Kong",),
    "sgt": ("Asia/Singapore",),
    "pht": ("Asia/Manila",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney",),
    "nzst": ("Pacific/Auckland",),
    "nzdt": ("Pacific/Auckland",),
    "brt": ("America/Sao_Paulo",),
}


def zones_called(name: str) -> tuple[str, ...]:
    """The zones that a typed name means here; () where it is for the catalogue to know."""
    folded = " ".join(name.casefold().split())
    city = CITIES.get(folded)
    return (city,) if city else LETTERS.get(folded, ())
