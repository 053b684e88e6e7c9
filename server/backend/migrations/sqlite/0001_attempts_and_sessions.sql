-- Attempts: one row from the click to an hour after the outcome.
CREATE TABLE attempts (
    -- Order of arrival; times in seconds are too coarse to say which of two is older.
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    id       TEXT    NOT NULL UNIQUE,
    lookup   BLOB    NOT NULL UNIQUE,
    owner    BLOB    NOT NULL,
    stage    TEXT    NOT NULL,
    misses   INTEGER NOT NULL DEFAULT 0,
    created  INTEGER NOT NULL,
    expires  INTEGER NOT NULL,
    drop_at  INTEGER NOT NULL,
    lasting  TEXT    NOT NULL,
    passing  TEXT,
    claim    TEXT,
    outcome  TEXT
) STRICT;

CREATE INDEX attempts_live ON attempts (expires) WHERE stage <> 'closed';
CREATE INDEX attempts_by_owner ON attempts (owner) WHERE stage <> 'closed';
CREATE INDEX attempts_by_drop ON attempts (drop_at);

CREATE TABLE sessions (
    key          TEXT    NOT NULL PRIMARY KEY,
    owner        BLOB    NOT NULL,
    body         TEXT    NOT NULL,
    profile      TEXT    NOT NULL,
    sealed       TEXT    NOT NULL,
    created      INTEGER NOT NULL,
    last_used    INTEGER NOT NULL,
    idle_end     INTEGER NOT NULL,
    absolute_end INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_owner ON sessions (owner);
CREATE INDEX sessions_by_idle_end ON sessions (idle_end);
CREATE INDEX sessions_by_absolute_end ON sessions (absolute_end);

-- The ids of a session. An ended id has no session any more: its reason alone stays, until drop_at.
CREATE TABLE session_ids (
    hash        BLOB    NOT NULL PRIMARY KEY,
    session_key TEXT    REFERENCES sessions (key) ON DELETE CASCADE,
    present_by  INTEGER,
    ended       TEXT,
    drop_at     INTEGER
) STRICT;

CREATE INDEX session_ids_by_session ON session_ids (session_key);
CREATE INDEX session_ids_by_present_by ON session_ids (present_by) WHERE present_by IS NOT NULL;
CREATE INDEX session_ids_by_drop ON session_ids (drop_at) WHERE drop_at IS NOT NULL;
