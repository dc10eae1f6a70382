package simulator

import (
	"testing"
	"testing/synctest"
	"time"
)

// A whole week with a bot that polls and a person who writes once a day takes no time at all.
func TestWeekInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{})
		anna := b.server.Person(1001)
		go func() {
			var offset any
			for {
				r, err := b.try(t.Context(), "getUpdates", args{"timeout": 50, "offset": offset})
				if err != nil {
					return
				}
				for _, u := range decodeUpdates(t, r) {
					offset = u["update_id"].(float64) + 1
					if _, err := b.try(t.Context(), "sendMessage", args{"chat_id": 1001, "text": "good morning"}); err != nil {
						return
					}
				}
			}
		}()
		for day := range 7 {
			anna.SendText("hello")
			messages, err := anna.Await(t.Context(), func(m []Message) bool { return len(m) == 2*(day+1) })
			if err != nil {
				t.Fatal(err)
			}
			if last := messages[len(messages)-1]; !last.FromBot || last.Text != "good morning" {
				t.Fatalf("day %d: the last message is %+v", day, last)
			}
			time.Sleep(24 * time.Hour) // the bubble's clock
		}
	})
}
