-- sql/tables/outbox/outbox_notes.sql
-- What others want of the worker, who alone parks messages and closes lanes: he reads it
-- after their commit, so that nobody waits for anybody.
CREATE TABLE qutecart.outbox_notes (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wish text NOT NULL CHECK (wish IN ('unpark', 'hold', 'open')),
    lane bigint NOT NULL,
    key  text NOT NULL DEFAULT ''
);
COMMENT ON TABLE qutecart.outbox_notes IS
    'platform: wishes to the worker. unpark: messages of this lane and key were removed, see whose turn it is; hold: let nothing leave the lane; open: let it leave again, and forget its failures.';
ALTER TABLE qutecart.outbox_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE qutecart.outbox_notes FORCE ROW LEVEL SECURITY;
