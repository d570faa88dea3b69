"""Teams' report since 2022: who stands in which section, in which language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cecert.domain.evidence.export_people import people_seen

Read = Callable[..., Any]


def local(day: int, hour: int, minute: int) -> datetime:
    return datetime(2020, 10, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


GERMAN = """\
1. Zusammenfassung
Besprechungstitel\tMBT
Startzeit\t22.10.20, 13:00:00
Endzeit\t22.10.20, 16:15:00

2. Teilnehmer
Name\tErster Beitritt\tLetztes Verlassen\tDauer der Besprechung\tE-Mail\tTeilnehmer-ID (UPN)\tRolle
Ana Ruiz\t22.10.20, 13:01:00\t22.10.20, 16:15:00\t3 Std. 14 Min.\tana@example.org\t\tTeilnehmer
Bo Lee\t22.10.20, 13:01:00\t22.10.20, 16:00:00\t2 Std. 59 Min.\t\tbo@guest.test\tTeilnehmer
Cy Day\t22.10.20, 13:01:00\t22.10.20, 16:10:00\t3 Std. 9 Min.\t\t\tTeilnehmer

3. Aktivitäten in der Besprechung
{header}
Ana Ruiz\t22.10.20, 13:01:00\t22.10.20, 15:00:00\t1 Std. 59 Min.\tana@example.org\tTeilnehmer
Ana Ruiz\t22.10.20, 15:01:00\t22.10.20, 16:15:00\t1 Std. 14 Min.\tana@example.org\tTeilnehmer
Unbekannt\t22.10.20, 13:01:00\t22.10.20, 16:10:00\t3 Std. 9 Min.\t\tTeilnehmer
Dee Fox\t22.10.20, 13:02:00\t22.10.20, 16:00:00\t2 Std. 58 Min.\tdee@example.org\tTeilnehmer
"""


def test_who_stands_only_in_section_2_is_known_by_the_account_and_has_one_segment(
    read: Read,
) -> None:
    # Others joined and left at the same seconds; they are others all the same. Only who has
    # both of them, and no row of its own in section 2, is the same under another name.
    found = read(GERMAN.format(header="Name\tBeitreten\tVerlassen\tDauer\tE-Mail\tRolle"))
    assert not [each for each in found.facts.notes if "language" in each]
    assert found.facts.columns_used[1:3] == ("Beitreten", "Verlassen")
    people = {each.key: each for each in people_seen(found, ZoneInfo("Europe/Berlin"))}
    assert people.keys() == {
        "mailto:ana@example.org", "mailto:bo@guest.test", "mailto:dee@example.org",
        "name:unbekannt",
    }  # fmt: skip
    bo = people["mailto:bo@guest.test"]
    assert (bo.segments, bo.emails) == (1, ("bo@guest.test",))
    assert bo.flags == ("only_in_summary_section_upper_bound",)
    assert (bo.first_join, bo.last_leave) == (local(22, 13, 1), local(22, 16, 0))
    assert (bo.total_seconds, people["mailto:ana@example.org"].segments) == (10_740, 2)


@pytest.mark.parametrize(
    ("joined", "left"),
    [
        ("Beitreten", "Verlassen"), ("Beitrittszeit", "Verlassenzeit"), ("Rejoindre", "Quitter"),
        ("Heure d\u2019arrivée", "Heure de départ"), ("Unirse", "Salir"),
        ("Hora de unión", "Hora de salida"), ("Ingressar", "Sair"),
        ("Horário de Entrada", "Horário de Saída"), ("Entrada", "Saída"),
        ("Beitrittszeit", "Verlassenszeit"), ("Uhrzeit des Beitritts", "Uhrzeit des Verlassens"),
        ("Heure de jonction", "Heure de fin"), ("Hora a la que se unió", "Hora a la que salió"),
        ("Hora de incorporación", "Hora de abandono"), ("Horário de Ingresso", "Horário de Saída"),
        ("Hora de Ingresso", "Hora de Saída"), ("Hora de adesão", "Hora de saída"),
    ],
)  # fmt: skip
def test_teams_words_for_joining_and_leaving_are_known(read: Read, joined: str, left: str) -> None:
    # Turned round: only a header that is known by name is not read in Teams' order.
    text = GERMAN.format(header=f"Name\t{left}\t{joined}\tDauer\tE-Mail\tRolle")
    times = re.compile("\t(22[^\t]*)\t(22[^\t]*)(?=\t[^\n]*\n)")
    head, activities = text.split("\n3. ")
    found = read(f"{head}\n3. " + times.sub("\t\\2\t\\1", activities))
    assert not [each for each in found.facts.notes if "language" in each]
    assert found.connections[0].join == local(22, 13, 1)


WEBINAR = """\
1. Summary
Start time\t10/22/20, 1:00:00 PM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\t{columns}
Tobi\t10/22/20, 1:00:00 PM\t10/22/20, 2:00:00 PM\t1h\tt@home.test\t\tx\tTobias\tLee\tt@example.org
Guest\t10/22/20, 1:00:00 PM\t10/22/20, 2:01:00 PM\t1h\t\t\tx\tAna\tRuiz\tana@example.org
Guest\t10/22/20, 1:00:00 PM\t10/22/20, 2:02:00 PM\t1h\t\t\tx\tBo\tDay\tbo@example.org

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Tobi\t10/22/20, 1:00:00 PM\t10/22/20, 2:00:00 PM\t1h\tt@home.test\tx
Guest\t10/22/20, 1:00:00 PM\t10/22/20, 2:01:00 PM\t1h\t\tx
Guest\t10/22/20, 1:00:00 PM\t10/22/20, 2:02:00 PM\t1h\t\tx
"""


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ("Registration First Name\tRegistration Last Name\tRegistration Email", ("Tobias Lee",)),
        ("Foo\tBar\tE-Mail der Registrierung", ()),
    ],
)
def test_a_webinars_registration_stands_beside_its_connections(
    read: Read, columns: str, names: tuple[str, ...]
) -> None:
    tobi, *guests = read(WEBINAR.format(columns=columns)).connections
    assert (tobi.email, tobi.further_emails) == ("t@home.test", ("t@example.org",))
    assert tobi.further_names == names
    # Two guests are called so, and no row of theirs says which of the two it is.
    for each in guests:
        assert (each.further_emails, each.account) == ((), "")
        assert each.possible_emails == ("ana@example.org", "bo@example.org")


@pytest.mark.parametrize("called", ["Correo", "Adresse de messagerie", "Endereço de e-mail", "Xyz"])
def test_an_address_column_of_any_name_identifies_and_finds_its_row_of_section_2(
    read: Read, called: str
) -> None:
    text = GERMAN.format(header=f"Name\tBeitreten\tVerlassen\tDauer\t{called}\tRolle")
    text = text.replace("\tE-Mail\tTeilnehmer-ID (UPN)", f"\t{called}\tQrs")
    found = read(text)
    emails = [each.email for each in found.connections]
    assert emails == [
        "ana@example.org", "ana@example.org", "", "dee@example.org", "bo@guest.test",
    ]  # fmt: skip
    assert found.connections[-1].account == "bo@guest.test"


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt"])
def test_registration_address_and_account_identify_in_every_language(
    read: Read, language: str
) -> None:
    first, last, email, upn, called = {
        "de": ("Erster Beitritt", "Letztes Verlassen", "E-Mail", "Teilnehmer-ID (UPN)",
               "Anmeldung"),
        "fr": ("Première participation", "Dernier départ", "E-mail", "ID de participant (UPN)",
               "Inscription"),
        "es": ("Primera unión", "Última salida", "Correo electrónico",
               "Identificador del participante (UPN)", "Registro"),
        "pt": ("Primeiro ingresso", "Última saída", "E-mail", "ID do Participante (UPN)",
               "Inscrição"),
    }[language]  # fmt: skip
    header = f"Name\t{first}\t{last}\tX\t{email}\t{upn}\tRole\tA\tB\t{called}"
    people = WEBINAR.format(columns="A\tB\tC").split("\n")
    people[4] = header
    people[5] = people[5].replace("t@home.test\t\t", "t@home.test\tt@uni.example\t")
    tobi, *_ = read("\n".join(people)).connections
    assert (tobi.email, tobi.account, tobi.further_emails) == (
        "t@home.test", "t@uni.example", ("t@example.org",),
    )  # fmt: skip
