package survey

// A tally is the votes of one sample.
type tally struct {
	model     *Model
	sample    Sample
	units     []unit // by account
	n         int    // votes
	leftOut   int    // votes of accounts without a worth
	top       int    // of n
	bottom    int    // of n
	weight    float64
	value     float64 // the statistic; means nothing without votes
	topShare  float64 // weighted
	downShare float64 // weighted, of bottom
}

// A unit is an account's votes.
type unit struct {
	account string
	each    float64 // weight of one vote
	weight  float64 // of all
	n       float64
	top     float64 // votes
	bottom  float64 // votes
	sum     float64 // of what the votes count
	squares float64 // of what the votes count
	off     float64 // the weight times the distance of the account's mean from the value
}

// tally collects votes: answers are sorted, so that a respondent's last one in the sample is their vote.
func (r *reading) tally(s Sample) (*tally, error) {
	s, err := s.settled()
	if err != nil {
		return nil, err
	}
	t := &tally{model: r.model, sample: s}
	for i := 0; i < len(r.answers); {
		account := r.answers[i].Account
		u := unit{account: account}
		for i < len(r.answers) && r.answers[i].Account == account {
			var vote *Answer
			for respondent := r.answers[i].Respondent; i < len(r.answers) && r.answers[i].Respondent == respondent &&
				r.answers[i].Account == account; i++ {
				if a := &r.answers[i]; s.holds(a) {
					vote = a
				}
			}
			if vote != nil {
				u.count(r.model.def, vote.Value)
			}
		}
		t.add(u, r.worths[account])
	}
	t.settle()
	return t, nil
}

// count adds a vote.
func (u *unit) count(def Instrument, value float64) {
	u.n++
	rank := int(value) - def.Low // from the worse end
	if def.Better == Lower {
		rank = def.High - int(value)
	}
	points := def.High - def.Low + 1
	counts := 0.0
	switch {
	case def.Method == Mean:
		counts = value
	case rank >= points-def.Top:
		u.top++
		counts = 1
	case rank < def.Bottom:
		u.bottom++
		counts = -1
	}
	u.sum += counts
	u.squares += float64(counts * counts)
}

// add weighs an account's votes.
func (t *tally) add(u unit, worth float64) {
	switch {
	case u.n == 0:
		return
	case t.sample.Weighting == ByRespondent:
		u.each = 1
	case t.sample.Weighting == ByAccount:
		u.each = 1 / u.n
	case worth == 0:
		t.leftOut += int(u.n)
		return
	default:
		u.each = worth / u.n
	}
	u.weight = float64(u.each * u.n)
	t.n += int(u.n)
	t.top += int(u.top)
	t.bottom += int(u.bottom)
	t.weight += u.weight
	t.units = append(t.units, u)
}

// settle computes what needs all units.
func (t *tally) settle() {
	if t.n == 0 {
		return
	}
	var sum, top, bottom float64
	for _, u := range t.units {
		sum += float64(u.each * u.sum)
		top += float64(u.each * u.top)
		bottom += float64(u.each * u.bottom)
	}
	t.value, t.topShare, t.downShare = sum/t.weight, top/t.weight, bottom/t.weight
	for i := range t.units {
		u := &t.units[i]
		u.off = float64(u.each*u.sum) - float64(u.weight*t.value)
	}
}

// alike reports whether all votes count the same.
func (t *tally) alike() bool {
	if t.model.def.Method != Mean {
		return t.top == t.n || t.bottom == t.n || t.top+t.bottom == 0
	}
	first := t.units[0].sum / t.units[0].n
	for _, u := range t.units {
		if u.sum != float64(first*u.n) || float64(u.sum*u.sum) != float64(u.squares*u.n) {
			return false
		}
	}
	return true
}

// spread is the variance of one vote.
func (t *tally) spread() float64 {
	if t.model.def.Method != Mean {
		p, d := t.topShare, t.downShare
		return max(0, p+d-float64((p-d)*(p-d)))
	}
	sum := 0.0
	for _, u := range t.units {
		sum += float64(u.each * (u.squares - float64(2*t.value*u.sum) + float64(t.value*t.value*u.n)))
	}
	return max(0, sum/t.weight)
}

// independent reports whether every account has one vote and all weigh the same.
func (t *tally) independent() bool {
	for _, u := range t.units {
		if u.n != 1 || u.weight != t.units[0].weight {
			return false
		}
	}
	return true
}

// clustered returns the squared standard error that takes accounts as clusters. It needs two accounts.
func (t *tally) clustered() float64 {
	g := float64(len(t.units))
	squares := 0.0
	for _, u := range t.units {
		squares += float64(u.off * u.off)
	}
	return squares / float64(t.weight*t.weight) * g / (g - 1)
}

// kish returns the effective number of votes that weights alone leave, were the votes independent, and the number of
// accounts that they leave.
func (t *tally) kish() (votes, accounts float64) {
	var byVote, byAccount float64
	for _, u := range t.units {
		byVote += float64(u.each * u.weight)
		byAccount += float64(u.weight * u.weight)
	}
	all := float64(t.weight * t.weight)
	return all / byVote, all / byAccount
}

// A precision says how sure a value is.
type precision struct {
	se2       float64 // squared standard error
	effective float64 // votes
	df        float64 // degrees of freedom; 0: the normal distribution
}

// precision is false where there is one account alone, which says nothing of others, but for one vote of net or top_box.
func (t *tally) precision() (precision, bool) {
	n := float64(t.n)
	plain := t.n > 0 && t.independent()
	if plain && t.model.def.Method != Mean {
		return precision{se2: t.spread() / n, effective: n}, true
	}
	if len(t.units) < 2 {
		return precision{}, false
	}
	p := precision{effective: n, df: float64(len(t.units) - 1)}
	votes, accounts := t.kish()
	switch spread := t.spread(); {
	case t.alike(), spread == 0: // by rounding, where some weigh next to nothing
		p.effective = accounts
	case plain:
		p.se2 = t.clustered()
	default:
		p.se2 = max(t.clustered(), spread/votes)
		p.effective = spread / p.se2
	}
	return p, true
}
