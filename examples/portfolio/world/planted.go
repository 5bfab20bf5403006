package world

// What is planted. Each is compared with what an analysis recovers from the book without looking at [book.Truth].
const (
	// TrainedShare of the accounts, chosen by a throw that nothing else depends on, are trained within the first
	// TrainedWithin days of their relationship. The others are trained 90 days after it began or later, which has no
	// effect, or never.
	TrainedShare  = 0.5
	TrainedWithin = 60

	// TrainedTimeToValue multiplies the days to value of trained accounts.
	TrainedTimeToValue = 0.6

	// TrainedLeaving multiplies the chance of trained accounts to leave at each renewal. First renewals show it
	// undisturbed; at later ones the arms differ in who is still there.
	TrainedLeaving = 0.7

	// MedianDaysToValue is the true median over both arms, in whole days from the start to the milestone first_value;
	// it is the day on which the first outcome is achieved too. When value comes has nothing to do with who leaves.
	MedianDaysToValue = 94

	// MedianDaysTrained and MedianDaysUntrained are those of the arms.
	MedianDaysTrained   = 72
	MedianDaysUntrained = 120

	// AwardShare of the accounts get the milestone champion_award once they have lived AwardFrom to AwardTo days. It has
	// no effect. Those who got it have left less often all the same, since they could not have got it after leaving: a
	// comparison of all accounts by it falls into the immortal-time trap, one of those present at AwardLandmark days, by
	// whether they had it then, does not.
	AwardShare    = 0.6
	AwardFrom     = 300
	AwardTo       = 540
	AwardLandmark = 450

	// WebinarShare of the accounts attend the milestone webinar in their first WebinarBy days, before anyone can leave.
	// It has no effect.
	WebinarShare = 0.5
	WebinarBy    = 80

	// RescueShare of the customers who would have left at a renewal and for whom the play save_play was made
	// RescueBefore days earlier stay. They renew for less, and feel better afterwards.
	RescueShare  = 0.45
	RescueBefore = 60
)

// daysToValue is how long it takes untrained accounts to reach value.
var daysToValue = deciles{30, 50, 64, 80, 98, 120.5, 150, 185, 235, 320, 600}

// plant assigns the account to its arm and decides when value comes.
func (l *life) plant() {
	d := l.dice(ofPlanted)
	l.trained = d.chance(TrainedShare)
	days := d.from(&daysToValue)
	if l.trained {
		days = float64(days * TrainedTimeToValue)
	}
	l.toValue = int(days)
	l.valued = l.after(l.toValue)
}
