//! The client: one connection pool, one method per endpoint. Cheap to clone.
//! Its methods only start a request; the request types in [`crate::request`] do the rest.

use std::{sync::Arc, time::Duration};

use url::Url;

use crate::{
    error::{Error, ErrorKind},
    limits,
    model::{ContactFields, ContactId, CustomFieldId, DataType, Identifier, MessageId, Tag, UserId},
    request::{
        AddComment, AddTags, Assign, AssignTo, CreateContact, CreateCustomField, CreateTag, DeleteContact, DeleteTag,
        GetContact, GetCustomField, GetMessage, GetUser, ListChannels, ListClosingNotes, ListContactChannels,
        ListContacts, ListCustomFields, ListMessages, ListUsers, MergeContacts, MessageDraft, RemoveTags, SetLifecycle,
        SetStatus, UpdateContact, UpdateTag, UpsertContact,
    },
    secret::AccessToken,
};

/// Respond.io's Developer API, version 2.
pub const DEFAULT_BASE_URL: &str = "https://api.respond.io/v2";

const DEFAULT_USER_AGENT: &str = concat!("respondio-api/", env!("CARGO_PKG_VERSION"));

/// Client of Respond.io's Developer API.
///
/// Holds no credentials: every call names the token it uses, so one client serves any number of
/// workspaces. It never repeats a request and never reads the environment.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    base_url: String,
}

/// Settings of a [`Client`]; made by [`Client::builder`].
#[derive(Debug, Clone)]
#[must_use = "call `build` to get the client"]
pub struct ClientBuilder {
    base_url: String,
    connect_timeout: Duration,
    timeout: Duration,
    user_agent: String,
    proxy: Option<String>,
}

impl ClientBuilder {
    /// Another API than Respond.io's, for example a simulator. Default [`DEFAULT_BASE_URL`]; a slash
    /// at the end makes no difference.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long a connection may take to be made. Default 5 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a call may take in all. Default [`limits::TIMEOUT`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The `User-Agent` header. Default `respondio-api/<version>`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// A proxy for all calls. Default none; proxy variables of the environment are not read.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Some(address.into());
        self
    }

    /// The finished client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the base or the proxy is not an http(s) address, the user
    /// agent is not a header value, or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let configuration = |what: &str| ErrorKind::Configuration(what.to_owned());
        let base = Url::parse(&self.base_url)
            .map_err(|error| Error::with(configuration("the base address is not a URL"), error))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(Error::new(configuration("the base address is not http or https")));
        }
        let mut http = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .user_agent(self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // A server that closes an idle connection just as a send takes it makes the send
            // uncertain; short idling makes that rare.
            .pool_idle_timeout(Duration::from_secs(15))
            .referer(false)
            .no_proxy();
        if let Some(address) = self.proxy {
            let proxy = reqwest::Proxy::all(address)
                .map_err(|error| Error::with(configuration("the proxy is not a URL"), error))?;
            http = http.proxy(proxy);
        }
        let http =
            http.build().map_err(|error| Error::with(configuration("the HTTP client cannot be set up"), error))?;
        Ok(Client { inner: Arc::new(Inner { http, base_url: base.as_str().trim_end_matches('/').to_owned() }) })
    }
}

