//! Generated pictures: avatars with an initial, and two stickers. Served under `/sim/avatars` and `/sim/stickers`.

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

/// A sticker (`1`) or big emoji (`2`).
pub(crate) fn sticker(name: &str) -> &'static str {
    if name.starts_with('1') {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"160\" height=\"160\" viewBox=\"0 0 160 160\"><path d=\"M34 66h78v40a34 34 0 0 1-34 34h-10a34 34 0 0 1-34-34z\" fill=\"#aa6412\"/>\
         <path d=\"M112 76h10a17 17 0 0 1 0 34h-11\" fill=\"none\" stroke=\"#aa6412\" stroke-width=\"9\"/><path d=\"M56 22c-8 12 8 18 0 32M80 16c-8 14 8 22 0 38M100 22c-8 12 8 18 0 32\" fill=\"none\" stroke=\"#83807a\" stroke-width=\"5\" stroke-linecap=\"round\"/>\
         <circle cx=\"60\" cy=\"96\" r=\"5\" fill=\"#fff\"/><circle cx=\"86\" cy=\"96\" r=\"5\" fill=\"#fff\"/><path d=\"M62 110c6 8 16 8 22 0\" fill=\"none\" stroke=\"#fff\" stroke-width=\"4\" stroke-linecap=\"round\"/></svg>"
    } else {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"160\" height=\"160\" viewBox=\"0 0 160 160\"><circle cx=\"80\" cy=\"80\" r=\"66\" fill=\"#ffd45e\"/>\
         <circle cx=\"58\" cy=\"66\" r=\"8\" fill=\"#603502\"/><circle cx=\"102\" cy=\"66\" r=\"8\" fill=\"#603502\"/><path d=\"M46 92c12 34 56 34 68 0z\" fill=\"#603502\"/></svg>"
    }
}
