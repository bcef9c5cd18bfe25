-- Templates that a partner's people make, their saved states, and which shows draw with one.
--
-- Way back: migrations/README.md.

-- What is worked on is the draft: its document as JSON, and a revision that goes up with every
-- save, so that nobody saves over what another has saved in between. `made_from` is a built-in one;
-- `accepted` are the warnings that somebody published it in spite of, as a list in JSON. How wide
-- the panel is that it is for, and from how far it is read, is known both or not at all.
CREATE TABLE template (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    name TEXT NOT NULL,
    made_from TEXT NOT NULL,
    archived BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    accepted TEXT NOT NULL DEFAULT '[]',
    panel_width_mm BIGINT,
    viewing_distance_mm BIGINT,
    document TEXT NOT NULL,
    CONSTRAINT template_pk PRIMARY KEY (id),
    CONSTRAINT template_of_partner UNIQUE (partner_id, id),
    CONSTRAINT template_partner_fk FOREIGN KEY (partner_id) REFERENCES partner (id),
    CONSTRAINT template_panel_whole
        CHECK ((panel_width_mm IS NULL) = (viewing_distance_mm IS NULL))
);

-- A saved state. Nothing of it but its name ever changes. `made_by` is who had it made, or whose
-- change it was kept before; no person is pointed at, as what was done stays when somebody goes.
CREATE TABLE template_version (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    template_id UUID NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT template_version_pk PRIMARY KEY (id),
    CONSTRAINT template_version_of_partner UNIQUE (partner_id, id),
    CONSTRAINT template_version_number_once UNIQUE (partner_id, template_id, number),
    CONSTRAINT template_version_template_fk FOREIGN KEY (partner_id, template_id)
        REFERENCES template (partner_id, id),
    CONSTRAINT template_version_number_counts CHECK (number > 0),
    CONSTRAINT template_version_origin_known
        CHECK (origin IN ('published', 'named', 'automatic'))
);

-- A show that draws with an own template. Its row in `show` then names the built-in one that the
-- template was made from, for a program that knows no others.
CREATE TABLE show_template (
    show_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    version_id UUID NOT NULL,
    CONSTRAINT show_template_pk PRIMARY KEY (show_id),
    CONSTRAINT show_template_show_fk FOREIGN KEY (partner_id, event_id, show_id)
        REFERENCES show (partner_id, event_id, id),
    CONSTRAINT show_template_version_fk FOREIGN KEY (partner_id, version_id)
        REFERENCES template_version (partner_id, id)
);

CREATE INDEX show_template_by_version ON show_template (partner_id, version_id);

ALTER TABLE template ENABLE ROW LEVEL SECURITY;
ALTER TABLE template FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON template
    USING (partner_id = (SELECT NULLIF(current_setting('gantry.partner', true), '')::uuid))
    WITH CHECK (partner_id = (SELECT NULLIF(current_setting('gantry.partner', true), '')::uuid));
ALTER TABLE template_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE template_version FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON template_version
    USING (partner_id = (SELECT NULLIF(current_setting('gantry.partner', true), '')::uuid))
    WITH CHECK (partner_id = (SELECT NULLIF(current_setting('gantry.partner', true), '')::uuid));
ALTER TABLE show_template ENABLE ROW LEVEL SECURITY;
ALTER TABLE show_template FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON show_template
    USING (partner_id = (SELECT NULLIF(current_setting('gantry.partner', true), '')::uuid))
    WITH CHECK (partner_id = (SELECT NULLIF(current_setting('gantry.partner', true), '')::uuid));
GRANT SELECT, INSERT ON template, template_version, show_template TO gantry_app;
GRANT UPDATE (name, archived, edited_at, revision, accepted, panel_width_mm, viewing_distance_mm,
              document) ON template TO gantry_app;
GRANT UPDATE (name) ON template_version TO gantry_app;
GRANT UPDATE (version_id) ON show_template TO gantry_app;
GRANT DELETE ON template_version, show_template TO gantry_app;
-- A show is bound to another stream while it runs.
GRANT UPDATE (stream_id) ON show TO gantry_app;
