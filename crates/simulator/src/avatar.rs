//! Generated avatars with an initial, served under `/sim/avatars`.

/// Background and ink of the eight categories.
const COLOURS: [(&str, &str); 8] = [
    ("#ffcbc3", "#672d27"),
    ("#f7d1b1", "#603502"),
    ("#dedcae", "#484300"),
    ("#bde5c6", "#144d29"),
    ("#abe6e5", "#004e4f"),
    ("#b5e0fd", "#004668"),
    ("#d9d3fe", "#43376a"),
    ("#f7cae2", "#602c4b"),
];

fn escape(text: char) -> String {
    match text {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        other => other.to_string(),
    }
}

/// First letter that can stand alone (a Thai leading vowel cannot).
fn initial(name: &str) -> char {
    name.chars()
        .find(|c| c.is_alphabetic() && !('เ'..='ไ').contains(c))
        .map_or('?', |c| c.to_uppercase().next().unwrap_or(c))
}

/// An SVG avatar for a name; the same name always gets the same colours.
pub(crate) fn svg(username: &str, display_name: &str) -> String {
    let sum = username.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let (ground, ink) = COLOURS[sum % COLOURS.len()];
    let letter = escape(initial(display_name));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"96\" height=\"96\" viewBox=\"0 0 96 96\"><rect width=\"96\" height=\"96\" fill=\"{ground}\"/>\
         <text x=\"48\" y=\"62\" font-family=\"Inter, Noto Sans Thai, sans-serif\" font-size=\"42\" font-weight=\"600\" text-anchor=\"middle\" fill=\"{ink}\">{letter}</text></svg>"
    )
}
