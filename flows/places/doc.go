// Package places knows where people are: time zones and their lookup.
package places
