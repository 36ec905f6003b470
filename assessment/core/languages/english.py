"""English."""

from __future__ import annotations

from assessment.core.languages.language import Language, gone, phrases, words
from assessment.core.vocabulary import DamageType

SMALL = words(
    "a an the any all every each some this that these those there is are has have been was were "
    "which where of on in at to from with by and or for its"
)

DAMAGE = {
    DamageType.TARPAULIN: """
        tarp{,s,ed}
        tarpaulin{,s}
    """,
    DamageType.HAIL_IMPACT: """
        hail{,stone,stones,storm,storms}
    """,
    DamageType.CRACK: """
        crack{,s,ed,ing}
        hairline crack{,s}
        fissure{,s,d}
    """,
    DamageType.STAIN: """
        {,water ,brown }stain{,s,ed,ing}
        water damage{,d}
        water mark{,s}
        damp patch{,es}
        mould{,y}
        mold{,y}
        mildew
    """,
    DamageType.DENT: """
        dent{,s,ed,ing}
        door ding{,s}
    """,
    DamageType.BROKEN_GLASS: """
        {broken,shattered,smashed} {glass,glazing}
        {broken,shattered,smashed} window{,s}
        {broken,shattered,smashed} window pane{,s}
        {broken,shattered,smashed} windowpane{,s}
        {broken,shattered,smashed} pane{,s}
        {broken,shattered,smashed} {windscreen,windscreens,windshield,windshields}
        window{,s} broken
    """,
    DamageType.BURN: """
        burn{,s,ed,t,ing}
        char{red,ring}
        char {mark,marks,damage}
        scorch{,ed,ing}
        fire damage{,d}
        soot
    """,
    DamageType.DEBRIS: """
        {,storm }debris
        rubble
        wreckage
        destroyed
        destruction
        {weather,storm,wind,tornado,hurricane} damage{,d}
    """,
}
COVERINGS = """
    {,roof }{shingle,tile,slate,panel,board}{,s}
    {,roof }covering{,s}
    {ridge,hip} {cap,tile,shingle}{,s}
    shake{,s}
    siding{,s}
    cladding{,s}
"""
GONE = """
    missing
    lost
    {torn,blown} {off,away}
"""
MATERIALS = """
    asphalt vinyl clay slate wood{,en} cedar concrete metal steel composite aluminum fiber cement
    fiberglass plastic
"""
PLACES = """
    roof ridge rear front back side left right upper lower top bottom middle passenger driver wall
    window door
"""
HARMLESS = """
    stained {glass,wood,oak,cedar,pine,deck}
    {burnt,burned,burn} {orange,umber,sienna}
    burn {barrel,pit,pile,bin}{,s}
    wood burning
    {crown,base,bed,cove,panel,picture,trim} mold{,s}
    fleck of paint
"""
OTHERS = words(
    """
    most least more than not no without beside next left right lower upper first second third last
    nearest largest smallest whole only still near above below between under over under around
    number plate label sign signs earlier repair repairs repaired
    roof slope house home wall ceiling window door car vehicle bumper shingle{,s} tile{,s} siding
    broken bent torn wet black brown blue missing damage damaged floor room gutter{,s} fence
    """
)

ENGLISH = Language(
    tag="en",
    small=SMALL,
    negations=words("no not without non never undamaged intact"),
    others=OTHERS,
    materials=words(MATERIALS),
    places=words(PLACES),
    damage={kind: phrases(lines, SMALL) for kind, lines in DAMAGE.items()}
    | {DamageType.MISSING_COVERING: gone(COVERINGS, GONE, SMALL)},
    harmless=phrases(HARMLESS, frozenset()),
)
