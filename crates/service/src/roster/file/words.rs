//! What header cells mean by their words, in the languages and exports known here. Knows no values.
//!
//! Among them the exports of RunSignup, Race Roster, UltraSignup, ChronoTrack, RACE RESULT,
//! Webscorer, Copernico and Eventbrite, by the field names of their documents and public clients.

use super::fold::fold;
use std::{collections::HashMap, sync::LazyLock};

/// What a header cell says that its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Meaning {
    RegistrationId,
    Bib,
    /// A number of something; a bib where the values are all different.
    Number,
    /// An id of something; the registration's where the values are all different.
    Id,
    Chip,
    FirstName,
    LastName,
    FullName,
    /// "Name": a full name, a last name beside a first one, or the other way round.
    Name,
    Race,
    Wave,
    Division,
    /// A race or a division.
    Category,
    Team,
    BirthDate,
    Age,
    Gender,
    City,
    State,
    Country,
    Privacy,
    Public,
    Note,
    SayAs,
    /// How to reach somebody, health, money: nothing that a screen or an announcer needs.
    Contact,
    /// Known, and of no column of its own.
    Other,
}

/// A meaning, how good a word for it this one is (the least is the best), and whether it leaves no
/// doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub meaning: Meaning,
    pub order: usize,
    pub is_sure: bool,
}

use Meaning::{
    Age, Bib, BirthDate, Category, Chip, City, Contact, Country, Division, FirstName, FullName,
    Gender, Id, LastName, Name, Note, Number, Other, Privacy, Public, Race, RegistrationId, SayAs,
    State, Team, Wave,
};

