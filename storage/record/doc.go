// Package record is the encoding in which every store keeps a state and the rows
// of a person: CBOR (RFC 8949), whose fields go by the numbers in the tags of
// their types, behind one byte for the version.
//
// A new field is one tag. What one version wrote, an older or a newer one can
// read: a field that a program does not know is passed by, and an absent one is
// zero. A number is never used for another field again, and a field never changes
// its type; testdata/fields.txt holds all numbers there ever were. Within a
// struct the store's own fields have negative numbers, so that they never meet
// those of the struct of package flows that it embeds.
//
// The version byte is for a change that would make an old record mean something
// else: give it the next number, and let [Unmarshal] convert.
//
// # Caveats
//
// Equal values have equal bytes, and come back equal: texts byte by byte,
// instants to the nanosecond and in UTC. Instants of years beyond 0 to 9999 have
// no encoding. A list that is empty comes back as nil.
package record
