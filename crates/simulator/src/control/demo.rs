//! The invented people of `message-gateway dev` and `simulator`: a cast to begin with.

use crate::simulator::Simulator;
use crate::state::businesses::NewBusiness;
use crate::state::customers::NewCustomer;

const BUSINESSES: [(&str, &str, bool); 3] = [
    ("doimok.cotton", "ดอยหมอกคอตตอน", true),
    ("krok.coffee", "Krok Coffee ☕", true),
    ("somchai.demo", "สมชาย", false),
];

const CUSTOMERS: [(&str, &str, &str); 5] = [
    ("mint.warunya", "มิ้นท์ วรัญญา", "TH"),
    ("art.s", "Art Sirichai", "TH"),
    ("jwhitfield", "James Whitfield", "SG"),
    ("lena.v", "Lena Vogt", "DE"),
    ("padaeng", "ป้าแดง ขนมไทย", "TH"),
];

impl Simulator {
    /// Adds the demo cast: two businesses, a personal account, five customers. Those that exist stay as they are.
    pub fn seed_demo(&self) {
        for (username, name, business) in BUSINESSES {
            let new = NewBusiness { is_business_account: Some(business), ..NewBusiness::new(username, name) };
            // Already there: nothing to do.
            _ = self.create_business(new);
        }
        for (username, name, region) in CUSTOMERS {
            let new = NewCustomer { region: Some(region.to_owned()), ..NewCustomer::new(username, name) };
            _ = self.create_customer(new);
        }
    }
}