/// Folded spellings, the best word for a meaning first.
const SURE: [(Meaning, &str); 24] = [
    (
        RegistrationId,
        "registrationid regid registrationnumber registrationno registrationnr registrationcode \
         regno regnumber registrantid registrantkey registrationkey anmeldenummer anmeldungsid \
         anmeldeid meldenummer meldungsid idinscription numeroinscription numerodinscription \
         idinscripcion numeroinscripcion numerodeinscripcion codigodeinscripcion idiscrizione \
         numeroiscrizione inschrijvingsid inschrijfnummer inschrijfid idinscricao numeroinscricao \
         numerodeinscricao entryid participantid uniqueparticipantid entrantid attendeeid \
         teilnehmerid deelnemerid confirmationnumber confirmationcode confirmationid ticketid \
         entryexternalid externalid athleteid runnerid",
    ),
    (
        Bib,
        "bib bibnumber bibno bibnr bibnum racebib bibassigned assignedbib assignedbibnumber \
         racebibnumber racebibno racenumber raceno racenr startnumber startno startnr startnummer \
         startnummern stnr stno runnernumber runnerno athletenumber competitornumber platenumber \
         plate numberplate dossard dossards numerodossard numerodedossard nodossard ndossard \
         dorsal dorsales numerodorsal numerodedorsal nrodorsal nodorsal ndorsal pettorale pettorali \
         numeropettorale numerodipettorale npettorale numerodigara numerogara rugnummer \
         borstnummer wedstrijdnummer peito numerodepeito numeropeito ndepeito npeito \
         numerstartowy startovnicislo assignednumber",
    ),
    (
        Chip,
        "chip chipid chipno chipnr chipnumber chipnum chipcode chipserial tag tagid tagno tagcode \
         tagnumber rfid rfidtag rfidcode epc transponder transponderid transpondernr \
         transpondernumber transpondercode timingchip timingchipid timingchipnumber timingtag \
         chipnummer puce numeropuce numerodepuce codepuce idchip numerochip numerodechip \
         codicechip sicard sinumber controlcard timingchipcode",
    ),
    (
        FirstName,
        "firstname first fname forename forenames givenname givennames given christianname vorname \
         vornamen rufname prenom prenoms nombres primernombre nombredepila voornaam roepnaam \
         primeironome nomeproprio fornavn fornamn etunimi imie jmeno",
    ),
    (
        LastName,
        "lastname last lname surname surnames familyname family secondname nachname familienname \
         zuname nomdefamille nomfamille patronyme apellidos apellido primerapellido cognome cognomi \
         achternaam familienaam sobrenome apelido apelidos ultimonome etternavn efternavn efternamn \
         sukunimi nazwisko prijmeni",
    ),
    (
        FullName,
        "fullname athletename runnername participantname displayname competitorname names \
         firstandlastname firstlastname firstlast surnamename lastfirst lastnamefirstname \
         lastnamefirst nombrecompleto nombreyapellidos nombreyapellido nombreapellidos apellidosynombre \
         apellidosnombre nomprenom nometprenom nomprenoms prenomnom prenometnom nomecognome \
         nomeecognome cognomenome cognomeenome volledigenaam nomecompleto namevorname \
         nachnamevorname vornamename vornamenachname vorundnachname vorundzuname namen athlete \
         runner participant competitor entrant sportler laufer teilnehmer deelnemer atleta coureur \
         corredor participante concorrente",
    ),
    (Name, "name nom nome nombre naam navn namn nimi"),
    (
        Race,
        "subevent subeventname race racename contest contestname racedistance distancename distance \
         coursename course eventdistance regchoice regchoicename event eventname tickettype \
         tickettypename ticketclass ticketclassname ticketname wettbewerb bewerb distanz strecke \
         epreuve epreuves parcours prueba carrera modalidad distancia recorrido gara distanza \
         percorso onderdeel wedstrijd afstand prova percurso corrida modalidade competition \
         lauf rennen evento",
    ),
    (
        Wave,
        "wave wavename startwave startingwave corral corralname startcorral startgroup \
         startinggroup startpen startgruppe startblock startwelle welle vague sas sasdedepart \
         vaguededepart oleada salida cajon cajondesalida ola onda griglia grigliadipartenza \
         startvak startgolf startgroep startpulje startled",
    ),
    (
        Division,
        "division divisionname agegroup agegroupname ageclass agecategory agedivision agecat \
         bracketname bracket primarybracket primarybracketname altersklasse ak altersgruppe \
         categoriedage trancheage tranchedage grupodeedad categoriadeedad categoriaeta fasciadeta \
         leeftijdscategorie leeftijdsgroep faixaetaria escalao divisao",
    ),
    (
        Team,
        "teamname team clubname club teamclub clubteam verein vereinsname mannschaft teamverein \
         vereinteam equipe nomequipe nomdelequipe equipo nombreequipo nombredelequipo squadra \
         nomesquadra societa ploeg ploegnaam vereniging teamnaam equipa clube nomedaequipe \
         nomedaequipa seura association",
    ),
    (
        BirthDate,
        "dateofbirth birthdate dob birthday birth born geburtsdatum geburtstag gebdatum gebdat \
         geboren datedenaissance datenaissance naissance neele fechadenacimiento fechanacimiento \
         fnacimiento nacimiento datadinascita datanascita nascita natoil geboortedatum \
         datadenascimento datanascimento nascimento fodselsdato fodelsedatum syntymaaika",
    ),
    (
        Age,
        "ageonraceday age raceage ageonracedate ageatevent ageonday ageonevent agerace alter \
         alteramtag edad eta leeftijd idade alder ika",
    ),
    (
        Gender,
        "gender sex gendersex sexgender mf fm mfx sexmf gendermf geschlecht sexe genre sexo genero \
         sesso genere geslacht kjonn kon sukupuoli plec pohlavi",
    ),
    (
        City,
        "city town cityname hometown homecity citytown municipality wohnort ort stadt ville commune \
         localite ciudad poblacion localidad municipio citta comune localita residenza woonplaats \
         plaats gemeente stad cidade localidade municipality poststed kommune",
    ),
    (
        State,
        "state stateprovince provincestate province prov region stateregion regionstate bundesland \
         kanton canton departement provincia comunidadautonoma regione provincie estado uf distrito",
    ),
    (
        Country,
        "country countryname countrycode land pays pais paese landcode maa nation nationality nat \
         nationalitat nationalite nacionalidad nazione nazionalita nationaliteit nacionalidade noc \
         ioc",
    ),
    (
        Privacy,
        "privacy private isprivate anonymous isanonymous anonym anonyme anonimo anoniem hidden hide \
         hidename hidemyname hidefromresults hideresults privateresult nameprivate donotpublish \
         anonymousresults anonymousregistration unlisted nonpublic privat prive privado privato",
    ),
    (
        Public,
        "ispublic publicprofile showname shownameinresults publishname publishresults \
         displaynamepublicly",
    ),
    (
        Note,
        "announcernotes announcernote announcer announcement notes note comments comment remarks \
         remark bio funfact notizen notiz bemerkung bemerkungen kommentar anmerkung remarque \
         remarques commentaire commentaires notas nota comentario comentarios observaciones commento \
         commenti osservazioni opmerking opmerkingen notitie observacao observacoes",
    ),
    (
        SayAs,
        "sayas sayitas pronunciation namepronunciation pronounce pronouncedas phonetic phoneticname \
         phonetics howtosay howtopronounce soundslike aussprache prononciation pronunciacion \
         pronuncia uitspraak",
    ),
    (
        Contact,
        "email emailaddress mail phone phonenumber mobile mobilephone cell cellphone telephone tel \
         address address1 address2 addressline1 addressline2 streetaddress street zip zipcode \
         postalcode postcode plz strasse adresse hausnummer telefon handy telefono movil direccion \
         codigopostal indirizzo cellulare adres telefoon telefone celular endereco cep codepostal \
         password ipaddress amountpaid racefee transactionid",
    ),
    (
        Other,
        "userid teamid eventid subeventid raceid waveid divisionid orderid bracketid regchoiceid \
         locationid organizationid entrystatus entrytype",
    ),
    (Number, "no nr number num numero nummer n nro numer"),
];

