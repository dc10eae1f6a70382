package telegram

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

// heard is what becomes of a kind of update or message.
type heard uint8

const (
	ignored heard = iota
	// hinted: it is told to the flow as something that it has no use for.
	hinted
	// asWords: it is what the person says.
	asWords
	// asCorrection: it is what the person says instead.
	asCorrection
	// asPress and asDeparture speak for themselves.
	asPress
	asDeparture
)

func heardAs(ev flows.Event) heard {
	switch ev.(type) {
	case nil:
		return ignored
	case flows.Unsupported:
		return hinted
	case flows.Text, flows.Command:
		return asWords
	case flows.Edit:
		return asCorrection
	case flows.Button:
		return asPress
	}
	return asDeparture
}

// messageKinds are all that a message can consist of. What a person has sent by
// hand is hinted at in private; what the server or an app has written is not.
var messageKinds = []struct {
	heard heard
	group heard
	// content are fields of the message.
	content []string
}{
	{asWords, asWords, []string{
		`"text":"7"`,
		`"text":"/spasm","entities":[{"type":"bot_command","offset":0,"length":6}]`,
		`"text":"7","reply_to_message":{"message_id":3}`,
		`"text":"7","quote":{"text":"x","position":0}`,
		`"text":"7","effect_id":"5"`,
		`"text":"7","link_preview_options":{"is_disabled":true}`,
		`"text":"7","is_from_offline":true`,
		`"text":"7","business_connection_id":""`,
	}},
	// Words of somebody else.
	{hinted, hinted, []string{
		`"text":"7","forward_origin":{"type":"user"}`,
		`"text":"/stop","forward_origin":{"type":"hidden_user"}`,
		`"text":"7","forward_date":1`, // as older servers say it
		`"text":"7","via_bot":{"id":9,"is_bot":true}`,
	}},
	{hinted, hinted, []string{
		`"photo":[{}]`, `"photo":[{}],"media_group_id":"1"`, `"photo":[{}],"has_media_spoiler":true`,
		`"sticker":{}`, `"voice":{}`, `"video":{}`, `"video_note":{}`, `"audio":{}`, `"document":{}`, `"document":{},"animation":{}`,
		`"location":{"latitude":1,"longitude":1}`, `"location":{"live_period":900}`, `"location":{},"venue":{}`,
		`"contact":{}`, `"poll":{}`, `"dice":{}`, `"story":{}`, `"game":{}`, `"checklist":{}`, `"paid_media":{}`, `"invoice":{}`,
		`"giveaway":{}`, `"giveaway_winners":{}`, `"photo":[{}],"forward_origin":{"type":"channel"}`,
	}},
	// With words below it, which are looked through for words of danger.
	{hinted, hinted, []string{
		`"photo":[{}],"caption":"/spasm"`, `"document":{},"caption":"7"`, `"voice":{},"caption":"7"`, `"video":{},"caption":"7"`,
		`"audio":{},"caption":"7"`, `"document":{},"animation":{},"caption":"7"`, `"paid_media":{},"caption":"7"`,
	}},
	// A kind that nobody knows yet: in private silence is the worse mistake.
	{hinted, ignored, []string{`"hologram":{}`, `"text":""`}},
	// Service messages.
	{ignored, ignored, []string{
		`"pinned_message":{"message_id":3,"photo":[{}]}`, `"message_auto_delete_timer_changed":{}`, `"write_access_allowed":{}`,
		`"chat_background_set":{}`, `"connected_website":"x"`, `"passport_data":{}`, `"successful_payment":{}`,
		`"refunded_payment":{}`, `"user_shared":{}`, `"users_shared":{}`, `"chat_shared":{}`, `"web_app_data":{"data":"x"}`,
		`"proximity_alert_triggered":{}`, `"boost_added":{}`, `"gift":{}`, `"unique_gift":{}`, `"gift_upgrade_sent":{}`,
		`"giveaway_created":{}`, `"giveaway_completed":{}`, `"paid_message_price_changed":{}`, `"direct_message_price_changed":{}`,
		`"checklist_tasks_done":{}`, `"checklist_tasks_added":{}`,
		`"new_chat_members":[{}]`, `"left_chat_member":{}`, `"new_chat_title":"x"`, `"new_chat_photo":[{}]`, `"delete_chat_photo":true`,
		`"group_chat_created":true`, `"supergroup_chat_created":true`, `"channel_chat_created":true`, `"migrate_to_chat_id":-1`,
		`"migrate_from_chat_id":-1`, `"chat_owner_changed":{}`, `"chat_owner_left":{}`,
		`"forum_topic_created":{}`, `"forum_topic_edited":{}`, `"forum_topic_closed":{}`, `"forum_topic_reopened":{}`,
		`"general_forum_topic_hidden":{}`, `"general_forum_topic_unhidden":{}`,
		`"suggested_post_approved":{}`, `"suggested_post_approval_failed":{}`, `"suggested_post_declined":{}`, `"suggested_post_paid":{}`,
		`"suggested_post_refunded":{}`,
		`"video_chat_scheduled":{}`, `"video_chat_started":{}`, `"video_chat_ended":{}`, `"video_chat_participants_invited":{}`,
	}},
}

