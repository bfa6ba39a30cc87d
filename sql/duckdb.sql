-- The exported tables in DuckDB, with their types. Run it in the folder that `posthoc export --to ndjson` wrote to.

create or replace table incidents as
select * from read_json('incidents.ndjson', format = 'newline_delimited', maximum_object_size = 33554432, columns = {
    id: 'varchar', kind: 'varchar', severity: 'varchar', services: 'varchar[]', duplicate_of: 'varchar',
    occurred_earliest: 'timestamptz', definitions: 'integer'
});

create or replace table milestones as
select * from read_json('milestones.ndjson', format = 'newline_delimited', columns = {
    incident: 'varchar', name: 'varchar', earliest: 'timestamptz', latest: 'timestamptz',
    precision: 'varchar', about: 'boolean'
});

create or replace table durations as
select * from read_json('durations.ndjson', format = 'newline_delimited', columns = {
    incident: 'varchar', name: 'varchar', min_seconds: 'double', max_seconds: 'double',
    so_far_min_seconds: 'double', so_far_max_seconds: 'double', is_ongoing: 'boolean', definitions_version: 'integer'
});

create or replace table windows as
select * from read_json('windows.ndjson', format = 'newline_delimited', columns = {
    incident: 'varchar', number: 'integer', start_earliest: 'timestamptz', start_latest: 'timestamptz',
    end_earliest: 'timestamptz', end_latest: 'timestamptz', components: 'varchar[]', counted_until: 'timestamptz'
});
