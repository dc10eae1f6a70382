// Package outbox decides which message goes out next, to whom and when. It is
// told what was committed, what was launched and how each flight has ended, and
// the time with each call; it reads no clock, waits for nothing, writes nothing
// down and knows no messenger.
//
//	Add, Shelve ──▶ [ shelf: what is in memory ] ──▶ Next ──▶ Slot, Returned ──▶ Arrived ──▶ Done
//	                                                  ▲                          └──▶ Again, Park, Flush, Move
//	                                                  └── chats in order, limits, silences
//
// The contract:
//
//   - Within a private chat messages are launched in the order of their numbers,
//     one at a time: the next when the one before has landed. Only a
//     [flows.TakeOff] overtakes, and everything else a [flows.Tidy].
//   - Of the chats that may be called the one with the message of the best class is
//     next, and of those the one that has waited longest: see [flows.Class].
//   - No second holds more calls than the rate, by the times at which they arrive,
//     however late they are made: see [Outbox.Slot] and [Outbox.Returned]. A chat
//     takes a burst of three, and its rate after that; a group has a third of a
//     person's rate.
//   - After a retry-after the chat keeps silent, however long that is, and
//     everybody if a second chat or method is refused within the second.
//   - After the same doubtful refusal in three chats, with no message that arrived
//     meanwhile, one message at a time is launched, in waits that grow up to half
//     a minute, until one arrives.
//   - What tidies costs nobody else anything: it leaves room in a chat's burst and
//     among the flights for what comes right behind it, holds up no pushes, and there
//     is room for it only where there is much. See [Outbox.Full].
//   - What is withdrawn is not launched, and gets no further call if it was.
//   - What is parked stands aside for minutes and then hours; what is behind it in
//     its chat goes on.
//   - What is launched lands exactly once, with [Outbox.Done], [Outbox.Again] or
//     [Outbox.Park].
//   - Memory is bounded: by [Limits.Held] for pushes and first contacts, by twice as
//     much for the answers to people with an episode, by three times as much for
//     looks and signs. Take-offs are let in always. What does not fit is left in the
//     store, and read from there when there is room.
//
// All times are real time, which the messenger's limits are in.
//
// # Caveats
//
// Messages are chosen a little ahead of their slots, so that their claims can be
// committed meanwhile. A take-off that comes in then goes behind those few.
//
// A parked message comes again out of its order. It has arrived in its place in all
// likelihood, or it would not be parked.
//
// What is read from the store because there is room comes in the order of persons,
// not of age.
//
// The numbers of two persons do not compare: in a group only the order of arrival
// does.
//
// After a merger of two groups two messages may be under way to the same chat.
// The next is launched when both have landed.
//
// What a call takes is added to its second: with calls of 50 ms, thirty a second
// become 28.6. A call that takes longer than five seconds is counted as arrived.
//
// A further call for a message that is under way, as after refused markup, counts
// in its chat but does not wait for the chat's turn.
package outbox
