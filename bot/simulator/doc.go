// Package simulator is a Telegram Bot API server that lives in one process. A bot talks to it exactly as it would to
// the real thing, over HTTP; people, groups and channels are driven from Go (tests) or from a chat page (the demo).
//
// It is strict on purpose: whatever the real server would refuse, it refuses, with the same code and the same words,
// so that a bot that behaves here has no surprise waiting in production.
//
//	s := simulator.New(simulator.Config{Token: "1:x", BotUsername: "back_bot"})
//	memory := s.InMemory()           // no sockets: fit for a testing/synctest bubble
//	defer memory.Close()
//	client := &http.Client{Transport: memory.Transport()}
//	// ... run a bot against memory.URL() with client ...
//	anna := s.Person(1001)
//	anna.SendCommand("/start")
//	msgs, err := anna.Await(ctx, func(m []simulator.Message) bool { return len(m) == 2 })
//	_, err = anna.PressLabel(msgs[1].ID, "Yes")
//
// # Clocks
//
// What a chat remembers (message dates, the age of an update, the age of a callback query) is measured with
// [Config.Now], which a demo may run fast. What a connection feels (long polls, delays, rates, retry_after) is real
// time. Inside a synctest bubble both are the bubble's clock.
//
// # Caveats
//
//   - Parse modes: HTML only. Markdown and MarkdownV2 are refused.
//   - A bare ampersand is refused, as the documentation says; the real server lets some of them pass. A bare ">" passes
//     in both.
//   - Message ids count from 1 in every chat. On the real server private chats and basic groups share one counter.
//   - Lengths are counted in UTF-16 units, the safe reading of "characters".
//   - Webhooks are remembered, so that getUpdates is refused while one is set, but never called.
//   - Group privacy is off: a bot in a group hears everything.
//   - Reply keyboards are accepted and kept as [Message.OtherMarkup], not shown on the page.
//   - A repeated getUpdates with an unmoved offset is answered in full and at once; the real server holds such polls back.
//   - How long a callback query may be answered is not published. [Limits.AnswerWindow] is a guess.
//   - Uploads are kept in memory for the life of the server.
package simulator
