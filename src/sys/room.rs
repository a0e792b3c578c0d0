//! Room of a fixed size, for what is done in rounds.

/// So much; two in a model, so that the end of the room is explored as well.
pub(crate) const fn of(usual: usize) -> usize {
    if cfg!(untether_loom) { 2 } else { usual }
}
