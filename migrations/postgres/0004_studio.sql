-- What race morning is run from: people and their logins, races with their courses, waves and
-- guns, the whole of a roster, marks that put reads aside, and what was done by whom.

-- People. A password is kept as the text that argon2 makes of it.
CREATE TABLE person (
    id UUID NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT COLLATE "C" NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT person_pk PRIMARY KEY (id),
    CONSTRAINT person_email_once UNIQUE (email_folded)
);

-- Who may do what for which partner.
CREATE TABLE membership (
    person_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    role TEXT NOT NULL,
    CONSTRAINT membership_pk PRIMARY KEY (person_id, partner_id),
    CONSTRAINT membership_person_fk FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT membership_partner_fk FOREIGN KEY (partner_id) REFERENCES partner (id),
    CONSTRAINT membership_role_known CHECK (role IN ('owner', 'director', 'viewer'))
);

-- Browsers that are logged in, and for which partner. The token itself is nowhere.
CREATE TABLE login (
    token_hash BYTEA NOT NULL,
    person_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT login_pk PRIMARY KEY (token_hash),
    CONSTRAINT login_membership_fk FOREIGN KEY (person_id, partner_id)
        REFERENCES membership (person_id, partner_id)
);

CREATE INDEX login_by_person ON login (person_id);

-- How the last roster file's columns were understood, as JSON; empty before the first. And the
-- instant before which the simulator's reads are put aside.
ALTER TABLE event ADD COLUMN archived BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE event ADD COLUMN roster_mapping TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN simulated_until BIGINT;

CREATE TABLE race (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    distance_m BIGINT NOT NULL,
    unit TEXT NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT race_pk PRIMARY KEY (id),
    CONSTRAINT race_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT race_name_once UNIQUE (partner_id, event_id, name_folded),
    CONSTRAINT race_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT race_unit_known CHECK (unit IN ('km', 'mi'))
);

-- A race's way past the points. One that is passed twice is there twice.
CREATE TABLE race_point (
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    race_id UUID NOT NULL,
    position BIGINT NOT NULL,
    point_id UUID NOT NULL,
    distance_m BIGINT,
    CONSTRAINT race_point_pk PRIMARY KEY (partner_id, race_id, position),
    CONSTRAINT race_point_race_fk FOREIGN KEY (partner_id, event_id, race_id)
        REFERENCES race (partner_id, event_id, id),
    CONSTRAINT race_point_point_fk FOREIGN KEY (partner_id, event_id, point_id)
        REFERENCES timing_point (partner_id, event_id, id)
);

-- An instant at which a race or a part of it was started. What a device said of it makes it the
-- same gun when it is sent again, also where somebody has taken it back since.
CREATE TABLE gun (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    name TEXT NOT NULL,
    fired_at BIGINT NOT NULL,
    source TEXT NOT NULL,
    device_key TEXT COLLATE "C",
    taken_back BOOLEAN NOT NULL,
    CONSTRAINT gun_pk PRIMARY KEY (id),
    CONSTRAINT gun_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT gun_of_device_once UNIQUE (partner_id, event_id, device_key),
    CONSTRAINT gun_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT gun_source_known CHECK (source IN ('device', 'studio', 'typed'))
);

-- Every race has one at least. The gun is the one that started it, once it has.
CREATE TABLE wave (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    race_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    scheduled_at BIGINT,
    gun_id UUID,
    CONSTRAINT wave_pk PRIMARY KEY (id),
    CONSTRAINT wave_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT wave_name_once UNIQUE (partner_id, race_id, name_folded),
    CONSTRAINT wave_race_fk FOREIGN KEY (partner_id, event_id, race_id)
        REFERENCES race (partner_id, event_id, id),
    CONSTRAINT wave_gun_fk FOREIGN KEY (partner_id, event_id, gun_id)
        REFERENCES gun (partner_id, event_id, id)
);

-- Reads at the point before that instant count for nothing.
CREATE TABLE zero_count (
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    point_id UUID NOT NULL,
    counts_from BIGINT NOT NULL,
    CONSTRAINT zero_count_pk PRIMARY KEY (partner_id, event_id, point_id),
    CONSTRAINT zero_count_point_fk FOREIGN KEY (partner_id, event_id, point_id)
        REFERENCES timing_point (partner_id, event_id, id)
);

