//! Templates that a partner's people make: a draft that is worked on, and its saved states.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{BuiltIn, DisplayId, Document, Panel, PartnerId, TemplateId, UnixMicros};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTemplate {
    pub name: String,
    pub document: Document,
    /// The built-in one that it goes back to, or is nearest to: what an older program shows instead
    /// of it.
    pub made_from: BuiltIn,
}

/// A template, without what it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub id: TemplateId,
    pub name: String,
    pub made_from: BuiltIn,
    /// Put away. Displays that draw with it go on.
    pub archived: bool,
    pub created_at: UnixMicros,
    pub edited_at: UnixMicros,
    /// The newest version that was published.
    pub published: Option<u32>,
    /// Displays that draw with one of its versions, and are neither ended nor expired.
    pub displays: u32,
}

/// What is worked on of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub id: TemplateId,
    pub partner: PartnerId,
    pub name: String,
    pub made_from: BuiltIn,
    pub archived: bool,
    pub edited_at: UnixMicros,
    /// Goes up with every save.
    pub revision: u64,
    /// Warnings that somebody published it in spite of.
    pub accepted: Vec<String>,
    /// The screen that it is for, where somebody has said it.
    pub panel: Option<Panel>,
    pub document: Document,
}

#[derive(Clone, Copy, Debug)]
pub struct DraftSave<'a> {
    /// What the saved one was made from.
    pub base: u64,
    pub document: &'a Document,
    /// Whose change it is.
    pub by: &'a str,
    pub at: UnixMicros,
    /// Where the newest version, or else the template, is older than this, the draft as it was is
    /// kept as a version, unless it is one.
    pub keep_before: UnixMicros,
}

#[derive(Clone, Copy, Debug)]
pub struct Publication<'a> {
    /// The draft as whoever publishes saw it.
    pub revision: u64,
    /// They draw with the published version from then on.
    pub displays: &'a [DisplayId],
    pub accepted: &'a [String],
    pub by: &'a str,
    pub at: UnixMicros,
}

/// A saved state, without what it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// May be empty.
    pub name: String,
    pub made_at: UnixMicros,
    /// Who had it made; of an automatic one, whose change it was kept before.
    pub made_by: String,
    pub origin: VersionOrigin,
    /// Displays that draw with it, and are neither ended nor expired.
    pub displays: u32,
}

/// How a version came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionOrigin {
    Published,
    /// Somebody wanted to have it again.
    Named,
    /// It was there when somebody began to change it.
    Automatic,
}

impl VersionOrigin {
    pub(crate) const ALL: [Self; 3] = [Self::Published, Self::Named, Self::Automatic];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Named => "named",
            Self::Automatic => "automatic",
        }
    }
}

#[async_trait]
pub trait Templates {
    /// With revision 1 and no version.
    async fn create_template(
        &self,
        scope: &PartnerScope,
        new: NewTemplate,
        at: UnixMicros,
    ) -> Result<TemplateId>;

    /// In the order in which they were made, archived ones too.
    async fn templates(&self, scope: &PartnerScope, now: UnixMicros) -> Result<Vec<Template>>;

    async fn draft(&self, scope: &PartnerScope, id: TemplateId) -> Result<Draft>;

    async fn rename_template(&self, scope: &PartnerScope, id: TemplateId, name: &str)
    -> Result<()>;

    /// Puts it away, or brings it back.
    async fn archive_template(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        archived: bool,
    ) -> Result<()>;

    /// The draft stays of the revision that it is.
    async fn set_panel(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        panel: Option<Panel>,
    ) -> Result<()>;

    /// Gives the new revision. `Stale` where somebody else saved meanwhile.
    async fn save_draft(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        save: DraftSave<'_>,
    ) -> Result<u64>;

    /// Makes a version of the draft unless the newest published one is the same, and gives its
    /// number. `Stale` where the draft was saved meanwhile or a display was ended; then nothing is
    /// done.
    async fn publish_draft(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        publication: Publication<'_>,
    ) -> Result<u32>;

    /// Makes a version of the draft, and gives its number.
    async fn keep_draft(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        name: &str,
        by: &str,
        at: UnixMicros,
    ) -> Result<u32>;

    /// The newest first.
    async fn versions(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        now: UnixMicros,
    ) -> Result<Vec<Version>>;

    async fn version_document(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        number: u32,
    ) -> Result<Document>;

    /// An empty name takes the name away.
    async fn name_version(
        &self,
        scope: &PartnerScope,
        id: TemplateId,
        number: u32,
        name: &str,
    ) -> Result<()>;

    /// For the authority, which has no scope yet.
    async fn owner_of_template(&self, id: TemplateId) -> Result<Option<PartnerId>>;
}
