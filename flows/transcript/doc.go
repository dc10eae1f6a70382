// Package transcript plays a conversation with the engine and writes it down.
//
// A [Player] is the world around the engine for one person: it keeps the state,
// the timers, the chat and the clock. A transcript is what went on, for people to
// read. Lines that begin with ">" are what the
// person does, and the lines below each are what follows:
//
//	> /spasm          a command
//	> press none      a press of the newest button with that label or choice
//	> tap none        the same, by somebody who may not have read the message: too soon
//	                  after it was sent, a button with a reading time does not count
//	> data s1.none    a press with this data, wherever it comes from
//	> text hello      a text message
//	> edit 7          the person changes the last message that they typed, or the words
//	                  below what they sent, to this
//	> sends photo     something that is not text; "sends photo: hello" with words below it
//	> wait 2h         time passes, and the timers come due in it
//	> wait next       time passes until the next timer is due
//	> down 2h         time passes while the bot is down
//	> speaks de       the language of the person's messenger, set before all else
//	> zone Asia/Tokyo the zone of the person until told, set before all else
//	> at 22:30        when the conversation begins, there: an hour of Noon's day, or
//	                  a day and an hour, such as 2026-03-01 22:30
//	> blocks          the person blocks the bot
//	> unblocks        and lets it back in
//
// Lines that begin with "#" are remarks and stay; all other lines are made anew
// whenever the transcript is played. What follows is stamped with the hours and
// minutes since the conversation began, which is at [Noon] unless it says
// otherwise. What is whispered comes without a sound.
//
// Like all of flows, the package does no I/O and reads no clock: the same
// catalog and the same inputs give the same transcript for ever.
package transcript
