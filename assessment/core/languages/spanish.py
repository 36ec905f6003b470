"""Spanish."""

from __future__ import annotations

from assessment.core.languages.language import Language, gone, phrases, words
from assessment.core.vocabulary import DamageType

SMALL = words(
    "el la los las lo un una unos unas al del de en a con por para y e o u que se es son está "
    "están hay ha han sido fue este esta estos estas ese esa esos esas todo toda todos todas cada "
    "algún alguno alguna algunos algunas donde desde sobre su sus cual cuales"
)

DAMAGE = {
    DamageType.TARPAULIN: """
        lona{,s}
        toldo{,s} azul{,es}
    """,
    DamageType.HAIL_IMPACT: """
        graniz{o,os,ada,adas,ado}
        pedrisco{,s}
    """,
    DamageType.CRACK: """
        griet{a,as,eado,eada,eados,eadas}
        agrietad{o,a,os,as}
        agrietamiento{,s}
        fisur{a,as,ado,ada,ados,adas}
        {grieta,fisura}{,s} capilar{,es}
        resquebrajad{o,a,os,as}
        rajad{o,a,os,as,ura,uras}
    """,
    DamageType.STAIN: """
        manch{a,as,ado,ada,ados,adas}
        mancha{,s} de {agua,humedad}
        mancha{,s} marr{ón,ones}
        humedad{,es}
        daño{,s} por agua
        daño{,s} de agua
        daño{,s} por el agua
        moho{,s,so,sa,sos,sas}
    """,
    DamageType.DENT: """
        abolladura{,s}
        abollad{o,a,os,as}
        bollo{,s}
        hundimiento{,s} en la chapa
    """,
    DamageType.BROKEN_GLASS: """
        {vidrio,cristal} roto
        {vidrios,cristales} rotos
        {ventana,ventanilla,luna,luneta} rota
        {ventanas,ventanillas,lunas,lunetas} rotas
        {vidrio,cristal,parabrisas} {quebrado,astillado,roto}
        {vidrios,cristales} {quebrados,astillados}
        {ventana,luna} quebrada
        {ventanas,lunas} quebradas
    """,
    DamageType.BURN: """
        quemad{o,a,os,as,ura,uras}
        chamuscad{o,a,os,as}
        carbonizad{o,a,os,as}
        calcinad{o,a,os,as}
        hollín
        daño{,s} por fuego
        daño{,s} por el fuego
        daño{,s} por incendio
    """,
    DamageType.DEBRIS: """
        escombro{,s}
        destruid{o,a,os,as}
        destrozad{o,a,os,as}
        restos de la tormenta
        daño{,s} por {tormenta,tormentas,temporal,viento,huracán,tornado}
        daño{,s} {por,de} la {tormenta,intemperie}
        daño{,s} del {temporal,viento,huracán,tornado}
        daño{,s} meteorológico{,s}
    """,
}
COVERINGS = """
    teja{,s}
    pizarra{,s}
    {tablilla,placa,panel}{,s,es}
    tejuela{,s}
    revestimiento{,s}
    cubierta de tejas
    {cumbrera,caballete}{,s}
"""
GONE = """
    falta{,n}
    faltante{,s}
    ausente{,s}
    {perdid,desprendid,arrancad,caíd,volad}{o,a,os,as}
"""
MATERIALS = """
    asfalto asfáltic{a,as,o,os} vinilo arcilla barro cerámic{a,as,o,os} pizarra madera cedro
    hormigón metal metálic{a,as,o,os} cemento aluminio plástico
"""
PLACES = """
    tejado cumbrera traser{a,as,o,os} delanter{a,as,o,os} lateral{,es} izquierd{a,as,o,os}
    derech{a,as,o,os} superior{,es} inferior{,es}
"""
HARMLESS = """
    placa{,s} perdida{,s}
"""
OTHERS = words(
    """
    más menos no sin ni junto izquierda derecha primer primera segund{o,a} tercer tercera
    últim{o,a} mayor menor cerca entre bajo debajo encima alrededor número placa etiqueta
    matrícula señal{,es} reparación reparaciones anterior{,es} tejado techo faldón casa vivienda{,s}
    pared{,es} ventana{,s} puerta{,s} coche{,s} vehículo parachoques teja{,s} rot{o,a,os,as}
    dañad{o,a,os,as} daño{,s} suelo mojad{o,a,os,as} azul{,es} negr{o,a,os,as} canalón canalones
    valla
    """
)

SPANISH = Language(
    tag="es",
    small=SMALL,
    negations=words("no sin ni ningún ninguna ninguno nunca intact{o,a,os,as}"),
    others=OTHERS,
    materials=words(MATERIALS),
    places=words(PLACES),
    damage={kind: phrases(lines, SMALL) for kind, lines in DAMAGE.items()}
    | {DamageType.MISSING_COVERING: gone(COVERINGS, GONE, SMALL)},
    harmless=phrases(HARMLESS, frozenset()),
)
