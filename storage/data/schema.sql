CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
--
CREATE TABLE bodies (
	id INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	stored_size INTEGER NOT NULL, 
	dropped_at TEXT, 
	CONSTRAINT pk_bodies PRIMARY KEY (id), 
	CONSTRAINT uq_bodies_sha256 UNIQUE (sha256)
)
 STRICT

;
--
CREATE TABLE rules (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	step TEXT NOT NULL, 
	CONSTRAINT pk_rules PRIMARY KEY (id)
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_rules_name_step ON rules (name, step);
--
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	command TEXT NOT NULL, 
	status TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	finished_at TEXT, 
	sources TEXT NOT NULL, 
	counts TEXT NOT NULL, 
	versions TEXT NOT NULL, process TEXT, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
)
 STRICT

;
--
CREATE INDEX ix_runs_started_at ON runs (started_at);
--
CREATE TABLE sources (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	CONSTRAINT pk_sources PRIMARY KEY (id), 
	CONSTRAINT uq_sources_name UNIQUE (name)
)
 STRICT

;
--
CREATE TABLE failures (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	origin TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	tries INTEGER NOT NULL, 
	first_failed_at TEXT NOT NULL, 
	last_failed_at TEXT NOT NULL, 
	last_run_id INTEGER NOT NULL, 
	resolved_at TEXT, 
	CONSTRAINT pk_failures PRIMARY KEY (id), 
	CONSTRAINT fk_failures_last_run_id_runs FOREIGN KEY(last_run_id) REFERENCES runs (id), 
	CONSTRAINT fk_failures_source_id_sources FOREIGN KEY(source_id) REFERENCES sources (id)
)
 STRICT

;
--
CREATE INDEX ix_failures_last_run_id ON failures (last_run_id);
--
CREATE INDEX ix_failures_origin ON failures (origin);
--
CREATE UNIQUE INDEX ix_failures_source_id_origin_reason ON failures (source_id, origin, reason);
--
CREATE TABLE pages (
	id INTEGER NOT NULL, 
	origin TEXT NOT NULL, 
	url TEXT NOT NULL, 
	source_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	last_run_id INTEGER NOT NULL, 
	body_id INTEGER NOT NULL, 
	status INTEGER, 
	content_type TEXT, 
	headers TEXT NOT NULL, 
	via TEXT NOT NULL, 
	fetched_at TEXT, 
	first_seen_at TEXT NOT NULL, 
	last_seen_at TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	fingerprint TEXT, request_headers TEXT DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_pages PRIMARY KEY (id), 
	CONSTRAINT fk_pages_body_id_bodies FOREIGN KEY(body_id) REFERENCES bodies (id), 
	CONSTRAINT fk_pages_last_run_id_runs FOREIGN KEY(last_run_id) REFERENCES runs (id), 
	CONSTRAINT fk_pages_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id), 
	CONSTRAINT fk_pages_source_id_sources FOREIGN KEY(source_id) REFERENCES sources (id)
)
 STRICT

;
--
CREATE INDEX ix_pages_body_id ON pages (body_id);
--
CREATE INDEX ix_pages_last_run_id ON pages (last_run_id);
--
CREATE UNIQUE INDEX ix_pages_origin_body_id ON pages (origin, body_id);
--
CREATE INDEX ix_pages_outcome_fingerprint ON pages (outcome, fingerprint);
--
CREATE INDEX ix_pages_source_id_outcome ON pages (source_id, outcome);
--
CREATE INDEX ix_pages_url ON pages (url);
--
CREATE TABLE articles (
	id INTEGER NOT NULL, 
	title TEXT, 
	source_id INTEGER NOT NULL, 
	published_at TEXT, 
	published_utc TEXT, 
	published_precision TEXT, 
	day TEXT GENERATED ALWAYS AS (substr(published_at, 1, 10)) VIRTUAL, 
	chars INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	canonical_url TEXT, 
	origin TEXT NOT NULL, 
	host TEXT, 
	subtitle TEXT, 
	authors TEXT NOT NULL, 
	editors TEXT NOT NULL, 
	source TEXT, 
	producer TEXT, 
	site_name TEXT, 
	original_title TEXT, 
	published_raw TEXT, 
	timezone_source TEXT, 
	modified_at TEXT, 
	language TEXT, 
	script TEXT, 
	section TEXT, 
	tags TEXT NOT NULL, 
	description TEXT, 
	access TEXT, 
	image_credit TEXT, 
	text TEXT NOT NULL, 
	source_text TEXT NOT NULL, 
	encoding TEXT NOT NULL, 
	page_id INTEGER NOT NULL, 
	fingerprint TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	removed_count INTEGER NOT NULL, 
	notes_count INTEGER NOT NULL, 
	first_run_id INTEGER NOT NULL, 
	last_run_id INTEGER NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	updated_at TEXT NOT NULL, 
	checked_at TEXT NOT NULL, text_key TEXT, 
	CONSTRAINT pk_articles PRIMARY KEY (id), 
	CONSTRAINT fk_articles_first_run_id_runs FOREIGN KEY(first_run_id) REFERENCES runs (id), 
	CONSTRAINT fk_articles_last_run_id_runs FOREIGN KEY(last_run_id) REFERENCES runs (id), 
	CONSTRAINT fk_articles_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id), 
	CONSTRAINT fk_articles_source_id_sources FOREIGN KEY(source_id) REFERENCES sources (id), 
	CONSTRAINT uq_articles_origin UNIQUE (origin)
)
 STRICT

