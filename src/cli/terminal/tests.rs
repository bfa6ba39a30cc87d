use super::*;

fn plain(problem: &Diagnostic, text: Option<&str>, columns: Option<usize>) -> String {
    let plain = drawn_by(&Renderer::plain(), problem, text, columns);
    let styled = drawn_by(&Renderer::styled(), problem, text, columns);
    assert_eq!(
        anstream::adapter::strip_str(&styled).to_string(),
        plain,
        "styles are all that differs"
    );
    plain
}

#[test]
fn messages_wrap_between_words_with_indentation() {
    let text = "id: a\ntitle: a rather long title that goes on and on\n";
    let problem =
        Diagnostic::error("the title is longer than anybody would read in a list of incidents")
            .at(Place::new("a.yaml", text, 13..20))
            .hint("write one line that says what happened, and the rest into the summary");
    insta::assert_snapshot!(plain(&problem, Some(text), Some(44)), @r"
        error: the title is longer than anybody
               would read in a list of incidents
         --> a.yaml:2:8
          |
        2 | title: a rather long title that goes on…
          |        ^^^^^^^
          |
          = help: write one line that says what
                  happened, and the rest into the
                  summary
        ");
    let whole = plain(&problem, Some(text), None);
    assert!(
        whole.starts_with(
            "error: the title is longer than anybody would read in a list of incidents\n"
        ),
        "{whole}"
    );
}

#[test]
fn place_far_into_a_line_has_its_true_column() {
    let text = format!("first\n{}here{}", "x".repeat(300), "y".repeat(300));
    let problem =
        Diagnostic::error("wrong").at(Place::new("a.json", &text, 306..310)).hint("do right");
    insta::assert_snapshot!(plain(&problem, Some(&text), Some(40)), @r"
        error: wrong
         --> a.json:2:301
          |
        2 | …xxxxxxxxxxxxxxxhereyyyyyyyyyyyyyyy…
          |                 ^^^^
          |
          = help: do right
        ");
}

#[test]
fn whole_file_place_is_named_below_the_message() {
    let problem = Diagnostic::error("wrong").at(Place::whole_file("a.yaml"));
    insta::assert_snapshot!(plain(&problem, None, None), @r"
        error: wrong
         --> a.yaml
        ");
    insta::assert_snapshot!(plain(&problem.hint("do right"), None, None), @r"
        error: wrong
         --> a.yaml
          |
          = help: do right
        ");
}
