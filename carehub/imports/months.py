"""Names of the months in the languages in which other programs write their exports."""

import unicodedata

_NAMES = {
    1: """
        january jan januar janvier janv enero ene gennaio gen janeiro januari leden styczeń
        stycznia sty января янв январь tammikuu tammi ocak januára
    """,
    2: """
        february feb februar februari février févr fév febrero febbraio fevereiro fev luty
        lutego lut февраля фев февраль helmikuu helmi şubat únor
    """,
    3: """
        march mar märz mrz mär mars marzo março maart mrt marzec marca марта мар март maaliskuu
        maalis mart březen
    """,
    4: """
        april apr avril avr abril abr aprile kwiecień kwietnia kwi апреля апр апрель huhtikuu
        huhti nisan duben
    """,
    5: """
        may mai mayo maggio mag maio mei maj maja мая май toukokuu touko may\u0131s květen
    """,
    6: """
        june jun juni juin junio giugno giu junho czerwiec czerwca cze июня июн июнь kesäkuu
        kesä haziran červen
    """,
    7: """
        july jul juli juillet juil julio luglio lug julho lipiec lipca lip июля июл июль
        heinäkuu heinä temmuz červenec
    """,
    8: """
        august aug août aoû agosto ago augustus augusti sierpień sierpnia sie августа авг август
        elokuu elo ağustos srpen
    """,
    9: """
        september sep sept septembre septiembre settembre set setembro wrzesień września wrz
        сентября сен сент сентябрь syyskuu syys eylül září
    """,
    10: """
        october oct oktober okt octobre octubre ottobre ott outubro out październik października
        paź октября окт октябрь lokakuu loka ekim říjen
    """,
    11: """
        november nov novembre noviembre novembro listopad listopada lis ноября ноя нояб ноябрь
        marraskuu marras kas\u0131m
    """,
    12: """
        december dec dezember dez décembre déc diciembre dic dicembre dezembro desember des
        grudzień grudnia gru декабря дек декабрь joulukuu joulu aral\u0131k prosinec
    """,
}

MONTHS: dict[str, int] = {
    unicodedata.normalize("NFKC", name).casefold(): number
    for number, names in _NAMES.items()
    for name in names.split()
}
"""Month numbers by name, case folded; a name that is not here is refused, never guessed."""
