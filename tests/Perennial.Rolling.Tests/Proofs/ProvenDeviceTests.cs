using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Proofs;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Rolling.Tests.Proofs;

public sealed class ProvenDeviceTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Thumbprint Old = Thumbprint.Of("old"u8);
    private static readonly Thumbprint New = Thumbprint.Of("new"u8);
    private static readonly Thumbprint Key = Thumbprint.Of("key"u8);

    [Fact]
    public void A_device_of_a_roll_that_names_the_new_certificate_has_moved_when_it_was_last_accepted_by_that()
    {
        var device = Device(Old) with { New = New };
        Assert.True(device.HasMoved([By(Old), By(New)]));
        Assert.False(device.HasMoved([By(New), By(Old)]));
        Assert.False(device.HasMoved([By(Key)]));
        Assert.False(device.HasMoved([]));
        Assert.True(device.IsByOld(By(Old)));
    }

    [Fact]
    public void A_leaf_is_rolled_to_any_other()
    {
        Assert.True(Device(Old).HasMoved([By(Old), By(Key)]));
        Assert.False(Device(Old).HasMoved([By(Key), By(Old)]));
    }

    [Fact]
    public void A_roll_that_was_turned_back_is_for_what_the_device_had_before()
    {
        var device = Device(New) with { New = Old };
        var (before, during, after) = (By(Old), By(New), By(Old));
        Assert.True(device.HasMoved([before, during, after]));
        Assert.Equal((true, false), (device.IsByOld(during), device.IsByNew(during)));
    }

    [Fact]
    public void Of_issuing_authorities_the_leaf_tells_and_what_was_done_by_a_key_tells_nothing()
    {
        var (first, next) = (Thumbprint.Of("first"u8), Thumbprint.Of("next"u8));
        var device = Device(Old) with { OldLeaves = new HashSet<Thumbprint> { first }, NewLeaves = new HashSet<Thumbprint> { next } };
        Assert.True(device.HasMoved([By(first, first), By(next, next), By(Key)]));
        Assert.False(device.HasMoved([By(next, next), By(first, first), By(Key)]));
        Assert.False(device.HasMoved([By(Key)]));
        Assert.Equal((true, false), (device.IsByOld(By(Key, first)), device.IsByNew(By(Key))));
    }

    private static ProvenDevice Device(Thumbprint old) => new("dev-1", old, 0, Start, null, []);

    private static SightingRecord By(Thumbprint anchor, params IReadOnlyList<Thumbprint> chain) => new()
    {
        Device = "dev-1",
        Path = SightingPath.Hub,
        At = Start,
        Chain = chain,
        Match = new SightingMatch(EnrollmentKey.TryGroup("line", out var group) ? group : throw new InvalidOperationException(), Slot.Primary, anchor),
    };
}
