-- What a session needs in order to be renewed, listed and ended from elsewhere.
ALTER TABLE sessions ADD COLUMN cohort BLOB;
ALTER TABLE sessions ADD COLUMN access TEXT NOT NULL DEFAULT '{}';
ALTER TABLE sessions ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN lease_holder TEXT;
ALTER TABLE sessions ADD COLUMN lease_until INTEGER;

-- It was a part of the text that never changes; with renewal it does.
UPDATE sessions SET access = coalesce(json_extract(body, '$.access'), '{}');

CREATE INDEX sessions_by_cohort ON sessions (cohort) WHERE cohort IS NOT NULL;
DROP INDEX sessions_by_owner;
CREATE INDEX sessions_by_owner ON sessions (owner, last_used);

-- Texts that can be left once under a name, and taken once.
CREATE TABLE notes (
    name    BLOB    NOT NULL PRIMARY KEY,
    text    TEXT    NOT NULL,
    drop_at INTEGER NOT NULL
) STRICT;

CREATE INDEX notes_by_drop ON notes (drop_at);

-- What an owner chose; stays when the sessions end.
CREATE TABLE preferences (
    owner   BLOB    NOT NULL PRIMARY KEY,
    text    TEXT    NOT NULL,
    written INTEGER NOT NULL
) STRICT;
