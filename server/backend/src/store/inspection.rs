//! What a look at a store finds.

/// What there is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inspection {
    /// Memory of the process itself: nothing that could be looked at.
    Memory,
    /// No file yet.
    Absent,
    /// A database that can be written.
    Present {
        /// The number of its schema; 0 where it has no tables yet.
        schema: i64,
        /// The number of the schema that this version works with.
        ours: i64,
    },
}
