//! Timing points of an event, and the device's location texts mapped to them.
//!
//! A location is mapped once, at first sight; renaming the point afterwards changes nothing.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{EventId, PointId, StreamId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub id: PointId,
    pub name: String,
    /// Along the course, from 1; in the order of their making until somebody says otherwise.
    pub position: u32,
}

#[async_trait]
pub trait Points {
    /// The point of that name, made where there is none. Names are compared without case.
    async fn ensure_point(
        &self,
        scope: &PartnerScope,
        event: EventId,
        name: &str,
    ) -> Result<PointId>;

    /// Along the course.
    async fn points(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Point>>;

    /// `Taken` where another point of the event has that name.
    async fn rename_point(&self, scope: &PartnerScope, point: PointId, name: &str) -> Result<()>;

    /// The points of the event in this order along the course; those that are not named follow in
    /// the order they had. `Foreign` where one is not of the event.
    async fn order_points(
        &self,
        scope: &PartnerScope,
        event: EventId,
        points: &[PointId],
    ) -> Result<()>;

    /// `InUse` while a location is mapped to it, a display that was not ended is bound to it, or a
    /// race goes past it.
    async fn remove_point(&self, scope: &PartnerScope, point: PointId) -> Result<()>;

    /// Sends a location of this stream to a point of its event, wherever it went before.
    async fn map_location(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        location: &str,
        point: PointId,
    ) -> Result<()>;

    /// By location.
    async fn locations(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
    ) -> Result<Vec<(String, PointId)>>;

    /// The point of a location. At first sight it is mapped to the point of that name, which is
    /// made where there is none.
    async fn ensure_location(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        location: &str,
    ) -> Result<PointId>;
}
