//! Tokens, cancelled themselves or with one above them, and the flat flag.

use super::*;
use untether::sync::cancel::{WhenCancelled, WhenFlagged};
use untether::sync::{CancelFlag, CancelToken};

fn touch_token(token: &CancelToken) {
    drop(token.child());
    drop(CancelToken::any([token, token]));
    drop(token.on_cancel(|_| ()));
    use_up(token.cancelled());
    let _ = (token.cause(), token.check().is_ok(), format!("{token:?}"));
    token.cancel();
}

macro_rules! of_token {
    ($name:ident, $said:literal, $below:expr) => {
        /// The token that is cancelled, and the one that is waited for.
        pub(crate) struct $name(CancelToken, CancelToken);

        impl Scene for $name {
            type Wait = WhenCancelled<CancelToken>;

            const NAME: &'static str = $said;

            const DROP_PANIC_GOES_ON: bool = true;

            fn new() -> Self {
                let top = CancelToken::new();
                let below: fn(&CancelToken) -> CancelToken = $below;
                Self(top.clone(), below(&top))
            }

            fn wait(self: &Arc<Self>) -> Self::Wait {
                self.1.clone().cancelled_owned()
            }

            fn tell(&self) {
                self.0.cancel();
            }

            fn touch(self: &Arc<Self>) {
                touch_token(&self.1);
                touch_token(&self.0);
            }
        }
    };
}

of_token!(OfToken, "CancelToken", CancelToken::clone);
of_token!(OfChild, "CancelToken, child", CancelToken::child);
of_token!(OfAny, "CancelToken, any", |top| CancelToken::any([&CancelToken::new(), top]));

pub(crate) struct OfFlag(Arc<CancelFlag>);

impl Scene for OfFlag {
    type Wait = WhenFlagged<Arc<CancelFlag>>;

    const NAME: &'static str = "CancelFlag";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        Self(Arc::default())
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        CancelFlag::cancelled_owned(self.0.clone())
    }

    fn tell(&self) {
        self.0.cancel();
    }

    fn touch(self: &Arc<Self>) {
        use_up(self.0.cancelled());
        let _ = (self.0.cause(), self.0.is_cancelled(), format!("{:?}", self.0));
        self.0.cancel();
    }
}
