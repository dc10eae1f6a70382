// Package app is the bot as a service: flows, a store and a gateway in, a bot
// out that takes edited flows while it runs. "spasmbot run", "spasmbot demo" and
// the system tests start the same one.
//
// Flows are never put to use that would leave a person of the store without a
// step to stand on, or in a round that they do not have, neither at the start nor
// later.
//
// A [Demo] puts a messenger of its own beside the bot, and a page to chat on. A
// [Status] says in numbers how a store stands.
//
// # Caveats
//
// An [App] runs once, as the bot in it does. It closes nothing that it was
// given: the store is its owner's to close, once Run has returned.
package app
