-- What race morning is run from: people and their logins, races with their courses, waves and
-- guns, the whole of a roster, marks that put reads aside, and what was done by whom.

-- Global: people. A password is kept as the text that argon2 makes of it.
CREATE TABLE person (
    id BLOB NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT person_pk PRIMARY KEY (id),
    CONSTRAINT person_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT person_email_once UNIQUE (email_folded)
) STRICT, WITHOUT ROWID;

-- Global: who may do what for which partner.
CREATE TABLE membership (
    person_id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    role TEXT NOT NULL,
    CONSTRAINT membership_pk PRIMARY KEY (person_id, partner_id),
    CONSTRAINT membership_person_fk FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT membership_partner_fk FOREIGN KEY (partner_id) REFERENCES partner (id),
    CONSTRAINT membership_role_known CHECK (role IN ('owner', 'director', 'viewer'))
) STRICT, WITHOUT ROWID;

-- Global: browsers that are logged in, and for which partner. The token itself is nowhere.
CREATE TABLE login (
    token_hash BLOB NOT NULL,
    person_id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CONSTRAINT login_pk PRIMARY KEY (token_hash),
    CONSTRAINT login_membership_fk FOREIGN KEY (person_id, partner_id)
        REFERENCES membership (person_id, partner_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX login_by_person ON login (person_id);

-- How the last roster file's columns were understood, as JSON; empty before the first. And the
-- instant before which the simulator's reads are put aside.
ALTER TABLE event ADD COLUMN archived INTEGER NOT NULL DEFAULT 0
    CONSTRAINT event_archived_is_truth CHECK (archived IN (0, 1));
ALTER TABLE event ADD COLUMN roster_mapping TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN simulated_until INTEGER;

CREATE TABLE race (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    distance_m INTEGER NOT NULL,
    unit TEXT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT race_pk PRIMARY KEY (id),
    CONSTRAINT race_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT race_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT race_name_once UNIQUE (partner_id, event_id, name_folded),
    CONSTRAINT race_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT race_unit_known CHECK (unit IN ('km', 'mi'))
) STRICT, WITHOUT ROWID;

-- A race's way past the points. One that is passed twice is there twice.
CREATE TABLE race_point (
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    race_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    point_id BLOB NOT NULL,
    distance_m INTEGER,
    CONSTRAINT race_point_pk PRIMARY KEY (partner_id, race_id, position),
    CONSTRAINT race_point_race_fk FOREIGN KEY (partner_id, event_id, race_id)
        REFERENCES race (partner_id, event_id, id),
    CONSTRAINT race_point_point_fk FOREIGN KEY (partner_id, event_id, point_id)
        REFERENCES timing_point (partner_id, event_id, id)
) STRICT, WITHOUT ROWID;

-- An instant at which a race or a part of it was started. What a device said of it makes it the
-- same gun when it is sent again, also where somebody has taken it back since.
CREATE TABLE gun (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    name TEXT NOT NULL,
    fired_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    device_key TEXT,
    taken_back INTEGER NOT NULL,
    CONSTRAINT gun_pk PRIMARY KEY (id),
    CONSTRAINT gun_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT gun_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT gun_of_device_once UNIQUE (partner_id, event_id, device_key),
    CONSTRAINT gun_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT gun_source_known CHECK (source IN ('device', 'studio', 'typed')),
    CONSTRAINT gun_taken_back_is_truth CHECK (taken_back IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Every race has one at least. The gun is the one that started it, once it has.
CREATE TABLE wave (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    race_id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    position INTEGER NOT NULL,
    scheduled_at INTEGER,
    gun_id BLOB,
    CONSTRAINT wave_pk PRIMARY KEY (id),
    CONSTRAINT wave_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT wave_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT wave_name_once UNIQUE (partner_id, race_id, name_folded),
    CONSTRAINT wave_race_fk FOREIGN KEY (partner_id, event_id, race_id)
        REFERENCES race (partner_id, event_id, id),
    CONSTRAINT wave_gun_fk FOREIGN KEY (partner_id, event_id, gun_id)
        REFERENCES gun (partner_id, event_id, id)
) STRICT, WITHOUT ROWID;

-- Reads at the point before that instant count for nothing.
CREATE TABLE zero_count (
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    point_id BLOB NOT NULL,
    counts_from INTEGER NOT NULL,
    CONSTRAINT zero_count_pk PRIMARY KEY (partner_id, event_id, point_id),
    CONSTRAINT zero_count_point_fk FOREIGN KEY (partner_id, event_id, point_id)
        REFERENCES timing_point (partner_id, event_id, id)
) STRICT, WITHOUT ROWID;

-- Tags that are nobody's and are to be: from the first to the last, or one where they are equal.
CREATE TABLE ignored_tag (
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    first_folded TEXT NOT NULL,
    last_folded TEXT NOT NULL,
    CONSTRAINT ignored_tag_pk PRIMARY KEY (partner_id, event_id, first_folded, last_folded),
    CONSTRAINT ignored_tag_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id)
) STRICT, WITHOUT ROWID;

-- What was done, by whom, and with what: enough to undo it. No person is pointed at, as what
-- somebody did stays when they are gone. The deed that undid it is one of the same event.
CREATE TABLE deed (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    done_at INTEGER NOT NULL,
    done_by TEXT NOT NULL,
    summary TEXT NOT NULL,
    edits TEXT NOT NULL,
    undone_by BLOB,
    CONSTRAINT deed_pk PRIMARY KEY (id),
    CONSTRAINT deed_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT deed_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT deed_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id)
) STRICT, WITHOUT ROWID;

-- Participants and chips are made anew, as SQLite adds no foreign key to a table and alters no
-- primary key. A bib may be missing where there is a registration.
CREATE TABLE participant_new (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    bib TEXT NOT NULL,
    bib_folded TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    gender TEXT NOT NULL,
    age INTEGER,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    country TEXT NOT NULL,
    registration_id TEXT,
    wave_id BLOB,
    division TEXT NOT NULL DEFAULT '',
    team TEXT NOT NULL DEFAULT '',
    birth_date TEXT NOT NULL DEFAULT '',
    private INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    say_as TEXT NOT NULL DEFAULT '',
    withdrawn INTEGER NOT NULL DEFAULT 0,
    custom TEXT NOT NULL DEFAULT '{}',
    hand_edited TEXT NOT NULL DEFAULT '',
    CONSTRAINT participant_pk PRIMARY KEY (id),
    CONSTRAINT participant_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT participant_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT participant_bib_once UNIQUE (partner_id, event_id, bib_folded),
    CONSTRAINT participant_registration_once UNIQUE (partner_id, event_id, registration_id),
    CONSTRAINT participant_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT participant_wave_fk FOREIGN KEY (partner_id, event_id, wave_id)
        REFERENCES wave (partner_id, event_id, id),
    CONSTRAINT participant_bib_not_empty CHECK (bib_folded <> ''),
    CONSTRAINT participant_private_is_truth CHECK (private IN (0, 1)),
    CONSTRAINT participant_withdrawn_is_truth CHECK (withdrawn IN (0, 1))
) STRICT, WITHOUT ROWID;

INSERT INTO participant_new
    (id, partner_id, event_id, bib, bib_folded, first_name, last_name, gender, age, city, state,
     country)
SELECT id, partner_id, event_id, bib, bib_folded, first_name, last_name, gender, age, city, state,
       country
FROM participant;

-- A chip is somebody's from an instant on, 0 for always, and until one, or for ever.
CREATE TABLE chip_new (
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    chip_folded TEXT NOT NULL,
    chip TEXT NOT NULL,
    participant_id BLOB NOT NULL,
    valid_from INTEGER NOT NULL DEFAULT 0,
    valid_to INTEGER,
    CONSTRAINT chip_pk PRIMARY KEY (partner_id, event_id, chip_folded, valid_from),
    CONSTRAINT chip_participant_fk FOREIGN KEY (partner_id, event_id, participant_id)
        REFERENCES participant_new (partner_id, event_id, id),
    CONSTRAINT chip_not_empty CHECK (chip_folded <> '')
) STRICT, WITHOUT ROWID;

INSERT INTO chip_new (partner_id, event_id, chip_folded, chip, participant_id)
SELECT partner_id, event_id, chip_folded, chip, participant_id FROM chip;

DROP TABLE chip;
DROP TABLE participant;
ALTER TABLE participant_new RENAME TO participant;
ALTER TABLE chip_new RENAME TO chip;

CREATE INDEX chip_by_participant ON chip (partner_id, participant_id);

ALTER TABLE display ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- One that was woken sleeps again 14 days after that.
ALTER TABLE stream ADD COLUMN archived INTEGER NOT NULL DEFAULT 0
    CONSTRAINT stream_archived_is_truth CHECK (archived IN (0, 1));
ALTER TABLE stream ADD COLUMN woken_at INTEGER;

-- Addresses that prove whose a connection to the shared listener is.
CREATE TABLE stream_address (
    partner_id BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    address TEXT NOT NULL,
    CONSTRAINT stream_address_pk PRIMARY KEY (partner_id, stream_id, address),
    CONSTRAINT stream_address_stream_fk FOREIGN KEY (partner_id, stream_id)
        REFERENCES stream (partner_id, id)
) STRICT, WITHOUT ROWID;

-- Whether the simulator sent it.
ALTER TABLE read ADD COLUMN simulated INTEGER NOT NULL DEFAULT 0
    CONSTRAINT read_simulated_is_truth CHECK (simulated IN (0, 1));
