"""A few resources written as RDF/XML or Turtle. Pure: the same statements in both, everything escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Iri:
    """An address of something."""

    value: str


@dataclass(frozen=True)
class Literal:
    """A text, in Swedish unless it has a type (a prefixed name)."""

    value: str
    type: str = ""


@dataclass(frozen=True)
class Resource:
    """Something with an address, a type (prefixed name) and statements (prefixed name → values)."""

    iri: str
    type: str
    about: Mapping[str, Iterable[Iri | Literal]]


def to_xml(resources: Iterable[Resource]) -> str:
    """RDF/XML."""
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in PREFIXES.items())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<rdf:RDF {spaces}>"]
    for resource in resources:
        lines.append(f"  <{resource.type} rdf:about={quoteattr(resource.iri)}>")
        lines += [f"    {_element(name, value)}" for name, values in resource.about.items() for value in values]
        lines.append(f"  </{resource.type}>")
    return "\n".join([*lines, "</rdf:RDF>", ""])


def to_turtle(resources: Iterable[Resource]) -> str:
    """Turtle."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    for resource in resources:
        said = [f"{name} {_term(value)}" for name, values in resource.about.items() for value in values]
        lines += ["", f"{_term(Iri(resource.iri))} a {resource.type} ;", "    " + " ;\n    ".join(said) + " ."]
    return "\n".join([*lines, ""])


def _element(name: str, value: Iri | Literal) -> str:
    if isinstance(value, Iri):
        return f"<{name} rdf:resource={quoteattr(value.value)}/>"
    kind = f'rdf:datatype="{_full(value.type)}"' if value.type else 'xml:lang="sv"'
    return f"<{name} {kind}>{escape(value.value)}</{name}>"


def _term(value: Iri | Literal) -> str:
    if isinstance(value, Iri):
        unsafe = '<>"{}|^`\\ \n'
        return "<" + "".join(f"%{ord(c):02X}" if c in unsafe else c for c in value.value) + ">"
    text = json.dumps(value.value, ensure_ascii=False)  # Turtle's short strings are escaped as JSON's
    return f"{text}^^{value.type}" if value.type else f"{text}@sv"


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
