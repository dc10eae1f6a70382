// Package telegram is the gateway to the Telegram Bot API: it fetches updates
// and turns them into events, and it sends messages. It decides nothing about
// either. It is the only package that imports the Telegram library.
//
// The library builds the requests, but for the body of an upload; everything
// behind them is done here, on net/http. A call goes through an
// [http.RoundTripper] straight, never through an [http.Client]: no redirect is
// followed, and no error is made that carries the address, which holds the token.
// The reply is read to its end, so that the connection can be used again, and
// judged in one place: HTTP status, envelope, error table. Every failed call is a
// [chat.Error].
//
// # Caveats
//
// Nothing is retried here and no rate is kept. The caller knows what a second
// try costs.
//
// A reply that got lost leaves the outcome open, see [chat.Error.MaybeApplied].
// The flag errs on the side of "maybe".
//
// Update ids are passed on as they come. After a week without updates Telegram
// goes on at a random number, which may be lower than the last offset, so
// "id below the offset" does not mean "seen before".
//
// All [chat.Update.Raw] of one poll share one buffer: whoever keeps one for
// long should clone it.
//
// The library logs through a package variable of its own. [New] points it at
// nothing, once a process.
package telegram
