//! What columns are taken for, and mappings that are kept.

use super::*;
use Column::*;

#[track_caller]
fn mapped(text: &str) -> Vec<Column> {
    let table = Table::read(text.as_bytes(), &mut unwatched).unwrap();
    let columns = table.mapping(None).columns;
    columns.into_iter().map(|column| column.column).collect()
}

fn custom(name: &str) -> Column {
    Custom(name.to_owned())
}

/// A file without rows, whose columns are told by their names alone.
#[track_caller]
fn check(header: &str, expected: &[Column]) {
    assert_eq!(mapped(header), expected, "{header:?}");
}

#[test]
fn exports_of_registration_systems_are_known() {
    // RunSignup: their race is the event, and their event the race.
    assert_eq!(
        mapped(
            "Race,Event,Registration ID,User ID,First Name,Middle Name,Last Name,Gender,\
             Date of Birth,Age,Email Address,Street Address,City,State,Zip Code,Country,Phone,\
             Bib,Chip,Team Name,Giveaway,T-Shirt Size\n\
             Harbor Lights,10K,7700123,44,Ada,,Quill,F,1/6/1986,40,a@example.org,2 Elm,Bath,ME,\
             04530,US,207,104,A1,Dawn,Mug,M\n\
             Harbor Lights,5K,7700124,45,Ben,,Tarn,M,1/7/1986,40,b@example.org,3 Elm,Bath,ME,\
             04530,US,208,105,A2,Dawn,Mug,M\n"
        ),
        [
            custom("Race"),
            Race,
            RegistrationId,
            custom("User ID"),
            FirstName,
            custom("Middle Name"),
            LastName,
            Gender,
            BirthDate,
            Age,
            Ignored,
            Ignored,
            City,
            State,
            Ignored,
            Country,
            Ignored,
            Bib,
            Chip(1),
            Team,
            custom("Giveaway"),
            custom("T-Shirt Size"),
        ]
    );
    // RunSignup, fields of its interface.
    check(
        "registration_id,event_id,bib_num,chip_num,age,team_name,user.first_name,user.last_name,\
         user.dob,user.gender,user.address.city",
        &[
            RegistrationId,
            custom("event_id"),
            Bib,
            Chip(1),
            Age,
            Team,
            FirstName,
            LastName,
            BirthDate,
            Gender,
            City,
        ],
    );
    // Race Roster.
    check(
        "Event,Sub-event,Participant ID,First name,Last name,Date of birth,Age,Gender,City,\
         Province/State,Country,Bib number,Chip number,Wave,Division,Team name,E-mail",
        &[
            custom("Event"),
            Race,
            RegistrationId,
            FirstName,
            LastName,
            BirthDate,
            Age,
            Gender,
            City,
            State,
            Country,
            Bib,
            Chip(1),
            Wave,
            Division,
            Team,
            Ignored,
        ],
    );
    check(
        "participantId,subEvent,firstName,lastName,dob,age,gender,bibNumber",
        &[
            RegistrationId,
            Race,
            FirstName,
            LastName,
            BirthDate,
            Age,
            Gender,
            Bib,
        ],
    );
    // UltraSignup: its results and its upload.
    check(
        "place,time,first,last,age,gender,state,bib,dob",
        &[
            custom("place"),
            custom("time"),
            FirstName,
            LastName,
            Age,
            Gender,
            State,
            Bib,
            BirthDate,
        ],
    );
    check(
        "participant_id,firstname,lastname,city,state,age,agegroup,gender,bib,runner_rank",
        &[
            RegistrationId,
            FirstName,
            LastName,
            City,
            State,
            Age,
            Division,
            Gender,
            Bib,
            custom("runner_rank"),
        ],
    );
    // ChronoTrack.
    check(
        "entry_id,entry_external_id,entry_bib,entry_status,entry_race_age,athlete_first_name,\
         athlete_last_name,athlete_sex,athlete_birthdate,location_city,location_region,\
         location_country,race_name,reg_choice_name,wave_name,bracket_name,team_name",
        &[
            RegistrationId,
            custom("entry_external_id"),
            Bib,
            custom("entry_status"),
            Age,
            FirstName,
            LastName,
            Gender,
            BirthDate,
            City,
            State,
            Country,
            Race,
            custom("reg_choice_name"),
            Wave,
            Division,
            Team,
        ],
    );
    check(
        "Bib,Tag,First Name,Last Name,Sex,Age,Race,Reg Choice,Wave,Team,Primary Bracket,Hometown",
        &[
            Bib,
            Chip(1),
            FirstName,
            LastName,
            Gender,
            Age,
            Race,
            custom("Reg Choice"),
            Wave,
            Team,
            Division,
            City,
        ],
    );
    // ACTIVEWorks, RACE RESULT, Copernico, Eventbrite.
    check(
        "First Name,Last Name,Gender,Date of Birth,State/Province,Registration ID,Bib Number",
        &[
            FirstName,
            LastName,
            Gender,
            BirthDate,
            State,
            RegistrationId,
            Bib,
        ],
    );
    check(
        "Bib,Name,Firstname,Lastname,Contest,Gender,Nationality,Transponder1,Transponder2",
        &[
            Bib,
            Ignored,
            FirstName,
            LastName,
            Race,
            Gender,
            Country,
            Chip(1),
            Chip(2),
        ],
    );
    check(
        "dorsal,name,surname,gender,birthdate,club,nationality,event",
        &[
            Bib, FirstName, LastName, Gender, BirthDate, Team, Country, Race,
        ],
    );
    check(
        "Attendee ID,First Name,Last Name,Ticket Type,Assigned Number",
        &[RegistrationId, FirstName, LastName, Race, Bib],
    );
}

