//! Helpers for single elements: their text, and the words of their class and id.

use scraper::ElementRef;

/// Returns the words of a class or id, in lower case: `postFooter_main` has three.
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

/// Returns the text of an element, with a space after each text node.
pub(super) fn spaced_text(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ")
}