/// Words that have other meanings too.
const DOUBTFUL: [(Meaning, &str); 9] = [
    (
        Number,
        "participantnumber teilnehmernummer deelnemernummer numerodeparticipante entrynumber \
         entryno riderno ridernumber",
    ),
    (Id, "id uid uuid code barcode"),
    (
        Category,
        "category categoryname cat categorie categoria kategorie klasse class classname \
         categoryevent categoryrace",
    ),
    (
        Team,
        "company companyname school schoolname firma organisation organization affiliation lag \
         forening",
    ),
    (City, "location from home place1 residence suburb by"),
    (State, "st county"),
    (Gender, "mw wm hf hm"),
    (Wave, "heat pen block start group"),
    (Public, "public visible"),
];

/// Words before a name of a column that say whose it is.
const OWNERS: [&str; 17] = [
    "participant",
    "registrant",
    "athlete",
    "runner",
    "entrant",
    "attendee",
    "competitor",
    "racer",
    "entry",
    "user",
    "location",
    "results",
    "result",
    "rider",
    "address",
    "profile",
    "person",
];

static WORDS: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (is_sure, rows) in [(true, &SURE[..]), (false, &DOUBTFUL[..])] {
        for (meaning, spellings) in rows {
            for (order, spelling) in spellings.split_whitespace().enumerate() {
                let word = Word {
                    meaning: *meaning,
                    order,
                    is_sure,
                };
                words.entry(spelling).or_insert(word);
            }
        }
    }
    words
});

/// The meaning of a header cell, if its words are known.
pub(super) fn meaning_of(header: &str) -> Option<Meaning> {
    look_up(header).map(|word| word.meaning)
}