#[test]
fn columns_are_known_in_seven_languages() {
    check(
        "Startnummer,Nachname,Vorname,Geschlecht,Geburtsdatum,Verein,Wohnort,Land,Strecke,AK",
        &[
            Bib, LastName, FirstName, Gender, BirthDate, Team, City, Country, Race, Division,
        ],
    );
    check(
        "Stnr.,Name,Vorname,Jahrgang",
        &[Bib, LastName, FirstName, custom("Jahrgang")],
    );
    check(
        "N° dossard,Nom,Prénom,Sexe,Né(e) le,Ville,Pays,Équipe,Épreuve,Puce",
        &[
            Bib,
            LastName,
            FirstName,
            Gender,
            BirthDate,
            City,
            Country,
            Team,
            Race,
            Chip(1),
        ],
    );
    check(
        "Dorsal,Nombre,Apellidos,Sexo,Fecha de nacimiento,Población,Provincia,País,Equipo,Carrera",
        &[
            Bib, FirstName, LastName, Gender, BirthDate, City, State, Country, Team, Race,
        ],
    );
    check(
        "Pettorale,Cognome,Nome,Sesso,Data di nascita,Città,Società,Gara",
        &[
            Bib, LastName, FirstName, Gender, BirthDate, City, Team, Race,
        ],
    );
    check(
        "Startnummer,Voornaam,Achternaam,Geslacht,Geboortedatum,Woonplaats,Afstand,Ploeg",
        &[
            Bib, FirstName, LastName, Gender, BirthDate, City, Race, Team,
        ],
    );
    check(
        "Peito,Nome completo,Género,Data de nascimento,Localidade,Equipa,Prova,Escalão",
        &[Bib, FullName, Gender, BirthDate, City, Team, Race, Division],
    );
}

#[test]
fn spelling_does_not_matter() {
    for bib in [
        "BIB",
        " bib ",
        "Bib #",
        "Bib No.",
        "bib_number",
        "BIB-NR",
        "Race Number",
        "\"B I B\"",
    ] {
        check(&format!("{bib},Name"), &[Bib, FullName]);
    }
    for birth in [
        "DOB",
        "D.O.B.",
        "Date of Birth (MM/DD/YYYY)",
        "Birth Date",
        "Athlete DOB",
    ] {
        check(&format!("Bib,Name,{birth}"), &[Bib, FullName, BirthDate]);
    }
    check("Bib,Name,M/F", &[Bib, FullName, Gender]);
    check("Bib / Dossard,Name", &[Bib, FullName]);
    check(
        "Bib,Name,Chip #1,Chip #2",
        &[Bib, FullName, Chip(1), Chip(2)],
    );
    check(
        "Bib,Name,Emergency Contact Name,Cell Phone",
        &[Bib, FullName, Ignored, Ignored],
    );
    check("Bib,Name,,", &[Bib, FullName, Ignored, Ignored]);
    check("Bib,Name,Name", &[Bib, FullName, custom("Name")]);
}

