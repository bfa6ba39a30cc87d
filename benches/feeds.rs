//! How fast a long history feed is read: `cargo bench --bench feeds`.
//!
//! 20 MB of Atom, as a page with thousands of incidents would give it. Nothing here asserts a speed.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use posthoc::sources::{Input, ReadOptions, by_id};

const SIZE: usize = 20_000_000;

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
        if atom.len() >= SIZE {
            break;
        }
        let _ = write!(
            atom,
            "<entry><id>tag:status.example.com,2005:Incident/{number}</id><published>2026-05-{:02}T18:06:31Z</published><updated>2026-05-28T00:00:00Z</updated>\n<link rel=\"alternate\" type=\"text/html\" href=\"https://status.example.com/incidents/code{number}\"/>\n<title>Jobs are slow to start &amp; to stop</title>\n<content type=\"html\">",
            number % 28 + 1
        );
        for update in (0..7).rev() {
            let state = ["Investigating", "Update", "Update", "Identified", "Update", "Monitoring", "Resolved"][update];
            let more = match (update, number % 9) {
                (6, 0) => " See &lt;a href=&quot;https://example.com/report&quot;&gt;the report&lt;/a&gt;.",
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

fn feeds(criterion: &mut Criterion) {
    let input = Input::new("history.atom", atom());
    let source = by_id("statuspage-feed").expect("the format is there");
    let read = source.read(&input, &ReadOptions::default()).expect("the feed is read");
    assert!(read.warnings.is_empty() && read.value.len() > 5_000, "{:?}", read.warnings);
    let mut group = criterion.benchmark_group("feed");
    group.throughput(Throughput::Bytes(input.bytes.len() as u64)).sample_size(20);
    group.bench_function("Atom of 20 MB", |bencher| {
        bencher.iter(|| source.read(black_box(&input), &ReadOptions::default()).expect("read").value.len());
    });
    group.finish();
}

criterion_group!(benches, feeds);
criterion_main!(benches);
