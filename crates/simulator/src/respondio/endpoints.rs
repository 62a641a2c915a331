//! The endpoints there are: method, path, the name faults and the log know them by, and who carries them out.

use axum::http::Method;

use super::api::{Call, Done};
use super::refusal::Refusal;
use super::{actions, contacts, messages, send, workspace};
use crate::state::State;

/// One endpoint of `/respondio/v2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Endpoint {
    ListContacts,
    MergeContacts,
    UpsertContact,
    GetContact,
    CreateContact,
    UpdateContact,
    DeleteContact,
    ContactChannels,
    AddTags,
    RemoveTags,
    Lifecycle,
    Comment,
    Assign,
    Status,
    Send,
    ListMessages,
    GetMessage,
    ListUsers,
    GetUser,
    ListChannels,
    ListTemplates,
    ListFields,
    GetField,
    CreateField,
    ClosingNotes,
    CreateTag,
    UpdateTag,
    DeleteTag,
}

use Endpoint as E;

/// Fixed words stand before names in braces, so that `message/list` is no message id.
const ALL: [(Endpoint, &str, &str, &str); 29] = [
    (E::ListContacts, "POST", "contact/list", "respondio/contact/list"),
    (E::MergeContacts, "POST", "contact/merge", "respondio/contact/merge"),
    (E::UpsertContact, "POST", "contact/create_or_update/{}", "respondio/contact/create_or_update"),
    (E::GetContact, "GET", "contact/{}", "respondio/contact/get"),
    (E::CreateContact, "POST", "contact/{}", "respondio/contact/create"),
    (E::UpdateContact, "PUT", "contact/{}", "respondio/contact/update"),
    (E::DeleteContact, "DELETE", "contact/{}", "respondio/contact/delete"),
    (E::ContactChannels, "GET", "contact/{}/channels", "respondio/contact/channels"),
    (E::AddTags, "POST", "contact/{}/tag", "respondio/contact/add_tag"),
    (E::RemoveTags, "DELETE", "contact/{}/tag", "respondio/contact/remove_tag"),
    (E::Lifecycle, "POST", "contact/{}/lifecycle/update", "respondio/contact/lifecycle"),
    (E::Comment, "POST", "contact/{}/comment", "respondio/contact/comment"),
    (E::Assign, "POST", "contact/{}/conversation/assignee", "respondio/contact/assignee"),
    (E::Status, "POST", "contact/{}/conversation/status", "respondio/contact/status"),
    (E::Send, "POST", "contact/{}/message", "respondio/contact/send"),
    (E::ListMessages, "GET", "contact/{}/message/list", "respondio/contact/messages"),
    (E::GetMessage, "GET", "contact/{}/message/{}", "respondio/contact/message"),
    (E::ListUsers, "GET", "space/user", "respondio/space/users"),
    (E::GetUser, "GET", "space/user/{}", "respondio/space/user"),
    (E::ListChannels, "GET", "space/channel", "respondio/space/channels"),
    (E::ListTemplates, "GET", "space/channel/{}/template", "respondio/space/templates"),
    (E::ListTemplates, "GET", "space/channel/{}/mtm", "respondio/space/templates"),
    (E::ListFields, "GET", "space/custom_field", "respondio/space/custom_fields"),
    (E::GetField, "GET", "space/custom_field/{}", "respondio/space/custom_field"),
    (E::CreateField, "POST", "space/custom_field", "respondio/space/create_custom_field"),
    (E::ClosingNotes, "GET", "space/closing_notes", "respondio/space/closing_notes"),
    (E::CreateTag, "POST", "space/tag", "respondio/space/create_tag"),
    (E::UpdateTag, "PUT", "space/tag", "respondio/space/update_tag"),
    (E::DeleteTag, "DELETE", "space/tag", "respondio/space/delete_tag"),
];

