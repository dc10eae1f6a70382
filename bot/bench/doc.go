// Package bench measures the whole bot beside what other loops do with the
// same people, over the same wire. It has no code but tests, and is a module
// of its own so that what the bot is measured against is no dependency of the
// bot.
//
// Every contestant makes the same calls, and the server counts them: a
// benchmark in which one press is not answered, or one message not edited,
// fails.
package bench
