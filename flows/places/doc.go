// Package places knows where people are: countries, what they are called, their
// emergency numbers and time zones, and the cities that these are named by.
//
// # Caveats
//
// A person's place is a country and a zone of the time zone database, never an
// offset: whoever knows the offset alone does not know when summer time begins.
//
// Two zones of a country that keep the same time now, and will for three years by
// the rules that are known, are offered as one. If a law parts them later, whoever
// pressed the one and lives in the other has to tell their city again.
package places
