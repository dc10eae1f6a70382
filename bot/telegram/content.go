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
	"giveaway_winners",
}

// services are the fields of messages that the server writes into a chat by
// itself, or that an app does. Nobody has said anything there, so nothing is
// answered.
var services = [...]string{
	"pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set",
	"connected_website", "passport_data", "successful_payment", "refunded_payment", "user_shared", "users_shared",
	"chat_shared", "web_app_data", "proximity_alert_triggered", "boost_added",
	"gift", "unique_gift", "gift_upgrade_sent", "giveaway_created", "giveaway_completed", "paid_message_price_changed",
	"direct_message_price_changed", "checklist_tasks_done", "checklist_tasks_added",
	"new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
	"group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id", "migrate_from_chat_id",
	"chat_owner_changed", "chat_owner_left",
	"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
	"general_forum_topic_hidden", "general_forum_topic_unhidden",
	"suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid",
	"suggested_post_refunded",
	"video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
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
