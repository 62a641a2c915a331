//! Prints the API document. `make gen` keeps it in `docs/generated/openapi.json`, from which the dashboard's types are generated.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    io::stdout().write_all(message_gateway::http::openapi::document_json().as_bytes())
}
