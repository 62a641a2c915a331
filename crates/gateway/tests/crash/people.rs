//! Who writes and who answers, the same in every test.

/// The business.
pub(crate) const SHOP: &str = "baan.kafe.demo";
/// Customers, each with a conversation of their own.
pub(crate) const CUSTOMERS: usize = 12;
/// A bearer token with owner rights.
pub(crate) const API_SECRET: &str = "api-secret-of-the-tests-0123456789abcdef";

/// The handle of a customer.
pub(crate) fn customer(number: usize) -> String {
    format!("customer{number:02}.demo")
}
