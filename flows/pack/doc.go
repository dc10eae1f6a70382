// Package pack writes and reads records in the wire format of Protocol Buffers:
// each field with its number, absent fields not at all. What one version wrote,
// an older or a newer one can read: it skips the fields that it does not know.
//
// There is no schema file and no generated code. A record is written field by
// field, and read in a loop:
//
//	b = pack.Text(b, 1, name)
//	b = pack.Time(b, 2, at)
//
//	r := pack.Read(b)
//	for r.Next() {
//		switch r.Field() {
//		case 1:
//			name = r.Text()
//		case 2:
//			at = r.Time()
//		}
//	}
//	return r.Err()
//
// # Caveats
//
// A number is never used for another field again, and a field never changes its
// type.
//
// An instant is kept to the nanosecond and comes back in UTC. The zero time is
// absent, like every other zero value.
package pack
