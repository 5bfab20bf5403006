-- {seq} is a number that the database gives, rising and never given twice; {id} is text that is compared by its bytes.
-- Instants are microseconds since 1970-01-01 UTC. A body is the canonical JSON of what was stored, as text: a JSON type
-- would change its numbers and its order of keys.

CREATE TABLE health_records (
	seq {seq}, tenant {id}, account {id}, version BIGINT NOT NULL,
	as_of BIGINT NOT NULL, recorded BIGINT NOT NULL, body TEXT NOT NULL,
	UNIQUE (tenant, account, version),
	CHECK (version > 0 AND octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256)
);
CREATE INDEX health_accounts ON health_records (tenant, account) WHERE version = 1;

CREATE TABLE segment_records (
	seq {seq}, tenant {id}, account {id}, version BIGINT NOT NULL,
	as_of BIGINT NOT NULL, recorded BIGINT NOT NULL, body TEXT NOT NULL,
	UNIQUE (tenant, account, version),
	CHECK (version > 0 AND octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256)
);
CREATE INDEX segment_accounts ON segment_records (tenant, account) WHERE version = 1;

CREATE TABLE journey_events (
	seq {seq}, tenant {id}, journey {id}, account {id}, version BIGINT NOT NULL,
	id {id}, body TEXT NOT NULL,
	UNIQUE (tenant, journey, account, version),
	UNIQUE (tenant, journey, account, id),
	CHECK (version > 0 AND octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256),
	CHECK (octet_length(journey) <= 256 AND octet_length(id) BETWEEN 1 AND 256)
);
CREATE INDEX journey_accounts ON journey_events (tenant, journey, account) WHERE version = 1;

CREATE TABLE ladder_entries (
	seq {seq}, tenant {id}, account {id}, version BIGINT NOT NULL,
	id {id}, body TEXT NOT NULL,
	UNIQUE (tenant, account, version),
	UNIQUE (tenant, account, id),
	CHECK (version > 0 AND octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256),
	CHECK (octet_length(id) BETWEEN 1 AND 256)
);
CREATE INDEX ladder_accounts ON ladder_entries (tenant, account) WHERE version = 1;

CREATE TABLE outcome_plans (
	tenant {id}, account {id}, id {id}, version BIGINT NOT NULL, body TEXT NOT NULL,
	PRIMARY KEY (tenant, account, id),
	CHECK (version > 0 AND octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256),
	CHECK (octet_length(id) BETWEEN 1 AND 256)
);

-- Of a fact there is a row for each revision. The last one is that with the highest (recorded, seq).

CREATE TABLE health_starts (
	seq {seq}, tenant {id}, account {id}, recorded BIGINT NOT NULL, since BIGINT NOT NULL,
	CHECK (octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256)
);
CREATE UNIQUE INDEX health_starts_known ON health_starts (tenant, account, recorded, seq);

CREATE TABLE health_readings (
	seq {seq}, tenant {id}, account {id}, name {id},
	at BIGINT NOT NULL, recorded BIGINT NOT NULL, body TEXT NOT NULL,
	CHECK (octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256),
	CHECK (octet_length(name) BETWEEN 1 AND 256)
);
CREATE UNIQUE INDEX health_readings_known ON health_readings (tenant, account, name, at, recorded, seq);

CREATE TABLE outcome_measurements (
	seq {seq}, tenant {id}, account {id}, name {id},
	at BIGINT NOT NULL, recorded BIGINT NOT NULL, body TEXT NOT NULL,
	CHECK (octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256),
	CHECK (octet_length(name) BETWEEN 1 AND 256)
);
CREATE UNIQUE INDEX outcome_measurements_known ON outcome_measurements (tenant, account, name, at, recorded, seq);

CREATE TABLE engagement_touches (
	seq {seq}, tenant {id}, account {id}, name {id},
	at BIGINT NOT NULL, recorded BIGINT NOT NULL, body TEXT NOT NULL,
	CHECK (octet_length(tenant) BETWEEN 1 AND 256 AND octet_length(account) BETWEEN 1 AND 256),
	CHECK (octet_length(name) BETWEEN 1 AND 256)
);
CREATE UNIQUE INDEX engagement_touches_known ON engagement_touches (tenant, account, name, recorded, seq);
CREATE INDEX engagement_touches_at ON engagement_touches (tenant, account, at, name);
