-- The messages that displays choose from for a runner.
--
-- Way back: migrations/README.md.

-- Of one show, or of every show that has none of its own. An empty condition asks for nothing.
CREATE TABLE message (
    id BLOB NOT NULL,
    partner_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    show_id BLOB,
    text TEXT NOT NULL,
    weight INTEGER NOT NULL,
    division TEXT NOT NULL,
    city TEXT NOT NULL,
    birthday INTEGER NOT NULL,
    first_timer INTEGER NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (id),
    CONSTRAINT message_id_is_uuid CHECK (length(id) = 16),
    CONSTRAINT message_event_fk FOREIGN KEY (partner_id, event_id)
        REFERENCES event (partner_id, id),
    CONSTRAINT message_show_fk FOREIGN KEY (partner_id, event_id, show_id)
        REFERENCES show (partner_id, event_id, id),
    CONSTRAINT message_birthday_is_truth CHECK (birthday IN (0, 1)),
    CONSTRAINT message_first_timer_is_truth CHECK (first_timer IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX message_by_event ON message (partner_id, event_id);
