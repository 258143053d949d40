using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Limits;

namespace Perennial.Server.Tests.Limits;

public sealed class TokenBucketProperties
{
    private static readonly Gen<RateLimit> Rates = Gen.Select(Gen.Int[1, 200], Gen.Int[1, 120], Gen.Int[1, 300]).Select((count, seconds, burst) =>
        RateLimit.Of(count, TimeSpan.FromSeconds(seconds), burst));

    /// <summary>Milliseconds between one request and the next.</summary>
    private static readonly Gen<int[]> Arrivals = Gen.OneOf(Gen.Int[0, 5], Gen.Int[0, 2000]).Array[1, 400];

    [Fact]
    public void No_window_lets_pass_more_than_the_burst_and_the_rate() => Gen.Select(Rates, Arrivals).Sample((rate, arrivals) =>
    {
        var passed = Passed(rate, arrivals);
        for (var first = 0; first < passed.Count; first++)
        {
            for (var last = first; last < passed.Count; last++)
            {
                var window = passed[last] - passed[first];
                if (last - first + 1 > rate.Burst + (rate.Count * (window / rate.Per)))
                {
                    return false;
                }
            }
        }

        return true;
    });

    [Fact]
    public void Whoever_waits_as_long_as_it_is_told_passes() => Gen.Select(Rates, Arrivals).Sample((rate, arrivals) =>
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(rate, time);
        foreach (var arrival in arrivals)
        {
            time.Advance(TimeSpan.FromMilliseconds(arrival));
            if (!bucket.TryTake(out var wait))
            {
                time.Advance(wait);
                if (!bucket.TryTake(out _))
                {
                    return false;
                }
            }
        }

        return true;
    });

    [Fact]
    public void After_a_quiet_time_the_whole_burst_passes_at_once() => Rates.Sample(rate =>
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(rate, time);
        var first = Drain(bucket);
        time.Advance(rate.Per * rate.Burst);
        return first == rate.Burst && bucket.IsFull && Drain(bucket) == rate.Burst && !bucket.IsFull;
    });

    [Theory]
    [InlineData("100/min", 100, 60, 100)]
    [InlineData("5/10s", 5, 10, 5)]
    [InlineData("100/s burst 20", 100, 1, 20)]
    [InlineData("2/h", 2, 3600, 2)]
    public void A_rate_is_read_and_written(string text, int count, int seconds, int burst)
    {
        Assert.True(RateLimit.TryParse(text, out var rate));
        Assert.Equal((count, TimeSpan.FromSeconds(seconds), burst), (rate.Count, rate.Per, rate.Burst));
        Assert.Equal(text, rate.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("0/s")]
    [InlineData("-1/s")]
    [InlineData("1/0s")]
    [InlineData("1/99999s")]
    [InlineData("1/day")]
    [InlineData("1/s burst")]
    [InlineData("1/s burst 0")]
    [InlineData("1/s/s")]
    public void What_is_no_rate_is_refused(string? text) => Assert.False(RateLimit.TryParse(text, out _));

    private static List<TimeSpan> Passed(RateLimit rate, int[] arrivals)
    {
        var time = new FakeTimeProvider();
        var start = time.GetTimestamp();
        var bucket = new TokenBucket(rate, time);
        var passed = new List<TimeSpan>();
        foreach (var arrival in arrivals)
        {
            time.Advance(TimeSpan.FromMilliseconds(arrival));
            if (bucket.TryTake(out _))
            {
                passed.Add(time.GetElapsedTime(start));
            }
        }

        return passed;
    }

    private static int Drain(TokenBucket bucket)
    {
        var taken = 0;
        while (bucket.TryTake(out _))
        {
            taken++;
        }

        return taken;
    }
}
