//! What the steps read of one element: its text, and the words of its class and id.

use scraper::ElementRef;

/// The words of a class or an id, in lower case: `postFooter_main` has three.
pub(super) fn words_of_name(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (was_small && c.is_uppercase()) {
            words.push(String::new());
        }
        was_small = c.is_lowercase();
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The text within, with a space wherever one piece of text ends.
pub(super) fn spaced_text(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ")
}