// TestKindsOfMessages decides each kind: what is said, what is hinted at, and what
// is nothing. Of what is edited, only words that were typed in private count.
func TestKindsOfMessages(t *testing.T) {
	for _, kind := range messageKinds {
		for _, content := range kind.content {
			edited := ignored
			if kind.heard == asWords || strings.Contains(content, `"caption"`) {
				edited = asCorrection
			}
			for _, c := range []struct {
				update, room string
				want         heard
			}{
				{"message", inPrivate, kind.heard},
				{"message", inGroup, kind.group},
				{"edited_message", inPrivate, edited},
				{"edited_message", inGroup, ignored},
			} {
				raw := fmt.Sprintf(`{"update_id":77,"%s":{"message_id":8,%s,%s,"date":1,%s}}`, c.update, fromAda, c.room, content)
				u := decode([]byte(raw), "spasm_bot")
				if got := heardAs(u.Event); got != c.want || u.Bad != nil {
					t.Errorf("%s: heard as %d, want %d, bad %v", raw, got, c.want, u.Bad)
				}
			}
		}
	}
}

// TestKindsOfUpdates: the kinds of updates that the bot does not ask for mean
// nothing, should they come all the same.
func TestKindsOfUpdates(t *testing.T) {
	const said = `{"message_id":8,` + fromAda + `,` + inPrivate + `,"text":"/spasm"}`
	for name, c := range map[string]struct {
		update string
		want   heard
	}{
		"message":                       {said, asWords},
		"edited_message":                {said, asCorrection},
		"channel_post":                  {said, ignored},
		"edited_channel_post":           {said, ignored},
		"business_message":              {said, ignored},
		"edited_business_message":       {said, ignored},
		"guest_message":                 {said, ignored},
		"business_connection":           {`{"id":"x","user":{"id":5}}`, ignored},
		"deleted_business_messages":     {`{` + inPrivate + `,"message_ids":[8]}`, ignored},
		"message_reaction":              {`{` + inPrivate + `,"message_id":8,"user":{"id":5},"new_reaction":[{"type":"emoji","emoji":"👍"}]}`, ignored},
		"message_reaction_count":        {`{` + inPrivate + `,"message_id":8}`, ignored},
		"inline_query":                  {`{"id":"x",` + fromAda + `,"query":"7"}`, ignored},
		"chosen_inline_result":          {`{"result_id":"x",` + fromAda + `}`, ignored},
		"callback_query":                {`{"id":"x",` + fromAda + `,"data":"go"}`, asPress},
		"shipping_query":                {`{"id":"x",` + fromAda + `}`, ignored},
		"pre_checkout_query":            {`{"id":"x",` + fromAda + `}`, ignored},
		"purchased_paid_media":          {`{` + fromAda + `}`, ignored},
		"poll":                          {`{"id":"x"}`, ignored},
		"poll_answer":                   {`{"poll_id":"x","user":{"id":5}}`, ignored},
		"my_chat_member":                {`{` + fromAda + `,` + inPrivate + `,"new_chat_member":{"status":"kicked"}}`, asDeparture},
		"chat_member":                   {`{` + fromAda + `,` + inPrivate + `,"new_chat_member":{"status":"kicked"}}`, ignored},
		"chat_join_request":             {`{` + fromAda + `,` + inGroup + `}`, ignored},
		"chat_boost":                    {`{` + inGroup + `}`, ignored},
		"removed_chat_boost":            {`{` + inGroup + `}`, ignored},
		"subscription":                  {`{"id":"x"}`, ignored},
		"a_kind_that_nobody_has_yet_of": {said, ignored},
	} {
		u := decode([]byte(`{"update_id":77,"`+name+`":`+c.update+`}`), "spasm_bot")
		if got := heardAs(u.Event); got != c.want || u.Bad != nil {
			t.Errorf("%s: heard as %d, want %d, bad %v", name, got, c.want, u.Bad)
		}
	}
}

// TestTopics: a message stands in a topic only if it says so; answers to one
// another are a thread of their own.
func TestTopics(t *testing.T) {
	inTopic := inTheGroup(flows.Command{Name: "spasm", Message: 8})
	inTopic.Topic = 6
	thread := inTheGroup(flows.Command{Name: "spasm", Message: 8})
	press := chat.Update{User: 5, Chat: -1001234567890123, Topic: 6, Lang: "pt-BR", Query: "q", Pressed: 8, PressedSent: time.Unix(1, 0).UTC(), Event: flows.Button{Data: "go", Message: 8}}
	for update, want := range map[string]chat.Update{
		`"message":{"message_id":8,` + fromAda + `,` + inGroup + `,"text":"/spasm","message_thread_id":6,"is_topic_message":true}`:                                  inTopic,
		`"message":{"message_id":8,` + fromAda + `,` + inGroup + `,"text":"/spasm","message_thread_id":6}`:                                                          thread,
		`"callback_query":{"id":"q",` + fromAda + `,"data":"go","message":{"message_id":8,"date":1,` + inGroup + `,"message_thread_id":6,"is_topic_message":true}}`: press,
	} {
		checkDecoded(t, `{"update_id":77,`+update+`}`, want)
	}
}
