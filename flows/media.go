package flows

import "crypto/sha256"

// Media is a picture or an animation.
type Media struct {
	// Name is the file's name, whose ending tells its type.
	Name string
	Data []byte
	// Sum is the hash of Data, by which a file is known: names may be given to
	// other files when flows are edited.
	Sum [sha256.Size]byte
}

// NewMedia returns a file, whose data must not change.
func NewMedia(name string, data []byte) Media { return Media{name, data, sha256.Sum256(data)} }
