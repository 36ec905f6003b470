"""The words of questions to the local engine that no other part of Eaves knows, by language."""

from __future__ import annotations

from collections.abc import Mapping

REQUESTS: Mapping[str, str] = {
    "en": "me please show find mark segment outline detect visible seen above",
    "es": (
        "me por favor muestr{a,e} mostrar busc{a,ar} busque encuentr{a,e} encontrar marc{a,ar} "
        "marque señal{a,e,ar} visible{,s} vist{o,a,os,as} arriba"
    ),
    "fr": (
        "me moi vous te il plaît montr{e,er,ez} cherch{e,er,ez} trouv{e,er,ez} marqu{e,er,ez} "
        "visible{,s} vu{,e,s,es} haut"
    ),
    "de": "mir bitte zeig{,e,en} find{e,en} such{,e,en} markier{e,en} sichtbar{,e,en,er,es} oben",
}
"""What people say when they ask for something, beside the small words of their language."""

PLACES: Mapping[str, str] = {
    "en": (
        "roof{,s} wall{,s} ceiling{,s} facade{,s} façade{,s} elevation{,s} slope{,s} home{,s} "
        "house{,s} building{,s} propert{y,ies} surface plaster stucco concrete masonry brickwork "
        "render photo picture image"
    ),
    "es": (
        "tejado{,s} techo{,s} cubierta{,s} pared{,es} muro{,s} fachada{,s} faldón faldones "
        "casa{,s} vivienda{,s} edificio{,s} propiedad{,es} superficie yeso estuco enlucido "
        "hormigón ladrillo mampostería foto imagen"
    ),
    "fr": (
        "toit{,s} toiture{,s} couverture mur{,s} plafond{,s} façade{,s} pan{,s} versant{,s} "
        "maison{,s} bâtiment{,s} propriété{,s} surface plâtre crépi enduit béton maçonnerie brique "
        "photo image"
    ),
    "de": (
        "dach dach{s,es} dächer{,n} dachfläche{,n} wand wände{,n} mauer{,n} decke{,n} fassade{,n} "
        "haus hauses häuser{,n} gebäude{,n} fläche oberfläche putz beton mauerwerk foto bild"
    ),
}
"""Places that a photo shows as a whole: naming them asks for nothing else."""

BLUE_TARPAULINS: Mapping[str, str] = {
    "en": "blue tarp{,s}\nblue tarpaulin{,s}",
    "es": "lona{,s} azul{,es}",
    "fr": "bâche{,s} bleue{,s}",
    "de": "blaue{,n,r} {,abdeck,not,schutz,gewebe}plane{,n}",
}
"""Those of another colour aren't found."""

SCRATCHES: Mapping[str, str] = {
    "en": "scratch{,es,ed}\nscrape{,s,d}\nscuff{,s,ed}",
    "es": "arañazo{,s}\nraya{,s}\nrayad{o,a,os,as}\nrayón\nrayones\nrozadura{,s}",
    "fr": "rayure{,s}\nrayé{,e,s,es}\nérafl{é,ée,és,ées,ure,ures}\ngriffure{,s}",
    "de": "{,lack}kratzer{,n}\n{,ver,zer}kratzt{,e,en,er,es}\nschramme{,n}\nschrammspur{,en}",
}
MOULD: Mapping[str, str] = {
    "en": "mould{,y}\nmold{,y}\nmildew",
    "es": "moho{,s,so,sa,sos,sas}",
    "fr": "moisissure{,s}\nmoisi{,e,s,es}",
    "de": "schimmel{,befall,fleck,flecken}",
}
RUST: Mapping[str, str] = {
    "en": "rust{,y,ed}\ncorrosion\ncorroded",
    "es": "óxido\noxidad{o,a,os,as}\ncorrosión",
    "fr": "rouille\nrouillé{,e,s,es}\ncorrosion",
    "de": "rost{,fleck,flecken}\nrostig{,e,en,er,es}\nverrostet{,e,en,er,es}\nkorrosion",
}
