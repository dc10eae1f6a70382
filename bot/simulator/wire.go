package simulator

import "encoding/json"

// The objects of the Bot API, as far as this server sends them. Field names and which fields may be missing follow the
// documentation; nothing here is sent that the real server would not send.

type user struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`

	// Only in the result of getMe.
	CanJoinGroups  *bool `json:"can_join_groups,omitempty"`
	CanReadAll     *bool `json:"can_read_all_group_messages,omitempty"`
	SupportsInline *bool `json:"supports_inline_queries,omitempty"`
}

type chatInfo struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
}

// Entity is one MessageEntity. Offset and Length count UTF-16 units.
type Entity struct {
	Type           string `json:"type"`
	Offset         int    `json:"offset"`
	Length         int    `json:"length"`
	URL            string `json:"url,omitempty"`
	Language       string `json:"language,omitempty"`
	CustomEmojiID  string `json:"custom_emoji_id,omitempty"`
	UnixTime       int64  `json:"unix_time,omitempty"`
	DateTimeFormat string `json:"date_time_format,omitempty"`
}

// Button is one button of an inline keyboard. Exactly one of its actions is set.
type Button struct {
	Text         string          `json:"text"`
	CallbackData string          `json:"callback_data,omitempty"`
	URL          string          `json:"url,omitempty"`
	CopyText     *CopyText       `json:"copy_text,omitempty"`
	Style        string          `json:"style,omitempty"`
	Disabled     bool            `json:"disabled,omitempty"`
	Other        json.RawMessage `json:"-"` // the value of any other action: accepted, of no effect here
	OtherAction  string          `json:"-"`
}

// CopyText is what a button puts on the clipboard.
type CopyText struct {
	Text string `json:"text"`
}

type inlineMarkup struct {
	InlineKeyboard [][]Button `json:"inline_keyboard"`
}

type photoSize struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	FileSize     int64  `json:"file_size,omitempty"`
}

type document struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int64  `json:"file_size,omitempty"`
}

type animation struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Duration     int    `json:"duration"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int64  `json:"file_size,omitempty"`
}

type sticker struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Type         string `json:"type"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	IsAnimated   bool   `json:"is_animated"`
	IsVideo      bool   `json:"is_video"`
	Emoji        string `json:"emoji,omitempty"`
}

type wireMessage struct {
	MessageID       int64         `json:"message_id"`
	From            *user         `json:"from,omitempty"`
	SenderChat      *chatInfo     `json:"sender_chat,omitempty"`
	ThreadID        int64         `json:"message_thread_id,omitempty"`
	IsTopic         bool          `json:"is_topic_message,omitempty"`
	Chat            *chatInfo     `json:"chat"`
	Date            int64         `json:"date"`
	EditDate        int64         `json:"edit_date,omitempty"`
	ReplyTo         *wireMessage  `json:"reply_to_message,omitempty"`
	Text            string        `json:"text,omitempty"`
	Entities        []Entity      `json:"entities,omitempty"`
	Animation       *animation    `json:"animation,omitempty"`
	Document        *document     `json:"document,omitempty"`
	Photo           []photoSize   `json:"photo,omitempty"`
	Sticker         *sticker      `json:"sticker,omitempty"`
	Caption         string        `json:"caption,omitempty"`
	CaptionEntities []Entity      `json:"caption_entities,omitempty"`
	MigrateTo       int64         `json:"migrate_to_chat_id,omitempty"`
	Pinned          *wireMessage  `json:"pinned_message,omitempty"`
	ReplyMarkup     *inlineMarkup `json:"reply_markup,omitempty"`
}

type inaccessibleMessage struct {
	Chat      *chatInfo `json:"chat"`
	MessageID int64     `json:"message_id"`
	Date      int64     `json:"date"` // always 0
}

type callbackQuery struct {
	ID           string `json:"id"`
	From         *user  `json:"from"`
	Message      any    `json:"message,omitempty"`
	ChatInstance string `json:"chat_instance"`
	Data         string `json:"data,omitempty"`
}

type chatMember struct {
	Status    string `json:"status"`
	User      *user  `json:"user"`
	UntilDate *int64 `json:"until_date,omitempty"`
}

type chatMemberUpdated struct {
	Chat *chatInfo  `json:"chat"`
	From *user      `json:"from"`
	Date int64      `json:"date"`
	Old  chatMember `json:"old_chat_member"`
	New  chatMember `json:"new_chat_member"`
}

type update struct {
	UpdateID      int64              `json:"update_id"`
	Message       *wireMessage       `json:"message,omitempty"`
	EditedMessage *wireMessage       `json:"edited_message,omitempty"`
	ChannelPost   *wireMessage       `json:"channel_post,omitempty"`
	CallbackQuery *callbackQuery     `json:"callback_query,omitempty"`
	MyChatMember  *chatMemberUpdated `json:"my_chat_member,omitempty"`
}

// kind is the name under which allowed_updates knows the update.
func (u *update) kind() string {
	switch {
	case u.Message != nil:
		return "message"
	case u.EditedMessage != nil:
		return "edited_message"
	case u.ChannelPost != nil:
		return "channel_post"
	case u.CallbackQuery != nil:
		return "callback_query"
	default:
		return "my_chat_member"
	}
}
