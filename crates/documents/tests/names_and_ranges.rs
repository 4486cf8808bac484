//! Names of files, and choices of chapters.

use documents::{RangeError, file_name, parse_ranges};

#[test]
fn a_title_in_any_script_becomes_a_name_that_every_system_takes() {
    let names = [
        file_name("The Keeper of Skerrow Light", None, "md"),
        file_name("龙门夜渡", Some("第二稿"), "txt"),
        file_name("What? \"Either/Or\": <A | B>*\\", None, "md"),
        file_name("Два капитана \u{202E}dm.", Some("v2: final?"), "md"),
        file_name("  ...hidden.  ", Some(" "), "md"),
        file_name("con.fusion", None, "md"),
        file_name("COM1", None, "md"),
        file_name("Command", None, "md"),
        file_name("///", None, "md"),
        file_name("two\nlines\tand\0more", None, "md"),
        file_name(&"ab ".repeat(60), Some("x"), "md"),
    ];
    insta::assert_snapshot!(names.join("\n"));
}

#[test]
fn a_long_title_is_cut_by_characters_and_the_name_by_bytes() {
    assert_eq!(file_name(&"长".repeat(100), None, "md"), format!("{}.md", "长".repeat(80)));
    assert_eq!(file_name(&"x".repeat(100), None, "md"), format!("{}.md", "x".repeat(80)));
    assert!(file_name(&"🦀".repeat(100), Some(&"🦀".repeat(100)), "fountain").len() <= 251);
}

proptest::proptest! {
    #[test]
    fn any_title_gives_a_safe_name(title in "\\PC{0,120}|[A-Za-z.:/\\\\ \\x00-\\x1f]{0,20}", label in proptest::option::of("\\PC{0,80}")) {
        let name = file_name(&title, label.as_deref(), "md");
        assert!(name.len() <= 251 && name.ends_with(".md") && name.len() > 3, "{name}");
        assert!(!name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) && !name.chars().any(char::is_control), "{name}");
        assert!(!name.starts_with(['.', ' ']), "{name}");
    }
}

#[test]
fn a_choice_of_chapters_is_read_in_order_and_each_once() {
    let read = |text: &str| parse_ranges(text).unwrap().into_iter().collect::<Vec<_>>();
    assert_eq!(read("1-5,8"), [1, 2, 3, 4, 5, 8]);
    assert_eq!(read(" 8 , 3 - 4,3 "), [3, 4, 8]);
    assert_eq!(read("１－３，５、7–8"), [1, 2, 3, 5, 7, 8]);
}

#[test]
fn a_choice_that_cannot_be_read_is_told_why() {
    let told = |text: &str| {
        let e: RangeError = parse_ranges(text).unwrap_err();
        format!("{text:?}: {e}. {}", e.hint())
    };
    let all: Vec<String> =
        ["", "1,,2", "1,", "3-", "-3", "two", "1-2-3", "0-2", "5-1", "1-999999", "99999999999"].into_iter().map(told).collect();
    insta::assert_snapshot!(all.join("\n"));
}
