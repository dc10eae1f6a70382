package telegram

import (
	"encoding/json"
	"maps"
	"strings"
)

// contents are the fields that hold what a message without text consists of,
// most telling first: an animation is also a document, a venue a location.
var contents = [...]string{
	"photo", "sticker", "voice", "video", "animation", "audio", "document", "video_note",
	"venue", "location", "contact", "poll", "dice", "story", "game", "checklist", "paid_media", "invoice", "giveaway",
}

// services are the fields of messages that the server writes into a private
// chat by itself. Nobody has said anything there, so nothing is answered.
var services = [...]string{
	"pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set",
	"connected_website", "passport_data", "successful_payment", "refunded_payment", "users_shared", "chat_shared",
	"web_app_data", "gift", "unique_gift", "proximity_alert_triggered", "forum_topic_created",
	"forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "checklist_tasks_done",
	"checklist_tasks_added", "suggested_post_approved", "suggested_post_declined", "migrate_to_chat_id",
}

// contentKind names what a message without text consists of; "" if it is
// nothing that a person has sent. In a private chat an unknown kind counts as
// sent: silence is the worse mistake. In a group it does not, as most kinds
// there are service messages.
func contentKind(raw json.RawMessage, private bool) string {
	fields := maps.Collect(members(member(raw, "message")))
	for _, name := range contents {
		if !absent(fields[name]) {
			return strings.ReplaceAll(name, "_", " ")
		}
	}
	if !private {
		return ""
	}
	for _, name := range services {
		if !absent(fields[name]) {
			return ""
		}
	}
	return "message"
}
