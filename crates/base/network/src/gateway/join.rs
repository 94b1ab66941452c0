use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Runs both until both are done, or one says that it is pointless to go on.
pub(super) async fn both(first: impl Future<Output = bool>, second: impl Future<Output = bool>) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut first_done, mut second_done) = (false, false);
    poll_fn(|context| {
        if !first_done && let Poll::Ready(go_on) = first.as_mut().poll(context) {
            first_done = true;
            if !go_on {
                return Poll::Ready(());
            }
        }
        if !second_done && let Poll::Ready(go_on) = second.as_mut().poll(context) {
            second_done = true;
            if !go_on {
                return Poll::Ready(());
            }
        }
        if first_done && second_done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Runs both until the first is done, or the second gives something.
pub(super) async fn until<T>(first: impl Future<Output = T>, second: impl Future<Output = Option<T>>) -> T {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let mut second_done = false;
    poll_fn(|context| {
        if let Poll::Ready(value) = first.as_mut().poll(context) {
            return Poll::Ready(value);
        }
        if !second_done && let Poll::Ready(value) = second.as_mut().poll(context) {
            second_done = true;
            if let Some(value) = value {
                return Poll::Ready(value);
            }
        }
        Poll::Pending
    })
    .await
}
