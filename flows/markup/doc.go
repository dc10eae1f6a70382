// Package markup is the one place that knows the HTML that Telegram reads.
package markup
