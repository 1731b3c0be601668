-- The name of this table, and its one column, are Alembic's, which made it in the beginning.
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE deliveries (
    -- In the order of planning, which is the order of those in one room that are due at once.
    number BIGSERIAL NOT NULL,
    key TEXT NOT NULL,
    announcement TEXT NOT NULL,
    occasion TEXT NOT NULL,
    network TEXT NOT NULL,
    room TEXT NOT NULL,
    due TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    about TEXT NOT NULL,
    stage TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    since TIMESTAMP WITH TIME ZONE,
    parts TEXT,
    said INTEGER NOT NULL,
    event TEXT,
    at TIMESTAMP WITH TIME ZONE,
    problem TEXT NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (key)
);
CREATE INDEX deliveries_by_stage ON deliveries (stage, due);
-- There is one row.
CREATE TABLE planning (
    id INTEGER NOT NULL,
    watermark TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE announcements (
    name TEXT NOT NULL,
    started TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE known (
    subject TEXT NOT NULL,
    date TEXT,
    out BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (subject)
);