pub(super) fn look_up(header: &str) -> Option<Word> {
    if header.len() > 400 {
        return None;
    }
    let trimmed = header.trim();
    if matches!(trimmed, "#" | "№" | "Nº" | "N°") {
        return look_up("number");
    }
    let whole = fold(trimmed);
    let bare = fold(&without_brackets(trimmed));
    let bare = without_format(&bare);
    known(&whole)
        .or_else(|| known(bare))
        .or_else(|| numbered(bare))
        .or_else(|| owned(bare))
        .or_else(|| contact(bare))
        .or_else(|| in_two_languages(trimmed))
}

fn known(folded: &str) -> Option<Word> {
    WORDS.get(folded).copied()
}

/// "Chip 2", "Tag B" is a chip, as is "Transponder_1".
fn numbered(folded: &str) -> Option<Word> {
    let bare = folded.trim_end_matches(|sign: char| sign.is_ascii_digit());
    known(bare).filter(|word| word.meaning == Chip && bare.len() < folded.len())
}

fn owned(folded: &str) -> Option<Word> {
    let rest = OWNERS.iter().find_map(|owner| folded.strip_prefix(owner))?;
    // Two at most, as in `results_primary_bracket_name` or `entry_race_age`.
    known(rest).or_else(|| {
        let rest = OWNERS.iter().find_map(|owner| rest.strip_prefix(owner))?;
        known(rest)
    })
}

fn contact(folded: &str) -> Option<Word> {
    const PARTS: [&str; 10] = [
        "email",
        "phone",
        "emergency",
        "medical",
        "allerg",
        "telefon",
        "notfall",
        "urgence",
        "emergenc",
        "medication",
    ];
    let is_contact = PARTS.iter().any(|part| folded.contains(part));
    is_contact.then_some(Word {
        meaning: Contact,
        order: usize::MAX,
        is_sure: true,
    })
}

/// "Bib / Dossard", "Ville | City".
fn in_two_languages(header: &str) -> Option<Word> {
    let (first, second) = header.split_once(['/', '|'])?;
    let word = known(&fold(first)).or_else(|| known(&fold(second)))?;
    Some(Word {
        is_sure: false,
        ..word
    })
}

/// "DOB MM/DD/YYYY" is the DOB.
fn without_format(folded: &str) -> &str {
    const FORMATS: [&str; 10] = [
        "mmddyyyy", "ddmmyyyy", "yyyymmdd", "ttmmjjjj", "ddmmjjjj", "jjmmaaaa", "ddmmaaaa",
        "ggmmaaaa", "mmddyy", "ddmmyy",
    ];
    let bare = FORMATS
        .iter()
        .find_map(|format| folded.strip_suffix(format));
    bare.unwrap_or(folded)
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut bare = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(sign),
            _ => {}
        }
    }
    bare
}

/// Whether a full name under this header has the last name first, without a comma.
pub(super) fn is_last_name_first(header: &str) -> bool {
    const WORDS: [&str; 13] = [
        "lastfirst",
        "lastnamefirst",
        "lastnamefirstname",
        "apellidosynombre",
        "apellidosnombre",
        "nomprenom",
        "nometprenom",
        "nomprenoms",
        "cognomenome",
        "cognomeenome",
        "namevorname",
        "nachnamevorname",
        "surnamename",
    ];
    WORDS.contains(&fold(&without_brackets(header)).as_str())
}

/// The order that a header itself tells of its dates: "DOB (MM/DD/YYYY)", "Geboren TT.MM.JJJJ".
pub(super) fn told_day_first(header: &str) -> Option<bool> {
    let folded = fold(header);
    let has = |parts: &[&str]| parts.iter().any(|part| folded.contains(part));
    if has(&["ddmm", "ttmm", "jjmm", "ggmm"]) {
        Some(true)
    } else if has(&["mmdd"]) && !has(&["yyyymmdd", "jjjjmmdd"]) {
        Some(false)
    } else {
        None
    }
}
