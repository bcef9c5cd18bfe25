-- The messages that displays choose from for a runner.
--
-- Way back: migrations/README.md.

-- Of one show, or of every show that has none of its own. An empty condition asks for nothing.
CREATE TABLE message (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    show_id UUID,
    text TEXT NOT NULL,
    weight BIGINT NOT NULL,
    division TEXT NOT NULL,
    city TEXT NOT NULL,
    birthday BOOLEAN NOT NULL,
    first_timer BOOLEAN NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (id),
    CONSTRAINT message_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT message_show_fk FOREIGN KEY (partner_id, event_id, show_id)
        REFERENCES show (partner_id, event_id, id)
);

CREATE INDEX message_by_event ON message (partner_id, event_id);

ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE message FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON message
    USING (partner_id = (SELECT NULLIF(current_setting('gantry.partner', true), '')::uuid))
    WITH CHECK (partner_id = (SELECT NULLIF(current_setting('gantry.partner', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON message TO gantry_app;