impl Endpoint {
    /// By method and raw path below `/respondio/v2/`; with the values that stand for the braces, decoded.
    pub(super) fn find(method: &Method, path: &str) -> Option<(Self, Vec<String>)> {
        let parts: Vec<&str> = path.split('/').collect();
        ALL.iter().find_map(|(endpoint, wanted, pattern, _)| {
            let names: Vec<&str> = pattern.split('/').collect();
            let same = |(name, part): (&&str, &&str)| if *name == "{}" { !part.is_empty() } else { name == part };
            let fits = *wanted == method.as_str() && names.len() == parts.len() && names.iter().zip(&parts).all(same);
            let values = || names.iter().zip(&parts).filter(|(name, _)| **name == "{}").map(|(_, part)| decoded(part));
            fits.then(|| (*endpoint, values().collect()))
        })
    }

    /// The name faults and the log know it by, e.g. `respondio/contact/send`.
    pub(super) fn name(self) -> &'static str {
        ALL.iter().find(|one| one.0 == self).map_or("", |one| one.3)
    }

    pub(super) fn act(self, state: &mut State, call: &Call) -> Result<Done, Refusal> {
        match self {
            Self::ListContacts => contacts::list(state, call).map(Done::from),
            Self::MergeContacts => contacts::merge(state, call).map(Done::from),
            Self::UpsertContact => contacts::upsert(state, call).map(Done::from),
            Self::GetContact => contacts::get(state, call).map(Done::from),
            Self::CreateContact => contacts::create(state, call).map(Done::from),
            Self::UpdateContact => contacts::update(state, call).map(Done::from),
            Self::DeleteContact => contacts::delete(state, call).map(Done::from),
            Self::ContactChannels => contacts::channels(state, call).map(Done::from),
            Self::AddTags => actions::add_tags(state, call).map(Done::from),
            Self::RemoveTags => actions::remove_tags(state, call).map(Done::from),
            Self::Lifecycle => actions::lifecycle(state, call).map(Done::from),
            Self::Comment => actions::comment(state, call).map(Done::from),
            Self::Assign => actions::assign(state, call).map(Done::from),
            Self::Status => actions::status(state, call).map(Done::from),
            Self::Send => send::send(state, call),
            Self::ListMessages => messages::list(state, call).map(Done::from),
            Self::GetMessage => messages::get(state, call).map(Done::from),
            Self::ListUsers => workspace::users(state, call).map(Done::from),
            Self::GetUser => workspace::user(state, call).map(Done::from),
            Self::ListChannels => workspace::channels(state, call).map(Done::from),
            Self::ListTemplates => workspace::templates(state, call).map(Done::from),
            Self::ListFields => workspace::fields(state, call).map(Done::from),
            Self::GetField => workspace::field(state, call).map(Done::from),
            Self::CreateField => workspace::create_field(state, call).map(Done::from),
            Self::ClosingNotes => workspace::closing_notes(state, call).map(Done::from),
            Self::CreateTag => workspace::create_tag(state, call).map(Done::from),
            Self::UpdateTag => workspace::update_tag(state, call).map(Done::from),
            Self::DeleteTag => workspace::delete_tag(state, call).map(Done::from),
        }
    }
}

/// Percent-decoded once; `+` stays, for it begins a phone number.
fn decoded(part: &str) -> String {
    let plain = part.replace('+', "%2B");
    let pairs = format!("x={}", plain.replace('&', "%26"));
    url::form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_endpoint_and_values() {
        let find = |method: Method, path: &str| Endpoint::find(&method, path);
        assert_eq!(find(Method::GET, "contact/id:1/message/list"), Some((E::ListMessages, vec!["id:1".into()])));
        let values = vec!["id:1".to_owned(), "17".to_owned()];
        assert_eq!(find(Method::GET, "contact/id%3A1/message/17"), Some((E::GetMessage, values)));
        assert_eq!(find(Method::POST, "contact/list"), Some((E::ListContacts, vec![])));
        assert_eq!(find(Method::POST, "contact/phone:+66%2B1"), Some((E::CreateContact, vec!["phone:+66+1".into()])));
        assert_eq!(
            find(Method::POST, "contact/email:a%26b@x.co"),
            Some((E::CreateContact, vec!["email:a&b@x.co".into()]))
        );
        for (method, path) in
            [(Method::GET, "contact/list/"), (Method::GET, "contact/"), (Method::PUT, "contact/list/x")]
        {
            assert_eq!(find(method, path), None, "{path}");
        }
        assert!(ALL.iter().all(|(endpoint, ..)| endpoint.name().starts_with("respondio/")));
    }
}
