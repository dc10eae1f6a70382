package bottest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/storage"
)

// What becomes of a message.
type fate struct {
	calls  string // the methods called; "plain" behind one that had no markup
	state  storage.MessageState
	gone   bool // the person counts as out of reach
	letter bool // it is a dead letter
}

var (
	again    = fate{calls: "sendMessage sendMessage", state: storage.Sent}
	gone     = fate{calls: "sendMessage", state: storage.Failed, gone: true}
	dead     = fate{calls: "sendMessage", state: storage.Failed, letter: true}
	plain    = fate{calls: "sendMessage sendMessage-plain", state: storage.Sent}
	done     = fate{calls: "editMessageText", state: storage.Sent}
	bare     = fate{calls: "editMessageReplyMarkup", state: storage.Failed} // the buttons are gone with it
	anew     = fate{calls: "editMessageText sendMessage", state: storage.Sent}
	reupload = fate{calls: "sendPhoto sendPhoto", state: storage.Sent}
	wordless = fate{calls: "sendPhoto sendMessage", state: storage.Sent}
)

// refusals are the replies of the Bot API to a message, each with what the bot
// does about it. The act is "say" where none is named.
var refusals = []struct {
	act  string
	code int
	text string
	want fate
}{
	{"", 429, "Too Many Requests: retry after 7", again},
	{"", 500, "Internal Server Error: restart", again},
	{"", 502, "Bad Gateway", again},
	{"", 503, "Service Unavailable", again},
	{"", 504, "Gateway Timeout", again},
	{"", 403, "Forbidden: bot was blocked by the user", gone},
	{"", 403, "Forbidden: user is deactivated", gone},
	{"", 403, "Forbidden: bot can't initiate conversation with a user", gone},
	{"", 403, "Forbidden: bot was kicked from the group chat", gone},
	{"", 403, "Forbidden: bot is not a member of the channel chat", gone},
	{"", 403, "Forbidden: the group chat was deleted", gone},
	{"", 403, "Forbidden: what nobody has seen yet", gone},
	{"", 400, "Bad Request: chat not found", gone},
	{"", 400, "Bad Request: PEER_ID_INVALID", gone},
	{"", 400, "Bad Request: have no rights to send a message", gone},
	{"", 400, "Bad Request: not enough rights to send text messages to the chat", gone},
	{"", 400, "Bad Request: CHAT_WRITE_FORBIDDEN", gone},
	{"", 400, "Bad Request: group chat was upgraded to a supergroup chat", gone}, // and nobody says where to
	{"edit", 400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same", done},
	{"edit", 400, "Bad Request: message to edit not found", anew},
	{"edit", 400, "Bad Request: message can't be edited", anew},
	{"edit", 400, "Bad Request: there is no text in the message to edit", anew},
	{"edit", 400, "Bad Request: MESSAGE_ID_INVALID", anew},
	{"strip", 400, "Bad Request: message to edit not found", bare},
	{"strip", 400, "Bad Request: MESSAGE_ID_INVALID", bare},
	{"strip", 400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same", fate{calls: "editMessageReplyMarkup", state: storage.Sent}},
	{"", 400, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 3", plain},
	{"", 400, "Bad Request: message to be replied not found", dead},
	{"", 400, "Bad Request: message thread not found", dead},
	{"", 400, "Bad Request: message is too long", dead},
	{"", 400, "Bad Request: message text is empty", dead},
	{"", 400, "Bad Request: BUTTON_DATA_INVALID", dead},
	{"", 400, "Bad Request: reply markup is too long", dead},
	{"", 400, "Bad Request: Text is too long", dead},
	{"", 400, "Bad Request: WHAT_NOBODY_HAS_SEEN_YET", dead},
	{"", 402, "Payment Required", dead},
	{"", 404, "Not Found: method not found", dead},
	{"", 413, "Request Entity Too Large", dead},
	{"", 421, "Misdirected Request", dead},
	{"old picture", 400, "Bad Request: wrong file identifier/HTTP URL specified", reupload},
	{"old picture", 400, "Bad Request: FILE_REFERENCE_EXPIRED", reupload},
	{"old picture", 400, "Bad Request: can't use file of type Document as Photo", reupload},
	{"old picture", 400, "Bad Request: type of file mismatch", reupload},
	{"old picture", 400, "Bad Request: WEBPAGE_MEDIA_EMPTY", reupload},
	{"old picture", 400, "Bad Request: failed to get HTTP URL content", reupload},
	{"old picture", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS", wordless},
	{"old picture", 400, "Bad Request: IMAGE_PROCESS_FAILED", wordless},
	{"old picture", 400, "Bad Request: file must be non-empty", wordless},
	{"old picture", 400, "Bad Request: message caption is too long", wordless},
	{"old picture", 400, "Bad Request: not enough rights to send photos to the chat", wordless},
	{"old picture", 400, "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", wordless},
	{"old picture", 429, "Too Many Requests: retry after 7", reupload},
	{"press", 400, "Bad Request: query is too old and response timeout expired or query ID is invalid", fate{calls: "answerCallbackQuery sendMessage", state: storage.Sent}},
	{"press", 400, "Bad Request: QUERY_ID_INVALID", fate{calls: "answerCallbackQuery sendMessage", state: storage.Sent}},
}

// TestEachRefusal has each message refused once by a server, in its words and
// over its wire format, and looks at the calls that follow and at the ledger.
func TestEachRefusal(t *testing.T) {
	t.Parallel()
	l := &lab{t: t}
	letters := uint64(0)
	l.run(func(sim *simulator.Server) {
		for i, r := range refusals {
			p := sim.Person(1000 + int64(i))
			p.SendCommand("remind") // which is not answered
			p.SendText("picture")
			settle()
			fault := simulator.Fault{Code: r.code, Description: r.text}
			if r.code == 429 {
				fault.RetryAfter = 7
			}
			l.refuse(p.ID(), fault)
			switch r.act {
			case "":
				p.SendText("say")
			case "old picture":
				p.SendText("picture")
			default:
				if _, err := p.Press(p.Last().ID, r.act); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			l.check(p, fmt.Sprintf("%d %s", r.code, r.text), r.want)
			if r.want.letter {
				letters++
			}
		}
	})
	if got := l.bot.Stats().DeadLetters; got != letters || letters == 0 {
		t.Errorf("%d dead letters were counted, want %d", got, letters)
	}
	if log := l.log.String(); strings.Contains(log, "words</b>") || strings.Contains(log, simulator.DefaultToken) {
		t.Error("the log holds what it must not")
	}
}

func (l *lab) check(p *simulator.Person, name string, want fate) {
	l.t.Helper()
	var methods []string
	calls := l.called()
	press := strings.HasPrefix(want.calls, "answer")
	for _, c := range calls {
		if c.Method == "answerCallbackQuery" && !press {
			continue
		}
		if c.Method == "sendMessage" && c.Params["parse_mode"] == "" {
			c.Method += "-plain"
		}
		methods = append(methods, c.Method)
	}
	if press {
		slices.Sort(methods) // they go side by side
	}
	if got := strings.Join(methods, " "); got != want.calls {
		l.t.Errorf("%s: calls %s, want %s", name, got, want.calls)
	}
	for i := 1; i < len(calls); i++ {
		if d := calls[i].Real.Sub(calls[0].Real); d < time.Duration(calls[0].RetryAfter)*time.Second {
			l.t.Errorf("%s: called %v after the refusal", name, d)
		}
	}
	m, s := l.latest(p.ID())
	if m.State != want.state || m.DeadLetter() != want.letter || s.Inactive != want.gone {
		l.t.Errorf("%s: inactive %t, message %+v", name, s.Inactive, m)
	}
	if m.State == storage.Failed && (m.Cause == "" || (m.Text != "") != want.letter) {
		l.t.Errorf("%s: no cause, or the wrong words: %+v", name, m)
	}
	l.checkReminder(p, name, want)
}

// checkReminder demands that a person who is out of reach is not reminded, and
// comes back with a message of their own; and that all others are reminded.
func (l *lab) checkReminder(p *simulator.Person, name string, want fate) {
	l.t.Helper()
	l.refuse(p.ID(), simulator.Fault{Code: 500, Description: "query"}) // never met: it only counts
	time.Sleep(2 * time.Hour)
	synctest.Wait()
	if n := len(l.called()); (n == 0) != want.gone {
		l.t.Errorf("%s: %d reminders", name, n)
	}
	if !want.gone {
		return
	}
	p.SendText("back again")
	synctest.Wait()
	m, s := l.latest(p.ID())
	if s.Inactive || m.State != storage.Sent {
		l.t.Errorf("%s: not revived by a message: %+v", name, m)
	}
}

// TestMovedGroup: a group that has become a supergroup is answered there.
func TestMovedGroup(t *testing.T) {
	t.Parallel()
	l := &lab{t: t}
	l.run(func(sim *simulator.Server) {
		group := sim.Group(-77)
		sim.Group(-1001234567890)
		l.refuse(-77, simulator.Fault{Code: 400, Description: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: -1001234567890})
		group.Member(5).SendCommand("/start")
		settle()
		var chats []int64
		for c := range sim.Calls("sendMessage") {
			chats = append(chats, c.ChatID)
		}
		if !slices.Equal(chats, []int64{-77, -1001234567890}) {
			t.Errorf("calls for %v", chats)
		}
	})
}

// TestConflictIsRetriedSlowly: a second poller, or a webhook, is told to the
// operator once and waited out.
func TestConflictIsRetriedSlowly(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if c.Method == "getUpdates" {
				return &simulator.Fault{Code: 409, Description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
			}
			return nil
		})
		time.Sleep(2 * time.Minute)
		b.sim.SetFault(nil)
		anna := b.sim.Person(5)
		anna.SendCommand("/spasm")
		time.Sleep(time.Minute)
		expect(t, anna, "Is that fine?")
		var last time.Time
		for c := range b.sim.Calls("getUpdates") {
			if c.ErrorCode == 0 {
				continue
			}
			if d := c.Real.Sub(last); d < 3*time.Second {
				t.Errorf("polled %v after a conflict", d)
			}
			last = c.Real
		}
		if n := strings.Count(b.log.String(), "level=ERROR"); n != 1 || last.IsZero() {
			t.Errorf("%d alarms", n)
		}
	})
}
