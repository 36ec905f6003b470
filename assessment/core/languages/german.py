"""German. It writes compounds as one word, so that they are listed: "Umriss" is no crack."""

from __future__ import annotations

from assessment.core.languages.language import Language, gone, phrases, words
from assessment.core.vocabulary import DamageType

SMALL = words(
    "der die das den dem des ein eine einen einem einer eines und oder in im an am auf aus von vom "
    "zu zum zur mit bei beim durch für wo welche welcher welches sind ist war wurde wurden wird "
    "werden hat haben es gibt alle alles aller jede jeder jedes jeden diese dieser dieses diesen "
    "einige sich deren dessen"
)

DAMAGE = {
    DamageType.TARPAULIN: """
        {abdeck,not,schutz,dach,gewebe}plane{,n}
        blaue{,n,r} plane{,n}
        plane{,n} blau
    """,
    DamageType.HAIL_IMPACT: """
        {,ver}hagel{,t,te,ten,s}
        hagel{schaden,schadens,schäden,korn,körner,körnern,schlag,schlags,sturm}
        hagel{einschlag,einschläge,einschlägen,treffer,treffern,delle,dellen,beule,beulen}
        hagel{spur,spuren,geschädigt,geschädigte,geschädigten}
    """,
    DamageType.CRACK: """
        {,haar,mauer,putz,wand,decken,setz,beton,glas,fassaden,spannungs,schwind,mauerwerks}riss{,e,en,es}
        feine{,n,r} riss{,e,en}
        gerissen{,e,en,er,es}
        rissig{,e,en,er,es}
        {,rissbildung,haarrissbildung}
        glassprung
    """,
    DamageType.STAIN: """
        fleck{,e,en}
        {wasser,feuchte,feuchtigkeits,schimmel,stock,rost}fleck{,e,en,s}
        braune{,n,r} fleck{,e,en}
        feuchte{,n,r} fleck{,e,en}
        fleckig{,e,en,er,es}
        wasser{schaden,schadens,schäden,rand,ränder,rändern}
        feuchte stelle{,n}
        feuchten stellen
        schimmel{,befall}
        verfärbung{,en}
    """,
    DamageType.DENT: """
        {,park,blech}delle{,n}
        {,blech}beule{,n}
        {verbeult,eingedellt,eingebeult,eingedrückt}{,e,en,er,es}
    """,
    DamageType.BROKEN_GLASS: """
        {,fenster,auto,tür}glasbruch
        glasschaden
        glasschäden
        glasscherbe{,n}
        {zerbrochen,kaputt,zersplittert,gesprungen}e{,n,r,s} {,fenster}glas
        {zerbrochen,kaputt,zersplittert,gesprungen}e{,n,s} fenster{,n}
        {zerbrochen,kaputt,zersplittert,gesprungen}e{,n} {,fenster,windschutz}scheibe{,n}
        {scheibe,scheiben,fenster} {zerbrochen,kaputt,zersplittert}
    """,
    DamageType.BURN: """
        {verbrannt,angebrannt,verkohlt,versengt,verrußt}{,e,en,er,es}
        brand{schaden,schadens,schäden,spur,spuren,fleck,flecken,stelle,stellen,loch,löcher}
        verbrennung{,en}
        feuerschaden
        feuerschäden
        ruß
        rußspuren
    """,
    DamageType.DEBRIS: """
        {,bau,dach}trümmer{,n}
        {,bau}schutt
        zerstört{,e,en,er,es}
        {sturm,unwetter,wind,wetter,orkan,tornado,hurrikan}{schaden,schadens,schäden}
        {sturm,unwetter}geschädigt{,e,en,er,es}
    """,
}
COVERINGS = """
    {,dach,ton,beton,first}ziegel{,n}
    {,dach}pfanne{,n}
    {,dach,bitumen,asphalt,holz,first}schindel{,n}
    dachstein{,e,en}
    schieferplatte{,n}
    {fassaden,verkleidungs}{platte,platten,brett,bretter}
    verkleidung{,en}
    {dach,}eindeckung
"""
GONE = """
    fehlend{,e,en,er,es}
    fehl{t,en}
    {abgerissen,weggeweht,abgedeckt,heruntergefallen,abgefallen,verloren}{,e,en,er,es}
"""
MATERIALS = """
    asphalt bitumen vinyl ton holz zedern beton metall schiefer zement kunststoff aluminium
    {hölzern,tönern,metallen}{e,en,er,es}
"""
PLACES = """
    {hinter,vorder,seitlich,link,recht,ober,unter}{e,en,er,es} hinten vorn
"""
OTHERS = words(
    """
    meisten mehr weniger nicht kein keine ohne neben links rechts link{e,en,er,es} recht{e,en,er,es}
    erst{e,en,er,es} zweit{e,en,er,es} dritt{e,en,er,es} letzt{e,en,er,es} zwischen unter um nahe
    hausnummer kennzeichen etikett typenschild zähler spuren früher{e,en,er,es} reparatur{,en}
    dach dachfläche haus häuser wand wände decke fenster{,n} tür{,en} auto fahrzeug stoßstange
    beschädigt{,e,en,er,es} am schaden schäden boden nass{e,en,er,es} blau{e,en,er,es}
    schwarz{e,en,er,es} dachrinne{,n} zaun ziegel schindeln
    """
)

GERMAN = Language(
    tag="de",
    small=SMALL,
    negations=words(
        "nicht kein keine keinen keinem keiner keines ohne nie "
        "{unbeschädigt,unversehrt,intakt}{,e,en,er,es}"
    ),
    others=OTHERS,
    materials=words(MATERIALS),
    places=words(PLACES),
    damage={kind: phrases(lines, SMALL) for kind, lines in DAMAGE.items()}
    | {DamageType.MISSING_COVERING: gone(COVERINGS, GONE, SMALL)},
    harmless=frozenset(),
)
