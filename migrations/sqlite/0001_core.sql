-- The core path: partners, events, streams, points, rosters, displays, the journal of reads.
--
-- Ids are UUIDv7 in 16 bytes. Every partner's table carries partner_id, and every foreign key
-- between two of them carries it too, so that a row can never point at another partner's row.
-- Instants are microseconds since 1970; wall times are hundredths of a second as the device's
-- clock counts. Truth values are 0 and 1.

-- "GANT": says whose file this is before anything is written to it.
PRAGMA application_id = 1195462228;

-- Global.
CREATE TABLE partner (
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    CONSTRAINT partner_pk PRIMARY KEY (id),
    CONSTRAINT partner_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT partner_name_once UNIQUE (name_folded)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    name TEXT NOT NULL,
    date TEXT NOT NULL,
    timezone TEXT NOT NULL,
    bib_rule TEXT NOT NULL,
    CONSTRAINT event_pk PRIMARY KEY (id),
    CONSTRAINT event_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT event_of_partner UNIQUE (partner_id, id),
    CONSTRAINT event_partner_fk FOREIGN KEY (partner_id) REFERENCES partner (id),
    CONSTRAINT event_bib_rule_known CHECK (bib_rule IN ('auto', 'always'))
) STRICT, WITHOUT ROWID;

-- The key is the stream's short name inside the journal, where 16 bytes a read would add up.
CREATE TABLE stream (
    id BLOB NOT NULL,
    key INTEGER NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    protocol TEXT NOT NULL,
    port INTEGER,
    timezone TEXT,
    offset_ms INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    CONSTRAINT stream_pk PRIMARY KEY (id),
    CONSTRAINT stream_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT stream_key_once UNIQUE (key),
    CONSTRAINT stream_key_of_partner UNIQUE (partner_id, key),
    CONSTRAINT stream_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT stream_of_partner UNIQUE (partner_id, id),
    CONSTRAINT stream_name_once UNIQUE (partner_id, event_id, name_folded),
    CONSTRAINT stream_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT stream_port_is_port CHECK (port BETWEEN 1 AND 65535),
    CONSTRAINT stream_paused_is_truth CHECK (paused IN (0, 1))
) STRICT, WITHOUT ROWID;

-- A port of its own proves the partner, so no two running streams may share one.
CREATE UNIQUE INDEX stream_port_once ON stream (port) WHERE port IS NOT NULL AND paused = 0;

