//! Question cards with one to three buttons: built for a send, read from echoes and lists.
//! The two shapes TikTok uses for the same card are told apart only here.

use serde_json::Value;

use super::string_enum::string_enum;
use crate::{
    error::ValidationError,
    limits,
    wire::{FieldError, Fields},
};

string_enum! {
    /// The look of a card. Both send the button's text back; neither opens an address.
    TemplateStyle {
        /// Buttons below each other, titles of at most 20 characters.
        ButtonCard = "QA_BUTTON_CARD",
        /// Text links below each other, titles of at most 40 characters.
        LinkCard = "QA_LINK_CARD",
    }
}

/// A card with buttons. Shown in the TikTok app only, not on TikTok's website.
///
/// Source: portal page 1832184403754242, read 2026-11-20.
///
/// ```
/// use tiktok::model::{Template, TemplateButton};
///
/// let card = Template::button_card(
///     "How can we help?",
///     [TemplateButton::new("Book a table").id("opt_book"), TemplateButton::new("Menu")],
/// )?;
/// assert_eq!(card.buttons.len(), 2);
/// # Ok::<(), tiktok::ValidationError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Template {
    /// Buttons or text links.
    pub style: TemplateStyle,
    /// The question above the buttons, at most 40 characters.
    pub title: String,
    /// One to three buttons.
    pub buttons: Vec<TemplateButton>,
}

/// One button of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateButton {
    /// Your own id, at most 40 characters; comes back when the button is tapped.
    pub id: Option<String>,
    /// What it says, and what the user sends by tapping it.
    pub title: String,
}

impl TemplateButton {
    /// A button without an id.
    pub fn new(title: impl Into<String>) -> Self {
        Self { id: None, title: title.into() }
    }

    /// Gives the button an id of your own.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

impl Template {
    /// A card with buttons.
    ///
    /// # Errors
    /// A title or id that is empty or too long, or a number of buttons other than 1–3.
    pub fn button_card(
        title: impl Into<String>,
        buttons: impl IntoIterator<Item = TemplateButton>,
    ) -> Result<Self, ValidationError> {
        Self::checked(TemplateStyle::ButtonCard, title.into(), buttons, limits::BUTTON_TITLE_MAX)
    }

    /// A card with text links.
    ///
    /// # Errors
    /// A title or id that is empty or too long, or a number of buttons other than 1–3.
    pub fn link_card(
        title: impl Into<String>,
        buttons: impl IntoIterator<Item = TemplateButton>,
    ) -> Result<Self, ValidationError> {
        Self::checked(TemplateStyle::LinkCard, title.into(), buttons, limits::LINK_TITLE_MAX)
    }

    fn checked(
        style: TemplateStyle,
        title: String,
        buttons: impl IntoIterator<Item = TemplateButton>,
        button_title_max: usize,
    ) -> Result<Self, ValidationError> {
        ValidationError::check_text("template.title", &title, limits::TEMPLATE_TITLE_MAX)?;
        let buttons: Vec<_> = buttons.into_iter().collect();
        ValidationError::check_count("template.buttons", buttons.len(), 1, limits::TEMPLATE_BUTTONS_MAX)?;
        for button in &buttons {
            let field = "template.buttons.title";
            ValidationError::check_text(field, &button.title, button_title_max)?;
            if let Some(id) = &button.id {
                ValidationError::check_text("template.buttons.id", id, limits::BUTTON_ID_MAX)?;
            }
        }
        Ok(Self { style, title, buttons })
    }

    /// Reads `{type,title,buttons[]{title}}` (REST) and `{type,elements[]{title,buttons[]{text}}}`
    /// (webhook).
    pub(crate) fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        let style = fields.need("type")?;
        let card = match fields.list("elements").first() {
            Some(element) => Fields::of(element, "elements")?,
            None => fields,
        };
        let buttons = card.list("buttons").iter().map(TemplateButton::read);
        Ok(Self { style, title: card.need_text("title")?, buttons: buttons.collect::<Result<_, _>>()? })
    }
}

impl TemplateButton {
    fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "buttons")?;
        let title = fields.text("title").or_else(|| fields.text("text"));
        Ok(Self { id: fields.filled("id"), title: title.ok_or(FieldError("buttons.title"))? })
    }
}
