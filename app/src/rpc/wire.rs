//! How what the server knows comes to the browser: as postcard, whose readers are a fifth of the
//! size of JSON's. What goes the other way is JSON, which is as small to write and can be read.

use super::RpcError;
use leptos::{
    prelude::Resource,
    server::codee::{Decoder, Encoder},
};
use serde::{Serialize, de::DeserializeOwned};

/// What the server put into the page, or is asked for where it did not.
pub type Loaded<T> = Resource<Result<T, RpcError>, Wire>;

/// Loads it once, and whenever it is told to.
pub fn loaded<T, F>(load: impl Fn() -> F + Send + Sync + 'static) -> Loaded<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, RpcError>> + Send + 'static,
{
    Resource::new_with_options(|| (), move |()| load(), false)
}

/// Postcard, in what a page holds for its script.
pub struct Wire;

impl<T: Serialize> Encoder<T> for Wire {
    type Error = postcard::Error;
    type Encoded = Vec<u8>;

    fn encode(value: &T) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Wire {
    type Error = postcard::Error;
    type Encoded = [u8];

    fn decode(bytes: &[u8]) -> Result<T, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}