impl Client {
    /// Starts with the defaults.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            base_url: DEFAULT_BASE_URL.to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: limits::TIMEOUT,
            user_agent: DEFAULT_USER_AGENT.to_owned(),
            proxy: None,
        }
    }

    /// Lists contacts: `POST /contact/list`.
    pub fn list_contacts(&self, token: &AccessToken) -> ListContacts {
        ListContacts::new(self, token)
    }

    /// Reads a contact: `GET /contact/{identifier}`.
    pub fn contact(&self, token: &AccessToken, contact: impl Into<Identifier>) -> GetContact {
        GetContact::new(self, token, contact.into())
    }

    /// Makes a contact by email or phone: `POST /contact/{identifier}`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] for a contact by id, or without a first name.
    pub fn create_contact(
        &self,
        token: &AccessToken,
        contact: Identifier,
        fields: ContactFields,
    ) -> Result<CreateContact, Error> {
        CreateContact::new(self, token, contact, fields)
    }

    /// Makes a contact or changes it: `POST /contact/create_or_update/{identifier}`.
    pub fn create_or_update_contact(
        &self,
        token: &AccessToken,
        contact: impl Into<Identifier>,
        fields: ContactFields,
    ) -> UpsertContact {
        UpsertContact::new(self, token, contact.into(), fields)
    }

    /// Changes a contact: `PUT /contact/{identifier}`.
    pub fn update_contact(
        &self,
        token: &AccessToken,
        contact: impl Into<Identifier>,
        fields: ContactFields,
    ) -> UpdateContact {
        UpdateContact::new(self, token, contact.into(), fields)
    }

    /// Removes a contact: `DELETE /contact/{identifier}`.
    pub fn delete_contact(&self, token: &AccessToken, contact: impl Into<Identifier>) -> DeleteContact {
        DeleteContact::new(self, token, contact.into())
    }

    /// Makes one contact of two: `POST /contact/merge`. `keep` remains.
    pub fn merge_contacts(&self, token: &AccessToken, keep: ContactId, other: ContactId) -> MergeContacts {
        MergeContacts::new(self, token, keep, other)
    }

    /// Lists the channels of a contact: `GET /contact/{identifier}/channels`.
    pub fn list_contact_channels(&self, token: &AccessToken, contact: impl Into<Identifier>) -> ListContactChannels {
        ListContactChannels::new(self, token, contact.into())
    }

    /// Puts tags on a contact: `POST /contact/{identifier}/tag`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] for no tag, more than ten, or a name that is empty or too long.
    pub fn add_tags<T: Into<String>>(
        &self,
        token: &AccessToken,
        contact: impl Into<Identifier>,
        tags: impl IntoIterator<Item = T>,
    ) -> Result<AddTags, Error> {
        AddTags::new(self, token, contact.into(), tags.into_iter().map(Into::into).collect())
    }

    /// Takes tags off a contact: `DELETE /contact/{identifier}/tag`.
    ///
    /// # Errors
    /// As [`Self::add_tags`].
    pub fn remove_tags<T: Into<String>>(
        &self,
        token: &AccessToken,
        contact: impl Into<Identifier>,
        tags: impl IntoIterator<Item = T>,
    ) -> Result<RemoveTags, Error> {
        RemoveTags::new(self, token, contact.into(), tags.into_iter().map(Into::into).collect())
    }

    /// Puts a contact into a lifecycle stage, or with `None` into none:
    /// `POST /contact/{identifier}/lifecycle/update`.
    pub fn set_lifecycle(
        &self,
        token: &AccessToken,
        contact: impl Into<Identifier>,
        stage: Option<String>,
    ) -> SetLifecycle {
        SetLifecycle::new(self, token, contact.into(), stage)
    }

    /// Adds an internal comment, see [`mention`](crate::model::mention):
    /// `POST /contact/{identifier}/comment`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] for a text that is empty or longer than 1,000.
    pub fn add_comment(
        &self,
        token: &AccessToken,
        contact: impl Into<Identifier>,
        text: impl Into<String>,
    ) -> Result<AddComment, Error> {
        AddComment::new(self, token, contact.into(), text.into())
    }

    /// Assigns a conversation: `POST /contact/{identifier}/conversation/assignee`.
    pub fn assign(&self, token: &AccessToken, contact: impl Into<Identifier>, assignee: impl Into<AssignTo>) -> Assign {
        Assign::new(self, token, contact.into(), assignee.into())
    }

    /// Opens a conversation: `POST /contact/{identifier}/conversation/status`.
    pub fn open_conversation(&self, token: &AccessToken, contact: impl Into<Identifier>) -> SetStatus {
        SetStatus::open(self, token, contact.into())
    }

    /// Closes a conversation with a category, see [`Self::list_closing_notes`], and a summary:
    /// `POST /contact/{identifier}/conversation/status`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] for an empty category, or one of both too long.
    pub fn close_conversation(
        &self,
        token: &AccessToken,
        contact: impl Into<Identifier>,
        category: impl Into<String>,
        summary: impl Into<String>,
    ) -> Result<SetStatus, Error> {
        SetStatus::close(self, token, contact.into(), category.into(), summary.into())
    }

    /// Closes a conversation without category and summary. Whether that is taken is not certain: the
    /// vendor's sources disagree.
    pub fn close_conversation_without_note(&self, token: &AccessToken, contact: impl Into<Identifier>) -> SetStatus {
        SetStatus::close_without_note(self, token, contact.into())
    }

    /// Sends a message: `POST /contact/{identifier}/message`.
    pub fn send_message(&self, token: &AccessToken, contact: impl Into<Identifier>) -> MessageDraft {
        MessageDraft::new(self, token, contact.into())
    }

    /// Reads a message: `GET /contact/{identifier}/message/{messageId}`.
    pub fn message(
        &self,
        token: &AccessToken,
        contact: impl Into<Identifier>,
        message: impl Into<MessageId>,
    ) -> GetMessage {
        GetMessage::new(self, token, contact.into(), message.into())
    }

    /// Lists the messages of a contact, newest first: `GET /contact/{identifier}/message/list`.
    pub fn list_messages(&self, token: &AccessToken, contact: impl Into<Identifier>) -> ListMessages {
        ListMessages::new(self, token, contact.into())
    }

    /// Lists the users: `GET /space/user`.
    pub fn list_users(&self, token: &AccessToken) -> ListUsers {
        ListUsers::new(self, token)
    }

    /// Reads a user: `GET /space/user/{id}`.
    pub fn user(&self, token: &AccessToken, user: impl Into<UserId>) -> GetUser {
        GetUser::new(self, token, user.into())
    }

    /// Lists the channels: `GET /space/channel`.
    pub fn list_channels(&self, token: &AccessToken) -> ListChannels {
        ListChannels::new(self, token)
    }

    /// Lists the custom fields: `GET /space/custom_field`.
    pub fn list_custom_fields(&self, token: &AccessToken) -> ListCustomFields {
        ListCustomFields::new(self, token)
    }

    /// Reads a custom field: `GET /space/custom_field/{id}`.
    pub fn custom_field(&self, token: &AccessToken, field: impl Into<CustomFieldId>) -> GetCustomField {
        GetCustomField::new(self, token, field.into())
    }

    /// Makes a custom field: `POST /space/custom_field`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] for a name that is empty or longer than 255.
    pub fn create_custom_field(
        &self,
        token: &AccessToken,
        name: impl Into<String>,
        data_type: DataType,
    ) -> Result<CreateCustomField, Error> {
        CreateCustomField::new(self, token, name.into(), data_type)
    }

    /// Lists the closing notes: `GET /space/closing_notes`.
    pub fn list_closing_notes(&self, token: &AccessToken) -> ListClosingNotes {
        ListClosingNotes::new(self, token)
    }

    /// Makes a tag: `POST /space/tag`.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`] for a name that is empty or longer than 255.
    pub fn create_tag(&self, token: &AccessToken, tag: Tag) -> Result<CreateTag, Error> {
        CreateTag::new(self, token, tag)
    }

    /// Changes the tag that is now called `current_name`: `PUT /space/tag`.
    ///
    /// # Errors
    /// As [`Self::create_tag`].
    pub fn update_tag(
        &self,
        token: &AccessToken,
        current_name: impl Into<String>,
        tag: Tag,
    ) -> Result<UpdateTag, Error> {
        UpdateTag::new(self, token, current_name.into(), tag)
    }

    /// Removes a tag: `DELETE /space/tag`.
    pub fn delete_tag(&self, token: &AccessToken, name: impl Into<String>) -> DeleteTag {
        DeleteTag::new(self, token, name.into())
    }

    /// The API address, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base_url", &self.inner.base_url).finish_non_exhaustive()
    }
}
