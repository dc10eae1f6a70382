package markup

import "strings"

var escapes = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")

// Escape makes text safe inside Telegram's HTML.
func Escape(s string) string { return escapes.Replace(s) }
