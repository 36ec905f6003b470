"""PDF/A-3a and PDF/UA-1 in one file.

WeasyPrint writes the identifier of one variant only. PDF/UA's own belongs inside the same RDF
element, and PDF/A (ISO 19005-3, 6.6.2.3) wants its schema described there as well.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

VARIANT = "pdf/a-3a"

UNIVERSAL_ACCESS = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
   <pdfaProperty:name>part</pdfaProperty:name>
   <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
   <pdfaProperty:category>internal</pdfaProperty:category>
   <pdfaProperty:description>Part of ISO 14289 followed</pdfaProperty:description>
  </rdf:li></rdf:Seq></pdfaSchema:property>
 </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


@contextmanager
def colour_profile_left_open() -> Iterator[None]:
    """Bear with WeasyPrint 70, which opens its sRGB profile and leaves closing it to Python."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014", ResourceWarning)
        yield


def declare_both(document: Any) -> None:
    """Let a rendered WeasyPrint document declare PDF/UA-1 beside its own variant."""
    written: Callable[[str, int, str | None], bytes] = document.metadata.generate_rdf_metadata

    def with_universal_access(variant: str, version: int, conformance: str | None) -> bytes:
        return written(variant, version, conformance).replace(
            b"</rdf:RDF>", UNIVERSAL_ACCESS + b"</rdf:RDF>"
        )

    document.metadata.generate_rdf_metadata = with_universal_access