;
--
CREATE INDEX ix_articles_canonical_url ON articles (canonical_url);
--
CREATE INDEX ix_articles_host ON articles (host);
--
CREATE INDEX ix_articles_page_id ON articles (page_id);
--
CREATE INDEX ix_articles_published_utc ON articles (published_utc);
--
CREATE INDEX ix_articles_source_id_published_utc ON articles (source_id, published_utc);
--
CREATE INDEX ix_articles_url ON articles (url);
--
CREATE TABLE rejections (
	id INTEGER NOT NULL, 
	page_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	rejected_at TEXT NOT NULL, 
	CONSTRAINT pk_rejections PRIMARY KEY (id), 
	CONSTRAINT fk_rejections_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id) ON DELETE CASCADE, 
	CONSTRAINT fk_rejections_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id), 
	CONSTRAINT uq_rejections_page_id UNIQUE (page_id)
)
 STRICT

;
--
CREATE INDEX ix_rejections_reason ON rejections (reason);
--
CREATE TABLE blocks (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	tag TEXT NOT NULL, 
	rule_id INTEGER, 
	text TEXT, 
	start INTEGER, 
	chars INTEGER NOT NULL, 
	link_chars INTEGER NOT NULL, 
	uncertain INTEGER NOT NULL, evidence TEXT, 
	CONSTRAINT pk_blocks PRIMARY KEY (id), 
	CONSTRAINT fk_blocks_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE, 
	CONSTRAINT fk_blocks_rule_id_rules FOREIGN KEY(rule_id) REFERENCES rules (id)
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_blocks_article_id_position ON blocks (article_id, position);
--
CREATE INDEX ix_blocks_rule_id ON blocks (rule_id);
--
CREATE TABLE candidates (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	field TEXT NOT NULL, 
	value TEXT NOT NULL, 
	place TEXT NOT NULL, 
	CONSTRAINT pk_candidates PRIMARY KEY (id), 
	CONSTRAINT fk_candidates_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_candidates_article_id_position ON candidates (article_id, position);
--
CREATE TABLE images (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	alt TEXT, 
	caption TEXT, 
	block INTEGER, 
	CONSTRAINT pk_images PRIMARY KEY (id), 
	CONSTRAINT fk_images_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_images_article_id_position ON images (article_id, position);
--
CREATE VIRTUAL TABLE articles_fts USING fts5(
        title, text, content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
    );
--
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
        INSERT INTO articles_fts (rowid, title, text)
        VALUES (new.id, taosha_grams(new.title), taosha_grams(new.text));
    END;
--
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
        INSERT INTO articles_fts (articles_fts, rowid, title, text)
        VALUES ('delete', old.id, taosha_grams(old.title), taosha_grams(old.text));
    END;
--
CREATE TRIGGER articles_fts_update AFTER UPDATE OF id, title, text ON articles
    WHEN old.id IS NOT new.id OR old.title IS NOT new.title OR old.text IS NOT new.text BEGIN
        INSERT INTO articles_fts (articles_fts, rowid, title, text)
        VALUES ('delete', old.id, taosha_grams(old.title), taosha_grams(old.text));
        INSERT INTO articles_fts (rowid, title, text)
        VALUES (new.id, taosha_grams(new.title), taosha_grams(new.text));
    END;
--
CREATE VIEW v_articles AS
    SELECT a.id, a.title, s.name AS source_name, a.published_at, a.published_utc, a.day, a.source AS outlet,
           a.authors, a.language, a.chars, a.removed_count, a.notes_count, a.host, a.url, a.origin, a.text,
           a.revision, a.first_seen_at, a.updated_at
    FROM articles AS a JOIN sources AS s ON s.id = a.source_id;
--
CREATE VIEW v_failures AS
    SELECT 'failed' AS kind, s.name AS source_name, f.origin, f.reason, f.detail, f.tries,
           f.last_failed_at AS at, NULL AS page_id
    FROM failures AS f JOIN sources AS s ON s.id = f.source_id
    WHERE f.resolved_at IS NULL
    UNION ALL
    SELECT 'rejected', s.name, p.origin, j.reason, j.detail, 1, j.rejected_at, p.id
    FROM rejections AS j JOIN pages AS p ON p.id = j.page_id JOIN sources AS s ON s.id = p.source_id;
--
CREATE TABLE frontier (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	url TEXT NOT NULL, 
	host TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT, 
	referrer TEXT, 
	depth INTEGER NOT NULL, 
	page INTEGER NOT NULL, 
	guessed INTEGER NOT NULL, 
	waiting INTEGER, 
	due_at TEXT, 
	tries INTEGER NOT NULL, 
	streak INTEGER NOT NULL, 
	stated_at TEXT, 
	etag TEXT, 
	last_modified TEXT, 
	digest TEXT, 
	found_at TEXT NOT NULL, 
	fetched_at TEXT, 
	last_run_id INTEGER NOT NULL, 
	CONSTRAINT pk_frontier PRIMARY KEY (id), 
	CONSTRAINT fk_frontier_last_run_id_runs FOREIGN KEY(last_run_id) REFERENCES runs (id), 
	CONSTRAINT fk_frontier_source_id_sources FOREIGN KEY(source_id) REFERENCES sources (id)
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_frontier_source_id_kind_url ON frontier (source_id, kind, url);
--
CREATE INDEX ix_frontier_source_id_host_waiting_id ON frontier (source_id, host, waiting, id) WHERE waiting IS NOT NULL;
--
CREATE INDEX ix_frontier_source_id_due_at ON frontier (source_id, due_at);
--
CREATE INDEX ix_frontier_source_id_state ON frontier (source_id, state);
--
CREATE INDEX ix_frontier_last_run_id ON frontier (last_run_id);
--
CREATE TABLE revisions (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	made_at TEXT NOT NULL, 
	run_id INTEGER NOT NULL, 
	cause TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	rules TEXT NOT NULL, 
	page_id INTEGER NOT NULL, 
	fingerprint TEXT NOT NULL, 
	chars INTEGER NOT NULL, 
	"before" BLOB NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (id), 
	CONSTRAINT fk_revisions_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE, 
	CONSTRAINT fk_revisions_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id), 
	CONSTRAINT fk_revisions_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id)
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_revisions_article_id_number ON revisions (article_id, number);
--
CREATE INDEX ix_revisions_page_id ON revisions (page_id);
--
CREATE INDEX ix_revisions_run_id ON revisions (run_id);
--
CREATE TABLE edits (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	rule_id INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	changes TEXT NOT NULL, 
	uncertain INTEGER NOT NULL, 
	CONSTRAINT pk_edits PRIMARY KEY (id), 
	CONSTRAINT fk_edits_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE, 
	CONSTRAINT fk_edits_rule_id_rules FOREIGN KEY(rule_id) REFERENCES rules (id)
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_edits_article_id_position ON edits (article_id, position);
--
CREATE INDEX ix_edits_rule_id ON edits (rule_id);
--
CREATE VIEW v_edits AS
    SELECT e.article_id, a.title, s.name AS source_name, r.name AS rule, r.step,
           e.position, json_extract(p.value, '$[0]') AS block, o.value AS offset,
           json_extract(c.value, '$[0]') AS before, json_extract(c.value, '$[1]') AS after,
           e.uncertain, a.updated_at
    FROM edits AS e
    JOIN rules AS r ON r.id = e.rule_id
    JOIN articles AS a ON a.id = e.article_id
    JOIN sources AS s ON s.id = a.source_id
    JOIN json_each(e.changes) AS c
    JOIN json_each(c.value) AS p ON p.key > 1
    JOIN json_each(p.value) AS o ON o.key > 0;
--
CREATE VIEW v_revisions AS
    SELECT v.article_id, a.title, s.name AS source_name, v.number, v.made_at, v.cause, v.fields, v.rules,
           v.run_id, u.command, v.page_id, v.fingerprint, v.chars
    FROM revisions AS v
    JOIN runs AS u ON u.id = v.run_id
    JOIN articles AS a ON a.id = v.article_id
    JOIN sources AS s ON s.id = a.source_id;
--
CREATE TABLE source_runs (
	id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	ended_at TEXT NOT NULL, 
	complete INTEGER NOT NULL, 
	seconds REAL NOT NULL, 
	requested INTEGER NOT NULL, 
	bytes INTEGER NOT NULL, 
	lists INTEGER NOT NULL, 
	named INTEGER NOT NULL, 
	fetched INTEGER NOT NULL, 
	new INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	unchanged INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	skipped INTEGER NOT NULL, 
	refused INTEGER NOT NULL, 
	titled INTEGER NOT NULL, 
	dated INTEGER NOT NULL, 
	authored INTEGER NOT NULL, 
	chars INTEGER NOT NULL, 
	same_time INTEGER NOT NULL, 
	reasons TEXT NOT NULL, 
	findings TEXT NOT NULL, 
	CONSTRAINT pk_source_runs PRIMARY KEY (id), 
	CONSTRAINT fk_source_runs_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id), 
	CONSTRAINT fk_source_runs_source_id_sources FOREIGN KEY(source_id) REFERENCES sources (id)
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_source_runs_run_id_source_id ON source_runs (run_id, source_id);
--
CREATE INDEX ix_source_runs_source_id_id ON source_runs (source_id, id);
--
CREATE TABLE sites (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	articles INTEGER NOT NULL, 
	CONSTRAINT pk_sites PRIMARY KEY (id), 
	CONSTRAINT uq_sites_name UNIQUE (name)
)
 STRICT

;
--
CREATE TABLE site_blocks (
	id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	hash INTEGER NOT NULL, 
	articles INTEGER NOT NULL, 
	first_at INTEGER NOT NULL, 
	since TEXT NOT NULL, 
	CONSTRAINT pk_site_blocks PRIMARY KEY (id), 
	CONSTRAINT fk_site_blocks_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id) ON DELETE CASCADE
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_site_blocks_site_id_hash ON site_blocks (site_id, hash);
--
CREATE INDEX ix_site_blocks_site_id_articles ON site_blocks (site_id, articles);
--
CREATE TABLE sightings (
	id INTEGER NOT NULL, 
	page_id INTEGER NOT NULL, 
	site_id INTEGER NOT NULL, 
	hashes BLOB NOT NULL, 
	used TEXT NOT NULL, 
	CONSTRAINT pk_sightings PRIMARY KEY (id), 
	CONSTRAINT fk_sightings_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id) ON DELETE CASCADE, 
	CONSTRAINT fk_sightings_site_id_sites FOREIGN KEY(site_id) REFERENCES sites (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sightings_page_id UNIQUE (page_id)
)
 STRICT

;
--
CREATE INDEX ix_sightings_site_id ON sightings (site_id);
--
CREATE VIEW v_removed AS
    SELECT b.article_id, a.title, s.name AS source_name, r.name AS rule, r.step, b.position, b.tag, b.chars,
           b.text, b.uncertain, b.evidence, a.updated_at
    FROM blocks AS b
    JOIN rules AS r ON r.id = b.rule_id
    JOIN articles AS a ON a.id = b.article_id
    JOIN sources AS s ON s.id = a.source_id;
--
CREATE INDEX ix_articles_day_source_id ON articles (day, source_id);
--
CREATE INDEX ix_articles_updated_at ON articles (updated_at);
--
CREATE VIEW v_latest AS
    SELECT a.id, a.published_at, a.title, s.name AS source_name, a.source AS outlet, a.chars, a.language,
           substr(a.text, 1, 120) AS beginning, a.url, a.first_seen_at
    FROM articles AS a JOIN sources AS s ON s.id = a.source_id
    ORDER BY a.published_utc DESC NULLS LAST, a.id DESC;
--
CREATE VIEW v_source_health AS
    SELECT h.source_name, h.articles, h.rejected, h.pending, h.failing,
           CAST(h.cleaned AS double precision) / nullif(h.cleaned + h.rejected, 0) AS article_share,
           h.newest_published_utc, h.last_new_at, h.last_seen_at, h.last_run_id,
           r.status AS last_run_status, r.started_at AS last_run_at
    FROM (
        SELECT s.name AS source_name,
               (SELECT count(*) FROM articles WHERE source_id = s.id) AS articles,
               (SELECT count(*) FROM pages WHERE source_id = s.id AND outcome = 'article') AS cleaned,
               (SELECT count(*) FROM pages WHERE source_id = s.id AND outcome = 'rejected') AS rejected,
               (SELECT count(*) FROM pages WHERE source_id = s.id AND outcome = 'pending') AS pending,
               (SELECT count(*) FROM failures
                WHERE source_id = s.id AND resolved_at IS NULL) AS failing,
               (SELECT max(published_utc) FROM articles WHERE source_id = s.id) AS newest_published_utc,
               (SELECT max(first_seen_at) FROM pages WHERE source_id = s.id) AS last_new_at,
               (SELECT max(last_seen_at) FROM pages WHERE source_id = s.id) AS last_seen_at,
               (SELECT max(last_run_id) FROM pages WHERE source_id = s.id) AS last_run_id
        FROM sources AS s
    ) AS h
    LEFT JOIN runs AS r ON r.id = h.last_run_id;
--
CREATE TABLE parts (
	id INTEGER NOT NULL, 
	page_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	part_id INTEGER NOT NULL, 
	CONSTRAINT pk_parts PRIMARY KEY (id), 
	CONSTRAINT fk_parts_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id) ON DELETE CASCADE, 
	CONSTRAINT fk_parts_part_id_pages FOREIGN KEY(part_id) REFERENCES pages (id) ON DELETE CASCADE
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_parts_page_id_number ON parts (page_id, number);
--
CREATE INDEX ix_parts_part_id ON parts (part_id);
--
CREATE TABLE flags (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	rule_id INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	evidence TEXT, 
	CONSTRAINT pk_flags PRIMARY KEY (id), 
	CONSTRAINT fk_flags_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE, 
	CONSTRAINT fk_flags_rule_id_rules FOREIGN KEY(rule_id) REFERENCES rules (id)
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_flags_article_id_position ON flags (article_id, position);
--
CREATE INDEX ix_flags_rule_id ON flags (rule_id);
--
CREATE VIEW v_flags AS
    SELECT f.article_id, a.title, s.name AS source_name, r.name AS rule, r.step, f.start, f.evidence,
           a.updated_at
    FROM flags AS f
    JOIN rules AS r ON r.id = f.rule_id
    JOIN articles AS a ON a.id = f.article_id
    JOIN sources AS s ON s.id = a.source_id;
--
CREATE TABLE disabled_rules (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	disabled_at TEXT NOT NULL, 
	CONSTRAINT pk_disabled_rules PRIMARY KEY (id), 
	CONSTRAINT fk_disabled_rules_source_id_sources FOREIGN KEY(source_id) REFERENCES sources (id) ON DELETE CASCADE
)
 STRICT

;
--
CREATE UNIQUE INDEX ix_disabled_rules_source_id_rule ON disabled_rules (source_id, rule);
--
CREATE TABLE phrases (
	id INTEGER NOT NULL, 
	phrase TEXT NOT NULL, 
	CONSTRAINT pk_phrases PRIMARY KEY (id), 
	CONSTRAINT uq_phrases_phrase UNIQUE (phrase)
)
 STRICT

;
--
CREATE INDEX ix_articles_source_id_text_key ON articles (source_id, text_key);
--
INSERT INTO articles_fts (articles_fts, rank) VALUES ('automerge', 64);
--
INSERT INTO articles_fts (articles_fts, rank) VALUES ('crisismerge', 256);
--
INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', 262144);
--
INSERT INTO alembic_version VALUES ('0015');
--