-- Tags that are nobody's and are to be: from the first to the last, or one where they are equal.
CREATE TABLE ignored_tag (
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    first_folded TEXT COLLATE "C" NOT NULL,
    last_folded TEXT COLLATE "C" NOT NULL,
    CONSTRAINT ignored_tag_pk PRIMARY KEY (partner_id, event_id, first_folded, last_folded),
    CONSTRAINT ignored_tag_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id)
);

-- What was done, by whom, and with what: enough to undo it. No person is pointed at, as what
-- somebody did stays when they are gone. The deed that undid it is one of the same event.
CREATE TABLE deed (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    done_at BIGINT NOT NULL,
    done_by TEXT NOT NULL,
    summary TEXT NOT NULL,
    edits TEXT NOT NULL,
    undone_by UUID,
    CONSTRAINT deed_pk PRIMARY KEY (id),
    CONSTRAINT deed_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT deed_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id)
);

-- A bib may be missing where there is a registration.
ALTER TABLE participant ALTER COLUMN bib_folded DROP NOT NULL;
ALTER TABLE participant ADD COLUMN registration_id TEXT COLLATE "C";
ALTER TABLE participant ADD COLUMN wave_id UUID;
ALTER TABLE participant ADD COLUMN division TEXT NOT NULL DEFAULT '';
ALTER TABLE participant ADD COLUMN team TEXT NOT NULL DEFAULT '';
ALTER TABLE participant ADD COLUMN birth_date TEXT NOT NULL DEFAULT '';
ALTER TABLE participant ADD COLUMN private BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE participant ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE participant ADD COLUMN say_as TEXT NOT NULL DEFAULT '';
ALTER TABLE participant ADD COLUMN withdrawn BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE participant ADD COLUMN custom TEXT NOT NULL DEFAULT '{}';
ALTER TABLE participant ADD COLUMN hand_edited TEXT NOT NULL DEFAULT '';
ALTER TABLE participant ADD CONSTRAINT participant_registration_once
    UNIQUE (partner_id, event_id, registration_id);
ALTER TABLE participant ADD CONSTRAINT participant_wave_fk
    FOREIGN KEY (partner_id, event_id, wave_id) REFERENCES wave (partner_id, event_id, id);

-- A chip is somebody's from an instant on, 0 for always, and until one, or for ever.
ALTER TABLE chip ADD COLUMN valid_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE chip ADD COLUMN valid_to BIGINT;
ALTER TABLE chip DROP CONSTRAINT chip_pk;
ALTER TABLE chip ADD CONSTRAINT chip_pk
    PRIMARY KEY (partner_id, event_id, chip_folded, valid_from);
CREATE INDEX chip_by_participant ON chip (partner_id, participant_id);

ALTER TABLE display ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- One that was woken sleeps again 14 days after that.
ALTER TABLE stream ADD COLUMN archived BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE stream ADD COLUMN woken_at BIGINT;

-- Addresses that prove whose a connection to the shared listener is.
CREATE TABLE stream_address (
    partner_id UUID NOT NULL,
    stream_id UUID NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    CONSTRAINT stream_address_pk PRIMARY KEY (partner_id, stream_id, address),
    CONSTRAINT stream_address_stream_fk FOREIGN KEY (partner_id, stream_id)
        REFERENCES stream (partner_id, id)
);

-- Whether the simulator sent it.
ALTER TABLE read ADD COLUMN simulated BOOLEAN NOT NULL DEFAULT false;

DO $$
DECLARE
    own CONSTANT text :=
        'partner_id = (SELECT NULLIF(current_setting(''gantry.partner'', true), '''')::uuid)';
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'race', 'race_point', 'gun', 'wave', 'zero_count', 'ignored_tag', 'deed', 'stream_address'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own ON %I USING (%s) WITH CHECK (%s)', name, own, own);
    END LOOP;
END
$$;

-- Without walls:
-- person              belongs to no partner
-- membership, login   asked for before anybody knows for whom a browser speaks

GRANT SELECT, INSERT ON
    person, membership, login, race, race_point, gun, wave, zero_count, ignored_tag, deed,
    stream_address
    TO gantry_app;
GRANT UPDATE ON person, membership, login, race, gun, wave, zero_count TO gantry_app;
GRANT UPDATE (undone_by) ON deed TO gantry_app;
GRANT DELETE ON
    membership, login, race, race_point, wave, zero_count, ignored_tag, stream_address,
    participant, chip, timing_point, show_point
    TO gantry_app;
