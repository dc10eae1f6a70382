// Package bot connects the pure core to the world: updates and due timers go
// through one pipe into the step function, one transaction keeps what came of
// it, and only then does anything leave for the messenger.
//
//	poller ────▶ intake ─▶┐                              ┌──▶ answers ────────────▶ Gateway
//	scheduler ─▶ timers ─▶ pipe ──▶ Store (one commit) ──┤
//	sweep ───────────────▶┘                              └──▶ loader ──▶ outbox ──▶ sender ──▶ Gateway
//	                                                                                  └──▶ Store (receipt)
//
// What is on the right knows nothing of what is on its left; the sender alone
// goes through the pipe again, with people whom no message reaches any more. Which
// message is next, and when, is package outbox's to say.
//
// Three promises hold at every instruction:
//
//   - The poll offset that the Gateway sees was committed before, together with
//     all effects of the updates below it.
//   - A message that the Gateway sees was committed before, and is marked as
//     being sent before the call is made.
//   - Within a private chat messages leave in the order of their numbers, one
//     at a time; only a [flows.TakeOff] overtakes.
//
// What waits may lose its reason: a turn withdraws what it has put an end to, in its
// transaction, and the sender asks once more before it claims a message and before
// it makes the call. A message that is withdrawn says whether it may have arrived; a
// take-off goes by that.
//
// # The end
//
// A door closes first: nothing more is polled, no timer taken. What is in hand is
// finished, and what can be sent is, for as long as [Config.Grace] lasts. A fault
// that no waiting helps ends everything at once.
//
// # Identity
//
// A store belongs to the bot that ran on it first, and is refused to another one. A
// store that is lost, whatever the reason, ends the Bot within seconds. A press counts
// for the message that it names only if the ledger knows the message under it by that
// number: a store that was restored from a copy gives numbers away again.
//
// # Two clocks
//
// Due times, and the times written into the ledger, are bot time, which
// [Clock] tells and which may run fast. Rates, retry-after and backoff belong
// to the messenger's world and are real time.
//
// # Pictures
//
// A file is uploaded with the first message that shows it. What the messenger
// calls it is stored with that message's receipt, and all later messages of
// this bot send the name alone. Words come first: a picture that is refused, or
// that the line cannot carry, is left out, and its words go out without it.
//
// # Papers
//
// The paper of a message is made in the message's flight, from what the store holds
// then, one at a time for all people: nobody else waits for it. Nothing of it is kept, so
// a message that is tried again brings one that is made anew. Who cannot be given it is
// told so in words.
//
// # Refusals
//
// A failure has one scope. What concerns the message ends it, what concerns a chat
// ends what waits for that chat. A refusal that may concern the account (its reason
// is known to nobody, or a person who was here today is said to be out of reach)
// waits for some seconds: it stands only if the messenger knows the bot and not
// three chats meet the same. While polls or getMe fail, nothing is given up. A
// refusal of a person who was heard since the call began is not believed.
//
// # Absences
//
// The store keeps when the bot was last known to work. After an absence, timers
// that came due in it are told in one message for each person. If it was so long
// that the messenger has dropped presses, everybody whose question is in force is
// shown it once more, without a sound: first those with timers, then the others,
// in batches that wait for the sender. While the messenger cannot be reached, no
// timer is taken: the late policies judge it when it can be told.
//
// # Caveats
//
// Delivery is at least once. A message whose call was under way when the
// process died, or whose answer was lost, is sent again; a person may see it
// twice. Messages that were merely queued are sent once. A message whose calls may
// have taken effect three times, while others arrive, is sent again in hours only;
// it then comes behind later ones.
//
// The answer to a button press is not kept: it is worth nothing after some
// seconds. After a crash a button may go on showing its spinner for a while.
//
// A retry-after that the messenger demanded is forgotten at a restart: the first
// call of each chat and method, refused, teaches it again.
//
// Words and commands of a person for whom many messages wait are confirmed,
// counted and passed over. So are presses without end that lead nowhere.
//
// One process at a time may run a Bot on a store and a token. A Bot that begins looks
// whether somebody else polls, and then gives up; one that has begun reports a
// conflict and waits it out.
//
// After a crash, an absence is taken to have begun up to a minute before it did.
//
// A Bot runs once. To run again, make a new one on the same store.
package bot