-- Where unclaimed connections on the shared listener go; one rule per protocol.
CREATE TABLE route_rule (
    protocol TEXT NOT NULL,
    partner_id BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    CONSTRAINT route_rule_pk PRIMARY KEY (protocol),
    CONSTRAINT route_rule_stream_fk FOREIGN KEY (partner_id, stream_id)
        REFERENCES stream (partner_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE timing_point (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT timing_point_pk PRIMARY KEY (id),
    CONSTRAINT timing_point_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT timing_point_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT timing_point_name_once UNIQUE (partner_id, event_id, name_folded),
    CONSTRAINT timing_point_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id)
) STRICT, WITHOUT ROWID;

-- The device's own text for a place, and the point it was mapped to at first sight.
CREATE TABLE stream_location (
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    location TEXT NOT NULL,
    point_id BLOB NOT NULL,
    CONSTRAINT stream_location_pk PRIMARY KEY (partner_id, stream_id, location),
    CONSTRAINT stream_location_stream_fk FOREIGN KEY (partner_id, event_id, stream_id)
        REFERENCES stream (partner_id, event_id, id),
    CONSTRAINT stream_location_point_fk FOREIGN KEY (partner_id, event_id, point_id)
        REFERENCES timing_point (partner_id, event_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE participant (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    bib TEXT NOT NULL,
    bib_folded TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    gender TEXT NOT NULL,
    age INTEGER,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    country TEXT NOT NULL,
    CONSTRAINT participant_pk PRIMARY KEY (id),
    CONSTRAINT participant_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT participant_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT participant_bib_once UNIQUE (partner_id, event_id, bib_folded),
    CONSTRAINT participant_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT participant_bib_not_empty CHECK (bib_folded <> '')
) STRICT, WITHOUT ROWID;

CREATE TABLE chip (
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    chip_folded TEXT NOT NULL,
    chip TEXT NOT NULL,
    participant_id BLOB NOT NULL,
    CONSTRAINT chip_pk PRIMARY KEY (partner_id, event_id, chip_folded),
    CONSTRAINT chip_participant_fk FOREIGN KEY (partner_id, event_id, participant_id)
        REFERENCES participant (partner_id, event_id, id),
    CONSTRAINT chip_not_empty CHECK (chip_folded <> '')
) STRICT, WITHOUT ROWID;

CREATE TABLE show (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    mode TEXT NOT NULL,
    template TEXT NOT NULL,
    stream_id BLOB NOT NULL,
    CONSTRAINT show_pk PRIMARY KEY (id),
    CONSTRAINT show_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT show_of_event UNIQUE (partner_id, event_id, id),
    CONSTRAINT show_stream_fk FOREIGN KEY (partner_id, event_id, stream_id)
        REFERENCES stream (partner_id, event_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE show_point (
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    show_id BLOB NOT NULL,
    point_id BLOB NOT NULL,
    CONSTRAINT show_point_pk PRIMARY KEY (partner_id, show_id, point_id),
    CONSTRAINT show_point_show_fk FOREIGN KEY (partner_id, event_id, show_id)
        REFERENCES show (partner_id, event_id, id),
    CONSTRAINT show_point_point_fk FOREIGN KEY (partner_id, event_id, point_id)
        REFERENCES timing_point (partner_id, event_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE display (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    show_id BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    CONSTRAINT display_pk PRIMARY KEY (id),
    CONSTRAINT display_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT display_of_partner UNIQUE (partner_id, id),
    CONSTRAINT display_show_fk FOREIGN KEY (partner_id, event_id, show_id)
        REFERENCES show (partner_id, event_id, id),
    CONSTRAINT display_ended_is_truth CHECK (ended IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Global: a code comes in before anybody knows whose it is.
CREATE TABLE display_code (
    code TEXT NOT NULL,
    partner_id BLOB NOT NULL,
    display_id BLOB NOT NULL,
    CONSTRAINT display_code_pk PRIMARY KEY (code),
    CONSTRAINT display_code_display_once UNIQUE (display_id),
    CONSTRAINT display_code_display_fk FOREIGN KEY (partner_id, display_id)
        REFERENCES display (partner_id, id)
) STRICT, WITHOUT ROWID;

-- A device's name for its connection, once instead of in every read. The empty name is that of
-- connections without one.
CREATE TABLE connection (
    key INTEGER NOT NULL,
    partner_id BLOB NOT NULL,
    stream_key INTEGER NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT connection_pk PRIMARY KEY (key),
    CONSTRAINT connection_name_once UNIQUE (stream_key, name),
    CONSTRAINT connection_of_stream UNIQUE (partner_id, stream_key, key),
    CONSTRAINT connection_stream_fk FOREIGN KEY (partner_id, stream_key)
        REFERENCES stream (partner_id, key)
) STRICT, WITHOUT ROWID;

-- The journal. Append-only. (node, position) has no gaps.
CREATE TABLE read (
    node INTEGER NOT NULL,
    position INTEGER NOT NULL,
    partner_id BLOB NOT NULL,
    stream_key INTEGER NOT NULL,
    connection_key INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    key_hash INTEGER NOT NULL,
    salt INTEGER NOT NULL,
    location TEXT NOT NULL,
    tag TEXT NOT NULL,
    reader TEXT NOT NULL,
    antenna TEXT NOT NULL,
    time_text TEXT NOT NULL,
    dated INTEGER NOT NULL,
    sequence INTEGER,
    occurrence TEXT NOT NULL,
    raw BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    late INTEGER NOT NULL,
    CONSTRAINT read_pk PRIMARY KEY (node, position),
    CONSTRAINT read_connection_fk FOREIGN KEY (partner_id, stream_key, connection_key)
        REFERENCES connection (partner_id, stream_key, key),
    CONSTRAINT read_kind_known CHECK (kind IN (0, 1))
) STRICT, WITHOUT ROWID;

-- What makes a read stored once (design, "Exactly once"): stream and time first, so that reads
-- that come together lie together; then a short hash of the rest, and a salt for the case that
-- two different reads of one hundredth share a hash.
CREATE UNIQUE INDEX read_once ON read (stream_key, wall, key_hash, salt);

-- The last read by arrival of each connection and location: what `start~location~last` needs.
CREATE TABLE resume_point (
    partner_id BLOB NOT NULL,
    stream_key INTEGER NOT NULL,
    connection_key INTEGER NOT NULL,
    location TEXT NOT NULL,
    sequence INTEGER,
    node INTEGER NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT resume_point_pk PRIMARY KEY (stream_key, connection_key, location),
    CONSTRAINT resume_point_connection_fk FOREIGN KEY (partner_id, stream_key, connection_key)
        REFERENCES connection (partner_id, stream_key, key)
) STRICT, WITHOUT ROWID;

-- Counted in the transaction of the reads, so that a total never needs a count over millions.
CREATE TABLE stream_count (
    partner_id BLOB NOT NULL,
    stream_key INTEGER NOT NULL,
    reads INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    late INTEGER NOT NULL,
    last_read_at INTEGER NOT NULL,
    CONSTRAINT stream_count_pk PRIMARY KEY (stream_key),
    CONSTRAINT stream_count_stream_fk FOREIGN KEY (partner_id, stream_key)
        REFERENCES stream (partner_id, key)
) STRICT, WITHOUT ROWID;

-- What the running server follows. Old rows are trimmed; a number never comes back.
CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    partner_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    CONSTRAINT change_partner_fk FOREIGN KEY (partner_id) REFERENCES partner (id)
) STRICT;

-- Global: lines whose partner is not proved.
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    peer TEXT NOT NULL,
    listener_port INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    raw BLOB NOT NULL
) STRICT;

CREATE INDEX quarantine_by_peer ON quarantine (peer, listener_port);
CREATE INDEX quarantine_by_age ON quarantine (received_at);

-- Lines past the caps of the quarantine: counted here and gone.
CREATE TABLE quarantine_dropped (
    peer TEXT NOT NULL,
    listener_port INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    CONSTRAINT quarantine_dropped_pk PRIMARY KEY (peer, listener_port)
) STRICT, WITHOUT ROWID;
