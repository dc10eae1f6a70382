// Package typed reads what people type: on keyboards of every script, with the
// marks that keyboards and clipboards add unseen. Whatever is typed is read through
// [Plain], so that no question is pickier than another.
//
// # Caveats
//
// [Same] compares letters as they are: one that is put together of a letter and an
// accent is another than the single one that looks the same. Keyboards send the
// single one. Names of places are compared by package fold,
// which takes accents away.
package typed