#[track_caller]
fn guess(text: &str, at: usize, expected: Column) {
    let table = Table::read(text.as_bytes(), &mut unwatched).unwrap();
    let mapping = table.mapping(None);
    let found = &mapping.columns[at];
    assert_eq!(
        (&found.column, found.confidence),
        (&expected, Confidence::Guess),
        "{text:?}"
    );
}

#[test]
fn values_help_where_words_do_not() {
    guess("Number,Name\n7,Ana Sol\n8,Bo Ek\n", 0, Bib);
    guess("#,Name\n7,Ana Sol\n8,Bo Ek\n", 0, Bib);
    guess("ID,Bib,Name\nx7,7,Ana Sol\nx8,8,Bo Ek\n", 0, RegistrationId);
    guess(
        "Bib,Name,Category\n7,Ana Sol,10K\n8,Bo Ek,Half Marathon\n",
        2,
        Race,
    );
    guess(
        "Bib,Name,Category\n7,Ana Sol,F 40-44\n8,Bo Ek,M 20-24\n",
        2,
        Division,
    );
    guess("Bib,Name,Q4\n7,Ana Sol,F\n8,Bo Ek,M\n", 2, Gender);
    guess(
        "Bib,Name,Q5\n7,Ana Sol,1960-01-01\n8,Bo Ek,2001-05-05\n",
        2,
        BirthDate,
    );
    // Words that the values deny.
    guess(
        "Bib,Name,Age\n7,Ana Sol,F4044\n8,Bo Ek,M2024\n",
        2,
        custom("Age"),
    );
    guess(
        "Bib,Name,Sex\n7,Ana Sol,Often\n8,Bo Ek,Rarely\n",
        2,
        custom("Sex"),
    );
    // A number that comes twice is no bib, dates of one year are not of births.
    let columns = mapped("Number,Bib,Name,Q5\n1,7,Ana Sol,2026-01-01\n1,8,Bo Ek,2026-05-05\n");
    assert_eq!(columns, [custom("Number"), Bib, FullName, custom("Q5")]);
    // Marks say nothing of anybody's gender, though a cell of a gender column may have one.
    let columns = mapped("Bib,Name,Elite\n7,Ana Sol,*\n8,Bo Ek,**\n");
    assert_eq!(columns, [Bib, FullName, custom("Elite")]);
    // "Public" is a consent only where it says yes and no.
    let columns = mapped("Bib,Name,Public\n7,Ana Sol,Adults\n8,Bo Ek,Kids\n");
    assert_eq!(columns, [Bib, FullName, custom("Public")]);
    let columns = mapped("Bib,Name,Public\n7,Ana Sol,yes\n8,Bo Ek,no\n");
    assert_eq!(columns, [Bib, FullName, Public]);
}

#[test]
fn a_mapping_is_remembered_by_names_and_not_by_order() {
    let first = Table::read(
        b"Bib,Name,Extra,Extra,Q1\n7,Ana Sol,a,b,c\n",
        &mut unwatched,
    )
    .unwrap();
    let mut mapping = first.mapping(None);
    mapping.columns[2].column = Team;
    mapping.columns[3].column = Note;
    mapping.columns[4].column = SayAs;
    mapping.date_order = Some(DateOrder::MonthFirst);
    let kept = serde_json::to_string(&mapping).unwrap();
    let kept: Mapping = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept, mapping);

    let second = b"Q 1,EXTRA,Club,extra,Name,Bib\nc,a,C,b,Ana Sol,7\n";
    let table = Table::read(second, &mut unwatched).unwrap();
    let applied = table.mapping(Some(&kept));
    let columns: Vec<_> = applied.columns.iter().map(|it| it.column.clone()).collect();
    assert_eq!(columns, [SayAs, Team, custom("Club"), Note, FullName, Bib]);
    assert_eq!(applied.date_order, Some(DateOrder::MonthFirst));
    let row = &table
        .people(applied, event_on(), &mut unwatched)
        .unwrap()
        .rows[0];
    assert_eq!(
        (row.team.as_str(), row.note.as_str(), row.say_as.as_str()),
        ("a", "b", "c")
    );
}

#[test]
fn two_columns_cannot_be_the_bib() {
    let table = Table::read(b"Bib,Name,Q1\n7,Ana Sol,c\n", &mut unwatched).unwrap();
    let mut mapping = table.mapping(None);
    mapping.columns[2].column = Bib;
    let error = table
        .people(mapping, event_on(), &mut unwatched)
        .unwrap_err();
    assert!(
        matches!(error, FileError::MappedTwice { what: "bib", .. }),
        "{error}"
    );
}
