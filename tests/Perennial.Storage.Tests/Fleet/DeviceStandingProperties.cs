using CsCheck;
using Perennial.Rolling.Fleet;
using Perennial.X509;

namespace Perennial.Storage.Tests.Fleet;

/// <summary>The state of a device, for whatever is known of it.</summary>
public sealed class DeviceStandingProperties
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<DateTimeOffset> Moments = Gen.Int[-60, 60].Select(days => Start.AddDays(days));

    private static readonly Gen<DeviceStanding> Standings = Gen.Select(
        Gen.Bool, Moments.Nullable(), Gen.Int[0, 3], Moments.Nullable(), Moments.Array[0, 2], (isEnabled, accepted, anchor, leaf, ends) => new DeviceStanding
        {
            IsEnabled = isEnabled,
            Accepted = accepted,
            Anchor = anchor == 3 ? null : Print(anchor),
            LeafEnds = leaf,
            Enrolled = [.. ends.Select((end, slot) => new EnrolledCertificate(Print(slot), end))],
        });

    [Fact]
    public void A_disabled_device_is_blocked_and_no_other_is() =>
        Gen.Select(Standings, Moments).Sample((standing, now) => (standing.At(now) == DeviceState.Blocked) == !standing.IsEnabled);

    [Fact]
    public void Only_a_device_that_was_never_accepted_was_never_seen() =>
        Gen.Select(Standings, Moments).Sample((standing, now) =>
            (standing.At(now) == DeviceState.NeverSeen) == (standing is { IsEnabled: true, Accepted: null }));

    [Fact]
    public void Time_alone_mends_nothing() =>
        Gen.Select(Standings, Moments, Gen.Int[0, 60]).Sample((standing, now, days) =>
            Grade(standing.At(now)) <= Grade(standing.At(now.AddDays(days))));

    [Fact]
    public void Whoever_used_the_newest_certificate_is_not_rolling() =>
        Gen.Select(Standings, Moments).Sample((standing, now) =>
            standing.At(now) != DeviceState.Rolling || standing.Enrolled.MaxBy(certificate => certificate.Ends)!.Thumbprint != standing.Anchor);

    [Fact]
    public void Staging_a_newer_certificate_makes_a_healthy_device_at_most_rolling() =>
        Gen.Select(Standings, Moments, Moments).Sample((standing, now, end) =>
            standing.At(now) != DeviceState.Healthy
            || (standing with { Enrolled = [.. standing.Enrolled, new EnrolledCertificate(Print(9), end)] }).At(now) is DeviceState.Healthy or DeviceState.Rolling);

    private static int Grade(DeviceState state) => state switch
    {
        DeviceState.Overdue => 1,
        DeviceState.Expired => 2,
        _ => 0,
    };

    private static Thumbprint Print(int number) => Thumbprint.Of([(byte)number]);
}
