// Package chat is the language between the pipe and a messenger: updates that
// come in, messages that go out, and what can go wrong between them. It knows
// neither how updates are fetched nor what is done with them, so that the
// gateway and the pipe need not know each other.
//
// # Caveats
//
// Delivery has no idempotency key. An [Error] with MaybeApplied set means that
// the message may or may not have arrived, and nobody can find out.
package chat

import (
	"encoding/json"
	"fmt"
	"time"

	"spasmbot/flows"
)

// Update is one incoming update, decoded as far as the bot needs it.
type Update struct {
	ID int64
	// User is the sender, 0 where Telegram names none (a channel post, an
	// anonymous administrator).
	User int64
	// Chat is where it happened, 0 if unknown. In a private chat it equals
	// User.
	Chat int64
	// Private says that Chat is a private chat with the bot.
	Private bool
	// Topic is the topic of a group in which it happened, 0 for none.
	Topic int64
	// Query must be answered once if it is not empty: the id of a callback
	// query.
	Query string
	// Pressed is the id of the message whose button was pressed, also where the bot
	// cannot see it any more; 0 if there was none.
	Pressed int64
	// PressedSent is when that message was sent, to the second, by the messenger's
	// clock; zero if it does not tell.
	PressedSent time.Time
	// Lang is the sender's language as an IETF tag ("pt-BR"); may be empty.
	Lang string
	// Event is what happened. Nil when it means nothing to a flow: a kind
	// that the bot does not use, or Bad.
	Event flows.Event
	// Bad says why the update could not be decoded; nil when it could. The
	// text holds no part of the update's content.
	Bad error
	// Raw is the update as it came.
	Raw json.RawMessage
}

// Outgoing is one message to be sent or edited.
type Outgoing struct {
	Chat int64
	// Text is in Telegram's HTML. Empty, with Edit set, it leaves the words
	// as they are and changes only the buttons.
	Text     string
	Keyboard [][]flows.Key
	// Topic is the topic of a group that a new message goes to, and ReplyTo the
	// message that it answers; 0 for none. One that is gone is not answered: the
	// message stands alone.
	Topic, ReplyTo int64
	// Edit is the message to change; 0 sends a new one.
	Edit int64
	// Delete takes the message of Edit away; nothing else of it counts.
	Delete bool
	// Pin pins the message of Edit, without a sound, and Unpin lets it go; nothing else
	// counts. Where that is refused, nothing is missing.
	Pin, Unpin bool
	// Plain sends Text without markup: what remains after the server has
	// refused the markup.
	Plain bool
	// Caption says that the message to change has media: Text is its caption.
	Caption bool
	// Silent delivers without sound.
	Silent bool
	// Media is sent with Text, which is then its caption of at most 1024
	// UTF-16 units; nil for words alone. With Edit it takes the place of the media
	// of the message to change.
	Media *Media
}

// MediaKind is what a file is shown as.
type MediaKind string

// The kinds of media.
const (
	Photo     MediaKind = "photo"
	Animation MediaKind = "animation"
	Document  MediaKind = "document"
)

// Media is a file to be shown.
type Media struct {
	Kind MediaKind
	// FileID is what the messenger called the file when it was sent before.
	// It belongs to one bot and one kind. With it, Data is not sent.
	FileID string
	// Name is the file's name without a folder; its ending tells the type.
	Name string
	Data []byte
	// Told lets the chat show that a file is on its way, for as long as Data is sent.
	Told bool
}

// Sent is what is known of a message that was sent.
type Sent struct {
	// ID is the message's id; 0 if the messenger did not tell: it cannot be
	// edited then.
	ID int64
	// FileID is what the messenger calls the file of the message; empty
	// without media, or if it did not tell.
	FileID string
}

// Me is the bot's own account.
type Me struct {
	ID       int64
	Username string
}

// Profile is what the messenger shows of the bot by itself, in one language.
type Profile struct {
	// Menu is the command menu of private chats.
	Menu []MenuCommand
	// Description stands in a chat before its first message, About on the page of
	// the bot and beside a link to it. One that is empty stays as it is.
	Description, About string
}

// MenuCommand is one line of the command menu.
type MenuCommand struct{ Name, Description string }

// ProfilePart is a part of a Profile, by the method that sets it.
type ProfilePart string

// The parts of a Profile.
const (
	MenuPart        ProfilePart = "setMyCommands"
	DescriptionPart ProfilePart = "setMyDescription"
	AboutPart       ProfilePart = "setMyShortDescription"
)

// ProfileParts are all of them.
var ProfileParts = []ProfilePart{MenuPart, DescriptionPart, AboutPart}

// Kind says what an [Error] means for the one who called.
type Kind uint8

const (
	// Unknown is an error that no row of the table knows; permanent for the
	// message.
	Unknown Kind = iota
	// Retry: the server or the network failed; the same call may succeed.
	Retry
	// Limited: too many requests; wait RetryAfter, then the same call.
	Limited
	// Unauthorized: the token is wrong or was revoked. Nothing will work.
	Unauthorized
	// Conflict: another program polls with the same token, or a webhook is
	// set.
	Conflict
	// ChatGone: this chat will not take messages until something changes: the
	// person blocked the bot, was deleted, or never started it.
	ChatGone
	// ChatMoved: the group has a new id, MovedTo.
	ChatMoved
	// MessageGone: the message to edit is no longer there, send a new one; or the one
	// to delete is too old for it.
	MessageGone
	// QueryGone: the callback query was answered already or is too old.
	QueryGone
	// BadMarkup: the markup was refused; the plain text may pass.
	BadMarkup
	// Rejected: the message itself is refused; it will never pass.
	Rejected
	// Cancelled: the context ended first.
	Cancelled
	// FileGone: the messenger does not know Media.FileID, or no longer; the
	// file has to be uploaded again.
	FileGone
	// BadMedia: the file itself is refused, and will be in every chat; the words
	// alone may pass.
	BadMedia
	// NoMedia: this chat takes no such files, or not with these words; the words
	// alone may pass.
	NoMedia
	// TopicGone: the topic is not there any more, or takes no messages.
	TopicGone
	// NoText: the message to edit is there and has media; its caption can be changed.
	NoText
)

var kindNames = [...]string{
	"unknown", "retry", "limited", "unauthorized", "conflict", "chat gone", "chat moved",
	"message gone", "query gone", "bad markup", "rejected", "cancelled",
	"file gone", "bad media", "no media", "topic gone", "no text",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Error is what a gateway returns when a call failed. Its text never holds the
// token or anything a person wrote.
type Error struct {
	Method string
	Kind   Kind
	// Code is the error code of the Bot API or the HTTP status; 0 when there
	// was no answer.
	Code int
	// Description is the server's word or the cause, redacted.
	Description string
	// RetryAfter is how long to wait, for Limited.
	RetryAfter time.Duration
	// MovedTo is the new id, for ChatMoved.
	MovedTo int64
	// MaybeApplied says that the call may have taken effect all the same.
	MaybeApplied bool
}

func (e *Error) Error() string {
	s := e.Method + ": " + e.Kind.String()
	if e.Code != 0 {
		s += fmt.Sprintf(" (%d)", e.Code)
	}
	if e.Description != "" {
		s += ": " + e.Description
	}
	return s
}
