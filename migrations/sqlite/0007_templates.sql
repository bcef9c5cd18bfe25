-- Templates that a partner's people make, their saved states, and which shows draw with one.
--
-- Way back: migrations/README.md.

-- What is worked on is the draft: its document as JSON, and a revision that goes up with every
-- save, so that nobody saves over what another has saved in between. `made_from` is a built-in one;
-- `accepted` are the warnings that somebody published it in spite of, as a list in JSON. How wide
-- the panel is that it is for, and from how far it is read, is known both or not at all.
CREATE TABLE template (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    name TEXT NOT NULL,
    made_from TEXT NOT NULL,
    archived INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    accepted TEXT NOT NULL DEFAULT '[]',
    panel_width_mm INTEGER,
    viewing_distance_mm INTEGER,
    document TEXT NOT NULL,
    CONSTRAINT template_pk PRIMARY KEY (id),
    CONSTRAINT template_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT template_of_partner UNIQUE (partner_id, id),
    CONSTRAINT template_partner_fk FOREIGN KEY (partner_id) REFERENCES partner (id),
    CONSTRAINT template_panel_whole
        CHECK ((panel_width_mm IS NULL) = (viewing_distance_mm IS NULL)),
    CONSTRAINT template_archived_is_truth CHECK (archived IN (0, 1))
) STRICT;

-- A saved state. Nothing of it but its name ever changes. `made_by` is who had it made, or whose
-- change it was kept before; no person is pointed at, as what was done stays when somebody goes.
CREATE TABLE template_version (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    template_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    origin TEXT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT template_version_pk PRIMARY KEY (id),
    CONSTRAINT template_version_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT template_version_of_partner UNIQUE (partner_id, id),
    CONSTRAINT template_version_number_once UNIQUE (partner_id, template_id, number),
    CONSTRAINT template_version_template_fk FOREIGN KEY (partner_id, template_id)
        REFERENCES template (partner_id, id),
    CONSTRAINT template_version_number_counts CHECK (number > 0),
    CONSTRAINT template_version_origin_known
        CHECK (origin IN ('published', 'named', 'automatic'))
) STRICT;

-- A show that draws with an own template. Its row in `show` then names the built-in one that the
-- template was made from, for a program that knows no others.
CREATE TABLE show_template (
    show_id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    version_id BLOB NOT NULL,
    CONSTRAINT show_template_pk PRIMARY KEY (show_id),
    CONSTRAINT show_template_show_fk FOREIGN KEY (partner_id, event_id, show_id)
        REFERENCES show (partner_id, event_id, id),
    CONSTRAINT show_template_version_fk FOREIGN KEY (partner_id, version_id)
        REFERENCES template_version (partner_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX show_template_by_version ON show_template (partner_id, version_id);
