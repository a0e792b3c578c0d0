//! What holds a closure has a name to show, and nothing more.

/// Gives each a `Debug` of its name alone, whatever its parameters are.
macro_rules! opaque {
    ($($name:ident<$($parameter:ident),*>)*) => {$(
        impl<$($parameter),*> core::fmt::Debug for $name<$($parameter),*> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}
pub(crate) use opaque;
