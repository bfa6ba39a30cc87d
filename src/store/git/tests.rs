use super::*;

const OLD: &str = "1111111111111111111111111111111111111111";
const NONE: &str = "0000000000000000000000000000000000000000";

#[test]
fn git_diff_output_is_parsed_for_any_path_name() {
    let answer = format!(
        ":100644 100644 {OLD} {NONE} M\0a b\n.yaml\0:100644 000000 {OLD} {NONE} D\0gone.yaml\0\
             :100644 100755 {OLD} {OLD} R087\0old.yaml\0new.yaml\0:000000 120000 {NONE} {OLD} A\0link.yaml\0\
             :100644 000000 {OLD} {NONE} U\0merged.yaml\0"
    );
    let blob = |path: &str, object: Option<&str>| {
        Some(Blob { path: PathBuf::from(path), object: object.map(str::to_owned) })
    };
    assert_eq!(
        raw(answer.as_bytes()).unwrap(),
        [
            Differing { before: blob("a b\n.yaml", Some(OLD)), after: blob("a b\n.yaml", None) },
            Differing { before: blob("gone.yaml", Some(OLD)), after: None },
            Differing { before: blob("old.yaml", Some(OLD)), after: blob("new.yaml", Some(OLD)) },
        ]
    );
    assert!(raw(b"nonsense\0").is_err());
}

#[test]
fn git_objects_are_read_in_sequence_and_capped() {
    let mut answers: &[u8] = b"aa blob 5\n12345\nbb missing\ncc blob 0\n\n";
    assert_eq!(one_object(&mut answers, 3).unwrap(), Some(b"1234".to_vec()));
    assert_eq!(one_object(&mut answers, 3).unwrap(), None);
    assert_eq!(one_object(&mut answers, 3).unwrap(), Some(vec![]));
    assert_eq!(one_object(&mut answers, 3).unwrap(), None);
}
