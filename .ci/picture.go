// Picture fails unless each PNG file that it is given shows something: a page that stayed empty has few colours.
package main

import (
	"fmt"
	"image/color"
	"image/png"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	for _, name := range os.Args[1:] {
		f, err := os.Open(name)
		if err != nil {
			log.Fatal(err)
		}
		picture, err := png.Decode(f)
		if err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		colours := map[color.Color]int{}
		b := picture.Bounds()
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				colours[picture.At(x, y)]++
			}
		}
		fmt.Printf("%s: %d x %d, %d colours\n", name, b.Dx(), b.Dy(), len(colours))
		if len(colours) < 32 {
			log.Fatalf("%s shows next to nothing", name)
		}
	}
}
