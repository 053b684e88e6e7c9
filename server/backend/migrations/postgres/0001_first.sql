-- Attempts: one row from the click to an hour after the outcome.
CREATE TABLE attempts (
    -- Order of arrival; times in seconds are too coarse to say which of two is older.
    seq      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id       TEXT   NOT NULL UNIQUE,
    lookup   BYTEA  NOT NULL UNIQUE,
    owner    BYTEA  NOT NULL,
    stage    TEXT   NOT NULL,
    misses   BIGINT NOT NULL DEFAULT 0,
    created  BIGINT NOT NULL,
    expires  BIGINT NOT NULL,
    drop_at  BIGINT NOT NULL,
    lasting  TEXT   NOT NULL,
    passing  TEXT,
    claim    TEXT,
    outcome  TEXT
);

CREATE INDEX attempts_live ON attempts (expires, seq) WHERE stage <> 'closed';
CREATE INDEX attempts_by_owner ON attempts (owner) WHERE stage <> 'closed';
CREATE INDEX attempts_by_drop ON attempts (drop_at);

CREATE TABLE sessions (
    key          TEXT   NOT NULL PRIMARY KEY,
    owner        BYTEA  NOT NULL,
    cohort       BYTEA,
    body         TEXT   NOT NULL,
    profile      TEXT   NOT NULL,
    access       TEXT   NOT NULL,
    sealed       TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    created      BIGINT NOT NULL,
    last_used    BIGINT NOT NULL,
    idle_end     BIGINT NOT NULL,
    absolute_end BIGINT NOT NULL,
    lease_holder TEXT,
    lease_until  BIGINT
);

CREATE INDEX sessions_by_owner ON sessions (owner, last_used);
CREATE INDEX sessions_by_cohort ON sessions (cohort) WHERE cohort IS NOT NULL;
CREATE INDEX sessions_by_idle_end ON sessions (idle_end);
CREATE INDEX sessions_by_absolute_end ON sessions (absolute_end);

-- The ids of a session. An ended id has no session any more: its reason alone stays, until drop_at.
CREATE TABLE session_ids (
    hash        BYTEA  NOT NULL PRIMARY KEY,
    session_key TEXT   REFERENCES sessions (key) ON DELETE CASCADE,
    present_by  BIGINT,
    ended       TEXT,
    drop_at     BIGINT
);

CREATE INDEX session_ids_by_session ON session_ids (session_key);
CREATE INDEX session_ids_by_present_by ON session_ids (present_by) WHERE present_by IS NOT NULL;
CREATE INDEX session_ids_by_drop ON session_ids (drop_at) WHERE drop_at IS NOT NULL;

-- Texts that can be left once under a name, and taken once.
CREATE TABLE notes (
    name    BYTEA  NOT NULL PRIMARY KEY,
    text    TEXT   NOT NULL,
    drop_at BIGINT NOT NULL
);

CREATE INDEX notes_by_drop ON notes (drop_at);

-- What an owner chose; stays when the sessions end.
CREATE TABLE preferences (
    owner   BYTEA  NOT NULL PRIMARY KEY,
    text    TEXT   NOT NULL,
    written BIGINT NOT NULL
);
