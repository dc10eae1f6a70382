package bot

import (
	"maps"
	"slices"
	"time"
)

// rests are for whom a file is left out of messages for a while, and until when.
// What one chat does not take is left out there; only what concerns the file is
// left out for everybody. It is guarded by gallery.mu.
type rests struct {
	all    time.Time
	inChat map[int64]time.Time
	// lost are the chats of the uploads that got lost, in a row: two in one
	// chat are that chat's trouble, in two chats the file's or the line's.
	lost []int64
}

// restChats bounds the memory.
const restChats = 1000

// on reports whether the file is left out in a chat.
func (r *rests) on(chat int64, now time.Time) bool {
	return now.Before(r.all) || now.Before(r.inChat[chat])
}

// in leaves the file out in a chat.
func (r *rests) in(chat int64, now, until time.Time) {
	if len(r.inChat) >= restChats {
		maps.DeleteFunc(r.inChat, func(_ int64, t time.Time) bool { return !now.Before(t) })
	}
	if r.inChat == nil {
		r.inChat = make(map[int64]time.Time)
	}
	r.inChat[chat] = until
}

// lose notes an upload that got lost, and reports whether from now on the file
// is left out for everybody.
func (r *rests) lose(chat int64, now time.Time) (all bool) {
	again := slices.Contains(r.lost, chat)
	r.lost = append(r.lost, chat)
	if len(r.lost) < uploadFails {
		return false
	}
	until := now.Add(lostRest)
	all = slices.ContainsFunc(r.lost, func(other int64) bool { return other != chat })
	if all {
		r.lost, r.all = nil, until
	} else if again {
		r.in(chat, now, until)
	}
	return all
}
