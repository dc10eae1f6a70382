// Package drawings draws the pictures that the flows send: positions of ease,
// how to get up, small movements, exercises, packs, and the breath.
//
// Drawings are data. A pose says how a person lies or stands by the angles of
// the joints, or where hands and feet are; a skeleton of fixed bones follows
// from it (body.go), gets flesh made of balls under a rubber skin (figure.go),
// and is seen by a camera without perspective (camera.go). A scene is a pose,
// where the movement started as a pale ghost, the things around it and an
// arrow (scene.go). The pose tables are in easing.go, upright.go, moves.go,
// exercises.go, allfours.go, packs.go and massage.go, by the names of the files.
//
// The pictures have a ground of their own, so they look the same in a light
// and in a dark chat, and no words, so they serve every language.
//
// The files in flows/catalog/shipped/media are made from here and are part of
// the repository. After a change, make them anew with
//
//	make drawings
//
// and look at them: a test compares files and code, but only an eye sees
// whether a knee looks right.
package drawings
