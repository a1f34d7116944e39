"""Addresses of Platsbanken's own search, for the person to go on with.

Their form, from addresses of it that several public projects use: `p` lists `4:` occupation-fields and `5:` SSYK
groups, `l` lists `2:` regions and `3:` municipalities, each a concept id of JobTech's taxonomy; `q` are free words.
For a single occupation-name no form is known, so that its title stands in `q`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from api.guidance.vacancies.wanted import Wanted

_SEARCH = "https://arbetsformedlingen.se/platsbanken/annonser"


def search_url(wanted: Wanted, title: str = "") -> str:
    """The same search there. `title` stands in for occupation-names."""
    what = [f"4:{field}" for field in wanted.fields] + [f"5:{group}" for group in wanted.groups]
    where = [f"3:{place}" for place in wanted.municipalities] or [f"2:{region}" for region in wanted.regions]
    words = wanted.words or ("" if what else title)
    given = {"p": ";".join(what), "q": words, "l": ";".join(where)}
    query = urlencode({name: value for name, value in given.items() if value}, safe=":;")
    return f"{_SEARCH}?{query}" if query else _SEARCH
