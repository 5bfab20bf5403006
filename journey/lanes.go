package journey

import (
	"cmp"
	"slices"
)

// Sizes in a drawing, in pixels.
const (
	margin     = 24
	lineHeight = 18
	laneHeight = 30
	portWidth  = 18
	boxPadding = 14
	minGap     = 56 // between boxes
	maxLine    = 24 // letters of a line in a box
	maxLabel   = 28 // letters of a move
)

// A drawing places phases in a row, and each move on a line of its own: straight to the next phase, or on a lane above
// (on) or below (back).
type drawing struct {
	boxes         []box // in map order, then the end if the map has one
	lines         []line
	above, below  int // lanes
	top           int // of the boxes
	width, height int
}

// A box is a phase.
type box struct {
	text         []string // lines, the last notes of them notes
	notes        int
	x, width     int
	height       int
	above, below []*port
}

// A line is a move.
type line struct {
	move, from, to int // positions
	text           string
	lane           int // from 1 on, above; negative, below; 0: straight
	start, end     port
	from0, to0     int // what the lane has to keep free, x
}

// A port is where a line touches a box.
type port struct {
	x        int
	lane     int
	outgoing bool
}

// draw places a picture.
func (p *Picture) draw() *drawing {
	m := p.model
	d := &drawing{boxes: make([]box, len(m.phases))}
	for i := range d.boxes {
		d.boxes[i].text, d.boxes[i].notes = wrap(m.def.Phases[i].label()), len(p.notes(i))
		d.boxes[i].text = append(d.boxes[i].text, p.notes(i)...)
	}
	if m.ends() {
		d.boxes = append(d.boxes, box{text: []string{Ended}})
	}
	straight := make(map[int]bool)
	d.lines = make([]line, len(m.moves))
	for i := range m.moves {
		mv := &m.moves[i]
		l := &d.lines[i]
		*l = line{move: i, from: m.place(mv.def.From), to: mv.to, text: shorten(p.label(i), maxLabel)}
		switch {
		case l.to == l.from+1 && !straight[l.from]:
			straight[l.from] = true
		case l.to > l.from:
			l.lane = 1
		default:
			l.lane = -1
		}
	}
	d.place()
	d.assign()
	d.connect()
	return d
}

// place gives the boxes their sizes and positions.
func (d *drawing) place() {
	ports := make([][2]int, len(d.boxes)) // above, below
	gaps := make([]int, len(d.boxes))     // after each box
	for i := range d.lines {
		l := &d.lines[i]
		switch {
		case l.lane > 0:
			ports[l.from][0]++
			ports[l.to][0]++
		case l.lane < 0:
			ports[l.from][1]++
			ports[l.to][1]++
		default:
			gaps[l.from] = textWidth(l.text) + 30
		}
	}
	x := margin
	height := 0
	for i := range d.boxes {
		b := &d.boxes[i]
		for _, text := range b.text {
			b.width = max(b.width, textWidth(text)*11/10+2*boxPadding) // bold
		}
		b.width = max(b.width, (max(ports[i][0], ports[i][1])+1)*portWidth)
		b.x = x
		x += b.width + max(minGap, gaps[i])
		height = max(height, len(b.text)*lineHeight+2*boxPadding)
	}
	for i := range d.boxes {
		d.boxes[i].height = height
	}
	d.width = d.boxes[len(d.boxes)-1].x + d.boxes[len(d.boxes)-1].width + margin
}

// assign gives each line that is not straight the lane nearest to the boxes that is free: short ones first.
func (d *drawing) assign() {
	order := make([]*line, len(d.lines))
	for i := range d.lines {
		l := &d.lines[i]
		order[i] = l
		left, right := &d.boxes[min(l.from, l.to)], &d.boxes[max(l.from, l.to)]
		half := textWidth(l.text)/2 + 8
		middle := (left.x + left.width/2 + right.x + right.width/2) / 2
		l.from0, l.to0 = min(left.x, middle-half), max(right.x+right.width, middle+half)
	}
	slices.SortStableFunc(order, func(a, b *line) int { return cmp.Compare(abs(a.from-a.to), abs(b.from-b.to)) })
	lanes := map[int][]*line{}
	for _, l := range order {
		if l.lane == 0 {
			continue
		}
		for step := l.lane; slices.ContainsFunc(lanes[l.lane], l.overlaps); {
			l.lane += step
		}
		lanes[l.lane] = append(lanes[l.lane], l)
		d.above, d.below = max(d.above, l.lane), max(d.below, -l.lane)
		d.width = max(d.width, l.to0+margin)
	}
}

func (l *line) overlaps(other *line) bool { return l.from0 < other.to0 && other.from0 < l.to0 }

func abs(n int) int { return max(n, -n) }

// connect gives each end of a line its place on its box, so that lines of one box don't cross.
func (d *drawing) connect() {
	d.top = margin + lineHeight + 10 + d.above*laneHeight
	d.height = d.top + d.boxes[0].height + d.below*laneHeight + 2*margin + lineHeight
	for i := range d.lines {
		l := &d.lines[i]
		from, to := &d.boxes[l.from], &d.boxes[l.to]
		l.start, l.end = port{lane: l.lane, outgoing: true}, port{lane: l.lane}
		switch {
		case l.lane > 0:
			from.above = append(from.above, &l.start)
			to.above = append(to.above, &l.end)
		case l.lane < 0:
			from.below = append(from.below, &l.start)
			to.below = append(to.below, &l.end)
		default:
			l.start.x, l.end.x = from.x+from.width, to.x
		}
	}
	for i := range d.boxes {
		b := &d.boxes[i]
		// Above, lines come from the left and leave to the right; the one on the higher lane comes in further right
		// and leaves further left. Below it is the other way around.
		b.spread(b.above, false)
		b.spread(b.below, true)
	}
}

// spread sets ports from left to right: first the outgoing or the other ones, by rising lane, then the rest, by falling.
func (b *box) spread(ports []*port, outgoingFirst bool) {
	slices.SortStableFunc(ports, func(p, q *port) int {
		switch first := p.outgoing == outgoingFirst; {
		case p.outgoing != q.outgoing:
			return compareBool(!first, first)
		case first:
			return cmp.Compare(abs(p.lane), abs(q.lane))
		default:
			return cmp.Compare(abs(q.lane), abs(p.lane))
		}
	})
	for i, p := range ports {
		p.x = b.x + b.width*(i+1)/(len(ports)+1)
	}
}

// wrap breaks a label into at most three lines at spaces.
func wrap(s string) []string {
	var lines []string
	for _, word := range fields(s) {
		if n := len(lines); n > 0 && letters(lines[n-1])+1+letters(word) <= maxLine {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	if len(lines) > 3 {
		lines = append(lines[:2], lines[2]+"…")
	}
	for i := range lines {
		lines[i] = shorten(lines[i], maxLine)
	}
	return lines
}
