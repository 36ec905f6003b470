"""French."""

from __future__ import annotations

from assessment.core.languages.language import Language, gone, phrases, words
from assessment.core.vocabulary import DamageType

SMALL = words(
    "le la les l un une des du de d à au aux en dans sur par pour avec et ou où qui que qu est "
    "sont a ont été il elle ils elles y ce cet cette ces c tout toute tous toutes chaque quelque "
    "quelques son sa ses leur leurs depuis dont s se"
)

DAMAGE = {
    DamageType.TARPAULIN: """
        bâche{,s}
        bâché{,e,s,es}
    """,
    DamageType.HAIL_IMPACT: """
        grêle{,s}
        grêlon{,s}
        grêlé{,e,s,es}
    """,
    DamageType.CRACK: """
        fissur{e,es,é,ée,és,ées,ation,ations}
        microfissure{,s}
        lézard{e,es,é,ée,és,ées}
        crevass{e,es,é,ée,és,ées}
        fêlur{e,es}
        fêlé{,e,s,es}
        craquelur{e,es}
        craquelé{,e,s,es}
    """,
    DamageType.STAIN: """
        tache{,s}
        taché{,e,s,es}
        tache{,s} d'{eau,humidité}
        tache{,s} brune{,s}
        auréole{,s}
        dégât{,s} des eaux
        dégât{,s} d'eau
        humidité
        moisissure{,s}
        moisi{,e,s,es}
    """,
    DamageType.DENT: """
        bosse{,s}
        bosselé{,e,s,es}
        cabossé{,e,s,es}
        enfoncement{,s}
        enfoncé{,e,s,es}
    """,
    DamageType.BROKEN_GLASS: """
        {vitre,fenêtre,glace,lunette} {cassée,brisée}
        {vitres,fenêtres,glaces,lunettes} {cassées,brisées}
        {verre,carreau,vitrage,parebrise,pare-brise} {cassé,brisé}
        {verres,carreaux,vitrages} {cassés,brisés}
        bris de {glace,verre,vitre}
    """,
    DamageType.BURN: """
        brûl{é,ée,és,ées,ure,ures}
        calciné{,e,s,es}
        carbonisé{,e,s,es}
        roussi{,e,s,es}
        suie{,s}
        dégât{,s} d'incendie
        dégât{,s} du feu
    """,
    DamageType.DEBRIS: """
        débris
        décombres
        gravats
        détruit{,e,s,es}
        dévasté{,e,s,es}
        {dégât,dommage}{,s} de {tempête,tempêtes,vent,tornade,ouragan}
        {dégât,dommage}{,s} {de la,dus à la} {tempête,tornade}
        {dégât,dommage}{,s} {du,dus au} {vent,temps}
        {dégât,dommage}{,s} de l'ouragan
        {dégât,dommage}{,s} {dus aux intempéries,des intempéries,météorologiques}
    """,
}
COVERINGS = """
    tuile{,s}{, de toit, du toit}
    ardoise{,s}{, de toit, du toit}
    bardeau{,x}
    bardage{,s}
    revêtement{,s}
    panneau{,x}
    lambris
    faîtière{,s}
"""
GONE = """
    manquant{,e,s,es}
    manque{,nt}
    absent{,e,s,es}
    {arraché,envolé,tombé}{,e,s,es}
    {perdu,disparu}{,e,s,es}
"""
MATERIALS = """
    asphalte bitume vinyle argile ardoise bois cèdre béton métal métallique{,s} ciment
    aluminium plastique
"""
PLACES = """
    arrière avant latéral{,e,es} latéraux gauche{,s} droit{,e,s,es} supérieur{,e,s,es}
    inférieur{,e,s,es} toit faîtage
"""
HARMLESS = """
    panneau{,x} tombé{,s}
"""
OTHERS = words(
    """
    plus moins pas ne n sans ni non près côté gauche droite premi{er,ère} deuxième second{,e}
    troisième derni{er,ère} entre sous autour numéro plaque étiquette immatriculation trace{,s}
    signe{,s} réparation{,s} ancienne{,s} antérieure{,s} toit toiture versant pan maison{,s} mur{,s}
    fenêtre{,s} porte{,s} portière{,s} voiture{,s} véhicule pare choc{,s} tuile{,s} bardeau{,x}
    cassé{,e,s,es} endommagé{,e,s,es} dégât{,s} sol mouillé{,e,s,es} bleu{,e,s,es} noir{,e,s,es}
    gouttière{,s} clôture
    """
)

FRENCH = Language(
    tag="fr",
    small=SMALL,
    negations=words("pas sans ni non aucun aucune jamais intact{,e,s,es}"),
    others=OTHERS,
    materials=words(MATERIALS),
    places=words(PLACES),
    damage={kind: phrases(lines, SMALL) for kind, lines in DAMAGE.items()}
    | {DamageType.MISSING_COVERING: gone(COVERINGS, GONE, SMALL)},
    harmless=phrases(HARMLESS, frozenset()),
)
