//! How fast an incident is read and written: `cargo bench --bench model`.
//!
//! One file of the usual size, and the times in it, since a folder of ten thousand files is little
//! else. Nothing here asserts a speed.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use posthoc::model::Incident;
use posthoc::model::time::Moment;
use posthoc::model::zone::Zone;

const INCIDENT: &str = include_str!("../incidents/2026-03-17-ingestion-backlog.yaml");

fn incidents(criterion: &mut Criterion) {
    let parsed: Incident = serde_yaml::from_str(INCIDENT).expect("a worked example is valid");
    let mut group = criterion.benchmark_group("incident");
    group.throughput(Throughput::Bytes(INCIDENT.len() as u64));
    group.bench_function("read", |bencher| {
        bencher.iter(|| serde_yaml::from_str::<Incident>(black_box(INCIDENT)));
    });
    group.bench_function("write", |bencher| {
        bencher.iter(|| serde_yaml::to_string(black_box(&parsed)));
    });
    group.bench_function("timeline in order", |bencher| {
        bencher.iter(|| black_box(&parsed).timeline_in_order().len());
    });
    group.finish();
}

fn times(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("time");
    for (name, text) in [
        ("utc", "2026-03-17T14:14:05Z"),
        ("offset", "2026-03-17T15:14+01:00"),
        ("place", "2026-03-17 15:14 Europe/Berlin"),
        ("abbreviation", "2026-03-17 15:14 CET"),
        ("about, between", "~2013-04-06T16:45Z..2013-04-07T04:45Z"),
        ("day", "2026-03-17"),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| Moment::parse(black_box(text), Some(Zone::UTC)));
        });
    }
    group.finish();
}

criterion_group!(benches, incidents, times);
criterion_main!(benches);
