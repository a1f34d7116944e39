"""What our open data are, after DCAT-AP-SE: catalogue, data sets, files, services, publisher, contact. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from api.catalogue.exporting.files import XLSX_TYPE
from api.catalogue.open_data.rdf import Iri, Literal, Resource
from api.texts import Texts

_PATH = Path(__file__).with_name("dcat.yml")
TEXTS = Texts(_PATH)
_KEYWORDS: list[str] = yaml.safe_load(_PATH.read_text("utf-8"))["keywords"]

_EU = "http://publications.europa.eu/resource/authority"
_SWEDISH = Iri(f"{_EU}/language/SWE")
_EDUCATION = Iri(f"{_EU}/data-theme/EDUC")
_PUBLIC = Iri(f"{_EU}/access-right/PUBLIC")
_DAILY = Iri(f"{_EU}/frequency/DAILY")
_About = dict[str, list[Iri | Literal]]


@dataclass(frozen=True)
class Publishing:
    """Who publishes, where, and on what terms. `example`: whether something in the catalogue is made up."""

    base_url: str
    name: str
    url: str
    email: str
    license: str
    example: bool
    modified: datetime | None


def description(publishing: Publishing) -> list[Resource]:
    """Every resource of the description."""
    base = publishing.base_url
    occasions, nodes = f"{base}/dcat#utbildningar", f"{base}/dcat#orter"
    service, emil = f"{base}/dcat#api", f"{base}/dcat#emil3"
    files = {"csv": "text/csv", "xlsx": XLSX_TYPE}
    return [
        Resource(
            f"{base}/dcat",
            "dcat:Catalog",
            {
                **_titled(publishing, "catalogue"),
                **_terms(publishing, rights=False),
                "dcterms:language": [_SWEDISH],
                "foaf:homepage": [Iri(f"{base}/")],
                "dcat:dataset": [Iri(occasions), Iri(nodes)],
                "dcat:service": [Iri(service), Iri(emil)],
            },
        ),
        _data_set(publishing, occasions, "occasions", [f"{base}/dcat#fil-{kind}" for kind in (*files, "json")]),
        _data_set(publishing, nodes, "nodes", [f"{base}/dcat#orter-json"]),
        *(_file(publishing, kind, media_type) for kind, media_type in files.items()),
        _from_service(publishing, f"{base}/dcat#fil-json", f"{base}/api/v1/occasions", service),
        _from_service(publishing, f"{base}/dcat#orter-json", f"{base}/api/v1/nodes", service),
        _service(publishing, service, "service", f"{base}/api/v1", [occasions, nodes]),
        _service(publishing, emil, "emil_service", f"{base}/api/v1/emil3", [occasions]),
        Resource(
            f"{base}/dcat#utgivare",
            "foaf:Agent",
            {"foaf:name": [Literal(publishing.name)], "foaf:homepage": [Iri(publishing.url or f"{base}/")]},
        ),
        Resource(
            f"{base}/dcat#kontakt",
            "vcard:Organization",
            {"vcard:fn": [Literal(TEXTS("contact"))], "vcard:hasEmail": [Iri(f"mailto:{publishing.email}")]},
        ),
    ]


def _data_set(publishing: Publishing, iri: str, key: str, files: list[str]) -> Resource:
    about: _About = {
        **_titled(publishing, key),
        **_terms(publishing),
        **_contact(publishing),
        "dcat:theme": [_EDUCATION],
        "dcat:keyword": [Literal(word) for word in _KEYWORDS],
        "dcterms:language": [_SWEDISH],
        "dcterms:accrualPeriodicity": [_DAILY],
        "dcat:distribution": [Iri(file) for file in files],
    }
    return Resource(iri, "dcat:Dataset", about)


def _file(publishing: Publishing, kind: str, media_type: str) -> Resource:
    address = Iri(f"{publishing.base_url}/api/v1/catalogue.{kind}")
    about: _About = {
        "dcterms:title": [Literal(TEXTS("file_csv" if kind == "csv" else "file_xlsx"))],
        "dcat:accessURL": [address],
        "dcat:downloadURL": [address],
        "dcterms:format": [Literal(media_type, "xsd:string")],
        **_license(publishing),
    }
    return Resource(f"{publishing.base_url}/dcat#fil-{kind}", "dcat:Distribution", about)


def _from_service(publishing: Publishing, iri: str, address: str, service: str) -> Resource:
    about: _About = {
        "dcterms:title": [Literal(TEXTS("file_json"))],
        "dcat:accessURL": [Iri(address)],
        "dcat:accessService": [Iri(service)],
        "dcterms:format": [Literal("application/json", "xsd:string")],
        **_license(publishing),
    }
    return Resource(iri, "dcat:Distribution", about)


def _service(publishing: Publishing, iri: str, key: str, address: str, data_sets: list[str]) -> Resource:
    about: _About = {
        **_titled(publishing, key),
        **_terms(publishing),
        **_contact(publishing),
        "dcat:endpointURL": [Iri(address)],
        "dcat:endpointDescription": [Iri(f"{publishing.base_url}/api/openapi.json")],
        "dcat:servesDataset": [Iri(data_set) for data_set in data_sets],
    }
    return Resource(iri, "dcat:DataService", about)


def _titled(publishing: Publishing, key: str) -> _About:
    title, about = TEXTS(key), TEXTS(f"{key}_about")
    if publishing.example:
        title, about = TEXTS("example_title", title=title), TEXTS("example_about", about=about)
    return {"dcterms:title": [Literal(title)], "dcterms:description": [Literal(about)]}


def _terms(publishing: Publishing, *, rights: bool = True) -> _About:
    about: _About = {"dcterms:publisher": [Iri(f"{publishing.base_url}/dcat#utgivare")], **_license(publishing)}
    if rights:
        about["dcterms:accessRights"] = [_PUBLIC]
    if publishing.modified:
        about["dcterms:modified"] = [Literal(publishing.modified.isoformat(timespec="seconds"), "xsd:dateTime")]
    return about


def _license(publishing: Publishing) -> _About:
    return {"dcterms:license": [Iri(publishing.license)]} if publishing.license else {}


def _contact(publishing: Publishing) -> _About:
    return {"dcat:contactPoint": [Iri(f"{publishing.base_url}/dcat#kontakt")]}
