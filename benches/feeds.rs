//! How fast a long history is read: `cargo bench --bench feeds`.
//!
//! 20 MB of Atom and 50 MB of JSON, as a page with tens of thousands of incidents would give it.
//! Nothing here asserts a speed.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use posthoc::sources::{Input, ReadOptions, by_id};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ATOM_SIZE: usize = 20_000_000;
const JSON_SIZE: usize = 50_000_000;

/// Incidents of seven updates each, every third with line breaks in its last text, every ninth with
/// a link.
fn atom() -> String {
    let mut atom = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xml:lang=\"en-US\" xmlns=\"http://www.w3.org/2005/Atom\">\n<id>tag:status.example.com,2005:/history</id>\n<title>Example Status - Incident History</title>\n",
    );
    let texts = [
        "This incident has been resolved, and we are sorry for the trouble that it made for everybody.",
        "We are seeing the queue drain, and expect jobs to start without delay within half an hour.",
        "We have found the change that is at fault, and are taking it back region by region now.",
    ];
    for number in 0.. {
        if atom.len() >= ATOM_SIZE {
            break;
        }
        let _ = write!(
            atom,
            "<entry><id>tag:status.example.com,2005:Incident/{number}</id><published>2026-05-{:02}T18:06:31Z</published><updated>2026-05-28T00:00:00Z</updated>\n<link rel=\"alternate\" type=\"text/html\" href=\"https://status.example.com/incidents/code{number}\"/>\n<title>Jobs are slow to start &amp; to stop</title>\n<content type=\"html\">",
            number % 28 + 1
        );
        for update in (0..7).rev() {
            let state = [
                "Investigating",
                "Update",
                "Update",
                "Identified",
                "Update",
                "Monitoring",
                "Resolved",
            ][update];
            let more = match (update, number % 9) {
                (6, 0) => {
                    " See &lt;a href=&quot;https://example.com/report&quot;&gt;the report&lt;/a&gt;."
                }
                (6, 3 | 6) => "&lt;br /&gt;&lt;br /&gt;A report will follow.",
                _ => "",
            };
            let _ = write!(
                atom,
                "&lt;p&gt;&lt;small&gt;May &lt;var data-var='date'&gt;{:>2}&lt;/var&gt;, &lt;var data-var='time'&gt;{}:06&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;{state}&lt;/strong&gt; - {}{more}&lt;/p&gt;",
                number % 28 + 1,
                12 + update,
                texts[update % texts.len()]
            );
        }
        atom.push_str("</content></entry>\n");
    }
    atom.push_str("</feed>\n");
    atom
}

/// Incidents of four updates each, with the fields that the API gives, in its order.
fn json() -> String {
    let mut json = String::from(
        "{\"page\":{\"id\":\"kctbh9vrtdwd\",\"name\":\"Example\",\"url\":\"https://status.example.com\",\"time_zone\":\"Etc/UTC\",\"updated_at\":\"2026-05-28T21:27:18.190Z\"},\"incidents\":[",
    );
    let states = ["resolved", "monitoring", "identified", "investigating"];
    let body = "We are seeing the queue drain, and expect jobs to start without delay within half an hour.";
    for number in 0.. {
        if json.len() >= JSON_SIZE {
            break;
        }
        let day =
            format!("20{:02}-{:02}-{:02}", 10 + number % 16, number % 12 + 1, number % 28 + 1);
        if number > 0 {
            json.push(',');
        }
        let _ = write!(
            json,
            "{{\"id\":\"i{number}\",\"name\":\"Jobs are slow to start\",\"status\":\"resolved\",\"created_at\":\"{day}T12:06:31.123Z\",\"updated_at\":\"{day}T15:06:31.456Z\",\"monitoring_at\":null,\"resolved_at\":\"{day}T15:06:31.400Z\",\"impact\":\"minor\",\"shortlink\":\"https://stspg.io/i{number}\",\"started_at\":\"{day}T12:06:31.100Z\",\"page_id\":\"kctbh9vrtdwd\",\"incident_updates\":["
        );
        for (update, state) in states.into_iter().enumerate() {
            let at = format!("{day}T{}:06:31.4{update}0Z", 15 - update);
            let comma = if update == 0 { "" } else { "," };
            let _ = write!(
                json,
                "{comma}{{\"id\":\"u{number}x{update}\",\"status\":\"{state}\",\"body\":\"{body}\",\"incident_id\":\"i{number}\",\"created_at\":\"{at}\",\"updated_at\":\"{at}\",\"display_at\":\"{at}\",\"affected_components\":[{{\"code\":\"br0l2tvcx85d\",\"name\":\"Jobs - Runner\",\"old_status\":\"operational\",\"new_status\":\"{}\"}}],\"deliver_notifications\":true,\"custom_tweet\":null,\"tweet_id\":null}}",
                if update == 0 { "operational" } else { "partial_outage" }
            );
        }
        json.push_str("],\"components\":[{\"id\":\"br0l2tvcx85d\",\"name\":\"Jobs - Runner\",\"status\":\"operational\",\"created_at\":\"2017-01-31T20:05:05.370Z\",\"updated_at\":\"2026-05-27T20:18:45.117Z\",\"position\":1,\"description\":null,\"showcase\":false,\"start_date\":null,\"group_id\":null,\"page_id\":\"kctbh9vrtdwd\",\"group\":false,\"only_show_if_degraded\":false}],\"reminder_intervals\":null}");
    }
    json.push_str("]}");
    json
}

fn feeds(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("history");
    for (name, format, input) in [
        ("Atom of 20 MB", "statuspage-feed", Input::new("history.atom", atom())),
        ("JSON of 50 MB", "statuspage-v2", Input::new("incidents.json", json())),
    ] {
        let source = by_id(format).expect("the format is there");
        let read = source.read(&input, &ReadOptions::default()).expect("the history is read");
        assert!(read.warnings.is_empty() && read.value.len() > 5_000, "{:?}", read.warnings);
        group.throughput(Throughput::Bytes(input.bytes.len() as u64)).sample_size(20);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                source.read(black_box(&input), &ReadOptions::default()).expect("read").value.len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, feeds);
criterion_main!(benches);
