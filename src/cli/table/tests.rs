use super::*;
use proptest::prelude::*;

const LIST: [Column; 4] = [
    Column::new("incident"),
    Column::new("title").cut(),
    Column::new("status").optional(2),
    Column::new("ttr").number().optional(1),
];

fn list() -> Table {
    let row = |id: &str, title: &str, status: &str, ttr: &str| {
        [id, title, status, ttr].map(str::to_owned).to_vec()
    };
    Table::new(
        LIST,
        [
            row(
                "2026-03-17-ingestion-delayed",
                "Ingestion was delayed by a migration",
                "resolved",
                "3 h",
            ),
            row("b", "取り込みが移行のために遅れました", "ongoing", ""),
        ],
    )
}

#[test]
fn title_is_shortened_to_keep_a_row_on_one_line() {
    insta::assert_snapshot!(list().aligned(70).text, @r"
        INCIDENT                      TITLE                      STATUS    TTR
        2026-03-17-ingestion-delayed  Ingestion was delayed by…  resolved  3 h
        b                             取り込みが移行のために遅…  ongoing
        ");
    assert!(list().aligned(100).text.contains("delayed by a migration  resolved"));
}

#[test]
fn narrow_terminal_drops_columns_but_never_cuts_ids() {
    let Written { text, left_out } = list().aligned(50);
    insta::assert_snapshot!(text, @r"
        INCIDENT                      TITLE
        2026-03-17-ingestion-delayed  Ingestion was delay…
        b                             取り込みが移行のた…
        ");
    assert_eq!(left_out, ["status", "ttr"]);
    assert!(list().aligned(20).text.contains("2026-03-17-ingestion-delayed  Ingestion w…\n"));
}

#[test]
fn one_long_id_does_not_widen_the_column() {
    let row = |id: &str, title: &str| [id, title, "resolved", "3 h"].map(str::to_owned).to_vec();
    let mut rows = vec![row("2026-03-17-an-id-that-is-much-longer", "Nothing worked")];
    rows.extend(["a", "b", "c"].map(|id| row(id, "Ingestion was delayed by a migration")));
    insta::assert_snapshot!(Table::new(LIST, rows).aligned(60).text, @r"
        INCIDENT  TITLE                                STATUS    TTR
        2026-03-17-an-id-that-is-much-longer  Nothin…  resolved  3 h
        a         Ingestion was delayed by a migrati…  resolved  3 h
        b         Ingestion was delayed by a migrati…  resolved  3 h
        c         Ingestion was delayed by a migrati…  resolved  3 h
        ");
}

#[test]
fn figure_without_room_moves_below_its_row() {
    let columns = [
        Column::new("metric"),
        Column::new("95 %"),
        Column::new("p90").number().optional(3).below(),
        Column::new("mean").number().optional(2).below(),
        Column::new("largest").number().optional(1).below(),
    ];
    let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
    let rows = [
        row(["TTR", "26 h 30 min – 29 h 30 min", "31 h 6 min", "27 h 12 min", "31 %"]),
        row(["TTD", "2 min – 5 min", "6 min", "", ""]),
    ];
    let table = Table::new(columns, rows);
    let Written { text, left_out } = table.aligned(46);
    assert_eq!(left_out, [""; 0]);
    insta::assert_snapshot!(text, @r"
        METRIC  95 %                              P90
        TTR     26 h 30 min – 29 h 30 min  31 h 6 min
            mean 27 h 12 min  largest 31 %
        TTD     2 min – 5 min                   6 min
        ");
    insta::assert_snapshot!(table.aligned(26).text, @r"
        METRIC  95 %
        TTR     26 h 30 min – 29 h 30 min
            p90 31 h 6 min
            mean 27 h 12 min
            largest 31 %
        TTD     2 min – 5 min
            p90 6 min
        ");
}

#[test]
fn columns_are_aligned_if_no_cell_overflows() {
    let columns = [
        Column::new("metric"),
        Column::new("95 %"),
        Column::new("p90").number().optional(2),
        Column::new("mean").number().optional(1),
    ];
    let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    let rows = [
        row(["TTR", "26 h 30 min – 29 h 30 min", "31 h 6 min", "27 h"]),
        row(["TTD", "2 min – 5 min", "6 min", "3 min"]),
        row(["REPORTED", "", "", ""]),
    ];
    let mut no_p90 = rows.clone();
    no_p90.iter_mut().for_each(|row| row[2].clear());
    insta::assert_snapshot!(Table::new(columns, rows).aligned(50).text, @r"
        METRIC    95 %                              P90
        TTR       26 h 30 min – 29 h 30 min  31 h 6 min
        TTD       2 min – 5 min                   6 min
        REPORTED
        ");
    let Written { text, left_out } = Table::new(columns, no_p90).aligned(45);
    assert_eq!(
        (text.lines().next(), left_out.len()),
        (Some("METRIC    95 %                        MEAN"), 0)
    );
}

#[test]
fn ids_of_similar_length_share_a_column_width() {
    let row = |id: &str, title: &str| [id, title, "resolved", "3 h"].map(str::to_owned).to_vec();
    let rows = ["a-12", "a-1", "a-2", "a-3"].map(|number| {
        row(
            &format!("2026-03-17-checkout-was-slow-for-{number}"),
            "データベースの接続プールが枯渇した",
        )
    });
    insta::assert_snapshot!(Table::new(LIST, rows).aligned(60).text, @r"
        INCIDENT                               TITLE
        2026-03-17-checkout-was-slow-for-a-12  データベースの接続プ…
        2026-03-17-checkout-was-slow-for-a-1   データベースの接続プ…
        2026-03-17-checkout-was-slow-for-a-2   データベースの接続プ…
        2026-03-17-checkout-was-slow-for-a-3   データベースの接続プ…
        ");
}

#[test]
fn piped_rows_are_complete_and_tab_separated() {
    let table =
        Table::new(LIST, [["a", "two\nlines\tand a tab", "", "1"].map(str::to_owned).to_vec()]);
    assert_eq!(
        table.with_tabs(true),
        "INCIDENT\tTITLE\tSTATUS\tTTR\na\ttwo lines and a tab\t\t1\n"
    );
    assert_eq!(table.with_tabs(false), "a\ttwo lines and a tab\t\t1\n");
}

#[test]
fn wrapped_cell_stays_in_its_column() {
    let columns = [Column::new("day").once(), Column::new("what").wrap(), Column::new("source")];
    let row = |day: &str, what: &str| vec![day.to_owned(), what.to_owned(), "S1".to_owned()];
    let table = Table::new(
        columns,
        [row("2026-03-17", "a long text over several lines"), row("2026-03-17", "b\nc")],
    );
    insta::assert_snapshot!(table.aligned(40).text, @r"
        DAY         WHAT                  SOURCE
        2026-03-17  a long text over      S1
                    several lines
                    b                     S1
                    c
        ");
}

#[test]
fn last_cell_can_use_the_room_of_empty_cells() {
    let columns = [
        Column::new("metric"),
        Column::new("median").number().overflowing(),
        Column::new("p90").number(),
    ];
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let rows = [row(["TTR", "3 h", "4 h"]), row(["TTD", "5 min, 2 h 14 min, 18 min", ""])];
    insta::assert_snapshot!(Table::new(columns, rows).aligned(30).text, @r"
        METRIC  MEDIAN  P90
        TTR        3 h  4 h
        TTD     5 min, 2 h 14 min, 18…
        ");
}

proptest! {
    #[test]
    fn shortened_text_fits_and_is_a_prefix(text in "\\PC{0,40}", room in 1usize..40) {
        let short = cut(&text, room);
        prop_assert!(short.width() <= room, "{short}");
        prop_assert!(short == text || text.starts_with(short.trim_end_matches('…')));
    }

    #[test]
    fn every_row_is_one_line_containing_its_id(
        rows in prop::collection::vec(("[a-z0-9-]{1,60}", "\\PC{0,80}", "[a-z]{0,12}", "[0-9]{0,6}"), 0..8),
        width in 20usize..160,
    ) {
        let table = Table::new(LIST, rows.iter().map(|(id, title, status, ttr)| {
            vec![id.clone(), title.clone(), status.clone(), ttr.clone()]
        }));
        let aligned = table.aligned(width).text;
        prop_assert_eq!(aligned.lines().count(), rows.len() + 1);
        for (line, (id, ..)) in aligned.lines().skip(1).zip(&rows) {
            prop_assert!(line.starts_with(id.as_str()), "{line}");
            let longest = rows.iter().map(|(id, ..)| id.len()).max().unwrap_or(0).max("incident".len());
            prop_assert!(line.width() <= width.max(longest + GAP + 12), "{line}");
        }
        let tabs = table.with_tabs(false);
        prop_assert!(tabs.lines().all(|line| line.split('\t').count() == LIST.len()));
    }
}
