using CsCheck;
using Perennial.Rolling.Rehearsals;

namespace Perennial.Rolling.Tests.Rehearsals;

public sealed class RhythmTests
{
    private static readonly DateTimeOffset Origin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Contacts_follow_one_another_by_the_gaps_for_ever_in_both_directions()
    {
        var cases = Gen.Select(Gen.Int[1, 500].Array[1, 8], Gen.Int[-5000, 5000]);
        cases.Sample((gaps, offset) =>
        {
            var rhythm = new Rhythm([.. gaps.Select(gap => TimeSpan.FromMinutes(gap))]);
            var at = Origin.AddMinutes(offset);
            var (last, next) = (rhythm.Last(Origin, at), rhythm.Next(Origin, at));
            Assert.True(last <= at && at < next);
            Assert.Contains((int)(next - last).TotalMinutes, gaps);
            Assert.Equal(next, rhythm.Next(Origin, last));
            Assert.Equal(next, rhythm.Last(Origin, next));
            Assert.Equal(rhythm.Next(Origin, at) + rhythm.Period, rhythm.Next(Origin, at + rhythm.Period));
        });
    }
}
