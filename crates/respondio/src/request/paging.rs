//! `limit` and `cursorId`, the same on every list.

use super::Request;
use crate::{
    error::{Error, ValidationError},
    limits,
    model::Cursor,
};

/// Where a list starts and how much of it to show.
#[derive(Debug, Clone, Default)]
pub(super) struct Paging {
    limit: Option<u32>,
    cursor: Option<Cursor>,
}

impl Paging {
    pub(super) fn limited(self, limit: u32) -> Result<Self, Error> {
        ValidationError::check_count("limit", limit as usize, limits::PAGE_MAX as usize)?;
        Ok(Self { limit: Some(limit), ..self })
    }

    pub(super) fn from(self, cursor: Cursor) -> Self {
        Self { cursor: Some(cursor), ..self }
    }

    pub(super) fn apply(self, mut request: Request) -> Request {
        if let Some(limit) = self.limit {
            request = request.query_pair("limit", limit.to_string());
        }
        if let Some(cursor) = self.cursor {
            request = request.query_pair("cursorId", cursor.as_str());
        }
        request
    }
}

/// Gives an endpoint with a field `paging` the methods `limit` and `cursor`.
macro_rules! paged {
    ($endpoint:ident) => {
        impl $endpoint {
            /// Entries per page, 1–100. Default of the API 10.
            ///
            /// # Errors
            /// [`ErrorKind::Validation`](crate::ErrorKind::Validation) outside that range.
            pub fn limit(mut self, limit: u32) -> Result<Self, $crate::Error> {
                self.paging = self.paging.limited(limit)?;
                Ok(self)
            }

            /// Where to continue: [`Page::next_cursor`](crate::model::Page::next_cursor) of the page
            /// before. Default the start.
            pub fn cursor(mut self, cursor: impl Into<$crate::model::Cursor>) -> Self {
                self.paging = self.paging.from(cursor.into());
                self
            }
        }
    };
}
pub(super) use paged;
