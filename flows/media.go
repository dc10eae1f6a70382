package flows

// Media is a picture or an animation.
type Media struct {
	// Name is the file's name, whose ending tells its type.
	Name string
	Data []byte
}
