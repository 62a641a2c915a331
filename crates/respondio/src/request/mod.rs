//! The endpoints, one file each. A request is built, checked, and sent by awaiting it;
//! [`TryIntoRequest`] shows what would be sent without a network.

mod add_comment;
mod add_tags;
mod assign;
mod create_contact;
mod create_custom_field;
mod create_tag;
mod delete_contact;
mod delete_tag;
mod get_contact;
mod get_custom_field;
mod get_message;
mod get_user;
mod list_channels;
mod list_closing_notes;
mod list_contact_channels;
mod list_contacts;
mod list_custom_fields;
mod list_messages;
mod list_users;
mod merge_contacts;
mod outgoing;
mod paging;
mod parts;
mod remove_tags;
mod send_message;
mod set_lifecycle;
mod set_status;
mod update_contact;
mod update_tag;
mod upsert_contact;

pub use add_comment::AddComment;
pub use add_tags::AddTags;
pub use assign::{Assign, AssignTo};
pub use create_contact::CreateContact;
pub use create_custom_field::CreateCustomField;
pub use create_tag::CreateTag;
pub use delete_contact::DeleteContact;
pub use delete_tag::DeleteTag;
pub use get_contact::GetContact;
pub use get_custom_field::GetCustomField;
pub use get_message::GetMessage;
pub use get_user::GetUser;
pub use list_channels::ListChannels;
pub use list_closing_notes::ListClosingNotes;
pub use list_contact_channels::ListContactChannels;
pub use list_contacts::ListContacts;
pub use list_custom_fields::ListCustomFields;
pub use list_messages::ListMessages;
pub use list_users::ListUsers;
pub use merge_contacts::MergeContacts;
pub use outgoing::{Email, EmailAttachment, ProviderTemplate};
pub use parts::{Endpoint, Method, Request, ResponseFuture, TryIntoRequest};
pub use remove_tags::RemoveTags;
pub use send_message::{MessageDraft, SendMessage, SendText};
pub use set_lifecycle::SetLifecycle;
pub use set_status::SetStatus;
pub use update_contact::UpdateContact;
pub use update_tag::UpdateTag;
pub use upsert_contact::UpsertContact;

use paging::{Paging, paged};

/// Makes an endpoint awaitable: builds its request, sends it, reads the answer.
macro_rules! awaitable {
    ($endpoint:ident => $answer:ty, $read:expr) => {
        impl IntoFuture for $endpoint {
            type Output = Result<$crate::Answer<$answer>, $crate::Error>;
            type IntoFuture = $crate::request::ResponseFuture<$answer>;

            fn into_future(self) -> Self::IntoFuture {
                let client = self.client.clone();
                let request = $crate::request::TryIntoRequest::try_into_request(self);
                $crate::request::ResponseFuture::new(
                    async move { $crate::transport::call(&client, request?, $read).await },
                )
            }
        }
    };
}
use awaitable;
