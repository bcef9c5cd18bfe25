//! Shows and the displays that are their URLs.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{
    DisplayCode, DisplayId, EventId, PartnerId, PointId, RundownOverrides, ShowId, ShowMode,
    StreamId, TemplatePin, UnixMicros,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDisplay {
    pub event: EventId,
    /// What people call it; may be empty.
    pub name: String,
    pub mode: ShowMode,
    pub template: TemplatePin,
    pub rundown: RundownOverrides,
    pub stream: StreamId,
    pub points: Vec<PointId>,
    pub expires_at: UnixMicros,
}

/// What is to be another of a display's show. `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowChange {
    pub template: Option<TemplatePin>,
    pub rundown: Option<RundownOverrides>,
}

/// A display with all that its show is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Display {
    pub id: DisplayId,
    pub show: ShowId,
    pub code: DisplayCode,
    pub partner: PartnerId,
    pub event: EventId,
    pub name: String,
    pub mode: ShowMode,
    pub template: TemplatePin,
    /// How it takes its turns, where that is not as the template does.
    pub rundown: RundownOverrides,
    pub stream: StreamId,
    /// Along the course.
    pub points: Vec<PointId>,
    pub expires_at: UnixMicros,
    /// Switched off for good.
    pub ended: bool,
}

#[async_trait]
pub trait Displays {
    /// A show and its display with a code that nobody has. `Foreign` where the stream or a point
    /// is not of that event, or the template's version not of the partner.
    async fn create_display(&self, scope: &PartnerScope, new: NewDisplay) -> Result<Display>;

    /// Of all partners, one after the other, but for those that were ended: for the server, which
    /// shows them until they expire.
    async fn all_displays(&self) -> Result<Vec<Display>>;

    /// Of an event, in the order in which they were made; ended and expired ones too.
    async fn displays(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Display>>;

    async fn display(&self, scope: &PartnerScope, id: DisplayId) -> Result<Display>;

    /// For the authority, which has no scope yet.
    async fn owner_of_display(&self, id: DisplayId) -> Result<Option<PartnerId>>;

    /// Whose display a code opens, ended or expired ones too: for the authority, which has no
    /// scope yet.
    async fn owner_of_code(&self, code: &DisplayCode) -> Result<Option<(PartnerId, DisplayId)>>;

    /// Switches it off for good. Its code is not given again.
    async fn end_display(&self, scope: &PartnerScope, id: DisplayId) -> Result<()>;

    /// Lets it live until then, earlier or later than it would have. `Stale` where it was ended.
    async fn extend_display(
        &self,
        scope: &PartnerScope,
        id: DisplayId,
        expires_at: UnixMicros,
    ) -> Result<()>;

    /// `Stale` where it was ended, `Foreign` where the template's version is not of the partner.
    async fn update_show(
        &self,
        scope: &PartnerScope,
        id: DisplayId,
        change: ShowChange,
    ) -> Result<()>;

    /// Shows reads of another stream, or over other points of it, from now on. `Stale` where it was
    /// ended, `Foreign` where the stream or a point is not of the display's event.
    async fn bind_show(
        &self,
        scope: &PartnerScope,
        id: DisplayId,
        stream: StreamId,
        points: &[PointId],
    ) -> Result<()>;

    /// An empty name takes the name away.
    async fn rename_display(&self, scope: &PartnerScope, id: DisplayId, name: &str) -> Result<()>;
}
